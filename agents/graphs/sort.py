"""The graph behind `sort`: the parts of a message, and for each what words, router and language model say it is."""

import asyncio
import re
import tomllib
from collections import Counter
from functools import lru_cache
from typing import Any, TypedDict

from agents.graphs import routed, vocabulary
from agents.graphs.classify import NONE, confidence_of, question, told_by_words, weighed, with_router
from agents.graphs.filed import text_of
from agents.graphs.second import ask_model, with_second_opinion
from agents.graphs.taken import taken
from agents.sort import Part, Sorted, SortRequest
from baton.governance.context import current
from baton.llm.judgement import Judgement, node
from baton.routing.split import Request, split
from baton.types.documents import Message
from baton.types.findings import Evidence, FieldFinding, Finding, Keyed

VERSION = "1"
ASIDE = ("spam", "newsletter")
"""Kinds of mail that nobody answers."""
_SURE_OF_JUNK = 0.9
_SURE_BY_WORDS = 0.85
"""How sure words alone are of a kind of mail that another process works on."""
_SURE_OF_THANKS = 0.6
"""Less, because it counts only in an answer to a case of ours that asks for nothing else."""
_SAID = {"status_question": "a question about how a case stands"}
_THING = re.compile(r"\b(?=[A-Z0-9-]*\d)[A-Z]{2,}[A-Z0-9]*-\d{4,}\b")
"""A serial, order or receipt number: what tells two things apart that are asked for alike."""
_REPLY = re.compile(r"\s*(?:re|aw|antw|sv|rv|r)\s*:", re.IGNORECASE)
_QUOTED = 160


class State(TypedDict, total=False):
    """Plain JSON between the nodes."""

    given: dict[str, Any]
    parts: list[dict[str, Any]]
    model: list[dict[str, Any]]
    found: dict[str, Any]


async def run(request: SortRequest) -> Finding[Sorted]:
    """What a message asks for, as a finding under the step's own decision."""
    step = current()
    state = await GRAPH.run(request.model_dump(mode="json"), step.step)
    return Finding[Sorted].model_validate({**state["found"], "id": step.decision})


def options() -> dict[str, str]:
    """What a message may be: every process that says what it takes by enough examples, and a question how a case stands.

    Whether it answers a letter of ours is no matter of words: the casebook knows.
    """
    known = routed.shipped().kinds
    return {name: takes.means for name, takes in taken().items() if name in known} | _SAID


@node
async def parts(state: State) -> dict[str, Any]:
    """Each thing that is asked for, with what its words and the router say."""
    message = SortRequest.model_validate(state["given"]).message
    # In a thread: the first one asked learns from the examples, and others are waiting.
    return {"parts": await asyncio.to_thread(_parts, message)}


@node
async def model(state: State) -> dict[str, Any]:
    """The same question to the language model, for each part."""
    message = SortRequest.model_validate(state["given"]).message
    return {"model": [await _asked(message, number, part) for number, part in enumerate(state["parts"])]}


@node
async def conclude(state: State) -> dict[str, Any]:
    """The opinions about each part side by side."""
    message = SortRequest.model_validate(state["given"]).message
    seconds = state.get("model") or [{}] * len(state["parts"])
    sorted_, fields, count = [], [], Counter[str]()
    for told, second in zip(state["parts"], seconds, strict=True):
        part, field = _concluded(message, told, second)
        count[part.label or ""] += 1
        sorted_.append(part.model_copy(update={"number": count[part.label or ""]}))
        fields.append(field)
    notes = tuple(dict.fromkeys(str(second["note"]) for second in seconds if second.get("note")))
    made = {"graph": GRAPH.name, **{k: v for second in seconds for k, v in second.get("made", {}).items()}}
    heard = [told["told"]["router"]["reader"] for told in state["parts"] if "router" in told["told"]]
    made |= {"router": heard[0]} if heard else {}
    values = Sorted(parts=tuple(sorted_), processes=tuple(taken()))
    finding = Finding[Sorted](id=current().decision, values=values, fields=tuple(fields), notes=notes, made_with=made)
    return {"found": finding.model_dump(mode="json")}


def _parts(message: Message) -> list[dict[str, Any]]:
    text = text_of(message.body)
    if not text.strip():
        return [_nothing(message)]
    offered, requests = options(), split(text, routed.router())
    cut = [(number, spans) for number, request in enumerate(requests) for spans in _apart(text, request)]
    if len(cut) > 1:
        # The subject speaks for the whole, and so for no part.
        judged = [
            _judged(offered, "", "\n\n".join(text[slice(*span)] for span in spans), spans) | {"request": number}
            for number, spans in cut
        ]
        if len(told := _telling(judged)) > 1:
            return told
    # The subject of a reply is what somebody wrote about before.
    subject = "" if _REPLY.match(message.subject) else message.subject
    return [_judged(offered, subject, text, ())]


def _telling(judged: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What does not tell by itself, or says the same again, belongs to the part before it, or to the first that tells."""
    told: list[dict[str, Any]] = []
    for part in judged:
        if told and _belongs_together(told[-1], part):
            clear, other = (told[-1], part) if told[-1]["told"]["label"] else (part, told[-1])
            told[-1] = clear | {"spans": sorted([*clear["spans"], *other["spans"]], key=lambda span: int(span.split("-")[0]))}
        else:
            told.append(part)
    return told


def _belongs_together(before: dict[str, Any], part: dict[str, Any]) -> bool:
    labels = before["told"]["label"], part["told"]["label"]
    return None in labels or (labels[0] == labels[1] and before["request"] != part["request"])


def _nothing(message: Message) -> dict[str, Any]:
    if message.subject.strip() and not message.attachments:
        return _judged(options(), message.subject, "", ())
    if message.attachments or message.problems != ("the message has no text",):
        told = {"label": None, "sure": True, "empty": True, "reason": "the message has no words of its own"}
        return {"told": told, "text": message.subject, "spans": []}
    return {
        "told": {"label": "empty", "sure": True, "confidence": 1.0, "reason": "the message is empty"},
        "text": "",
        "spans": [],
    }


def _judged(offered: dict[str, str], subject: str, body: str, spans: tuple[tuple[int, int], ...]) -> dict[str, Any]:
    told = told_by_words(offered, subject, body)
    heard = routed.opinion(offered, subject, body)
    junk = heard["kind"] in ASIDE and heard["confidence"] >= _SURE_OF_JUNK
    if told["label"] is None and (process := _worked_on_by(told, heard, offered)):
        sure = max(_SURE_BY_WORDS if "other" in told else 0.0, heard["confidence"] if heard["kind"] in _also() else 0.0)
        told = {"label": process, "sure": True, "reason": told["reason"], "confidence": round(min(sure, 0.9), 4), "router": heard}
    elif told["label"] is None and (junk or told.get("other") in ASIDE) and heard["label"] is None:
        reason = heard["reason"] if junk else told["reason"]
        told = {"label": "spam", "sure": True, "reason": reason, "confidence": heard["confidence"], "router": heard}
    elif told["label"] is None and heard["kind"] == "thanks" and heard["confidence"] >= _SURE_OF_THANKS:
        told = {"label": "thanks", "sure": True, "reason": heard["reason"], "confidence": heard["confidence"], "router": heard}
    else:
        told = with_router(told, heard)
    return {"told": told, "text": f"{subject}\n{body}".strip()[:_QUOTED], "spans": [f"{first}-{last}" for first, last in spans]}


def _worked_on_by(told: dict[str, Any], heard: dict[str, Any], offered: dict[str, str]) -> str | None:
    """The process that works on a kind of mail which has a name of its own, as bills have; where words or router know it."""
    for kind, process in _also().items():
        known = routed.shipped().kinds.get(kind)
        by_words = known is not None and told.get("other") == known.words
        if process in offered and (by_words or (heard["kind"] == kind and heard["confidence"] >= routed.SURE)):
            return process
    return None


@lru_cache(maxsize=1)
def _also() -> dict[str, str]:
    return dict(tomllib.loads((vocabulary.FOLDER / "also.toml").read_text("utf-8")))


def _apart(text: str, request: Request) -> list[tuple[tuple[int, int], ...]]:
    """One request, or several alike: two products, each with its own number, are two things."""
    groups: list[tuple[set[str], list[tuple[int, int]]]] = []
    for span in request.spans:
        things = set(_THING.findall(text[slice(*span)]))
        if not groups or (things and groups[-1][0] and not things & groups[-1][0]):
            groups.append((things, [span]))
        else:
            groups[-1][0].update(things)
            groups[-1][1].append(span)
    named = [spans for things, spans in groups if things]
    return [tuple(spans) for spans in named] if len(named) > 1 and len(named) == len(groups) else [request.spans]


async def _asked(message: Message, number: int, part: dict[str, Any]) -> dict[str, Any]:
    if part["told"].get("empty") or part["told"]["label"] == "empty":
        return {}
    whole = not part["spans"]
    text = text_of(message.body) if whole else part["text"]
    prompt, form = question(message, options(), text)
    said = await ask_model(lambda: prompt, form, GRAPH.name, f"model.{number}")
    return said.model_dump(mode="json")


def _concluded(message: Message, part: dict[str, Any], second: dict[str, Any]) -> tuple[Part, FieldFinding]:
    told = part["told"]
    label, agreement, reason = weighed(told, second) if told["label"] not in ("spam", "thanks", "empty") else _alone(told)
    confidence = confidence_of(told, agreement) if label else 0.0
    opens = label in taken()
    evidence = _evidence(message, part) if label else None
    field = FieldFinding(
        name="open_case" if opens else "answer",
        value=label,
        agreement=agreement,
        grounded=evidence is not None,
        confirmed=agreement == "agreed",
        confidence=confidence,
        evidence=evidence,
        readings=tuple(_readings(told, second)),
    )
    kept = {"text": part["text"], "spans": tuple(part["spans"]), "attachments": tuple(file.id for file in message.attachments)}
    return Part(label=label, opens=opens, reason=reason, confidence=confidence, **kept), field


def _alone(told: dict[str, Any]) -> tuple[str, Any, str]:
    return told["label"], "single", told["reason"]


def _evidence(message: Message, part: dict[str, Any]) -> Evidence | None:
    if not part["text"]:
        return None
    first, _, last = part["spans"][0].partition("-") if part["spans"] else ("", "", "")
    span = (int(first), int(last)) if first else None
    return Evidence(document=message.body.id, page=1, text=part["text"], span=span)


def _readings(told: dict[str, Any], second: dict[str, Any]) -> list[Keyed]:
    heard, readings = told.get("router"), []
    if "confidence" not in told:
        readings.append(Keyed(value=told["label"], reader="vocabulary", confidence=1.0 if told["sure"] else 0.5))
    if heard and heard["kind"]:
        readings.append(Keyed(value=heard["kind"], reader=heard["reader"], confidence=heard["confidence"]))
    if second.get("answer"):
        said = second["answer"]["label"]
        readings.append(Keyed(value=None if said == NONE else said, reader=second["reader"], confidence=0.5))
    return readings


GRAPH = Judgement("sort", VERSION, with_second_opinion(State, parts, model, conclude))
