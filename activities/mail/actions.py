"""What Baton writes to customers: fixed letters, and a person's own question. Neither can be taken back."""

from typing import Final

from activities.erp.models import RepairBooked
from activities.mail import templates
from activities.mail.contracts import contract_words, enclosed
from activities.mail.facts import letter_facts, promised, question_facts
from activities.mail.models import Letter, Question, Sent
from activities.mail.port import Envelope
from activities.mail.standing import standing
from activities.systems import crm, mail
from baton.governance.declare import IRREVERSIBLE, About, Permit, effect
from baton.types.actions import Done

_STRANGER: Final = "there"


async def written(key: str) -> Done | None:
    """The letter sent under our reference."""
    return await mail().look_up(key)


@effect(facts=letter_facts, look_up=written, undo=IRREVERSIBLE, says="Write `{template}` to the customer")
async def send_letter(action: Letter, permit: Permit, about: About) -> Sent:
    """One letter from a template, to whoever wrote to us."""
    customer = await _customer_name(about)
    subject, text = templates.write(action.template, action.values, await _from_records(action, about, customer))
    asked = templates.asked_in(action.values.get("documents", ""))
    envelope = _envelope(action.template, subject, text, about, customer, asks_for=asked)
    return await mail().send(envelope.model_copy(update={"enclosed": await enclosed(action, about)}), action, permit)


@effect(facts=question_facts, look_up=written, undo=IRREVERSIBLE, says="Ask the customer: {text}", editable=("text",))
async def ask_question(action: Question, permit: Permit, about: About) -> Sent:
    """A person's own words to whoever wrote to us."""
    customer = await _customer_name(about)
    subject, text = templates.put(action.text, {"name": customer or _STRANGER, "case": about.case})
    return await mail().send(_envelope("question", subject, text, about, customer, automatic=False), action, permit)


def _envelope(
    template: str, subject: str, text: str, about: About, name: str, asks_for: tuple[str, ...] = (), automatic: bool = True
) -> Envelope:
    return Envelope(
        template=template,
        recipient=about.sender,
        name=name,
        subject=subject,
        text=text + standing(about.case),
        asks_for=asks_for,
        in_reply_to=about.message_id,
        automatic=automatic,
    )


async def _from_records(action: Letter, about: About, customer: str) -> dict[str, str]:
    records = {"name": customer or _STRANGER, "case": about.case} | await contract_words(action, about)
    done = await promised(action, about) if "reference" in action.values else None
    if done is not None and done.amount is not None:
        records["amount"] = str(done.amount)
    if isinstance(done, RepairBooked):
        records["centre"] = done.centre
    return records


async def _customer_name(about: About) -> str:
    found = await crm().customer_by_address(about.sender)
    return found.name if found else ""
