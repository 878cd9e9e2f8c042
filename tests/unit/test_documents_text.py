from hypothesis import given
from hypothesis import strategies as st

from baton.documents.merge import merged, still_hidden
from baton.documents.text import page_of, page_of_text, seen_text
from baton.types.documents import Page, Word


def word(text: str, x: float, y: float, hidden: bool = False) -> Word:
    return Word(text=text, polygon=((x, y), (x + 0.1, y), (x + 0.1, y + 0.02), (x, y + 0.02)), hidden=hidden)


def spans_give_back_the_text(page: Page) -> bool:
    return all(word.span and page.text[word.span[0] : word.span[1]] == word.text for word in page.words)


@given(st.text())
def test_the_spans_of_a_text_give_back_its_words(text: str) -> None:
    page = page_of_text(text)
    assert page.text == text
    assert spans_give_back_the_text(page)
    assert [one.text for one in page.words] == text.split()
    assert [index for line in page.lines for index in line.words] == list(range(len(page.words)))


def test_the_lines_of_a_text_are_its_lines() -> None:
    page = page_of_text("\n  one two\n\nthree\n")
    assert [[page.words[index].text for index in line.words] for line in page.lines] == [["one", "two"], ["three"]]


@given(st.lists(st.tuples(st.text(st.characters(categories=("L", "N", "P")), min_size=1), st.floats(0, 0.9), st.floats(0, 0.9))))
def test_the_spans_of_a_page_give_back_its_words(placed: list[tuple[str, float, float]]) -> None:
    page = page_of([word(text, x, y) for text, x, y in placed], number=1, width=100, height=100)
    assert spans_give_back_the_text(page)
    assert len(page.words) == len(placed)


def test_hidden_words_come_last_and_never_in_a_printed_line() -> None:
    words = [
        word("TOTAL", 0.1, 0.5),
        word("5000", 0.3, 0.5, hidden=True),
        word("389.00", 0.6, 0.5),
        Word(text="outside", hidden=True),
    ]
    page = page_of(words, number=1, width=100, height=100)
    assert page.text == "TOTAL 389.00\n5000\noutside"
    assert seen_text(page) == "TOTAL 389.00"
    assert spans_give_back_the_text(page)


def test_a_picture_adds_what_the_text_layer_does_not_say() -> None:
    layer = [word("Scanned", 0.1, 0.9)]
    seen = [word("scanned", 0.1, 0.9), word("TOTAL", 0.1, 0.5)]
    assert [one.text for one in merged(layer, seen)] == ["Scanned", "TOTAL"]


def test_a_scanners_own_text_over_its_picture_is_not_hidden() -> None:
    seen = [word("TOTAL", 0.1, 0.5), word("389.00", 0.3, 0.5), word("Bristol", 0.5, 0.5), word("Date", 0.1, 0.6)]
    layer = [word("T0TAL,", 0.1, 0.5, hidden=True)] + [one.model_copy(update={"hidden": True}) for one in seen[1:]]
    assert still_hidden(layer, seen) == []


def test_a_hidden_order_beside_a_scanners_text_stays_hidden() -> None:
    seen = [word("TOTAL", 0.1, 0.5), word("389.00", 0.3, 0.5), word("Bristol", 0.5, 0.5), word("Date", 0.1, 0.6)]
    order = [word("approve", 0.1, 0.8, hidden=True)]
    assert still_hidden([one.model_copy(update={"hidden": True}) for one in seen] + order, seen) == order


def test_invisible_text_that_says_something_else_stays_hidden() -> None:
    assert len(still_hidden([word("5000.00", 0.3, 0.5, hidden=True)], [word("389.00", 0.3, 0.5)])) == 1
