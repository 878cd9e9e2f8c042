"""Traces: one a case, whoever emits them, and no words of a customer in any."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from baton.telemetry import (
    Bar,
    case_context,
    current_ids,
    dropped,
    flush,
    names,
    root_span,
    set_up,
    span,
    waterfall,
)
from baton.telemetry.guard import harmless
from baton.telemetry.setup import close
from baton.types.ids import CaseId

CASE = CaseId("WC-1042")
SECRET = "my name is Rosa Meier and the kettle broke"


@pytest.fixture(autouse=True)
def home(tmp_path: Path) -> Iterator[Path]:
    set_up("test", tmp_path)
    yield tmp_path
    close()


def bars(home: Path) -> tuple[Bar, ...]:
    flush()
    return waterfall(home, CASE)


def say_everything() -> None:
    with span(f"{names.CHAT} {SECRET}", {"gen_ai.prompt": SECRET}, case=CASE) as opened:
        opened.set("gen_ai.input.messages", SECRET)
        opened.set(names.MODEL, SECRET)
        opened.set(names.RULES, ["gift-card.alone", SECRET])
        opened._inner.add_event("said", {"text": SECRET})
        opened._inner.record_exception(ValueError(SECRET))
        raise RuntimeError(SECRET)


def everything_written(home: Path) -> str:
    flush()
    with sqlite3.connect(home / "traces.db") as connection:
        return repr(connection.execute("SELECT * FROM span").fetchall())


def test_spans_of_two_workers_and_a_restart_join_one_trace(home: Path) -> None:
    for service in ("work", "pages", "work"):
        set_up(service, home)
        with span(f"{names.STEP} one", case=CASE):
            pass
    now = datetime.now(UTC)
    root_span(CASE, now - timedelta(hours=3), now)
    drawn = bars(home)
    assert [bar.depth for bar in drawn] == [0, 1, 1, 1]
    assert {bar.service for bar in drawn} == {"work", "pages"}
    assert {bar.parent for bar in drawn[1:]} == {drawn[0].span}


def test_the_root_has_the_span_id_that_every_worker_computes(home: Path) -> None:
    now = datetime.now(UTC)
    root_span(CASE, now - timedelta(days=3), now, {names.PROCESS: "warranty_claim"})
    (root,) = bars(home)
    assert root.span == f"{case_context(CASE).span_id:016x}"
    assert root.milliseconds == pytest.approx(3 * 24 * 3600 * 1000)
    assert root.parent is None


def test_a_root_emitted_again_by_a_retry_stands_once(home: Path) -> None:
    now = datetime.now(UTC)
    for hours in (1, 2):
        root_span(CASE, now - timedelta(hours=3), now + timedelta(hours=hours))
    (root,) = bars(home)
    assert root.end == now + timedelta(hours=2)


def test_a_span_inside_another_hangs_under_it_and_not_under_the_case(home: Path) -> None:
    with span(names.EXECUTE_TOOL, case=CASE) as outer, span(names.POLICY, case=CASE), span(names.NODE):
        pass
    assert [(bar.name, bar.depth) for bar in bars(home)] == [(names.EXECUTE_TOOL, 0), (names.POLICY, 1), (names.NODE, 2)]
    assert bars(home)[1].parent == outer.ids[1]


def test_a_span_of_another_case_does_not_hang_under_this_one(home: Path) -> None:
    with span(names.STEP, case=CASE), span(names.STEP, case=CaseId("WC-1043")):
        pass
    assert [bar.attributes[names.CASE_ID] for bar in bars(home)] == ["WC-1042"]


def test_a_ledger_row_can_name_its_span(home: Path) -> None:
    assert current_ids() == ("", "")
    with span(names.POLICY, case=CASE) as opened:
        trace, number = current_ids()
        assert (trace, number) == opened.ids
    assert trace == f"{case_context(CASE).trace_id:032x}"
    assert number == bars(home)[0].span


def test_content_does_not_get_into_a_span_by_any_door(home: Path) -> None:
    with pytest.raises(RuntimeError):
        say_everything()
    with span(SECRET, case=CASE):
        pass
    written = everything_written(home)
    assert "Rosa" not in written
    assert "kettle" not in written
    assert dropped() == 6
    assert {bar.name for bar in bars(home)} == {names.CHAT, "unnamed"}


def test_an_e_mail_address_is_not_an_identifier(home: Path) -> None:
    with span(names.STEP, {names.CASE_OUTCOME: "rosa@example.com"}, case=CASE):
        pass
    assert names.CASE_OUTCOME not in bars(home)[0].attributes


def test_what_the_guard_lets_through_is_all_there(home: Path) -> None:
    said = {
        names.MODEL: "smollm2:135m",
        names.INPUT_TOKENS: 412,
        names.TEMPERATURE: 0.0,
        names.CACHED: False,
        names.RULES: ["gift-card.alone", "gift-card.cap"],
        names.CASE_OUTCOME: "gift card",
        names.STEP_KEY: "WC-1042/erp.issue_gift_card/0",
    }
    with span(f"{names.CHAT} smollm2", said, case=CASE, kind="client"):
        pass
    assert bars(home)[0].attributes == {**said, names.CASE_ID: CASE}
    assert dropped() == 0


@given(st.lists(st.text(st.characters(categories=("L",)), min_size=2), min_size=2, max_size=40))
def test_no_sentence_is_harmless(words: list[str]) -> None:
    assert not harmless(names.MODEL, " ".join(words))


def test_an_error_is_named_by_its_type_and_a_benign_one_is_none(home: Path) -> None:
    with pytest.raises(KeyError), span(names.STEP, case=CASE):
        raise KeyError(SECRET)
    with pytest.raises(ApplicationError), span(names.POLICY, case=CASE):
        raise ApplicationError("ask", type="needs_approval", category=ApplicationErrorCategory.BENIGN)
    failed, asked = bars(home)
    assert (failed.status, failed.attributes[names.ERROR]) == ("error", "KeyError")
    assert (asked.status, names.ERROR in asked.attributes) == ("unset", False)


def test_without_a_set_up_spans_cost_nothing_and_rows_still_name_the_case(home: Path) -> None:
    close()
    with span(names.STEP, case=CASE):
        assert current_ids()[0] == f"{case_context(CASE).trace_id:032x}"
    assert waterfall(home, CASE) == ()


def test_a_case_that_was_never_traced_has_no_waterfall(tmp_path: Path) -> None:
    assert waterfall(tmp_path / "elsewhere", CASE) == ()
