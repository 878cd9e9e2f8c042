"""From a call to a proposal: the arguments, the facts, and how far the findings may be trusted."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from baton.cases import store as cases
from baton.governance.declare import About, Declaration
from baton.governance.desk import StepHeader
from baton.types.actions import Action, Facts
from baton.types.canonical import plain
from baton.types.findings import FieldFinding, Trust
from baton.types.ids import CaseId, DecisionId, PersonId
from baton.types.money import Money
from baton.types.people import Actor
from baton.types.verdicts import Proposal


@dataclass(frozen=True)
class Known:
    """What the case store knows about a case when a step begins."""

    about: About
    fields: tuple[dict[str, Any], ...]
    instruction_like_text: bool
    findings: tuple[DecisionId, ...]


def about_of(connection: Connection, header: StepHeader) -> About:
    """Everything trusted code may know about the case at hand."""
    return _about(connection, header, cases.findings(connection, header.case))


def known(connection: Connection, header: StepHeader) -> Known:
    """The same, and how its findings were made."""
    found = cases.findings(connection, header.case)
    latest = {form: body for _, form, body in found}
    return Known(
        about=_about(connection, header, found),
        fields=tuple(field for body in latest.values() for field in body["fields"]),
        instruction_like_text=any(body.get("instruction_like_text") for _, _, body in found),
        findings=tuple(DecisionId(id) for id, _, _ in found),
    )


def _about(connection: Connection, header: StepHeader, found: list[tuple[str, str, dict[str, Any]]]) -> About:
    whose = cases.whose(connection, header.case)
    messages = cases.filed(connection, header.case)
    return About(
        case=header.case,
        process=header.process,
        stage=header.stage,
        customer=whose.customer,
        tier=whose.tier,
        sender=whose.sender,
        attachments=tuple(file for message in messages for file in message.attachments),
        message_id=messages[-1].id if messages else "",
        findings={form: body["values"] for _, form, body in found},
        documents=tuple(file for message in messages for file in (message.body, *message.attachments)),
    )


def trust(known: Known, rests_on: tuple[str, ...]) -> Trust:
    """How far the fields that a proposal rests on may be trusted. The weakest link counts."""
    rests = [field for field in known.fields if not rests_on or field["name"] in rests_on]
    chosen = [FieldFinding.model_validate(field) for field in rests]
    present = [field for field in chosen if field.agreement != "missing"]
    lowest = min((field.confidence for field in present), default=0.0)
    return Trust(
        grounded=bool(present) and all(field.grounded for field in present),
        disputed=any(field.agreement == "disputed" for field in present),
        confidence=float(Decimal(str(lowest)).quantize(Decimal("0.0001"))),
        instruction_like_text=known.instruction_like_text,
    )


def propose(
    declared: Declaration,
    header: StepHeader,
    action: Action,
    facts: Facts,
    known: Known,
    *,
    proposer: Actor,
    answerable: tuple[PersonId, ...] = (),
) -> Proposal:
    """The proposal that policy judges and an approval is bound to."""
    return Proposal(
        case=header.case,
        process=header.process,
        stage=header.stage,
        tier=known.about.tier,
        step=header.key,
        action=declared.name,
        resource=type(action).__name__,
        arguments=plain(action),
        facts=plain(facts),
        trust=trust(known, declared.rests_on),
        findings=known.findings,
        proposer=proposer,
        answerable=answerable,
    )


def amount_of(declared: Declaration, action: Action) -> Money | None:
    """What counts towards the cumulative caps."""
    amount = getattr(action, declared.spends) if declared.spends else None
    return amount if isinstance(amount, Money) else None


def title_of(declared: Declaration, action: Action) -> str:
    """The proposal in one sentence."""
    return declared.says.format(**{name: _said(getattr(action, name)) for name in type(action).model_fields})


def _said(value: Any) -> Any:
    """Several things as a list in a sentence; and what is left open, said so."""
    if value == "":
        return "not told"
    return (", ".join(map(str, value)) or "nothing") if isinstance(value, tuple) else value


def customer_label(case: CaseId, about: About) -> str:
    """Whose key seals the personal data in a row: the customer's, or the case's where the sender is a stranger."""
    return about.customer or f"case:{case}"
