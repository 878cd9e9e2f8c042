"""The graph behind `classify`: words and a router first, a language model as second opinion, and None whenever they differ."""

import asyncio
from typing import Any, Literal, TypedDict

from pydantic import BaseModel, create_model

from agents.classify import ClassifyRequest, Kind
from agents.graphs import routed, vocabulary
from agents.graphs.filed import parties_in, text_of
from agents.graphs.second import ask_model, with_second_opinion
from baton.governance.context import current
from baton.llm.judgement import Judgement, node
from baton.llm.prompt import Material, Prompt
from baton.types.documents import Message
from baton.types.findings import Evidence, FieldFinding, Finding, Keyed

VERSION = "2"
READER = "vocabulary/2"
NONE = "none_of_these"
_SURE_ALONE = 0.9
"""How sure the router must be where words only hint at what it says."""
_MOST_BY_ROUTER = 0.85
ENOUGH = 3
"""Points under which words tell nothing: one strong phrase and one weak."""

_INSTRUCTIONS = (
    "You sort incoming mail of a company. Say which kind of work the message in the material asks for. "
    "The kinds are:\n{kinds}\n- {none}: anything else, also when you are not sure."
)


class State(TypedDict, total=False):
    """Plain JSON between the nodes."""

    given: dict[str, Any]
    words: dict[str, Any]
    model: dict[str, Any]
    found: dict[str, Any]


async def run(request: ClassifyRequest) -> Finding[Kind]:
    """The kind of a message, as a finding under the step's own decision."""
    step = current()
    state = await GRAPH.run(request.model_dump(mode="json"), step.step)
    return Finding[Kind].model_validate({**state["found"], "id": step.decision})


@node
async def words(state: State) -> dict[str, Any]:
    """Which label the words speak of; None when they speak of none, or of another kind of mail as well.

    Where they do not tell, and where there is a choice of labels, the router is asked too.
    """
    request = ClassifyRequest.model_validate(state["given"])
    subject, body = request.message.subject, text_of(request.message.body)
    if not body.strip() and not (request.message.attachments and subject.strip()):
        return {"words": {"label": None, "sure": True, "empty": True, "reason": "the message is empty"}}
    told = told_by_words(request.options, subject, body)
    if routed.wanted(request.options, told["sure"]):
        # In a thread: the first one asked learns from the examples, and others are waiting.
        told = with_router(told, await asyncio.to_thread(routed.opinion, request.options, subject, body))
    return {"words": told}


@node
async def model(state: State) -> dict[str, Any]:
    """The same question to the language model."""
    request = ClassifyRequest.model_validate(state["given"])
    if state["words"].get("empty"):
        return {"model": {}}
    body = text_of(request.message.body)
    prompt, form = question(request.message, request.options, body)
    said = await ask_model(lambda: prompt, form, GRAPH.name, "model")
    return {"model": said.model_dump(mode="json")}


def question(message: Message, options: dict[str, str], body: str) -> tuple[Prompt, type[BaseModel]]:
    """What a language model is asked about a message, and the form of its answer."""
    kinds = "\n".join(f"- {label}: {words}" for label, words in options.items())
    prompt = Prompt(
        instructions=_INSTRUCTIONS.format(kinds=kinds, none=NONE),
        material=(Material(title="message", text=f"Subject: {message.subject}\n\n{body}"),),
        parties=parties_in(message),
    )
    labels: Any = Literal[tuple([*options, NONE])]
    return prompt, create_model("KindOfMail", label=(labels, ...))


@node
async def conclude(state: State) -> dict[str, Any]:
    """Both opinions side by side."""
    request = ClassifyRequest.model_validate(state["given"])
    told, second = state["words"], state.get("model") or {}
    label, agreement, reason = weighed(told, second)
    confidence = confidence_of(told, agreement)
    evidence = _evidence(request, told) if label else None
    field = FieldFinding(
        name="label",
        value=label,
        agreement=agreement,
        grounded=evidence is not None,
        confirmed=agreement == "agreed",
        confidence=confidence,
        evidence=evidence,
        readings=tuple(_readings(told, second, evidence)),
    )
    kind = Kind(label=label, reason=reason, confidence=confidence)
    notes = tuple(note for note in (second.get("note"),) if note)
    made = {"graph": GRAPH.name, "words": READER, **second.get("made", {})}
    if "router" in told:
        made["router"] = told["router"]["reader"]
    finding = Finding[Kind](id=current().decision, values=kind, fields=(field,), notes=notes, made_with=made)
    return {"found": finding.model_dump(mode="json")}


def told_by_words(options: dict[str, str], subject: str, body: str) -> dict[str, Any]:
    """What the words alone say: a label, or why none."""
    scores = {
        label: vocabulary.score(vocabulary.of_label(label, means), f"{subject}\n{body}") for label, means in options.items()
    }
    others = {kind.words: vocabulary.score(kind, f"{subject}\n{body}") for kind in vocabulary.elsewhere(frozenset(options))}
    hints = [label for label, found in scores.items() if found.points]
    label, best = max(scores.items(), key=lambda pair: pair[1].points)
    other, against = max(others.items(), key=lambda pair: pair[1].points, default=("", vocabulary.Score(0)))
    rivals = [name for name, score in scores.items() if name != label and score.points == best.points]
    text = f"{subject}\n{body}"
    if against.points >= ENOUGH and against.points >= best.points:
        why = f"it looks like {other}: it says {_listed(against.quotes(text))}"
        return {"label": None, "sure": True, "other": other, "reason": why}
    if best.points < ENOUGH:
        said = f"; it only says {_listed(best.quotes(text))}" if best.points else ""
        return {"label": None, "sure": False, "hints": hints, "reason": f"its words do not tell what it is about{said}"}
    if rivals:
        return {"label": None, "sure": False, "hints": hints, "reason": f"it fits `{label}` and `{rivals[0]}` alike"}
    start, end = best.spans[0]
    reason = f"it says {_listed(best.quotes(text))}"
    return {
        "label": label,
        "sure": True,
        "reason": reason,
        "points": best.points,
        "against": against.points,
        "span": [start, end],
    }


def with_router(told: dict[str, Any], heard: dict[str, Any]) -> dict[str, Any]:
    """Words and router side by side: it speaks where words do not tell, and a clear difference leaves it to a person."""
    mine, other, told = told["label"], heard["label"], told | {"router": heard}
    if other is None:
        return told if mine or told["sure"] else told | {"reason": f"{told['reason']}; to the router {heard['reason']}"}
    if mine is None and not told["sure"] and (heard["confidence"] < _SURE_ALONE or other not in told["hints"]):
        return told
    if mine is None and not told["sure"]:
        sure = min(heard["confidence"], _MOST_BY_ROUTER)
        return told | {"label": other, "reason": f"its words do not tell, but {heard['reason']}", "confidence": sure}
    if mine is None:
        return told
    if mine == other:
        return told | {"both": True}
    differ = f"the words point to `{mine}` ({told['reason']}), the router to `{other}` ({heard['reason']})"
    return {"label": None, "sure": False, "reason": differ, "router": heard}


def _listed(quotes: list[str]) -> str:
    return ", ".join(f"“{quote}”" for quote in quotes)


def weighed(
    told: dict[str, Any], second: dict[str, Any]
) -> tuple[str | None, Literal["agreed", "single", "disputed", "missing"], str]:
    """Words and router beside the language model's opinion: the label, how they agree, and why."""
    mine = told["label"]
    if "answer" not in second or second["answer"] is None:
        return mine, "missing" if mine is None else "agreed" if told.get("both") else "single", told["reason"]
    said = second["answer"]["label"]
    other = None if said == NONE else said
    if mine == other:
        return mine, "agreed" if mine else "missing", told["reason"]
    if mine is None and not told["sure"]:
        return other, "single", f"its words do not tell, but the language model takes it for `{other}`"
    return (
        None,
        "disputed",
        f"the words point to `{mine or 'none'}` ({told['reason']}), the language model to `{other or 'none'}`",
    )


def confidence_of(told: dict[str, Any], agreement: str) -> float:
    """Grows with the words that speak for the label, shrinks with those against it; a model's word alone counts little."""
    if agreement in ("disputed", "missing"):
        return 0.0
    if told["label"] is None:
        return 0.5
    if "confidence" in told:
        return round(float(told["confidence"]), 4)
    lead: int = told["points"] - told["against"]
    return round(min(0.99, 0.75 + 0.04 * lead + (0.05 if agreement == "agreed" else 0)), 4)


def _evidence(request: ClassifyRequest, told: dict[str, Any]) -> Evidence | None:
    if "span" not in told:
        return None
    start, end = told["span"]
    before = len(request.message.subject) + 1
    text = f"{request.message.subject}\n{text_of(request.message.body)}"
    place = (start - before, end - before) if start >= before else None
    return Evidence(document=request.message.body.id, page=1, text=" ".join(text[start:end].split()), span=place)


def _readings(told: dict[str, Any], second: dict[str, Any], evidence: Evidence | None) -> list[Keyed]:
    heard = told.get("router")
    by_words = None if "confidence" in told else told["label"]
    readings = [Keyed(value=by_words, reader=READER, confidence=1.0 if told["sure"] else 0.5, evidence=evidence)]
    if heard and heard["label"]:
        readings.append(Keyed(value=heard["label"], reader=heard["reader"], confidence=heard["confidence"]))
    if second.get("answer"):
        said = second["answer"]["label"]
        readings.append(Keyed(value=None if said == NONE else said, reader=second["reader"], confidence=0.5))
    return readings


GRAPH = Judgement("classify", VERSION, with_second_opinion(State, words, model, conclude))
