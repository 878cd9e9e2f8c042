"""Rows that head a table of lines."""

from baton.readers.invoices.values import money_in
from baton.readers.invoices.words import pattern

_COLUMNS = ("name", "quantity", "price", "sum")


def is_heading(text: str) -> bool:
    """Whether a row names at least two columns of a table of lines, and no amounts."""
    if money_in(text) or pattern("table", "not_a_table").search(text):
        return False
    told = [column for column in _COLUMNS if pattern("table", column).search(text)]
    return len(told) >= 2 and ("name" in told or len(told) >= 3)
