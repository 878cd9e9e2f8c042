"""Personal data does not leave for a language model, and stands in its place again when the answer comes back."""

import json
import logging
from pathlib import Path

import pytest
from pydantic import BaseModel

from baton.llm.call import CallKey, ModelError, ModelUnavailable
from baton.llm.configured import gateway
from baton.llm.gateway import Gateway
from baton.llm.prompt import Material, Prompt
from baton.llm.reader import ModelReader
from baton.readers.fields import ReceiptTotal, Serial
from baton.readers.finding import key
from baton.readers.reader import Source
from baton.types.documents import Document, Page, Reading
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, DocumentId, StepKey
from tests.integration.scripted_model import Endpoint, answer, fails, raw

MAIL = "I am Anna Kovacs, anna@mail.example, +49 30 901820. Refund me 45.00 EUR to DE89 3704 0044 0532 0130 00."
PRIVATE = ("Kovacs", "anna@", "901820", "DE89", "0532")


class Read(BaseModel):
    who: str | None
    account: str | None
    total: str | None


PROMPT = Prompt(instructions="Copy.", material=(Material(title="mail", text=MAIL),), parties=("Anna Kovacs",))
ANSWER = {"who": "<NAME_1>", "account": "<IBAN_1>", "total": "45.00 EUR"}


def _key(step: str = "WC-1/1/0", process: str = "claims") -> CallKey:
    return CallKey(case=CaseId(step.split("/")[0]), step=StepKey(step), graph="t@1", node="model", process=process)


def _opened() -> Gateway:
    found = gateway()
    assert found
    return found


async def test_what_leaves_carries_tokens_and_the_answer_carries_the_data(scripted: Endpoint) -> None:
    scripted.says(answer(ANSWER))
    done = await _opened().structured(PROMPT, Read, cache_key=_key())
    assert done.value == Read(who="Anna Kovacs", account="DE89 3704 0044 0532 0130 00", total="45.00 EUR")
    assert done.redacted == {"email": 1, "iban": 1, "name": 1, "phone": 1}
    left = json.dumps(scripted.asked)
    assert "45.00 EUR" in left
    assert not [private for private in PRIVATE if private in left]


async def test_the_hash_on_record_is_of_what_left(scripted: Endpoint) -> None:
    scripted.says(answer(ANSWER))
    done = await _opened().structured(PROMPT, Read, cache_key=_key())
    told = scripted.asked[0]["messages"][1]["content"].splitlines()[2]
    left = PROMPT.with_texts((told,))
    assert done.prompt == left.hash_for(Read) != PROMPT.hash_for(Read)


async def test_a_cached_answer_is_kept_with_tokens_and_restored_each_time(scripted: Endpoint, tmp_path: Path) -> None:
    scripted.says(answer(ANSWER))
    await _opened().structured(PROMPT, Read, cache_key=_key())
    again = await _opened().structured(PROMPT, Read, cache_key=_key())
    assert again.cached
    assert again.value.who == "Anna Kovacs"
    kept = b"".join(path.read_bytes() for path in (tmp_path / "baton").iterdir())
    assert b"NAME_1" in kept
    assert not [private for private in PRIVATE if private.encode() in kept]


async def test_a_later_call_of_the_case_uses_the_same_tokens(scripted: Endpoint) -> None:
    scripted.says(answer(ANSWER))
    await _opened().structured(PROMPT, Read, cache_key=_key())
    later = Prompt(instructions="Copy.", material=(Material(title="mail", text="bob@mail.example and anna@mail.example"),))
    await _opened().structured(later, Read, cache_key=_key("WC-1/2/0"))
    assert "<EMAIL_2> and <EMAIL_1>" in scripted.asked[1]["messages"][1]["content"]


async def test_a_process_may_let_a_kind_leave(scripted: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "policies" / "tables" / "privacy.csv"
    table.parent.mkdir(parents=True)
    table.write_text("process,kind,redact\nclaims,phone,no\n")
    monkeypatch.setenv("BATON_PROJECT", str(tmp_path))
    scripted.says(answer(ANSWER))
    await _opened().structured(PROMPT, Read, cache_key=_key())
    await _opened().structured(PROMPT, Read, cache_key=_key("WC-2/1/0", process="orders"))
    assert "901820" in str(scripted.asked[0])
    assert "901820" not in str(scripted.asked[1])


async def test_a_table_that_cannot_be_read_lets_nothing_leave(
    scripted: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "privacy.csv").write_text("process,kind,redact\nclaims,shoe,no\n")
    monkeypatch.setenv("BATON_PRIVACY", str(tmp_path / "privacy.csv"))
    scripted.says(answer(ANSWER))
    with pytest.raises(ModelUnavailable, match="shoe"):
        gateway()
    assert not scripted.asked


async def test_what_tokens_stand_for_is_never_logged(scripted: Endpoint, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    said = []
    for number, turn in enumerate([fails(400), raw("{}"), answer({"who": "<NAME_1>"})]):
        scripted.says(turn)
        with pytest.raises(ModelError) as caught:
            await _opened().structured(PROMPT, Read, cache_key=_key(f"WC-1/{number}/0"))
        said.append(f"{caught.value} {caught.value.__cause__}")
    assert not [private for private in PRIVATE if private in "\n".join([caplog.text, *said])]


class Bought(Frozen):
    paid: ReceiptTotal | None = None
    serial: Serial | None = None


def _source(text: str) -> Source:
    document = Document(id=DocumentId("d-1"), name="mail.txt", media_type="text/plain", size=len(text))
    page = Page(number=1, width=0, height=0, text=text, words=(), lines=())
    return Source(
        document=document, reading=Reading(document=document.id, how="text", reader="t", pages=(page,)), role="mail_body"
    )


def test_a_model_reads_any_form_and_a_token_it_copied_is_grounded_as_what_it_stands_for(scripted: Endpoint) -> None:
    from baton.documents.text import page_of_text

    text = "I paid 45.00 EUR. The serial number is 4111111111111111."
    page = page_of_text(text)
    source = _source(text)
    source = source.model_copy(update={"reading": source.reading.model_copy(update={"pages": (page,)})})
    scripted.says(answer({"paid": "45.00 EUR", "serial": "<CARD_1>"}))
    reader = ModelReader(_opened())
    filled = key(Bought, [source], [reader])
    assert str(filled.values.paid) == "45.00 EUR"
    assert filled.values.serial == "4111111111111111"
    assert all(field.grounded for field in filled.fields)
    assert "4111" not in str(scripted.asked)
    key(Bought, [source], [ModelReader(_opened())])
    assert len(scripted.asked) == 1, "the same document was paid for twice"


def test_a_model_that_fails_keys_nothing_and_says_why(scripted: Endpoint) -> None:
    scripted.says(fails(401))
    reader = ModelReader(_opened())
    assert reader.read(Bought, [_source("45.00 EUR")]) == {}
    assert reader.failures == {"ModelOutOfReach": 1}


async def test_a_reader_may_be_called_from_an_event_loop(scripted: Endpoint) -> None:
    scripted.says(answer({"paid": "45.00 EUR", "serial": None}))
    assert ModelReader(_opened()).read(Bought, [_source("45.00 EUR")])["paid"][0].value == {"amount": "45.00", "currency": "EUR"}
