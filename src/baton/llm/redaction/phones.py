"""Telephone numbers: by their own shape where it is telling, else by the words before them."""

import re
from collections.abc import Iterator

from baton.llm.redaction.kinds import Place

_RUN = re.compile(
    r"(?<![\w./+-])(?<!\d[ ,])(?:\+ ?|\(\+?)?\d(?:[ \u00a0./()-]{0,3}\d){5,16}(?: ?(?:x|ext\.? ?)\d{1,6})?(?!\w|[/.,:-]\d)",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"(?:\b(?:tel|tele?f|fon|phone|telephone|telefon\w*|telefoon\w*|tél|téléphone|tel[eé]fono|telefone|"
    r"mobile|mobil|mob|móvil|celular|cell|cellphone|fax|handy|gsm|hp|h/p|whatsapp|sms|text|"
    r"answer(?:s|ed|ing)? at|call(?:ed|ing)?|dial|ring|reach|hotline|landline|contact|ruf|bel|anrufen|erreichbar|"
    r"(?:my|new|his|her|their|the|our|your) (?:\w+ )?number)\b|☎|📞)[^\d\n+]{0,32}$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[\s(-]{1,3}(?:office|fax|mobile|cell|home|work|phone|tel|handy|mobil|b[üu]ro|privat|zu hause|thuis|kantoor)\b",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"(?:\b(?:serial|order|invoice|receipt|ref\w*|claim|case|ticket|item|article|sku|model|contract|policy|account|acct|a/c|bill|"
    r"member\w*|customer|batch|lot|gtin|ean|isbn|imei|part|no|nr|num|total|amount|price|sum|zip|code|rechnung\w*|beleg\w*|"
    r"bestell\w*|serien\w*|kunden\w*|bon|kassa|factuur\w*|gst|vat|tax|s/n|sn|id)\b|[#$€£]|\bRM|\bEUR|\bUSD|\bGBP)[^\d\n]{0,14}$",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{4}([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./ ])\d{1,2}\2(?:\d{4}|\d{2})(?: \d{1,2}(?: ?\d\d)?)?")
_TELLING = re.compile(
    r"(?:\+|00)\d[\d ./()-]{6,}"  # with a country
    r"|\(0?\d{2,5}\)[ -]?\d[\d -]{4,}"  # an area in brackets
    r"|(?:1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}"  # North America
    r"|\d{3}[-. ]\d{4}"
    r"|0\d{1,4}[-/ ]\d[\d -]{4,}"  # a trunk zero
    r"|(?:\d{2}[- ]){3,4}\d{2}"  # pairs
    r"|\d{2} \d{3} \d{3} \d{4}|\d{4} \d{4}|\d{2,3} \d{3} \d{2} \d{2}"
)
_MONEY = re.compile(r"\d{1,3}(?:[ .]\d{3})+")
_EXTENSION = re.compile(r" ?(?:x|ext\.? ?)\d{1,6}$", re.IGNORECASE)
_FEWEST, _MOST = 7, 15


def phones(text: str) -> Iterator[Place]:
    """Every number that is meant to be dialled, with its extension."""
    for match in _RUN.finditer(text):
        number = _EXTENSION.sub("", match.group())
        digits = re.sub(r"\D", "", number)
        if not _FEWEST - 1 <= len(digits) <= _MOST or _DATE.fullmatch(number.strip("() ")):
            continue
        before, after = text[max(0, match.start() - 48) : match.start()], text[match.end() : match.end() + 14]
        if _AFTER.match(after) or _is_phone(number, before):
            yield Place(match.start(), match.end(), "phone", digits)


def _is_phone(number: str, before: str) -> bool:
    if _CALLED.search(before):
        return True
    if _OTHERWISE.search(before) or _MONEY.fullmatch(number):
        return False
    return bool(_TELLING.fullmatch(number))
