"""What a worker tells the one that started it: ready, or why not."""

import os
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from baton.types.frozen import Frozen


class Misfit(Frozen):
    """An open case whose history the present code cannot follow."""

    case: str
    process: str
    why: str


class Ready(Frozen):
    """A worker's word that it has come up, or that it cannot."""

    pid: int
    queue: str
    trouble: str = ""
    activities: int = 0
    processes: int = 0
    misfits: tuple[Misfit, ...] = ()
    replayed: int = 0


def place(home: Path, name: str) -> Path:
    """Where the worker of this name leaves its word."""
    return home / "run" / f"{name}.json"


def tell(home: Path, name: str, word: Ready) -> None:
    """Leave a word, in one move."""
    file = place(home, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(f".{os.getpid()}")
    fresh.write_text(word.model_dump_json())
    fresh.replace(file)


def heard(home: Path, name: str, pid: int) -> Ready | None:
    """The word of exactly this process, or None while it has said nothing."""
    with suppress(OSError, ValidationError):
        word = Ready.model_validate_json(place(home, name).read_text())
        return word if word.pid == pid else None
    return None
