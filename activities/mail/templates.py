"""The letters a customer may get: fixed words with declared blanks, subject line first."""

import re
from functools import cache
from pathlib import Path
from string import Template
from typing import Final

from baton.errors import BatonError

_FOLDER: Final = Path(__file__).parent / "templates"
_NAME: Final = re.compile(r"[a-z][a-z_]*")
_LINK: Final = re.compile(r"(?i)https?:|www\.|\w\.(com|net|org|io|info|biz|eu|uk|de|nl|xyz|top|shop|example)\b|mailto:|://|@")

FILLED_FROM_RECORDS: Final = frozenset({"name", "case", "amount", "centre", "link", "until", "wording"})
"""Blanks filled from records, never by whoever asks for the letter."""

ASKABLE: Final = {
    "receipt": "your receipt or another proof of purchase, readable from edge to edge",
    "serial": "the serial number, usually on the underside or the back of the product",
    "product": "the name of the product",
    "purchased": "the date of purchase",
    "paid": "the price you paid",
    "seller": "the name of the shop",
    "defect": "a description of what is wrong",
    "photos": "a photograph of the damage",
    "contract": "the contract as a PDF without a password, with every page and the place for signatures",
}
"""What a customer may be asked for, by its name, and the words of the letter."""

_ALSO_CALLED: Final = {"proof of purchase": "receipt", "date": "purchased", "price": "paid", "shop": "seller", "photo": "photos"}

REASONS: Final = {
    "out_of_warranty": "The warranty of your product had ended when the fault appeared.",
    "duplicate": "Our records show that this purchase was already put right earlier.",
    "no_purchase_found": "We could not find the purchase in our records.",
    "not_covered": "The warranty covers faults of the product itself, and this is of another kind.",
    "misuse": "The warranty covers faults in normal household use, and this is of another kind.",
    "declined_by_customer": "You told us that you do not want to sign.",
    "expired": "The time for signing has passed without an answer.",
    "not_agreed": "We could not agree on the wording.",
    "not_signed": "We may not sign it as it is.",
    "no_answer": "We have not heard from you for a while.",
}
"""Why a claim is declined or a deal closed, by its code, and the words of the letter."""


class UnknownTemplate(BatonError):
    """There is no such letter."""


class UnfitValues(BatonError):
    """The values given do not fit the letter's blanks."""


def known(name: str) -> bool:
    """Whether there is a letter of this name."""
    return bool(_NAME.fullmatch(name)) and (_FOLDER / f"{name}.txt").is_file()


def subject_of(name: str) -> str:
    """What stands above the letter, the same to everybody."""
    return _text(name).partition("\n")[0]


def blanks(name: str) -> frozenset[str]:
    """What whoever asks for the letter has to fill in."""
    return frozenset(Template(_text(name)).get_identifiers()) - FILLED_FROM_RECORDS


def harmless(value: str, longest: int = 200) -> bool:
    """Whether a value holds no link, no address, no line of its own and not too many characters."""
    return 0 < len(value.strip()) <= len(value) <= longest and value.isprintable() and not _LINK.search(value)


def asked_in(documents: str) -> tuple[str, ...]:
    """The names of what is asked for, as in `a copy of the receipt and the serial number`. What has no name stays as it is."""
    return tuple(sorted({_named(item.strip().lower()) for item in re.split(r",|\band\b", documents) if item.strip()}))


def reason_of(words: str) -> str:
    """The code of a reason, whether written `out_of_warranty` or `out of warranty`."""
    return words.strip().lower().replace(" ", "_")


def fit(name: str, values: dict[str, str]) -> bool:
    """Whether exactly the letter's blanks are filled, each harmlessly and from its own vocabulary."""
    if not known(name) or set(values) != blanks(name) or not all(harmless(value) for value in values.values()):
        return False
    asked = asked_in(values.get("documents", "receipt"))
    return bool(asked) and set(asked) <= ASKABLE.keys() and reason_of(values.get("reason", "misuse")) in REASONS


def write(name: str, values: dict[str, str], records: dict[str, str]) -> tuple[str, str]:
    """Subject and text of a letter; `records` fill the blanks nobody else may. Raises `UnknownTemplate` or `UnfitValues`."""
    if not fit(name, values):
        wanted = ", ".join(sorted(blanks(name))) or "no blanks"
        raise UnfitValues(f"the values do not fit letter `{name}`: give exactly {wanted}, each one line without a link")
    said = dict(values)
    if "documents" in said:
        said["documents"] = _and([ASKABLE[asked] for asked in asked_in(said["documents"])])
    if "reason" in said:
        said["reason"] = REASONS[reason_of(said["reason"])]
    return _filled(name, said | records)


def put(question: str, records: dict[str, str]) -> tuple[str, str]:
    """Subject and text of a person's own question."""
    return _filled("question", {"text": question.strip()} | records)


def _filled(name: str, values: dict[str, str]) -> tuple[str, str]:
    subject, _, body = _text(name).partition("\n")
    try:
        return f"{subject} [{values['case']}]", Template(body).substitute(values)
    except KeyError as blank:
        raise UnfitValues(f"letter `{name}` needs {blank} from the records: give what it speaks of first") from None


def _named(item: str) -> str:
    names = [*((name, name) for name in ASKABLE), *_ALSO_CALLED.items()]
    return next((name for word, name in names if re.search(rf"\b{word}", item)), item)


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


@cache
def _text(name: str) -> str:
    if not known(name):
        raise UnknownTemplate(f"no letter `{name}`: write `activities/mail/templates/{name}.txt`, subject line first")
    return (_FOLDER / f"{name}.txt").read_text(encoding="utf-8")
