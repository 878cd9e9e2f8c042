"""Mail that the door put aside: people look through it in bulk, and bring back what was meant for them."""

from datetime import timedelta
from typing import Final

from pydantic import AwareDatetime, Field
from sqlalchemy import Connection, exists, select
from temporalio.client import Client

from baton.cases import arrivals, store
from baton.cases import tables as t
from baton.cases.clock import moment, now, written
from baton.documents.store import DocumentStore
from baton.errors import BatonError
from baton.governance import rows
from baton.governance.engine import Engine
from baton.intake import DOOR, start
from baton.runtime.bootstrap import prefix
from baton.types.decisions import Decision
from baton.types.documents import Message
from baton.types.frozen import Frozen
from baton.types.ids import CaseId
from baton.types.people import Actor, Person

KEPT_IN_SIGHT: Final = timedelta(days=30)
_WORDS: Final = 240


class NotAside(BatonError):
    """The message is not one that was put aside."""


class MayNotBringBack(BatonError):
    """This person may not hand a message in."""


class Aside(Frozen):
    """One message that was put aside."""

    case: CaseId
    sender: str
    subject: str
    at: AwareDatetime
    why: str = Field(description="what the door took it for, as in `spam`")
    words: str = Field(description="how it begins")
    attachments: int


def put_aside(connection: Connection, documents: DocumentStore, limit: int = 100, before: str = "") -> list[Aside]:
    """What was put aside in the last thirty days and not brought back, newest first; `before` is a moment, to go on from."""
    outcome = t.case.c.body["outcome"]
    came = exists().where(t.opening.c.arrived == t.case.c.id, ~t.opening.c.undone)
    query = (
        select(t.case.c.id, t.case.c.opened, outcome["result"].as_string().label("why"), t.message.c.body)
        .join(t.message, (t.message.c.case == t.case.c.id) & (t.message.c.id == t.case.c.message))
        .where(t.case.c.status == "closed", t.case.c.process == DOOR, outcome["aside"].as_boolean(), ~came)
        .where(t.case.c.opened > written(now() - KEPT_IN_SIGHT), t.case.c.opened < (before or "9"))
    )
    found = connection.execute(query.order_by(t.case.c.opened.desc()).limit(limit))
    return [_aside(CaseId(row.id), row.opened, row.why, Message.model_validate(row.body), documents) for row in found]


def _aside(case: CaseId, at: str, why: str, message: Message, documents: DocumentStore) -> Aside:
    words = " ".join(documents.read(message.body.id)[: 4 * _WORDS].decode("utf-8-sig", "replace").split())[:_WORDS]
    return Aside(
        case=case,
        sender=message.sender,
        subject=message.subject,
        at=moment(at),
        why=why,
        words=words,
        attachments=len(message.attachments),
    )


async def bring_back(engine: Engine, client: Client, person: Person, case: CaseId, workflow: str, queue: str) -> CaseId:
    """Give a message that was put aside to people, as a case of its own; the same message twice is one.

    Raises `MayNotBringBack`, `NotAside`, or `NoCase`. When the server is away, do it again: what was done so far is found.
    """

    def once() -> tuple[CaseId, Message]:
        with engine.database.write() as connection:
            return _once(engine, connection, person, case)

    if not workflow:
        raise NotAside("this company has no front door: nothing was put aside")
    again, message = await engine.database.transact(once)
    await start(client, workflow, message, again, queue)
    return again


def _once(engine: Engine, connection: Connection, person: Person, case: CaseId) -> tuple[CaseId, Message]:
    permission = engine.policies.may_do(person, "baton:submit", {"process": DOOR})
    if not permission.allowed:
        raise MayNotBringBack(f"{person.name} may not hand a message in: {permission.words}")
    found = store.case(connection, case)
    if found.process != DOOR or found.outcome is None or not found.outcome.aside:
        raise NotAside(f"`{case}` was not put aside: open it on its own page")
    message = store.messages(connection, case)[0]
    # Told to the door by a person: the door asks people what it is, and does not judge it again.
    message = message.model_copy(update={"id": f"{message.id}#again", "told": DOOR})
    again, _ = store.register(connection, DOOR, prefix(DOOR), message)
    if arrivals.note(connection, f"again/{case}", case, again, "opened", started=True):
        engine.ledger.append(connection, _row(engine, rows.actor(person), case, again))
    return again, message


def _row(engine: Engine, by: Actor, case: CaseId, again: CaseId) -> Decision:
    detail = {"result": "put aside", "again": again}
    return rows.plain_row(
        "handoff", case, "brought back", by, "brought_back", process=DOOR, detail=detail, bundle=engine.policies.bundle.hash
    )
