"""The reader of agreements: fields by their names, each value with the words that say so."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from pydantic import BaseModel

from baton.readers.contracts.commitments import liability_caps, options, payment_days
from baton.readers.contracts.dates import effective_dates
from baton.readers.contracts.found import Found
from baton.readers.contracts.law import governing_law
from baton.readers.contracts.parties import parties
from baton.readers.contracts.running import Running, running
from baton.readers.contracts.term import terms
from baton.readers.contracts.weighing import Asked, Weights, shipped
from baton.readers.fields import Field, fields_of
from baton.readers.reader import Readings, Source
from baton.types.findings import Keyed

_MOST_OF_A_LIST = 0.9
"""Chances of names do not multiply as if they were independent: a list is never as sure as its product says."""
_Way: TypeAlias = Callable[[Field, str, Mapping[Asked, Weights]], Iterator[Found]]


class ContractReader:
    """Reads agreements offline. Without weights of its own it bets with those that ship."""

    def __init__(self, weights: Mapping[Asked, Weights] | None = None) -> None:
        self._weights = shipped() | dict(weights or {})
        self.name = "contracts-learned/1" if weights else "contracts/1"

    def read(self, form: type[BaseModel], sources: Sequence[Source], locale: str | None = None) -> Readings:
        """Every field that agreements speak of, from every document; English is the only language so far."""
        texts = [running(source) for source in sources if source.role != "mail_body"]
        return {field.name: self._keyed(field, texts) for field in fields_of(form)}

    def _keyed(self, field: Field, texts: Sequence[Running]) -> list[Keyed]:
        way = _WAYS.get(field.name)
        if way is None:
            return []
        found = [(text, one) for text in texts for one in way(field, text.text, self._weights)]
        return [
            Keyed(value=one.value, reader=self.name, confidence=one.confidence, evidence=text.together(one.places))
            for text, one in sorted(found, key=lambda pair: -pair[1].confidence)
        ]


def _parties(field: Field, text: str, weights: Mapping[Asked, Weights]) -> Iterator[Found]:
    """All parties as one value: it is right when everyone on it is, and nobody else is left out."""
    every = parties(text, weights["parties"])
    taken = [one for one in every if one.confidence >= weights["parties"].take]
    if taken:
        left = [one for one in every if one.confidence < weights["parties"].take]
        sure = math.prod(one.confidence for one in taken) * math.prod(1 - one.confidence for one in left)
        yield Found([one.value for one in taken], tuple(one.places[0] for one in taken), round(min(sure, _MOST_OF_A_LIST), 3))


def _date(field: Field, text: str, weights: Mapping[Asked, Weights]) -> Iterator[Found]:
    yield from _best(effective_dates(text, weights["effective_date"]), weights["effective_date"].take)


def _term(field: Field, text: str, weights: Mapping[Asked, Weights]) -> Iterator[Found]:
    yield from _best(terms(text, weights["term"]), weights["term"].take)


def _best(found: Sequence[Found], take: float) -> Iterator[Found]:
    """The best one, when it is likely enough."""
    yield from (one for one in found[:1] if one.confidence >= take)


def _law(field: Field, text: str, weights: Mapping[Asked, Weights]) -> Iterator[Found]:
    yield from governing_law(text)


def _options(field: Field, text: str, weights: Mapping[Asked, Weights]) -> Iterator[Found]:
    yield from options(text, field.means)


def _cap(field: Field, text: str, weights: Mapping[Asked, Weights]) -> Iterator[Found]:
    yield from liability_caps(text)


def _payment(field: Field, text: str, weights: Mapping[Asked, Weights]) -> Iterator[Found]:
    yield from payment_days(text)


_WAYS: Mapping[str, _Way] = {
    "party": _parties,
    "parties": _parties,
    "effective_date": _date,
    "term": _term,
    "jurisdiction": _law,
    "governing_law": _law,
    "renewal": _options,
    "liability": _options,
    "liability_cap": _cap,
    "payment_days": _payment,
}
