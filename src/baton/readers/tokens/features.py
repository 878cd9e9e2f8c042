"""What is told of a word to whoever learned from examples: its shape, its place, its row, and its neighbours."""

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from baton.readers.amounts import amounts_in
from baton.readers.dates import dates_in
from baton.readers.layout import Row
from baton.readers.locales import Words
from baton.readers.rules.labels import labelled
from baton.readers.rules.total import proofs_of
from baton.readers.rules.where import looks_like_address
from baton.readers.tokens.laid import Laid, Token

VERSION = "1"
_LEXICON = (
    ("address", "words"),
    ("address", "regions"),
    ("address", "contact"),
    ("seller", "legal"),
    ("seller", "trade"),
    ("seller", "owner"),
    ("seller", "not_names"),
    ("dates", "labels"),
    ("dates", "not_labels"),
    ("receipt_number", "labels"),
    ("receipt_number", "number_words"),
)


def features_of(page: Laid) -> list[list[str]]:
    """The features of every word, in order."""
    about = [_row(row, page.words) for row in page.rows]
    sums = _sums(page)
    every = [_own(token, page, sums) for token in page.tokens]
    return [_with_row(index, page, about, own) + _beside(index, page) for index, own in enumerate(every)]


def _own(token: Token, page: Laid, sums: "dict[tuple[int, int], list[str]]") -> list[str]:
    text, row = token.text, page.rows[token.row]
    lower = re.sub(r"\d", "0", text.lower())
    found = ["bias", f"w={lower}", f"s={shape(text)}", f"p3={lower[:3]}", f"e3={lower[-3:]}", f"len={min(len(text), 12)}"]
    column = row.text.rfind("\t", 0, token.start) >= 0
    found += [f"x={_bucket(token, 4)}", f"col={column}", f"first={token.start == 0}", f"last={token.end == len(row.text)}"]
    found += [f"lex={name}" for name in _hits(text, page.words)]
    found += [kind for start, end, kind in _values(row.text, page.words) if start < token.end and end > token.start]
    for amount in amounts_in(row.text):
        if amount.start < token.end and amount.end > token.start:
            found += sums.get((token.row, amount.start), [])
    return found


def _with_row(index: int, page: Laid, about: Sequence[tuple[str, ...]], own: list[str]) -> list[str]:
    row = page.tokens[index].row
    count = len(page.rows)
    top, bottom = min(row, 14), min(count - 1 - row, 9)
    found = [*own, f"top={top}" if row < 14 else "top=late", f"depth={5 * row // max(1, count)}", f"foot={bottom // 3}"]
    found += [f"r:{one}" for one in about[row]]
    for step, name in ((-1, "above"), (1, "below"), (-2, "above2"), (2, "below2")):
        if 0 <= row + step < count:
            found += [f"{name}:{one}" for one in about[row + step]]
        else:
            found.append(f"{name}:none")
    usual = sorted(one.height for one in page.rows)[count // 2]
    if usual and page.rows[row].height > 1.3 * usual:
        found.append("big")
    return found


def _beside(index: int, page: Laid) -> list[str]:
    found = []
    for step in (-3, -2, -1, 1, 2):
        near = index + step
        if 0 <= near < len(page.tokens):
            same = page.tokens[near].row == page.tokens[index].row
            text = page.tokens[near].text
            found.append(f"{step}s={shape(text)}|{same}")
            if same:
                found.append(f"{step}w={re.sub(r'[^a-z]', '', text.lower())[:8]}")
        else:
            found.append(f"{step}=edge")
    return found


@lru_cache(maxsize=8192)
def shape(text: str) -> str:
    """`X` for capitals, `x` for small letters, `9` for digits; what repeats more than twice is cut to two."""
    plain = re.sub(r"[^\W\d_]", lambda one: "X" if one.group().isupper() else "x", re.sub(r"\d", "9", text))
    return re.sub(r"(.)\1{2,}", r"\1\1", plain)[:10]


def _bucket(token: Token, parts: int) -> int:
    xs = [point[0] for point in token.word.polygon] or [0.0]
    return min(parts - 1, max(0, int(parts * sum(xs) / len(xs))))


@lru_cache(maxsize=8192)
def _hits(text: str, words: Words) -> tuple[str, ...]:
    return tuple(f"{section}.{name}" for section, name in _LEXICON if words.pattern(section, name).search(text))


@lru_cache(maxsize=4096)
def _values(text: str, words: Words) -> tuple[tuple[int, int, str], ...]:
    """The amounts and dates of a row."""
    amounts = [(one.start, one.end, "amount") for one in amounts_in(text)]
    dates = [(one.start, one.end, "dated") for one in dates_in(text, words, "dmy", compact=True)]
    return (*amounts, *dates)


def _row(row: Row, words: Words) -> tuple[str, ...]:
    text = row.text
    found = list(_hits(text, words))
    if looks_like_address(text, words):
        found.append("place")
    found += sorted({kind for _, _, kind in _values(text, words)})
    if re.search(r"\d{1,2}:\d{2}", text):
        found.append("clock")
    if re.search(r"\d{5,}", text):
        found.append("longnumber")
    if not re.search(r"\d", text):
        found.append("nodigit")
    if re.search(r"[:#]", text):
        found.append("colon")
    return tuple(found)


def _sums(page: Laid) -> dict[tuple[int, int], list[str]]:
    """What labels and arithmetic say of each amount, by its row and first character."""
    rows = {id(row): number for number, row in enumerate(page.rows)}
    amounts = labelled(page.rows, page.words)
    proofs = proofs_of(amounts)
    times = Counter(one.amount.value for one in amounts)
    largest = max((one.amount.value for one in amounts), default=Decimal(0))
    return {
        (rows[id(one.row)], one.amount.start): [
            f"m={one.meaning}",
            f"late={one.late}",
            f"largest={one.amount.value == largest}",
            f"times={min(times[one.amount.value], 3)}",
            f"m={one.meaning}|late={one.late}|t={min(times[one.amount.value], 2)}",
            *(f"proof={proof}" for proof in proofs.get(one.amount.value, ())),
        ]
        for one in amounts
    }
