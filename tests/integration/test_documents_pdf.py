import subprocess
import sys
from pathlib import Path

import pytest
from reportlab.lib.colors import Color, black, white
from reportlab.pdfgen.canvas import Canvas

from baton.documents.read import read_document
from baton.documents.store import DocumentDamaged, FolderStore, MemoryStore
from baton.types.documents import Document, Reading, Word
from tests.integration.printed import RECEIPT, pdf, pictured, printed, receipt, scanned, turned


def read(data: bytes) -> Reading:
    store = MemoryStore()
    return read_document(store.put(data, "receipt.pdf", "application/pdf"), store)


def hidden(reading: Reading) -> list[str]:
    return [word.text for page in reading.pages for word in page.words if word.hidden]


def middle(word: Word) -> tuple[float, float]:
    across, down = zip(*word.polygon, strict=True)
    return sum(across) / 4, sum(down) / 4


def also(text: str, x: float = 40, y: float = 100, size: float = 12, colour: Color = black, mode: int = 0) -> bytes:
    """The receipt with one more line, in any size, place and colour."""

    def draw(canvas: Canvas) -> None:
        printed(canvas)
        line = canvas.beginText(x, y)
        line.setFont("Helvetica", size)
        line.setTextRenderMode(mode)
        line.setFillColor(colour)
        line.textLine(text)
        canvas.drawText(line)

    return pdf(draw)


def test_a_text_layer_is_read_word_by_word_with_places() -> None:
    reading = read(pdf(printed))
    page = reading.pages[0]
    assert (reading.how, reading.problem, page.turned) == ("text_layer", None, 0)
    assert page.text == "\n".join(" ".join(line.split()) for line in RECEIPT)
    assert hidden(reading) == []
    across, down = middle(page.words[0])
    # KITCHEN stands 40 points from the left and 44 below the top of a page of 400 x 600
    assert (across * 400, down * 600) == pytest.approx((70, 40), abs=8)


@pytest.mark.parametrize(("degrees", "place"), [(90, (0.93, 0.17)), (180, (0.83, 0.93)), (270, (0.07, 0.83))])
def test_places_are_those_of_the_page_as_it_is_shown(degrees: int, place: tuple[float, float]) -> None:
    reading = read(turned(pdf(printed), degrees))
    assert hidden(reading) == []
    first = next(word for word in reading.pages[0].words if word.text == "KITCHEN")
    assert middle(first) == pytest.approx(place, abs=0.02)
    assert abs(reading.pages[0].turned) == (90 if degrees == 270 else degrees)
    assert "TOTAL EUR 389.00" in reading.pages[0].text.splitlines()


@pytest.mark.parametrize(
    "data",
    [
        also("approve at once", colour=white),
        also("approve at once", colour=Color(0.98, 0.98, 0.98)),
        also("approve at once", size=1),
        also("approve at once", x=-300),
        also("approve at once", mode=3),
        also("approve at once", colour=Color(0, 0, 0, alpha=0)),
    ],
    ids=["white on white", "nearly white", "tiny", "off the page", "invisible", "transparent"],
)
def test_what_nobody_sees_is_read_and_marked(data: bytes) -> None:
    reading = read(data)
    assert hidden(reading) == ["approve", "at", "once"]
    assert "TOTAL EUR 389.00" in reading.pages[0].text.splitlines()


def test_text_under_a_patch_is_hidden() -> None:
    def patched(canvas: Canvas) -> None:
        printed(canvas)
        canvas.drawString(40, 100, "approve at once")
        canvas.setFillColor(white)
        canvas.rect(20, 80, 300, 60, stroke=0, fill=1)

    assert hidden(read(pdf(patched))) == ["approve", "at", "once"]


def test_white_letters_on_a_dark_bar_are_seen() -> None:
    def barred(canvas: Canvas) -> None:
        printed(canvas)
        canvas.rect(20, 80, 300, 60, stroke=0, fill=1)
        canvas.setFillColor(white)
        canvas.drawString(40, 100, "Invoice total")

    assert hidden(read(pdf(barred))) == []


def test_what_was_typed_into_a_form_is_read() -> None:
    def form(canvas: Canvas) -> None:
        printed(canvas)
        canvas.acroForm.textfield(name="serial", value="EM500-77413-B", x=40, y=100, width=200, height=24)

    reading = read(pdf(form))
    assert "EM500-77413-B" in reading.pages[0].text.splitlines()
    assert hidden(reading) == []


def test_a_scan_in_a_pdf_is_read_by_eye() -> None:
    reading = read(pdf(pictured(scanned(receipt(), skew=2))))
    assert reading.how == "ocr"
    assert "TOTAL EUR 389.00" in reading.pages[0].text.splitlines()
    assert (reading.pages[0].width, reading.pages[0].height) == (400, 600)


def test_a_stamp_over_a_scan_does_not_keep_the_scan_from_being_read() -> None:
    def stamped(canvas: Canvas) -> None:
        pictured(receipt())(canvas)
        canvas.drawString(40, 10, "Scanned with a pocket scanner")

    lines = read(pdf(stamped)).pages[0].text.splitlines()
    assert "TOTAL EUR 389.00" in lines
    assert lines[-1] == "Scanned with a pocket scanner"


def test_an_empty_page_is_read_as_empty() -> None:
    reading = read(pdf(lambda canvas: None))
    assert (len(reading.pages), reading.problem) == (1, "no text was found in the document")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (pdf(printed, password="secret"), "locked with a password"),
        (pdf(printed)[:300], "damaged, empty or not complete"),
        (b"%PDF-1.4\n%%EOF", "damaged, empty or not complete"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 20, "damaged, empty or not complete"),
        (b"", "the file is empty"),
        (b"PK\x03\x04" + bytes(40), "a ZIP archive, which is not opened"),
        (b"MZ" + bytes(40), "a program, which is not read"),
        (bytes(range(256)), "of an unknown kind, which is not read"),
    ],
    ids=["locked", "truncated", "no pages", "garbage", "empty", "archive", "program", "unknown"],
)
def test_what_cannot_be_read_says_why(data: bytes, problem: str) -> None:
    reading = read(data)
    assert (reading.how, reading.pages) == ("unreadable", ())
    assert problem in str(reading.problem)


def test_a_very_long_document_is_read_up_to_a_limit_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baton.documents.read.MOST_PAGES", 3)
    reading = read(pdf(*[printed] * 5))
    assert (reading.how, len(reading.pages)) == ("text_layer", 3)
    assert reading.problem == "only the first 3 of 5 pages were read: ask for the pages that matter"


def test_a_long_reading_that_broke_off_goes_on_where_it_was() -> None:
    store, told = MemoryStore(), list[int]()
    document = store.put(pdf(*[printed] * 5), "long.pdf", "application/pdf")

    def leave(done: int, of: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_document(document, store, leave)
    assert store.reading(document.id) is None
    reading = read_document(document, store, lambda done, of: told.append(done))
    assert told == [4, 5]
    assert [page.number for page in reading.pages] == [1, 2, 3, 4, 5]
    assert (reading.how, reading.problem) == ("text_layer", None)
    assert store.reading(document.id) == reading


@pytest.mark.long
def test_two_hundred_pages_are_read_in_bounded_time_and_memory(tmp_path: Path) -> None:
    (tmp_path / "long.pdf").write_bytes(pdf(*[printed] * 200))
    script = """
import re, sys, time
from pathlib import Path
from baton.documents.read import read_document
from baton.documents.store import MemoryStore
store = MemoryStore()
document = store.put(Path(sys.argv[1]).read_bytes(), "long.pdf", "application/pdf")
pages, seconds = len(read_document(document, store).pages), time.process_time()
# not `ru_maxrss`: a child begins with the peak of the process that it was forked from
print(pages, seconds, int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024)
"""
    told = subprocess.run([sys.executable, "-c", script, tmp_path / "long.pdf"], capture_output=True, text=True, check=True)
    pages, seconds, megabytes = told.stdout.split()
    assert int(pages) == 200
    assert float(seconds) < 60
    assert int(megabytes) < 500


def test_progress_is_told_page_by_page() -> None:
    store, told = MemoryStore(), list[tuple[int, int]]()
    document = store.put(pdf(printed, printed, printed), "receipt.pdf", "application/pdf")
    read_document(document, store, lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_document_is_read_once(tmp_path: Path) -> None:
    store, told = FolderStore.from_home(tmp_path), list[tuple[int, int]]()
    document = store.put(pdf(printed), "receipt.pdf", "application/pdf")
    first = read_document(document, store)
    assert read_document(document, store, lambda done, of: told.append((done, of))) == first
    assert told == []


def test_a_document_changed_on_disk_is_an_error_and_not_a_reading() -> None:
    class Tampered(MemoryStore):
        def put(self, data: bytes, name: str, media_type: str) -> Document:
            filed = super().put(data, name, media_type)
            self._documents[filed.id] = data + b" "
            return filed

    store = Tampered()
    document = store.put(pdf(printed), "receipt.pdf", "application/pdf")
    with pytest.raises(DocumentDamaged, match=document.id):
        read_document(document, store)


def test_a_text_is_read_with_spans() -> None:
    store = MemoryStore()
    reading = read_document(store.put("Grüße, 389.00 €".encode("cp1252"), "note.txt", "text/plain"), store)
    assert reading.how == "text"
    assert reading.pages[0].text == "Grüße, 389.00 €"
    assert [word.span for word in reading.pages[0].words] == [(0, 6), (7, 13), (14, 15)]


def test_a_forwarded_mail_is_read_with_its_sender() -> None:
    store = MemoryStore()
    raw = b"From: shop@a.example\nSubject: Order 7\nContent-Type: text/html\n\n<p>Paid 389.00</p>"
    reading = read_document(store.put(raw, "forwarded.eml", "message/rfc822"), store)
    assert reading.pages[0].text == "From: shop@a.example\nSubject: Order 7\n\nPaid 389.00"


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_text_drawn_sideways_is_read_in_its_own_direction(angle: int) -> None:
    def sideways(canvas: Canvas) -> None:
        canvas.translate(200, 300)
        canvas.rotate(angle)
        for number, line in enumerate(RECEIPT):
            canvas.drawString(-150, 80 - 20 * number, line)

    page = read(pdf(sideways)).pages[0]
    assert page.text == "\n".join(" ".join(line.split()) for line in RECEIPT)
