"""What the sandbox register keeps beside the company's other records: the deals that sales agreed."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field
from sqlalchemy import Boolean, Column, Connection, Date, ForeignKey, Integer, Row, String, Table, bindparam, insert, select

from activities.company.lines import Amount, Currency, Day, Name, read_lines
from activities.company.tables import Exact, customer, records
from activities.contracts.port import DealRecord
from baton.types.frozen import Frozen
from baton.types.money import Money

SERIES: Final = {
    "contract_draft": "DP",
    "contract_accepted": "PA",
    "contract_billing": "BA",
    "contract_archived": "AR",
    "onboarding": "OB",
    "live": "GL",
    "deal_closed": "CD",
}
_LATER = re.compile(r"today\+(\d{1,4})")


def _later(value: object) -> object:
    """`today+14` is in two weeks."""
    match = _LATER.fullmatch(value) if isinstance(value, str) else None
    return datetime.now(UTC).date() + timedelta(days=int(match[1])) if match else value


class DealLine(Frozen):
    """deals.csv."""

    deal: Name
    customer: Name
    title: Name
    value: Amount
    currency: Currency
    term_months: Annotated[int, Field(ge=1)]
    payment_days: Annotated[int, Field(ge=0)]
    law: Name
    entity: Name
    party: Name
    paper: Literal["ours", "theirs"]
    agreed: Day
    starts: Annotated[date, BeforeValidator(_later)]
    credit_limit: Amount


deal = Table(
    "company_deal",
    records,
    Column("number", String(40), primary_key=True),
    Column("customer", ForeignKey(customer.c.id), nullable=False, index=True),
    Column("title", String(200), nullable=False),
    Column("value", Exact, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("term_months", Integer, nullable=False),
    Column("payment_days", Integer, nullable=False),
    Column("law", String(80), nullable=False),
    Column("entity", String(200), nullable=False),
    Column("party", String(200), nullable=False),
    Column("their_paper", Boolean, nullable=False),
    Column("agreed", Date, nullable=False),
    Column("starts", Date, nullable=False),
    Column("credit_limit", Exact, nullable=False),
)
_OF: Final = select(deal).where(deal.c.customer == bindparam("customer")).order_by(deal.c.number)
_ONE: Final = select(deal).where(deal.c.number == bindparam("number"))


def seed(connection: Connection, folder: Path) -> None:
    """Fill the table from deals.csv, where there is one."""
    lines = [line.model_dump() for line in read_lines(folder, "deals.csv", DealLine)]
    rows = [{"number": line.pop("deal"), "their_paper": line.pop("paper") == "theirs", **line} for line in lines]
    if rows:
        connection.execute(insert(deal), rows)


def deals_of(connection: Connection, owner: str) -> tuple[DealRecord, ...]:
    """Every deal of one customer."""
    return tuple(_record(row) for row in connection.execute(_OF, {"customer": owner}))


def one(connection: Connection, number: str) -> DealRecord | None:
    """One deal, or None."""
    row = connection.execute(_ONE, {"number": number}).first()
    return _record(row) if row else None


def _record(row: Row[Any]) -> DealRecord:
    plain = dict(row._mapping)
    currency = plain.pop("currency")
    for name in ("value", "credit_limit"):
        plain[name] = Money(amount=plain[name], currency=currency)
    return DealRecord.model_validate(plain)
