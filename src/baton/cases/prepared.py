"""What every governed step asks of the case store, made once: to spell a query costs more than to answer it."""

from functools import cache

from sqlalchemy import BindParameter, Insert, Integer, Table, Text, bindparam, cast, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from baton.cases import tables as t

_ID: BindParameter[str] = bindparam("id")
_AT: BindParameter[str] = bindparam("at")

PEOPLE = select(cast(t.person.c.body, Text)).order_by(t.person.c.id)
NAME_CUSTOMER = update(t.case).where(t.case.c.id == _AT, t.case.c.customer.is_(None))
ENTER_STAGE = update(t.case).where(t.case.c.id == _AT)
LEAVE_STAGE = update(t.handoff).where(
    t.handoff.c.case == _AT, t.handoff.c.position == bindparam("held"), t.handoff.c.left.is_(None)
)
CASE = select(t.case).where(t.case.c.id == _ID)
OF_CUSTOMER = (
    select(t.case)
    .where(t.case.c.customer == bindparam("customer"))
    .order_by(t.case.c.opened.desc(), t.case.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)
WHOSE = select(t.case.c.customer, t.case.c.tier, t.case.c.sender).where(t.case.c.id == _ID)
MESSAGES = select(t.message.c.body).where(t.message.c.case == _ID).order_by(t.message.c.at)
FINDINGS = (
    select(t.finding.c.id, t.finding.c.form, t.finding.c.body).where(t.finding.c.case == _ID).order_by(t.finding.c.position)
)
FINDING = select(t.finding.c.body).where(t.finding.c.id == _ID)
DOCUMENTS = select(t.document.c.body).where(t.document.c.case == _ID)
HANDOFFS = select(t.handoff).where(t.handoff.c.case == _ID).order_by(t.handoff.c.position)
ANY_TASK = select(cast(t.task.c.body, Text).label("body"), t.task.c.status, t.task.c.assignee)
TASK = ANY_TASK.where(t.task.c.id == _ID)
TASKS = ANY_TASK.where(t.task.c.case == _ID).order_by(t.task.c.due, t.task.c.opened, t.task.c.id)
BUNDLE = select(t.bundle.c.body).where(t.bundle.c.hash == _ID)
LOAD = (
    select(t.case.c.holder, func.count())
    .where(t.case.c.status != "closed", t.case.c.holder.is_not(None))
    .group_by(t.case.c.holder)
)


@cache
def insert_of(table: Table, dialect: str) -> Insert:
    """Insert a row unless one with its key stands already."""
    made: Insert = (sqlite if dialect == "sqlite" else postgresql).insert(table).on_conflict_do_nothing()
    # Unasked, SQLAlchemy keeps no count of inserted rows on PostgreSQL.
    return made.execution_options(preserve_rowcount=True)
