"""What an agreement says of renewal, liability and payment."""

import re
from collections.abc import Iterator

from baton.readers.amounts import amounts_in
from baton.readers.contracts.found import Found
from baton.readers.contracts.periods import periods_in
from baton.readers.fields import Means
from baton.readers.rules.mail import option_pattern
from baton.types.canonical import Json

_DENIED = re.compile(r"\b(?:not|no|never|neither|without)\b[^.;]{0,40}$", re.IGNORECASE)
_LIABILITY = re.compile(r"\bliab(?:ility|le)\b", re.IGNORECASE)
_AT_MOST = re.compile(
    r"\b(?:exceed|limited to|maximum|no more than|not more than|up to|cap(?:ped)?)\b[^.;]{0,160}$", re.IGNORECASE
)
_PAYMENT = re.compile(r"\b(?:pay(?:able|ment|s)?|paid|invoices?|net)\b", re.IGNORECASE)
_NET = re.compile(r"\bnet[\s-]{1,3}(?P<days>\d{1,3})(?:\s+days)?\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[a-z)\d”\"][.;])\s+(?=[A-Z(\d“])")
_ABOUT_INVOICES = re.compile(r"\b(?:invoices?|receipt|billing|statement|due)\b", re.IGNORECASE)


def options(text: str, means: Means) -> list[Found]:
    """The options that the text words, the first mentioned first; what the sentence denies is no option."""
    found: list[Found] = []
    for option, ways in means.options.items():
        matches = [one for one in option_pattern(ways).finditer(text) if not _denies(text, one)]
        if matches:
            found.append(Found(option, (matches[0].span(),), 0.85))
    ordered = sorted(found, key=lambda one: one.places[0])
    return ordered if len(ordered) < 2 else [Found(one.value, one.places, 0.6) for one in ordered]


def _denies(text: str, match: re.Match[str]) -> bool:
    """Whether a `not` stands before the words, save where the words carry their own."""
    return bool(_DENIED.search(text[max(0, match.start() - 60) : match.start()])) and "not" not in match.group().lower()


def liability_caps(text: str) -> Iterator[Found]:
    """Amounts to which liability is limited."""
    for start, end in sentences(text):
        sentence = text[start:end]
        if not _LIABILITY.search(sentence):
            continue
        for amount in amounts_in(sentence, whole=True):
            if amount.currency and _AT_MOST.search(sentence[: amount.start]):
                value: Json = {"amount": str(amount.value), "currency": _currency(amount.currency)}
                yield Found(value, ((start + amount.start, start + amount.end),), 0.85)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends."""
    begins = 0
    for match in _SENTENCE_END.finditer(text):
        yield begins, match.start()
        begins = match.end()
    yield begins, len(text)


def _currency(printed: str) -> str:
    return "USD" if printed == "$" else printed


def payment_days(text: str) -> list[Found]:
    """Days from invoice to payment: `net 30`, `within thirty (30) days of receipt of an invoice`."""
    found = [Found(int(match["days"]), (match.span(),), 0.9) for match in _NET.finditer(text)]
    for period in periods_in(text):
        before = re.split(r"(?<=[a-z)])[.;] (?=[A-Z])", text[max(0, period.start - 120) : period.start])[-1]
        after = re.split(r"[.;]", text[period.end : period.end + 80])[0]
        if period.unit == "day" and _PAYMENT.search(before) and _ABOUT_INVOICES.search(before + after):
            found.append(Found(period.count, ((period.start, period.end),), 0.85))
    return found
