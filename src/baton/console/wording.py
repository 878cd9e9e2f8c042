"""How the console says values: money, moments, time left, names of fields and systems."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency
from markupsafe import Markup, escape

from baton.console.i18n import _, spoken
from baton.types.canonical import Json
from baton.types.money import Money

_AMOUNT = re.compile(r"(\d) ([A-Z]{3})\b")
_NUMBER = re.compile(r"\b[A-Z]{1,6}-\d{1,10}\b")
_TICKED = re.compile(r"`([^`]*)`")
_CAMEL = re.compile(r"(?<=[a-z])[A-Z]")
_HUMPED = re.compile(r"(?:[A-Z][a-z]+){2,}")
_CODED = re.compile(r"[a-z]+(?:_[a-z]+)+")
SOON = timedelta(hours=2)
"""Only what is due within this time is coloured."""
_KNOWN = {"crm": "CRM", "erp": "ERP", "sku": "SKU", "vat": "VAT", "iban": "IBAN", "id": "ID"}


def money(value: Any) -> str:
    """`€389.00`; a dash for what is no amount."""
    if isinstance(value, Money):
        return _money(str(value.amount), value.currency, spoken())
    if isinstance(value, dict) and value.keys() == {"amount", "currency"}:
        return _money(str(value["amount"]), str(value["currency"]), spoken())
    return "–"


@lru_cache(maxsize=4096)
def _money(amount: str, currency: str, language: str) -> str:
    try:
        return str(format_currency(Decimal(amount), currency, locale=language))
    except InvalidOperation:
        return amount


def is_money(value: Any) -> bool:
    """Whether this is an amount with its currency."""
    return isinstance(value, dict) and value.keys() == {"amount", "currency"}


def said(value: Json) -> str:
    """Any value as staff read it."""
    match value:
        case None | "":
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case dict() if is_money(value):
            return money(value)
        case dict():
            return ", ".join(f"{words(key)} {said(item)}" for key, item in value.items() if item not in (None, "", [], {})) or "–"
        case list():
            return ("; " if any(isinstance(item, dict) for item in value) else ", ").join(said(item) for item in value) or "–"
        case str() if len(value) == 10 and (dated := _dated(value, spoken())):
            return dated
        case str() if _CODED.fullmatch(value):
            return words(value)
        case _:
            return str(value)


@lru_cache(maxsize=4096)
def _dated(text: str, language: str) -> str:
    """A day as people write it; nothing for what is no day."""
    try:
        return _date(datetime.strptime(text, "%Y-%m-%d").date(), False, language)
    except ValueError:
        return ""


def words(name: str) -> str:
    """`receipt_number` and `ReceiptNumber` as `Receipt number`; in the reader's language where its file knows it."""
    return _words(str(name), spoken())


@lru_cache(maxsize=8192)
def _words(name: str, language: str) -> str:
    parts = _CAMEL.sub(lambda hump: f"_{hump[0].lower()}", name) if _HUMPED.fullmatch(name) else name
    text = " ".join(_KNOWN.get(part, part) for part in parts.replace("-", "_").split("_"))
    return _(text[:1].upper() + text[1:]) if text else ""


def system(action: str) -> str:
    """The system of record that an action writes to: `ERP` for `erp.issue_gift_card`."""
    return words(action.partition(".")[0])


def left(due: datetime | None, at: datetime) -> str:
    """The time that is left, in words for a list: `1h 12m`, `5h`, `2d 3h`; how late it is, where it is late."""
    if due is None:
        return "–"
    minutes = int(abs((due - at).total_seconds()) // 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    text = f"{days}d {hours}h" if days else f"{hours}h {minutes % 60:02}m" if hours else f"{minutes}m"
    return _("late %(time)s") % {"time": text} if due < at else text


def urgency(due: datetime | None, at: datetime) -> str:
    """`late`, `soon`, `near` or nothing: what a list may colour."""
    if due is None or due - at > SOON:
        return ""
    return "late" if due < at else "soon"


def clock(moment: datetime | None) -> str:
    """The time of day."""
    return _time(moment.astimezone()) if moment else "–"


def _time(local: datetime) -> str:
    return f"{local.hour:02}:{local.minute:02}"


def day(moment: datetime | None) -> str:
    """The day and the time, without the year where it is this one."""
    if moment is None:
        return "–"
    return _on(moment.astimezone(), date.today(), spoken())


def _on(local: datetime, today: date, language: str) -> str:
    if local.date() == today:
        return _("today %(time)s") % {"time": _time(local)}
    return f"{_date(local.date(), local.year == today.year, language)}, {_time(local)}"


@lru_cache(maxsize=4096)
def _date(on: date, this_year: bool, language: str) -> str:
    return str(format_date(on, _d("d MMM" if this_year else "d MMM y"), locale=language))


def at(moment: datetime) -> Markup:
    """A moment as people read it, with the exact one for whoever wants it."""
    exact = moment.isoformat()
    whole = exact if moment.microsecond == 0 else exact[:19] + exact[26:]
    return Markup(f'<time datetime="{exact}" title="{whole}">{escape(day(moment))}</time>')


def _d(pattern: str) -> str:
    """Germans put a dot after the day."""
    return pattern.replace("d ", "d. ", 1) if spoken() == "de" else pattern


def lasted(seconds: float) -> str:
    """How long something took: `3 s`, `12 min`, `4 h 5 min`, `2 d 3 h`."""
    whole = int(seconds)
    if 0 < seconds < 1:
        return "< 1 s"
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    if whole < 86400:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86400} d {whole % 86400 // 3600} h"


def unbroken(text: str) -> str:
    """A sentence for a heading: amounts and numbers as `SO-20688` keep together, and names lose their backticks."""
    kept = _AMOUNT.sub("\\1\u00a0\\2", text.replace("`", ""))
    return Markup(_NUMBER.sub(r'<span class="whole">\g<0></span>', str(escape(kept)))) if _NUMBER.search(kept) else kept


def coded(text: str) -> Markup:
    """A sentence with its `names` set as such."""
    return Markup(_TICKED.sub(r"<code>\1</code>", str(escape(text))))


def agent(name: str) -> str:
    """`warranty_claim-agent` as `Warranty claim agent`; the engine as itself."""
    if name == "baton":
        return "Baton"
    process, _dash, last = name.rpartition("-")
    return _("%(process)s agent") % {"process": words(process)} if process and last == "agent" else words(name)


def stopped_words(stop: Any) -> str:
    """What stands still, by whom and why."""
    what = words(stop.process) if stop.process else stop.agent or _("everything")
    return _("%(what)s, by %(who)s: %(why)s") % {"what": what, "who": stop.by.id, "why": stop.reason}


def held_by(listing: Any, reason: str) -> str:
    """The words of the condition by which a list was narrowed, where a row of it says them."""
    rows = (line for line in listing.lines if line.reason.startswith(reason) and line.why)
    return next((line.why for line in rows if "/" in reason), reason)


def initials(name: str) -> str:
    """`LO` for Lena Okafor."""
    parts = name.split()
    return (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper()


@lru_cache(maxsize=1024)
def differing(text: str, other: str) -> Markup:
    """The text with the characters marked in which it differs from the other."""
    return Markup("").join(_marked(text, other))


def _marked(text: str, other: str) -> Iterator[Markup]:
    for tag, start, end, *_rest in SequenceMatcher(None, text, other, autojunk=False).get_opcodes():
        if part := text[start:end]:
            yield escape(part) if tag == "equal" else Markup("<mark>") + escape(part) + Markup("</mark>")
