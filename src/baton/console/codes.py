"""The coded reasons that people choose from, out of the tables `codes.csv`: process, says, code, words."""

from functools import lru_cache

from baton.console.bench import Bench
from baton.governance.policy import Policies
from baton.governance.policy.tables import rows
from baton.types.frozen import Frozen

TABLE = "tables/codes.csv"
_COLUMNS = ("process", "says", "code", "words")


class Code(Frozen):
    """One reason to choose."""

    code: str
    words: str


def codes(bench: Bench, process: str, says: str) -> tuple[Code, ...]:
    """What may be chosen for this answer; empty where the company keeps no such list."""
    return _codes(bench.engine.policies, process, says)


@lru_cache(maxsize=256)
def _codes(policies: Policies, process: str, says: str) -> tuple[Code, ...]:
    found = (row.cells for row in rows(policies.bundle.texts, TABLE, _COLUMNS))
    return tuple(
        Code(code=row["code"], words=row["words"]) for row in found if row["process"] in (process, "*") and row["says"] == says
    )
