"""A company made for an adversary: tight stock, prices at every limit, warranties that end today, and people of every role."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

PRODUCTS = """sku,name,category,warranty_days,repairable,repair_centre,supplier,price,currency
KT,Pebble Kettle,kettles,730,false,,S-NO,64.90,EUR
TS,Ember Toaster,toasters,730,true,Delta Repairs,S-80,49.95,EUR
VC,Draft Vacuum,floor,730,true,Delta Repairs,S-80,250.00,EUR
WM,Tide Washer,laundry,365,true,Delta Repairs,S-50,579.00,EUR
FR,Frost Fridge,cooling,1825,true,,S-80,1999.00,EUR
TV,Wall Screen,screens,730,true,Ohm Service,S-50,9000.00,EUR
RC,Rice Cooker,kettles,365,true,Kedai Baiki,S-80,250.00,MYR
"""
SUPPLIERS = """id,name,email,recovery_days,recovery_share
S-NO,Lumen,claims@lumen.example,0,0
S-80,Havel,claims@havel.example,365,0.80
S-50,Mersey,claims@mersey.example,180,0.5
"""
STOCK = "sku,quantity\nKT,400\nTS,3\nVC,1\nWM,400\nTV,2\nRC,1\n"
STAFF = """id,name,email,department,roles,active,delegate
lena,Lena,lena@company.example,customer-service,customer-service-agent,true,
marta,Marta,marta@company.example,claims,claims-handler,true,ruth
jonas,Jonas,jonas@company.example,claims,claims-handler,true,marta
priya,Priya,priya@company.example,claims,claims-handler|claims-manager,false,helena
ruth,Ruth,ruth@company.example,claims,claims-handler|claims-manager,true,helena
emeka,Emeka,emeka@company.example,claims,claims-manager,true,jonas
helena,Helena,helena@company.example,finance,finance-director,true,
anouk,Anouk,anouk@company.example,purchasing,purchasing-agent,true,helena
stijn,Stijn,stijn@company.example,logistics,logistics-planner,true,
kwame,Kwame,kwame@company.example,claims,quality-engineer,true,ruth
orla,Orla,orla@company.example,operations,operations-manager,true,
"""
CUSTOMERS = 7
_ACTIVE = {6: "false"}
_GOODS: Sequence[tuple[str, str, int, str]] = (  # product, paid, days ago, currency
    ("TS", "49.95", 30, "EUR"),
    ("VC", "250.00", 100, "EUR"),
    ("KT", "60.00", 731, "EUR"),
    ("WM", "249.99", 365, "EUR"),
    ("FR", "1999.00", 300, "EUR"),
    ("VC", "250.01", 20, "EUR"),
    ("TV", "8500.00", 90, "EUR"),
    ("RC", "199.90", 50, "MYR"),
    ("KT", "240.00", 0, "EUR"),
    ("TS", "245.00", 700, "EUR"),
    ("KT", "230.00", 12, "EUR"),
    ("VC", "220.00", 364, "EUR"),
    ("WM", "500.01", 366, "EUR"),
    ("TS", "0.00", 5, "EUR"),
)


@dataclass(frozen=True)
class Bought:
    """One order, as the adversary knows it: everything that a customer could copy from their receipt."""

    number: str
    customer: int
    serial: str
    seller: str
    purchased: date
    paid: Decimal
    currency: str


def orders() -> tuple[Bought, ...]:
    """Every order of the company."""
    today = datetime.now(UTC).date()
    return tuple(
        Bought(
            number=f"SO-{customer}{line:02}",
            customer=customer,
            serial=f"{sku}-{customer}{line:03}" if line % 3 else "",
            seller="Wrenfield & Oake B.V.",
            purchased=today - timedelta(days=ago),
            paid=Decimal(paid),
            currency=currency,
        )
        for customer in range(CUSTOMERS)
        for line, (sku, paid, ago, currency) in enumerate(_GOODS)
    )


def address(customer: int) -> str:
    """Where a customer writes from."""
    return f"customer{customer}@mail.example"


def write_seed(folder: Path, bought: Sequence[Bought]) -> Path:
    """The company's CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    people = [(f"C-{n}", f"Customer {n}", address(n), "standard", _ACTIVE.get(n, "true")) for n in range(CUSTOMERS)]
    lines = [
        (
            one.number,
            f"C-{one.customer}",
            _GOODS[int(one.number[-2:])][0],
            one.serial,
            one.seller,
            one.purchased,
            one.paid,
            one.currency,
            "",
        )
        for one in bought
    ]
    for name, text in (("products", PRODUCTS), ("suppliers", SUPPLIERS), ("stock", STOCK), ("staff", STAFF)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    _write(folder / "customers.csv", "id,name,email,tier,active", people)
    _write(folder / "orders.csv", "order,customer,sku,serial,seller,purchased,paid,currency,receipt_number", lines)
    (folder / "repairs.csv").write_text("order,reference,date,amount,currency\n", encoding="utf-8")
    earlier = [(f"SO-{n}10", f"GC-0{n}", bought[0].purchased, "230.00", "EUR") for n in (1, 2)]
    _write(folder / "gift_cards.csv", "order,reference,date,amount,currency", earlier)
    return folder


def _write(path: Path, header: str, lines: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(lines)
