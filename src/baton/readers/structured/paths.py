"""A small path language over elements: enough to say where a syntax carries a term, and nothing that could run away.

`A|B` is an element of either name, `/` goes down, `@name` is an attribute, `.` stays. In brackets: `[A/B=x|y]` and `[@a=x]` keep
elements where one value is among these, `!=` where none is. `$name` in a value stands for a term that was read before.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from baton.readers.structured.xml import Element

_STEP = re.compile(r"(?P<names>[^\[]+)(?:\[(?P<left>[^\]!=]+)(?P<not>!?)=(?P<values>[^\]]*)\])?")

_ATTRIBUTE = re.compile(r"(?:(?P<above>.*)/)?@(?P<name>\w+)")


@dataclass(frozen=True)
class Place:
    """Where a value stands: an element, or an attribute of one, by its path; the text there; its characters in the document."""

    path: str
    text: str
    span: tuple[int, int]


@dataclass(frozen=True)
class _Step:
    names: tuple[str, ...]
    left: str = ""
    negated: bool = False
    values: tuple[str, ...] = ()


def elements(element: Element, path: str, known: Mapping[str, str | None]) -> list[Element]:
    """The elements that a path leads to, in document order."""
    found = [element]
    for step in _steps(path):
        if step.names != (".",):
            found = [child for one in found for child in one.named(*step.names)]
        found = [one for one in found if _kept(one, step, known)]
    return found


def places(element: Element, path: str, known: Mapping[str, str | None]) -> Iterator[Place]:
    """The values that a path leads to; an element that only wraps one is looked into."""
    of_attribute = _ATTRIBUTE.fullmatch(path)
    if of_attribute:
        name = of_attribute["name"]
        holders = elements(element, of_attribute["above"] or ".", known)
        for one in (one for one in holders if name in one.attributes):
            yield Place(f"{one.path}/@{name}", one.attributes[name].strip(), one.span)
        return
    for one in elements(element, path, known):
        leaf = next(one.leaves())
        yield Place(leaf.path, leaf.value, leaf.span)


def _kept(element: Element, step: _Step, known: Mapping[str, str | None]) -> bool:
    if not step.left:
        return True
    wanted = {known.get(value[1:]) if value.startswith("$") else value for value in step.values}
    among = any(place.text in wanted for place in places(element, step.left, known))
    return among != step.negated


@lru_cache(maxsize=1024)
def _steps(path: str) -> Sequence[_Step]:
    return tuple(_step(part) for part in re.split(r"/(?![^\[]*\])", path))


def _step(text: str) -> _Step:
    match = _STEP.fullmatch(text)
    if match is None:
        raise ValueError(f"`{text}` is no step of a path")
    values = tuple((match["values"] or "").split("|"))
    return _Step(tuple(match["names"].split("|")), match["left"] or "", bool(match["not"]), values)
