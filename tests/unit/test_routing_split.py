"""One mail that asks several things is several requests; what its sender did not write is none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.routing.examples import read_examples
from baton.routing.router import Router, train
from baton.routing.split import split
from baton.routing.wrote import own_spans, own_text

EXAMPLES = Path(__file__).parents[2] / "agents" / "vocabulary" / "examples"


@pytest.fixture(scope="module")
def router() -> Router:
    return train(read_examples(EXAMPLES), by_meaning=False)


THREE = """Dear team,

the kettle I bought from you in May no longer heats and is still under warranty. I would like a replacement.

Also, we would like to order 20 coffee grinders. Please send an order confirmation.

By the way, what is the status of my refund for case WC-1042? I have heard nothing.

Kind regards
Jane Miller
"""
LISTED = """Guten Tag,

1. Mein Staubsauger ist kaputt, ich möchte ihn auf Garantie reparieren lassen.
2. Wir bestellen hiermit 12 Wasserkocher K2 zur Lieferung nach Kassel.

Mit freundlichen Grüßen
K. Maier
"""
ONE_PARAGRAPH = """Hola,

adjuntamos nuestra factura 2026-118 con vencimiento a 30 días. Además, les rogamos que devuelvan firmado el acuerdo de
confidencialidad adjunto.

Un saludo
Ana
"""


@pytest.mark.parametrize(
    ("text", "processes"),
    [
        (THREE, ["warranty_claim", "purchase_order", "status_question"]),
        (LISTED, ["warranty_claim", "purchase_order"]),
        (ONE_PARAGRAPH, ["invoice", "contract_signing"]),
    ],
)
def test_each_thing_that_a_mail_asks_for_is_a_request_of_its_own(router: Router, text: str, processes: list[str]) -> None:
    requests = split(text, router)
    assert [request.route.process for request in requests] == processes
    for request in requests:
        assert "\n\n".join(text[start:end] for start, end in request.spans) == request.text


def test_a_claim_told_in_several_paragraphs_is_one_request(router: Router) -> None:
    text = (
        "Hello,\n\nI bought the kettle on 3 May and since last week it no longer heats.\n\n"
        "I tried two sockets and descaled it.\n\n"
        "The receipt is attached. Please send me a replacement under the warranty.\n\nThanks\nJane"
    )
    (request,) = split(text, router)
    assert request.route.process == "warranty_claim"
    assert len(request.spans) == 3


def test_asking_in_passing_when_it_will_be_done_is_no_second_request(router: Router) -> None:
    text = (
        "My washing machine has stopped spinning and is still under warranty, please repair it.\n\n"
        "When can I expect the technician?"
    )
    assert len(split(text, router)) == 1


def test_a_mail_without_a_word_of_its_own_asks_for_nothing(router: Router) -> None:
    assert split("", router) == []
    assert split("Hello,\n\nKind regards\nJane\n", router) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Dear Sir,\nthe lamp broke.\n\nBest regards\nAnn\nAnn Ltd, 5 High Street", "the lamp broke."),
        ("Hi Tom, the lamp broke.", "the lamp broke."),
        ("The lamp broke.\n-- \nAnn\nwww.example.com", "The lamp broke."),
        ("Yes please.\n\nOn Mon, 3 May 2026 at 10:12, Help <h@x.example> wrote:\n> Shall we?\n> Yes?", "Yes please."),
        ("Yes please.\n\nOn Mon, 3 May 2026 at 10:12, Help\n<h@x.example> wrote:\n> Shall we?", "Yes please."),
        ("Ja.\n\nAm 03.05.2026 um 10:12 schrieb Hilfe <h@x.example>:\n> Sollen wir?", "Ja."),
        ("Sí.\n\nEl lun, 3 may 2026 a las 10:12, Ayuda (h@x.example) escribió:\n> ¿Sí?", "Sí."),
        ("Yes.\n\n-----Original Message-----\nFrom: a@x.example\nSubject: b\n\nShall we?", "Yes."),
        ("Yes.\n\nFrom: Help\nSent: Monday\nTo: Ann\nSubject: lamp\n\nShall we?", "Yes."),
        ("> Shall we?\nYes.\n> And now?\nLater.", "Yes.\n\nLater."),
        ("---------- Forwarded message ---------\nFrom: A <a@x.example>\nDate: Mon\nTo: b\n\nThe lamp broke.", "The lamp broke."),
        ("Dear Mr. Smith, the lamp broke.", "the lamp broke."),
        ("From: Ann\nSent: Monday\nTo: Bob\nSubject: lamp\n\nThe lamp broke.", "The lamp broke."),
        ("Von: Ann\nGesendet: Montag\nAn: Bob\nBetreff: Lampe\n\nDie Lampe ist kaputt.", "Die Lampe ist kaputt."),
        ("The lamp broke.\n\nThanks\nAnn\n\nP.S. The bulb too.", "The lamp broke.\n\nThanks\nAnn\n\nP.S. The bulb too."),
    ],
)
def test_only_what_the_sender_wrote_is_kept(text: str, kept: str) -> None:
    assert own_text(text) == kept


_LINES = st.sampled_from(
    ["Hello,", "> no", "the lamp broke", "", "From: a", "To: b", "Subject: c", "-- ", "Regards", "On 3 May 2026 A. wrote:", "A"]
)


@given(st.one_of(st.text(max_size=200), st.lists(_LINES, max_size=12).map("\n".join)))
def test_the_places_of_what_was_written_are_in_order_and_in_the_text(text: str) -> None:
    spans = own_spans(text)
    flat = [place for span in spans for place in span]
    assert flat == sorted(flat)
    assert all(0 <= start < end <= len(text) and text[start:end] == text[start:end].strip() for start, end in spans)
