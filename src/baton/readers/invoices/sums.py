"""The sums of an invoice page: chosen by label, checked by arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from baton.readers.invoices.stated import Seen, Stated
from baton.readers.invoices.values import amount

_CENT = Decimal("0.02")
_MOST = 8
_INSTEAD = 0.7  # what is to be paid is the total, unless something was paid before


@dataclass(frozen=True)
class Sums:
    """What the page states for each sum, and whether net and tax make the total."""

    net: Stated | None = None
    tax: Stated | None = None
    total: Stated | None = None
    payable: Stated | None = None
    adds_up: bool = False


def sums_of(seen: Seen) -> Sums:
    """The net, tax and total that fit together; else each by its plainest label, of a total the last."""
    nets, taxes, totals = (_best(seen.told(name)) for name in ("net", "tax", "total"))
    payable = next(iter(_best(seen.told("payable"))), None)
    fits = _fitting(nets, taxes, totals or ([payable] if payable else []))
    if fits:
        return Sums(*fits, payable=payable, adds_up=True)
    total = next(iter(totals), None)
    instead = replace(payable, sure=_INSTEAD) if payable else None
    return Sums(next(iter(nets), None), _lone(taxes), total or instead, payable)


def _best(found: Sequence[Stated]) -> list[Stated]:
    """The plainest first; among equals the last on the page, where sums stand."""
    return sorted(found, key=lambda one: (-one.sure, -one.index))[:_MOST]


def _lone(taxes: Sequence[Stated]) -> Stated | None:
    """The tax where every label tells the same; taxes of several rates are no total."""
    told = {amount(one.value.value) for one in taxes}
    return taxes[0] if len(told) == 1 else None


def _fitting(nets: Sequence[Stated], taxes: Sequence[Stated], totals: Sequence[Stated]) -> tuple[Stated, Stated, Stated] | None:
    for total in totals:
        for net in nets:
            for tax in taxes:
                n, t, g = (amount(one.value.value) for one in (net, tax, total))
                if abs(n + t - g) <= _CENT and n != g:
                    return net, tax, total
    same = [(net, tax, total) for total in totals for net in nets for tax in taxes if _untaxed(net, tax, total)]
    return same[0] if same else None


def _untaxed(net: Stated, tax: Stated, total: Stated) -> bool:
    return amount(tax.value.value) == 0 and amount(net.value.value) == amount(total.value.value)
