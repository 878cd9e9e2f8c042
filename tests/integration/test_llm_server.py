"""The same agents with a real, very small model behind llama.cpp's own server: what it invents must stay without effect."""

import time
from pathlib import Path

import pytest
from pydantic import Field

from agents.classify import ClassifyRequest, tell_kind
from agents.graphs.filed import reading_of
from agents.graphs.rekey import RULES
from agents.rekey import RekeyRequest, key_form
from baton.llm.call import CallKey
from baton.llm.configured import gateway
from baton.llm.printed import prompt_for, readings_from
from baton.llm.prompt import Material, Prompt
from baton.readers.finding import ground_all, read_with, reconcile_all
from baton.readers.reader import Source
from baton.types.canonical import Json
from baton.types.findings import FieldFinding
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, StepKey
from tests.integration.desk import Payment, declare_form, message, step
from tests.integration.llama import Llama

MAIL = "My Kaldo K2 kettle leaks. I paid 89.90 EUR on 2025-06-03 at Elektro Kaiser. Serial number KK-20471. Please repair it."


class Answer(Frozen):
    shop: str | None
    total: str | None


class MustSayAnAmount(Frozen):
    """Leaves a model no way out."""

    paid: str = Field(pattern=r"^[1-9][0-9]{1,3}[.][0-9]{2} EUR$")


@pytest.fixture
def real_model(llama_server: Llama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Llama:
    """An environment that points to llama.cpp."""
    monkeypatch.setenv("BATON_HOME", str(tmp_path / "baton"))
    monkeypatch.delenv("BATON_DATABASE_URL", raising=False)
    monkeypatch.setenv("BATON_MODEL", llama_server.model)
    monkeypatch.setenv("OPENAI_BASE_URL", llama_server.url)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("BATON_MODEL_ANSWER_TOKENS", "400")
    monkeypatch.setenv("BATON_MODEL_CHARACTERS", "2000")
    monkeypatch.setenv("BATON_MODEL_SECONDS", "120")  # on a busy machine; a second or two on an idle one
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


async def test_an_agent_with_a_tiny_model_believes_only_what_stands_in_the_mail(real_model: Llama) -> None:
    with step("WC-2/1/0"):
        found = await key_form(RekeyRequest(form=declare_form(Payment), message=message(MAIL, "Kettle")))
    assert found.made_with.get("model"), f"the model did not answer: {found.notes}"
    _nothing_wrong_is_believed(found.field("paid"), {"amount": "89.90", "currency": "EUR"})
    _nothing_wrong_is_believed(found.field("serial"), "KK-20471")


@pytest.mark.parametrize("mail", [MAIL, "The blender I bought from you broke. I do not remember what it cost."])
async def test_an_amount_that_a_tiny_model_has_to_invent_is_never_agreed_nor_grounded(real_model: Llama, mail: str) -> None:
    door = gateway()
    assert door
    body = message(mail).body
    reading = reading_of(body)
    assert reading
    sources = [Source(document=body, reading=reading, role="mail_body")]
    key = CallKey(case=CaseId("WC-4"), step=StepKey("WC-4/1/0"), graph="t@1", node="model")
    done = await door.structured(prompt_for(Payment, sources, 2000), MustSayAnAmount, cache_key=key)
    invented = readings_from(done.value.model_dump(), Payment, sources, "model/tiny")
    assert invented["paid"], "the form forces an amount"
    keyed = [ground_all(Payment, sources, readings) for readings in (read_with(RULES, Payment, sources), invented)]
    fields = {field.name: field for field in reconcile_all(Payment, sources, keyed)}
    _nothing_wrong_is_believed(fields["paid"], {"amount": "89.90", "currency": "EUR"} if "89.90" in mail else None)


def _nothing_wrong_is_believed(field: FieldFinding | None, true: Json) -> None:
    assert field
    for reading in field.readings:
        assert reading.value == true or reading.evidence is None, "a wrong value was grounded"
    assert field.value == true or not field.grounded, "a wrong value was grounded"
    assert field.value == true or field.agreement != "agreed", "a wrong value was agreed"


async def test_a_tiny_models_kind_counts_only_beside_the_words(real_model: Llama) -> None:
    options = {"warranty_claim": "a product broke and the customer wants it made good"}
    with step("WC-3/1/0", "classify"):
        found = await tell_kind(ClassifyRequest(message=message("Hi Tom, lunch on Thursday?", "Lunch"), options=options))
    label = found.field("label")
    assert label
    assert label.agreement != "agreed"
    assert found.values.confidence <= 0.5
