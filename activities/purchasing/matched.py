"""A bill on record beside its order, its receipts and the supplier's other bills: the three-way match on the records."""

from dataclasses import dataclass
from decimal import Decimal

from activities.purchasing.port import BillRecord, Ordered, Purchasing, SupplierRecord
from activities.purchasing.tolerances import tolerances
from baton.matching import Billed, Judged, Match, Receipt, Supplier, match
from baton.matching.faults import DISPUTABLE
from baton.matching.pairing import key


@dataclass(frozen=True)
class Standing:
    """What the records hold about one bill."""

    bill: BillRecord
    ordered: Ordered
    supplier: SupplierRecord
    judged: Judged
    whole: Match
    of_order: tuple[BillRecord, ...]

    @property
    def due(self) -> Decimal:
        """What may be paid of it and was not."""
        return max(self.judged.undisputed - self.bill.paid, Decimal(0))

    @property
    def disputable_only(self) -> bool:
        """Whether only amounts are in doubt."""
        return bool(self.judged.faults) and all(fault.kind in DISPUTABLE for fault in self.judged.faults)

    @property
    def account_unchanged(self) -> bool:
        """Whether the bill names no account, or one that is on file."""
        return not self.bill.billed.account or on_file(self.supplier, self.bill.billed.account)


def on_file(supplier: SupplierRecord, account: str) -> bool:
    """Whether an account is one of the supplier's."""
    return key(account) in {key(one.number) for one in supplier.accounts}


async def standing(purchasing: Purchasing, reference: str) -> Standing | None:
    """A bill as it stands; None where there is none."""
    bill = await purchasing.bill(reference)
    ordered = await purchasing.order(bill.order) if bill else None
    supplier = await purchasing.supplier(ordered.order.supplier) if ordered else None
    if bill is None or ordered is None or supplier is None:
        return None
    every = await purchasing.bills_of(supplier.id)
    mine = tuple(one for one in every if one.order == ordered.order.number)
    others = [one.billed for one in every if one.order != ordered.order.number]
    whole = matched(ordered, await purchasing.receipts_of(ordered.order.number), [one.billed for one in mine], supplier, others)
    place = [one.reference for one in mine].index(reference)
    return Standing(bill, ordered, supplier, whole.bills[place], whole, mine)


def matched(
    ordered: Ordered, receipts: tuple[Receipt, ...], bills: list[Billed], supplier: SupplierRecord, others: list[Billed]
) -> Match:
    """The match with this company's tolerances."""
    known = Supplier(id=supplier.id, accounts=tuple(account.number for account in supplier.accounts))
    return match(ordered.order, receipts, bills, known, tolerances(ordered.category), others)
