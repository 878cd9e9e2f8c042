"""A message becomes a case, or joins the one it belongs to. The same message twice is one."""

import asyncio
import logging
import re
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from baton.cases import arrivals
from baton.cases import store as cases
from baton.cases.clock import now
from baton.documents.message import file_message
from baton.documents.store import DocumentStore
from baton.errors import BatonError
from baton.governance.engine import Engine
from baton.runtime.bootstrap import prefix
from baton.store import Database
from baton.types.documents import Message
from baton.types.frozen import Frozen
from baton.types.ids import CaseId

DOOR = "intake"
"""The process that every message goes through which nobody hands to another one."""
_MENTIONED = re.compile(r"\[([A-Z]{2,8}-\d+)\]")
_log = logging.getLogger("baton.intake")


class NotAMessage(BatonError):
    """The file cannot be submitted."""


class Submitted(Frozen):
    """Where a message went."""

    case: CaseId
    how: str
    """`opened`, `joined` an open case, or `known` already."""
    message: str


async def submit(
    engine: Engine, documents: DocumentStore, client: Client, path: Path, process: str, workflow: str, queue: str
) -> Submitted:
    """File one message and start or continue its case. Raises `NotAMessage` for what is no readable file."""
    raw = _bytes(path)
    if process == DOOR:
        return await receive(engine.database, documents, client, raw, workflow, queue, "submit")
    message = filed(raw, documents)
    with engine.database.write() as connection:
        open_case = _open_case(connection, message)
        if open_case is not None:
            fresh = cases.file_message(connection, open_case, message)
        else:
            case, fresh = cases.register(connection, process, engine.prefixes[process], message)
    if open_case is not None:
        # A signal, so that a reply is kept even while no worker is up.
        await client.get_workflow_handle(open_case).signal("message", message)
        return Submitted(case=open_case, how="joined" if fresh else "known", message=message.id)
    await start(client, workflow, message, case, queue)
    return Submitted(case=case, how="opened" if fresh else "known", message=message.id)


async def receive(
    database: Database, documents: DocumentStore, client: Client, raw: bytes, workflow: str, queue: str, door: str
) -> Submitted:
    """Take one message in by the door: filed once, whatever it holds, and given to the process `intake`.

    When this returns the message is safe; when it raises, bring it again: what was done so far is found.
    """
    message = await asyncio.to_thread(filed, raw, documents)

    def arrive() -> tuple[CaseId, Message, bool]:
        with database.write() as connection:
            return arrivals.arrive(connection, DOOR, prefix(DOOR), message, door)

    case, known_as, fresh = await database.transact(arrive)
    # Known ones too: whoever brought it the first time may have died before the server had it.
    await start(client, workflow, known_as, case, queue)
    return Submitted(case=case, how="opened" if fresh else "known", message=known_as.id)


async def start(client: Client, workflow: str, message: Message, case: CaseId, queue: str) -> None:
    """Have the server run a case; one that runs or has ended is left as it is."""
    with suppress(WorkflowAlreadyStartedError):  # the case has ended: the message is known
        await client.start_workflow(
            workflow,
            message,
            id=case,
            task_queue=queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )


def filed(raw: bytes, documents: DocumentStore) -> Message:
    """The message on file. One that no parser likes is filed as it came, for a person to look at."""
    try:
        return file_message(raw, documents)
    except Exception as error:  # a parser's own fault must not stop the door
        _log.exception("message:unreadable")
        source = documents.put(raw, "message.eml", "application/octet-stream")
        return Message(
            id=f"sha256:{source.id}",
            sender="",
            subject="",
            received=now(),
            source=source,
            body=documents.put(b"", "message.txt", "text/plain"),
            problems=(f"no parser could read this message ({type(error).__name__}): look at the file as it came",),
        )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotAMessage(f"cannot read `{path}`: {error.strerror}; name a message (.eml, .msg) or a folder of them") from error


def _open_case(connection: Connection, message: Message) -> CaseId | None:
    """The case a reply belongs to: named in the subject or by the message it answers, and opened by the same sender."""
    mentioned = _MENTIONED.search(message.subject)
    named = CaseId(mentioned[1]) if mentioned else None
    answered = cases.case_of_message(connection, message.in_reply_to) if message.in_reply_to else None
    for found in (named, answered):
        if found and _belongs(connection, found, message):
            return found
    return None


def _belongs(connection: Connection, case: CaseId, message: Message) -> bool:
    try:
        known = cases.case(connection, case)
    except cases.NoCase:
        return False
    same_message = cases.case_of_message(connection, message.id) == case
    return known.status != "closed" and not same_message and cases.whose(connection, case).sender == message.sender
