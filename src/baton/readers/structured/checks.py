"""Whether the sums of an invoice add up, by the rules of EN 16931 that every invoice must keep (BR-CO-10 to BR-CO-16)."""

from collections.abc import Iterator
from decimal import Decimal

from baton.readers.structured.invoice import Invoice

_CENT = Decimal("0.01")
_NONE = Decimal(0)


def sums_that_fail(invoice: Invoice) -> tuple[str, ...]:
    """What does not add up, in words for staff; a sum that the invoice leaves out is not asked for."""
    return tuple(_failing(invoice))


def _failing(invoice: Invoice) -> Iterator[str]:
    totals = invoice.totals
    allowances, charges = totals.allowances or _NONE, totals.charges or _NONE
    billed = [line.net for line in invoice.lines if line.net is not None and line.parent is None]
    if billed:
        yield from _unless(totals.lines, sum(billed, _NONE), "the lines", "BR-CO-10")
    if totals.lines is not None:
        yield from _unless(totals.net, totals.lines - allowances + charges, "lines, allowances and charges", "BR-CO-13")
    taxes = [tax.amount for tax in invoice.taxes if tax.amount is not None]
    if taxes:
        yield from _unless(totals.tax, sum(taxes, _NONE), "the taxes of each rate", "BR-CO-14")
    if totals.net is not None:
        yield from _unless(totals.gross, totals.net + (totals.tax or _NONE), "net and tax", "BR-CO-15")
    if totals.gross is not None and totals.lines is not None:  # shorter profiles leave out what was paid
        due = totals.gross - (totals.paid or _NONE) + (totals.rounding or _NONE)
        yield from _unless(totals.payable, due, "total, what was paid and rounding", "BR-CO-16")


def _unless(told: Decimal | None, made: Decimal, of: str, rule: str) -> Iterator[str]:
    if told is not None and abs(told - made) > _CENT:
        yield f"{of} make `{made}`, but the invoice says `{told}` ({rule}): ask the seller"
