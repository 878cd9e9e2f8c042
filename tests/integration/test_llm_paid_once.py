"""A model call is paid at most once, whatever dies while it is under way."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from baton.llm.call import AnswerLost, BudgetSpent, CallKey, ModelUnavailable
from baton.llm.configured import gateway
from baton.llm.gateway import Gateway
from baton.llm.prompt import Material, Prompt
from baton.llm.scratch import scratch
from baton.types.ids import CaseId, StepKey
from tests.integration.scripted_model import Endpoint, Handler, answer, dies, fails, slow

ROOT = Path(__file__).parent.parent.parent
COPIED: dict[str, Any] = dict.fromkeys(("product", "serial", "seller", "purchased", "defect", "wish")) | {"paid": "89.90 EUR"}


class Read(BaseModel):
    total: str | None


PROMPT = Prompt(instructions="Copy.", material=(Material(title="mail", text="45.00"),))
KEY = CallKey(case=CaseId("WC-1"), step=StepKey("WC-1/1/0"), graph="t@1", node="model")


def _opened() -> Gateway:
    found = gateway()
    assert found
    return found


def _asked(endpoint: Endpoint, story: str) -> int:
    return sum(f"This is the {story} story." in str(body["messages"]) for body in endpoint.asked)


def test_a_process_killed_between_call_and_result_never_pays_again(scripted: Endpoint, tmp_path: Path) -> None:
    folder = tmp_path / "stories"
    folder.mkdir()

    def turn(handler: Handler) -> None:
        if "This is the mid-answer story." in str(scripted.asked[-1]["messages"]):
            os.kill(int((folder / "pid").read_text()), signal.SIGKILL)
            time.sleep(0.2)
            return
        answer(COPIED)(handler)

    scripted.says(turn)
    run = subprocess.run(
        [sys.executable, "-m", "tests.integration.killed_call", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    stories = json.loads(run.stdout)
    for story, runs in stories.items():
        assert [one["code"] for one in runs] == [-signal.SIGKILL, 0, 0], story
        assert _asked(scripted, story) == 1, f"{story}: paid {_asked(scripted, story)} times"
        for later in runs[1:]:
            found = later["finding"]
            assert found["made_with"]["model_failed"] == "AnswerLost"
            assert any("it may be paid, so it is not repeated" in note for note in found["notes"])
            assert found["values"]["paid"] == {"amount": "89.90", "currency": "EUR"}, "the rules go on without the model"
            assert later["seconds"] < 30, "the dead process was waited for"


async def test_attempts_at_once_share_one_call(scripted: Endpoint) -> None:
    scripted.says(slow(0.3, answer({"total": "45.00"})))
    done = await asyncio.gather(*(_opened().structured(PROMPT, Read, cache_key=KEY) for _ in range(5)))
    assert {one.value.total for one in done} == {"45.00"}
    assert len(scripted.asked) == 1


async def test_a_call_that_nobody_waits_for_any_more_is_not_made_again(scripted: Endpoint) -> None:
    scripted.says(slow(1, answer({"total": "45.00"})))
    task = asyncio.create_task(_opened().structured(PROMPT, Read, cache_key=KEY))
    while not scripted.asked:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(AnswerLost):
        await _opened().structured(PROMPT, Read, cache_key=KEY)
    assert len(scripted.asked) == 1


async def test_an_answer_that_broke_off_for_good_counts_as_paid(scripted: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_MODEL_REPEATS", "0")
    scripted.says(dies)
    with pytest.raises(ModelUnavailable, match="broke the connection off"):
        await _opened().structured(PROMPT, Read, cache_key=KEY)
    with pytest.raises(AnswerLost):
        await _opened().structured(PROMPT, Read, cache_key=KEY)
    assert len(scripted.asked) == 1
    assert scratch().calls.spent(KEY.case).tokens > 0


async def test_a_call_that_was_not_taken_may_be_made_later(scripted: Endpoint) -> None:
    scripted.says(fails(401))
    with pytest.raises(ModelUnavailable, match="401"):
        await _opened().structured(PROMPT, Read, cache_key=KEY)
    scripted.says(answer({"total": "45.00"}))
    assert (await _opened().structured(PROMPT, Read, cache_key=KEY)).value.total == "45.00"


async def test_money_and_tokens_of_a_day_are_limited(scripted: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_MODEL_PRICE_SENT", "2.50")
    monkeypatch.setenv("BATON_MODEL_PRICE_RECEIVED", "10")
    monkeypatch.setenv("BATON_MONEY_PER_DAY", "0.03")
    scripted.says(answer({"total": "45.00"}, tokens=(4000, 500)))
    await _opened().structured(PROMPT, Read, cache_key=KEY)
    assert scratch().calls.spent(KEY.case).micro == 15_000
    with pytest.raises(BudgetSpent, match=r"today used 0\.015 of 0\.03 of money.*BATON_MONEY_PER_DAY"):
        await _opened().structured(PROMPT, Read, cache_key=KEY.model_copy(update={"step": StepKey("WC-2/1/0")}))
    assert len(scripted.asked) == 1


def test_a_budget_of_money_without_prices_makes_no_sense(scripted: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_MONEY_PER_CASE", "1")
    with pytest.raises(ModelUnavailable, match="BATON_MODEL_PRICE_SENT"):
        gateway()


async def test_another_home_has_its_own_answers_behind_the_same_address(
    scripted: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted.says(answer({"total": "1.00"}), answer({"total": "2.00"}))
    await _opened().structured(PROMPT, Read, cache_key=KEY)
    monkeypatch.setenv("BATON_HOME", str(tmp_path / "other"))
    other = await _opened().structured(PROMPT, Read, cache_key=KEY)
    assert (other.cached, other.value.total) == (False, "2.00")
