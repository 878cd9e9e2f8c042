"""The order as UBL 2.1, for the supplier's machine."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from activities.purchasing.port import Ordered, Ourselves, SupplierRecord
from activities.purchasing.xml import Element, element, told, written
from baton.matching import OrderLine
from baton.matching.units import unit

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_ORDER, _CAC, _CBC = f"{_UBL}Order-2", f"{_UBL}CommonAggregateComponents-2", f"{_UBL}CommonBasicComponents-2"
_CENT: Final = Decimal("0.01")

for _prefix, _namespace in (("", _ORDER), ("cac", _CAC), ("cbc", _CBC)):
    ET.register_namespace(_prefix, _namespace)


def order_ubl(ordered: Ordered, supplier: SupplierRecord, ourselves: Ourselves) -> bytes:
    """The whole order. The same order gives the same bytes."""
    order = ordered.order
    currency = order.currency
    lines_sum = sum((_net(line) for line in order.lines), Decimal(0))
    root = element(
        f"{{{_ORDER}}}Order",
        [
            _cbc("UBLVersionID", "2.1"),
            _cbc("ID", order.number),
            _cbc("IssueDate", ordered.day.isoformat()),
            _cbc("OrderTypeCode", "220"),
            _cbc("DocumentCurrencyCode", currency),
            told(f"{{{_CBC}}}AccountingCostCode", ordered.cost_centre),
            _cac("ValidityPeriod", [_cbc("EndDate", (ordered.day + timedelta(days=60)).isoformat())]),
            _cac("BuyerCustomerParty", [_ourselves(ourselves)]),
            _cac("SellerSupplierParty", [_supplier(supplier)]),
            _tax(ordered, lines_sum),
            _cac(
                "AnticipatedMonetaryTotal",
                [
                    _amount("LineExtensionAmount", lines_sum, currency),
                    _amount("ChargeTotalAmount", order.freight, currency) if order.freight else None,
                    _amount("PayableAmount", lines_sum + order.freight + _tax_amount(ordered), currency),
                ],
            ),
            *(_line(line, currency) for line in order.lines),
        ],
    )
    return written(root)


def _line(line: OrderLine, currency: str) -> ET.Element:
    rate = line.tax_rate if line.tax_rate is not None else Decimal(0)
    category = _cac(
        "ClassifiedTaxCategory",
        [_cbc("ID", "S" if rate else "Z"), _cbc("Percent", rate), _cac("TaxScheme", [_cbc("ID", "VAT")])],
    )
    item = [
        _cbc("Name", line.name),
        _cac("BuyersItemIdentification", [_cbc("ID", line.item)]) if line.item else None,
        category,
    ]
    return _cac(
        "OrderLine",
        [
            _cac(
                "LineItem",
                [
                    _cbc("ID", str(line.number)),
                    _cbc("Quantity", line.quantity, unitCode=unit(line.unit) or "C62"),
                    _amount("LineExtensionAmount", _net(line), currency),
                    _cac("Price", [_cbc("PriceAmount", line.price, currencyID=currency)]),
                    _cac("Item", item),
                ],
            )
        ],
    )


def _ourselves(ourselves: Ourselves) -> ET.Element:
    address = [
        told(f"{{{_CBC}}}StreetName", ourselves.street),
        told(f"{{{_CBC}}}CityName", ourselves.city),
        told(f"{{{_CBC}}}PostalZone", ourselves.postcode),
        _country(ourselves.country),
    ]
    return _party(ourselves.name, address, ourselves.vat_id, ourselves.email)


def _supplier(supplier: SupplierRecord) -> ET.Element:
    return _party(supplier.name, [_country(supplier.country)], "", supplier.email, supplier.id)


def _party(name: str, address: list["Element"], vat_id: str, email: str, id: str = "") -> ET.Element:
    stands = [one for one in address if one is not None]
    return _cac(
        "Party",
        [
            _cac("PartyIdentification", [_cbc("ID", id)]) if id else None,
            _cac("PartyName", [_cbc("Name", name)]),
            _cac("PostalAddress", stands) if stands else None,
            _cac("PartyTaxScheme", [_cbc("CompanyID", vat_id), _cac("TaxScheme", [_cbc("ID", "VAT")])]) if vat_id else None,
            _cac("PartyLegalEntity", [_cbc("RegistrationName", name)]),
            _cac("Contact", [_cbc("ElectronicMail", email)]) if email else None,
        ],
    )


def _country(code: str) -> "Element":
    return _cac("Country", [_cbc("IdentificationCode", code)]) if code else None


def _tax(ordered: Ordered, lines_sum: Decimal) -> "Element":
    return _cac("TaxTotal", [_amount("TaxAmount", _tax_amount(ordered), ordered.order.currency)])


def _tax_amount(ordered: Ordered) -> Decimal:
    order = ordered.order
    tax = sum((_net(line) * (line.tax_rate or Decimal(0)) / 100 for line in order.lines), Decimal(0))
    return _cents(tax + order.freight * (order.freight_tax_rate or Decimal(0)) / 100)


def _net(line: OrderLine) -> Decimal:
    return _cents(line.quantity * line.price)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)


def _amount(name: str, value: Decimal, currency: str) -> ET.Element:
    return _cbc(name, _cents(value), currencyID=currency)


def _cbc(name: str, content: "str | Decimal", **attributes: str) -> ET.Element:
    return element(f"{{{_CBC}}}{name}", content, **attributes)


def _cac(name: str, content: Sequence["Element"]) -> ET.Element:
    return element(f"{{{_CAC}}}{name}", content)


def totals_of(ordered: Ordered) -> tuple[Decimal, Decimal, Decimal]:
    """Net, tax and total of an order, as its papers say them."""
    net = sum((_net(line) for line in ordered.order.lines), ordered.order.freight)
    tax = _tax_amount(ordered)
    return net, tax, net + tax
