"""Suppliers as Tryton keeps them: parties in the category `Supplier`, and nobody else is ever ordered from or paid.

What Tryton has no field for stands in named records of the party: an identifier `insured until 2027-03-31` for the certificate,
and a telephone contact whose name is the person to call.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

from stdnum import iban

from activities.purchasing.port import Account, SupplierRecord
from activities.purchasing.tryton.rpc import Client, Record
from baton.matching.pairing import key

CATEGORY: Final = "Supplier"
_INSURED: Final = re.compile(r"insured until (\d{4}-\d{2}-\d{2})", re.IGNORECASE)
_FIELDS: Final = (
    "code",
    "name",
    "active",
    "addresses.country.code",
    "contact_mechanisms.type",
    "contact_mechanisms.value",
    "contact_mechanisms.name",
    "identifiers.code",
    "bank_accounts",
    "supplier_tax_rule",
)
_HUNDRED: Final = Decimal(100)


class Suppliers:
    """Reads suppliers and puts their accounts on file."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def all(self, code: str | None = None) -> tuple[SupplierRecord, ...]:
        """Every supplier, or the one with this code."""
        wanted: list[Any] = [["categories.name", "=", CATEGORY]]
        wanted += [["code", "=", code]] if code is not None else []
        rows = self._client.search("party.party", wanted, _FIELDS, order="code", hidden=True)
        accounts = self._accounts([id for row in rows for id in row["bank_accounts"]])
        rates = self._rates({row["supplier_tax_rule"] for row in rows} - {None})
        currency = self.currency() if rows else ""
        return tuple(_supplier(row, accounts, rates.get(row["supplier_tax_rule"], Decimal(0)), currency) for row in rows)

    def one(self, code: str) -> SupplierRecord | None:
        """One supplier, or None."""
        return next(iter(self.all(code)), None)

    def party(self, code: str) -> Record:
        """Id, address and payable account of a supplier that is on file."""
        fields = ("id", "addresses", "account_payable")
        [row] = self._client.search("party.party", [["code", "=", code]], fields, hidden=True)
        return row

    def currency(self) -> str:
        """The company's currency."""
        [row] = self._client.settled("company.company", [["id", "=", self._client.company]], ["currency.code"])
        return str(row["currency."]["code"])

    def account(self, code: str, number: str) -> int | None:
        """The bank account of a supplier that has this number, on file or taken off it."""
        found = self._numbers(code, number)
        return int(found[0]["account"]) if found else None

    def put_on_file(self, code: str, number: str) -> None:
        """An account that payments may go to."""
        if known := self._numbers(code, number):
            self._switch(known[0], on=True)
            return
        kind = "iban" if iban.is_valid(number) else "other"
        owner, told = self.party(code)["id"], {"type": kind, "number": number}
        self._client.create("bank.account", {"owners": [["add", [owner]]], "numbers": [["create", [told]]]})

    def take_off_file(self, code: str, number: str) -> None:
        """Nothing goes to this account any more."""
        if known := self._numbers(code, number):
            self._switch(known[0], on=False)

    def _numbers(self, code: str, number: str) -> list[Record]:
        wanted = [["account.owners.code", "=", code]]
        found = self._client.search("bank.account.number", wanted, ["number", "account"], hidden=True)
        return [one for one in found if key(one["number"]) == key(number)]

    def _switch(self, number: Record, *, on: bool) -> None:
        """An account and its number go together."""
        with_it = [["write", [number["id"]], {"active": on}]]
        self._client.write("bank.account", [number["account"]], {"active": on, "numbers": with_it})

    def _accounts(self, ids: list[int]) -> dict[int, Account]:
        fields = ("active", "bank.bic", "create_date", "numbers.number")
        found = self._client.read("bank.account", ids, fields)
        return {row["id"]: _account(row) for row in found if row["active"] and row["numbers."]}

    def _rates(self, rules: set[int]) -> dict[int, Decimal]:
        """What tax each rule puts on purchases, in percent."""
        wanted = [["rule", "in", sorted(rules)], ["tax", "!=", None]]
        lines = self._client.search("account.tax.rule.line", wanted, ["rule", "tax.rate"]) if rules else []
        return {line["rule"]: line["tax."]["rate"] * _HUNDRED for line in reversed(lines)}


def _account(row: Record) -> Account:
    return Account(
        number=row["numbers."][0]["number"].replace(" ", ""),
        bank=(row["bank."] or {}).get("bic") or "",
        since=row["create_date"].date(),
    )


def _supplier(row: Record, accounts: dict[int, Account], rate: Decimal, currency: str) -> SupplierRecord:
    contacts = row["contact_mechanisms."]
    phones = [one for one in contacts if one["type"] in ("phone", "mobile")]
    return SupplierRecord(
        id=row["code"],
        name=row["name"],
        email=next((one["value"].lower() for one in contacts if one["type"] == "email"), ""),
        active=bool(row["active"]),
        country=next((one["country."]["code"] for one in row["addresses."] if one["country."]), ""),
        currency=currency,
        tax_rate=rate.normalize() if rate else Decimal(0),
        contact=", ".join(word for word in (phones[0]["name"], phones[0]["value"]) if word) if phones else "",
        insured_until=_insured(row["identifiers."]),
        accounts=tuple(accounts[id] for id in sorted(row["bank_accounts"], reverse=True) if id in accounts),
    )


def _insured(identifiers: list[Record]) -> date | None:
    told = [found for one in identifiers if (found := _INSURED.fullmatch(one["code"].strip()))]
    return max((date.fromisoformat(found[1]) for found in told), default=None)
