"""From the bytes of a structured invoice to the invoice form, with the XML path of every value."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from baton.errors import BatonError
from baton.readers.structured.invoice import Invoice
from baton.readers.structured.paths import Place, elements, places
from baton.readers.structured.xml import Element, parse, text_of
from baton.types.canonical import Json

_SYNTAXES = {
    ("Invoice", "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"): "ubl",
    ("CreditNote", "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"): "ubl",
    ("CrossIndustryInvoice", "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"): "cii",
    ("CrossIndustryDocument", "urn:ferd:CrossIndustryDocument:invoice:1p0"): "cii",
    ("Invoice", "urn:un:unece:uncefact:data:standard:CBFBUY:5"): "cii",
}
_NUMBER = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,20})?|\.\d{1,20})")
_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:T[\d:.]+)?(?:Z|[+-]\d\d:\d\d)?")


class NoInvoice(BatonError):
    """The XML is no invoice in a syntax that is read."""


@dataclass(frozen=True)
class StructuredInvoice:
    """An invoice read from XML: the form, where each value stands by its name (`seller.name`, `lines[0].net`), what was odd."""

    invoice: Invoice
    places: Mapping[str, Place]
    syntax: str
    problems: tuple[str, ...] = ()
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Business term to the names that hold it, in document order."""

    def value(self, name: str) -> Json:
        """A value by its name, in JSON form: amounts and dates as text."""
        return _plain(_follow(self.invoice, name))


def read_invoice(data: bytes) -> StructuredInvoice:
    """Read a UBL or Cross Industry invoice. Raises `NoXml` or `NoInvoice`, never anything else for what is in the bytes."""
    return read_invoice_text(text_of(data))


def read_invoice_text(text: str) -> StructuredInvoice:
    """The same from characters; the spans of the places count in this text."""
    root = parse(text)
    syntax = _SYNTAXES.get((root.name, root.namespace))
    if syntax is None:
        raise NoInvoice(f"the XML is `{root.written}` of `{root.namespace}`, no invoice in UBL or CII: read its page instead")
    reading = _Reading(_table(syntax), {})
    values = reading.group(Invoice, reading.table, root, "")
    return StructuredInvoice(Invoice(**values), reading.places, syntax, tuple(reading.problems), _terms(reading.terms))


class _Reading:
    """One pass over a document along the table of its syntax."""

    def __init__(self, table: dict[str, Any], known: dict[str, str | None]) -> None:
        self.table = table
        self.known = known
        self.places: dict[str, Place] = {}
        self.problems: list[str] = []
        self.terms: list[tuple[str, str]] = []

    def group(self, form: type[BaseModel], table: Mapping[str, Any], element: Element, name: str) -> dict[str, Any]:
        found = {}
        for key, info in form.model_fields.items():
            if key not in table:
                continue
            inner, several = _inner(info.annotation)
            at = f"{name}.{key}" if name else key
            if issubclass(inner, BaseModel):
                found[key] = self._groups(inner, table[key], element, at, several)
            else:
                told = (info.json_schema_extra or {}).get("term") if isinstance(info.json_schema_extra, dict) else None
                found[key] = self._leaf(inner, table[key], element, at, several, str(told) if told else None)
        return {key: value for key, value in found.items() if value not in (None, ())}

    def _groups(self, form: type[BaseModel], table: Mapping[str, Any], element: Element, name: str, several: bool) -> Any:
        rows = self.table["_shared"].get(table["_like"]) or self.table[table["_like"]] if "_like" in table else table
        found = [one for path in _listed(table["_at"]) for one in elements(element, path, self.known)]
        if not several:
            made = self.group(form, rows, found[0], name) if found else {}
            return form(**made) if made else None
        return tuple(form(**self.group(form, rows, one, f"{name}[{index}]")) for index, one in enumerate(found))

    def _leaf(self, kind: type, said: Any, element: Element, name: str, several: bool, told: str | None) -> Any:
        pattern = said["pattern"] if isinstance(said, dict) else None
        paths = _listed(said["path"] if isinstance(said, dict) else said)
        values: list[Any] = []
        for place in (place for path in paths for place in places(element, path, self.known)):
            value = self._typed(kind, _part(place.text, pattern), place)
            if value is None:
                continue
            at = f"{name}[{len(values)}]" if several else name
            self.places[at] = place
            self.known.setdefault(at, place.text)
            values.append(value)
            if told:
                self.terms.append((told, at))
            if not several:
                return value
        return tuple(values) if several else None

    def _typed(self, kind: type, text: str, place: Place) -> Any:
        if not text:
            return None
        try:
            return _CONVERT[kind](text)
        except (ValueError, InvalidOperation):
            self.problems.append(f"`{place.path}` says `{text[:80]}`, which is no {_IN_WORDS[kind]}")
            return None


def _day(text: str) -> date:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return date(*map(int, match.groups()))


def _decimal(text: str) -> Decimal:
    if _NUMBER.fullmatch(text) is None:
        raise ValueError(text)
    return Decimal(text)


_CONVERT: dict[type, Any] = {str: lambda text: " ".join(text.split()), date: _day, Decimal: _decimal}
_IN_WORDS = {str: "text", date: "date", Decimal: "number"}


def _part(text: str, pattern: str | None) -> str:
    if pattern is None:
        return text
    match = re.search(pattern, text, re.DOTALL)
    return match[1].strip() if match else ""


def _inner(hint: Any) -> tuple[type, bool]:
    """The type inside `X | None` or `tuple[X, ...]`, and whether several may stand."""
    parts = [part for part in get_args(hint) if part not in (type(None), Ellipsis)]
    return (parts[0] if parts else hint), str(hint).startswith("tuple")


def _listed(said: Any) -> Sequence[str]:
    return said if isinstance(said, list) else [said]


@cache
def _table(syntax: str) -> dict[str, Any]:
    """The paths of a syntax, with the names of elements that several paths share written out."""
    table = tomllib.loads((Path(__file__).parent / f"{syntax}.toml").read_text("utf-8"))
    names: dict[str, str] = table.pop("_names", {})
    spelled: dict[str, Any] = _spelled(table, {key: _filled(value, names) for key, value in names.items()})
    return spelled


def _filled(text: str, names: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: names[match[1]], text)


def _spelled(value: Any, names: Mapping[str, str]) -> Any:
    match value:
        case str():
            return _filled(value, names)
        case list():
            return [_spelled(one, names) for one in value]
        case _:
            return {key: _spelled(one, names) for key, one in value.items()}


def _terms(pairs: Sequence[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for id, name in pairs:
        found[id] = (*found.get(id, ()), name)
    return found


def _follow(value: Any, name: str) -> Any:
    for part in re.findall(r"\w+", name):
        value = value[int(part)] if part.isdigit() else getattr(value, part, None)
        if value is None:
            return None
    return value


def _plain(value: Any) -> Json:
    return value if value is None or isinstance(value, str) else str(value)
