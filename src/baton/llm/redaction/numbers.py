"""Account, card and identity numbers: found by their shape, believed by their check digits or by the words before them."""

import re
from collections.abc import Callable, Iterator

from stdnum import iban, luhn
from stdnum.be import nn
from stdnum.br import cpf
from stdnum.ch import ssn as ahv
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.es import dni, nie
from stdnum.eu import vat
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.it import codicefiscale
from stdnum.my import nric
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.se import personnummer
from stdnum.us import ssn

from baton.llm.redaction.kinds import Place

_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \u00a0-]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
_SAID_IBAN = re.compile(
    r"\bIBAN\b[\s:.#-]{0,6}([A-Za-z]{2}\d{2}(?:[ \u00a0-]?[A-Za-z0-9]{1,4}(?=[\s,;.)]|[A-Za-z0-9]|$)){2,10})", re.I
)
_CARD = re.compile(r"(?<![\w.,-])\d(?:[ \u00a0-]?\d){11,18}(?![\w-])(?!\.\d)")
_VAT = re.compile(
    r"(?<![A-Za-z0-9])(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)"
    r"[ .-]?[A-Z0-9](?:[ .-]?[A-Z0-9]){6,13}(?![A-Za-z0-9])"
)
_NINO = re.compile(r"(?<![A-Za-z0-9])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D](?![A-Za-z0-9])")

_SHAPES: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = tuple(
    (re.compile(rf"(?<![\w.,/-])(?:{shape})(?![\w-])(?![.,]\d)"), is_valid)
    for shape, is_valid in (
        (r"\d{3}-\d{2}-\d{4}|\d{3} \d{2} \d{4}", ssn.is_valid),
        (r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}", ahv.is_valid),
        (r"\d{6}-\d{2}-\d{4}", nric.is_valid),
        (r"\d{6}-\d{4}|\d{8}-\d{4}", lambda text: personnummer.is_valid(text) or cpr.is_valid(text)),
        (r"\d{6}[-+A]\d{3}[0-9A-Z]", hetu.is_valid),
        (r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}", nn.is_valid),
        (r"\d{3}\.\d{3}\.\d{3}-\d{2}", cpf.is_valid),
        (r"[12] ?\d\d ?\d\d ?\d[\dAB] ?\d{3} ?\d{3} ?\d\d", nir.is_valid),
        (r"[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]", codicefiscale.is_valid),
        (r"\d{8}-?[A-Z]", dni.is_valid),
        (r"[XYZ]-?\d{7}-?[A-Z]", nie.is_valid),
    )
)
_BARE: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = tuple(
    (re.compile(rf"(?<![\w.,/-])(?:{shape})(?![\w-])(?![.,]\d)"), is_valid)
    for shape, is_valid in (
        (r"\d{11}", lambda text: pesel.is_valid(text) or fodselsnummer.is_valid(text)),
        (r"\d\d ?\d{3} ?\d{3} ?\d{3}", idnr.is_valid),
        (r"\d{9}", bsn.is_valid),
    )
)
"""Shapes too plain to be believed without a word before them."""
_SAID = re.compile(
    r"(?:\b(?:ssn|sin|bsn|nino|nric|mykad|pesel|dni|nie|cpf|personnummer|cpr|itin|passport|passeport|reisepass|pasaporte|paspoort|"
    r"steuer-?id\w*|steuer(?:identifikations)?nummer|steuernr|ausweis\w*|f[üu]hrerschein\w*|rijbewijs\w*|burgerservicenummer|"
    r"personalausweis\w*|tax ?(?:payer)? ?(?:id\w*|no|number)|vat ?(?:id|no|number|reg\w*)|"
    r"ust-?id\w*|btw\w*|gst ?(?:id|no|reg\w*)|"
    r"(?:ic|identity card|id card|identification|national id\w*) ?(?:no|number)?)"
    r"|social security|national insurance|driv(?:er|ing)'?s? ?licen[cs]e)"
    r"(?: ?(?:no|nr|number|num|nummer|id|card|kaart|n[°º]))?\.?(?: (?:is|it's|ist|lautet|of))?[\s:.#=()-]{0,6}"
    r"(?P<value>(?=[A-Za-z0-9./-]*\d{3})[A-Za-z0-9](?:[ ./-]?[A-Za-z0-9]){4,19})(?![A-Za-z0-9])",
    re.IGNORECASE,
)


def ibans(text: str) -> Iterator[Place]:
    """Bank accounts: with right check digits, or named as one."""
    for match in _from_each_start(_IBAN, text):
        if end := _longest(match.group(), _is_iban):
            yield _place(match.start(), match.group()[:end], "iban")
    for match in _SAID_IBAN.finditer(text):
        yield _place(match.start(1), match.group(1).rstrip(), "iban")


def cards(text: str) -> Iterator[Place]:
    """Payment cards: 12 to 19 digits whose last one fits (Luhn)."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if luhn.is_valid(digits) and len(set(digits)) > 1:
            yield _place(match.start(), match.group(), "card")


def ids(text: str) -> Iterator[Place]:
    """Numbers of persons and taxpayers."""
    for match in _from_each_start(_VAT, text):
        if end := _longest(match.group(), lambda part: bool(vat.is_valid(part))):
            yield _place(match.start(), match.group()[:end], "id")
    for pattern, is_valid in (*_SHAPES, (_NINO, _always)):
        yield from (_place(match.start(), match.group(), "id") for match in pattern.finditer(text) if is_valid(match.group()))
    for match in _SAID.finditer(text):
        value = _first_words(match.group("value"))
        yield _place(match.start("value"), value, "id")


def _from_each_start(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Also matches that begin inside another, which may have run on too far."""
    match = pattern.search(text)
    while match:
        yield match
        match = pattern.search(text, match.start() + 2)


def _longest(text: str, is_valid: Callable[[str], bool]) -> int:
    """How much from the beginning is valid: the pattern may have run on into the next word."""
    cuts = [len(text), *(match.start() for match in reversed(list(re.finditer(r"[ \u00a0.-]", text))))]
    return next((cut for cut in cuts if is_valid(text[:cut])), 0)


def _first_words(text: str) -> str:
    """Up to the first word without a digit: `A12 345 and` is `A12 345`."""
    kept: list[str] = []
    for word in re.split(r"(?<= )", text):
        if not any(char.isdigit() for char in word):
            break
        kept.append(word)
    return "".join(kept).rstrip() or text


def _is_iban(text: str) -> bool:
    plain = "".join(filter(str.isalnum, text.upper()))
    # The remainder first: it is cheap, and one in 97 is left for the careful look.
    fits = 15 <= len(plain) <= 34 and plain.isascii() and int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1
    return fits and bool(iban.is_valid(plain, check_country=False))


def _always(_: str) -> bool:
    return True


def _place(start: int, text: str, kind: str) -> Place:
    return Place(start, start + len(text), kind, re.sub(r"[^A-Z0-9]", "", text.upper()))
