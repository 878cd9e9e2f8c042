"""What the records say about bills, accounts and payments. Trusted code: payee and amount due come from here alone."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from stdnum import iban

from activities.erp.matching import same_seller
from activities.mail.templates import harmless
from activities.purchasing.doors import company, purchasing
from activities.purchasing.facts import MONTH, insured, read, sanctioned
from activities.purchasing.known import AccountFacts, BillFacts, DisputeFacts, PaymentFacts, ReleaseFacts
from activities.purchasing.matched import Standing, on_file, standing
from activities.purchasing.models import ConfirmAccount, DisputeBill, PayBill, RegisterBill, ReleasePayment
from activities.purchasing.port import Ordered, PaymentRecord
from activities.purchasing.writing import today
from baton.governance.declare import About
from baton.matching.before import number_key
from baton.matching.pairing import key
from baton.types.money import Money

_NONE: Final = Decimal(0)
_CODE: Final = re.compile(r"\s*\(\d+\)?")


async def bill_facts(action: RegisterBill, about: About) -> BillFacts:
    """About a bill to be registered."""
    ordered = await purchasing().order(action.order)
    supplier = ordered.order.supplier if ordered else ""
    bills = await purchasing().bills_of(supplier) if ordered else ()
    twins = [bill for bill in bills if number_key(bill.billed.number) == number_key(action.number)]
    forwarded = await company().colleague(about.sender) is not None
    return BillFacts(
        order_known=ordered is not None,
        order_is_senders=ordered is not None and (about.customer == supplier or forwarded),
        registered_before=not number_key(action.number) or any(bill.billed.kind == action.kind for bill in twins),
        as_read=_as_read(action, about),
    )


async def account_facts(action: ConfirmAccount, about: About) -> AccountFacts:
    """About a new account."""
    supplier = await purchasing().supplier(action.supplier)
    others = [one for one in await purchasing().suppliers() if one.id != action.supplier]
    return AccountFacts(
        supplier_known=supplier is not None,
        supplier_active=supplier is not None and supplier.active,
        sanctioned=await sanctioned(supplier, action.account),
        account_sound=bool(iban.is_valid(action.account)),
        used_by_other=any(on_file(other, action.account) for other in others),
        contact_on_file=supplier is not None and bool(supplier.contact),
        has_standing=supplier is not None and bool(supplier.accounts),
    )


async def payment_facts(action: PayBill, about: About) -> PaymentFacts:
    """About paying a bill: what is due, and to whom, by the records."""
    found = await standing(purchasing(), action.bill)
    if found is None:
        return _nothing(action)
    supplier, currency = found.supplier, found.ordered.order.currency
    payments = [one for one in await purchasing().payments_of(supplier.id) if not one.withdrawn and one.currency == currency]
    category = await company().category(found.ordered.category)
    kinds = tuple(sorted({fault.kind for fault in found.judged.faults}))
    return PaymentFacts(
        bill_known=True,
        supplier_active=supplier.active,
        sanctioned=await sanctioned(supplier),
        insurance_valid=insured(supplier, category) if category else True,
        paid_before=found.bill.paid > 0,
        duplicate="duplicate" in kinds,
        clean=found.judged.clean,
        faults=kinds,
        disputable_only=found.disputable_only,
        due=_money(found.due, currency),
        account_known=bool(supplier.accounts),
        account_unchanged=found.account_unchanged,
        account_settled_days=_settled(found),
        buyer_matches=_buyer(found.ordered, about),
        period_matches=_period(found.ordered, about),
        supplier_today=_with(action, [one for one in payments if one.day == today()]),
        supplier_month=_with(action, [one for one in payments if one.day >= today() - timedelta(days=MONTH)]),
        split_with=_money(sum((one.billed.total for one in found.of_order if one.billed.kind == "invoice"), _NONE), currency),
    )


async def release_facts(action: ReleasePayment, about: About) -> ReleaseFacts:
    """About handing a payment to the bank."""
    payment = await purchasing().payment(action.payment)
    supplier = await purchasing().supplier(payment.supplier) if payment else None
    of_supplier = await purchasing().payments_of(payment.supplier) if payment else ()
    released = [one for one in of_supplier if one.released and not one.withdrawn and one.day == today()]
    return ReleaseFacts(
        payment_known=payment is not None,
        prepared=payment is not None and not payment.released and not payment.withdrawn,
        amount_matches=payment is not None and _money(payment.amount, payment.currency) == action.amount,
        supplier_active=supplier is not None and supplier.active,
        sanctioned=await sanctioned(supplier),
        account_unchanged=bool(payment and supplier and supplier.accounts and payment.account == supplier.accounts[0].number),
        by_person=payment is not None and bool(payment.prepared_by),
        prepared_alone=payment is None or not payment.prepared_by,
        paid_today=_money(action.amount.amount + sum((one.amount for one in released), _NONE), action.amount.currency),
    )


async def dispute_facts(action: DisputeBill, about: About) -> DisputeFacts:
    """About telling the supplier what is wrong."""
    found = await standing(purchasing(), action.bill)
    return DisputeFacts(
        bill_known=found is not None,
        has_faults=found is not None and not found.judged.clean,
        recipient_known=found is not None and "@" in found.supplier.email,
        values_fit=found is not None and harmless(found.bill.billed.number),
        disputed_before=found is not None and found.bill.disputed,
    )


def _as_read(action: RegisterBill, about: About) -> bool:
    bill = about.findings.get("Bill", {})
    numbers = {key(str(bill.get(name) or "")) for name in ("invoice_number", "contract_number")} - {""}
    told = bill.get("gross_amount")
    amount = Money.model_validate(told) if isinstance(told, dict) else None
    return key(action.number) in numbers and amount == action.amount


def _settled(found: Standing) -> int:
    """An account that is the supplier's only one was there from the beginning, and is as old as its record."""
    return (today() - found.supplier.accounts[0].since).days if found.supplier.accounts else 0


def _buyer(ordered: Ordered, about: About) -> bool:
    """Whether the bill is made out to whom the order is for; a number behind a name is the supplier's own."""
    named, wanted = (_CODE.sub("", name).strip() for name in (read(about, "Bill", "customer"), ordered.buyer))
    return not wanted or same_seller(named, wanted) or _cut_off(named, wanted)


def _cut_off(one: str, other: str) -> bool:
    """Forms cut long names off."""
    shorter, longer = sorted((key(one), key(other)), key=len)
    return len(shorter) >= 20 and longer.startswith(shorter)


def _period(ordered: Ordered, about: About) -> bool:
    """Whether the bill is for days of the order; an order without days is for none in particular."""
    if ordered.starts is None or ordered.ends is None:
        return True
    days = [_day(read(about, "Bill", name)) for name in ("starts", "ends")]
    return days[0] == ordered.starts and days[1] == ordered.ends


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _with(action: PayBill, others: list[PaymentRecord]) -> Money:
    return _money(action.amount.amount + sum((one.amount for one in others), _NONE), action.amount.currency)


def _money(amount: Decimal, currency: str) -> Money:
    return Money(amount=amount.quantize(Decimal("0.01")), currency=currency)


def _nothing(action: PayBill) -> PaymentFacts:
    nothing = Money(amount=_NONE, currency=action.amount.currency)
    return PaymentFacts(
        bill_known=False,
        supplier_active=False,
        sanctioned=False,
        insurance_valid=False,
        paid_before=False,
        duplicate=False,
        clean=False,
        faults=(),
        disputable_only=False,
        due=nothing,
        account_known=False,
        account_unchanged=False,
        account_settled_days=0,
        buyer_matches=False,
        period_matches=False,
        supplier_today=nothing,
        supplier_month=nothing,
        split_with=nothing,
    )
