"""The same agents with a real, very small model behind llama.cpp's own server: what it invents must stay without effect."""

import time
from decimal import Decimal
from pathlib import Path

import pytest

from agents.classify import ClassifyRequest, tell_kind
from agents.rekey import RekeyRequest, key_form
from baton.llm.call import CallKey
from baton.llm.configured import gateway
from baton.llm.prompt import Material, Prompt
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, StepKey
from tests.integration.desk import declare_form, message, step
from tests.integration.llama import Llama

MAIL = "My Kaldo K2 kettle leaks. I paid 89.90 EUR on 2025-06-03 at Elektro Kaiser. Serial number KK-20471. Please repair it."


class Answer(Frozen):
    shop: str | None
    total: str | None


@pytest.fixture
def real_model(llama_server: Llama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Llama:
    """An environment that points to llama.cpp."""
    monkeypatch.setenv("BATON_HOME", str(tmp_path / "baton"))
    monkeypatch.delenv("BATON_DATABASE_URL", raising=False)
    monkeypatch.setenv("BATON_MODEL", llama_server.model)
    monkeypatch.setenv("OPENAI_BASE_URL", llama_server.url)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("BATON_MODEL_ANSWER_TOKENS", "300")
    monkeypatch.setenv("BATON_MODEL_CHARACTERS", "2000")
    return llama_server


async def test_a_real_server_answers_in_the_form_it_was_given(real_model: Llama) -> None:
    door = gateway()
    assert door
    prompt = Prompt(instructions="Copy the fields.", material=(Material(title="receipt", text="Acme Shop\nTotal 45.00 EUR"),))
    key = CallKey(case=CaseId("WC-1"), step=StepKey("WC-1/1/0"), graph="t@1", node="model")
    done = await door.structured(prompt, Answer, cache_key=key)
    assert isinstance(done.value, Answer)
    assert done.input_tokens > 20
    assert done.output_tokens > 5
    began = time.monotonic()
    assert (await door.structured(prompt, Answer, cache_key=key)).cached
    assert time.monotonic() - began < 1


async def test_what_a_tiny_model_invents_is_never_agreed_nor_grounded(real_model: Llama) -> None:
    with step("WC-2/1/0"):
        found = await key_form(RekeyRequest(form=declare_form(), message=message(MAIL, "Kettle")))
    assert found.made_with.get("model") or found.made_with.get("model_failed")
    paid = found.field("paid")
    assert paid
    true = {"amount": "89.90", "currency": "EUR"}
    for reading in paid.readings:
        assert reading.value == true or reading.evidence is None, "a wrong amount was grounded"
    assert paid.value == true or paid.agreement != "agreed"
    assert paid.value is None or Decimal(paid.value["amount"]) == Decimal("89.90")  # type: ignore[index,call-overload]  # JSON
    for field in found.fields:
        model = [reading for reading in field.readings if reading.reader.startswith("model/")]
        assert field.agreement != "agreed" or model, "agreement needs two readers"


async def test_a_tiny_models_kind_counts_only_beside_the_words(real_model: Llama) -> None:
    options = {"warranty_claim": "a product broke and the customer wants it made good"}
    with step("WC-3/1/0", "classify"):
        found = await tell_kind(ClassifyRequest(message=message("Hi Tom, lunch on Thursday?", "Lunch"), options=options))
    label = found.field("label")
    assert label
    assert label.agreement != "agreed"
    assert found.values.confidence <= 0.5
