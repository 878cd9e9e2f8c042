"""Everything about one customer, as far as whoever looks may see it: bought, given, under way, said, and earlier."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, select

from baton.cases import store
from baton.cases.clock import moment
from baton.cases.tables import message, opening, task
from baton.console.access import viewable_of
from baton.console.callers import called
from baton.console.giventhem import Given, Written, given
from baton.console.known import Known, known_of
from baton.console.signin.visitor import NotAllowed, Visitor
from baton.console.staff import staff
from baton.errors import BatonError
from baton.types.cases import Case
from baton.types.customers import Bought
from baton.types.frozen import Frozen

MOST = 100
"""So many of a customer's cases are looked through, the newest."""
_MESSAGES = 60
_CASES: BindParameter[str] = bindparam("cases", expanding=True)
_TITLE = task.c.body["title"].as_string()
_OPEN = (
    select(task.c.id, task.c.case, task.c.department, task.c.assignee, task.c.due, task.c.status, _TITLE)
    .where(task.c.case.in_(_CASES), task.c.status.in_(("open", "deciding")))
    .order_by(task.c.due, task.c.id)
)
_CAME = (
    select(message.c.case, message.c.body)
    .where(message.c.case.in_(_CASES))
    .order_by(message.c.at.desc(), message.c.case.desc())
    .limit(2 * _MESSAGES)
)
_BECAME = select(opening.c.arrived).where(opening.c.arrived.in_(_CASES), ~opening.c.undone)


class NoCustomer(BatonError):
    """Nobody is known under this id."""


class Waits(Frozen):
    """Something of theirs that a person has to decide."""

    task: str
    case: str
    title: str
    department: str
    assignee: str
    due: datetime | None
    deciding: bool


class Said(Frozen):
    """One message, theirs or ours."""

    way: Literal["in", "out"]
    at: datetime
    case: str
    subject: str
    address: str
    decision: str = ""
    """Ours: the decision by which it was written."""


class CustomerLook(Frozen):
    """Everything on the page of one customer."""

    id: str
    name: str
    tier: str
    active: bool | None
    addresses: tuple[str, ...]
    """Where they are written to, and wrote from."""
    owners: tuple[str, ...]
    """Who of the staff owns their cases, by id; of open ones, or else of the last."""
    bought: tuple[Bought, ...]
    """As the company's systems say now."""
    given: tuple[Given, ...]
    """What they were promised and got, the newest first."""
    beside: tuple[Given, ...]
    """What else was written in their cases."""
    cases: tuple[Case, ...]
    """Every case of theirs that the caller may look at, the newest first."""
    became: tuple[str, ...]
    """Those of them that were only the arrival of others."""
    waits: tuple[Waits, ...]
    said: tuple[Said, ...]
    silent: tuple[str, ...]
    """Systems that did not answer."""
    more: bool
    """Whether there are older cases, entries or messages than these."""
    names: dict[str, str]

    @property
    def open(self) -> tuple[Case, ...]:
        """What is in flight."""
        return tuple(one for one in self.cases if one.status != "closed")

    @property
    def earlier(self) -> tuple[Case, ...]:
        """What is over, each matter once."""
        return tuple(one for one in self.cases if one.status == "closed" and one.id not in self.became)


class _Theirs(NamedTuple):
    """What Baton's own records say."""

    cases: tuple[Case, ...]
    senders: tuple[str, ...]
    caller: str
    became: tuple[str, ...]
    waits: tuple[Waits, ...]
    written: Written
    came: tuple[Said, ...]
    more: bool
    names: dict[str, str]


async def look(visitor: Visitor, id: str) -> CustomerLook:
    """The customer, for whoever may look at one of their cases or at every case. Raises `NoCustomer` or `NotAllowed`.

    The systems of record are asked only once that is settled.
    """
    bench = visitor.bench
    theirs = await bench.database.run(_read, visitor, id)
    known = await known_of(bench.systems, id)
    if not theirs.cases and known.customer is None:
        raise NoCustomer(_nobody(id))
    return _look(id, theirs, known)


def _read(visitor: Visitor, id: str) -> _Theirs:
    bench = visitor.bench
    with bench.database.read() as connection:
        found = store.of_customer(connection, id, MOST + 1)
        mine = viewable_of(connection, visitor, [one for one, _ in found[:MOST]])
        if not mine and not visitor.may_view(()):
            if not found:
                raise NoCustomer(_nobody(id))
            where = visitor.person.department
            raise NotAllowed(f"{visitor.person.name} may not look at customer `{id}`: no case of theirs has been in {where}")
        ids = [one.id for one in mine]
        names = staff(connection).names
        return _Theirs(
            cases=mine,
            senders=tuple(dict.fromkeys(sender for one, sender in found if one.id in set(ids))),
            caller=(called(connection, ids[0]) or "") if ids else "",
            became=tuple(dict.fromkeys(connection.execute(_BECAME, {"cases": ids}).scalars())),
            waits=tuple(_waits(connection, ids)),
            written=given(bench, connection, ids),
            came=tuple(_came(connection, ids)),
            more=len(found) > MOST,
            names=names,
        )


def _nobody(id: str) -> str:
    return f"there is no customer `{id}`, or none whose cases you may look at: search for them with Ctrl K"


def _waits(connection: Connection, ids: Sequence[str]) -> Iterator[Waits]:
    for id, case, department, assignee, due, status, title in connection.execute(_OPEN, {"cases": ids}):
        who = {"department": department, "assignee": assignee or "", "deciding": status == "deciding"}
        yield Waits(task=id, case=case, title=title, due=moment(due) if due else None, **who)


def _came(connection: Connection, ids: Sequence[str]) -> Iterator[Said]:
    """Their messages; one that arrived as one case and became another is shown once, in the last."""
    seen: set[str] = set()
    for case, body in connection.execute(_CAME, {"cases": ids}):
        if body["id"] not in seen:
            seen.add(body["id"])
            at = datetime.fromisoformat(body["received"])
            yield Said(way="in", at=at, case=case, subject=body["subject"], address=body["sender"])


def _look(id: str, theirs: _Theirs, known: Known) -> CustomerLook:
    customer = known.customer
    email = (customer.email,) if customer and customer.email else ()
    written = theirs.written
    sent = (Said(way="out", at=one.at, case=one.case, subject=one.title, address=one.to, decision=one.id) for one in written.sent)
    said = sorted((*theirs.came, *sent), key=lambda one: one.at, reverse=True)
    tier = customer.tier if customer and customer.tier else theirs.cases[0].tier if theirs.cases else ""
    return CustomerLook(
        id=id,
        name=(customer.name if customer else "") or theirs.caller or id,
        tier=tier,
        active=customer.active if customer else None,
        addresses=tuple(dict.fromkeys((*email, *theirs.senders))),
        owners=_owners(theirs.cases),
        bought=customer.bought if customer else (),
        given=written.given,
        beside=written.beside,
        cases=theirs.cases,
        became=theirs.became,
        waits=theirs.waits,
        said=tuple(said[:_MESSAGES]),
        silent=known.silent,
        more=theirs.more or written.more or len(said) > _MESSAGES,
        names=theirs.names,
    )


def _owners(cases: Sequence[Case]) -> tuple[str, ...]:
    owned = [one for one in cases if one.owner]
    now: list[Any] = [one.owner for one in owned if one.status != "closed"] or [one.owner for one in owned[:1]]
    return tuple(dict.fromkeys(now))
