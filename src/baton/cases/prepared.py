"""What every governed step asks of the case store, made once: to spell a query costs more than to answer it."""

from sqlalchemy import BindParameter, bindparam, func, select

from baton.cases import tables as t

_ID: BindParameter[str] = bindparam("id")

PEOPLE = select(t.person.c.body).order_by(t.person.c.id)
CASE = select(t.case).where(t.case.c.id == _ID)
WHOSE = select(t.case.c.customer, t.case.c.tier, t.case.c.sender).where(t.case.c.id == _ID)
MESSAGES = select(t.message.c.body).where(t.message.c.case == _ID).order_by(t.message.c.at)
FINDINGS = (
    select(t.finding.c.id, t.finding.c.form, t.finding.c.body).where(t.finding.c.case == _ID).order_by(t.finding.c.position)
)
FINDING = select(t.finding.c.body).where(t.finding.c.id == _ID)
TASK = select(t.task).where(t.task.c.id == _ID)
LOAD = (
    select(t.case.c.holder, func.count())
    .where(t.case.c.status != "closed", t.case.c.holder.is_not(None))
    .group_by(t.case.c.holder)
)
