"""`baton readers`: teach the token reader what people corrected, and choose the gate from which fields go through alone."""

import csv
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from baton.cases import store as cases
from baton.commands.printing import say
from baton.documents.store import DocumentStore, open_store
from baton.errors import BatonError
from baton.ledger import Ledger
from baton.ledger_cli import open_ledger
from baton.readers.corrections import Correction, Corrections, corrections_from, kind_of, merged
from baton.readers.gate import SURE, Labelled, gate_for
from baton.readers.normalise import as_date, as_money
from baton.readers.reader import Source
from baton.readers.schooling import Comparison, Lesson, compared, taught
from baton.readers.tokens import TokenReader
from baton.readers.tokens.home import installed, place
from baton.runtime.settings import load
from baton.types.canonical import Json as JsonValue
from baton.types.documents import Document
from baton.types.ids import DocumentId, TaskId

app = typer.Typer(help="Teach the token reader, and choose the gate from which fields go through alone.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass(frozen=True)
class Here:
    """What of an installation is needed to learn from it."""

    home: Path
    documents: DocumentStore
    ledger: Ledger


class NotACorrection(BatonError):
    """What was given corrects nothing."""


class BadOutcomes(BatonError):
    """A file of labelled outcomes cannot be read."""


@app.command()
def train(json: Json = False) -> None:
    """Learn from made-up receipts and corrections, and install the result unless it reads worse. Ends with 1 when it does."""
    with _opened() as here, TemporaryDirectory() as scratch:
        found = _compared(here, Path(scratch))
        if not found.worse:
            _install(Path(scratch), here.home)
        _tell(found, "installed" if not found.worse else "not installed", json)


@app.command()
def evaluate(json: Json = False) -> None:
    """Compare what would be learned now with the present reader; nothing is installed. Ends with 1 when it would be worse."""
    with _opened() as here, TemporaryDirectory() as scratch:
        _tell(_compared(here, Path(scratch)), "not installed", json)


@app.command()
def correct(
    document: Annotated[str, typer.Argument(help="The document's id, as the console shows it.")],
    values: Annotated[list[str], typer.Option("--set", help="What is right, as in `--set seller='Haus GmbH'`.")],
    by: Annotated[str, typer.Option("--by", help="Who says so.")],
) -> None:
    """Say what stands on a document, where a reader got it wrong."""
    with _opened() as here:
        if here.documents.reading(DocumentId(document)) is None:
            raise NotACorrection(f"document `{document}` was not read here: take the id of a document of one of the cases")
        said = dict(_value(one) for one in values)
        correction = Correction(document=DocumentId(document), values=said, corrected=tuple(sorted(said)), source=by)
        say(f"kept in {Corrections(here.home).add(correction)}; `baton readers train` learns from it")


@app.command()
def gate(
    file: Annotated[
        Path, typer.Argument(help="JSON lines or CSV with `confidence` and `right` for each field that was checked.")
    ],
    errors: Annotated[float, typer.Option("--errors", min=0.00001, max=0.5, help="The share of errors that may go through.")],
    sure: Annotated[float, typer.Option("--sure", min=0.5, max=0.9999, help="How sure that bound has to be.")] = SURE,
    json: Json = False,
) -> None:
    """Choose the confidence from which fields may go through alone. Ends with 1 when no gate keeps the bound."""
    found = gate_for(_outcomes(file), errors, sure)
    if json:
        say(found.model_dump_json(indent=2))
    elif found.gate is None:
        say(f"no gate keeps errors below {errors:.3%}: {found.needs} fields have to go through without one wrong,")
        say(f"which takes about {found.documents} checked ones; these are {found.n}")
    else:
        say(f"gate {found.gate}: {found.through} of {found.n} go through ({found.coverage:.1%}), {found.wrong} of them wrong,")
        say(f"so that at most {found.upper:.3%} are, {found.sure:.0%} sure")
    raise typer.Exit(0 if found.gate is not None else 1)


@contextmanager
def _opened() -> Iterator[Here]:
    home, ledger = load().home, open_ledger()
    try:
        yield Here(home, open_store(home), ledger)
    finally:
        ledger.database.close()


def _compared(here: Here, scratch: Path) -> Comparison:
    lessons = list(_lessons(here))
    present = installed(here.home)
    return compared(present, TokenReader(taught(lessons, scratch)), lessons)


def _lessons(here: Here) -> Iterator[Lesson]:
    """Every correction whose document is still on file and was read: what was erased teaches nothing any more."""
    for one in merged([*_on_record(here), *Corrections(here.home).all()]):
        reading = here.documents.reading(one.document)
        if reading is not None and any(page.width for page in reading.pages):
            document = Document(id=one.document, name=str(one.document), media_type="", size=0)
            yield Lesson(one, Source(document=document, reading=reading, role=one.role))


def _on_record(here: Here) -> Iterator[Correction]:
    """Edits of people that the ledger holds, oldest first."""
    for row in here.ledger.scan():
        changes = row.private.get("changes")
        if row.kind == "answer" and row.outcome == "edit" and row.case and isinstance(changes, dict):
            with here.ledger.database.read() as connection:
                findings = cases.findings(connection, row.case)
                task = cases.task(connection, TaskId(row.links["task"])) if "task" in row.links else None
            before = task.proposal.arguments if task and task.proposal else {}
            for _, _, body in findings[-1:]:
                yield from corrections_from(changes, body, str(row.id), before)


def _install(scratch: Path, home: Path) -> None:
    path = place(home)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for suffix in (".json", ".crf"):  # the model last: it is what readers look for
        made = scratch / f"tokens{suffix}"
        copy = path.with_suffix(f"{suffix}.new")
        copy.write_bytes(made.read_bytes())
        os.replace(copy, path.with_suffix(suffix))


def _tell(found: Comparison, what: str, as_json: bool) -> None:
    if as_json:
        say(json.dumps({**found.model_dump(mode="json"), "worse": found.worse, "result": what}, indent=2))
    else:
        for name, (present, candidate) in (("made-up receipts", found.made), ("corrections, held out", found.held_out)):
            say(f"{name}: {present.right} of {present.asked} fields right now, {candidate.right} with {found.candidate}")
        say(f"{found.candidate} {what}" + (f": {found.worse}" if found.worse else ""))
    raise typer.Exit(1 if found.worse else 0)


def _value(said: str) -> tuple[str, JsonValue]:
    name, _, text = said.partition("=")
    if not name.strip() or not text.strip():
        raise NotACorrection(f"`{said}` names no field and value: write `--set field=value`")
    name, text = name.strip(), text.strip()
    money, day = as_money(text), as_date(text)
    if kind_of(name, text) == "text" and money:
        return name, {"amount": str(money[0]), "currency": money[1]}
    return name, day.isoformat() if day and kind_of(name, text) in ("text", "date") else text


def _outcomes(file: Path) -> list[Labelled]:
    try:
        text = file.read_text("utf-8")
        rows: list[Any] = [json.loads(row) for row in text.splitlines() if row.strip()] if text.lstrip().startswith("{") else []
        return [Labelled.model_validate(_only(row)) for row in rows or csv.DictReader(text.splitlines())]
    except (OSError, ValueError) as error:
        raise BadOutcomes(
            f"`{file}` holds no outcomes ({error}): give `confidence` and `right` a line, as JSON or CSV"
        ) from error


def _only(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("confidence", "right") if name in row}
