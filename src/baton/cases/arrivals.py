"""What arrived at the door, and which cases came of it."""

from datetime import datetime, timedelta
from typing import Final

from pydantic import AwareDatetime, Field
from sqlalchemy import Connection, func, select, update

from baton.cases import store
from baton.cases import tables as t
from baton.cases.clock import now, written
from baton.types.canonical import hash_of
from baton.types.documents import Message
from baton.types.frozen import Frozen
from baton.types.ids import CaseId

SAME_WORDS: Final = timedelta(days=1)
"""Within this time the same words of the same sender are the same message, whatever its Message-ID says."""


class Opening(Frozen):
    """One thing that came of a message: a case of its own, a case it joined, or one it was answered from."""

    key: str
    arrived: CaseId
    case: CaseId
    how: str = Field(description="`opened` or `joined`")
    at: AwareDatetime
    started: bool
    undone: bool


def content_of(message: Message) -> str:
    """A hash of what a message says: who sent it, its subject, its words and what is attached."""
    files = sorted(file.id for file in message.attachments)
    said = [message.sender, message.subject, message.body.id, *files]
    # What nobody could read is told apart by its bytes.
    return hash_of([*said, message.source.id] if not message.body.size and not files else said)


def arrive(connection: Connection, process: str, prefix: str, message: Message, door: str) -> tuple[CaseId, Message, bool]:
    """Give a message its case of `process`; False where it arrived before: the same Message-ID, or the same words that day.

    Another message under a Message-ID that is taken gets an id of its own, so that nothing is lost.
    """
    content = content_of(message)
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("baton:arrival"))))
    if known := _known(connection, message, content):
        return known, message, False
    message = _of_its_own(connection, message, content)
    case, _ = store.register(connection, process, prefix, message)
    row = {"id": message.id, "content": content, "door": door, "case": case, "at": written(now())}
    store.insert_once(connection, t.arrival, **row)
    return case, message, True


def _known(connection: Connection, message: Message, content: str) -> CaseId | None:
    lately = (t.arrival.c.content == content) & (t.arrival.c.at > written(now() - SAME_WORDS))
    same = (t.arrival.c.id == message.id) & (t.arrival.c.content == content)
    again = (t.arrival.c.id == f"{message.id}#{content[:8]}") & (t.arrival.c.content == content)
    found = connection.execute(select(t.arrival.c.case).where(same | again | lately).limit(1)).scalar()
    return CaseId(found) if found else None


def _of_its_own(connection: Connection, message: Message, content: str) -> Message:
    if connection.execute(select(t.arrival.c.id).where(t.arrival.c.id == message.id)).first() is None:
        return message
    said = "another message came under the same Message-ID before"
    return message.model_copy(update={"id": f"{message.id}#{content[:8]}", "problems": (*message.problems, said)})


def opening(connection: Connection, key: str) -> Opening | None:
    """What was opened, joined or answered under this key, or None."""
    row = connection.execute(select(t.opening).where(t.opening.c.key == key)).first()
    return Opening.model_validate(dict(row._mapping)) if row else None


def openings(connection: Connection, *arrived: CaseId) -> list[Opening]:
    """Everything that came of one message, or of several, and still stands, in its order."""
    mine = t.opening.c.arrived.in_(arrived) & ~t.opening.c.undone
    rows = connection.execute(select(t.opening).where(mine).order_by(t.opening.c.at, t.opening.c.case))
    return [Opening.model_validate(dict(row._mapping)) for row in rows]


def note(connection: Connection, key: str, arrived: CaseId, case: CaseId, how: str, *, started: bool) -> bool:
    """Put on file what comes of a message; False when it stands there already."""
    row = {"key": key, "arrived": arrived, "case": case, "how": how, "at": written(now())}
    return store.insert_once(connection, t.opening, **row, started=started, undone=False)


def mark_started(connection: Connection, key: str) -> None:
    """The server has it."""
    connection.execute(update(t.opening).where(t.opening.c.key == key).values(started=True))


def mark_undone_of(connection: Connection, case: CaseId) -> None:
    """What led to this case was taken back."""
    connection.execute(update(t.opening).where(t.opening.c.case == case).values(undone=True))


def opened_since(connection: Connection, sender: str, since: datetime) -> int:
    """How many cases the messages of one address became since then."""
    mine = select(t.case.c.id).where(t.case.c.sender == sender)
    lately = t.opening.c.arrived.in_(mine) & (t.opening.c.how == "opened") & (t.opening.c.at >= written(since))
    return connection.execute(select(func.count()).where(lately)).scalar_one()


def became(connection: Connection, case: CaseId) -> CaseId:
    """Where a case of intake went on: the case that came of it alone, or itself."""
    cases = {found.case for found in openings(connection, case)}
    return cases.pop() if len(cases) == 1 else case


def open_cases_of(connection: Connection, customer: str | None, sender: str, process: str) -> list[CaseId]:
    """Every open case of a customer or of an address but those of `process`, oldest first."""
    whose = t.case.c.sender == sender
    mine = whose | (t.case.c.customer == customer) if customer else whose
    query = select(t.case.c.id).where(mine, t.case.c.status != "closed", t.case.c.process != process)
    return [CaseId(found) for found in connection.execute(query.order_by(t.case.c.opened)).scalars()]
