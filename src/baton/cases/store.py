"""The case store. Every method takes the caller's connection, so that a decision and what follows from it commit together."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic_core import from_json
from sqlalchemy import Connection, Row, delete, func, select, update

from baton.cases import prepared as q
from baton.cases import tables as t
from baton.cases.clock import moment, now, written
from baton.errors import BatonError
from baton.store.lookup import column, first, look_up
from baton.types.canonical import Json
from baton.types.cases import Case, Outcome, Task
from baton.types.documents import Document, Message
from baton.types.ids import CaseId, CustomerId, PersonId, TaskId
from baton.types.people import Person


class NoCase(BatonError):
    """There is no such case."""


class NoTask(BatonError):
    """There is no such task."""


class Whose(NamedTuple):
    """Whom a case is about, and the address that opened it."""

    customer: CustomerId | None
    tier: str
    sender: str


class Filed(NamedTuple):
    """A message on file: the ids of itself, of its words and of what came attached."""

    id: str
    body: str
    attachments: tuple[str, ...]


def insert_once(connection: Connection, table: Any, **values: Any) -> bool:
    """Insert unless a row with this key stands already; True when it was inserted."""
    return connection.execute(q.insert_of(table, connection.dialect.name), values).rowcount == 1


# -- people


def keep_people(connection: Connection, people: Iterable[Person]) -> None:
    """Bring the staff up to date with the company's records."""
    for person in people:
        body = person.model_dump(mode="json")
        if not insert_once(connection, t.person, id=person.id, body=body):
            connection.execute(update(t.person).where(t.person.c.id == person.id).values(body=body))


def people(connection: Connection) -> list[Person]:
    """Everybody on the staff, active or not, in the order of their ids."""
    return [person_of(body) for body in column(connection, q.PEOPLE)]


@lru_cache(maxsize=4096)
def person_of(body: str) -> Person:
    """Every judged step asks for all the staff, who change rarely; what is kept goes by the text that stands there now."""
    return Person.model_validate_json(body)


def load_of(connection: Connection) -> dict[str, int]:
    """How many open cases each person holds."""
    return {str(person): int(count) for person, count in look_up(connection, q.LOAD)}


# -- cases


def register(connection: Connection, process: str, prefix: str, message: Message) -> tuple[CaseId, bool]:
    """Give a message its case: a new one, or the one it already has, since the same message twice is one case."""
    known = connection.execute(select(t.case.c.id).where(t.case.c.process == process, t.case.c.message == message.id)).scalar()
    if known:
        return CaseId(known), False
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"baton:{process}"))))
    last = connection.execute(select(func.max(t.case.c.number)).where(t.case.c.process == process)).scalar()
    number = (last or 1000) + 1
    case = CaseId(f"{prefix}-{number}")
    connection.execute(
        t.case.insert().values(
            id=case,
            process=process,
            number=number,
            message=message.id,
            sender=message.sender,
            status="open",
            stage="intake",
            tier="standard",
            opened=written(now()),
            body={"subject": message.subject},
        )
    )
    file_message(connection, case, message)
    return case, True


def file_message(connection: Connection, case: CaseId, message: Message) -> bool:
    """Put a message and its documents on file; False when it was filed before."""
    fresh = insert_once(connection, t.message, id=message.id, case=case, at=written(now()), body=message.model_dump(mode="json"))
    for document in (message.body, *message.attachments):
        insert_once(connection, t.document, case=case, id=document.id, body=document.model_dump(mode="json"))
    return fresh


def unfile_messages(connection: Connection, case: CaseId, arrived: CaseId) -> None:
    """Take off a case's file the messages that arrived as another one, with documents that came with nothing else."""
    theirs = {message.id for message in messages(connection, arrived)}
    kept = [message for message in messages(connection, case) if message.id not in theirs]
    staying = {file.id for message in kept for file in (message.body, *message.attachments)}
    connection.execute(delete(t.message).where(t.message.c.case == case, t.message.c.id.in_(theirs)))
    connection.execute(delete(t.document).where(t.document.c.case == case, t.document.c.id.not_in(staying)))


def case(connection: Connection, id: CaseId) -> Case:
    """One case. Raises `NoCase`."""
    row = first(connection, q.CASE, {"id": id})
    if row is None:
        raise NoCase(f"there is no case `{id}`: `baton cases` lists them")
    return _case(row)


def cases(connection: Connection, status: str | None = None) -> list[Case]:
    """All cases, oldest first."""
    query = select(t.case).order_by(t.case.c.opened, t.case.c.id)
    return [_case(row) for row in connection.execute(query if status is None else query.where(t.case.c.status == status))]


def of_customer(connection: Connection, customer: str, most: int) -> list[tuple[Case, str]]:
    """A customer's newest cases, each with the address that opened it, the newest first."""
    return [(_case(row), str(row.sender)) for row in look_up(connection, q.OF_CUSTOMER, {"customer": customer, "most": most})]


def case_of_message(connection: Connection, message_id: str) -> CaseId | None:
    """The case a message is filed in; the latest, where it became a case of its own after it arrived."""
    newest = select(t.message.c.case).where(t.message.c.id == message_id).order_by(t.message.c.at.desc(), t.message.c.case.desc())
    found = connection.execute(newest.limit(1)).scalar()
    return CaseId(found) if found else None


def whose(connection: Connection, id: CaseId) -> Whose:
    """Whom a case is about. Raises `NoCase`."""
    row = first(connection, q.WHOSE, {"id": id})
    if row is None:
        raise NoCase(f"there is no case `{id}`: `baton cases` lists them")
    return Whose(*row)


def name_customer(connection: Connection, id: CaseId, customer: CustomerId, tier: str) -> None:
    """Whose case it is: set once, from the records, and never changed."""
    connection.execute(q.NAME_CUSTOMER, {"at": id, "customer": customer, "tier": tier})


def name_owner(connection: Connection, id: CaseId, owner: PersonId | None) -> None:
    """The customer's named owner, constant to the end."""
    connection.execute(update(t.case).where(t.case.c.id == id, t.case.c.owner.is_(None)).values(owner=owner))


def set_status(connection: Connection, id: CaseId, status: str, trouble: str = "") -> None:
    """Show how a case stands; a closed case stays closed."""
    body = _body(connection, id) | {"trouble": trouble}
    query = update(t.case).where(t.case.c.id == id, t.case.c.status != "closed")
    connection.execute(query.values(status=status, body=body))


def close(connection: Connection, id: CaseId, outcome: Outcome) -> None:
    """The case ended so; what waited in it is closed."""
    body = _body(connection, id) | {"outcome": outcome.model_dump(mode="json"), "trouble": ""}
    values = {"status": "closed", "closed": written(now()), "holder": None, "due": None, "body": body}
    connection.execute(update(t.case).where(t.case.c.id == id).values(**values))
    connection.execute(update(t.task).where(t.task.c.case == id, t.task.c.status == "open").values(status="closed"))


def _body(connection: Connection, id: CaseId) -> dict[str, Any]:
    found = connection.execute(select(t.case.c.body).where(t.case.c.id == id)).scalar()
    if found is None:
        raise NoCase(f"there is no case `{id}`: `baton cases` lists them")
    return dict(found)


def _case(row: Row[Any]) -> Case:
    body = row.body
    return Case(
        id=row.id,
        process=row.process,
        status=row.status,
        stage=row.stage,
        subject=body.get("subject", ""),
        customer=row.customer,
        tier=row.tier,
        owner=row.owner,
        holder=row.holder,
        opened=moment(row.opened),
        due=moment(row.due) if row.due else None,
        closed=moment(row.closed) if row.closed else None,
        outcome=Outcome.model_validate(body["outcome"]) if body.get("outcome") else None,
        trouble=body.get("trouble", ""),
    )


# -- documents and findings


def documents(connection: Connection, id: CaseId) -> list[Document]:
    """Everything on file for a case."""
    return [Document.model_validate(body) for body in column(connection, q.DOCUMENTS, {"id": id})]


def messages(connection: Connection, id: CaseId) -> list[Message]:
    """The customer's messages, in the order they came."""
    return [Message.model_validate(body) for body in column(connection, q.MESSAGES, {"id": id})]


def filed(connection: Connection, id: CaseId) -> list[Filed]:
    """The same messages, as ids alone."""
    bodies = column(connection, q.MESSAGES, {"id": id})
    return [Filed(body["id"], body["body"]["id"], tuple(file["id"] for file in body["attachments"])) for body in bodies]


def keep_finding(connection: Connection, id: str, case_id: CaseId, form: str, body: dict[str, Json]) -> None:
    """What an agent concluded, for the facts and policies of later steps."""
    last = connection.execute(select(func.count()).select_from(t.finding).where(t.finding.c.case == case_id)).scalar_one()
    insert_once(connection, t.finding, id=id, case=case_id, form=form, position=last, body=body)


def findings(connection: Connection, id: CaseId) -> list[tuple[str, str, dict[str, Any]]]:
    """Every finding of a case, oldest first: id, form, and the whole finding."""
    return [(found, form, dict(body)) for found, form, body in look_up(connection, q.FINDINGS, {"id": id})]


def finding(connection: Connection, id: str) -> dict[str, Any] | None:
    """One finding, by the id of its decision."""
    found = first(connection, q.FINDING, {"id": id})
    return dict(found.body) if found else None


# -- tasks


def open_task(connection: Connection, task: Task) -> bool:
    """Put a task before people; False when it stands already."""
    values = {"id": task.id, "case": task.case, "status": task.status, "department": task.department}
    times = {"opened": written(task.opened), "due": written(task.due) if task.due else None}
    return insert_once(connection, t.task, assignee=task.assignee, body=task.model_dump(mode="json"), **values, **times)


def task(connection: Connection, id: TaskId) -> Task:
    """One task. Raises `NoTask`."""
    row = first(connection, q.TASK, {"id": id})
    if row is None:
        raise NoTask(f"there is no task `{id}`: `baton tasks` lists them")
    return _task_of(row.body, row.status, row.assignee)


def tasks(connection: Connection, status: str | None = "open", case_id: CaseId | None = None) -> list[Task]:
    """Tasks, the most urgent first."""
    if case_id is not None and status is None:
        return [_task_of(row.body, row.status, row.assignee) for row in look_up(connection, q.TASKS, {"id": case_id})]
    query = q.ANY_TASK.order_by(t.task.c.due, t.task.c.opened, t.task.c.id)
    if status is not None:
        query = query.where(t.task.c.status == status)
    if case_id is not None:
        query = query.where(t.task.c.case == case_id)
    return [_task_of(row.body, row.status, row.assignee) for row in connection.execute(query)]


def change_task(connection: Connection, task: Task) -> None:
    """Write a task as it stands now."""
    values = {"status": task.status, "assignee": task.assignee, "due": written(task.due) if task.due else None}
    connection.execute(update(t.task).where(t.task.c.id == task.id).values(body=task.model_dump(mode="json"), **values))


@lru_cache(maxsize=1024)
def _task_of(body: str, status: str, assignee: str | None) -> Task:
    """A task is looked at again and again while it waits; what is kept goes by what stands there now."""
    return Task.model_validate(from_json(body) | {"status": status, "assignee": assignee})


# -- alerts


def alert(connection: Connection, id: str, case_id: CaseId, words: str) -> bool:
    """Somebody has to look; False when this alert was raised before."""
    return insert_once(connection, t.alert, id=id, case=case_id, at=written(now()), words=words)


def alerts(connection: Connection) -> list[dict[str, Any]]:
    """Everything somebody has to look at, oldest first."""
    return [dict(row._mapping) for row in connection.execute(select(t.alert).order_by(t.alert.c.at))]
