"""Tables of expected verdicts, kept by staff: `policies/tests/<process>.csv`, on the usual case in `<process>.toml`."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from baton.governance.policy.engine import Permission, Policies
from baton.governance.policy.problems import CannotJudge, PolicyProblem
from baton.governance.policy.schema import VERBS
from baton.governance.policy.shapes import EffectShape, Shape
from baton.governance.policy.tables import Row, rows
from baton.types.findings import Trust
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, PersonId, StepKey
from baton.types.people import Actor, Person
from baton.types.verdicts import Proposal, Verdict

_COLUMNS = ("it", "action", "given", "expect", "by", "because")
_OUTCOMES = {"autonomous": "alone", "needs_approval": "approval", "forbidden": "forbidden"}


class Result(Frozen):
    """Whether one line of a table came out as expected."""

    it: str
    file: str
    line: int
    passed: bool
    expected: str
    got: str


@dataclass
class Usual:
    """The usual case that every line of a table starts from: the staff, and what is ordinarily so."""

    process: str
    people: dict[str, Person]
    effects: dict[str, dict[str, Any]]
    common: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> "Usual":
        """The usual case of one process."""
        try:
            told = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise PolicyProblem(f"cannot be read: {error}", file.name) from error
        people = {name: _person(name, about) for name, about in told.pop("people", {}).items()}
        return cls(process=file.stem, people=people, effects=told.pop("effects", {}), common=told)


def run_tables(policies: Policies, folder: Path) -> tuple[Result, ...]:
    """Every line of every table in `policies/tests`. Raises `PolicyProblem` for a table that cannot be read."""
    return tuple(result for file in sorted(folder.glob("*.csv")) for result in _table(policies, file))


def _table(policies: Policies, file: Path) -> Iterator[Result]:
    usual = Usual.read(file.with_suffix(".toml"))
    for row in rows({file.name: file.read_text(encoding="utf-8-sig")}, file.name, _COLUMNS):
        expected, got = _said(row), _judged(policies, row, usual)
        passed = got.startswith(f"{expected} ") or got == expected
        missing = [words for words in _listed(row.cells["because"]) if words not in got]
        yield Result(
            it=row.cells["it"],
            file=row.file,
            line=row.line,
            passed=passed and not missing,
            expected=_full(row, expected),
            got=got,
        )


def _said(row: Row) -> str:
    by = ", ".join(sorted(_listed(row.cells["by"])))
    return f"approval by {by or 'nobody'}" if row.cells["expect"] == "approval" else row.cells["expect"]


def _full(row: Row, expected: str) -> str:
    because = "; ".join(_listed(row.cells["because"]))
    return f"{expected} because {because}" if because else expected


def _judged(policies: Policies, row: Row, usual: Usual) -> str:
    action, _, verb = row.cells["action"].partition(":")
    given = dict(_given(row))
    if action == "baton":
        return _permission(policies.may_do(_who(row, usual), row.cells["action"], given))
    effect = policies.shapes.of(action)
    if effect is None:
        raise row.problem(f"names `{action}`, which no activity declares")
    stopped = given.pop("stopped", "no") == "yes"
    proposal = _proposal(effect, given, usual, row)
    match verb:
        case "":
            return _verdict(policies.judge(proposal, list(usual.people.values()), stopped))
        case "approve" | "edit" | "undo":
            return _permission(policies.may(_who(row, usual), verb, proposal, stopped))
    raise row.problem(f"asks for `{verb}`: there are {', '.join(VERBS)}")


def _verdict(verdict: Verdict) -> str:
    because = "; ".join((*(clause.words for clause in verdict.failed), *verdict.errors, *verdict.rules))
    by = f" by {', '.join(sorted(verdict.approvers)) or 'nobody'}" if verdict.outcome == "needs_approval" else ""
    return f"{_OUTCOMES[verdict.outcome]}{by} because {because}"


def _permission(permission: Permission) -> str:
    return f"{'yes' if permission.allowed else 'no'} because {permission.words}"


def _who(row: Row, usual: Usual) -> Person:
    person = usual.people.get(row.cells["by"])
    if person is None:
        raise row.problem(f"asks about `{row.cells['by']}`, whom the usual case does not know")
    return person


def _listed(text: str) -> list[str]:
    return [item.strip() for item in text.split("|") if item.strip()]


def _given(row: Row) -> Iterator[tuple[str, str]]:
    for item in filter(None, (part.strip() for part in row.cells["given"].split(";"))):
        name, equals, value = item.partition("=")
        if not equals:
            raise row.problem(f"has `{item}` as given: write `name = value`, separated by `;`")
        yield name.strip(), value.strip()


def _proposal(effect: EffectShape, given: dict[str, str], usual: Usual, row: Row) -> Proposal:
    editor = given.pop("edited by", "")
    answerable = [*_listed(given.pop("proposed by", "")), *filter(None, [editor])]
    told = usual.effects.get(effect.name, {})
    sides: dict[str, Any] = {"case": {"process": usual.process, "stage": "", "tier": "standard"}} | usual.common
    sides = {name: dict(value) for name, value in sides.items()}
    sides["action"], sides["facts"] = dict(told.get("action", {})), sides.get(str(told.get("facts", "")), {})
    for name, text in given.items():
        side, field_ = _place(effect, name, row)
        sides[side][field_] = text
    try:
        return _built(effect, sides, editor, answerable)
    except (KeyError, CannotJudge) as error:
        raise row.problem(f"cannot be judged: {error} is not in the usual case") from error


def _place(effect: EffectShape, name: str, row: Row) -> tuple[str, str]:
    sides = {side: shape for side, shape in effect.whole.fields.items() if shape.kind == "record"}
    side, dot, field_ = name.partition(".")
    if dot and side in sides and field_ in sides[side].fields:
        return side, field_
    found = next((side for side, shape in sides.items() if name in shape.fields), None)
    if found is None:
        raise row.problem(f"gives `{name}`, which `{effect.name}` does not have")
    return found, name


def _built(effect: EffectShape, sides: dict[str, Any], editor: str, answerable: Sequence[str]) -> Proposal:
    whole = {side: _typed(shape, sides.get(side, {})) for side, shape in effect.whole.fields.items() if shape.kind == "record"}
    case = whole.pop("case")
    return Proposal(
        case=CaseId("test"),
        step=StepKey("test/1/0"),
        process=case["process"],
        stage=case["stage"],
        tier=case["tier"],
        action=effect.name,
        resource=effect.resource,
        arguments=whole["action"],
        facts=whole["facts"],
        trust=Trust.model_validate(whole["trust"]),
        spent=whole["spent"],
        proposer=Actor(kind="person", id=editor) if editor else Actor(kind="agent", id="test"),
        answerable=tuple(PersonId(name) for name in answerable),
    )


def _typed(shape: Shape, told: dict[str, Any]) -> dict[str, Any]:
    present = {name: inner for name, inner in shape.fields.items() if name in told or not inner.optional}
    return {name: _value(inner, told[name]) for name, inner in present.items()}


def _value(shape: Shape, told: Any) -> Any:
    match shape.kind, told:
        case "flag", str():
            return {"yes": True, "no": False}[told]
        case "count", str():
            return int(told)
        case "money", str():
            amount, _, currency = told.replace(",", "").partition(" ")
            return {"amount": amount, "currency": currency}
        case "record", dict():
            return _typed(shape, told)
    return told


def _person(name: str, about: dict[str, Any]) -> Person:
    return Person.model_validate({"id": name, "name": name, "email": f"{name}@example.com", **about})
