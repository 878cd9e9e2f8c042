"""The graph behind `classify`: words first, a language model as second opinion, and None whenever the two differ."""

from typing import Any, Literal, TypedDict

from pydantic import create_model

from agents.classify import ClassifyRequest, Kind
from agents.graphs import vocabulary
from agents.graphs.filed import text_of
from agents.graphs.second import ask_model, with_second_opinion
from baton.governance.context import current
from baton.llm.judgement import Judgement, node
from baton.llm.prompt import Material, Prompt
from baton.types.findings import Evidence, FieldFinding, Finding, Keyed

VERSION = "1"
READER = "vocabulary/1"
NONE = "none_of_these"
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
    """Which label the words speak of; None when they speak of none, or of another kind of mail as well."""
    request = ClassifyRequest.model_validate(state["given"])
    subject, body = request.message.subject, text_of(request.message.body)
    if not body.strip() and not (request.message.attachments and subject.strip()):
        return {"words": {"label": None, "sure": True, "empty": True, "reason": "the message is empty"}}
    return {"words": _told_by_words(request.options, subject, body)}


@node
async def model(state: State) -> dict[str, Any]:
    """The same question to the language model."""
    request = ClassifyRequest.model_validate(state["given"])
    if state["words"].get("empty"):
        return {"model": {}}
    kinds = "\n".join(f"- {label}: {words}" for label, words in request.options.items())
    body = text_of(request.message.body)
    prompt = Prompt(
        instructions=_INSTRUCTIONS.format(kinds=kinds, none=NONE),
        material=(Material(title="message", text=f"Subject: {request.message.subject}\n\n{body}"),),
    )
    labels: Any = Literal[tuple([*request.options, NONE])]
    form = create_model("KindOfMail", label=(labels, ...))
    said = await ask_model(lambda: prompt, form, GRAPH.name, "model")
    return {"model": said.model_dump(mode="json")}


@node
async def conclude(state: State) -> dict[str, Any]:
    """Both opinions side by side."""
    request = ClassifyRequest.model_validate(state["given"])
    told, second = state["words"], state.get("model") or {}
    label, agreement, reason = _weighed(told, second)
    confidence = _confidence(told, agreement)
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
    finding = Finding[Kind](id=current().decision, values=kind, fields=(field,), notes=notes, made_with=made)
    return {"found": finding.model_dump(mode="json")}


def _told_by_words(options: dict[str, str], subject: str, body: str) -> dict[str, Any]:
    scores = {
        label: vocabulary.score(vocabulary.of_label(label, means), f"{subject}\n{body}") for label, means in options.items()
    }
    others = {kind.words: vocabulary.score(kind, f"{subject}\n{body}") for kind in vocabulary.elsewhere()}
    label, best = max(scores.items(), key=lambda pair: pair[1].points)
    other, against = max(others.items(), key=lambda pair: pair[1].points, default=("", vocabulary.Score(0)))
    rivals = [name for name, score in scores.items() if name != label and score.points == best.points]
    text = f"{subject}\n{body}"
    if against.points >= ENOUGH and against.points >= best.points:
        why = f"it looks like {other}: it says {_listed(against.quotes(text))}"
        return {"label": None, "sure": True, "reason": why}
    if best.points < ENOUGH:
        said = f"; it only says {_listed(best.quotes(text))}" if best.points else ""
        return {"label": None, "sure": False, "reason": f"its words do not tell what it is about{said}"}
    if rivals:
        return {"label": None, "sure": False, "reason": f"it fits `{label}` and `{rivals[0]}` alike"}
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


def _listed(quotes: list[str]) -> str:
    return ", ".join(f"“{quote}”" for quote in quotes)


def _weighed(
    told: dict[str, Any], second: dict[str, Any]
) -> tuple[str | None, Literal["agreed", "single", "disputed", "missing"], str]:
    mine = told["label"]
    if "answer" not in second or second["answer"] is None:
        return mine, "single" if mine else "missing", told["reason"]
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


def _confidence(told: dict[str, Any], agreement: str) -> float:
    """Grows with the words that speak for the label, shrinks with those against it; a model's word alone counts little."""
    if agreement in ("disputed", "missing"):
        return 0.0
    if told["label"] is None:
        return 0.5
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
    readings = [Keyed(value=told["label"], reader=READER, confidence=1.0 if told["sure"] else 0.5, evidence=evidence)]
    if second.get("answer"):
        said = second["answer"]["label"]
        readings.append(Keyed(value=None if said == NONE else said, reader=second["reader"], confidence=0.5))
    return readings


GRAPH = Judgement("classify", VERSION, with_second_opinion(State, words, model, conclude))
