"""What the labels of a form claim: every value that stands where a label's value stands, best first."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

from baton.readers.normalise import squeeze
from baton.readers.orders.form import Form
from baton.readers.orders.labels import Label
from baton.readers.orders.near import below, goes_on, name_below, name_right_of, right_of
from baton.readers.orders.sheet import Leaf, Stretch
from baton.readers.orders.values import Value
from baton.readers.orders.vocabulary import Concept

_TIER, _BESIDE, _OPENS, _AGAIN, _WRITTEN = 1.0, 0.25, 0.2, 0.15, 0.1
_LOOSE = 1.5
"""Off for a name that follows its label like the next word of a sentence."""


@dataclass(frozen=True)
class Claim:
    """A value with what speaks for it: its label's tier, where it stands to the label, how often it stands so."""

    what: object
    parts: tuple[Stretch, ...]
    label: Label
    score: float
    times: int = 1

    @property
    def text(self) -> str:
        """As printed, over all its lines."""
        return " ".join(part.text for part in self.parts)


def numbers(form: Form, concepts: Sequence[Concept]) -> list[Claim]:
    """Numbers, best first: those of the first concept before those of the next, a name and its number before a word alone."""
    return _ranked(_typed(form, concepts, form.numbers))


def periods(form: Form) -> list[Claim]:
    """Periods, best first."""
    return _ranked(_typed(form, ("period",), form.periods))


def names(form: Form) -> list[Claim]:
    """Names of the party, best first."""
    return _ranked(claim for leaf, labels in zip(form.leaves, form.labels, strict=True) for claim in _names(leaf, labels))


def _typed(form: Form, concepts: Sequence[Concept], values: list[list[Value]]) -> Iterator[Claim]:
    for leaf, labels, here in zip(form.leaves, form.labels, values, strict=True):
        for label in (one for one in labels if one.concept in concepts):
            beside = right_of(label, here, leaf)
            value = beside or below(label, here, leaf)
            if value and not (beside is None and _is_heading(label)):
                rank = concepts.index(label.concept) if label.concept else 0
                yield Claim(value.what, (value.at,), label, _score(label, beside is not None) - _TIER * rank)


def _is_heading(label: Label) -> bool:
    """A word alone in capitals is the title of the page, not the label of a number."""
    return label.at.text.isupper() and " " not in label.at.text and not label.marked and label.concept != "period"


def _names(leaf: Leaf, labels: list[Label]) -> Iterator[Claim]:
    for label in (one for one in labels if one.concept == "party" and (one.opens or one.marked or one.closes)):
        beside = name_right_of(label, leaf)
        name = beside or (name_below(label, leaf) if label.closes else None)
        if name is None:
            continue
        more = goes_on(name, label, leaf)
        parts = (name, more) if more else (name,)
        loose = not (label.marked or label.closes)
        yield Claim(" ".join(part.text for part in parts), parts, label, _score(label, beside is not None) - _LOOSE * loose)


def _score(label: Label, beside: bool) -> float:
    return 3.0 - _TIER * label.tier + _BESIDE * beside + _OPENS * label.opens + _WRITTEN * label.marked


def _ranked(found: Iterator[Claim]) -> list[Claim]:
    """One claim a value, the best of each, with how often it was made."""
    by: dict[Hashable, list[Claim]] = defaultdict(list)
    for claim in found:
        by[squeeze(str(claim.what)) if isinstance(claim.what, str) else claim.what].append(claim)
    merged = [max(same, key=lambda one: one.score) for same in by.values()]
    merged = [
        replace(best, times=len(same), score=best.score + _AGAIN * min(len(same) - 1, 3))
        for best, same in zip(merged, by.values(), strict=True)
    ]
    return sorted(merged, key=lambda one: -one.score)
