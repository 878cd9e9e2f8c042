"""Purchase orders: from the request to the payment, matched three ways."""

from temporalio import workflow

from activities import purchasing
from activities.purchasing.models import (
    BillQuestion,
    BillStanding,
    CancelOrder,
    ConfirmAccount,
    Confirmed,
    DisputeBill,
    OrderQuestion,
    OrderStanding,
    PartyFound,
    PayBill,
    RecordReceipt,
    ReleasePayment,
    SendOrder,
    SupplierQuery,
    WhoDeals,
)
from agents.lines import Lines, read_lines
from agents.rekey import rekey
from baton.process import Asked, Forbidden, Message, Outcome, Rejected, Returned, Takes, ask, days, do, hours, reply, stage
from baton.types.money import Money
from workflows.departments import PAYABLES, PROCUREMENT, RECEIVING, VENDORS
from workflows.purchase_papers import (
    BILLS,
    Bill,
    Request,
    Shown,
    bill_of,
    lacking,
    may_be_bill,
    more_billed_than_came,
    numbers_in,
    order_file,
    order_of,
)

TAKES = Takes(
    means="somebody in the company wants to buy something, or a supplier confirms, delivers or bills an order",
    examples=(
        "Please order 20 steam irons from Lumen, cost centre CC-410",
        "We need two new laptops for the service desk, the quote is attached",
        "Attached is our invoice for your order PO-1001",
        "Anbei unsere Rechnung zu Ihrer Bestellung PO-1004",
        "Order confirmation for your purchase order",
        "Please find our credit note for the rejected goods",
        "Requisition: office chairs, budget is approved",
    ),
)

NOT_NOW = (Rejected, Returned, Asked, Forbidden)
"""What a person or a rule says instead of yes."""


@workflow.defn
class PurchaseOrder:
    """A wish becomes an order, a delivery and a payment; what does not agree is held, disputed or credited."""

    @workflow.run
    async def run(self, message: Message) -> Outcome:
        """From the request, or from the supplier's own paper, to the payment."""
        async with stage(PROCUREMENT, within=hours(8)):
            party = await do(purchasing.find_party, WhoDeals())
            paper = (await read_lines(message)).values
            bill = await self._bill(message) if may_be_bill(party, paper) else None
            order = await self._find_order(bill, message)
            if not order.known:
                if bill is not None or party.supplier or not party.known:
                    return await self._nothing_ordered(party, paper)
                try:
                    order = await self._order(message, paper)
                except NOT_NOW as no:
                    return Outcome(result="not ordered", words=no.message)
                paper, bill, ended = await self._await_bill(order)
                if bill is None:
                    return Outcome(result=ended, words=f"Order {order.order} with {order.supplier_name}: {ended}.")
            elif bill is None:
                return await self._compare(order, paper)

        async with stage(RECEIVING, within=days(1), package=order_file(order)):
            if more_billed_than_came(order, paper):
                order = await self._receive(order)

        billed = bill_of(order, bill, paper)
        async with stage(PAYABLES, within=days(2), package=order_file(order, billed)):
            try:
                registered = await do(purchasing.register_bill, billed)
            except NOT_NOW as no:
                return Outcome(result="held", words=f"The bill was not registered: {no.message}")
            found = await do(purchasing.find_bill, BillQuestion(bill=registered.bill))
            if found.kind == "credit_note":
                return await self._credited(order, found)
            if "bank" in found.faults:
                found = await self._ask_contact(order, found, bill)
            return await self._settle(found)

    # -- ordering

    async def _order(self, message: Message, paper: Lines) -> OrderStanding:
        """Find the supplier, place the order, and send it out."""
        request = (await rekey(message, into=Request)).values
        supplier = await do(purchasing.find_supplier, SupplierQuery(name=request.supplier, account=request.iban))
        if not supplier.known or not paper.lines or not request.cost_centre:
            raise Rejected(f"the request lacks {' and '.join(lacking(request, supplier, paper))}", "request_incomplete")
        placed = await do(purchasing.place_order, order_of(request, supplier, paper))
        await do(purchasing.send_order, SendOrder(order=placed.order))
        return await do(purchasing.find_order, OrderQuestion(numbers=(placed.order,)))

    async def _await_bill(self, order: OrderStanding) -> tuple[Lines, Bill | None, str]:
        """Whatever comes next about an order, until it is a bill; a confirmation is compared on the way."""
        ended = "ordered"
        while (answer := await reply(within=days(60))) is not None:
            paper = (await read_lines(answer)).values
            if paper.kind in BILLS:
                return paper, await self._bill(answer), ended
            if paper.lines:
                ended = (await self._compare(order, paper)).result
            if ended == "cancelled":
                break
        return Lines(kind="unknown"), None, ended

    async def _compare(self, order: OrderStanding, paper: Lines) -> Outcome:
        """A confirmation beside its order; a person says what a difference means."""
        told = await do(purchasing.compare_confirmation, Confirmed(order=order.order, lines=paper.lines))
        if not told.words:
            return Outcome(result="confirmed", words=f"{order.supplier_name} confirmed {order.order} as it was ordered.")
        question = f"{order.supplier_name} confirms {order.order} otherwise than ordered. What now?"
        said = await ask(
            PROCUREMENT, question, options=("keep the order", "cancel the order"), evidence=Shown(problems=told.words)
        )
        if said.option == "keep the order":
            return Outcome(result="confirmed otherwise", words="; ".join(told.words))
        try:
            await do(purchasing.cancel_order, CancelOrder(order=order.order, reason="confirmed otherwise than ordered"))
        except NOT_NOW as no:
            return Outcome(result="confirmed otherwise", words=no.message)
        return Outcome(result="cancelled", words="; ".join(told.words))

    async def _nothing_ordered(self, party: PartyFound, paper: Lines) -> Outcome:
        """A bill without an order, or a stranger: a person looks, and nothing is paid."""
        kind = paper.kind.replace("_", " ")
        who = "a supplier" if party.supplier else "a colleague" if party.known else "somebody we do not know"
        shown = Shown(problems=(f"{kind} from {who}", "no order on record is named in it"))
        try:
            said = await ask(
                PROCUREMENT, f"No order fits this {kind}. What is it?", options=("sent back", "not ours"), evidence=shown
            )
        except NOT_NOW as no:
            return Outcome(result="sent back", words=no.message)
        return Outcome(result=said.option, words=said.reason or "Nothing was ordered under any number it names.")

    # -- receiving

    async def _receive(self, order: OrderStanding) -> OrderStanding:
        """The warehouse counts; what it does not record did not come."""
        try:
            await do(purchasing.record_receipt, RecordReceipt(order=order.order, lines=order.outstanding))
        except NOT_NOW:
            workflow.logger.info("receipt:nothing came")
        return await do(purchasing.find_order, OrderQuestion(numbers=(order.order,)))

    # -- paying

    async def _bill(self, message: Message) -> Bill:
        """The head of a bill, keyed twice."""
        return (await rekey(message, into=Bill)).values

    async def _find_order(self, bill: Bill | None, message: Message) -> OrderStanding:
        """The order that the paper names, or the mail that brings it."""
        named = (bill.order_number, bill.contract_number, bill.invoice_number) if bill else ()
        return await do(
            purchasing.find_order, OrderQuestion(numbers=(*(one for one in named if one), *numbers_in(message.subject)))
        )

    async def _ask_contact(self, order: OrderStanding, found: BillStanding, bill: Bill) -> BillStanding:
        """A changed account is confirmed by a person through the contact on file, never by the paper that names it."""
        account = bill.iban or ""
        shown = Shown(problems=found.words, supplier=order.supplier_name, contact=order.contact, account=account)
        question = f"Call {order.contact or 'the contact on file'}: does {order.supplier_name} want its money at {account}?"
        options = ("the contact confirms it", "the contact knows nothing of it")
        try:
            async with stage(VENDORS, within=days(1), package=order_file(order)):
                said = await ask(VENDORS, question, options=options, evidence=shown)
                if said.option == options[0]:
                    await do(purchasing.confirm_account, ConfirmAccount(supplier=order.supplier, account=account))
        except NOT_NOW:
            workflow.logger.info("account:not confirmed")
        return await do(purchasing.find_bill, BillQuestion(bill=found.bill))

    async def _settle(self, found: BillStanding) -> Outcome:
        """Pay what is beyond doubt; tell the supplier of the rest."""
        if found.faults:
            try:
                await do(purchasing.dispute_bill, DisputeBill(bill=found.bill))
            except NOT_NOW:
                workflow.logger.info("dispute:held back")
        assert found.undisputed is not None
        if found.undisputed.amount <= 0:
            return Outcome(result="disputed" if found.faults else "nothing due", words="; ".join(found.words))
        try:
            await self._pay(found.bill, found.undisputed)
        except NOT_NOW as no:
            return Outcome(result="held", words=no.message)
        words = "; ".join((f"{found.undisputed} of bill {found.number} paid", *found.words))
        return Outcome(result="part paid" if found.faults else "paid", words=words)

    async def _pay(self, bill: str, amount: Money) -> None:
        """Two steps: a payment is prepared, and released by somebody else where it is large."""
        payment = await do(purchasing.pay_bill, PayBill(bill=bill, amount=amount))
        await do(purchasing.release_payment, ReleasePayment(payment=payment.payment, amount=payment.amount or amount))

    async def _credited(self, order: OrderStanding, note: BillStanding) -> Outcome:
        """A credit note settles what was held for it."""
        if note.faults:
            return Outcome(result="credit note held", words="; ".join(note.words))
        for bill in order.unpaid:
            found = await do(purchasing.find_bill, BillQuestion(bill=bill))
            if not found.faults:
                settled = await self._settle(found)
                return settled.model_copy(update={"words": f"credit note {note.number} booked; {settled.words}"})
        return Outcome(result="credited", words=f"Credit note {note.number} is booked.")
