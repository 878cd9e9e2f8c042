"""The rules reader for orders, contracts and invoices: labels beside, above and at the head of columns."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from pydantic import BaseModel

from baton.readers.fields import Field, fields_of
from baton.readers.orders.claims import Claim, names, numbers, periods
from baton.readers.orders.form import Form, form_of
from baton.readers.orders.sheet import Stretch
from baton.readers.orders.totals import Sum, totals
from baton.readers.orders.values import Period
from baton.readers.orders.vocabulary import concepts_of
from baton.readers.reader import Readings, Source
from baton.readers.rules.seen import GUESS, money
from baton.types.canonical import Json
from baton.types.findings import Keyed

NAME: Final = "orders/1"
_LAST = ("ends", "flight_to", "valid_to")


class OrderRules:
    """Reads number, party, amounts and period of a form by the labels that stand near them."""

    name = NAME

    def read(self, form: type[BaseModel], sources: Sequence[Source], locale: str | None = None) -> Readings:
        """Values for the fields whose names this reader knows; the others stay empty."""
        seen = form_of(sources, locale)
        return {field.name: _read(field, seen) for field in fields_of(form)}


def _read(field: Field, seen: Form) -> list[Keyed]:
    concepts = concepts_of(field.name)
    match concepts[:1]:
        case ("contract" | "order" | "invoice",):
            return _keyed(numbers(seen, concepts), lambda one: str(one.what))
        case ("party",):
            return _keyed(names(seen), lambda one: one.text)
        case ("period",):
            return _keyed([_day(claim, field.name) for claim in periods(seen)], lambda one: str(one.what))
        case ("gross" | "net",):
            found = [_totals(totals(seen, concept), seen) for concept in concepts]
            return next((keyed for keyed in found if keyed), [])
        case _:
            return []


def _keyed(claims: Sequence[Claim], value: Callable[[Claim], Json]) -> list[Keyed]:
    """The best claim, and the next as a guess."""
    if not claims:
        return []
    best, *rest = claims
    lead = best.score - (rest[0].score if rest else 0.0)
    sure = _sure(best.label.tier, lead, best.times)
    return [keyed_of(value(best), best.parts, sure), *(keyed_of(value(one), one.parts, GUESS) for one in rest[:1])]


def _sure(tier: int, lead: float, times: int) -> float:
    if tier == 0 and lead >= 0.5:
        return 0.95 if times > 1 else 0.9
    return 0.8 if lead >= 0.5 else 0.65


def _totals(found: Sequence[Sum], seen: Form) -> list[Keyed]:
    if not found:
        return []
    best, *rest = found
    lead = best.score - (rest[0].score if rest else 0.0)
    sure = 0.95 if best.proven and lead > 0.3 else 0.85 if best.proven or lead > 0.5 else 0.65
    return [keyed_of(_money(one, seen), (one.value.at,), sure if one is best else GUESS) for one in (best, *rest[:1])]


def _money(one: Sum, seen: Form) -> Json:
    amount = one.value.amount
    assert amount is not None
    return money(amount.value, seen.currency(amount.currency))


def _day(claim: Claim, field: str) -> Claim:
    """One end of a period as a claim of its own."""
    assert isinstance(claim.what, Period)
    day, at = (claim.what.last, claim.what.last_at) if field in _LAST else (claim.what.first, claim.what.first_at)
    return replace(claim, what=day.isoformat(), parts=(at,))


def keyed_of(value: Json, parts: Sequence[Stretch], sure: float, reader: str = NAME) -> Keyed:
    """A value as keyed from these places; unsure words make an unsure value."""
    places = [part.line.row.evidence(part.start, part.end) for part in parts]
    polygons = tuple(polygon for place in places for polygon in place.polygons)
    clear = min(part.line.row.sureness(part.start, part.end) for part in parts)
    text = " ".join(place.text for place in places)
    evidence = places[0].model_copy(update={"text": text, "polygons": polygons})
    return Keyed(value=value, reader=reader, confidence=round(sure * min(1.0, 0.7 + 0.3 * clear / 0.85), 3), evidence=evidence)
