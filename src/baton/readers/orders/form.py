"""A whole form, laid out once: its pages, labels and typed values."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from baton.readers.countries import currency_of, words_for
from baton.readers.layout import Held
from baton.readers.locales import Order, Words
from baton.readers.orders.labels import Label, labels_of
from baton.readers.orders.sheet import Leaf, leaves_of
from baton.readers.orders.values import Value, amounts_on, numbers_on, order_of_dates, periods_on
from baton.readers.reader import Role, Source
from baton.readers.rules.when import order_of


@dataclass(frozen=True, eq=False)
class Form:
    """The pages of a case's forms, with what stands on them."""

    leaves: tuple[Leaf, ...]
    words: Words
    order: Order | None
    locale: str | None

    @cached_property
    def text(self) -> str:
        """All lines, one a line."""
        return "\n".join(line.row.text for leaf in self.leaves for line in leaf.lines)

    def currency(self, beside: str | None) -> str | None:
        """The currency of an amount with this sign beside it."""
        if beside not in self._currencies:
            self._currencies[beside] = currency_of(self.text, beside, self.locale)
        return self._currencies[beside]

    @cached_property
    def _currencies(self) -> dict[str | None, str | None]:
        return {}

    @cached_property
    def labels(self) -> list[list[Label]]:
        """The labels of each page."""
        return [labels_of(leaf) for leaf in self.leaves]

    @cached_property
    def numbers(self) -> list[list[Value]]:
        """What may be a number, by page."""
        return [[value for line in leaf.lines for value in numbers_on(line)] for leaf in self.leaves]

    @cached_property
    def amounts(self) -> list[list[Value]]:
        """The amounts of each page."""
        return [[value for line in leaf.lines for value in amounts_on(line)] for leaf in self.leaves]

    @cached_property
    def periods(self) -> list[list[Value]]:
        """The periods of each page."""
        return [[value for line in leaf.lines for value in periods_on(line, self.words, self.order)] for leaf in self.leaves]


def form_of(sources: Sequence[Source], locale: str | None = None) -> Form:
    """Lay out what these documents show; once for all readers."""
    return _form_of(tuple((Held(source.reading), source.role) for source in sources), locale)


@lru_cache(maxsize=32)
def _form_of(held: tuple[tuple[Held, Role], ...], locale: str | None) -> Form:
    leaves = tuple(leaf for one, role in held for leaf in leaves_of(one, role))
    texts = [line.row.text for leaf in leaves for line in leaf.lines]
    words = words_for("\n".join(texts), locale)
    return Form(leaves, words, order_of_dates(texts, words) or order_of(texts, words, locale), locale)
