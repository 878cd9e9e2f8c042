"""A small company for tests: its CSV files, its records in a database, and permits to write into them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from activities.company.opening import open_company
from activities.company.settings import CompanySettings
from activities.company.tables import entry, records, stock
from activities.crm.sandbox import Sandbox as SandboxCrm
from activities.erp.sandbox import Sandbox as SandboxErp
from activities.mail.envelope import From
from activities.mail.letters import Letters
from activities.mail.outbox import Outbox
from activities.systems import use
from baton.governance.declare import About, Permit
from baton.governance.permits import issue
from baton.store import Database
from baton.types.actions import Action
from baton.types.ids import CaseId, CustomerId, DecisionId
from baton.types.money import Money

FILES = {
    "customers.csv": """id,name,email,tier,active
C-1,Ada Winter,Ada.Winter@mail.example,standard,true
C-2,Bruno Keller,bruno@keller.example,gold,true
C-3,Cleo Adams,cleo@adams.example,standard,false
""",
    "suppliers.csv": """id,name,email,recovery_days,recovery_share
S-1,Lumen,claims@lumen.example,365,0.5
S-2,Calder,claims@calder.example,0,0
""",
    "products.csv": """sku,name,category,warranty_days,repairable,repair_centre,supplier,price,currency
K-1,Pebble Kettle,kettles,730,false,,S-1,64.90,EUR
W-1,Tide Washing Machine,laundry,730,true,Delta Repairs,S-2,579.00,EUR
W-2,Tide Washing Machine Max,laundry,730,true,Delta Repairs,S-2,779.00,EUR
""",
    "stock.csv": "sku,quantity\nK-1,5\nW-1,1\n",
    "orders.csv": """order,customer,sku,serial,seller,purchased,paid,currency,receipt_number
SO-1,C-1,K-1,KT17-0001,Murtagh Electrical Ltd,today-100,59.90,EUR,M-1
SO-2,C-1,W-1,WM80-0002,Wrenfield & Oake Rotterdam,today-800,549.00,EUR,R-2
SO-3,C-2,W-1,WM80-0003,Wrenfield & Oake Rotterdam,today-10,579.00,EUR,R-3
SO-4,C-2,W-2,,Wrenfield & Oake Rotterdam,today-10,779.00,EUR,R-4
SO-5,C-3,K-1,KT17-0005,Murtagh Electrical Ltd,today-50,64.90,EUR,M-5
""",
    "repairs.csv": "order,reference,date,amount,currency\nSO-2,RP-0611,today-233,142.50,EUR\n",
    "gift_cards.csv": "order,reference,date,amount,currency\nSO-5,GC-1203,today-20,64.90,EUR\n",
    "staff.csv": """id,name,email,department,roles,active,delegate
marta,Marta W,marta@company.example,claims,claims-handler,true,ruth
ruth,Ruth A,ruth@company.example,claims,claims-handler|claims-manager,true,
""",
}
_keys = count(1)


def write_files(folder: Path, **changed: str) -> Path:
    """The company's CSV files; `changed` maps a name without `.csv` to other content."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in FILES.items():
        (folder / name).write_text(changed.get(name.removesuffix(".csv"), content), encoding="utf-8")
    return folder


@dataclass
class SmallCompany:
    """The company at work: its records and its systems."""

    database: Database
    erp: SandboxErp
    crm: SandboxCrm
    mail: Outbox
    home: Path

    def entries(self, kind: str, order: str | None = None) -> int:
        wanted = select(func.count()).select_from(entry).where(entry.c.kind == kind, entry.c.undone_by.is_(None))
        with self.database.read() as connection:
            return connection.scalar(wanted if order is None else wanted.where(entry.c.order_no == order)) or 0

    def in_stock(self, sku: str) -> int:
        with self.database.read() as connection:
            return connection.scalar(select(stock.c.quantity).where(stock.c.sku == sku)) or 0


def emptied(url: str) -> str:
    """The same database without the company's records: much quicker than another database for every test."""
    database = Database(url)
    with database.write() as connection:
        records.create_all(connection)
        for table in reversed(records.sorted_tables):
            connection.execute(table.delete())
    database.close()
    return url


@contextmanager
def at_work(url: str, folder: Path) -> Iterator[SmallCompany]:
    """Open a company of one's own and put its systems in place. `BATON_HOME` must be `folder / 'home'`."""
    database = open_company(CompanySettings(url=url, seed=write_files(folder / "seed")))
    home = folder / "home"
    sender = From(name="Service", address="service@company.example")
    mail = Outbox(home / "outbox", Letters(database), sender)
    company = SmallCompany(database, SandboxErp(database), SandboxCrm(database), mail, home)
    with use(erp=company.erp, crm=company.crm, mail=company.mail):
        yield company
    database.close()


def permit(action: Action, case: str = "WC-1", key: str | None = None) -> Permit:
    """Leave to do exactly this, as governance would give it."""
    return issue(DecisionId(key or f"d-{next(_keys)}"), CaseId(case), action)


def about(customer: str | None = "C-1", case: str = "WC-1", claim: dict[str, Any] | None = None, **more: Any) -> About:
    """A case of one customer, with what an agent read into the form `Claim`."""
    given: dict[str, Any] = {
        "case": CaseId(case),
        "process": "warranty_claim",
        "stage": "claims",
        "customer": CustomerId(customer) if customer else None,
        "tier": "standard",
        "sender": "ada.winter@mail.example",
        "findings": {"Claim": claim or {}},
        "documents": (),
    }
    return About(**(given | more))


def euros(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="EUR")


def days_ago(days: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=days)
