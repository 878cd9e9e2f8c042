"""A payment as the bank takes it: ISO 20022 pain.001.001.09, customer credit transfer initiation."""

import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from stdnum import iban

from activities.purchasing.port import Ourselves, PaymentRecord, SupplierRecord
from activities.purchasing.xml import Element, element, written

_PAIN: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_LETTERS: Final = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_CENT: Final = Decimal("0.01")
_BIC: Final = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")

ET.register_namespace("", _PAIN)


def payment_file(payment: PaymentRecord, supplier: SupplierRecord, ourselves: Ourselves, about: str) -> bytes:
    """One transfer; `about` is what the supplier reads, as the number of their bill. The same payment gives the same bytes."""
    count = [_one("NbOfTxs", "1"), _one("CtrlSum", _cents(payment.amount))]
    header = [
        _one("MsgId", _text(payment.reference, 35)),
        _one("CreDtTm", f"{payment.day.isoformat()}T00:00:00Z"),
        *count,
        _one("InitgPty", [_one("Nm", _text(ourselves.name, 70))]),
    ]
    sepa = payment.currency == "EUR" and iban.is_valid(payment.account)
    instruction = [
        _one("PmtInfId", _text(payment.reference, 35)),
        _one("PmtMtd", "TRF"),
        *[_one("NbOfTxs", "1"), _one("CtrlSum", _cents(payment.amount))],
        _one("PmtTpInf", [_one("SvcLvl", [_one("Cd", "SEPA")])]) if sepa else None,
        _one("ReqdExctnDt", [_one("Dt", payment.day.isoformat())]),
        _one("Dbtr", [_one("Nm", _text(ourselves.name, 70))]),
        _one("DbtrAcct", [_account(ourselves.account)]),
        _one("DbtrAgt", [_bank(ourselves.bank)]),
        _one("ChrgBr", "SLEV" if sepa else "SHAR"),
        _one("CdtTrfTxInf", _transfer(payment, supplier, about)),
    ]
    root = element(f"{{{_PAIN}}}Document", [_one("CstmrCdtTrfInitn", [_one("GrpHdr", header), _one("PmtInf", instruction)])])
    return written(root)


def _transfer(payment: PaymentRecord, supplier: SupplierRecord, about: str) -> list["Element"]:
    bank = next((account.bank for account in supplier.accounts if account.number == payment.account), "")
    return [
        _one("PmtId", [_one("EndToEndId", _text(payment.reference, 35))]),
        _one("Amt", [element(f"{{{_PAIN}}}InstdAmt", _cents(payment.amount), Ccy=payment.currency)]),
        _one("CdtrAgt", [_bank(bank)]) if bank else None,
        _one("Cdtr", [_one("Nm", _text(supplier.name, 70))]),
        _one("CdtrAcct", [_account(payment.account)]),
        _one("RmtInf", [_one("Ustrd", _text(about, 140))]),
    ]


def _account(number: str) -> ET.Element:
    bare = re.sub(r"[^A-Za-z0-9]", "", number).upper()
    if iban.is_valid(bare):
        return _one("Id", [_one("IBAN", bare)])
    return _one("Id", [_one("Othr", [_one("Id", bare[:34])])])


def _bank(bic: str) -> ET.Element:
    if _BIC.fullmatch(bic):
        return _one("FinInstnId", [_one("BICFI", bic)])
    return _one("FinInstnId", [_one("Othr", [_one("Id", "NOTPROVIDED")])])


def _text(value: str, longest: int) -> str:
    """In the letters that every bank takes, as long as the field may be."""
    for sign, letters in (("ß", "ss"), ("Æ", "AE"), ("æ", "ae"), ("Ø", "O"), ("ø", "o"), ("ł", "l"), ("Ł", "L"), ("&", "+")):
        value = value.replace(sign, letters)
    plain = unicodedata.normalize("NFKD", value)
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"\s+", " ", _LETTERS.sub(" ", bare)).strip()[:longest].strip() or "-"


def _cents(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)


def _one(name: str, content: "str | Decimal | Sequence[Element]") -> ET.Element:
    return element(f"{{{_PAIN}}}{name}", content)
