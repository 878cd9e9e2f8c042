"""Who wrote, and about which case: read from the records and from what the message itself carries."""

import re
from typing import Final

from sqlalchemy import Connection

from activities.casebook.book import casebook
from activities.casebook.models import CaseSeen, Recognised
from activities.casebook.parties import Party, party_of
from baton.cases import arrivals, store
from baton.cases.store import NoCase
from baton.governance.declare import About
from baton.intake import DOOR
from baton.types.cases import Case
from baton.types.documents import Message
from baton.types.ids import CaseId, DecisionId

_NUMBER: Final = re.compile(r"\b([A-Z]{2,8}-\d{3,9})\b")
_LOOKED_AT: Final = 4000
"""Characters of a message in which a case's number is looked for."""


async def recognised(about: About) -> Recognised:
    """Everything the records know about who sent this message and about which case."""
    book, party = casebook(), await party_of(about.sender)
    message = book.message(about)
    text = book.documents.read(message.body.id).decode("utf-8-sig", "replace")[:_LOOKED_AT]
    with book.database.read() as connection:
        named = [*_numbers(message.subject), *_replied_to(connection, message), *_numbers(text)]
        answers = next((seen for id in named if (seen := _own(connection, id, about, party))), None)
        customer = party.customer if party else None
        mine = arrivals.open_cases_of(connection, customer, about.sender, DOOR) if about.sender else []
    return Recognised(
        known_as=party.known_as if party else "",
        customer=customer,
        tier=party.tier if party else "standard",
        name=party.name if party else "",
        answers=answers,
        open_cases=tuple(mine),
        again=message.told == DOOR,
    )


def _numbers(text: str) -> list[str]:
    return list(dict.fromkeys(_NUMBER.findall(text)))


def _replied_to(connection: Connection, message: Message) -> list[str]:
    """The case of the message or of the letter that this one answers."""
    if message.in_reply_to is None:
        return []
    if found := store.case_of_message(connection, message.in_reply_to):
        return [found]
    # Our letters carry the decision that allowed them as the left part of their Message-ID.
    letter = casebook().ledger.find(DecisionId(message.in_reply_to.partition("@")[0]), connection)
    return [letter.case] if letter and letter.case else []


def _own(connection: Connection, id: str, about: About, party: Party | None) -> CaseSeen | None:
    """The case of this number where it is the sender's own; where a message became one case, that one."""
    try:
        found = store.case(connection, arrivals.became(connection, CaseId(id)))
        opened_by = store.whose(connection, found.id).sender
    except NoCase:
        return None
    same = party is not None and party.customer is not None and party.customer == found.customer
    if found.id == about.case or not (same or (about.sender and opened_by == about.sender)):
        return None
    return _seen(found)


def _seen(case: Case) -> CaseSeen:
    return CaseSeen(case=case.id, process=case.process, open=case.status != "closed", waiting=case.status == "waiting")
