"""Every node and every model call of an agent is a span below the agent's own, and none holds what a customer wrote."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.rekey import RekeyRequest, key_form
from baton.telemetry import dropped, flush, names, set_up, span, waterfall
from baton.telemetry.setup import close
from baton.types.ids import CaseId
from tests.integration.desk import declare_form, message, step
from tests.integration.scripted_model import Endpoint, answer, fails

MAIL = "My kettle leaks, says Ann Privacy of Elm Street 7. I paid 89.90 EUR on 2025-06-03. Please repair it."


@pytest.fixture
def traces(tmp_path: Path) -> Iterator[Path]:
    """A folder with a table of spans."""
    set_up("test", tmp_path / "traces")
    yield tmp_path / "traces"
    close()


async def _run(key: str) -> None:
    with step(key) as here, span(f"{names.INVOKE_AGENT} rekey", {names.AGENT: "rekey"}, case=here.case):
        await key_form(RekeyRequest(form=declare_form(), message=message(MAIL, "From Ann Privacy")))
    flush()


async def test_nodes_and_model_calls_hang_below_the_agent(scripted: Endpoint, traces: Path) -> None:
    scripted.says(
        answer(
            {
                "product": "kettle",
                "serial": None,
                "seller": None,
                "purchased": None,
                "paid": "89.90",
                "defect": "leaks",
                "wish": "repair",
            }
        )
    )
    await _run("WC-1/1/0")
    bars = waterfall(traces, CaseId("WC-1"))
    by_id = {bar.span: bar for bar in bars}
    parents = {bar.name: by_id[bar.parent].name for bar in bars if bar.parent in by_id}
    for node in ("rules", "model", "conclude"):
        assert parents[f"node rekey.{node}"] == "invoke_agent rekey"
    assert parents["chat scripted"] == "node rekey.model"
    (chat,) = (bar for bar in bars if bar.name == "chat scripted")
    assert chat.attributes[names.OPERATION] == "chat"
    assert (chat.attributes[names.MODEL], chat.attributes[names.MODEL_ANSWERED]) == ("scripted", "scripted-1")
    assert (chat.attributes[names.INPUT_TOKENS], chat.attributes[names.OUTPUT_TOKENS]) == (100, 20)
    assert len(str(chat.attributes[names.PROMPT_HASH])) == 64
    assert dropped() == 0


async def test_no_span_holds_what_was_written_read_or_answered(scripted: Endpoint, traces: Path) -> None:
    scripted.says(
        answer(
            {
                "product": "Elm Street 7",
                "serial": None,
                "seller": None,
                "purchased": None,
                "paid": None,
                "defect": "Ann Privacy",
                "wish": None,
            }
        )
    )
    await _run("WC-1/1/0")
    scripted.says(fails(401))
    await _run("WC-2/1/0")
    with sqlite3.connect(traces / "traces.db") as table:
        everything = str(table.execute("SELECT * FROM span").fetchall())
    assert "chat scripted" in everything
    for secret in ("Privacy", "Elm Street", "89.90", "leaks", "sk-never"):
        assert secret not in everything
