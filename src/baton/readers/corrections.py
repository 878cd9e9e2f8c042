"""What staff changed: labelled examples to learn from, and cases to read again before a new reader is installed. Pure."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field

from baton.errors import BatonError
from baton.readers.fields import Kind, kind_named
from baton.readers.normalise import same
from baton.readers.reader import Role
from baton.readers.tokens.tags import NAMES
from baton.types.canonical import Json
from baton.types.findings import FieldFinding
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId

_SURE = 0.9


class BadCorrections(BatonError):
    """The file of corrections cannot be read."""


class Correction(Frozen):
    """A document and the values that are right on it, as far as a person saw to it."""

    document: DocumentId
    role: Role = "receipt"
    values: dict[str, Json] = Field(description="by field: what was corrected, and what was sure enough to stand")
    corrected: tuple[str, ...] = Field(description="which of them a person put in")
    source: str = Field(description="the decision or the person it comes from")

    def named(self) -> dict[str, tuple[Kind, Json]]:
        """The values by the names that examples use, each with its kind."""
        kinds = {name: kind_of(name, value) for name, value in self.values.items()}
        often = list(kinds.values())
        return {
            NAMES[kind] if kind in NAMES and often.count(kind) == 1 else name: (kind, self.values[name])
            for name, kind in kinds.items()
        }


def kind_of(name: str, value: Json) -> Kind:
    """What a value is, told by its form and its field's name: findings on record do not carry their form's types."""
    if isinstance(value, dict) and "amount" in value:
        return "money"
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            date.fromisoformat(value)
            return "date"
        except ValueError:
            pass
    return kind_named(name) or "text"


def corrections_from(
    changes: Mapping[str, Json], finding: Mapping[str, Any], source: str, before: Mapping[str, Json] | None = None
) -> list[Correction]:
    """What a person's changes to a case say about the documents that its finding was read from.

    A change counts where it names a field of the form; or where an action's value (`before`) was a field's value, and the person
    put in what a reader had read instead: a choice between two readings. Other changes to what an action does say nothing about
    reading, and neither do those of fields that were read from no page.
    """
    fields = {str(field["name"]): FieldFinding.model_validate(field) for field in finding["fields"]}
    meant = dict(_meant(changes, fields, before or {}))
    changed = {name: value for name, value in meant.items() if value != fields[name].value}
    found = []
    for document in {_document(fields[name]) for name in changed} - {None}:
        here = {name: field.value for name, field in fields.items() if _document(field) == document and _stands(field)}
        mine = {name: value for name, value in changed.items() if _document(fields[name]) == document}
        found.append(
            Correction(document=DocumentId(str(document)), values=here | mine, corrected=tuple(sorted(mine)), source=source)
        )
    return found


def _meant(
    changes: Mapping[str, Json], fields: Mapping[str, FieldFinding], before: Mapping[str, Json]
) -> Iterator[tuple[str, Json]]:
    """Each change with the field that it is about."""
    for name, value in changes.items():
        if name in fields:
            yield name, value
            continue
        chosen = [field.name for field in fields.values() if _is_choice(field, before.get(name), value)]
        if len(chosen) == 1:
            yield chosen[0], value


def _is_choice(field: FieldFinding, before: Json, after: Json) -> bool:
    kind = kind_of(field.name, field.value)
    return same(kind, before, field.value) and any(same(kind, keyed.value, after) for keyed in field.readings)


def _document(field: FieldFinding) -> DocumentId | None:
    """The page it was read from: that of its value, else of any reading."""
    evidence = field.evidence or next((keyed.evidence for keyed in field.readings if keyed.evidence), None)
    return evidence.document if evidence else None


def _stands(field: FieldFinding) -> bool:
    return field.agreement in ("agreed", "single") and field.grounded and field.confidence >= _SURE


class Corrections:
    """Corrections that people gave by hand, in the installation's home; the same document corrected again replaces the first."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "readers" / "corrections"

    def add(self, correction: Correction) -> Path:
        """Keep one; values of the same document that it does not name stay."""
        path = self._folder / f"{hashlib.sha256(correction.document.encode()).hexdigest()[:24]}.json"
        if path.is_file():
            before = self._read(path)
            correction = correction.model_copy(
                update={
                    "values": before.values | correction.values,
                    "corrected": tuple(sorted({*before.corrected, *correction.corrected})),
                }
            )
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(json.dumps(correction.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n", "utf-8")
        return path

    def all(self) -> list[Correction]:
        """Every one, in the order of their files."""
        return [self._read(path) for path in sorted(self._folder.glob("*.json"))]

    def _read(self, path: Path) -> Correction:
        try:
            return Correction.model_validate_json(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise BadCorrections(f"`{path}` is no correction: {error}; repair or remove it") from error


def merged(corrections: Iterable[Correction]) -> Sequence[Correction]:
    """One a document: what came later counts."""
    by: dict[DocumentId, Correction] = {}
    for one in corrections:
        before = by.get(one.document)
        values = (before.values if before else {}) | one.values
        corrected = tuple(sorted({*(before.corrected if before else ()), *one.corrected}))
        by[one.document] = one.model_copy(update={"values": values, "corrected": corrected})
    return list(by.values())
