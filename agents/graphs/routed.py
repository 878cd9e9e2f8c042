"""The router as a reader: asked where words do not tell, and beside them where there is a choice."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from agents.graphs.filed import home
from baton.routing.examples import Examples, read_examples
from baton.routing.router import Router, train
from baton.routing.shelf import Shelf
from baton.routing.wrote import own_text

FOLDER = Path(__file__).parent.parent / "vocabulary" / "examples"
SURE = 0.8
"""Below this the router has no say."""


def wanted(options: dict[str, str], sure: bool) -> bool:
    """Whether to ask: there is a choice, or words do not tell; and the router has examples of what is offered."""
    known = [label for label in options if label.isidentifier() and (FOLDER / f"{label}.toml").is_file()]
    return bool(known) and (len(options) > 1 or not sure)


def opinion(options: dict[str, str], subject: str, body: str) -> dict[str, Any]:
    """What the router says, as plain JSON; its label is None where it is not sure, or means something that is not offered."""
    route = router().route(f"{subject}\n\n{own_text(body)}".strip())
    label = route.process if route.process in options and route.confidence >= SURE else None
    return {"label": label, "confidence": route.confidence, "reason": route.reason, "reader": route.reader}


def router() -> Router:
    """The router of this home; the first is made from the shipped examples."""
    shelf = Shelf(Path(home()))
    if not shelf.has_one:
        shelf.keep(_first(shipped().with_choices(shelf.choices()).version), "first training")
    return _current(home(), shelf.stamp)


@lru_cache(maxsize=1)
def shipped() -> Examples:
    """The examples that come with this company's folders."""
    return read_examples(FOLDER)


@lru_cache(maxsize=2)
def _first(version: str) -> Router:
    # By words alone: the encoder would make the first mail of a new home wait for a minute.
    return train(shipped().with_choices(Shelf(Path(home())).choices()), by_meaning=False)


@lru_cache(maxsize=4)
def _current(place: str, stamp: int) -> Router:
    return Shelf(Path(place)).current_or_train(shipped(), by_meaning=False)
