"""What a letter may say, and that nobody writes into its headers."""

from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.mail import templates
from activities.mail.envelope import BadAddress, From, LetterTooLong, checked, message_of, name_of, read_sent
from activities.mail.port import Envelope

SENDER = From(name="Service", address="service@company.example")
LETTERS = (
    "acknowledge",
    "stage_changed",
    "ask_for",
    "gift_card",
    "repair",
    "replacement",
    "goodwill",
    "declined",
    "closed",
)
VALUES = {"stage": "our claims department", "documents": "receipt", "reference": "GC-1", "reason": "misuse"}
RECORDS = {"name": "Ada", "case": "WC-1", "amount": "5.00 EUR", "centre": "Delta"}


def envelope(**changed: str) -> Envelope:
    given = {"template": "closed", "recipient": "ada@mail.example", "subject": "Your case", "text": "Hello"}
    return Envelope.model_validate(given | changed)


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_can_be_written_and_names_the_case_in_its_subject(name: str) -> None:
    values = {blank: VALUES[blank] for blank in templates.blanks(name)}
    subject, text = templates.write(name, values, RECORDS)
    assert subject.endswith("[WC-1]")
    assert text.startswith("Hello Ada,")
    assert "$" not in text


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"documents": "receipt", "more": "x"},
        {"documents": "your password"},
        {"documents": ""},
        {"documents": "receipt\nBcc: all@world.example"},
        {"documents": "receipt, see https://evil.example/pay"},
        {"documents": "receipt" + " " * 200},
    ],
)
def test_values_that_do_not_fit_are_refused(values: dict[str, str]) -> None:
    assert not templates.fit("ask_for", values)
    with pytest.raises(templates.UnfitValues):
        templates.write("ask_for", values, RECORDS)


def test_what_is_asked_for_is_recognised_in_words_and_written_in_ours() -> None:
    asked = "a readable copy of the receipt and the serial number of the product"
    assert templates.asked_in(asked) == ("receipt", "serial")
    _, text = templates.write("ask_for", {"documents": asked}, RECORDS)
    assert templates.ASKABLE["receipt"] in text
    assert templates.ASKABLE["serial"] in text


def test_a_reason_is_a_code_and_the_customer_reads_a_sentence() -> None:
    _, text = templates.write("declined", {"reason": "out of warranty"}, RECORDS)
    assert templates.REASONS["out_of_warranty"] in text
    assert not templates.fit("declined", {"reason": "because we say so"})


@pytest.mark.parametrize("name", ["../../README", "nothing", "", "Acknowledge", "acknowledge.txt"])
def test_there_are_no_other_letters(name: str) -> None:
    assert not templates.known(name)
    assert not templates.fit(name, {})


@pytest.mark.parametrize(
    "value", ["click http://x", "www.pay.example", "mail me at a@b", "evil.com", "a\nb", "a\u2028b", "", " "]
)
def test_links_addresses_and_line_breaks_are_not_harmless(value: str) -> None:
    assert not templates.harmless(value)


@pytest.mark.parametrize(
    "address",
    ["a@b.example\r\nBcc: x@y.example", "a@b.example,c@d.example", "Ada <a@b.example>", "no address", "a@b@c", "ä@b.example", ""],
)
def test_only_one_plain_address_is_written_to(address: str) -> None:
    with pytest.raises(BadAddress):
        checked(address)


@given(st.text(), st.text(), st.text())
def test_no_text_ever_adds_a_header(name: str, subject: str, in_reply_to: str) -> None:
    message = message_of(envelope(name=name, subject=f"x{subject}", in_reply_to=in_reply_to), "d-1", SENDER)
    read = message_from_bytes(message.as_bytes(), policy=default)
    once = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Letter", "In-Reply-To", "References"}
    body = {"Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
    assert set(read.keys()) <= once | body
    assert len(read.keys()) == len(set(read.keys()))
    assert [str(address.addr_spec) for address in read["To"].addresses] == ["ada@mail.example"]


def test_a_letter_answers_the_customers_message_and_says_it_is_automatic() -> None:
    message = message_of(envelope(in_reply_to="<abc@mail.example>"), "d-1", SENDER)
    assert message["In-Reply-To"] == message["References"] == "<abc@mail.example>"
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["Message-ID"] == "<d-1@company.example>"


def test_a_forged_message_id_is_left_out() -> None:
    message = message_of(envelope(in_reply_to="<abc@mail.example>\r\nBcc: x@y.example"), "d-1", SENDER)
    assert "In-Reply-To" not in message
    assert message["Auto-Submitted"] == "auto-generated"


def test_a_letter_is_read_as_it_was_sent() -> None:
    sent = read_sent(message_of(envelope(name="Zoë Ångström"), "d-1", SENDER).as_bytes())
    assert (sent.recipient, sent.message_id) == ("ada@mail.example", "<d-1@company.example>")


def test_a_letter_without_end_is_refused() -> None:
    with pytest.raises(LetterTooLong):
        message_of(envelope(text="x" * 70_000), "d-1", SENDER)


@pytest.mark.parametrize("key", ["../../etc/passwd", "..", ".", "a/b", "a b", "", "x" * 300])
def test_a_key_never_leaves_the_outbox(key: str) -> None:
    assert "/" not in name_of(key)
    assert name_of(key).strip(".")
    assert len(name_of(key)) <= 120


def test_different_keys_have_different_names() -> None:
    assert len({name_of(key) for key in ("d-1", "d-2", "a/b", "a b")}) == 4
