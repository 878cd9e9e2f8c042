"""A real llama.cpp server that dies, answers nonsense, refuses, is slow or overloaded: typed errors, and paid for once."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from agents.graphs.filed import reading_of
from baton.llm.call import AnswerLost, CallKey, ModelError, ModelNonsense, ModelRefused, ModelUnavailable
from baton.llm.configured import gateway
from baton.llm.gateway import Gateway
from baton.llm.prompt import Material, Prompt
from baton.llm.reader import ModelReader
from baton.readers.finding import key
from baton.readers.reader import Source
from baton.types.ids import CaseId, StepKey
from tests.integration import faulty_proxy as proxy
from tests.integration.desk import Payment, message
from tests.integration.faulty_proxy import Fault, Proxy
from tests.integration.llama import Llama, running


class Answer(BaseModel):
    shop: str | None
    total: str | None


PROMPT = Prompt(instructions="Copy the fields.", material=(Material(title="receipt", text="Acme Shop\nTotal 45.00 EUR"),))


def _key(step: str = "WC-1/1/0") -> CallKey:
    return CallKey(case=CaseId(step.split("/")[0]), step=StepKey(step), graph="t@1", node="model")


def _opened() -> Gateway:
    found = gateway()
    assert found
    return found


def _points_to(url: str, model: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BATON_DATABASE_URL", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    changes = {"BATON_HOME": str(home), "BATON_MODEL": model, "OPENAI_BASE_URL": url}
    changes |= {"BATON_MODEL_ANSWER_TOKENS": "150", "BATON_MODEL_SECONDS": "120"}
    for name, value in changes.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def faulty(llama_server: Llama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A real server behind a proxy that spoils its answers."""
    with proxy.before(llama_server.url) as found:
        _points_to(found.url, llama_server.model, tmp_path / "baton", monkeypatch)
        yield found


@pytest.mark.parametrize("fault", [proxy.dies, proxy.errs(429), proxy.errs(500)], ids=["dies in mid-answer", "429", "500"])
async def test_a_passing_fault_is_overcome_by_asking_again(faulty: Proxy, fault: Fault) -> None:
    faulty.does(fault, proxy.passes)
    done = await _opened().structured(PROMPT, Answer, cache_key=_key())
    assert isinstance(done.value, Answer)
    assert faulty.requests == 2
    assert (await _opened().structured(PROMPT, Answer, cache_key=_key())).cached
    assert faulty.requests == 2


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (proxy.message(content="Sure! Here is what you asked for."), ModelNonsense),
        (proxy.message(content='{"shop": "Ac'), ModelNonsense),
        (proxy.without_a_key, ModelNonsense),
        (proxy.message(content=None, refusal="I cannot help with that."), ModelRefused),
    ],
    ids=["nonsense", "cut off", "breaks the schema", "refuses"],
)
async def test_an_answer_that_is_none_is_a_typed_error_and_paid_for_once(
    faulty: Proxy, fault: Fault, error: type[ModelError]
) -> None:
    faulty.does(fault)
    for _ in range(2):
        with pytest.raises(error):
            await _opened().structured(PROMPT, Answer, cache_key=_key())
    assert (faulty.requests, faulty.answered) == (1, 1)


async def test_a_server_that_stays_overloaded_is_given_up_and_may_be_asked_later(
    faulty: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATON_MODEL_REPEATS", "1")
    faulty.does(proxy.errs(429))
    with pytest.raises(ModelUnavailable, match="429"):
        await _opened().structured(PROMPT, Answer, cache_key=_key())
    assert (faulty.requests, faulty.answered) == (2, 0)
    faulty.does(proxy.passes)
    await _opened().structured(PROMPT, Answer, cache_key=_key())
    assert faulty.answered == 1


async def test_a_server_that_is_too_slow_is_given_up_and_not_asked_again(faulty: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_MODEL_SECONDS", "0.3")
    monkeypatch.setenv("BATON_MODEL_REPEATS", "0")
    faulty.does(proxy.slow(2))
    with pytest.raises(ModelUnavailable, match="in time"):
        await _opened().structured(PROMPT, Answer, cache_key=_key())
    with pytest.raises(AnswerLost):
        await _opened().structured(PROMPT, Answer, cache_key=_key())
    assert faulty.requests == 1


async def test_a_real_answer_that_is_cut_off_by_its_limit_says_so(
    llama_server: Llama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _points_to(llama_server.url, llama_server.model, tmp_path / "baton", monkeypatch)
    monkeypatch.setenv("BATON_MODEL_ANSWER_TOKENS", "3")
    with pytest.raises(ModelNonsense, match="BATON_MODEL_ANSWER_TOKENS"):
        await _opened().structured(PROMPT, Answer, cache_key=_key())


async def test_a_real_server_killed_in_the_middle_of_its_answer_is_a_typed_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATON_MODEL_REPEATS", "0")
    long = Prompt(instructions="Copy the fields.", material=(Material(title="mail", text="Acme 45.00 EUR. " * 60),))
    with running() as llama:
        _points_to(llama.url, llama.model, tmp_path / "baton", monkeypatch)
        asking = asyncio.create_task(_opened().structured(long, Answer, cache_key=_key()))
        await asyncio.sleep(0.25)  # reading a prompt of this length takes it longer than that
        assert not asking.done(), "the server was quicker than its end"
        os.kill(llama.pid, signal.SIGKILL)
        with pytest.raises(ModelUnavailable, match=r"broke the connection off|cannot be reached"):
            await asking


def test_a_real_model_reads_a_form_and_what_it_makes_up_is_not_believed(
    llama_server: Llama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _points_to(llama_server.url, llama_server.model, tmp_path / "baton", monkeypatch)
    text = "My kettle leaks. I paid 89.90 EUR. Serial number KK-20471. Mail me: ann@mail.example"
    body = message(text).body
    reading = reading_of(body)
    assert reading
    reader = ModelReader(_opened(), characters=2000)
    filled = key(Payment, [Source(document=body, reading=reading, role="mail_body")], [reader])
    assert not reader.failures, reader.failures
    assert reader.tokens["received"] > 0
    for field in filled.fields:
        assert field.agreement in ("single", "missing"), "one reader alone is never agreed with"
        assert not field.evidence or field.evidence.text in text
    paid = filled.values.paid
    assert paid is None or str(paid) == "89.90 EUR" or not filled.fields[0].grounded
