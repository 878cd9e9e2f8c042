import base64
import io
import json
import os
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.documents.message import file_message
from baton.documents.store import MemoryStore
from baton.types.documents import Message

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
PDF = b"%PDF-1.4\n%%EOF"


def mail(text: str = "My toaster broke.", html: str = "", **headers: str) -> EmailMessage:
    made = EmailMessage()
    given = {
        "From": "Ann Lee <Ann.Lee@Example.com>",
        "To": "care@shop.example",
        "Subject": "Broken",
        "Message-ID": "<1@example.com>",
    }
    for name, value in {**given, "Date": "Thu, 14 Mar 2024 10:00:00 +0100", **headers}.items():
        if value:
            made[name.replace("_", "-")] = value
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    return made


class Desk:
    """Files mails and shows what came of them."""

    def __init__(self) -> None:
        self.store = MemoryStore()

    def file(self, made: EmailMessage | bytes, **how: int) -> Message:
        return file_message(bytes(made), self.store, **how)  # type: ignore[arg-type]  # limits only

    def text(self, made: EmailMessage | bytes) -> str:
        return self.store.read(self.file(made).body.id).decode()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_plain_mail_is_filed_whole(desk: Desk) -> None:
    made = mail(In_Reply_To="<0@shop.example>")
    made.add_attachment(PDF, maintype="application", subtype="pdf", filename="receipt.pdf")
    filed = desk.file(made)
    assert (filed.id, filed.sender, filed.recipient, filed.subject) == (
        "1@example.com",
        "ann.lee@example.com",
        "care@shop.example",
        "Broken",
    )
    assert filed.received == datetime(2024, 3, 14, 9, tzinfo=UTC)
    assert filed.in_reply_to == "0@shop.example"
    assert desk.store.read(filed.body.id) == b"My toaster broke."
    assert desk.store.read(filed.source.id) == bytes(made)
    assert [(one.name, one.media_type, desk.store.read(one.id)) for one in filed.attachments] == [
        ("receipt.pdf", "application/pdf", PDF)
    ]
    assert filed.problems == ()


def test_our_own_servers_time_counts_before_the_senders(desk: Desk) -> None:
    made = mail(Received="from a by b; Fri, 15 Mar 2024 08:00:00 +0000")
    assert desk.file(made).received == datetime(2024, 3, 15, 8, tzinfo=UTC)


def test_the_plain_text_is_read_where_html_says_the_same(desk: Desk) -> None:
    assert desk.text(mail("My toaster broke.", "<p>My <b>toaster</b> broke.</p>")) == "My toaster broke."


def test_an_html_only_mail_becomes_text_with_its_links(desk: Desk) -> None:
    made = mail()
    made.set_content("<p>See <a href='https://shop.example/1'>the order</a></p>", subtype="html")
    assert desk.text(made) == "See the order (https://shop.example/1)"


def test_an_empty_plain_part_gives_way_to_html(desk: Desk) -> None:
    assert desk.text(mail(" \n", "<p>My toaster broke.</p>")) == "My toaster broke."


def test_a_picture_inside_the_html_is_an_attachment(desk: Desk) -> None:
    made = mail("See the picture.", "<p>See <img src='cid:a'></p>")
    made.get_payload()[1].add_related(PNG, "image", "png", cid="<a>", filename="crack.png")  # type: ignore[union-attr,index]
    filed = desk.file(made)
    assert [one.name for one in filed.attachments] == ["crack.png"]
    assert desk.text(made) == "See the picture."


def test_what_is_attached_to_a_forwarded_mail_is_filed_too(desk: Desk) -> None:
    inner = mail("Your order.", Subject="Order 7")
    inner.add_attachment(PDF, maintype="application", subtype="pdf", filename="invoice.pdf")
    outer = mail("See below.")
    outer.add_attachment(inner)
    filed = desk.file(outer)
    assert [(one.media_type, one.name) for one in filed.attachments][1] == ("application/pdf", "invoice.pdf")
    assert b"Your order." in desk.store.read(filed.attachments[0].id)
    assert filed.attachments[0].media_type == "message/rfc822"
    assert desk.store.read(filed.body.id) == b"See below."


def test_the_content_decides_the_type_and_a_wrong_claim_is_told(desk: Desk) -> None:
    made = mail()
    made.add_attachment(PNG, maintype="application", subtype="pdf", filename="receipt.pdf")
    filed = desk.file(made)
    assert filed.attachments[0].media_type == "image/png"
    assert filed.problems == ("attachment `receipt.pdf` calls itself a PDF but is a PNG picture",)


def test_an_archive_is_filed_and_never_opened(desk: Desk) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(20_000_000))
    made = mail()
    made.add_attachment(out.getvalue(), maintype="application", subtype="zip", filename="receipts.zip")
    filed = desk.file(made)
    assert filed.attachments[0].size == len(out.getvalue())
    assert filed.problems == ("attachment `receipts.zip` is a ZIP archive and was not opened: ask for the files themselves",)


def test_a_program_is_told(desk: Desk) -> None:
    made = mail()
    made.add_attachment(b"MZ\x90\0", maintype="application", subtype="pdf", filename="receipt.pdf.exe")
    assert "is a program" in desk.file(made).problems[0]


def test_a_file_over_the_limit_is_not_filed(desk: Desk) -> None:
    made = mail()
    made.add_attachment(bytes(26_000_000), maintype="video", subtype="mp4", filename="toaster.mp4")
    made.add_attachment(PNG, maintype="image", subtype="png", filename="crack.png")
    filed = desk.file(made)
    assert [one.name for one in filed.attachments] == ["crack.png"]
    assert filed.problems == ("attachment `toaster.mp4` (26 MB) is larger than 25 MB and was not filed: ask for a smaller one",)


def test_attachments_over_the_limit_together_are_filed_until_it_is_reached(desk: Desk) -> None:
    made = mail()
    for number in range(3):
        made.add_attachment(PNG + bytes([number]) * 900, maintype="image", subtype="png", filename=f"{number}.png")
    filed = desk.file(made, most_a_message=2500)
    assert [one.name for one in filed.attachments] == ["0.png", "1.png"]
    assert "`2.png`" in filed.problems[0]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\receipt.pdf", "receipt.pdf"),
        ("receipt\u202efdp.exe", "receipt fdp.exe"),
        ("a\x00b.pdf", "a b.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("..", "attachment 1"),
        ("Quittung für Ann.pdf", "Quittung für Ann.pdf"),
    ],
)
def test_file_names_are_made_harmless(desk: Desk, said: str, kept: str) -> None:
    made = mail()
    made.add_attachment(PDF, maintype="application", subtype="pdf", filename=said)
    assert desk.file(made).attachments[0].name == kept


def test_a_mail_without_headers_is_filed_and_the_lack_is_told(desk: Desk) -> None:
    filed = desk.file(b"\n\nMy toaster broke.\n")
    assert filed.id.startswith("sha256:")
    assert filed.problems == ("the message does not say who sent it",)
    assert filed.received.tzinfo is not None


def test_an_empty_mail_says_so(desk: Desk) -> None:
    assert "the message has no text" in desk.file(b"").problems
    assert "the message has no text" in desk.file(mail("")).problems


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Content-Type: text/plain; charset=utf-8\n\nGr\xfc\xdfe", "Grüße"),
        (b"Content-Type: text/plain; charset=nonsense\n\nGr\xc3\xbc\xc3\x9fe", "Grüße"),
        (b"Content-Type: text/plain; charset=iso-8859-1\n\nGr\xfc\xdfe", "Grüße"),
        (b"Content-Type: text/plain; charset=zlib\n\nhello", "hello"),
        (b"Content-Type: text/plain; charset=punycode\n\nhello", "hello"),
        (b"Content-Transfer-Encoding: base64\n\n!!!aGVsbG8=", "hello"),
        (b"Content-Transfer-Encoding: quoted-printable\n\nhel=6Co=", "hello"),
        (b"Content-Type: multipart/mixed\n\nno boundary at all", "no boundary at all"),
        (b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nnever closed", "never closed"),
        (b"Content-Type: ;;;\n\nhello", "hello"),
    ],
)
def test_a_badly_written_text_is_still_read(desk: Desk, raw: bytes, text: str) -> None:
    assert desk.text(b"From: a@b.example\n" + raw) == text


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        (b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"Subject: =?utf-8?b?broken", "=?utf-8?b?broken"),
        (b"Subject: =?nonsense?q?hello?=", "hello"),
        (b"Subject: raw Gr\xfc\xdfe", "raw Grüße"),
        (b"Subject: raw Gr\xc3\xbc\xc3\x9fe", "raw Grüße"),
        (b"Subject: two\n lines", "two lines"),
        (b"Subject: " + b"x" * 5000, "x" * 500),
    ],
)
def test_a_badly_written_subject_is_still_read(desk: Desk, header: bytes, subject: str) -> None:
    assert desk.file(header + b"\n\nhello").subject == subject


@pytest.mark.parametrize("sender", ["", "nobody", "<>", "Ann Lee", "@", "a@b@c <", "=?utf-8?q?=40?=", "(((((", '"a'])
def test_a_sender_that_is_no_address_is_told(desk: Desk, sender: str) -> None:
    filed = desk.file(f"From: {sender}\n\nhello".encode())
    assert bool(filed.sender) != ("the message does not say who sent it" in filed.problems)


def test_a_damaged_attachment_is_told(desk: Desk) -> None:
    head = b"From: a@b.example\nContent-Type: image/png; name=a.png\nContent-Disposition: attachment; filename=a.png\n"
    filed = desk.file(head + b"Content-Transfer-Encoding: base64\n\n" + base64.b64encode(PNG)[:-3])
    assert filed.problems[0] == "attachment `a.png` was damaged on its way: ask for it again"


def test_a_mail_nested_a_thousand_deep_is_filed(desk: Desk) -> None:
    raw = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1000))
    filed = desk.file(b"From: a@b.example\nSubject: deep\n" + raw + b"\nhello")
    assert (filed.sender, filed.subject) == ("a@b.example", "deep")
    assert "built so badly" in filed.problems[0]
    assert b"hello" in desk.store.read(filed.body.id)


@given(st.binary(max_size=400))
def test_no_bytes_whatever_stop_the_filing(raw: bytes) -> None:
    assert file_message(raw, MemoryStore()).source.size == len(raw)


HEADS = [
    "From",
    "To",
    "Date",
    "Subject",
    "Message-ID",
    "References",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Content-Disposition",
]
PIECES = [
    "multipart/mixed; boundary=x",
    "message/rfc822",
    "text/html; charset=",
    "base64",
    "=?utf-8?b?",
    "attachment; filename*=utf-8''",
    '"',
    ";",
]


@given(
    st.lists(st.tuples(st.sampled_from(HEADS), st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=4))),
    st.text(max_size=80),
)
def test_no_headers_whatever_stop_the_filing(heads: list[tuple[str, list[str]]], body: str) -> None:
    raw = "".join(f"{name}: {''.join(pieces)}\n" for name, pieces in heads) + f"\n--x\n{body}\n--x--"
    filed = file_message(raw.encode("utf-8", "replace"), MemoryStore())
    filed.model_dump_json()


def test_real_mails_are_filed_without_loss() -> None:
    data = Path(os.environ.get("BATON_DATA", "no data")) / "spamassassin_emails" / "items.jsonl"
    if not data.exists():
        pytest.skip("real mails are not here: set BATON_DATA to the folder that holds `spamassassin_emails`")
    store = MemoryStore()
    with data.open() as lines:
        filed = [file_message(json.loads(line)["raw_message"].encode(), store) for line in lines]
    assert len(filed) > 1000
    assert all(one.sender and one.subject is not None and 2000 < one.received.year < 2005 for one in filed)
    assert sum("the message has no text" in one.problems for one in filed) <= 3
