"""The seller's name, where somebody wrote beside it or recognition lost its blanks."""

import pytest

from baton.readers.layout import Piece, Row
from baton.readers.locales import Words, languages
from baton.readers.normalise import same
from baton.readers.rules.scribbles import without_scribbles
from baton.readers.rules.shop import bare_name, shops
from baton.types.documents import Word
from baton.types.ids import DocumentId

WORDS = Words(languages())


def row(text: str, number: int = 0, tall: str = "", apart: str = "", unsure: str = "") -> Row:
    """A printed row; the words named are twice as tall, stand in a column of their own, or were read unsurely."""
    pieces, said = list[Piece](), ""
    for token in text.split():
        said += ("\t" if token == apart else " ") if said else ""
        start, high = len(said), 0.04 if token == tall else 0.02
        said += token
        left, right, top = start / 100, len(said) / 100, 0.05 * number
        corners = ((left, top), (right, top), (right, top + high), (left, top + high))
        pieces.append(Piece(start, len(said), Word(text=token, polygon=corners, confidence=0.6 if token == unsure else 0.99)))
    return Row(DocumentId("d"), "receipt", 1, number, said, tuple(pieces), height=20.0)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (row("KEDAI BUKU ARIF A03060"), "KEDAI BUKU ARIF"),
        (row("3180303 KEDAI BUKU ARIF"), "KEDAI BUKU ARIF"),
        (row("12/3 KEDAI BUKU ARIF"), "KEDAI BUKU ARIF"),
        (row("KEDAI BUKU ARIF Gian"), "KEDAI BUKU ARIF"),
        (row("KEDAI BUKU ARIF Kie An"), "KEDAI BUKU ARIF"),
        (row("R KEDAI BUKU ARIF", tall="R"), "KEDAI BUKU ARIF"),
        (row("KEDAI BUKU ARIF OK", apart="OK", unsure="OK"), "KEDAI BUKU ARIF"),
        (row("ARIF RETAIL SDN BHD PAID"), "ARIF RETAIL SDN BHD"),
    ],
)
def test_what_another_hand_wrote_beside_a_name_is_left_out(written: Row, printed: str) -> None:
    assert without_scribbles(written, WORDS).text == printed


@pytest.mark.parametrize(
    "text",
    [
        "B & BEST RESTAURANT",
        "77 CITY MART S/B (123456-X)",
        "ARIF BOOK CO. (M) BHD",
        "Haus Heim GmbH & Co. KG",
        "RESTORAN WAN sHENG",
        "TEO BROTHERS CO",
        "Elektro Brandt 24",
    ],
)
def test_a_name_as_printed_stays_whole(text: str) -> None:
    assert without_scribbles(row(text), WORDS).text == text


def test_the_name_keeps_its_place_on_the_page_though_a_number_was_written_beside_it() -> None:
    rows = [row("mon"), row("A03060 ARIF RETAIL SDN BHD", 1), row("12, JALAN MELATI 8, 43000 KAJANG", 2)]
    best = shops(rows, WORDS)[0]
    assert (best.name, best.rows) == ("ARIF RETAIL SDN BHD", (rows[1],))


def test_a_word_beside_a_legal_form_alone_is_the_name() -> None:
    assert without_scribbles(row("Mekar SDN BHD"), WORDS).text == "Mekar SDN BHD"


def test_the_number_of_a_branch_goes_with_the_words_before_it() -> None:
    assert without_scribbles(row("Lone Pine Diner Store 12345"), WORDS).text == "Lone Pine Diner"
    assert without_scribbles(row("Muster & Voss e.K. Amtsgericht HRB 4711"), WORDS).text == "Muster & Voss e.K."


def test_a_legal_form_drawn_to_the_word_before_it_is_parted_again() -> None:
    assert bare_name("ARIF RETAILSDN BHD") == "ARIF RETAIL SDN BHD"
    assert bare_name("77 CITY MARTS/B") == "77 CITY MART S/B"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("ARIF RETAIL SDN BHD", "ARIFRETAILSDNBHD", True),
        ("ARIF RETAIL SDN BHD", "AR1F RETAI1 5DN BHO", True),
        ("ARIF BOOK CO. (M) BHD", "ARIFBOOKCO.(M)BHD", True),
        ("KING", "RING", False),
        ("SHOP 18", "SHOP 13", False),
    ],
)
def test_names_are_the_same_whatever_blanks_were_lost(one: str, other: str, alike: bool) -> None:
    assert same("seller", one, other) is alike
