"""Which webhooks there are, whose rights each has, and what was sent to it."""

import secrets
from typing import Any, Literal, TypeAlias
from uuid import uuid4

from sqlalchemy import Connection, func, select, update

from baton.cases.clock import now, written
from baton.cases.tables import task
from baton.console.bench import Bench
from baton.console.signin.visitor import Visitor
from baton.console.tables import delivery, webhook
from baton.console.webhooks.events import KINDS
from baton.console.webhooks.signing import Secrets
from baton.console.webhooks.targets import BadTarget, parsed
from baton.errors import BatonError
from baton.governance import rows
from baton.ledger.tables import decision_index
from baton.types.frozen import Frozen
from baton.types.ids import PersonId, StepKey, decision_id

Status: TypeAlias = Literal["waiting", "delivered", "dead"]


class NoWebhook(BatonError):
    """There is no such webhook, or nothing such was sent to it."""


class Webhook(Frozen):
    """One webhook."""

    id: str
    url: str
    events: tuple[str, ...]
    """Which kinds; empty for all."""
    owner: str
    """It hears of the cases that this integration or person may look at."""
    made: str
    ended: str
    """When it was ended; empty while it is sent to."""
    waiting: int = 0
    dead: int = 0
    """How much was given up on: it can be sent again."""


class MadeWebhook(Frozen):
    """A webhook just made, with the secret that signs what it is sent: shown this once."""

    secret: str
    webhook: Webhook


class Delivery(Frozen):
    """One event on its way to one webhook."""

    event: str
    kind: str
    status: Status
    made: str
    due: str
    """When it is sent next."""
    tries: int
    words: str
    """How the last attempt ended."""
    body: str


def make(visitor: Visitor, url: str, events: tuple[str, ...], integration: str = "") -> MadeWebhook:
    """Begin to tell what happens from now on. Raises `NotAllowed`, `BadTarget` or `NoWebhook`."""
    visitor.need("baton:administer")
    bench = visitor.bench
    parsed(url, bench.settings.webhooks_inside)
    if strange := sorted(set(events) - set(KINDS)):
        raise BadTarget(f"there are no events `{strange[0]}`: name some of {', '.join(f'`{kind}`' for kind in KINDS)}")
    id = "wh_" + secrets.token_hex(8)
    with bench.database.write() as connection:
        owner = bench.engine.people(connection).get(PersonId(integration or visitor.person.id))
        if owner is None or not owner.active:
            raise NoWebhook(f"nothing active is called `{integration}`: make it a token first, as in `integration:web-shop`")
        newest = connection.execute(select(func.max(decision_index.c.position))).scalar()
        values = {"made": written(now()), "ended": "", "position": -1 if newest is None else newest}
        opened = connection.execute(select(func.max(task.c.opened))).scalar() or ""
        connection.execute(webhook.insert().values(id=id, url=url, events=list(events), owner=owner.id, opened=opened, **values))
        _note(connection, visitor, "webhook made", id, str(parsed(url, True).hostname))
        made = _listed(connection, id)[0]
    return MadeWebhook(secret=Secrets(bench.home).of(id), webhook=made)


def listed(visitor: Visitor) -> tuple[Webhook, ...]:
    """Every webhook there is or was."""
    visitor.need("baton:administer")
    with visitor.bench.database.read() as connection:
        return _listed(connection)


def end(visitor: Visitor, id: str) -> Webhook:
    """Tell it nothing more. Raises `NoWebhook`."""
    visitor.need("baton:administer")
    with visitor.bench.database.write() as connection:
        found = _one(connection, id)
        if not found.ended:
            connection.execute(update(webhook).where(webhook.c.id == id).values(ended=written(now())))
            waits = (delivery.c.webhook == id) & (delivery.c.status == "waiting")
            connection.execute(update(delivery).where(waits).values(status="dead", words="the webhook was ended"))
            _note(connection, visitor, "webhook ended", id, "")
        return _one(connection, id)


def deliveries(visitor: Visitor, id: str, status: str = "", most: int = 100) -> tuple[Delivery, ...]:
    """What was sent or waits, the newest first. Raises `NoWebhook`."""
    visitor.need("baton:administer")
    query = select(delivery).where(delivery.c.webhook == id).order_by(delivery.c.made.desc(), delivery.c.event).limit(most)
    with visitor.bench.database.read() as connection:
        _one(connection, id)
        found = connection.execute(query.where(delivery.c.status == status) if status else query)
        return tuple(_delivery(row) for row in found)


def send_again(visitor: Visitor, id: str, event: str) -> Delivery:
    """Send it once more, whether it was given up on or heard. Raises `NoWebhook`."""
    visitor.need("baton:administer")
    mine = (delivery.c.webhook == id) & (delivery.c.event == event)
    with visitor.bench.database.write() as connection:
        if _one(connection, id).ended:
            raise NoWebhook(f"webhook `{id}` was ended: make another one")
        values = {"status": "waiting", "due": written(now()), "tries": 0}
        if connection.execute(update(delivery).where(mine).values(**values)).rowcount == 0:
            raise NoWebhook(f"no event `{event[:64]}` was for webhook `{id}`")
        return _delivery(connection.execute(select(delivery).where(mine)).one())


def _one(connection: Connection, id: str) -> Webhook:
    found = _listed(connection, id)
    if not found:
        raise NoWebhook(f"there is no webhook `{id[:64]}`")
    return found[0]


def _listed(connection: Connection, id: str = "") -> tuple[Webhook, ...]:
    query = select(webhook).order_by(webhook.c.made.desc())
    counts = select(delivery.c.webhook, delivery.c.status, func.count()).where(delivery.c.status != "delivered")
    found = connection.execute(counts.group_by(delivery.c.webhook, delivery.c.status)).all()
    known: dict[tuple[str, str], int] = {(row[0], row[1]): row[2] for row in found}
    return tuple(
        Webhook(
            id=row.id, url=row.url, events=tuple(row.events), owner=row.owner, made=row.made, ended=row.ended,
            waiting=known.get((row.id, "waiting"), 0), dead=known.get((row.id, "dead"), 0),
        )
        for row in connection.execute(query.where(webhook.c.id == id) if id else query)
    )  # fmt: skip


def _delivery(row: Any) -> Delivery:
    return Delivery(**{name: getattr(row, name) for name in Delivery.model_fields})


def _note(connection: Connection, visitor: Visitor, outcome: str, id: str, host: str) -> None:
    by, row = rows.actor(visitor.person), decision_id(StepKey(f"{id}/{uuid4()}"), outcome)
    detail = {"webhook": id} | ({"host": host} if host else {})
    made = rows.row("handoff", row, by, outcome, action="baton:administer", detail=detail)
    visitor.bench.engine.ledger.append(connection, made)


def owner_of(bench: Bench, connection: Connection, owner: str) -> Visitor | None:
    """Whose eyes a webhook sees with; None when they may not look at anything any more."""
    person = bench.engine.people(connection).get(PersonId(owner))
    return Visitor(person, "", "", "webhook", bench) if person and person.active else None
