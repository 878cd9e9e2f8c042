"""The rules reader for invoices: any form whose fields ask for terms of EN 16931, filled from the page."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from pydantic import BaseModel

from baton.readers.countries import currency_of
from baton.readers.fields import Field, fields_of
from baton.readers.invoices.lines import lines_on
from baton.readers.invoices.parties import party
from baton.readers.invoices.printed import NAME, Printed
from baton.readers.invoices.stated import Seen, Stated, seen
from baton.readers.invoices.sums import Sums, sums_of
from baton.readers.invoices.values import CODES, Value, accounts_in, amount, currency_on, dates_on, vat_ids_in
from baton.readers.invoices.words import TERMS, Asked
from baton.readers.layout import Held
from baton.readers.normalise import UNKNOWN
from baton.readers.reader import Readings, Source
from baton.readers.structured.terms import terms_of
from baton.types.canonical import Json
from baton.types.findings import Keyed

GUESS = 0.4
"""Confidence of a second possible reading: below what counts as said plainly."""

_Way: TypeAlias = Callable[[Seen], Iterator[Printed]]


class InvoiceRulesReader:
    """Reads invoice pages offline, in every language that has a pack."""

    name = NAME

    def read(self, form: type[BaseModel], sources: Sequence[Source], locale: str | None = None) -> Readings:
        """Every field that asks for a term this reader knows, from every page; structured documents are another reader's."""
        terms = terms_of(form)
        found: Readings = {}
        for field in fields_of(form):
            asked = TERMS.get(terms.get(field.name, ""))
            if asked is None:
                continue
            laid_out = (seen(Held(one.reading), one.role, locale) for one in sources if one.reading.how != "xml")
            keyed = [_shaped(one.keyed(), field) for page in laid_out if page.rows for one in read_page(page, asked)]
            found[field.name] = sorted(keyed, key=lambda one: -one.confidence)
        return found


def read_page(page: Seen, asked: Asked) -> Iterator[Printed]:
    """What the rules read for one thing on one document."""
    yield from _WAYS[asked](page)


def _shaped(keyed: Keyed, field: Field) -> Keyed:
    """The value as the field's kind wants it: an amount without currency for a number."""
    if field.kind == "number" and isinstance(keyed.value, dict):
        return keyed.model_copy(update={"value": keyed.value["amount"]})
    return keyed


def _plain(one: Stated, sure: float) -> Printed:
    return Printed(one.value.value, one.row, one.value.start, one.value.end, sure)


def _labelled(name: str) -> _Way:
    """The value that the plainest label names; where two such labels differ, neither is sure."""

    def way(page: Seen) -> Iterator[Printed]:
        told = page.told(name)
        if not told:
            return
        best = told[0]
        rivals = {one.value.value for one in told if one.sure >= best.sure} - {best.value.value}
        yield _plain(best, best.sure - 0.2 * bool(rivals) + 0.04 * (page.text.count(best.value.value) > 1))

    return way


def _date(name: str) -> _Way:
    def way(page: Seen) -> Iterator[Printed]:
        for one in page.told(name)[:1]:
            yield _plain(one, 0.55 if one.value.also else one.sure)
            if one.value.also:
                yield Printed(one.value.also, one.row, one.value.start, one.value.end, GUESS)
            return
        yield from _only_date(page) if name == "issue_date" else ()

    return way


def _only_date(page: Seen) -> Iterator[Printed]:
    """The one date that a page carries, label or not."""
    found = [(row, value) for row in page.rows for value in dates_on(row.text, page.order)]
    if len({value.value for _, value in found}) == 1:
        row, value = found[0]
        yield Printed(value.value, row, value.start, value.end, 0.6 if not value.also else GUESS)


def _money(name: str) -> _Way:
    def way(page: Seen) -> Iterator[Printed]:
        sums = sums_of(page)
        one: Stated | None = getattr(sums, name)
        if one is None and name == "payable" and sums.total:
            one = replace(sums.total, sure=min(sums.total.sure, 0.7))
        if one is not None:
            beside = one.value.currency if one.value.currency in CODES else None
            currency = beside or currency_on(page.text) or currency_of(page.text, one.value.currency)
            value: Json = {"amount": str(amount(one.value.value)), "currency": currency or UNKNOWN}
            yield Printed(value, one.row, one.value.start, one.value.end, _sure_of_sum(page, sums, one, name))

    return way


def _sure_of_sum(page: Seen, sums: Sums, one: Stated, name: str) -> float:
    """A sum that net and tax, or the lines, make is surer than its label alone."""
    if sums.adds_up and name != "payable":
        return 0.97
    lines = sum((line.net for line in lines_on(page.rows)), Decimal(0))
    return min(one.sure + 0.06, 0.97) if lines and lines == amount(one.value.value) else one.sure - 0.12


def _accounts(page: Seen) -> Iterator[Printed]:
    """The account to pay to: behind its label, else the first that the page prints; others are second readings."""
    named = page.told("iban")
    found = [*((row, value) for row in page.rows for value in accounts_in(row.text)), *((one.row, one.value) for one in named)]
    labelled = {one.value.value for one in named}
    distinct = list({value.value: (row, value) for row, value in reversed(found)}.values())[::-1]
    for place, (row, value) in enumerate(sorted(distinct, key=lambda pair: pair[1].value not in labelled)):
        alone = len(distinct) == 1
        sure = (0.95 if alone else 0.6) if place == 0 else GUESS
        yield Printed(value.value, row, value.start, value.end, sure)


def _seller_vat(page: Seen) -> Iterator[Printed]:
    """The VAT id behind a label that is not the buyer's; of several without one, the first."""
    buyers = {one.value.value for one in _of_buyer(page)}
    labelled = [one for one in page.told("seller_vat_id") if one.value.value not in buyers]
    every = [(row, value) for row in page.rows for value in vat_ids_in(row.text) if value.value not in buyers]
    if labelled:
        alone = len({value.value for _, value in every}) == 1
        yield _plain(labelled[0], 0.93 if alone else 0.6)
    elif every:
        row, value = every[0]
        yield Printed(value.value, row, value.start, value.end, 0.75 if len({one.value for _, one in every}) == 1 else GUESS)


def _buyer_vat(page: Seen) -> Iterator[Printed]:
    """The VAT id that a label calls the buyer's, or that stands below the buyer's heading."""
    for one in _of_buyer(page)[:1]:
        yield _plain(one, one.sure)


def _of_buyer(page: Seen) -> list[Stated]:
    below = [one for one in page.told("seller_vat_id") if page.heading_above(one.index) == "buyer"]
    return [*page.told("buyer_vat_id"), *below]


def _currency(page: Seen) -> Iterator[Printed]:
    """The currency printed most."""
    code = currency_on(page.text) or currency_of(page.text, "$" if "$" in page.text else None)
    if code is None:
        return
    for row in page.rows:
        at = next((value for value in _currency_places(row.text) if value.value == code), None)
        if at:
            yield Printed(code, row, at.start, at.end, 0.9)
            return


def _currency_places(text: str) -> Iterator[Value]:
    for place in range(len(text)):
        for length in (3, 2, 1):
            sign = text[place : place + length]
            code = currency_on(sign) or ("USD" if sign == "$" else None)
            if code and len(sign) == length:
                yield Value(code, place, place + length)


def _party(name: str) -> _Way:
    def way(page: Seen) -> Iterator[Printed]:
        found = party(page, name)
        if found:
            yield Printed(found.name, found.row, found.start, found.end, found.sure)

    return way


def _line_count(page: Seen) -> Iterator[Printed]:
    lines = lines_on(page.rows)
    if lines:
        last, sums = lines[-1], sums_of(page)
        made = sum((line.net for line in lines), Decimal(0))
        proven = any(one and amount(one.value.value) == made for one in (sums.net, sums.total))
        yield Printed(len(lines), last.row, 0, len(last.row.text), 0.9 if proven else 0.45)


_WAYS: Mapping[Asked, _Way] = {
    "number": _labelled("number"),
    "issue_date": _date("issue_date"),
    "due_date": _date("due_date"),
    "order_reference": _labelled("order_reference"),
    "seller": _party("seller"),
    "buyer": _party("buyer"),
    "seller_vat_id": _seller_vat,
    "buyer_vat_id": _buyer_vat,
    "iban": _accounts,
    "currency": _currency,
    "net": _money("net"),
    "tax": _money("tax"),
    "total": _money("total"),
    "payable": _money("payable"),
    "lines": _line_count,
}
