"""The coded reasons that people choose from, out of `policies/tables/codes.csv`: process, says, code, words."""

import csv
import io

from baton.console.bench import Bench
from baton.types.frozen import Frozen

TABLE = "tables/codes.csv"


class Code(Frozen):
    """One reason to choose."""

    code: str
    words: str


def codes(bench: Bench, process: str, says: str) -> tuple[Code, ...]:
    """What may be chosen for this answer; empty where the company keeps no such list."""
    text = bench.engine.policies.bundle.texts.get(TABLE, "")
    rows = csv.DictReader(io.StringIO("\n".join(line for line in text.splitlines() if not line.startswith("#"))))
    return tuple(
        Code(code=row["code"], words=row["words"]) for row in rows if row["process"] in (process, "*") and row["says"] == says
    )
