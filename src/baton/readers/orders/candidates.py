"""Every value of a form that could be what a field asks for, by the type of the field."""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from baton.readers.dates import dates_in
from baton.readers.fields import Kind
from baton.readers.normalise import normal
from baton.readers.orders.form import Form
from baton.readers.orders.near import goes_on
from baton.readers.orders.sheet import Leaf, Line, Stretch
from baton.readers.orders.values import JOINED, amounts_on, name_from, numbers_on
from baton.readers.rules.seen import money
from baton.types.canonical import Json

_FIRST, _LAST = 2, 6
"""Pages that are looked at: heads stand on the first, sums on one of the last, before the small print."""
_COLON = re.compile(r":\s*(?=\S)")


@dataclass(frozen=True)
class Candidate:
    """A value where it stands."""

    value: Json
    key: Hashable
    """The same for all places that say the same."""
    parts: tuple[Stretch, ...]
    leaf: Leaf

    @property
    def at(self) -> Stretch:
        """Where it begins."""
        return self.parts[0]


def candidates(kind: Kind, form: Form) -> list[Candidate]:
    """The candidates for a field of this kind, page by page."""
    last = form.leaves[max(_FIRST, len(form.leaves) - _LAST) :] if kind == "money" else ()
    return [one for leaf in (*form.leaves[:_FIRST], *last) for one in _on(kind, leaf, form) if one.key is not None]


def _on(kind: Kind, leaf: Leaf, form: Form) -> Iterator[Candidate]:
    for line in leaf.lines:
        for value, parts in _in(kind, line, leaf, form):
            yield Candidate(value, normal(kind, value), parts, leaf)


def _in(kind: Kind, line: Line, leaf: Leaf, form: Form) -> Iterator[tuple[Json, tuple[Stretch, ...]]]:
    match kind:
        case "money":
            for one in amounts_on(line):
                if one.amount and one.amount.value > 0:
                    yield money(one.amount.value, form.currency(one.amount.currency)), (one.at,)
        case "date":
            text = JOINED.sub(lambda match: "|" * len(match.group()), line.text)
            for dated in dates_in(text, form.words, form.order):
                yield dated.readings[0].isoformat(), (Stretch(line, dated.start, dated.end),)
        case "identifier" | "receipt_number" | "serial":
            for number in numbers_on(line):
                yield str(number.what), (number.at,)
        case "seller" | "text":
            yield from _names(line, leaf)
        case _:
            return


def _names(line: Line, leaf: Leaf) -> Iterator[tuple[Json, tuple[Stretch, ...]]]:
    """Each column from its beginning, and from behind each colon in it."""
    start = 0
    for column in line.text.split("\t"):
        begins = [start, *(start + match.end() for match in _COLON.finditer(column))] if column.strip() else []
        start += len(column) + 1
        for name in (found for begin in begins if (found := name_from(line, begin))):
            more = goes_on(name, None, leaf)
            yield name.text, (name,)
            if more:
                yield f"{name.text} {more.text}", (name, more)
