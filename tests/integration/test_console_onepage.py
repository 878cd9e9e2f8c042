"""The explanation of a decision on one page: what it says, how it is read aloud, and what is left out."""

import ctypes
import re
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest

from baton.console import onepage
from baton.store import Database
from baton.types.decisions import Decision
from tests.integration.console_house import House
from tests.integration.console_record import answered, judged, written


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    return House(sqlite_database, tmp_path / "home")


@pytest.fixture
def verdict(house: House) -> Decision:
    """Over a gift card of 389 EUR: held by a rule, approved by Marta, written."""
    task = house.task(house.file(), "389.00")
    verdict = judged(house, task)
    answered(house, task, verdict)
    written(house, task, verdict)
    return verdict


def test_the_explanation_is_one_page_of_text_with_its_place_in_the_ledger(house: House, verdict: Decision) -> None:
    answer = house.browser("beatrix").get(f"/decisions/{verdict.id}/explanation.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    with pdfium.PdfDocument(answer.content) as pdf:
        assert len(pdf) == 1
        text = pdf[0].get_textpage().get_text_range()
    for words in (
        verdict.id,
        "WC-1001",
        "389.00",
        "What would have changed it",
        "Marta Wisniewska",
        "Entry 0 of",
        "Beatrix Lund",
    ):
        assert words in text or words.replace("Wisniewska", "Wiśniewska") in text, words


def test_the_explanation_is_tagged_for_those_who_have_it_read_aloud(house: House, verdict: Decision) -> None:
    answer = house.browser("beatrix").get(f"/decisions/{verdict.id}/explanation.pdf")
    with pdfium.PdfDocument(answer.content) as pdf:
        assert raw.FPDFCatalog_IsTagged(pdf)
        assert verdict.id in pdf.get_metadata_dict()["Title"]
        page = pdf[0]
        tree = raw.FPDF_StructTree_GetForPage(page)
        roots = [raw.FPDF_StructTree_GetChildAtIndex(tree, at) for at in range(raw.FPDF_StructTree_CountChildren(tree))]
        assert [role(one) for one in roots] == ["Document"]
        kinds = [role(one) for one in children(roots[0])]
        lists = [one for one in children(roots[0]) if role(one) == "L"]
        assert kinds[:3] == ["P", "H1", "P"]
        assert {"H2", "L"} < set(kinds)
        assert {role(item) for one in lists for item in children(one)} == {"LI"}
        leaves = [body for one in roots for body in leaves_of(one)]
        assert [raw.FPDF_StructElement_GetMarkedContentID(one) for one in leaves] == list(range(len(leaves)))
        raw.FPDF_StructTree_Close(tree)
    assert b"/Lang (en)" in answer.content


def role(element: Any) -> str:
    held = ctypes.create_string_buffer(64)
    size = raw.FPDF_StructElement_GetType(element, held, 64)
    return held.raw[: size - 2].decode("utf-16-le")


def children(element: Any) -> list[Any]:
    found = (raw.FPDF_StructElement_GetChildAtIndex(element, at) for at in range(raw.FPDF_StructElement_CountChildren(element)))
    return [one for one in found if one]


def leaves_of(element: Any) -> list[Any]:
    below = children(element)
    return [leaf for one in below for leaf in leaves_of(one)] if below else [element]


def test_an_explanation_that_is_too_long_says_how_much_is_left_out() -> None:
    lines = [("item", "the same condition again, at some length, so that it takes its room on the page")] * 400
    fitted = onepage._fitting(lines)
    left = re.search(r"\d+", fitted[-1].text)
    assert left
    assert int(left[0]) == 400 - (len(fitted) - 1) > 100
