"""What each process redacts, as its policy says: rows of process, kind and yes or no; without a row, yes."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from baton.llm.call import ModelUnavailable
from baton.llm.redaction.kinds import KINDS, Kind

TABLE = "tables/privacy.csv"
"""Where the table stands, in a project's `policies` folder."""
_COLUMNS = ("process", "kind", "redact")


class BadPrivacy(ModelUnavailable):
    """The table of what is redacted cannot be read, so nothing leaves."""


@dataclass(frozen=True)
class Privacy:
    """Which kinds of personal data are replaced before a text leaves; `*` stands for any process or kind."""

    rows: tuple[tuple[str, str, bool], ...] = ()

    @classmethod
    def at(cls, path: Path) -> "Privacy":
        """The table in this file and those of single processes below it; without one, everything is redacted.

        Raises `BadPrivacy` naming file and line.
        """
        own = [cls._of_file(file, file.parent.name) for file in sorted(path.parent.glob(f"*/{path.name}"))]
        return cls(tuple(row for table in (cls._of_file(path), *own) for row in table.rows))

    @classmethod
    def _of_file(cls, path: Path, process: str = "") -> "Privacy":
        try:
            return cls.read(path.read_text("utf-8-sig"), str(path), process)
        except FileNotFoundError:
            return cls()
        except (OSError, UnicodeDecodeError) as error:
            raise BadPrivacy(f"`{path}` cannot be read ({type(error).__name__}): save it as UTF-8 text") from None

    @classmethod
    def read(cls, text: str, name: str = TABLE, process: str = "") -> "Privacy":
        """The table in this text; of one process where that is given. Lines that start with `#` are remarks.

        Raises `BadPrivacy` naming the line.
        """
        columns = _COLUMNS[1:] if process else _COLUMNS
        reader = csv.reader(io.StringIO(text))
        numbered = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
        filled = [(line, cells) for line, cells in numbered if any(cells) and not cells[0].startswith("#")]
        if filled and tuple(filled[0][1]) != columns:
            raise BadPrivacy(
                f"`{name}` line {filled[0][0]} has the columns `{','.join(filled[0][1])}`, not `{','.join(columns)}`"
            )
        rows = tuple(_row([process, *cells] if process else cells, f"`{name}` line {line}") for line, cells in filled[1:])
        if len({row[:2] for row in rows}) != len(rows):
            raise BadPrivacy(f"`{name}` says two things about one process and kind: keep one row")
        return cls(rows)

    def kinds(self, process: str) -> tuple[Kind, ...]:
        """What is replaced for this process; the most specific row wins, process before kind, and without one it is replaced."""
        said = {(of, kind): redact for of, kind, redact in self.rows}
        return tuple(kind for kind in KINDS if _first(said, process, kind))


def _row(cells: list[str], where: str) -> tuple[str, str, bool]:
    if len(cells) != len(_COLUMNS) or not all(cells):
        raise BadPrivacy(f"{where} needs a process, a kind and `yes` or `no`")
    process, kind, redact = cells
    if kind != "*" and kind not in KINDS:
        raise BadPrivacy(f"{where} names the kind `{kind}`: write one of {', '.join(KINDS)} or `*`")
    if redact not in ("yes", "no"):
        raise BadPrivacy(f"{where} has `{redact}`: write `yes` or `no`")
    return process, kind, redact == "yes"


def _first(said: dict[tuple[str, str], bool], process: str, kind: str) -> bool:
    keys = ((process, kind), (process, "*"), ("*", kind), ("*", "*"))
    return next((said[key] for key in keys if key in said), True)
