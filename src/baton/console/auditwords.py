"""Under which words a decision is found, and what somebody means who types into the search of the audit page. No I/O."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from baton.types.frozen import Frozen

_TOKEN = re.compile(r'"([^"]+)"|(\S+)')
_AMOUNT = re.compile(r"(?:[€$£]|[A-Z]{3})?\s?(\d[\d.,' ]*)\s?(?:[€$£]|[A-Z]{3})?")
_CURRENCY = re.compile(r"[€$£]|[A-Z]{3}")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_PART = re.compile(r"[^\W_]{3,}")
PREFIXES = ("case", "by", "rule", "action", "amount", "document", "kind", "outcome")
READING = "reading"
"""The kind under which readings and exports are found, so that they do not hide the work."""


class Wanted(Frozen):
    """What a search asks for: every token must fit, and each fits in several ways."""

    tokens: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    """The last day that counts."""
    decision: str = ""


def words_of(said: dict[str, Any], amounts: Iterable[Any], documents: Iterable[tuple[str, str]]) -> set[str]:
    """The words of one row, from its open part and what the case store says about its step."""
    found = {f"kind:{kind_of(said)}", f"outcome:{said['outcome']}", f"by:{said['by']['id']}"}
    found |= {f"case:{said['case']}"} if said["case"] else set()
    found |= {f"action:{said['action']}"} if said["action"] else set()
    found |= {f"rule:{id}" for id in (*said["rules"], *(clause["policy"] for clause in said["failed"]))}
    found |= {f"amount:{plain(amount)}" for amount in amounts}
    for id, name in documents:
        found |= {f"document:{id}", f"document:{name}", *(f"document:{part}" for part in _PART.findall(name))}
    return {word.lower() for word in found}


def kind_of(said: dict[str, Any]) -> str:
    """The row's kind; a reading is one of its own."""
    return READING if said["action"] in ("baton:audit", "baton:export") else str(said["kind"])


def plain(amount: Any) -> str:
    """One spelling for one amount: `389` for 389.00."""
    return f"{Decimal(amount).normalize():f}"


def wanted(text: str, since: str = "", until: str = "") -> Wanted:
    """What a line of text asks for: ids, amounts, days, people, rules and documents, in any order."""
    tokens: list[str] = []
    days: list[tuple[date, date]] = []
    decision = ""
    for quoted, bare in _TOKEN.findall(text):
        token = quoted or bare
        if found := _days(token):
            days.append(found)
        elif tokens and amounts(tokens[-1]) and _CURRENCY.fullmatch(token):
            continue  # `389 EUR`: the currency alone narrows nothing
        elif token.lower().startswith("d-"):
            decision = token.lower()
        else:
            tokens.append(token)
    first, last = _day(since), _day(until)
    starts = [one[0] for one in days] + ([first] if first else [])
    ends = [one[1] for one in days] + ([last] if last else [])
    return Wanted(tokens=tuple(tokens), decision=decision, since=max(starts, default=None), until=min(ends, default=None))


def amounts(token: str) -> tuple[str, ...]:
    """The amounts that a token may mean: `1.234` is a thousand and more, or one and a bit."""
    found = _AMOUNT.fullmatch(token)
    if not found:
        return ()
    digits = found[1].replace(" ", "").replace("'", "").rstrip(".,")
    head, mark, tail = digits.rpartition("," if digits.rfind(",") > digits.rfind(".") else ".")
    whole = re.sub(r"[.,]", "", head)
    spelt = [f"{whole}.{tail}"] if mark else [digits]
    spelt += [f"{whole}{tail}"] if mark and len(tail) == 3 else []
    return tuple(one for text in spelt if (one := _number(text)))


def _number(text: str) -> str:
    try:
        return plain(Decimal(text))
    except InvalidOperation:
        return ""


def _days(token: str) -> tuple[date, date] | None:
    try:
        if found := _DAY.fullmatch(token):
            day = date(int(found[1]), int(found[2]), int(found[3]))
        elif found := _GERMAN.fullmatch(token):
            day = date(int(found[3]), int(found[2]), int(found[1]))
        elif found := _MONTH.fullmatch(token):
            first = date(int(found[1]), int(found[2]), 1)
            return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        else:
            return None
    except ValueError:
        return None
    return day, day


def _day(text: str) -> date | None:
    found = _days(text.strip())
    return found[0] if found else None
