"""What counts as personal data, and a place in a text that carries some."""

from typing import Literal, NamedTuple, TypeAlias, get_args

Kind: TypeAlias = Literal["email", "iban", "card", "id", "phone", "name"]
"""`name` is of known parties only; `id` is a number of a person or a tax number; the rest say themselves."""

KINDS: tuple[Kind, ...] = get_args(Kind)
"""Every kind, in the order in which overlapping places are settled."""


class Place(NamedTuple):
    """First and one-past-last character of a value, and what makes two spellings of it the same value."""

    start: int
    end: int
    kind: str
    value: str
