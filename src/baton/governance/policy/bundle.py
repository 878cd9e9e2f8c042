"""A bundle: every policy and table as text, known by one hash, so that the text of then can be shown and run again."""

from functools import cached_property
from pathlib import Path

from baton.governance.policy.problems import PolicyProblem
from baton.types.canonical import canonical, hash_of
from baton.types.frozen import Frozen
from baton.types.ids import Hash

SHAPES = "shapes.json"
"""The name under which a bundle carries the shapes of actions and facts that its policies were compiled against."""


class Bundle(Frozen):
    """The policies, tables and shapes that judge together."""

    texts: dict[str, str]
    """File name relative to the policies folder (`shared.cedar`, `tables/limits.csv`) to its text."""

    @cached_property
    def hash(self) -> Hash:
        """What verdicts name: the same for the same names and texts, different for any other."""
        return hash_of(self.texts)

    @classmethod
    def load(cls, folder: Path) -> "Bundle":
        """Read `*.cedar`, `tables/*.csv` and `tables/<process>/*.csv`. Raises `PolicyProblem` where no policy is."""
        tables = folder / "tables"
        files = [*sorted(folder.glob("*.cedar")), *sorted(tables.glob("*.csv")), *sorted(tables.glob("*/*.csv"))]
        if not any(file.suffix == ".cedar" for file in files):
            raise PolicyProblem(f"no `*.cedar` in `{folder}`: write at least `shared.cedar` there")
        return cls(texts={file.relative_to(folder).as_posix(): _text(file, folder) for file in files})

    def including(self, name: str, text: str) -> "Bundle":
        """This bundle with one text added or replaced."""
        return Bundle(texts={**self.texts, name: text})

    def to_json(self) -> str:
        """Canonical JSON; store it under `hash`."""
        return self.spelt

    @cached_property
    def spelt(self) -> str:
        """The same, spelt once."""
        return canonical(self.texts).decode()

    @classmethod
    def from_json(cls, text: str) -> "Bundle":
        """The bundle that `to_json` wrote."""
        return cls.model_validate_json(f'{{"texts": {text}}}')


def _text(file: Path, folder: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        name = file.relative_to(folder).as_posix()
        raise PolicyProblem("is not UTF-8 text: save it as UTF-8", name) from error
