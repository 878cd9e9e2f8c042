"""The date of purchase: by its label, its time of day, and where it stands."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from baton.readers.countries import country_of
from baton.readers.dates import Dated, bare_dates, dates_in, order_told
from baton.readers.layout import Row
from baton.readers.locales import Order, Words

_TIME = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s?(?:[AP]\.?M\b)?", re.IGNORECASE)


@dataclass(frozen=True)
class When:
    """A candidate for the date of purchase, with what speaks for it."""

    dated: Dated
    row: Row
    score: float
    labelled: bool
    times: int

    @property
    def value(self) -> date:
        """The first reading."""
        return self.dated.readings[0]


def order_of(texts: Sequence[str], words: Words, locale: str | None) -> Order | None:
    """Whether day or month comes first: as the document shows, else its country, its language, or the locale's region."""
    told = order_told(texts)
    home = country_of("\n".join(texts), locale)
    if told or home:
        return told or (home.order if home else None)
    foreign = [code for code in words.languages if code != "en"]
    return "dmy" if foreign else None


def dates_on(rows: Sequence[Row], words: Words, locale: str | None = None) -> list[When]:
    """Candidates for the date of purchase on a receipt, best first."""
    order = order_of([row.text for row in rows], words, locale)
    found = [(index, dated) for index, row in enumerate(rows) for dated in dates_in(row.text, words, order, compact=True)]
    found = found or [(index, dated) for index, row in enumerate(rows) for dated in bare_dates(row.text)]
    times = Counter(dated.readings for _, dated in found)
    candidates = [_weigh(index, dated, rows, words, times[dated.readings]) for index, dated in found]
    return sorted(candidates, key=lambda one: -one.score)


def _weigh(index: int, dated: Dated, rows: Sequence[Row], words: Words, times: int) -> When:
    row = rows[index]
    before, after = row.text[: dated.start], row.text[dated.end :]
    above = rows[index - 1].text if index and not re.search(r"[^\W\d_]{3,}", before) else ""
    labelled = bool(words.pattern("dates", "labels").search(before) or words.pattern("dates", "labels").search(above))
    denied = bool(words.pattern("dates", "not_labels").search(before)) or (
        not labelled and bool(words.pattern("dates", "not_labels").search(above))
    )
    joined = bool(re.search(r"[\w-]$|#$", before.strip()[-1:])) and not labelled
    score = (
        1.0 + 2.0 * labelled + 0.8 * bool(_TIME.search(after)) + 0.4 * (times > 1) - 3.0 * denied - 0.3 * joined - 0.01 * index
    )
    compact = dated.end - dated.start == 8 and row.text[dated.start : dated.end].isdigit()
    return When(dated, row, score - 1.5 * (compact and not labelled), labelled, times)
