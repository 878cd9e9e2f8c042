"""Double keying: what two readers, or two documents, say about a field becomes one finding. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from baton.readers.confidence import Judge
from baton.readers.fields import Field, Kind
from baton.readers.normalise import as_date, normal, same
from baton.readers.reader import Role
from baton.types.canonical import Json
from baton.types.findings import FieldFinding, Keyed
from baton.types.ids import DocumentId

EXPLICIT = 0.5
"""From this confidence on a value is said plainly. Below it, it is a second possible reading and disputes nothing."""

_OF_THE_RECEIPT: frozenset[Kind] = frozenset({"money", "date", "seller", "receipt_number"})
_IN_OWN_WORDS: frozenset[Kind] = frozenset({"defect", "text"})
_DISPUTED = 0.4
_UNGROUNDED = 0.5
_AMBIGUOUS = 0.6  # readers are no surer than this of a date that may be read both ways
_CEILING = 0.995
_FIRST = 0.25
"""What the first reader's word counts for more: a reader that learned from few examples is surer of itself than it should be."""


def reconcile(
    field: Field,
    readings: Sequence[Sequence[Keyed]],
    roles: Mapping[DocumentId, Role],
    is_confirmed: Callable[[Json], bool] = lambda value: False,
    judge: Judge = lambda field, every, value: None,
) -> FieldFinding:
    """One finding out of what each reader keyed. Agreement is between readers; a receipt's word outranks a mail's.

    Its confidence is what `judge` learned of such cases, else a careful guess. The first reader leads unless one is much surer.
    """
    every = [keyed for of_reader in readings for keyed in of_reader if normal(field.kind, keyed.value) is not None]
    if not every:
        return FieldFinding(name=field.name, value=None, agreement="missing", grounded=False, confidence=0)
    ranked = sorted(every, key=lambda keyed: _rank(field, keyed, roles, every[0].reader), reverse=True)
    lead = _settled(field, ranked)
    alike = [keyed for keyed in every if same(field.kind, keyed.value, lead.value)]
    against = [keyed for keyed in every if _contradicts(field, keyed, alike)] or _turned(field, alike, every)
    confirmed = bool(lead.evidence) and is_confirmed(lead.value)
    learned = judge(field, every, lead.value) if lead.evidence else None
    return FieldFinding(
        name=field.name,
        value=lead.value,
        agreement=_agreement(alike, against),
        grounded=lead.evidence is not None,
        confirmed=confirmed,
        confidence=_confidence(lead, alike, bool(against), confirmed) if learned is None else min(round(learned, 3), _CEILING),
        evidence=lead.evidence,
        readings=tuple([*alike, *(keyed for keyed in ranked if keyed not in alike)]),
    )


def _rank(field: Field, keyed: Keyed, roles: Mapping[DocumentId, Role], first: str) -> tuple[bool, bool, bool, float]:
    """Plainly said first, then grounded, then the document whose word counts here, then the surer, the first favoured."""
    role = roles.get(keyed.evidence.document) if keyed.evidence else None
    home = role is not None and (role == "mail_body") != (field.kind in _OF_THE_RECEIPT)
    return keyed.confidence >= EXPLICIT, keyed.evidence is not None, home, keyed.confidence + _FIRST * (keyed.reader == first)


def _settled(field: Field, ranked: Sequence[Keyed]) -> Keyed:
    """The leading value, unless a second reading of the same document is what another document or reader says plainly."""
    lead = ranked[0]
    witnesses = [keyed for keyed in ranked if keyed.confidence >= EXPLICIT and not _one_origin(keyed, lead)]
    for second in ranked[1:]:
        possible = second.confidence < EXPLICIT and _one_origin(second, lead) and second.evidence
        if possible and any(same(field.kind, witness.value, second.value) for witness in witnesses):
            return second
    return lead


def _contradicts(field: Field, keyed: Keyed, alike: Sequence[Keyed]) -> bool:
    """Whether a plain word stands against the value; not where its own reader held the value possible in the same document."""
    if keyed in alike or keyed.confidence < EXPLICIT or field.kind in _IN_OWN_WORDS:
        return False
    return not any(one.confidence < EXPLICIT and _one_origin(one, keyed) for one in alike)


def _turned(field: Field, alike: Sequence[Keyed], every: Sequence[Keyed]) -> list[Keyed]:
    """Day and month the other way round, where the writing allows both and nobody says which: an ambiguous date is in dispute."""
    if field.kind != "date":
        return []
    others = {id(one): [other for other in every if _one_origin(one, other) and _swapped(one, other)] for one in alike}
    certain = any(not others[id(one)] or one.confidence > _AMBIGUOUS for one in alike)
    return [] if certain else [other for found in others.values() for other in found]


def _swapped(one: Keyed, other: Keyed) -> bool:
    left, right = as_date(one.value), as_date(other.value)
    return bool(left and right and left != right and (left.year, left.month, left.day) == (right.year, right.day, right.month))


def _one_origin(one: Keyed, other: Keyed) -> bool:
    """Whether one reader keyed both from one document."""
    return one.reader == other.reader and _document(one) == _document(other)


def _document(keyed: Keyed) -> DocumentId | None:
    return keyed.evidence.document if keyed.evidence else None


def _agreement(alike: Sequence[Keyed], against: Sequence[Keyed]) -> Literal["agreed", "single", "disputed"]:
    if against:
        return "disputed"
    plain = {keyed.reader for keyed in alike if keyed.confidence >= EXPLICIT}
    return "agreed" if len(plain) > 1 else "single"


def _confidence(lead: Keyed, alike: Sequence[Keyed], disputed: bool, confirmed: bool) -> float:
    """Two readers err together more often than chance would have it, so the second counts half; so does a confirmation."""
    by_reader = {keyed.reader: keyed.confidence for keyed in sorted(alike, key=lambda keyed: keyed.confidence)}
    doubt = 1 - by_reader.pop(lead.reader)
    for confidence in by_reader.values():
        doubt *= 1 - confidence / 2
    doubt *= 0.5 if confirmed else 1.0
    sure = min(1 - doubt, _CEILING) * (1.0 if lead.evidence else _UNGROUNDED)
    return round(min(sure, _DISPUTED) if disputed else sure, 3)
