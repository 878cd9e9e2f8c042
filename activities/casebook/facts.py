"""What the records say about opening a case, adding to one, and answering from one. Trusted code."""

from datetime import UTC, datetime, time

from activities.casebook.book import Casebook, casebook
from activities.casebook.messages import fits
from activities.casebook.models import (
    AddMessage,
    AddMessageFacts,
    AnswerStatus,
    AnswerStatusFacts,
    OpenCase,
    OpenCaseFacts,
    RememberChoice,
    RememberChoiceFacts,
)
from activities.casebook.parties import party_of
from activities.systems import crm, mail
from baton.cases import arrivals, store
from baton.cases.store import NoCase
from baton.governance.declare import About
from baton.types.cases import Case
from baton.types.ids import CaseId

NOTHING = "nothing to do"
"""What a person chooses for a message that no process takes."""
SPAM = "spam"


def option_of(kind: str) -> str:
    """A kind of message as people choose it: `warranty_claim` is `warranty claim`."""
    return kind.replace("_", " ") or NOTHING


async def open_case_facts(action: OpenCase, about: About) -> OpenCaseFacts:
    """About opening a case of a process."""
    book = casebook()
    process, message = book.processes.get(action.process), book.message(about)
    midnight = datetime.combine(datetime.now(UTC).date(), time(), tzinfo=UTC)
    with book.database.read() as connection:
        # What was registered and never ran is this very step, begun again.
        came = [found.case for found in arrivals.openings(connection, about.case) if found.started and found.how == "opened"]
        before = sum(store.case(connection, case).process == action.process for case in came)
        today = arrivals.opened_since(connection, about.sender, midnight)
    return OpenCaseFacts(
        process_known=process is not None and process.takes is not None,
        sender_known=await party_of(about.sender) is not None,
        chosen=option_of(action.process) in book.chosen(about),
        fits=fits(message, action.spans, action.attachments, book.documents),
        opened_before=before >= action.number,
        opened_today=today,
    )


async def add_message_facts(action: AddMessage, about: About) -> AddMessageFacts:
    """About adding a message to a case."""
    book = casebook()
    found = _case(book, action.case)
    return AddMessageFacts(
        case_open=found is not None and found.status != "closed",
        case_is_senders=found is not None and _is_senders(book, found, about),
        chosen=f"add to {action.case}" in book.chosen(about),
    )


async def answer_status_facts(action: AnswerStatus, about: About) -> AnswerStatusFacts:
    """About telling how a case stands."""
    book = casebook()
    found = _case(book, action.case)
    return AnswerStatusFacts(
        recipient_known=await crm().customer_by_address(about.sender) is not None,
        values_fit=found is not None,
        case_is_senders=found is not None and _is_senders(book, found, about),
        letters_today=await mail().sent_on(about.sender, datetime.now(UTC).date()),
    )


async def choice_facts(action: RememberChoice, about: About) -> RememberChoiceFacts:
    """About remembering what a person chose."""
    return RememberChoiceFacts(chosen=option_of(action.kind) in casebook().chosen(about))


def _case(book: Casebook, id: str) -> Case | None:
    with book.database.read() as connection:
        try:
            return store.case(connection, CaseId(id))
        except NoCase:
            return None


def _is_senders(book: Casebook, found: Case, about: About) -> bool:
    if about.customer is not None and found.customer is not None:
        return found.customer == about.customer
    with book.database.read() as connection:
        return bool(about.sender) and store.whose(connection, found.id).sender == about.sender
