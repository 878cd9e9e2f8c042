"""From documents to a filled form: read, ground, reconcile, and finish with a value the form's types accept."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from baton.readers.confidence import Calibration, shipped
from baton.readers.confirm import confirmed
from baton.readers.fields import Kind, fields_of
from baton.readers.ground import grounded
from baton.readers.instructions import instructions_in
from baton.readers.normalise import as_money, same
from baton.readers.reader import Reader, Readings, Source
from baton.readers.reconcile import EXPLICIT, reconcile
from baton.types.canonical import Json
from baton.types.findings import FieldFinding, Keyed
from baton.types.frozen import Frozen

F = TypeVar("F", bound=BaseModel)


class Filled(Frozen, Generic[F]):
    """A form as far as it could be read; a field nobody could read is None in `values` and `missing` in `fields`."""

    values: F
    fields: tuple[FieldFinding, ...]
    notes: tuple[str, ...] = ()
    instruction_like_text: bool = False


def key(
    form: type[F],
    sources: Sequence[Source],
    readers: Sequence[Reader],
    locale: str | None = None,
    calibration: Calibration | None = None,
) -> Filled[F]:
    """Read a form from documents with every reader, ground and reconcile what they keyed."""
    readings = [ground_all(form, sources, read_with(reader, form, sources, locale)) for reader in readers]
    return finish(form, sources, reconcile_all(form, sources, readings, calibration))


def read_with(reader: Reader, form: type[BaseModel], sources: Sequence[Source], locale: str | None = None) -> Readings:
    """What one reader keys, with nothing believed yet; values for fields that the form does not have are dropped."""
    keyed = reader.read(form, sources, locale)
    return {field.name: list(keyed.get(field.name, [])) for field in fields_of(form)}


def ground_all(form: type[BaseModel], sources: Sequence[Source], readings: Readings) -> Readings:
    """The same values, each with the place that this code found for it, or with none."""
    return {
        field.name: [grounded(field, keyed, sources) for keyed in readings.get(field.name, []) if keyed.value is not None]
        for field in fields_of(form)
    }


def reconcile_all(
    form: type[BaseModel], sources: Sequence[Source], readings: Sequence[Readings], calibration: Calibration | None = None
) -> tuple[FieldFinding, ...]:
    """One finding a field, out of what each reader keyed. Without a calibration of one's own, the shipped one says how sure."""
    roles = {source.document.id: source.role for source in sources}
    judge = (calibration or shipped()).judge(sources)
    found = []
    for field in fields_of(form):
        keyed = [of_reader.get(field.name, []) for of_reader in readings]
        found.append(reconcile(field, keyed, roles, partial(confirmed, field, sources=sources), judge))
    return tuple(found)


def finish(form: type[F], sources: Sequence[Source], fields: Sequence[FieldFinding]) -> Filled[F]:
    """The form instance that the findings support; a value of the wrong type becomes a missing field with a note."""
    refused = _refused(form, {field.name: field.value for field in fields})
    kept = tuple(field if field.name not in refused else _missing(field) for field in fields)
    suspicious = [one for source in sources for one in instructions_in(source)]
    names = {source.document.id: source.document.name for source in sources}
    kinds = {field.name: field.kind for field in fields_of(form)}
    notes = [
        *(
            f"`{name}` was read as `{_words(value)}`, which does not fit the form: {why}"
            for name, (value, why) in refused.items()
        ),
        *(note for field in kept for note in _notes(field, kinds[field.name], names)),
        *(f"{names[one.evidence.document]} {one.why}; it was not followed: “{one.evidence.text[:160]}”" for one in suspicious),
    ]
    values = _filled(form, {field.name: field.value for field in kept})
    return Filled[form](  # type: ignore[valid-type]  # the form is known when it runs
        values=values, fields=kept, notes=tuple(notes), instruction_like_text=bool(suspicious)
    )


def _refused(form: type[BaseModel], values: dict[str, Json]) -> dict[str, tuple[Json, str]]:
    try:
        form.model_validate(values)
    except ValidationError as error:
        wrong = {str(one["loc"][0]): one["msg"] for one in error.errors() if one["loc"]}
        return {name: (values[name], why) for name, why in wrong.items() if values.get(name) is not None}
    return {}


def _filled(form: type[F], values: dict[str, Json]) -> F:
    """A valid form; one that insists on a field nobody could read is made without that check."""
    try:
        return form.model_validate(values)
    except ValidationError:
        typed = {name: TypeAdapter(info.rebuild_annotation()) for name, info in form.model_fields.items()}
        kept = {name: typed[name].validate_python(value) for name, value in values.items() if value is not None}
        return form.model_construct(**{**dict.fromkeys(form.model_fields), **kept})


def _missing(field: FieldFinding) -> FieldFinding:
    return field.model_copy(
        update={"value": None, "agreement": "missing", "grounded": False, "confirmed": False, "confidence": 0.0, "evidence": None}
    )


def _notes(field: FieldFinding, kind: Kind, names: dict[Any, str]) -> Iterator[str]:
    """What staff should know about a field: a dispute, or a second possible reading."""
    others = [keyed for keyed in field.readings if not same(kind, keyed.value, field.value)]
    said = "; ".join(f"{_who(keyed, names)} says {_words(keyed.value)}" for keyed in [*field.readings[:1], *others])
    if field.agreement == "disputed":
        yield f"`{field.name}` is in dispute: {said}"
    elif others and field.agreement != "missing":
        seconds = " or ".join(_words(keyed.value) for keyed in others if keyed.confidence < EXPLICIT)
        if seconds:
            yield f"`{field.name}` was read as {_words(field.value)}; it could also be {seconds}"
    if field.value is not None and not field.grounded:
        yield f"`{field.name}`: no document carries {_words(field.value)}"


def _who(keyed: Keyed, names: dict[Any, str]) -> str:
    return names.get(keyed.evidence.document, keyed.reader) if keyed.evidence else keyed.reader


def _words(value: Json) -> str:
    money = as_money(value) if isinstance(value, dict) else None
    return f"{money[0]} {money[1]}" if money else str(value)
