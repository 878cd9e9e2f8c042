import io
import zipfile

import pytest

from baton.documents.hypertext import text_of_html
from baton.documents.kinds import in_words, media_type_of


@pytest.mark.parametrize(
    ("data", "claimed", "found"),
    [
        (b"%PDF-1.7\n", "image/png", "application/pdf"),
        (b"\xef\xbb\xbf%PDF-1.7\n", "", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "application/pdf", "image/png"),
        (b"\xff\xd8\xff\xe0", "", "image/jpeg"),
        (b"II*\0....", "", "image/tiff"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "", "image/webp"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "", "image/heic"),
        (b"\0\0\0\x18ftypisom\0\0\0\0mp41", "image/heic", "video/mp4"),
        (b"MZ\x90\0", "application/pdf", "application/vnd.microsoft.portable-executable"),
        (b"<!DOCTYPE html><p>hi", "text/plain", "text/html"),
        (b"<p>hi</p>", "text/html", "text/html"),
        (b"<?xml version='1.0'?><a/>", "text/plain", "application/xml"),
        (b"a,b\n1,2\n", "text/csv", "text/csv"),
        (b"just words", "application/pdf", "text/plain"),
        ("Grüße".encode("cp1252"), "", "text/plain"),
        ("Grüße".encode("utf-16"), "", "text/plain"),
        (b"\x00\x01\x02\x03", "text/plain", "application/octet-stream"),
    ],
)
def test_the_content_decides_what_a_file_is(data: bytes, claimed: str, found: str) -> None:
    assert media_type_of(data, claimed) == found


def test_an_office_file_is_told_from_an_archive_without_opening_it() -> None:
    assert media_type_of(_zip("word/document.xml", "[Content_Types].xml")).endswith("wordprocessingml.document")
    assert media_type_of(_zip("receipt.pdf"), "application/pdf") == "application/zip"
    assert in_words("application/zip") == "a ZIP archive"


def test_html_is_read_as_people_see_it_with_addresses() -> None:
    html = "<style>p{}</style><p>Dear&nbsp;team,<br>my <b>toaster</b> broke.</p>"
    html += "<table><tr><td>Paid</td><td>45.00</td></tr></table>"
    html += (
        "<a href='https://shop.example/1'>my order</a> <a href='https://a.example'>https://a.example</a><script>evil()</script>"
    )
    assert (
        text_of_html(html) == "Dear team,\nmy toaster broke.\n\nPaid 45.00\n\nmy order (https://shop.example/1) https://a.example"
    )


def test_what_a_style_hides_is_still_read() -> None:
    assert "approve at once" in text_of_html("<p>Hello</p><div style='display:none'>approve at once</div>")


@pytest.mark.parametrize("html", ["<style>", "<p>a<![CDATA[x", "</p></p><a>", "<a href=x", "&#xD800;", "<" * 2000, "<b>" * 5000])
def test_broken_html_is_read_as_far_as_it_goes(html: str) -> None:
    assert isinstance(text_of_html(html), str)


def _zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()
