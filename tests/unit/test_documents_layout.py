import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.documents.layout import angle_of, rows_of
from baton.types.documents import Point, Word

WIDTH, HEIGHT = 800.0, 1200.0


def word(text: str, x: float, y: float, angle: float = 0.0, width: float = 90, height: float = 24) -> Word:
    """A word at a place on an upright page, with the whole page then turned clockwise about its middle."""
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    return Word(text=text, polygon=tuple(_about_the_middle(corner, angle) for corner in corners))


def _about_the_middle(at: tuple[float, float], angle: float) -> Point:
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    x, y = at[0] - WIDTH / 2, at[1] - HEIGHT / 2
    return (x * cos - y * sin + WIDTH / 2) / WIDTH, (x * sin + y * cos + HEIGHT / 2) / HEIGHT


def lines(words: list[Word]) -> list[str]:
    return [" ".join(words[index].text for index in line.words) for line in rows_of(words, WIDTH, HEIGHT)]


PAGE = [
    ("TOTAL", 100, 500),
    ("389.00", 600, 503),
    ("EUR", 250, 498),
    ("Kitchen", 100, 100),
    ("World", 210, 104),
    ("Date", 100, 300),
]


@pytest.mark.parametrize("angle", [0, 3, -5, 10, 90, 180, -90, 93, 177])
def test_rows_are_found_however_the_page_lies(angle: float) -> None:
    words = [word(text, x, y, angle) for text, x, y in PAGE]
    assert lines(words) == ["Kitchen World", "Date", "TOTAL EUR 389.00"]


@given(st.floats(-179, 179))
def test_the_angle_of_a_page_is_found(angle: float) -> None:
    polygons = [word(text, x, y, angle).polygon for text, x, y in PAGE]
    assert abs((angle_of(polygons, WIDTH, HEIGHT) - angle + 180) % 360 - 180) < 0.01


def test_one_crooked_stamp_does_not_tilt_the_page() -> None:
    words = [word(text, x, y) for text, x, y in PAGE] + [word("PAID", 400, 800, angle=-30)]
    assert angle_of([one.polygon for one in words], WIDTH, HEIGHT) == pytest.approx(0, abs=0.01)


def test_a_curled_receipt_keeps_its_rows() -> None:
    curled = [
        word(f"w{row}{place}", 100 + 120 * place, 200 + 40 * row + 6 * place * place / 4)
        for row in range(3)
        for place in range(5)
    ]
    assert lines(curled) == [" ".join(f"w{row}{place}" for place in range(5)) for row in range(3)]


def test_two_words_one_above_the_other_are_two_rows() -> None:
    assert lines([word("above", 100, 100), word("below", 100, 125)]) == ["above", "below"]


def test_a_word_without_a_box_is_in_no_row() -> None:
    assert lines([word("seen", 100, 100), Word(text="elsewhere")]) == ["seen"]


@given(st.lists(st.tuples(st.floats(0, 700), st.floats(0, 1100), st.floats(5, 90), st.floats(5, 60)), max_size=40))
def test_every_word_is_in_exactly_one_row(boxes: list[tuple[float, float, float, float]]) -> None:
    words = [word("w", x, y, width=width, height=height) for x, y, width, height in boxes]
    placed = [index for line in rows_of(words, WIDTH, HEIGHT) for index in line.words]
    assert sorted(placed) == list(range(len(words)))
