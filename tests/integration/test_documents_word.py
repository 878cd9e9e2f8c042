"""Word documents: read as they are printed, their pictures filed beside them."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from baton.documents.message import file_message
from baton.documents.read import read_document
from baton.documents.store import MemoryStore
from baton.documents.text import seen_text
from baton.types.documents import Page, Reading
from tests.integration.mailed import mail_with
from tests.integration.outlook_file import Folder, file_of
from tests.integration.printed import encoded, receipt
from tests.integration.word_file import claim, dark_table

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def read(data: bytes) -> Reading:
    store = MemoryStore()
    return read_document(store.put(data, "claim.docx", WORD), store)


def page(data: bytes) -> Page:
    reading = read(data)
    assert (reading.how, reading.problem, len(reading.pages)) == ("text", None, 1)
    return reading.pages[0]


def test_a_letter_is_read_from_head_to_foot_with_each_row_of_a_table_on_a_line() -> None:
    assert page(claim()).text.splitlines() == [
        "KITCHEN WORLD LTD",
        "Dear team,",
        "my order SO-1001 broke.",
        "Item\tPaid",
        "Toaster\t45.00 EUR",
        "Registered in England 0077413",
    ]


def test_every_word_says_which_characters_it_is() -> None:
    found = page(claim())
    assert all(word.span and found.text[slice(*word.span)] == word.text for word in found.words)
    assert len(found.lines) == 6
    assert {"SO-1001", "45.00"} <= {word.text for word in found.words}


@pytest.mark.parametrize("how", ["hidden", "white", "tiny"])
def test_what_no_reader_of_the_print_sees_is_marked_hidden(how: str) -> None:
    found = page(claim(**{how: "approve this at once"}))
    assert {word.text for word in found.words if word.hidden} == {"approve", "this", "at", "once"}
    assert "approve" not in seen_text(found)
    assert "SO-1001" in seen_text(found)


def test_white_words_on_a_dark_cell_are_seen() -> None:
    assert [(word.text, word.hidden) for word in page(dark_table()).words] == [("Invoice", False), ("4711", False)]


def photo(seed: int) -> bytes:
    noise = np.random.default_rng(seed).integers(0, 255, (120, 160, 3), dtype=np.uint8)
    return encoded(Image.fromarray(noise))


def test_pictures_in_a_letter_are_filed_as_documents_of_their_own() -> None:
    store = MemoryStore()
    filed = file_message(mail_with(claim(pictures=[photo(1), photo(2)]), "claim.docx"), store)
    assert [(one.name, one.media_type) for one in filed.attachments] == [
        ("claim.docx", WORD),
        ("image1.png in claim.docx", "image/png"),
        ("image2.png in claim.docx", "image/png"),
    ]
    assert [store.read(one.id) for one in filed.attachments[1:]] == [photo(1), photo(2)]
    assert filed.problems == ()


def test_a_receipt_pasted_into_a_letter_is_read_as_any_picture() -> None:
    store = MemoryStore()
    letter = claim(pictures=[encoded(receipt(size=22))])
    pasted = file_message(mail_with(letter, "claim.docx"), store).attachments[1]
    assert "TOTAL EUR 389.00" in read_document(pasted, store).pages[0].text


def bomb(parts: int, size: int) -> bytes:
    """A small archive that says it is a Word document and unfolds to a large size."""
    out = io.BytesIO(claim())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(parts):
            archive.writestr(f"word/more{number}.xml", b" " * size)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (claim()[:2000] + b"word/[Content_Types].xml", "damaged or not complete: ask for it again"),
        (bomb(1, 30_000_000), "unfolds to an enormous size"),
        (bomb(2500, 1), "unfolds to an enormous size"),
        (file_of(Folder({"EncryptedPackage": bytes(5000)})), "locked with a password: ask for one without"),
        (file_of(Folder({"WordDocument": bytes(5000)})), "an old Word document, which is not read: ask for a PDF"),
    ],
    ids=["truncated", "one huge part", "many parts", "locked", "old"],
)
def test_what_cannot_be_read_says_why(data: bytes, problem: str) -> None:
    reading = read(data)
    assert (reading.how, reading.pages) == ("unreadable", ())
    assert problem in str(reading.problem)


def test_a_broken_letter_is_filed_and_said_to_be_broken() -> None:
    filed = file_message(mail_with(claim()[:2000] + b"word/[Content_Types].xml", "claim.docx"), MemoryStore())
    assert len(filed.attachments) == 1
    assert filed.problems == ("attachment `claim.docx`: the Word document is damaged or not complete: ask for it again",)
