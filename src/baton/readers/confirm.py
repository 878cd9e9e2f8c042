"""Confirmation: arithmetic on the receipt, a check digit, or a second place in the documents says the same."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from stdnum import iban, imei, isbn, lei, luhn
from stdnum.eu import vat

from baton.readers.countries import words_for
from baton.readers.dates import dates_in
from baton.readers.fields import Field
from baton.readers.ground import places
from baton.readers.layout import rows_of
from baton.readers.normalise import as_date, as_money, same, squeeze
from baton.readers.reader import Source
from baton.readers.rules.labels import Meaning, labelled
from baton.readers.rules.shop import shops
from baton.readers.rules.total import proofs_of
from baton.types.canonical import Json

_PROOFS = frozenset({"cash less change", "parts", "paid", "rounding", "twice"})


def confirmed(field: Field, value: Json, sources: Sequence[Source]) -> bool:
    """Whether something in the documents besides the place it was read from says the same."""
    match field.kind:
        case "money":
            return _adds_up(value, sources) or _documents(field, value, sources) > 1
        case "date":
            return len({(place.document, place.page, place.polygons, place.span) for place in places(field, value, sources)}) > 1
        case "serial":
            return _is_imei(squeeze(str(value))) or _documents(field, value, sources) > 1
        case "identifier":
            return checked_id(str(value)) is not None or _documents(field, value, sources) > 1
        case "seller" | "receipt_number" | "product":
            return _documents(field, value, sources) > 1
        case _:
            return False


def rivals(field: Field, value: Json, sources: Sequence[Source]) -> dict[str, int]:
    """What on the page contests a value: other amounts called a total, other sums, other dates, or another company's name."""
    pages = [source for source in sources if source.role == "receipt"]
    said = as_money(value) if field.kind == "money" else None
    if said is not None:
        found = {name: [_called(source, meanings) - {said[0]} for source in pages] for name, meanings in _CALLED.items()}
        return {name: min(3, sum(map(len, some))) for name, some in found.items()}
    if field.kind == "date":
        return {"contested": int(any(_other_dates(value, source) for source in pages))}
    if field.kind == "seller":
        return {"contested": int(any(_other_companies(value, source) for source in pages))}
    return {}


_CALLED: dict[str, frozenset[Meaning]] = {
    "contested": frozenset({"final", "total"}),
    "other sums": frozenset({"final", "total", "subtotal", "rounding", "discount"}),
}


def _called(source: Source, meanings: frozenset[Meaning]) -> set[Decimal]:
    rows = rows_of([source])
    words = words_for("\n".join(row.text for row in rows))
    return {
        abs(one.amount.value) for one in labelled(rows, words) if one.meaning in meanings and not one.late and one.amount.value
    }


def _other_dates(value: Json, source: Source) -> bool:
    rows = rows_of([source])
    words = words_for("\n".join(row.text for row in rows))
    wanted = as_date(value)
    return any(wanted not in one.readings for row in rows for one in dates_in(row.text, words))


def _other_companies(value: Json, source: Source) -> bool:
    """Whether a company of another name, told by its legal form, stands on the page: the shop's owner, or its customer."""
    rows = rows_of([source])
    words = words_for("\n".join(row.text for row in rows))
    return any(shop.legal and not same("seller", shop.name, value) for shop in shops(rows, words)[:3])


def checked_id(text: str) -> str | None:
    """Which kind of number this is, when its check digits are right: a slip of one letter would hardly pass."""
    bare = squeeze(text)
    return next((name for name, right in _CHECKS if right(bare)), None)


def _is_imei(bare: str) -> bool:
    """Fifteen digits: the longer form with a software version has no check digit."""
    return len(bare) == 15 and bool(imei.is_valid(bare))


def _is_card(bare: str) -> bool:
    return 13 <= len(bare) <= 19 and bare.isdigit() and bool(luhn.is_valid(bare))


_CHECKS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("IBAN", iban.is_valid),
    ("VAT number", lambda bare: bare[:2].isalpha() and bool(vat.is_valid(bare))),
    ("LEI", lei.is_valid),
    ("ISBN", isbn.is_valid),
    ("IMEI", _is_imei),
    ("card", _is_card),
)


def _documents(field: Field, value: Json, sources: Sequence[Source]) -> int:
    return len({place.document for place in places(field, value, sources)})


def _adds_up(value: Json, sources: Sequence[Source]) -> bool:
    wanted = as_money(value)
    for source in sources:
        rows = rows_of([source])
        words = words_for("\n".join(row.text for row in rows))
        if wanted and proofs_of(labelled(rows, words)).get(wanted[0], frozenset()) & _PROOFS:
            return True
    return False
