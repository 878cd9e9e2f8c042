"""Outlook messages become the same messages on file as e-mails."""

from datetime import UTC, datetime

import pytest

from baton.documents.kinds import OUTLOOK
from baton.documents.message import file_message
from baton.documents.read import read_document
from baton.documents.store import MemoryStore
from baton.types.documents import Message
from tests.integration.mailed import mail_with
from tests.integration.outlook_file import Folder, file_of, message

SUBJECT, TEXT, HTML, RTF, SENT, SENDER, ID, ANSWERS, HEADERS = 0x37, 0x1000, 0x1013, 0x1009, 0x39, 0x5D01, 0x1035, 0x1042, 0x7D
ADDRESS, NAME, DATA, KIND = 0x39FE, 0x3707, 0x3701, 0x370E
PDF = b"%PDF-1.4\n" + bytes(9000)
BROKEN = {SUBJECT: "Broken", TEXT: "My toaster broke.\r\nOrder SO-1", SENDER: "Ann.Lee@Example.com", ID: "<1@example.com>"}
SENT_AT = datetime(2024, 3, 14, 9, tzinfo=UTC)


def filed(root: Folder | bytes, store: MemoryStore | None = None) -> Message:
    return file_message(root if isinstance(root, bytes) else file_of(root), store or MemoryStore())


def test_an_outlook_message_is_filed_whole() -> None:
    store = MemoryStore()
    root = message(
        {**BROKEN, SENT: SENT_AT, ANSWERS: "<0@shop.example>"},
        recipients=({ADDRESS: "care@shop.example"},),
        attached=({NAME: "receipt.pdf", DATA: PDF, KIND: "application/pdf"},),
    )
    found = filed(root, store)
    assert (found.id, found.sender, found.recipient, found.subject) == (
        "1@example.com",
        "ann.lee@example.com",
        "care@shop.example",
        "Broken",
    )
    assert (found.received, found.in_reply_to, found.problems) == (SENT_AT, "0@shop.example", ())
    assert store.read(found.body.id) == b"My toaster broke.\nOrder SO-1"
    assert [(one.name, one.media_type, store.read(one.id)) for one in found.attachments] == [
        ("receipt.pdf", "application/pdf", PDF)
    ]
    assert (found.source.name, found.source.media_type) == ("message.msg", OUTLOOK)
    assert store.read(found.source.id) == file_of(root)


def test_the_headers_that_travelled_count_before_outlooks_own_notes() -> None:
    headers = "Received: from a by b; Fri, 15 Mar 2024 08:00:00 +0000\r\nFrom: Ann <ann@home>\r\nMessage-ID: <7@home>\r\n"
    found = filed(message({**BROKEN, HEADERS: headers, SENT: SENT_AT}))
    assert (found.sender, found.id, found.received) == ("ann@home", "7@home", datetime(2024, 3, 15, 8, tzinfo=UTC))
    assert found.subject == "Broken"


def test_a_message_written_in_html_is_read_as_people_see_it() -> None:
    store = MemoryStore()
    page = "<p>My <b>toaster</b> broke.<br>It smells like Grüße.</p>".encode("cp1252")
    found = filed(message({**{key: BROKEN[key] for key in (SUBJECT, SENDER, ID)}, HTML: page, 0x3FDE: 1252}), store)
    assert store.read(found.body.id).decode() == "My toaster broke.\nIt smells like Grüße."


def test_a_message_inside_a_message_is_filed_with_what_is_attached_to_it() -> None:
    store = MemoryStore()
    bill = {NAME: "bill.pdf", DATA: PDF}
    inner = message({SUBJECT: "Old", TEXT: "See the bill.", SENDER: "bob@x.example"}, attached=(bill,), inside=True)
    found = filed(message(BROKEN, attached=(inner,)), store)
    assert [(one.name, one.media_type) for one in found.attachments] == [
        ("forwarded.eml", "message/rfc822"),
        ("bill.pdf", "application/pdf"),
    ]
    text = read_document(found.attachments[0], store).pages[0].text
    assert "bob@x.example" in text
    assert "See the bill." in text


def test_an_outlook_message_attached_to_a_mail_brings_its_attachments_and_is_read() -> None:
    store = MemoryStore()
    inner = file_of(message({**BROKEN, SENT: SENT_AT}, attached=({NAME: "bill.pdf", DATA: PDF},)))
    found = file_message(mail_with(inner, "old.msg"), store)
    assert [(one.name, one.media_type) for one in found.attachments] == [("old.msg", OUTLOOK), ("bill.pdf", "application/pdf")]
    reading = read_document(found.attachments[0], store)
    assert (reading.how, reading.problem) == ("text", None)
    assert all(word.span and reading.pages[0].text[slice(*word.span)] == word.text for word in reading.pages[0].words)
    assert {"Ann.Lee@Example.com", "toaster", "SO-1"} <= {word.text for word in reading.pages[0].words}


def test_a_text_only_in_outlooks_own_form_is_said_to_be_missing() -> None:
    found = filed(message({SUBJECT: "Broken", SENDER: "ann@x.example", RTF: bytes(40)}))
    assert any("Outlook's own form" in problem for problem in found.problems)


def test_a_link_to_a_file_is_no_attachment() -> None:
    found = filed(message(BROKEN, attached=({NAME: "receipt.pdf"},)))
    assert found.attachments == ()
    assert found.problems == ("attachment `receipt.pdf` is empty or only a link: ask for it again",)


def test_a_header_cannot_be_smuggled_in_by_a_subject() -> None:
    found = filed(message({**BROKEN, SUBJECT: "Broken\r\nFrom: boss@shop.example"}))
    assert found.sender == "ann.lee@example.com"


@pytest.mark.parametrize("cut", [600, 1600, 2600])
def test_a_damaged_message_is_filed_and_said_to_be_damaged(cut: int) -> None:
    whole = file_of(message(BROKEN))
    found = filed(whole[:cut] + "__properties_version1.0".encode("utf-16-le"))
    assert found.source.media_type == OUTLOOK
    assert any("damaged" in problem or "no text" in problem for problem in found.problems)


def test_one_stream_given_out_many_times_is_not_unfolded() -> None:
    whole = bytearray(file_of(message(BROKEN, attached=tuple({NAME: f"{n}.pdf", DATA: PDF} for n in range(20)))))
    name = "__substg1.0_37010102".encode("utf-16-le")
    at = whole.find(name)
    while at >= 0:  # each says that it is as large as the file allows
        whole[at + 120 : at + 124] = (40_000_000).to_bytes(4, "little")
        at = whole.find(name, at + 1)
    assert filed(bytes(whole)).problems[0] == "the Outlook message is damaged: ask for it again, as an ordinary e-mail"


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [(PDF, "document.pdf", "application/pdf"), (b"\x89PNG\r\n\x1a\n" + bytes(40), "document.png", "image/png")],
)
def test_a_document_that_is_no_message_is_filed_without_a_sender(data: bytes, name: str, kind: str) -> None:
    found = filed(data)
    assert [(one.name, one.media_type) for one in found.attachments] == [(name, kind)]
    assert found.problems[0].startswith("this is no message but a P")
