"""A language model behind HTTP, and everything that can go wrong with one."""

import asyncio
import logging
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from baton.llm.call import BudgetSpent, CallKey, ModelError, ModelNonsense, ModelRefused, ModelUnavailable
from baton.llm.configured import gateway
from baton.llm.gateway import Gateway
from baton.llm.prompt import Material, Prompt
from baton.llm.scratch import scratch
from baton.types.ids import CaseId, StepKey
from tests.integration.scripted_model import SECRET, Endpoint, answer, completion, dies, fails, raw, slow


class Read(BaseModel):
    shop: str | None
    total: str | None


GOOD = {"shop": "Acme", "total": "45.00"}
PRIVATE = "my iban is DE02 1203 0000"
PROMPT = Prompt(instructions="Copy the fields.", material=(Material(title="mail", text=f"Acme 45.00 {PRIVATE}"),))


def _key(step: str = "WC-1/1/0", node: str = "model") -> CallKey:
    return CallKey(case=CaseId(step.split("/")[0]), step=StepKey(step), graph="rekey@1", node=node)


def _opened() -> Gateway:
    found = gateway()
    assert found is not None
    return found


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """One repeat and short waits."""
    monkeypatch.setenv("BATON_MODEL_REPEATS", "1")
    monkeypatch.setenv("BATON_MODEL_SECONDS", "0.5")
    monkeypatch.setenv("BATON_MODEL_SECONDS_IN_ALL", "10")


async def test_an_answer_comes_back_in_its_form_with_model_prompt_and_tokens(scripted: Endpoint) -> None:
    scripted.says(answer(GOOD))
    done = await _opened().structured(PROMPT, Read, cache_key=_key())
    assert done.value == Read(shop="Acme", total="45.00")
    assert (done.model, done.input_tokens, done.output_tokens, done.cached) == ("scripted-1", 100, 20, False)
    assert done.prompt == PROMPT.hash_for(Read)
    asked = scripted.asked[0]
    assert asked["response_format"]["json_schema"]["strict"] is True
    assert "tools" not in asked
    assert scripted.headers[0]["authorization"] == f"Bearer {SECRET}"


async def test_a_completed_call_is_never_paid_for_again(scripted: Endpoint) -> None:
    scripted.says(answer(GOOD))
    await _opened().structured(PROMPT, Read, cache_key=_key())
    again = await _opened().structured(PROMPT, Read, cache_key=_key())
    assert again.cached
    assert again.value.shop == "Acme"
    assert len(scripted.asked) == 1


@pytest.mark.parametrize("other", [_key("WC-1/2/0"), _key("WC-1/1/1"), _key(node="second")])
async def test_another_step_revision_or_node_is_another_call(scripted: Endpoint, other: CallKey) -> None:
    scripted.says(answer(GOOD))
    await _opened().structured(PROMPT, Read, cache_key=_key())
    assert not (await _opened().structured(PROMPT, Read, cache_key=other)).cached


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_an_overloaded_endpoint_is_asked_again(scripted: Endpoint, status: int) -> None:
    scripted.says(fails(status, retry_after="0.05"), fails(status, retry_after="0.05"), answer(GOOD))
    assert (await _opened().structured(PROMPT, Read, cache_key=_key())).value.shop == "Acme"
    assert len(scripted.asked) == 3


async def test_an_endpoint_that_stays_overloaded_is_given_up(scripted: Endpoint, quick: None) -> None:
    scripted.says(fails(429, retry_after="0.05"))
    with pytest.raises(ModelUnavailable, match="429"):
        await _opened().structured(PROMPT, Read, cache_key=_key())
    assert len(scripted.asked) == 2


@pytest.mark.parametrize(("status", "words"), [(401, "OPENAI_API_KEY"), (404, "BATON_MODEL"), (400, "status 400")])
async def test_a_refused_request_is_not_repeated_and_says_what_to_check(scripted: Endpoint, status: int, words: str) -> None:
    scripted.says(fails(status))
    with pytest.raises(ModelUnavailable, match=words):
        await _opened().structured(PROMPT, Read, cache_key=_key())
    assert len(scripted.asked) == 1


async def test_an_answer_that_breaks_off_is_asked_for_again(scripted: Endpoint) -> None:
    scripted.says(dies, answer(GOOD))
    assert (await _opened().structured(PROMPT, Read, cache_key=_key())).value.shop == "Acme"


async def test_a_slow_endpoint_is_given_up(scripted: Endpoint, quick: None) -> None:
    scripted.says(slow(3, answer(GOOD)))
    began = time.monotonic()
    with pytest.raises(ModelUnavailable, match="in time"):
        await _opened().structured(PROMPT, Read, cache_key=_key())
    assert time.monotonic() - began < 3


async def test_repeats_stop_when_the_time_for_all_of_them_is_over(scripted: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_MODEL_SECONDS_IN_ALL", "0.4")
    scripted.says(fails(503, retry_after="5"))
    began = time.monotonic()
    with pytest.raises(ModelUnavailable, match="in time"):
        await _opened().structured(PROMPT, Read, cache_key=_key())
    assert time.monotonic() - began < 2


async def test_nobody_listening_is_said_plainly(scripted: Endpoint, quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(ModelUnavailable, match="OPENAI_BASE_URL"):
        await _opened().structured(PROMPT, Read, cache_key=_key())


@pytest.mark.parametrize(
    ("content", "how", "error"),
    [
        (None, {"refusal": "I cannot help with that."}, ModelRefused),
        ("", {"finish": "content_filter"}, ModelRefused),
        ('{"shop": "Ac', {"finish": "length"}, ModelNonsense),
        ('{"shop": "Acme", "total": "45.00"}', {"finish": "length"}, ModelNonsense),
        ("Sure! Here is the JSON you asked for.", {}, ModelNonsense),
        ("", {}, ModelNonsense),
        (None, {}, ModelNonsense),
        ('{"shop": "Acme"}', {}, ModelNonsense),
        ('{"shop": "Acme", "total": {"my iban is DE02": 1}}', {}, ModelNonsense),
        ("[]", {}, ModelNonsense),
    ],
)
async def test_what_is_no_answer_is_a_typed_error_and_paid_for_once(
    scripted: Endpoint, content: str | None, how: dict[str, Any], error: type[ModelError]
) -> None:
    scripted.says(raw(completion(content, **how)))
    for _ in range(2):
        with pytest.raises(error) as caught:
            await _opened().structured(PROMPT, Read, cache_key=_key())
        assert "iban" not in str(caught.value)
    assert len(scripted.asked) == 1


@pytest.mark.parametrize("body", ["<html>proxy</html>", "{}", '{"choices": []}', "null", '{"choices": [{"message": null}]}', ""])
async def test_an_endpoint_that_is_none_is_nonsense(scripted: Endpoint, body: str) -> None:
    scripted.says(raw(body))
    with pytest.raises(ModelNonsense):
        await _opened().structured(PROMPT, Read, cache_key=_key())


async def test_a_model_with_its_own_temperature_is_asked_without_one(scripted: Endpoint) -> None:
    scripted.says(raw('{"error": {"message": "no", "param": "temperature"}}', 400), answer(GOOD))
    assert (await _opened().structured(PROMPT, Read, cache_key=_key())).value.shop == "Acme"
    assert "temperature" not in scripted.asked[1]


async def test_a_case_that_used_up_its_tokens_asks_no_more_and_others_still_do(
    scripted: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATON_TOKENS_PER_CASE", "5000")
    scripted.says(answer(GOOD, tokens=(3000, 1000)))
    await _opened().structured(PROMPT, Read, cache_key=_key("WC-1/1/0"))
    with pytest.raises(BudgetSpent, match=r"WC-1.*4000.*5000.*BATON_TOKENS_PER_CASE"):
        await _opened().structured(PROMPT, Read, cache_key=_key("WC-1/2/0"))
    assert (await _opened().structured(PROMPT, Read, cache_key=_key("WC-1/1/0"))).cached
    await _opened().structured(PROMPT, Read, cache_key=_key("WC-2/1/0"))
    assert len(scripted.asked) == 2


async def test_a_forgotten_case_leaves_no_answer(scripted: Endpoint, tmp_path: Path) -> None:
    scripted.says(answer(GOOD))
    await _opened().structured(PROMPT, Read, cache_key=_key("WC-1/1/0"))
    await _opened().structured(PROMPT, Read, cache_key=_key("WC-11/1/0"))
    scratch().forget(CaseId("WC-1"))
    assert not (await _opened().structured(PROMPT, Read, cache_key=_key("WC-1/1/0"))).cached
    assert (await _opened().structured(PROMPT, Read, cache_key=_key("WC-11/1/0"))).cached


async def test_answers_are_kept_on_postgresql_too(scripted: Endpoint, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_DATABASE_URL", postgres_url)
    scripted.says(answer(GOOD))
    done = await asyncio.gather(*(_opened().structured(PROMPT, Read, cache_key=_key()) for _ in range(3)))
    assert {one.value.shop for one in done} == {"Acme"}
    asked = len(scripted.asked)
    assert (await _opened().structured(PROMPT, Read, cache_key=_key())).cached
    assert len(scripted.asked) == asked


async def test_no_key_and_no_prompt_in_errors_logs_or_reprs(
    scripted: Endpoint, quick: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown = [repr(_opened()), str(vars(_opened()))]
    turns = [fails(401), fails(400), fails(503, retry_after="0.01"), dies, raw("{}"), answer({"shop": PRIVATE})]
    for number, turn in enumerate(turns):
        scripted.says(turn)
        with pytest.raises(ModelError) as caught:
            await _opened().structured(PROMPT, Read, cache_key=_key(f"WC-1/{number}/0"))
        shown += [str(caught.value), repr(caught.value.__cause__)]
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("openai", "httpcore"))]
    assert SECRET not in "\n".join([*shown, caplog.text])
    assert PRIVATE not in "\n".join([*shown, *ours])


def test_no_model_named_means_offline(scripted: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BATON_MODEL")
    assert gateway() is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"OPENAI_BASE_URL": "", "OPENAI_API_KEY": ""}, "OPENAI_API_KEY"),
        ({"OPENAI_BASE_URL": "https://me:hunter2@host/v1"}, "OPENAI_BASE_URL"),
        ({"BATON_MODEL_SECONDS": "soon"}, "BATON_MODEL_SECONDS"),
        ({"BATON_MODEL_REPEATS": "-1"}, "BATON_MODEL_REPEATS"),
    ],
)
def test_settings_that_make_no_sense_name_their_key(
    scripted: Endpoint, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], words: str
) -> None:
    for key, value in changes.items():
        monkeypatch.setenv(key, value)
    with pytest.raises(ModelUnavailable, match=words) as caught:
        gateway()
    assert "hunter2" not in str(caught.value)
