"""Business terms of EN 16931-1, the semantic model of an invoice in Europe: how fields of any form say which one they hold."""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Field


@dataclass(frozen=True)
class Term:
    """Metadata for `Annotated`: the business term that a form's field asks for, as in `Term(id="BT-1")`."""

    id: str


def term(id: str, meaning: str, default: Any = None) -> Any:
    """A field of the invoice that holds this term of EN 16931."""
    return Field(default=default, description=f"{meaning} ({id})", json_schema_extra={"term": id})


def group(id: str, meaning: str, default: Any = None) -> Any:
    """A field of the invoice that holds a group of terms of EN 16931."""
    return Field(default=default, description=f"{meaning} ({id})")


TERMS: dict[str, str] = {
    "number": "BT-1",
    "invoice_number": "BT-1",
    "issue_date": "BT-2",
    "invoice_date": "BT-2",
    "type_code": "BT-3",
    "currency": "BT-5",
    "due_date": "BT-9",
    "buyer_reference": "BT-10",
    "contract_reference": "BT-12",
    "order_reference": "BT-13",
    "order_number": "BT-13",
    "seller": "BT-27",
    "seller_name": "BT-27",
    "seller_vat_id": "BT-31",
    "buyer": "BT-44",
    "buyer_name": "BT-44",
    "buyer_vat_id": "BT-48",
    "payment_reference": "BT-83",
    "iban": "BT-84",
    "net": "BT-109",
    "net_total": "BT-109",
    "tax": "BT-110",
    "tax_total": "BT-110",
    "total": "BT-112",
    "gross_total": "BT-112",
    "payable": "BT-115",
    "amount_due": "BT-115",
    "lines": "BG-25",
    "line_count": "BG-25",
}
"""Names that fields of forms go by, where they carry no `Term` of their own."""


def terms_of(form: type[BaseModel]) -> dict[str, str]:
    """Field name to business term, for the fields of a form that ask for one."""
    hints = get_type_hints(form, include_extras=True)
    told = {name: [part.id for part in _metadata(hints[name]) if isinstance(part, Term)] for name in form.model_fields}
    return {name: found for name in form.model_fields if (found := next(iter(told[name]), TERMS.get(name)))}


def _metadata(hint: Any) -> Iterator[Any]:
    """What `Annotated` says about a type, also inside `| None`."""
    origin = get_origin(hint)
    if origin is Annotated:
        yield from hint.__metadata__
        yield from _metadata(get_args(hint)[0])
    elif origin in (Union, types.UnionType):
        for part in get_args(hint):
            yield from _metadata(part)
