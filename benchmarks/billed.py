"""Labelled invoices of three public sets, and the records of a company that ordered what they bill."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from random import Random
from typing import Any

from baton.types.ids import CaseId
from benchmarks.records import write_csv

_DATES = ("%m/%d/%y", "%m/%d/%Y", "%Y-%m-%d", "%Y%m%d")
_IBAN = re.compile(r"(?:IBANID|>)\s*([A-Z]{2}\d{2}[A-Z0-9 ]{11,32})\s*<")


@dataclass
class Bill:
    """One invoice, what its labels say, and what was done to the order behind it."""

    id: str
    key: str
    file: Path
    order: str
    seller: str
    buyer: str
    total: Decimal
    tax: Decimal
    currency: str
    account: str = ""
    number: str = ""
    starts: date | None = None
    ends: date | None = None
    fault: str = ""
    case: CaseId | None = None

    def __post_init__(self) -> None:
        """What the records begin with is what the labels say."""
        self.ordered = self.total

    @property
    def address(self) -> str:
        """Where the supplier writes from."""
        return f"billing-{self.key}@supplier.example"

    @property
    def media_type(self) -> str:
        """Of the file."""
        return {".pdf": "application/pdf", ".xml": "application/xml"}[self.file.suffix.lower()]


def bills(folder: Path) -> tuple[list[Bill], int]:
    """The invoices whose labels say at least who bills how much, one an order; and how many are left out."""
    items = [json.loads(line) for line in (folder / "items.jsonl").read_text("utf-8").splitlines() if line.strip()]
    asked = [(number, item) for number, item in enumerate(items) if _is_invoice(item)]
    found = [bill for number, item in asked if (bill := _bill(folder, number, item)) is not None]
    found = list({bill.order: bill for bill in found}.values())
    return found, len(asked) - len(found)


def _is_invoice(item: dict[str, Any]) -> bool:
    if "doc_type_from_title" in item:
        return item["doc_type_from_title"] == "invoice" and bool(item["pdf"])
    return True


def _bill(folder: Path, number: int, item: dict[str, Any]) -> Bill | None:
    if "doc_type_from_title" in item:
        return _broadcast(folder, number, item)
    return _scanned(folder, number, item) if "ground_truth" in item else _structured(folder, number, item)


def _broadcast(folder: Path, number: int, item: dict[str, Any]) -> Bill | None:
    label = item["ground_truth"]
    total, days = _amount(label["gross_amount"]), [_day(label[name]) for name in ("flight_from", "flight_to")]
    if total is None or None in days or not label["contract_num"].strip() or not label["advertiser"].strip():
        return None
    return Bill(
        id=item["id"], key=f"{number:04d}", file=folder / item["pdf"], order=label["contract_num"].strip(),
        seller=f"Station {number}", buyer=label["advertiser"].strip(), total=total, tax=Decimal(0), currency="USD",
        starts=days[0], ends=days[1],
    )  # fmt: skip


def _structured(folder: Path, number: int, item: dict[str, Any]) -> Bill | None:
    label, file = item.get("fields_derived") or {}, folder / (item.get("pdf") or item["xml"])
    total, tax = _amount(label.get("gross_total") or ""), _amount(label.get("tax_total") or "0")
    invoice = label.get("type_code") in ("380", "384", "389", "326", "875", "876", "877")
    if total is None or tax is None or total <= 0 or not invoice or not label.get("number") or not label.get("currency"):
        return None
    text = (folder / item["xml"]).read_text("utf-8", "replace") if item.get("xml") else ""
    account = _IBAN.search(text)
    return Bill(
        id=item["id"], key=f"{number:04d}", file=file, order=f"PO-{10000 + number}", number=label["number"],
        seller=label.get("seller") or f"Seller {number}", buyer="", total=total, tax=tax, currency=label["currency"],
        account=re.sub(r"\s", "", account[1]) if account else "",
    )  # fmt: skip


def _scanned(folder: Path, number: int, item: dict[str, Any]) -> Bill | None:
    truth = item["ground_truth"][0] if item["ground_truth"] else {}
    file = next((folder / name for name in item["files"] if name.endswith(".pdf")), None)
    if file is None or "amount" not in truth:
        return None
    total = Decimal(str(truth["amount"])).quantize(Decimal("0.01"))
    net = Decimal(str(truth.get("amount_untaxed", truth["amount"]))).quantize(Decimal("0.01"))
    return Bill(
        id=item["id"], key=f"{number:04d}", file=file, order=f"PO-{20000 + number}", seller=truth["issuer"], buyer="",
        total=total, tax=total - net, currency=truth.get("currency", "EUR"), number=str(truth.get("invoice_number", "")),
    )  # fmt: skip


def tamper(bill: Bill, number: int, among: Sequence[Bill], random: Random) -> None:
    """Make the records differ from the invoice in one thing that an honest company would notice."""
    faults = [
        "price",
        "duplicate",
        *(["bank"] if bill.account else []),
        *(["period"] if bill.starts else []),
        *(["buyer"] if bill.buyer else []),
    ]
    bill.fault = faults[number % len(faults)]
    match bill.fault:
        case "price":
            bill.ordered = (bill.total * Decimal(str(round(random.uniform(0.5, 0.95), 2)))).quantize(Decimal("0.01"))
        case "bank":
            bill.account = "GB33BUKB20201555555555"
        case "period":
            days = random.choice((-1, 1)) * random.randint(2, 40)
            bill.starts, bill.ends = (day + timedelta(days=days) if day else None for day in (bill.starts, bill.ends))
        case "buyer":
            bill.buyer = random.choice([one.buyer for one in among if one.buyer != bill.buyer] or ["Somebody Else"])


def write_company(out: Path, found: Sequence[Bill]) -> None:
    """The records of a company that ordered, and received, everything that is billed."""
    out.mkdir(parents=True)
    write_csv(
        out / "customers.csv", "id,name,email,tier,active", [("C-1", "Nobody", "nobody@company.example", "standard", "true")]
    )
    staff = [("gerrit", "Gerrit", "gerrit@company.example", "accounts-payable", "payables-clerk", "true", ""),
             ("fatima", "Fatima", "fatima@company.example", "vendor-management", "vendor-manager", "true", ""),
             ("wouter", "Wouter", "wouter@company.example", "receiving", "goods-clerk", "true", ""),
             ("bram", "Bram", "bram@company.example", "procurement", "buyer", "true", "")]  # fmt: skip
    write_csv(out / "staff.csv", "id,name,email,department,roles,active,delegate", staff)
    write_csv(out / "company.csv", "name,street,postcode,city,country,vat_id,account,bank,email",
              [("The Company", "", "", "", "NL", "", "NL44RABO0123456789", "", "payables@company.example")])  # fmt: skip
    write_csv(out / "purchase_categories.csv", "name,insurance,tags", [("media", "false", ""), ("goods", "false", "")])
    write_csv(out / "vendors.csv", "id,name,email,active,country,currency,tax_rate,contact,insured_until",
              [(_supplier(b), b.seller, b.address, "true", "", b.currency, "0", "Somebody", "") for b in found])  # fmt: skip
    accounts = [(_supplier(b), b.account or "NL91ABNA0417164300", "", "today-400") for b in found]
    write_csv(out / "vendor_accounts.csv", "supplier,number,bank,since", accounts)
    write_csv(
        out / "purchase_orders.csv",
        "order,supplier,day,category,cost_centre,currency,freight,buyer,starts,ends,line,item,name,quantity,unit,price,tax_rate",
        [_order_row(b) for b in found],
    )
    received = [(f"GR-{b.key}", b.order, 1, 1, 0) for b in found]
    write_csv(out / "goods_receipts.csv", "receipt,order,line,received,rejected", received)
    before = [
        (f"BI-{b.key}", b.order, b.number or b.order, "today-20", 1, 1, b.total - b.tax, b.tax, "true")
        for b in found
        if b.fault == "duplicate"
    ]
    write_csv(out / "bills.csv", "bill,order,number,day,line,quantity,net,tax,paid", before)


def _supplier(bill: Bill) -> str:
    return f"V-{bill.key}"


def _order_row(bill: Bill) -> tuple[object, ...]:
    share = bill.tax / (bill.total - bill.tax) if bill.total != bill.tax else Decimal(0)
    net = (bill.ordered / (1 + share)).quantize(Decimal("0.01"))
    rate = (share * 100).quantize(Decimal("0.0001"))
    category = "media" if bill.starts else "goods"
    return (bill.order, _supplier(bill), "today-60", category, "CC-1", bill.currency, "0", bill.buyer,
            bill.starts or "", bill.ends or "", 1, "", "As agreed", 1, "lot", net, rate)  # fmt: skip


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(re.sub(r"[^\d.-]", "", text)).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None


def _day(text: str) -> date | None:
    for form in _DATES:
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None
