"""The sample receipts are work for OCR, and what a person sees on them can be read."""

import io
from datetime import date

import pypdfium2
import pytest

from baton.documents.images import frames_of
from baton.documents.ocr import read_picture
from samples.attachments import attached
from samples.paper import picture_of
from samples.records import Sales
from samples.slip import slip_for
from samples.story import Receipt, Story, load_stories

TODAY = date(2031, 3, 3)
STORIES = load_stories()
READABLE = [
    pytest.param(story, receipt, id=receipt.name)
    for story in STORIES
    for receipt in (*story.attachments, *(story.reply.attachments if story.reply else ()))
    if isinstance(receipt, Receipt) and receipt.blur < 10
]


def named(start: str) -> Story:
    return next(story for story in STORIES if story.name.startswith(start))


def test_a_scanned_receipt_is_work_for_ocr_and_yet_readable() -> None:
    story = named("16")
    [spec] = story.attachments
    assert isinstance(spec, Receipt)
    assert unread(story, spec) == []


def test_nothing_can_be_read_from_the_blurred_receipt() -> None:
    story = named("11")
    text = text_of(attached(story.attachments[0], story.order, Sales(TODAY)).content)
    assert "139" not in text
    assert "Wrenfield" not in text


@pytest.mark.long
@pytest.mark.parametrize(("story", "spec"), READABLE)
def test_total_date_seller_and_receipt_number_can_be_read(story: Story, spec: Receipt) -> None:
    assert unread(story, spec) == []


def unread(story: Story, spec: Receipt) -> list[str]:
    """What a person sees on the receipt and the text read from it lacks."""
    sales = Sales(TODAY)
    order = spec.order or story.order
    assert order is not None
    sale = sales.of(order)
    slip = slip_for(sale, sales.buyer(sale), spec)
    text = squeezed(text_of(attached(spec, order, sales).content))
    wanted = (slip.seller.name, slip.number, slip.date, slip.money(slip.total), sale.serial, f"{slip.sold:%H:%M}")
    return [value for value in wanted if squeezed(value) not in text]


def text_of(content: bytes) -> str:
    if not content.startswith(b"%PDF"):
        return read_picture(next(frames_of(content))).text
    return text_layer(content) or read_picture(picture_of(content, 1275)).text


def text_layer(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        return str(document[0].get_textpage().get_text_bounded())


def squeezed(text: str) -> str:
    return "".join(text.lower().split())
