"""Each field of the XML face to face with what the page prints for it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, TypeAlias

from baton.readers.invoices.printed import Printed
from baton.readers.invoices.reader import read_page
from baton.readers.invoices.stated import Seen, labels_in
from baton.readers.invoices.values import (
    CODES,
    Value,
    accounts_in,
    currency_on,
    dates_on,
    money_in,
    numbers_of_accounts,
    vat_ids_in,
)
from baton.readers.invoices.words import TERMS, Asked
from baton.readers.normalise import name_key, squeeze
from baton.readers.structured.paths import Place
from baton.readers.structured.read import StructuredInvoice
from baton.types.canonical import Json

Same: TypeAlias = Callable[[str, str], bool]
Verdict: TypeAlias = Literal["agreed", "disputed", "single"]
_PLAIN = 0.65
"""From this on the page states a value so plainly that the same value elsewhere on it does not outweigh it."""

_RIVALS = 0.6
"""How sure labelled values are of which the rules chose none, such as the taxes of several rates."""

_NAMED_APART: frozenset[Asked] = frozenset({"number", "issue_date", "due_date", "order_reference"})
_CREDIT = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
"""UNTDID 1001: credit notes, which print the sums they carry with or without a minus."""


@dataclass(frozen=True)
class Facing:
    """A field of the XML, what the page prints for it, and how the two compare."""

    name: str
    value: Json
    place: Place
    verdict: Verdict
    printed: tuple[Printed, ...]


@dataclass(frozen=True)
class _Field:
    """How one term is compared: which of the page's words say the same, and whether every invoice prints it."""

    same: Same
    everywhere: Callable[[Seen], Iterator[Printed]]
    must: bool = False


def facings(invoice: StructuredInvoice, page: Seen) -> Iterator[Facing]:
    """The header of the invoice, field by field, as far as the XML carries it."""
    for term, asked in TERMS.items():
        for name in invoice.terms.get(term, ()):
            value = str(invoice.value(name))
            if asked in ("seller_vat_id", "buyer_vat_id", "iban"):
                yield _of_set(invoice, page, name, value, asked)
            elif asked == "currency":
                yield _currency(invoice, page, name, value)
            else:
                yield _labelled(invoice, page, name, value, asked)


def _labelled(invoice: StructuredInvoice, page: Seen, name: str, value: str, asked: Asked) -> Facing:
    """A field that the page names by a label: what is labelled decides, what merely stands somewhere supports."""
    how = _HOW[asked]
    same = amounts_alike(invoice) if how.same is same_amount else how.same
    labelled = [Printed(one.value.value, one.row, one.value.start, one.value.end, one.sure) for one in page.told(asked)]
    best = next(read_page(page, asked), None)
    anywhere = [one for one in how.everywhere(page) if same(one.text, value) and not _named_otherwise(one, asked)]
    if best and same(best.text, value):
        return Facing(name, value, invoice.places[name], "agreed", (best,))
    explained = _rates(invoice) if asked == "tax" else frozenset()
    stated = [best] if best else [replace(one, sure=min(one.sure, _RIVALS)) for one in labelled]
    stated += _beside_number(invoice, page, value) if asked == "issue_date" else []
    against = [one for one in stated if one.sure >= 0.5 and not same(one.text, value)]
    against = [one for one in against if not any(same_amount(one.text, rate) for rate in explained)]
    supporting = [one for one in labelled if same(one.text, value)]
    verdict = _verdict(best, against, supporting, anywhere, how.must)
    shown = (*supporting, *anywhere) if verdict == "agreed" else (*against, *anywhere)
    return Facing(name, value, invoice.places[name], verdict, tuple(shown[:4]))


def _beside_number(invoice: StructuredInvoice, page: Seen, value: str) -> list[Printed]:
    """Another date in the heading: `Invoice 471102 of 5 March 2018`, the only one on the row that holds the invoice's number."""
    number = squeeze(str(invoice.invoice.number or ""))
    rows = [row for row in page.rows if len(number) > 3 and number in map(squeeze, row.text.split())]
    dates = [one for row in rows[:1] for one in _DAY.everywhere(page) if one.row is row]
    called = [label.asked for one in dates for label in labels_in(one.row.text) if label.end <= one.start]
    alone = len({one.start for one in dates}) == 1 and set(called) <= {"number", "issue_date"}
    return [replace(dates[0], sure=_PLAIN)] if alone and value not in [one.text for one in dates] else []


def _named_otherwise(one: Printed, asked: Asked) -> bool:
    """Whether the page calls the value something else: a delivery date supports no issue date, an order's number no invoice's."""
    before = [label for label in labels_in(one.row.text) if label.end <= one.start and not label.weak]
    return asked in _NAMED_APART and bool(before) and before[-1].asked != asked


def _rates(invoice: StructuredInvoice) -> frozenset[str]:
    """The taxes of each rate, which pages print beside their total or instead of it."""
    taxes = [str(tax.amount) for tax in invoice.invoice.taxes if tax.amount is not None]
    return frozenset(taxes) if len(taxes) > 1 else frozenset()


def _verdict(
    best: Printed | None, against: Sequence[Printed], supporting: Sequence[Printed], anywhere: Sequence[Printed], must: bool
) -> Verdict:
    plainly = best is not None and best.sure >= 0.9
    if supporting and not plainly:
        return "agreed"
    if anywhere and not (against and max(one.sure for one in against) >= _PLAIN):
        return "agreed"
    if against:
        return "disputed"
    return "disputed" if must else "single"


def _of_set(invoice: StructuredInvoice, page: Seen, name: str, value: str, asked: Asked) -> Facing:
    """Accounts and VAT ids: their shape finds the page's own without labels; one that the XML does not know is against it."""
    finder = numbers_of_accounts if asked == "iban" else vat_ids_in
    terms = ("BT-84", "BT-91") if asked == "iban" else ("BT-31", "BT-48", "BT-63")
    known = {squeeze(str(invoice.value(one))) for term in terms for one in invoice.terms.get(term, ())}
    printed = [Printed(one.value, row, one.start, one.end, 0.9) for row in page.rows for one in finder(row.text)]
    if asked == "iban":
        printed = [one for one in printed if accounts_in(str(one.value)) or _names_account(page, one)]
    same = [one for one in printed if squeeze(str(one.value)) == squeeze(value)]
    if same or _spelled(page, value):
        return Facing(name, value, invoice.places[name], "agreed", tuple(same[:1]))
    named = [Printed(one.value.value, one.row, one.value.start, one.value.end, 0.9) for one in page.told(asked)]
    foreign = [one for one in (*printed, *named) if squeeze(one.text) not in known]
    return Facing(name, value, invoice.places[name], "disputed" if foreign else "single", tuple(foreign[:4]))


def _names_account(page: Seen, one: Printed) -> bool:
    return any(told.value.value == one.value for told in page.told("iban"))


def _spelled(page: Seen, value: str) -> bool:
    """Whether the page carries these letters and digits, however they are grouped."""
    return len(squeeze(value)) > 5 and any(squeeze(value) in squeeze(row.text) for row in page.rows)


def _currency(invoice: StructuredInvoice, page: Seen, name: str, value: str) -> Facing:
    """The currency that the page prints most must be the XML's; one that it prints as often may be."""
    printed = [Printed(code, row, start, end, 0.9) for row in page.rows for code, start, end in _currencies(row.text)]
    counts = {code: sum(one.value == code for one in printed) for code in {str(one.value) for one in printed}}
    most = max(counts.values(), default=0)
    if not most:
        return Facing(name, value, invoice.places[name], "single", ())
    agreed = counts.get(value, 0) * 2 > most
    shown = [one for one in printed if (one.value == value) == agreed]
    return Facing(name, value, invoice.places[name], "agreed" if agreed else "disputed", tuple(shown[:1]))


def _currencies(text: str) -> Iterator[tuple[str, int, int]]:
    for match in re.finditer(rf"(?<![A-Za-z])(?:{'|'.join(CODES)})(?![A-Za-z])|[€£₹]|zł", text):
        code = currency_on(match.group())
        if code:
            yield code, *match.span()


def same_amount(one: str, other: str) -> bool:
    """Two amounts to the cent: pages round what XML carries to more places."""
    try:
        return abs(Decimal(one) - Decimal(other)) < Decimal("0.01")
    except ArithmeticError:
        return False


def amounts_alike(invoice: StructuredInvoice) -> Same:
    """How amounts of this invoice are compared: credit notes print theirs with or without a minus."""
    return _alike_in_credit if invoice.invoice.type_code in _CREDIT else same_amount


def _alike_in_credit(one: str, other: str) -> bool:
    return same_amount(one.lstrip("-"), other.lstrip("-"))


def _same_code(one: str, other: str) -> bool:
    return squeeze(one) == squeeze(other)


def _same_name(one: str, other: str) -> bool:
    return name_key(one) == name_key(other) or squeeze(other) in squeeze(one) or (len(one) > 4 and squeeze(one) in squeeze(other))


def _finding(values: Callable[[str], Sequence[Value]]) -> Callable[[Seen], Iterator[Printed]]:
    def everywhere(page: Seen) -> Iterator[Printed]:
        for row in page.rows:
            for one in values(row.text):
                yield Printed(one.value, row, one.start, one.end, 0.6)
                if one.also:
                    yield Printed(one.also, row, one.start, one.end, 0.5)

    return everywhere


def _words(page: Seen) -> Iterator[Printed]:
    """Every run of one to four tokens: ids are printed with spaces that XML leaves out."""
    for row in page.rows:
        starts = [match.span() for match in re.finditer(r"[^\s]+", row.text)]
        for index, (start, _) in enumerate(starts):
            for _, end in starts[index : index + 4]:
                yield Printed(row.text[start:end].strip(".,;:()"), row, start, end, 0.6)


def _names(page: Seen) -> Iterator[Printed]:
    """Each row, and each two in a row: names are long."""
    for row in page.rows:
        yield Printed(row.text, row, 0, len(row.text), 0.6)
    for row, after in zip(page.rows, page.rows[1:], strict=False):
        yield Printed(f"{row.text} {after.text}", row, 0, len(row.text), 0.6)


_AMOUNT = _Field(same_amount, _finding(money_in))
_DAY = _Field(str.__eq__, _finding(dates_on))
_CODE = _Field(_same_code, _words)
_NAME = _Field(lambda one, other: squeeze(other) in squeeze(one) or _same_name(one, other), _names)
_HOW: Mapping[Asked, _Field] = {
    "number": _Field(_same_code, _words, must=True),
    "issue_date": _Field(str.__eq__, _finding(dates_on), must=True),
    "due_date": _DAY,
    "order_reference": _CODE,
    "seller": _NAME,
    "buyer": _NAME,
    "net": _AMOUNT,
    "tax": _AMOUNT,
    "total": _Field(same_amount, _finding(money_in), must=True),
    "payable": _AMOUNT,
}
