"""The graph behind `rekey`: key what was read by rules, by what was learned, and by a language model; compare, conclude."""

import asyncio
from collections.abc import Sequence
from typing import Any, TypedDict

from agents.graphs.filed import parties_in, reading_of
from agents.graphs.readers import RULES as RULES
from agents.graphs.readers import readers_for
from agents.graphs.second import ask_model, with_second_opinion
from agents.rekey import RekeyRequest
from baton.forms import resolve
from baton.governance.context import current
from baton.llm.judgement import Judgement, node
from baton.llm.printed import answer_form, prompt_for, readings_from, visible_text
from baton.llm.settings import model_settings
from baton.readers.amounts import amounts_in
from baton.readers.finding import finish, ground_all, read_with, reconcile_all
from baton.readers.reader import Readings, Role, Source
from baton.types.documents import Document, Reading
from baton.types.findings import Finding, Keyed

VERSION = "3"


class State(TypedDict, total=False):
    """Plain JSON between the nodes; documents and their readings stay in the document store."""

    given: dict[str, Any]
    sources: list[dict[str, Any]]
    notes: list[str]
    rules: dict[str, Any]
    tokens: dict[str, Any]
    model: dict[str, Any]
    found: dict[str, Any]


async def run(request: RekeyRequest) -> Finding[Any]:
    """The filled form, as a finding under the step's own decision."""
    step = current()
    state = await GRAPH.run(request.model_dump(mode="json"), step.step)
    form: Any = resolve(request.form)
    return Finding[form].model_validate({**state["found"], "id": step.decision})


@node
async def rules(state: State) -> dict[str, Any]:
    """Gather what can be read, with a note for what cannot, and key it twice offline: one node, since all of it costs little."""
    request = RekeyRequest.model_validate(state["given"])
    gathered, notes = _gathered(request)
    form, sources = resolve(request.form), _sources(state["given"], gathered)
    # In a thread: the first reading on a machine learns from made-up receipts first.
    first, *others = await asyncio.to_thread(readers_for, form)
    return {
        "sources": gathered,
        "notes": notes,
        "rules": _plain(read_with(first, form, sources)),
        "tokens": {
            "reader": " and ".join(other.name for other in others),
            "keyed": _plain(read_with(others[0], form, sources)) if others else {},
            "first": first.name,
        },
    }


@node
async def model(state: State) -> dict[str, Any]:
    """What a language model keys, out of the same documents and without knowing what the rules keyed."""
    form, sources = resolve(state["given"]["form"]), _sources(state["given"], state["sources"])
    if not any(visible_text(source.reading).strip() for source in sources):
        return {"model": {}}
    parties = parties_in(RekeyRequest.model_validate(state["given"]).message)
    said = await ask_model(
        lambda: prompt_for(form, sources, model_settings().material_characters, parties), answer_form(form), GRAPH.name, "model"
    )
    readings = readings_from(said.answer, form, sources, said.reader) if said.answer else None
    return {"model": {"readings": readings and _plain(readings), "note": said.note, "made": said.made}}


@node
async def conclude(state: State) -> dict[str, Any]:
    """Ground every keying in the documents, compare them, and fill the form with what stands."""
    form, sources, second = resolve(state["given"]["form"]), _sources(state["given"], state["sources"]), state.get("model") or {}
    tokens = state["tokens"]
    keyed = [state["rules"], tokens["keyed"], *([second["readings"]] if second.get("readings") is not None else [])]
    grounded = [ground_all(form, sources, _keyed(readings)) for readings in keyed]
    filled = finish(form, sources, reconcile_all(form, sources, grounded))
    notes = (*state["notes"], *filled.notes, *([second["note"]] if second.get("note") else []))
    readers = {"rules": tokens["first"]} | ({"tokens": tokens["reader"]} if tokens["reader"] else {})
    made = {"graph": GRAPH.name, **readers, **second.get("made", {})}
    return {"found": {**filled.model_dump(mode="json"), "notes": list(notes), "made_with": made}}


def _gathered(request: RekeyRequest) -> tuple[list[dict[str, Any]], list[str]]:
    sources, notes = [], list(request.message.problems)
    for document in (request.message.body, *request.documents):
        reading = reading_of(document)
        if reading is None or reading.how == "unreadable":
            notes.append(f"`{document.name}`: {(reading and reading.problem) or 'was not read'}")
        else:
            sources.append({"document": document.model_dump(mode="json"), "role": _role(request, document, reading)})
            notes += [f"`{document.name}`: {reading.problem}"] if reading.problem else []
    return sources, notes


def _role(request: RekeyRequest, document: Document, reading: Reading) -> Role:
    if document.id == request.message.body.id:
        return "mail_body"
    if document.id in request.photos:
        return "photo"
    return "receipt" if any(amounts_in(page.text) for page in reading.pages) else "other"


def _sources(given: dict[str, Any], gathered: Sequence[dict[str, Any]]) -> list[Source]:
    subject = str(given["message"]["subject"])
    found = []
    for source in gathered:
        document = Document.model_validate(source["document"])
        reading = reading_of(document)
        assert reading is not None, "gathered documents stay on file"
        mine = subject if source["role"] == "mail_body" else ""
        found.append(Source(document=document, reading=reading, role=source["role"], subject=mine))
    return found


def _plain(readings: Readings) -> dict[str, Any]:
    return {name: [keyed.model_dump(mode="json") for keyed in values] for name, values in readings.items()}


def _keyed(readings: dict[str, Any]) -> Readings:
    return {name: [Keyed.model_validate(keyed) for keyed in values] for name, values in readings.items()}


GRAPH = Judgement("rekey", VERSION, with_second_opinion(State, rules, model, conclude))
