"""Dates, amounts and labels as shops print them, in three languages, whatever the machine's locale."""

from datetime import date
from decimal import Decimal

from samples.story import Language

_MONTHS: dict[Language, str] = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}

LABELS: dict[Language, dict[str, str]] = {
    "en": {
        "number": "Receipt no",
        "date": "Date",
        "time": "Time",
        "serial": "S/N",
        "net": "Subtotal excl. VAT",
        "vat": "VAT",
        "total": "TOTAL",
        "card": "Paid by card",
        "thanks": "Thank you for shopping with us",
        "keep": "Keep this receipt as proof of purchase",
        "vat_number": "VAT no",
        "phone": "Tel",
    },
    "de": {
        "number": "Beleg-Nr",
        "date": "Datum",
        "time": "Uhrzeit",
        "serial": "Seriennr",
        "net": "Netto",
        "vat": "MwSt",
        "total": "SUMME",
        "card": "Kartenzahlung",
        "thanks": "Vielen Dank für Ihren Einkauf",
        "keep": "Beleg bitte für die Garantie aufbewahren",
        "vat_number": "USt-IdNr",
        "phone": "Tel",
    },
    "nl": {
        "number": "Bonnummer",
        "date": "Datum",
        "time": "Tijd",
        "serial": "Serienr",
        "net": "Excl. btw",
        "vat": "Btw",
        "total": "TOTAAL",
        "card": "Betaald met pin",
        "thanks": "Bedankt voor uw aankoop",
        "keep": "Bewaar deze bon voor uw garantie",
        "vat_number": "Btw-nr",
        "phone": "Tel",
    },
}


def spoken_date(day: date, language: Language) -> str:
    """As people write it in a letter: `14 March 2025`, `14. März 2025`."""
    dot = "." if language == "de" else ""
    return f"{day.day}{dot} {month(day, language)} {day.year}"


def month(day: date, language: Language) -> str:
    """The month's name."""
    return _MONTHS[language].split()[day.month - 1]


def printed_date(day: date, pattern: str, language: Language) -> str:
    """As a till prints it: `%d`, `%m`, `%Y`, `%b`, `%B` filled in the shop's language."""
    name = month(day, language)
    filled = {"%d": f"{day.day:02}", "%m": f"{day.month:02}", "%Y": str(day.year), "%b": name[:3], "%B": name}
    for code, text in filled.items():
        pattern = pattern.replace(code, text)
    return pattern


def printed_amount(amount: Decimal, language: Language) -> str:
    """With the decimal sign of the country: `1,149.00` or `1.149,00`."""
    text = f"{amount:,.2f}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))
