"""At the door a message may be any of several kinds: words and router must not differ, and in doubt a person chooses."""

from pathlib import Path

import pytest

from agents.classify import ClassifyRequest, Kind, tell_kind
from agents.graphs import routed
from baton.routing.examples import Example
from baton.routing.router import train
from baton.routing.shelf import Shelf
from baton.types.findings import Finding
from tests.integration.desk import message, step

DOOR = {kind: known.words for kind, known in routed.shipped().kinds.items() if known.process}


@pytest.fixture(autouse=True)
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BATON_HOME", str(tmp_path / "baton"))
    monkeypatch.delenv("BATON_DATABASE_URL", raising=False)
    monkeypatch.delenv("BATON_MODEL", raising=False)
    return tmp_path / "baton"


async def _told(body: str, subject: str = "") -> Finding[Kind]:
    with step(agent="classify"):
        return await tell_kind(ClassifyRequest(message=message(body, subject), options=DOOR))


@pytest.mark.parametrize(
    ("body", "label"),
    [
        ("My kettle no longer heats. It is under warranty, please replace it. The receipt is attached.", "warranty_claim"),
        ("Bitte senden Sie die Geheimhaltungsvereinbarung unterschrieben zurück, wir zeichnen dann gegen.", "contract_signing"),
        ("Por la presente pedimos 40 unidades del artículo 7718. Envíen la confirmación de pedido.", "purchase_order"),
        ("Please find attached our invoice 4711. Payment is due within 30 days.", "invoice"),
        ("Wie ist der Stand meiner Reklamation? Ich habe seit zwei Wochen nichts gehört.", "status_question"),
        ("As requested, here is the photo of the serial number that you asked for.", "reply"),
    ],
)
async def test_the_door_tells_six_kinds_of_mail_in_three_languages(body: str, label: str) -> None:
    found = await _told(body)
    assert found.values.label == label
    assert found.made_with["router"].startswith("router/")


async def test_words_and_router_that_say_the_same_make_it_agreed() -> None:
    found = await _told("I bought the kettle in May and it has stopped working. Please repair it under warranty.")
    field = found.field("label")
    assert field
    assert (field.agreement, field.confirmed, len(field.readings)) == ("agreed", True, 2)


@pytest.mark.parametrize(
    "body",
    [
        "I am applying for the position of technician, my CV and cover letter are attached.",
        "Congratulations, you have won our lottery! Click the link below to claim your prize.",
        "Vielen Dank für die schnelle Hilfe, alles läuft wieder.",
        "¿Cuál es su horario los sábados?",
        "The salesman in your shop was very rude to my mother.",
    ],
)
async def test_what_no_process_handles_is_none_of_these_with_a_reason(body: str) -> None:
    found = await _told(body)
    assert found.values.label is None
    assert found.values.reason


async def test_words_and_router_that_differ_leave_it_to_a_person_with_both_opinions(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"label": "invoice", "confidence": 0.95, "reason": "it looks like an invoice", "reader": "router/test"}
    monkeypatch.setattr(routed, "opinion", lambda *_: said)
    found = await _told("My kettle is broken, I want my money back. It is under warranty.")
    field = found.field("label")
    assert field
    assert (found.values.label, found.values.confidence) == (None, 0)
    assert "`warranty_claim`" in found.values.reason
    assert "`invoice`" in found.values.reason
    assert [reading.reader for reading in field.readings] == ["vocabulary/2", "router/test"]


async def test_a_router_teaches_itself_once_for_a_home_and_takes_up_a_new_one(offline: Path) -> None:
    first = routed.router()
    assert routed.router() is first
    shelf = Shelf(offline)
    more = routed.shipped().with_choices([Example(text="zeppelin mooring mast", kind="purchase_order", by="lena")])
    shelf.keep(train(more, by_meaning=False))
    assert routed.router().learnt.version != first.learnt.version
