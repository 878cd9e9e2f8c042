"""What Baton does in purchasing: nine effects, each found again by our reference and undone as declared."""

from activities.purchasing.bank import hand_over
from activities.purchasing.bill_facts import account_facts, bill_facts, dispute_facts, payment_facts, release_facts
from activities.purchasing.doors import company, purchasing
from activities.purchasing.errors import NotOnRecord, SamePerson
from activities.purchasing.facts import cancel_facts, order_facts, receipt_facts, sending_facts
from activities.purchasing.letters import dispute_letter, order_letter
from activities.purchasing.matched import standing
from activities.purchasing.models import (
    AccountConfirmed,
    BillDisputed,
    BillRegistered,
    CancelOrder,
    ConfirmAccount,
    DisputeBill,
    OrderCancelled,
    OrderPlaced,
    OrderSent,
    PayBill,
    PaymentPrepared,
    PaymentReleased,
    PlaceOrder,
    ReceiptRecorded,
    RecordReceipt,
    RegisterBill,
    ReleasePayment,
    SendOrder,
)
from activities.purchasing.payment_file import payment_file
from activities.purchasing.port import PaymentRecord
from activities.systems import mail
from baton.governance.declare import IRREVERSIBLE, About, Permit, compensating, effect, exact
from baton.types.actions import Done

AMOUNTS = ("gross_amount", "invoice_number")
"""The fields of a bill that a payment rests on; its lines count by agreeing with the order, and the rest is the records' word."""


async def written(key: str) -> Done | None:
    """What stands in purchasing under our reference."""
    return await purchasing().look_up(key)


async def take_back(done: Done, permit: Permit) -> Done:
    """Undo an entry of purchasing."""
    return await purchasing().take_back(done, permit)


@effect(
    facts=order_facts,
    look_up=written,
    undo=exact(take_back),
    says="Order for {amount} net from {supplier} ({category}, {cost_centre})",
    spends="amount",
    editable=("cost_centre", "category"),
    rests_on=("lines",),
)
async def place_order(action: PlaceOrder, permit: Permit, about: About) -> OrderPlaced:
    """An order on record. Undone by withdrawing it, as long as nothing was delivered or billed."""
    colleague = await company().colleague(about.sender)
    return await purchasing().place_order(action, permit, colleague[0] if colleague else "", about.approved_by)


@effect(facts=sending_facts, look_up=written, undo=IRREVERSIBLE, says="Send order {order} to the supplier")
async def send_order(action: SendOrder, permit: Permit, about: About) -> OrderSent:
    """The order as PDF and UBL 2.1, by mail to the supplier's address on file."""
    ordered = await purchasing().order(action.order)
    supplier = await purchasing().supplier(ordered.order.supplier) if ordered else None
    if ordered is None or supplier is None:
        raise NotOnRecord(f"order `{action.order}` is not on record: place it first")
    if about.approved_by and about.approved_by == ordered.approved_by:
        raise SamePerson(f"`{about.approved_by}` approved `{action.order}` when it was placed: somebody else has to send it out")
    letter = order_letter(ordered, supplier, await company().ourselves(), about.case)
    await mail().send(letter, action, permit)  # before the mark: a letter is sent once, whatever happens in between
    return await purchasing().send_order(action, permit)


@effect(
    facts=receipt_facts,
    look_up=written,
    undo=exact(take_back),
    says="Record what came of order {order}",
    editable=("lines",),
)
async def record_receipt(action: RecordReceipt, permit: Permit) -> ReceiptRecorded:
    """A delivery as it was counted. Undone by taking it back."""
    return await purchasing().record_receipt(action, permit)


@effect(
    facts=bill_facts,
    look_up=written,
    undo=exact(take_back),
    says="Register {kind} {number} over {amount} for order {order}",
    rests_on=AMOUNTS,
)
async def register_bill(action: RegisterBill, permit: Permit) -> BillRegistered:
    """A bill on record; nothing is paid by it. Undone by striking it out, as long as nothing was paid."""
    return await purchasing().register_bill(action, permit)


@effect(
    facts=account_facts,
    look_up=written,
    undo=exact(take_back),
    says="Pay {supplier} to the account {account} from now on",
)
async def confirm_account(action: ConfirmAccount, permit: Permit) -> AccountConfirmed:
    """A supplier's new account. Undone by taking it off file."""
    return await purchasing().confirm_account(action, permit)


@effect(
    facts=payment_facts,
    look_up=written,
    undo=exact(take_back),
    says="Pay {amount} of bill {bill}",
    spends="amount",
    editable=("amount",),
    rests_on=AMOUNTS,
)
async def pay_bill(action: PayBill, permit: Permit, about: About) -> PaymentPrepared:
    """A payment that waits for its release. Undone by withdrawing it before it leaves."""
    return await purchasing().pay_bill(action, permit, about.approved_by)


@effect(
    facts=release_facts,
    look_up=written,
    undo=compensating(take_back),
    says="Release payment {payment} over {amount}",
    spends="amount",
)
async def release_payment(action: ReleasePayment, permit: Permit, about: About) -> PaymentReleased:
    """The pain.001 file goes to the bank. Undone by a recall, which stays visible."""
    payment = await purchasing().payment(action.payment)
    if payment is None:
        raise NotOnRecord(f"payment `{action.payment}` is not on record: prepare it first")
    if about.approved_by and about.approved_by == payment.prepared_by:
        raise SamePerson(f"`{about.approved_by}` approved `{action.payment}` when it was prepared: somebody else releases it")
    await hand_over(action.payment, await file_of(payment))
    return await purchasing().release_payment(action, permit, about.approved_by)


@effect(facts=dispute_facts, look_up=written, undo=IRREVERSIBLE, says="Tell the supplier what is wrong with bill {bill}")
async def dispute_bill(action: DisputeBill, permit: Permit, about: About) -> BillDisputed:
    """A fixed letter that names every fault, to the supplier's address on file, and a mark on the bill."""
    found = await standing(purchasing(), action.bill)
    if found is None:
        raise NotOnRecord(f"bill `{action.bill}` is not on record: register it first")
    await mail().send(dispute_letter(found, await company().ourselves(), about.case), action, permit)
    return await purchasing().dispute_bill(action, permit)


@effect(facts=cancel_facts, look_up=written, undo=exact(take_back), says="Cancel what is left of order {order}: {reason}")
async def cancel_order(action: CancelOrder, permit: Permit) -> OrderCancelled:
    """An order that takes nothing more. Undone by opening it again."""
    return await purchasing().cancel_order(action, permit)


async def file_of(payment: PaymentRecord) -> bytes:
    """The pain.001 file of a payment, from records alone: the same every time."""
    supplier, bill = await purchasing().supplier(payment.supplier), await purchasing().bill(payment.bill)
    if supplier is None or bill is None:
        raise NotOnRecord(f"payment `{payment.reference}` is of a bill or supplier that is not on record any more")
    about = f"{bill.billed.number} {bill.order}"
    return payment_file(payment, supplier, await company().ourselves(), about)
