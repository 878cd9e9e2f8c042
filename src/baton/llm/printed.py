"""What a model is asked for a form: to copy what is printed. Our own code turns the copies into typed values.

So a model cannot put in a currency, a date's order or a rounding of its own; and whether its copy is printed anywhere is
checked afterwards, like any other reader's.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, create_model
from pydantic import Field as Described

from baton.llm.prompt import Material, Prompt, shortened
from baton.readers.amounts import amounts_in
from baton.readers.countries import currency_of, words_for
from baton.readers.dates import dates_in
from baton.readers.fields import Field, Kind, fields_of
from baton.readers.normalise import UNKNOWN
from baton.readers.reader import Readings, Role, Source
from baton.readers.rules.when import order_of
from baton.types.canonical import Json
from baton.types.documents import Page, Reading
from baton.types.findings import Keyed

CONFIDENCE = 0.5
"""A model's own word for how sure it is means little; what counts is whether its copy is found and agreed with."""

_INSTRUCTIONS = (
    "You are a data-entry clerk. Copy the wanted fields from the material, letter for letter as they are printed there, "
    "also numbers and dates. Do not correct, translate, calculate or complete anything. "
    "Where a field is not in the material, answer null; most fields are missing from most documents."
)
_WANTED: dict[Kind, str] = {
    "product": "the product's name or model",
    "serial": "the product's serial number",
    "seller": "the shop that sold it",
    "identifier": "the identifier",
    "receipt_number": "the number of the receipt or invoice",
    "date": "the date, as printed",
    "money": "the total, with its currency, as printed",
    "defect": "what is wrong with the product, in the sender's own words",
    "choice": "what the sender asks for",
    "flag": "whether it says so",
    "number": "the number, as printed",
}
_TITLES: dict[Role, str] = {"mail_body": "the e-mail", "receipt": "a receipt", "photo": "a photograph", "other": "an attachment"}


@lru_cache(maxsize=64)
def answer_form(form: type[BaseModel]) -> type[BaseModel]:
    """What the model is to fill: every field of the form, as text that is printed somewhere, or null."""
    fields: dict[str, Any] = {
        field.name: (_answer_type(form, field), Described(description=_words(form, field))) for field in fields_of(form)
    }
    made: type[BaseModel] = create_model(f"{form.__name__}AsPrinted", **fields)
    return made


def prompt_for(form: type[BaseModel], sources: Sequence[Source], characters: int, parties: Sequence[str] = ()) -> Prompt:
    """The model's task: the fields in words (not every server shows a model the schema), and the documents as data."""
    wanted = "\n".join(f"- {field.name}: {_words(form, field)}" for field in fields_of(form))
    share = max(200, characters // max(1, len(sources)))
    material = []
    for number, source in enumerate(sources, start=1):
        text = visible_text(source.reading)
        lead = f"Subject: {source.subject}\n\n" if source.subject else ""
        title = f"Document {number} of {len(sources)}, {_TITLES[source.role]}:"
        material.append(Material(title=title, text=shortened(lead + text, share)))
    return Prompt(instructions=f"{_INSTRUCTIONS}\nThe fields:\n{wanted}", material=tuple(material), parties=tuple(parties))


def readings_from(answer: dict[str, Json], form: type[BaseModel], sources: Sequence[Source], reader: str) -> Readings:
    """The model's copies as typed values; a copy that is no value of its kind is dropped."""
    texts = [visible_text(source.reading) for source in sources]
    readings: Readings = {}
    for field in fields_of(form):
        copied = answer.get(field.name)
        values = list(_values(field, copied, texts)) if copied is not None else []
        if values:
            readings[field.name] = [Keyed(value=value, reader=reader, confidence=CONFIDENCE) for value in values]
    return readings


def visible_text(reading: Reading) -> str:
    """What a reader of the printed page sees: hidden words, which no person can check, are left out."""
    return "\n\n".join(_visible(page) for page in reading.pages)


def _visible(page: Page) -> str:
    text = page.text
    hidden = [word.span for word in page.words if word.hidden and word.span]
    for start, end in sorted(hidden, reverse=True):
        text = text[:start] + text[end:]
    return text


def _answer_type(form: type[BaseModel], field: Field) -> Any:
    match field.kind:
        case "choice":
            return Literal[field.options] | None
        case "flag":
            return bool | None
        case _:
            return list[str] | None if _is_many(form.model_fields[field.name].annotation) else str | None


def _is_many(hint: Any) -> bool:
    """Whether the form asks for several values, as in `tuple[Name, ...] | None`."""
    return get_origin(hint) in (list, tuple) or any(_is_many(part) for part in get_args(hint))


def _words(form: type[BaseModel], field: Field) -> str:
    return (
        form.model_fields[field.name].description or _WANTED.get(field.kind) or f"the {field.name.replace('_', ' ')}, as printed"
    )


def _values(field: Field, copied: Json, texts: Sequence[str]) -> Iterator[Json]:
    if isinstance(copied, list):
        several: list[Json] = [value for one in copied for value in list(_values(field, one, texts))[:1]]
        yield from ([several] if several else [])
        return
    if not isinstance(copied, str):
        yield copied
        return
    copy = " ".join(copied.split())
    match field.kind:
        case "money":
            yield from _money(copy, texts)
        case "date":
            yield from _dates(copy, texts)
        case "number":
            yield from (str(amount.value) for amount in amounts_in(copy, whole=True)[:1])
        case _:
            yield from ([copy] if copy else [])


def _money(copy: str, texts: Sequence[str]) -> Iterator[Json]:
    found = amounts_in(copy, whole=True)
    home = next((text for text in texts if copy in " ".join(text.split())), "\n".join(texts))
    if found:
        yield {"amount": str(found[-1].value), "currency": currency_of(home, found[-1].currency) or UNKNOWN}


def _dates(copy: str, texts: Sequence[str]) -> Iterator[Json]:
    whole = "\n".join(texts)
    words = words_for(whole)
    for dated in dates_in(copy, words, order_of(texts, words, None))[:1]:
        yield from (day.isoformat() for day in dated.readings)
