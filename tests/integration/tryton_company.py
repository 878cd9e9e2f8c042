"""A company in an empty Tryton, by its own RPC: what its accountant would set up before Baton comes."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from activities.purchasing.tryton.rpc import Client
from activities.purchasing.tryton.settings import TrytonSettings


def client(url: str, password_file: Path) -> Client:
    """Speaks to a Tryton as its administrator."""
    return Client(TrytonSettings(url=url, user="admin", password_file=password_file, product="BATON"))


def set_up(url: str, password_file: Path) -> None:
    """Company, chart of accounts, fiscal year, sequences, a product, a tax, a journal of payments, one supplier."""
    told = client(url, password_file)
    euro = _currency(told)
    company = _company(told, euro)
    told = client(url, password_file)  # works in the company from now on
    accounts = _accounts(told, company)
    _fiscal_years(told, company)
    _sequences(told, company)
    _product(told, accounts)
    _tax(told, company, accounts["tax"])
    told.create("account.payment.journal", {"name": "Bank", "currency": euro, "company": company, "process_method": "manual"})
    add_supplier(told, "V-1", "Lumen", "orders@lumen.example", accounts["payable"], ("DE89370400440532013000",))


def add_supplier(
    told: Client, code: str, name: str, email: str, payable: int, numbers: tuple[str, ...], rule: int | None = None
) -> int:
    """A supplier with a contact, an insurance certificate and accounts; a tax rule says what it charges."""
    germany = told.search("country.country", [["code", "=", "DE"]], ["id"])
    suppliers = told.search("party.category", [["name", "=", "Supplier"]], ["id"])
    category = suppliers[0]["id"] if suppliers else told.create("party.category", {"name": "Supplier"})[0]
    [party] = told.create(
        "party.party",
        {
            "name": name,
            "categories": [["add", [category]]],
            "code": code,
            "account_payable": payable,
            "supplier_tax_rule": rule,
            "addresses": [["create", [{"city": "Hamburg", "country": germany[0]["id"] if germany else None}]]],
            "identifiers": [["create", [{"code": "insured until 2099-12-31"}]]],
            "contact_mechanisms": [
                ["create", [{"type": "email", "value": email}, {"type": "phone", "value": "+49 40 5550", "name": "Anna"}]]
            ],
        },
    )
    for number in numbers:
        told.create("bank.account", {"owners": [["add", [party]]], "numbers": [["create", [{"type": "iban", "number": number}]]]})
    return party


def _id(told: Client, module: str, name: str) -> int:
    return int(told.call("model.ir.model.data.get_id", module, name))


def _currency(told: Client) -> int:
    [euro] = told.create("currency.currency", {"name": "Euro", "code": "EUR", "symbol": "€", "digits": 2})
    told.create("currency.currency.rate", {"currency": euro, "date": date(2020, 1, 1), "rate": Decimal(1)})
    return euro


def _company(told: Client, euro: int) -> int:
    [party] = told.create("party.party", {"name": "Wrenfield & Oake", "addresses": [["create", [{"city": "Rotterdam"}]]]})
    [company] = told.create("company.company", {"party": party, "currency": euro, "timezone": "UTC"})
    told.write("res.user", [told.user], {"companies": [["add", [company]]], "company": company})
    return company


def _accounts(told: Client, company: int) -> dict[str, int]:
    template = _id(told, "account", "account_template_root_en")
    session, _, _ = told.call("wizard.account.create_chart.create")
    chart = {"account": {"company": company, "account_template": template}}
    told.call("wizard.account.create_chart.execute", session, chart, "create_account")

    named = {"receivable": "1.2.1", "payable": "2.1.1", "expense": "5.1.1", "revenue": "4.1.1", "tax": "2.2.3"}
    found = told.search("account.account", [["company", "=", company], ["code", "in", list(named.values())]], ["code"])
    by_code = {one["code"]: int(one["id"]) for one in found}
    accounts = {name: by_code[code] for name, code in named.items()}
    properties = {
        "company": company,
        "account_receivable": accounts["receivable"],
        "account_payable": accounts["payable"],
    }
    told.call("wizard.account.create_chart.execute", session, chart | {"properties": properties}, "create_properties")
    return accounts


def _fiscal_years(told: Client, company: int) -> None:
    this = datetime.now(UTC).year
    kind, strict = (
        _id(told, "account", "sequence_type_account_move"),
        _id(told, "account_invoice", "sequence_type_account_invoice"),
    )
    for year in (this - 1, this, this + 1):
        [moves] = told.create("ir.sequence.strict", {"name": f"Moves {year}", "sequence_type": kind, "company": company})
        [bills] = told.create("ir.sequence.strict", {"name": f"Bills {year}", "sequence_type": strict, "company": company})
        [made] = told.create(
            "account.fiscalyear",
            {
                "name": str(year),
                "start_date": date(year, 1, 1),
                "end_date": date(year, 12, 31),
                "company": company,
                "move_sequence": moves,
                "invoice_sequences": [
                    [
                        "create",
                        [
                            {
                                "company": company,
                                "in_invoice_sequence": bills,
                                "in_credit_note_sequence": bills,
                                "out_invoice_sequence": bills,
                                "out_credit_note_sequence": bills,
                            }
                        ],
                    ]
                ],
            },
        )
        told.call("model.account.fiscalyear.create_period", [made])


def _sequences(told: Client, company: int) -> None:
    kind = _id(told, "purchase", "sequence_type_purchase")
    found = told.search("ir.sequence", [["sequence_type", "=", kind]], ["id"])
    told.write("ir.sequence", [one["id"] for one in found], {"prefix": "PUR-", "number_next": 1001})


def _product(told: Client, accounts: dict[str, int]) -> None:
    [category] = told.create(
        "product.category",
        {
            "name": "Purchased",
            "accounting": True,
            "account_expense": accounts["expense"],
            "account_revenue": accounts["revenue"],
        },
    )
    [uoms] = told.create(
        "product.uom.category",
        {"name": "As ordered", "uoms": [["create", [_unit()]]]},
    )
    [unit] = [one["id"] for one in told.search("product.uom", [["category", "=", uoms]], ["id"])]
    told.create(
        "product.template",
        {
            "name": "As ordered",
            "type": "goods",
            "default_uom": unit,
            "purchase_uom": unit,
            "purchasable": True,
            "account_category": category,
            "products": [["create", [{"suffix_code": "BATON"}]]],
        },
    )


def _unit() -> dict[str, Any]:
    return {"name": "As ordered", "symbol": "x", "rate": 1.0, "factor": 1.0, "rounding": 0.0001, "digits": 4}


def _tax(told: Client, company: int, account: int) -> None:
    told.create(
        "account.tax",
        {
            "name": "VAT 21 %",
            "description": "VAT 21 %",
            "type": "percentage",
            "rate": Decimal("0.21"),
            "company": company,
            "invoice_account": account,
            "credit_note_account": account,
        },
    )
