"""Warranty claims: from the customer's e-mail to the gift card, the repair or the replacement."""

from decimal import Decimal
from typing import Annotated, Literal

from temporalio import workflow

from activities import crm, erp, mail
from activities.crm.models import CloseClaim, Decline, OpenClaim, WhoWrites
from activities.erp.models import (
    DefectReport,
    GiftCard,
    Goodwill,
    OrderFound,
    OrderQuery,
    Recovery,
    Repair,
    Replacement,
    WhichPhotos,
)
from activities.mail.models import Letter, Question
from agents.classify import classify
from agents.rekey import rekey
from baton.process import Asked, Message, Outcome, Rejected, Returned, Takes, ask, days, do, hours, reply, stage
from baton.readers.fields import Defect, Means, Product, PurchaseDate, ReceiptNumber, ReceiptTotal, Seller, Serial
from baton.types.actions import Done
from baton.types.findings import Finding
from baton.types.frozen import Frozen
from baton.types.money import Money
from workflows.departments import CLAIMS, CUSTOMER_SERVICE, FINANCE, LOGISTICS, PURCHASING

TAKES = Takes(
    means="a product broke or never worked, and the customer wants it made good",
    examples=(
        "My kettle stopped working after four months. The receipt is attached, please replace it.",
        "The washing machine leaks. It is still under warranty. Can you repair it?",
        "Unser Staubsauger geht nicht mehr an. Beleg und Seriennummer anbei, wir hätten gern das Geld zurück.",
        "De koffiemachine die ik bij jullie kocht lekt. De bon zit erbij. Kan hij gerepareerd worden?",
    ),
)
NOT_NOW = (Rejected, Returned, Asked)
"""What a person says instead of yes."""
Wish = Literal["gift_card", "repair", "replacement", "goodwill"]


class Claim(Frozen):
    """What is re-keyed from a customer's e-mail and receipt."""

    product: Product | None = None
    serial: Serial | None = None
    seller: Seller | None = None
    purchased: PurchaseDate | None = None
    paid: ReceiptTotal | None = None
    receipt_number: ReceiptNumber | None = None
    defect: Defect | None = None
    wish: Annotated[
        Wish | None,
        Means(
            {
                "gift_card": (
                    "gift card",
                    "voucher",
                    "money back",
                    "refund",
                    "gutschein",
                    "geld zurück",
                    "cadeaubon",
                    "geld terug",
                ),
                "repair": ("repair", "repaired", "fix it", "fixed", "reparatur", "reparieren", "reparatie", "repareren"),
                "replacement": ("replacement", "replace", "new one", "exchange", "ersatz", "umtausch", "vervangen", "nieuwe"),
                "goodwill": ("goodwill", "kulanz", "coulance", "out of warranty", "although the warranty"),
            }
        ),
    ] = None


class ClaimFile(Frozen):
    """What customer service hands to the departments after it."""

    claim: Claim
    order: OrderFound


class ShownBeside(Frozen):
    """What a person sees beside a question of this process."""

    claim: Claim | None = None
    problems: tuple[str, ...] = ()


@workflow.defn
class WarrantyClaim:
    """A broken product becomes a repair, a replacement or a gift card, and the supplier hears of it."""

    @workflow.run
    async def run(self, message: Message) -> Outcome:
        """From the customer's message to the outcome, department by department."""
        async with stage(CUSTOMER_SERVICE, within=hours(4)):
            customer = await do(crm.find_customer, WhoWrites())
            if customer.known:
                await do(mail.send_letter, Letter(template="acknowledge"))
            if not await self._is_claim(message, customer.known):
                return Outcome(result="no claim", words="A person found that this is no warranty claim.")
            claim, order = await self._read(message)
            if wanted := _missing(claim, order, message):
                await do(mail.send_letter, Letter(template="ask_for", values={"documents": " and ".join(wanted)}))
                answer = await reply(within=days(7))
                if answer is None:
                    return Outcome(result="no answer", words=f"The customer did not send {' and '.join(wanted)} within 7 days.")
                claim, order = await self._read(_joined(message, answer))
            if not order.known:
                return await self._decline("", "no_purchase_found")

        async with stage(CLAIMS, within=hours(8), package=ClaimFile(claim=claim.values, order=order)):
            photos = (await do(erp.find_photos, WhichPhotos())).photos
            await do(crm.open_claim, OpenClaim(order=order.order, photos=photos))
            await self._tell("stage_changed", stage="our claims department")

        async with stage(LOGISTICS if _ships(claim.values, order) else FINANCE, within=hours(8)):
            try:
                given, words = await self._remedy(claim.values, order)
            except Rejected as no:
                return await self._decline(order.order, no.code or "not_covered")
            await self._tell(given, reference=words.reference)

        async with stage(PURCHASING, within=days(2)):
            if order.recoverable and given != "goodwill":
                await self._recover(order, order.recoverable)
            defect = claim.values.defect or "not described"
            await do(erp.record_defect, DefectReport(order=order.order, sku=order.sku, description=defect, photos=photos))
            await do(crm.close_claim, CloseClaim(order=order.order))
        return Outcome(result=given.replace("_", " "), words="; ".join(f"{what}: {value}" for what, value in words.wrote.items()))

    async def _is_claim(self, message: Message, known: bool) -> bool:
        """An agent recognises a claim; whatever it does not recognise, and every stranger, goes to a person."""
        if message.told == "warranty_claim":
            return True  # the door told it apart already, or a person there
        kind = await classify(message, {"warranty_claim": TAKES.means})
        if kind.values.label == "warranty_claim" and known:
            return True
        question = (
            "Is this a warranty claim?" if known else "We do not know this sender. Is this a claim of one of our customers?"
        )
        shown = ShownBeside(problems=(*message.problems, kind.values.reason))
        try:
            choice = await ask(CUSTOMER_SERVICE, question, options=("warranty claim", "no claim"), evidence=shown)
        except Rejected:
            return False
        return choice.option == "warranty claim"

    async def _read(self, message: Message) -> tuple[Finding[Claim], OrderFound]:
        """Re-key the claim and find the purchase it speaks of."""
        claim = await rekey(message, into=Claim)
        read = claim.values
        query = OrderQuery(**read.model_dump(include=set(OrderQuery.model_fields)))
        return claim, await do(erp.find_order, query)

    async def _remedy(self, claim: Claim, order: OrderFound) -> tuple[str, Done]:
        """Give what the customer wishes as far as the records allow; whether it may be given is policy."""
        assert order.paid is not None
        number = order.order
        for _ in range(3):
            try:
                if not order.in_warranty:
                    return "goodwill", await do(erp.give_goodwill, Goodwill(order=number, amount=_a_fifth_of(order.paid)))
                if claim.wish == "repair" and order.repairable:
                    return "repair", await do(erp.book_repair, Repair(order=number, defect=claim.defect or "not described"))
                if claim.wish == "replacement" and order.in_stock:
                    return "replacement", await do(erp.send_replacement, Replacement(order=number))
                return "gift_card", await do(erp.issue_gift_card, GiftCard(order=number, amount=order.paid))
            except Asked as question:
                await do(mail.ask_question, Question(text=question.message))
                await reply(within=days(7))
            except Returned as back:
                again = await ask(
                    CUSTOMER_SERVICE,
                    f"The case came back ({back.code or back.message}). What now?",
                    options=("propose again", "decline"),
                )
                if again.option == "decline":
                    raise Rejected("returned and declined", "not_covered") from back
        raise Rejected("the case came back three times", "not_covered")

    async def _recover(self, order: OrderFound, amount: Money) -> None:
        """Charge the supplier; a refusal leaves the customer's remedy as it is."""
        try:
            await do(erp.recover_from_supplier, Recovery(order=order.order, amount=amount))
        except NOT_NOW:
            workflow.logger.info("recovery:held back")

    async def _decline(self, order: str, code: str) -> Outcome:
        """Say no, with a reason the customer is told; a person has to agree."""
        try:
            await do(crm.decline_claim, Decline(order=order, code=code))
        except NOT_NOW as no:
            return Outcome(result="closed by a person", words=no.message)
        await self._tell("declined", reason=code.replace("_", " "))
        if order:
            await do(crm.close_claim, CloseClaim(order=order))
        return Outcome(result="declined", words=f"Declined: {code.replace('_', ' ')}.")

    async def _tell(self, template: str, **values: str) -> None:
        """Write to the customer; when a person holds the letter back, the case goes on without it."""
        try:
            await do(mail.send_letter, Letter(template=template, values=values))
        except NOT_NOW:
            workflow.logger.info("letter:held back")


def _missing(claim: Finding[Claim], order: OrderFound, message: Message) -> list[str]:
    """What the customer has to send before anybody can decide; never what is on file."""
    proof = [claim.field(name) for name in ("paid", "purchased")]
    receipt = all(field and field.evidence and field.evidence.document != message.body.id for field in proof)
    wanted = [] if receipt else ["a readable copy of the receipt"]
    return wanted if order.known or claim.values.serial else [*wanted, "the serial number of the product"]


def _ships(claim: Claim, order: OrderFound) -> bool:
    """Whether the remedy is a parcel rather than money."""
    repaired, replaced = claim.wish == "repair" and order.repairable, claim.wish == "replacement" and order.in_stock > 0
    return order.in_warranty and (repaired or replaced)


def _joined(message: Message, answer: Message) -> Message:
    """The claim together with what the customer sent later."""
    return message.model_copy(update={"attachments": (*message.attachments, answer.body, *answer.attachments)})


def _a_fifth_of(paid: Money) -> Money:
    """What goodwill proposes: a fifth of the price, which a person may change."""
    return Money(amount=(paid.amount / 5).quantize(Decimal("0.01")), currency=paid.currency)
