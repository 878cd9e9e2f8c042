"""What leaves the house as traces: one connected trace a case, a span for every decision, and nobody's words or names."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from kill_office import KillOffice, Workers, an_office, eventually
from office import PROJECT
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from temporalio.client import WorkflowHandle

from baton.deciding import Refused
from baton.governance.oversight import resume, stop
from baton.governance.stamps import SignIn
from baton.governance.undoing import CannotUndo
from baton.runtime.settings import load
from baton.runtime.up import running
from baton.telemetry import names
from baton.types.decisions import Decision
from baton.types.documents import Document
from baton.types.ids import DocumentId, PersonId
from baton.undo import ask_for_undo
from tests.integration.otlp_receiver import Receiver, receiving

MARK = "zyxmarker"
"""Stands in everything that a person wrote or is called."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A collector."""
    with receiving() as found:
        yield found


@pytest_asyncio.fixture
async def office(migrated_sqlite: Path, tmp_path: Path) -> AsyncIterator[KillOffice]:
    """An office on a real server."""
    workers = Workers()
    async with (
        running(load(project=str(PROJECT), home=str(tmp_path / "temporal")), workers=()) as up,
        an_office(await up.client(), up.address, workers, tmp_path / "home", migrated_sqlite) as found,
    ):
        yield found
    workers.close()


async def a_case_over_two_workers(office: KillOffice, receiver: Receiver) -> WorkflowHandle[object, object]:
    """Opened and refused at one worker; edited, held by a stop, paid and taken back at the next."""
    async with office.at_work(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url):
        photo = Document(id=DocumentId("0" * 64), name=f"{MARK}.jpg", media_type="image/jpeg", size=1)
        subject, sender = f"pay 80.00 {MARK} of the north", f"{MARK}@example.com"
        case = await office.submit(subject, sender, attachments=(photo,), problems=(f"{MARK} wrote in haste",))
        task = await office.task(case)
        with pytest.raises(Refused):
            await office.say(task, "otto", "approve", reason=f"{MARK} is hungry")
    async with office.at_work(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url):
        amount = {"amount": {"amount": "45.00", "currency": "EUR"}}
        stop(office.engine, PersonId("olga"), "cash_box", "", f"{MARK} counts the box")
        await office.say(task, "carl", "edit", changes=amount, reason=f"{MARK} bought less")
        await eventually(lambda: [row for row in office.rows(case) if row.kind == "stop"], "the stop")
        resume(office.engine, PersonId("olga"), "cash_box", "", f"{MARK} counted")
        assert (await office.ended(case))["result"] == "paid"
        [effect] = [row for row in office.rows(case) if row.kind == "effect"]
        sign_in, why = SignIn.at(office.home), f"{MARK} gave it back"
        with pytest.raises(CannotUndo):
            await ask_for_undo(office.client, sign_in, effect.id, PersonId("carl"), why, office.queue)
        await ask_for_undo(office.client, sign_in, effect.id, PersonId("olga"), why, office.queue)
    await eventually(lambda: named_by(office.rows(case)) <= ids(receiver.spans()), "the last span", 10)
    return case


async def test_a_collector_gets_one_connected_trace_with_every_decision_and_no_personal_data(
    office: KillOffice, receiver: Receiver
) -> None:
    case = await a_case_over_two_workers(office, receiver)
    rows, spans = office.rows(case), receiver.spans()
    assert receiver.paths == {"/v1/traces"}
    assert_connected(spans)
    assert_every_decision_has_its_span(rows, spans)
    assert_nobody_is_named(receiver, spans)


def assert_connected(spans: list[Span]) -> None:
    """One trace, one root, and every other span below a span that arrived."""
    assert len({span.trace_id for span in spans}) == 1
    known = {span.span_id for span in spans}
    roots = [span.name for span in spans if not span.parent_span_id]
    assert roots == [names.CASE]
    orphans = [span.name for span in spans if span.parent_span_id and span.parent_span_id not in known]
    assert orphans == []


def assert_every_decision_has_its_span(rows: list[Decision], spans: list[Span]) -> None:
    """Every row names a span, and it is there."""
    assert [(row.kind, row.outcome) for row in rows if not row.span] == []
    assert {row.trace for row in rows} == {spans[0].trace_id.hex()}
    assert named_by(rows) <= ids(spans)
    kinds = {row.kind: span.name.split()[0] for row in rows for span in spans if row.span == span.span_id.hex()}
    assert kinds == {
        "handoff": names.STEP,
        "finding": names.INVOKE_AGENT,
        "verdict": names.POLICY,
        "answer": names.ANSWER,
        "effect": names.EXECUTE_TOOL,
        "stop": names.STOP,
        "undo": names.UNDO,
    }
    said = {pair.key: pair.value.string_value for span in spans for pair in span.attributes}
    assert said[names.VERDICT]
    assert said[names.DECISION_ID].startswith("d-")


def assert_nobody_is_named(receiver: Receiver, spans: list[Span]) -> None:
    """No attribute outside the list, no event, no error text; the marker in no byte; no staff, no amount."""
    attributes = {pair.key for span in spans for pair in span.attributes}
    assert attributes <= names.ATTRIBUTES
    assert [span.name for span in spans if span.events or span.status.message] == []
    everything = b"\n".join(receiver.bodies)
    assert MARK.encode() not in everything.lower()
    for secret in (b"example.com", b"45.00", b"80.00", b"olga", b"otto", b"carl"):
        assert secret not in everything.lower(), secret


def named_by(rows: list[Decision]) -> set[str]:
    """The spans that decisions name."""
    return {row.span for row in rows if row.span}


def ids(spans: list[Span]) -> set[str]:
    """The spans that arrived."""
    return {span.span_id.hex() for span in spans}
