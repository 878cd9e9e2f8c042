"""What a form may ask for. A form is a pydantic model; its field types say how each value is read and compared.

Light on purpose: process files import it.
"""

import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from baton.types.money import Money

Kind: TypeAlias = Literal[
    "text",
    "product",
    "serial",
    "seller",
    "name",
    "address",
    "identifier",
    "receipt_number",
    "date",
    "money",
    "defect",
    "choice",
    "flag",
    "number",
]
"""How a field is read and how two values of it are compared."""


@dataclass(frozen=True)
class ReadAs:
    """Metadata for `Annotated`: how to read a field, and words that stand near it in documents."""

    kind: Kind
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class Means:
    """Metadata for a `Literal` field: the words, in any language, that mean each option."""

    options: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.options.items())))


Text = Annotated[str, ReadAs("text")]
Product = Annotated[str, ReadAs("product")]
Serial = Annotated[str, ReadAs("serial")]
Seller = Annotated[str, ReadAs("seller")]
Name = Annotated[str, ReadAs("name")]
Address = Annotated[str, ReadAs("address")]
Identifier = Annotated[str, ReadAs("identifier")]
ReceiptNumber = Annotated[str, ReadAs("receipt_number")]
PurchaseDate = Annotated[date, ReadAs("date")]
ReceiptTotal = Annotated[Money, ReadAs("money")]
Defect = Annotated[str, ReadAs("defect")]

_BY_NAME: dict[str, Kind] = {
    "product": "product",
    "serial": "serial",
    "serial_number": "serial",
    "seller": "seller",
    "company": "seller",
    "shop": "seller",
    "address": "address",
    "receipt_number": "receipt_number",
    "invoice_number": "receipt_number",
    "defect": "defect",
    "fault": "defect",
}


def kind_named(name: str) -> Kind | None:
    """What a field of this name is, where the name alone says so."""
    return _BY_NAME.get(name)


_BY_TYPE: dict[type, Kind] = {date: "date", Money: "money", bool: "flag", int: "number", float: "number"}


@dataclass(frozen=True)
class Field:
    """One field of a form, as a reader sees it."""

    name: str
    kind: Kind
    near: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    means: Means = Means()


def fields_of(form: type[BaseModel]) -> tuple[Field, ...]:
    """The fields a form asks for, in the form's order."""
    hints = get_type_hints(form, include_extras=True)
    return tuple(_field(name, hints[name]) for name in form.model_fields)


def _field(name: str, hint: Any) -> Field:
    parts = list(_flatten(hint))
    said = next((part for part in parts if isinstance(part, ReadAs)), None)
    means = next((part for part in parts if isinstance(part, Means)), Means())
    options = tuple(str(part.value) for part in parts if isinstance(part, _Option))
    if options:
        return Field(name, "choice", said.near if said else (), options, means)
    told: Kind = next((_BY_TYPE[one] for one in parts if isinstance(one, type) and one in _BY_TYPE), "text")
    kind = said.kind if said else told
    if kind in ("text", "identifier"):
        kind = _BY_NAME.get(name, kind)
    return Field(name, kind, said.near if said else ())


@dataclass(frozen=True)
class _Option:
    value: object


def _flatten(hint: Any) -> Iterator[Any]:
    """Every base type, option and piece of metadata inside `Annotated`, `Union` and `Literal`."""
    origin = get_origin(hint)
    if origin is Annotated:
        yield from _flatten(get_args(hint)[0])
        yield from hint.__metadata__
    elif origin in (Union, types.UnionType):
        for part in get_args(hint):
            yield from _flatten(part)
    elif origin is Literal:
        yield from (_Option(value) for value in get_args(hint))
    else:
        yield hint
