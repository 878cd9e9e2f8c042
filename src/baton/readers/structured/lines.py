"""The lines of the XML face to face with the rows of the page."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from baton.readers.invoices.printed import Printed
from baton.readers.invoices.stated import Seen
from baton.readers.invoices.values import money_in
from baton.readers.normalise import tokens
from baton.readers.structured.facing import Facing, Same, Verdict, amounts_alike, same_amount
from baton.readers.structured.invoice import Line
from baton.readers.structured.read import StructuredInvoice

_BEFORE, _BEHIND = 1, 4
"""Rows around a line's name in which its amounts stand: names break over rows."""


def line_facings(invoice: StructuredInvoice, page: Seen) -> Iterator[Facing]:
    """The net amount of each line, as far as the page prints lines at all."""
    billed = [(f"lines[{index}].net", line) for index, line in enumerate(invoice.invoice.lines) if line.net is not None]
    money = [Printed(one.value, row, one.start, one.end, 0.7) for row in page.rows for one in money_in(row.text)]
    same = _but_prices(amounts_alike(invoice), money)
    seen = {name: [one for one in money if same(one.text, str(line.net))] for name, line in billed}
    total = _unmet_total(invoice, money)
    for name, line in billed:
        near = _near(line, page, money)
        verdict, shown = _compared(line, seen[name], near, any(seen.values()), total, same)
        yield Facing(name, invoice.value(name), invoice.places[name], verdict, tuple(shown))


def _but_prices(same: Same, money: Sequence[Printed]) -> Same:
    """The same, but what has four places among amounts in cents is the price of one piece, not what a line comes to."""
    if not any(_in_cents(one.text) for one in money):
        return same
    return lambda one, other: _in_cents(one) and same(one, other)


def _in_cents(amount: str) -> bool:
    return len(amount.partition(".")[2]) <= 2


def _compared(
    line: Line, seen: Sequence[Printed], near: Sequence[Printed], lines_printed: bool, total: Sequence[Printed], same: Same
) -> tuple[Verdict, Sequence[Printed]]:
    """Agreed where the amount stands by the line's name, or anywhere if no name was found; disputed where others stand there.

    A line that the page does not carry is disputed too where the page prints the sum that the lines fail to make.
    """
    by_name = [one for one in near if same(one.text, str(line.net))]
    if by_name or (seen and not near):
        return "agreed", (by_name or seen)[:1]
    if _discounted(line, near):
        return "agreed", near[:1]
    if near or ((lines_printed or total) and not seen):
        return "disputed", near[-3:] or total[:1]
    return "single", ()


def _discounted(line: Line, near: Sequence[Printed]) -> bool:
    """Whether a page prints the line before its discount, and the discount."""
    amounts = [Decimal(one.text) for one in near]
    return any(same_amount(str(gross + less), str(line.net)) for less in amounts if less < 0 for gross in amounts if gross > 0)


def _unmet_total(invoice: StructuredInvoice, money: Sequence[Printed]) -> list[Printed]:
    """Where the page prints the sum of the lines (BT-106), if the XML's own lines do not make it."""
    told = invoice.invoice.totals.lines
    made = sum((line.net for line in invoice.invoice.lines if line.net is not None and line.parent is None), Decimal(0))
    if told is None or abs(told - made) < Decimal("0.01"):
        return []
    return [one for one in money if same_amount(one.text, str(told))]


def _near(line: Line, page: Seen, money: Sequence[Printed]) -> list[Printed]:
    """The amounts around every place where the line's name, or the seller's id of its item, stands."""
    rows = [index for index, row in enumerate(page.rows) if _names(line, row.text)]
    around = {
        (page.rows[at].page, page.rows[at].number)
        for index in rows
        for at in range(max(index - _BEFORE, 0), min(index + _BEHIND + 1, len(page.rows)))
    }
    return [one for one in money if (one.row.page, one.row.number) in around]


def _names(line: Line, text: str) -> bool:
    said = set(tokens(text))
    wanted = tokens(line.name or "")[:2]
    if wanted and len("".join(wanted)) > 3 and all(token in said for token in wanted):
        return True
    item = line.seller_item or ""
    return len(item) > 3 and bool(re.search(rf"(?<!\w){re.escape(item)}(?!\w)", text))
