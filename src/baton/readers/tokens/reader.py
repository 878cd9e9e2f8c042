"""The token reader, behind the same Protocol as every other reader."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from baton.readers.countries import currency_of
from baton.readers.fields import Field, fields_of
from baton.readers.normalise import UNKNOWN
from baton.readers.reader import Readings, Source, pages_of
from baton.readers.rules.items import items_on
from baton.readers.rules.when import order_of
from baton.readers.tokens.found import Chances, amounts, as_name, dates, runs
from baton.readers.tokens.laid import Laid, laid
from baton.readers.tokens.model import Model
from baton.readers.tokens.tags import NAMES
from baton.types.canonical import Json
from baton.types.findings import Evidence, Keyed

_SECOND = 0.2
"""From this probability on, a value beside the best one is worth a second look."""
_AMBIGUOUS = (0.55, 0.4)
_UNTRIED, _ENOUGH = 0.22, 500
"""How much less a probability means that was learned from made-up receipts alone, and how many real documents halve that."""


class TokenReader:
    """Reads pages whose words have boxes, as it learned from examples; it says nothing about fields that it never saw."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.name, self.learned_from = model.card.name, frozenset(model.card.documents)
        real = sum(many for what, many in model.card.learned_from.items() if what != "made")
        self._trust = 1 - _UNTRIED * _ENOUGH / (_ENOUGH + real)

    def read(self, form: type[BaseModel], sources: Sequence[Source], locale: str | None = None) -> Readings:
        """Every field of the form that the model knows, from every document that is a page."""
        names = names_of(form, self._model.card.fields)
        readings: Readings = {field.name: [] for field in fields_of(form)}
        for source in pages_of(sources):
            if not names or source.role in ("mail_body", "photo", "other"):
                continue
            page = laid(source)
            every = self._model.chances(page)
            for field in (field for field in fields_of(form) if field.name in names and not _is_of_an_item(field, form, page)):
                name = names[field.name]
                begins = [one.get(f"B-{name}", 0.0) for one in every]
                chances = [min(1.0, start + one.get(f"I-{name}", 0.0)) for start, one in zip(begins, every, strict=True)]
                readings[field.name] += self._keyed(field, page, chances, begins, locale)
        return {name: sorted(found, key=lambda one: -one.confidence) for name, found in readings.items()}

    def _keyed(self, field: Field, page: Laid, chances: Chances, begins: Chances, locale: str | None) -> Iterator[Keyed]:
        match field.kind:
            case "money":
                yield from self._money(page, chances, locale)
            case "date":
                yield from self._dates(page, chances, locale)
            case _:
                for run in runs(page, chances, begins)[:1]:
                    value = as_name(run.text) if field.kind in ("seller", "name") else run.text.strip(" :#")
                    yield self._said(value, run.chance, run.evidence)

    def _money(self, page: Laid, chances: Chances, locale: str | None) -> Iterator[Keyed]:
        text = "\n".join(row.text for row in page.rows)
        for rank, (amount, spot) in enumerate(amounts(page, chances)[:2]):
            if rank == 0 or spot.chance >= _SECOND:
                value: Json = {"amount": str(amount.value), "currency": currency_of(text, amount.currency, locale) or UNKNOWN}
                yield self._said(value, _ranked(spot.chance, rank), spot.row.evidence(spot.start, spot.end))

    def _dates(self, page: Laid, chances: Chances, locale: str | None) -> Iterator[Keyed]:
        order = order_of([row.text for row in page.rows], page.words, locale)
        for rank, (dated, spot) in enumerate(dates(page, chances, order)[:2]):
            evidence = spot.row.evidence(spot.start, spot.end)
            for turn, day in enumerate(dated.readings if rank == 0 or spot.chance >= _SECOND else ()):
                chance = min(spot.chance, _AMBIGUOUS[turn]) if dated.ambiguous else spot.chance
                yield self._said(day.isoformat(), _ranked(chance, rank), evidence)

    def _said(self, value: Json, chance: float, evidence: Evidence) -> Keyed:
        return Keyed(value=value, reader=self.name, confidence=round(min(chance, 0.999) * self._trust, 3), evidence=evidence)


def _is_of_an_item(field: Field, form: type[BaseModel], page: Laid) -> bool:
    """Whether an amount may be the price of one thing among several bought, of which the total says nothing."""
    asks_for_product = any(other.kind == "product" for other in fields_of(form))
    return field.kind == "money" and asks_for_product and len(items_on(page.rows, page.words)) > 1


def _ranked(chance: float, rank: int) -> float:
    """A second value is never said plainly: the words of one total may well stand in two places."""
    return chance if rank == 0 else min(chance, _AMBIGUOUS[1])


def names_of(form: type[BaseModel], known: Sequence[str]) -> dict[str, str]:
    """What the model calls the fields of a form: by their own name, or by their kind where the form has but one of it."""
    fields = fields_of(form)
    kinds = [field.kind for field in fields]
    names = {field.name: field.name for field in fields if field.name in known}
    for field in fields:
        name = NAMES.get(field.kind)
        if field.name not in names and name in known and kinds.count(field.kind) == 1 and name not in names.values():
            names[field.name] = str(name)
    return names
