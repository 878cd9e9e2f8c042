"""Reading by eye; each picture is read once, because reading is slow."""

import io
import json
import os
import struct
import subprocess
import sys
import zlib
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from baton.documents.photos import SAME_PHOTO, distance, is_photo_of_text, perceptual_hash
from baton.documents.read import read_document
from baton.documents.store import MemoryStore
from baton.types.documents import Page, Reading, Word
from tests.integration.printed import RECEIPT, encoded, receipt, scanned

HEIC = Path(__file__).parents[1] / "data" / "receipt.heic"
LINES = [" ".join(line.split()) for line in RECEIPT]


@cache
def read(data: bytes) -> Reading:
    store = MemoryStore()
    return read_document(store.put(data, "receipt", "application/octet-stream"), store)


def page(data: bytes) -> Page:
    reading = read(data)
    assert (reading.how, reading.problem, len(reading.pages)) == ("ocr", None, 1)
    return reading.pages[0]


def middle(words: tuple[Word, ...], text: str) -> tuple[float, float]:
    polygon = next(word.polygon for word in words if word.text == text)
    across, down = zip(*polygon, strict=True)
    return sum(across) / 4, sum(down) / 4


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "GIF"])
def test_every_kind_of_picture_is_read(kind: str) -> None:
    assert page(encoded(receipt(RECEIPT[6:7], size=22), kind)).text.splitlines() == LINES[6:7]


def test_a_picture_from_a_phone_is_read() -> None:
    # written once with libheif and x265 from this very receipt: the libraries here only decode HEIC
    assert page(HEIC.read_bytes()).text.splitlines() == LINES


def test_a_noisy_scan_is_read() -> None:
    found = page(encoded(scanned(receipt(), skew=0.0), "JPEG", quality=60)).text.splitlines()
    assert "TOTAL EUR 389.00" in found
    assert "Serial number EM500-77413" in found


@pytest.mark.parametrize(
    ("quarters", "skew", "turned"), [(1, 0, 90), (2, 0, 180), (3, 0, -90), (0, 3, -3), (0, -6, 6), (1, 4, 86), (2, -4, -176)]
)
def test_a_crooked_page_is_read_upright_and_its_boxes_lie_where_the_words_are(quarters: int, skew: float, turned: float) -> None:
    # drawn lying `quarters` counterclockwise and `skew` degrees clockwise
    paper = scanned(receipt(size=24), skew=skew).rotate(90 * quarters, expand=True)
    found = page(encoded(paper))
    assert found.text.splitlines() == LINES
    assert abs((found.turned - turned + 180) % 360 - 180) < 1
    assert (int(found.width), int(found.height)) == paper.size
    for text in ("KITCHEN", "TOTAL", "purchase"):
        assert _is_on_ink(paper, next(word for word in found.words if word.text == text))


def _is_on_ink(paper: Image.Image, word: Word) -> bool:
    """There is as much ink within the word's polygon as letters have; paper has none."""
    points = [(x * paper.width, y * paper.height) for x, y in word.polygon]
    inside = Image.new("L", paper.size)
    ImageDraw.Draw(inside).polygon(points, fill=255)
    within = np.asarray(paper.convert("L"))[np.asarray(inside) > 0]
    return bool((within < 120).mean() > 0.05)


def test_the_camera_that_lay_on_its_side_is_believed() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: show it a quarter clockwise
    sideways = receipt(size=22).rotate(90, expand=True)
    found = page(encoded(sideways, "JPEG", exif=exif, quality=90))
    assert found.text.splitlines() == LINES
    assert abs(found.turned) < 1


def test_words_carry_places_spans_and_confidence() -> None:
    found = page(encoded(receipt(size=22)))
    assert all(found.text[slice(*word.span)] == word.text for word in found.words if word.span)
    assert all(0 <= x <= 1 and 0 <= y <= 1 for word in found.words for x, y in word.polygon)
    assert all(len(word.polygon) == 4 and word.confidence > 0.7 for word in found.words)
    assert [word.text for word in found.words] == " ".join(LINES).split()
    total, amount = middle(found.words, "TOTAL"), middle(found.words, "389.00")
    assert total[0] < amount[0]


def test_every_page_of_a_scan_is_read() -> None:
    out = io.BytesIO()
    receipt(RECEIPT[:2]).save(out, "TIFF", save_all=True, append_images=[receipt(RECEIPT[6:])])
    assert [found.text.splitlines() for found in read(out.getvalue()).pages] == [LINES[:2], LINES[6:]]


OTHER = (
    *("GARDEN & HOME", "4 Mill Lane, Leeds", "Bill 99120", "Date 02/01/2024", "Hose 20 m      24.50", "Tap connector    3.20"),
    *("Gloves     6.00", "TOTAL EUR   33.70", "Come again soon"),
)
OTHER_LINES = [" ".join(line.split()) for line in OTHER]
TABLE, LID = (90, 70, 50), (255, 255, 255)


def together(ground: tuple[int, int, int], *, stacked: bool = False, lower: int = 0) -> Image.Image:
    """Two receipts photographed in one go, beside each other or one below the other."""
    first, second, gap = receipt(size=22), receipt(OTHER, size=20), 60
    place = (gap, first.height + 2 * gap) if stacked else (first.width + 2 * gap, gap + lower)
    paper = Image.new(
        "RGB", (max(first.width, place[0] + second.width) + gap, max(first.height, place[1] + second.height) + gap), ground
    )
    paper.paste(first, (gap, gap))
    paper.paste(second, place)
    return paper


@pytest.mark.parametrize(
    "picture",
    [
        together(TABLE, lower=37),
        together(LID, lower=37),
        together(TABLE, stacked=True),
        scanned(together(TABLE), skew=3),
        together(TABLE, lower=37).rotate(90, expand=True),
    ],
    ids=["on a table", "in a scanner", "one below the other", "askew", "on their side"],
)
def test_two_receipts_on_one_picture_do_not_run_into_each_other_and_are_told_of(picture: Image.Image) -> None:
    reading = read(encoded(picture))
    assert reading.problem == ("the picture shows 2 papers, and what was read may stand on either: ask for a picture of each")
    assert reading.pages[0].papers == 2
    assert reading.pages[0].text.splitlines() == LINES + OTHER_LINES


def test_a_receipt_with_a_column_of_prices_is_one_paper() -> None:
    paper = Image.new("RGB", (1100, 700), "white")
    names = receipt(tuple(line.rsplit("  ", 1)[0] for line in OTHER), size=22)
    prices = receipt(tuple(line.rsplit("  ", 1)[-1] for line in OTHER), size=22)
    paper.paste(names, (0, 0))
    paper.paste(prices, (560, 0))
    assert page(encoded(paper)).papers == 1


def test_wide_empty_margins_do_not_shrink_the_letters() -> None:
    paper = Image.new("RGB", (3800, 5200), "white")
    paper.paste(receipt(size=30), (2900, 4300))
    found = page(encoded(paper))
    assert found.text.splitlines() == LINES
    across, down = middle(found.words, "TOTAL")
    assert across > 0.75
    assert down > 0.8


def test_a_lonely_mark_far_from_the_text_is_read_too() -> None:
    paper = Image.new("RGB", (900, 1400), "white")
    paper.paste(receipt(size=22), (20, 700))
    paper.paste(receipt(("7",), size=30), (700, 20))
    assert page(encoded(paper)).text.splitlines() == ["7", *LINES]


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it unfolds to this size."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head)) + bytes(4) + b"IDAT" + bytes(4)
    )


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (encoded(receipt(), "JPEG")[:9000], "damaged or not complete"),
        (encoded(receipt(), "PNG")[:200], "damaged or not complete"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "cannot be opened"),
        (HEIC.read_bytes()[:2000], "damaged or not complete"),
        (claiming(30_000, 30_000), "enormous size"),
        (claiming(12_000, 11_000), "12000 x 11000 points"),
        (encoded(Image.new("RGB", (1, 1))), "only 1 x 1 points"),
    ],
    ids=["cut JPEG", "cut PNG", "no picture", "cut HEIC", "bomb", "too large", "a dot"],
)
def test_a_picture_that_cannot_be_read_says_why(data: bytes, problem: str) -> None:
    reading = read(data)
    assert (reading.how, reading.pages) == ("unreadable", ())
    assert problem in str(reading.problem)


def test_a_white_page_has_no_words() -> None:
    reading = read(encoded(Image.new("RGB", (400, 600), "white")))
    assert (reading.how, reading.pages[0].words, reading.problem) == ("ocr", (), "no text was found in the document")


def test_a_receipt_is_a_text_and_a_broken_thing_is_a_photo() -> None:
    assert is_photo_of_text(read(encoded(receipt(size=22))))
    assert not is_photo_of_text(read(encoded(_thing(), "JPEG")))


def test_the_same_photo_is_known_again() -> None:
    thing = _thing()
    known = perceptual_hash(encoded(thing, "PNG"))
    smaller = thing.resize((300, 225))
    brighter = thing.point(lambda value: min(int(value * 1.1), 255))
    for again in (encoded(thing, "JPEG", quality=40), encoded(smaller, "JPEG"), encoded(brighter, "WEBP")):
        assert distance(known, perceptual_hash(again)) <= SAME_PHOTO
    assert distance(known, perceptual_hash(encoded(_thing(mirrored=True)))) > SAME_PHOTO
    assert distance(known, perceptual_hash(HEIC.read_bytes())) > SAME_PHOTO


def _thing(mirrored: bool = False) -> Image.Image:
    """A cracked grey box with a type plate."""
    photo = Image.linear_gradient("L").resize((800, 600)).convert("RGB")
    draw = ImageDraw.Draw(photo)
    draw.rounded_rectangle((150, 120, 620, 520), 40, fill=(120, 124, 130))
    draw.ellipse((480, 160, 590, 270), fill=(40, 40, 46))
    draw.line((200, 150, 320, 300, 280, 380, 420, 500), fill=(10, 10, 10), width=9)
    photo.paste(receipt(("EM-500",), size=20).resize((180, 60)), (400, 430))
    return photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else photo


@pytest.mark.long
def test_real_receipts_are_read() -> None:
    data = Path(os.environ.get("BATON_DATA", "no data")) / "sroie_receipts"
    if not data.exists():
        pytest.skip("real receipts are not here: set BATON_DATA to the folder that holds `sroie_receipts`")
    # in a process of its own: memory is measured too
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.ocr", "--data", data, "--limit", "15"], capture_output=True, check=True
    )
    figures = json.loads(told.stdout)
    assert figures["word_recall"] > 0.92
    assert figures["peak_mb"] < 1000
