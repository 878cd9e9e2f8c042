"""The line items of a receipt, and the price of the one that a customer claims."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.fuzz import partial_token_sort_ratio, token_set_ratio

from baton.readers.amounts import Amount, amounts_in
from baton.readers.layout import Row
from baton.readers.locales import Words
from baton.readers.normalise import tokens
from baton.readers.rules.labels import meaning_of

_ALIKE = 82


@dataclass(frozen=True)
class Item:
    """One thing bought: what it is called and what it cost, with the rows that say so."""

    name: Row
    price_row: Row
    price: Amount


def items_on(rows: Sequence[Row], words: Words) -> list[Item]:
    """The things bought: rows with letters and an amount above the first sum; the amount may stand one row lower."""
    body = _body(rows, words)
    found: list[Item] = []
    for index, row in enumerate(body):
        price = _price(row)
        if not _is_name(row.text):
            continue
        if price:
            found.append(Item(row, row, price))
        elif index + 1 < len(body) and (below := _price(body[index + 1])) and not _is_name(body[index + 1].text):
            found.append(Item(row, body[index + 1], below))
    return found


def claimed_item(items: Sequence[Item], product: str) -> Item | None:
    """The item that a customer's words for the product name, when exactly one fits."""
    scored = [(_alike(product, item.name.text), item) for item in items]
    fitting = sorted((pair for pair in scored if pair[0] >= _ALIKE), key=lambda pair: -pair[0])
    clear = fitting and (len(fitting) == 1 or fitting[0][0] - fitting[1][0] >= 5)
    return fitting[0][1] if clear else None


def _alike(product: str, text: str) -> float:
    named = [token for token in tokens(product) if len(token) > 1]
    printed = tokens(re.sub(r"\d+[.,]\d{2}", " ", text))
    if not named or not printed:
        return 0.0
    shared = set(named) & {token for token in printed if len(token) > 2}
    model = any(any(char.isdigit() for char in token) and len(token) > 3 for token in shared)
    enough = len(shared) >= min(2, len(named))
    return max(token_set_ratio(" ".join(named), " ".join(printed)) if enough or model else 0.0, _joined(named, printed))


def _joined(named: list[str], printed: list[str]) -> float:
    return partial_token_sort_ratio(" ".join(named), " ".join(printed)) if len(" ".join(named)) >= 8 else 0.0


def _body(rows: Sequence[Row], words: Words) -> list[Row]:
    """Rows above the first sum."""
    for index, row in enumerate(rows):
        if amounts_in(row.text) and meaning_of(_words_only(row.text), words) in ("subtotal", "total", "final", "tender"):
            return list(rows[:index])
    return list(rows)


def _words_only(text: str) -> str:
    return " ".join(re.sub(r"[\d.,]+", " ", text.lower()).split())


def _price(row: Row) -> Amount | None:
    """The last amount of a row: the price of the line, behind quantity and unit price."""
    found = [amount for amount in amounts_in(row.text, whole=True) if amount.value > 0]
    return found[-1] if found else None


def _is_name(text: str) -> bool:
    bare = text
    for amount in reversed(amounts_in(text, whole=True)):
        bare = bare[: amount.start] + " " + bare[amount.end :]
    return len(re.findall(r"[^\W\d_]", bare)) >= 4
