"""Differences planted between an invoice's XML and its page: the XML is changed where it carries a value that the page prints."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from stdnum.iso7064 import mod_97_10

from baton.readers.structured.read import StructuredInvoice

KINDS = {
    "number": "BT-1",
    "date": "BT-2",
    "currency": "BT-5",
    "vat_id": "BT-31",
    "iban": "BT-84",
    "total": "BT-112",
    "line_amount": "BT-131",
}
"""What is changed in turn, by its term of EN 16931."""

_MONTHS = (
    *("jan", "feb|fév", "mar|mär|maart|mrt", "apr|avr", "mai|may|mei", "jun|juin", "jul|juil", "aug|août", "sep", "oct|okt"),
    *("nov", "dec|dez|déc"),
)
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "INR": "₹"}


@dataclass(frozen=True)
class Planted:
    """An XML with one value changed: which kind, under which name, from what to what."""

    kind: str
    name: str
    was: str
    now: str
    xml: str


def planted(text: str, invoice: StructuredInvoice, page: str, random: Random) -> Iterator[Planted]:
    """One change of each kind, where the XML has such a value and the page prints it."""
    for kind, term in KINDS.items():
        names = [name for name in invoice.terms.get(term, ()) if printed(kind, str(invoice.value(name)), page)]
        if not names:
            continue
        name = random.choice(names)
        place, was = invoice.places[name], str(invoice.value(name))
        now = _changed(kind, was, place.text, random)
        first, last = place.span
        yield Planted(kind, name, was, now, text[:first] + now + text[last:])


def printed(kind: str, value: str, page: str) -> bool:
    """Whether a page prints a value in any usual spelling; told by its letters alone, not by the readers that are measured."""
    match kind:
        case "date":
            return any(re.search(pattern, page, re.IGNORECASE) for pattern in _spellings(date.fromisoformat(value)))
        case "total" | "line_amount":
            return _prints_amount(Decimal(value), page)
        case "currency":
            return value in page or _SIGNS.get(value, value) in page
        case _:
            return len(_bare(value)) > 2 and _bare(value) in _bare(page)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text).upper()


def _prints_amount(value: Decimal, page: str) -> bool:
    cents = abs(value).quantize(Decimal("0.01"))
    whole, part = str(cents).split(".")
    groups = f"{int(whole):,}".split(",")
    return re.search(rf"(?<![\d.,]){'[., ’]?'.join(groups)}[.,]{part}(?!\d)", page) is not None


def _spellings(when: date) -> Iterator[str]:
    day, month, year = f"0?{when.day}", f"0?{when.month}", f"(?:20)?{when.year % 100:02}"
    yield rf"(?<!\d){day}[./-] ?{month}[./-] ?{year}(?!\d)"
    yield rf"(?<!\d){month}/{day}/{year}(?!\d)"
    yield rf"(?<!\d){when.year}[./-]{month}[./-]{day}(?!\d)"
    names = _MONTHS[when.month - 1]
    yield rf"(?<!\d){day}(?:st|nd|rd|th|er|\.)? ?-?(?:{names})\w*\.?,? ?-?{when.year}"
    yield rf"(?:{names})\w*\.? {day}(?:st|nd|rd|th)?,? {when.year}"


def _changed(kind: str, was: str, raw: str, random: Random) -> str:
    """Another value of the same kind, spelled as the XML spells it."""
    match kind:
        case "date":
            other = date.fromisoformat(was) + timedelta(days=random.choice([-31, -7, -1, 1, 7, 30, 365]))
            return other.strftime("%Y-%m-%d" if "-" in raw else "%Y%m%d")
        case "currency":
            return random.choice([code for code in ("EUR", "USD", "GBP", "CHF", "SEK") if code != was])
        case "total" | "line_amount":
            return _other_amount(Decimal(was), random)
        case "iban":
            return _other_account(re.sub(r"\W", "", was), random)
        case _:
            return _other_digit(raw, random)


def _other_amount(was: Decimal, random: Random) -> str:
    """More, less, or with two digits swapped."""
    change = random.choice([Decimal("0.10"), Decimal("-0.01"), Decimal("100"), was / 10])
    other = (was + change).quantize(Decimal("0.01"))
    return str(other if other != was else was + 1)


def _other_account(was: str, random: Random) -> str:
    """The same bank's next customer, with check digits that hold."""
    body = _other_digit(was[4:], random)
    return f"{was[:2]}{mod_97_10.calc_check_digits(body + was[:2])}{body}" if body.isalnum() else _other_digit(was, random)


def _other_digit(was: str, random: Random) -> str:
    digits = [place for place, char in enumerate(was) if char.isdigit()]
    if not digits:
        return f"{was}1"
    place = random.choice(digits)
    return f"{was[:place]}{(int(was[place]) + random.randint(1, 9)) % 10}{was[place + 1 :]}"
