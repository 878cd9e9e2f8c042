"""What customers write: the product, when, where and for how much they bought it, what is wrong, what they wish."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from baton.readers.amounts import Amount, amounts_in
from baton.readers.dates import Dated, dates_in
from baton.readers.layout import Row
from baton.readers.locales import Order, Words

_LONGEST_FAULT = 3  # sentences
_RELATIVE = re.compile(r",?\s+(?:that|which|and|die|der|das|den|dat)\s*$", re.IGNORECASE)
_SENTENCE = re.compile(r"\b(?:is|was|are|were|ist|war|heeft|hat|serial|seriennummer|serienummer)\b", re.IGNORECASE)
_ARTICLES = re.compile(r"\s*(?:(?:a|an|the|new|brand new|neuen?|neues|nieuwe?|een|de|het|einen?|eine)\s+)*", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """Something found in a mail: the passage, the characters, and how plainly it was said."""

    row: Row
    start: int
    end: int
    sure: float

    @property
    def text(self) -> str:
        """The words themselves."""
        return " ".join(self.row.text[self.start : self.end].split())


def prices(sentences: Sequence[Row], words: Words) -> list[tuple[Said, Amount]]:
    """Amounts that the sender says they paid."""
    found = []
    for row in sentences:
        for amount in amounts_in(row.text, whole=True):
            before, after = row.text[max(0, amount.start - 70) : amount.start], row.text[amount.end : amount.end + 25]
            if words.pattern("price", "not").search(before) or amount.value <= 0:
                continue
            said = words.pattern("price", "after").match(after.strip())
            near = said or _ends_with(words.pattern("price", "before"), before, 12)
            if near and (amount.currency or re.search(r"[.,]\d{2}", row.text[amount.start : amount.end])):
                found.append((Said(row, amount.start, amount.end, 0.85), amount))
    return found


def dates(sentences: Sequence[Row], words: Words, order: Order | None) -> list[tuple[Said, Dated]]:
    """Dates on which the sender says they bought it; a date in another sentence counts for little."""
    found = []
    for row in sentences:
        for dated in dates_in(row.text, words, order):
            labels = [*words.pattern("dates", "labels").finditer(row.text)]
            denied = _ends_with(words.pattern("dates", "not_labels"), row.text[: dated.start], 25)
            sure = 0.3 if denied or not labels else 0.85
            found.append((Said(row, dated.start, dated.end, sure), dated))
    return sorted(found, key=lambda pair: -pair[0].sure)


def sellers(sentences: Sequence[Row], words: Words) -> list[Said]:
    """Shops that the sender names."""
    found = list(_labelled(sentences, words.list("seller", "labels")))
    for row in sentences:
        for pattern in words.regexes("seller", "from"):
            match = pattern.search(row.text)
            if match and not words.pattern("product", "generic").fullmatch(match["seller"].strip().lower()):
                found.append(Said(row, match.start("seller"), match.end("seller"), 0.75))
    return found


def products(sentences: Sequence[Row], words: Words) -> list[Said]:
    """Products that the sender names, the plainest first."""
    found = list(_labelled(sentences, words.list("product", "labels")))
    for row in sentences:
        for pattern in words.regexes("product", "bought"):
            for match in re.finditer(pattern.pattern, row.text, re.IGNORECASE if "A-Z" not in pattern.pattern else 0):
                start, end = _trimmed(row.text, match.start("product"), match.end("product"))
                named = row.text[start:end].lower()
                if len(named) >= 3 and not words.pattern("product", "generic").fullmatch(named) and not _SENTENCE.search(named):
                    found.append(Said(row, start, end, 0.7))
    return sorted(found, key=lambda said: -said.sure)


def product_in_subject(subject: str, words: Words) -> str:
    """What is left of a subject line without the words that every claim carries."""
    noise = set(words.list("product", "subject_noise"))
    text = subject
    for phrase in sorted((one for one in noise if " " in one), key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(phrase)}\b", " ", text, flags=re.IGNORECASE)
    kept = [part for part in re.findall(r"[\w&.'’/-]+", text) if part.lower().strip(".-'") not in noise]
    codes = [part for part in kept if not re.fullmatch(r"[A-Z]{0,3}-?\d{4,}", part)]
    return " ".join(codes).strip(" -.:")


def faults(sentences: Sequence[Row], words: Words) -> list[tuple[Row, ...]]:
    """The run of sentences that says most about what is wrong."""
    telling = [_is_fault(row, words) for row in sentences]
    runs: list[tuple[Row, ...]] = []
    for index, row in enumerate(sentences):
        if telling[index] and index and telling[index - 1] and runs and len(runs[-1]) < _LONGEST_FAULT:
            runs[-1] += (row,)
        elif telling[index]:
            runs.append((row,))
    return sorted(runs, key=lambda run: -sum(_weight(row, words) for row in run))


def _is_fault(row: Row, words: Words) -> bool:
    return len(row.text.split()) >= 3 and _weight(row, words) > 0 and not words.pattern("defect", "not_words").search(row.text)


def _weight(row: Row, words: Words) -> int:
    return len({match.group().lower() for match in words.pattern("defect", "words").finditer(row.text)})


def wishes(sentences: Sequence[Row], words: Words, means: Mapping[str, tuple[str, ...]]) -> list[tuple[str, Said]]:
    """What the sender wishes, the plainest first; what they say they do not want is left out."""
    found: dict[str, Said] = {}
    for row in sentences:
        asked = words.pattern("wish", "starters").search(row.text)
        for option, meaning in means.items():
            for match in option_pattern(meaning).finditer(row.text):
                before = row.text[: match.start()]
                if _ends_with(words.pattern("wish", "negations"), before, 14):
                    continue
                manner = 0.05 * _ends_with(
                    words.pattern("wish", "manner"), before, 1
                )  # `repair it as goodwill` asks for goodwill
                said = Said(row, match.start(), match.end(), 0.85 + manner if asked else 0.4)
                if option not in found or said.sure > found[option].sure:
                    found[option] = said
    return sorted(found.items(), key=lambda pair: (-pair[1].sure, pair[1].row.offset or 0, pair[1].start))


@lru_cache(maxsize=256)
def option_pattern(meaning: tuple[str, ...]) -> re.Pattern[str]:
    """The words that mean an option, with the endings that languages put behind them."""
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, meaning))})[^\W\d_]{{0,3}}(?![^\W_])", re.IGNORECASE)


def _ends_with(pattern: re.Pattern[str], before: str, reach: int) -> bool:
    """Whether the pattern stands within so many characters before the end."""
    return any(len(before) - match.end() <= reach for match in pattern.finditer(before))


def _labelled(sentences: Sequence[Row], labels: Sequence[str]) -> Iterator[Said]:
    """Lines of the form `Product: kettle`."""
    pattern = re.compile(rf"^\W*(?:{'|'.join(labels)})\s*[:=]\s*(?P<value>\S.{{1,80}}?)\s*$", re.IGNORECASE)
    for row in sentences:
        match = pattern.match(row.text)
        if match:
            yield Said(row, match.start("value"), match.end("value"), 0.9)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without a leading article or adjective of novelty, and without spaces at the ends."""
    lead = _ARTICLES.match(text[start:end])
    start += lead.end() if lead else 0
    tail = _RELATIVE.search(text[start:end])
    return start, start + len(text[start : start + tail.start() if tail else end].rstrip())
