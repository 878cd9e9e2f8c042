"""Each kind of field as receipts and invoices carry it."""

import re
from collections.abc import Iterator, Sequence

from baton.readers.amounts import amounts_in
from baton.readers.fields import Field
from baton.readers.layout import Row
from baton.readers.rules.ids import identifiers, receipt_numbers, serials
from baton.readers.rules.items import claimed_item, items_on
from baton.readers.rules.seen import GUESS, Seen, keyed
from baton.readers.rules.shop import Shop, shops
from baton.readers.rules.total import Total, totals
from baton.readers.rules.when import When, dates_on
from baton.readers.rules.where import Place, address_on
from baton.types.findings import Keyed

_STRONG = frozenset({"cash less change", "parts", "paid", "rounding", "twice"})
_NAMED = 0.9
"""How sure a value is that stands behind the very words a form names for it."""


def money(seen: Seen, field: Field, product: str | None) -> Iterator[Keyed]:
    """The price of the claimed item where the receipt has it among others, else the amount paid; the other stays beside it.

    A form that says which words stand near the sum asks for that one.
    """
    if field.near:
        yield from _money_behind(seen, field)
        return
    found = totals(seen.rows, seen.words)
    total = _total(seen, found) if found and found[0].score >= 0.7 else None
    items = items_on(seen.rows, seen.words) if product else []
    item = claimed_item(items, product) if product and len(items) > 1 else None
    if item is None or (found and item.price.value == found[0].value):
        yield from (one for one in (total,) if one)
        return
    yield keyed(seen.money(item.price), item.price_row, item.price.start, item.price.end, 0.8)
    if total:
        yield total.model_copy(update={"confidence": min(GUESS, total.confidence)})


def _money_behind(seen: Seen, field: Field) -> Iterator[Keyed]:
    for row, end in _rows_near(seen, field):
        behind = next((amount for amount in amounts_in(row.text) if amount.start >= end), None)
        if behind:
            yield keyed(seen.money(behind), row, behind.start, behind.end, _NAMED)


def _rows_near(seen: Seen, field: Field) -> Iterator[tuple[Row, int]]:
    """The rows that say the words of a form's field, and where the words end."""
    label = re.compile("|".join(map(re.escape, field.near)), re.IGNORECASE)
    yield from ((row, found.end()) for row in seen.rows if (found := label.search(row.text)))


def _total(seen: Seen, found: Sequence[Total]) -> Keyed:
    best = found[0]
    margin = best.score - found[1].score if len(found) > 1 else 3.0
    amount, row = best.where.amount, best.where.row
    return keyed(seen.money(amount), row, amount.start, amount.end, _sure_of_total(best, margin))


def _sure_of_total(best: Total, margin: float) -> float:
    """Measured on receipts: how often a total with such a label, proof and lead is right."""
    proven, named = bool(best.proofs & _STRONG), best.where.meaning in ("final", "total")
    if named and proven and margin >= 1:
        return 0.98
    if named or proven:
        return 0.9 if margin >= 1 else 0.75
    return 0.4


def dates(seen: Seen, field: Field, product: str | None) -> Iterator[Keyed]:
    """The date of purchase; where day and month may be swapped, both readings, neither of them sure."""
    named = [row for row, _ in _rows_near(seen, field)] if field.near else []
    found = dates_on(named or seen.rows, seen.words, seen.locale)
    for place, one in enumerate(found[:1]):
        sure = _NAMED if named else _sure_of_date(one, found[place + 1 :])
        for rank, value in enumerate(one.dated.readings):
            confidence = sure if not one.dated.ambiguous else (0.55, GUESS)[rank]
            yield keyed(value, one.row, one.dated.start, one.dated.end, confidence)


def _sure_of_date(best: When, others: Sequence[When]) -> float:
    rivals = [other for other in others if other.value != best.value]
    lead = best.score - max((rival.score for rival in rivals), default=-9.0)
    if best.score < 0:
        return 0.45
    if best.labelled or lead > 0.5:
        return 0.97 if lead > 0.5 else 0.8
    return 0.7


def seller(seen: Seen, field: Field, product: str | None) -> Iterator[Keyed]:
    """The name at the head of the receipt."""
    found = shops(seen.rows, seen.words)
    if found and found[0].score > 0.5:
        best = found[0]
        lead = best.score - (found[1].score if len(found) > 1 else 0.0)
        yield _name(best, _sure_of_seller(best, lead))


def _sure_of_seller(best: Shop, lead: float) -> float:
    """Measured likewise; a name that only stands where names stand is as good as one with a legal form, if nothing rivals it."""
    if best.legal and lead >= 0.8 and best.score >= 3:
        return 0.96
    if best.score >= 2.5:
        return 0.95 if lead >= 0.8 else 0.8
    return 0.55


def _name(shop: Shop, sure: float) -> Keyed:
    return _over(shop.name, shop.rows, sure)


def _over(value: str, rows: Sequence[Row], sure: float) -> Keyed:
    """A value that stands on one row or on several."""
    first, *rest = rows
    made = keyed(value, first, 0, len(first.text), sure)
    if made.evidence is None or not rest:
        return made
    polygons = made.evidence.polygons + tuple(polygon for row in rest for polygon in row.evidence(0, len(row.text)).polygons)
    text = " ".join(" ".join(row.text.split()) for row in rows)
    return made.model_copy(update={"evidence": made.evidence.model_copy(update={"polygons": polygons, "text": text})})


def address(seen: Seen, field: Field, product: str | None) -> Iterator[Keyed]:
    """The seller's address, below the name."""
    place = address_on(seen.rows, seen.words)
    if place is not None:
        yield _over(place.text, place.rows, _sure_of_address(place))


def _sure_of_address(place: Place) -> float:
    if place.after_name and place.postcode:
        return 0.9 if place.strong > 1 else 0.8
    return 0.65 if place.strong > 1 or place.postcode else 0.5


def serial(seen: Seen, field: Field, product: str | None) -> Iterator[Keyed]:
    """Serial numbers behind their label."""
    yield from _ids(serials(seen.rows, seen.words), 0.9)


def receipt_number(seen: Seen, field: Field, product: str | None) -> Iterator[Keyed]:
    """The number of the receipt; head of the page first."""
    yield from _ids(receipt_numbers(seen.rows, seen.words)[:1], 0.85)


def identifier(seen: Seen, field: Field, product: str | None) -> Iterator[Keyed]:
    """An id behind the words that the form says stand near it, or behind the field's own name."""
    labels = [re.escape(word) for word in field.near] or [field.name.replace("_", r"[\s_-]?")]
    yield from _ids(identifiers(seen.rows, labels)[:1], 0.8)


def product(seen: Seen, field: Field, product: str | None) -> Iterator[Keyed]:
    """The only item of a receipt; a guess beside what the customer calls it."""
    items = items_on(seen.rows, seen.words)
    if len(items) == 1:
        row = items[0].name
        match = re.search(r"[^\W\d_].*?(?=\t|\s+\d+[.,]\d{2}|$)", row.text)
        if match:
            yield keyed(match.group().strip(), row, match.start(), match.end(), 0.45)


def text(seen: Seen, field: Field, product: str | None) -> Iterator[Keyed]:
    """Whatever stands behind the field's own name and a colon."""
    label = "|".join(map(re.escape, field.near)) or re.escape(field.name.replace("_", " "))
    for row in seen.rows:
        match = re.search(rf"(?:^|\t)\W*(?:{label})\s*[:=]\s*(?P<value>\S.*?)\s*(?:\t|$)", row.text, re.IGNORECASE)
        if match:
            yield keyed(match["value"], row, match.start("value"), match.end("value"), 0.75)
            return


def _ids(found: Sequence[tuple[Row, int, int]], sure: float) -> Iterator[Keyed]:
    for row, start, end in found:
        yield keyed(row.text[start:end].strip(), row, start, end, sure)
