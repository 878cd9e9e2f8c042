"""What the door does: open a case, add to one, answer how one stands, remember what a person chose."""

from activities.casebook.book import casebook
from activities.casebook.facts import add_message_facts, answer_status_facts, choice_facts, open_case_facts
from activities.casebook.looking import recognised
from activities.casebook.models import (
    AddMessage,
    AnswerStatus,
    CaseOpened,
    ChoiceRemembered,
    MessageAdded,
    OpenCase,
    Recognised,
    RememberChoice,
    WhoseMessage,
)
from activities.casebook.status import status_letter
from activities.mail.models import Sent
from activities.systems import mail
from baton.governance.declare import IRREVERSIBLE, About, Permit, compensating, effect, exact, read
from baton.types.actions import Done


async def written(key: str) -> Done | None:
    """What stands in the casebook under our reference."""
    return casebook().look_up(key)


async def remembered(key: str) -> Done | None:
    """The example kept under our reference."""
    return casebook().remembered(key)


async def sent(key: str) -> Done | None:
    """The letter sent under our reference."""
    return await mail().look_up(key)


async def take_back(done: Done, permit: Permit) -> Done:
    """Cancel the case that was opened; what it did meanwhile stays visible."""
    return await casebook().cancel(done, permit)


async def take_out(done: Done, permit: Permit) -> Done:
    """Take a message off a case's file; what was read in it stays on record."""
    return casebook().take_out(done, permit)


async def forget(done: Done, permit: Permit) -> Done:
    """Drop an example before the next training."""
    return casebook().forget(done)


@read(names_customer=True)
async def recognise(query: WhoseMessage, about: About) -> Recognised:
    """Who wrote, and about which case of theirs."""
    return await recognised(about)


@effect(
    facts=open_case_facts,
    look_up=written,
    undo=compensating(take_back),
    says="Open a case of {process}",
    rests_on=("open_case",),
)
async def open_case(action: OpenCase, permit: Permit, about: About) -> CaseOpened:
    """A case of a process, with the words and the attachments that belong to it."""
    return await casebook().open_case(action, permit, about)


@effect(facts=add_message_facts, look_up=written, undo=compensating(take_out), says="Put the message on the file of {case}")
async def add_message(action: AddMessage, permit: Permit, about: About) -> MessageAdded:
    """The message on file of a case that is under way, which hears of it at once."""
    return await casebook().add_message(action, permit, about)


@effect(facts=answer_status_facts, look_up=sent, undo=IRREVERSIBLE, says="Tell the sender how {case} stands")
async def answer_status(action: AnswerStatus, permit: Permit, about: About) -> Sent:
    """A fixed letter, every word of it from the case itself."""
    return await mail().send(await status_letter(action.case, about), action, permit)


@effect(facts=choice_facts, look_up=remembered, undo=exact(forget), says="Remember that this is `{kind}`")
async def remember_choice(action: RememberChoice, permit: Permit, about: About) -> ChoiceRemembered:
    """A labelled example for the classifier."""
    return casebook().remember(action, permit, about)
