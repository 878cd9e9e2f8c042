"""The router as a reader: asked where words do not tell, and beside them where there is a choice."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

from agents.graphs.filed import home
from agents.graphs.taken import taken
from baton.routing.examples import Examples, read_examples
from baton.routing.router import Router, on_one_core, train
from baton.routing.shelf import Shelf
from baton.routing.wrote import own_text

FOLDER = Path(__file__).parent.parent / "vocabulary" / "examples"
SURE = 0.8
"""Below this the router has no say."""
_ONE_AT_A_TIME: Final = Lock()
"""However many messages wait, a worker reads or learns a router once."""


def wanted(options: dict[str, str], sure: bool) -> bool:
    """Whether to ask: there is a choice, or words do not tell; and the router has examples of what is offered."""
    known = [label for label in options if label in shipped().kinds]
    return bool(known) and (len(options) > 1 or not sure)


def opinion(options: dict[str, str], subject: str, body: str) -> dict[str, Any]:
    """What the router says, as plain JSON; its label is None where it is not sure, or means something that is not offered.

    `kind` is what it looks like, whether or not that is offered, and however sure.
    """
    route = router().route(f"{subject}\n\n{own_text(body)}".strip())
    label = route.process if route.process in options and route.confidence >= SURE else None
    return {"label": label, "kind": route.kind, "confidence": route.confidence, "reason": route.reason, "reader": route.reader}


def router() -> Router:
    """The router of this home; made from the shipped examples at first, and anew when a process came that it does not know."""
    with _ONE_AT_A_TIME:
        shelf = Shelf(Path(home()))
        found = _current(home(), shelf.stamp) if shelf.has_one else None
        if found is None or shipped().kinds.keys() - found.learnt.kinds.keys():
            with alone(shelf.folder):
                _teach(shelf)
            found = _current(home(), shelf.stamp)
        return found


@lru_cache(maxsize=1)
def shipped() -> Examples:
    """The examples that come with this company's folders: files of examples, and what each process says that it takes."""
    return read_examples(FOLDER).with_kinds({name: (takes.means, takes.examples) for name, takes in taken().items()})


def _teach(shelf: Shelf) -> None:
    """Unless another worker did so just now."""
    known = shelf.current() if shelf.has_one else None
    if known is None or shipped().kinds.keys() - known.learnt.kinds.keys():
        shelf.keep(_first(shipped().with_choices(shelf.choices()).version), "the processes of this company")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One worker learns, the others wait for what it learnt."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "learning").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@lru_cache(maxsize=2)
def _first(version: str) -> Router:
    # By words alone: the encoder would make the first mail of a new home wait for a minute.
    return train(shipped().with_choices(Shelf(Path(home())).choices()), by_meaning=False)


@lru_cache(maxsize=4)
def _current(place: str, stamp: int) -> Router:
    on_one_core()
    return Shelf(Path(place)).current_or_train(shipped(), by_meaning=False)
