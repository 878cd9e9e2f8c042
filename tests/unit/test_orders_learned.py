"""A reader that learns from labelled forms where each field stands."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from baton.documents.layout import rows_of
from baton.readers.fields import Field
from baton.readers.layout import Held
from baton.readers.normalise import same
from baton.readers.orders.forms import Booking
from baton.readers.orders.learned import LearnedForms, NoWeights, load
from baton.readers.orders.lessons import Example, learn
from baton.readers.orders.sheet import leaves_of
from baton.readers.reader import Source
from baton.types.canonical import Json
from baton.types.documents import Document, Page, Reading, Word
from baton.types.ids import DocumentId

NAMES = [
    "Oak Trust",
    "Bell Society",
    "Quiet Hours Union",
    "Ferry Fund",
    "Granary Club",
    "Snow Line League",
    "Orchard Guild",
    "Tide Watch",
]


def strange_form(number: int) -> tuple[Source, dict[str, str]]:
    """A form whose labels no vocabulary knows; the places move with the number."""
    name, reference, first = NAMES[number % len(NAMES)], str(48211 + 977 * number), f"2024-03-{10 + number % 9:02d}"
    rows = [
        ["Skyline Boards", "Sheet", str(number % 3 + 1)],
        ["Paid for by", name],
        ["Dossier", reference],
        ["Ledger", str(90112 + 31 * number)],
        ["Goes up", first],
        ["Printed", f"2024-02-{1 + number % 27:02d}"],
        ["All in", f"${100 + number}.00"],
    ]
    cells = [(80 + 160 * column, 40 + 14 * row, cell) for row, some in enumerate(rows) for column, cell in enumerate(some)]
    truth = {"contract_number": reference, "advertiser": name, "gross_amount": f"${100 + number}.00", "starts": first}
    return page_with(cells, f"{number:064d}"), truth


def page_with(cells: Sequence[tuple[float, float, str]], name: str) -> Source:
    """A page with these texts at their places, every letter four points wide and ten high."""
    words = [
        Word(text=match.group(), polygon=_box(left + 4 * match.start(), top, match.group()))
        for left, top, text in cells
        for match in re.finditer(r"\S+", text)
    ]
    page = Page(number=1, width=600, height=800, text="", words=tuple(words), lines=tuple(rows_of(words, 600, 800)))
    document = Document(id=DocumentId(name), name="form.pdf", media_type="application/pdf", size=1)
    return Source(document=document, reading=Reading(document=document.id, how="text_layer", reader="test/1", pages=(page,)))


def _box(left: float, top: float, text: str) -> tuple[tuple[float, float], ...]:
    a, b, c, d = left / 600, (left + 4 * len(text)) / 600, top / 800, (top + 10) / 800
    return ((a, c), (b, c), (b, d), (a, d))


def example(number: int) -> Example:
    source, truth = strange_form(number)

    def accepts(field: Field, value: Json) -> bool:
        said = value["amount"] if isinstance(value, dict) else value
        return same("text" if field.kind == "money" else field.kind, said, truth[field.name].strip("$"))

    return Example((source,), frozenset(truth), accepts)


@pytest.fixture(scope="module")
def taught() -> LearnedForms:
    return learn(Booking, [example(number) for number in range(12)])


def test_labels_that_nobody_listed_are_learned_from_examples(taught: LearnedForms) -> None:
    source, truth = strange_form(31)
    found = {name: keyed[0] for name, keyed in taught.read(Booking, [source]).items()}
    assert found["contract_number"].value == truth["contract_number"]
    assert found["advertiser"].value == truth["advertiser"]
    assert found["starts"].value == truth["starts"]
    assert all(one.confidence > 0.5 and one.evidence for one in found.values())


def test_a_field_that_no_example_shows_is_not_read(taught: LearnedForms) -> None:
    assert "ends" not in taught.read(Booking, [strange_form(31)[0]])


def test_on_a_form_of_another_kind_it_is_not_sure(taught: LearnedForms) -> None:
    other = page_with([(40, 40, "77120"), (300, 500, "Minutes"), (40, 700, "88131")], "e" * 64)
    assert all(keyed.confidence < 0.5 for keyed in taught.read(Booking, [other])["contract_number"])


def test_what_was_learned_is_kept_in_a_file_and_read_again(taught: LearnedForms, tmp_path: Path) -> None:
    taught.learned.save(tmp_path / "forms.json")
    source, _ = strange_form(31)
    assert load(tmp_path / "forms.json").read(Booking, [source]) == taught.read(Booking, [source])


def test_a_file_that_holds_no_weights_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{}", "utf-8")
    with pytest.raises(NoWeights, match=r"broken\.json"):
        load(tmp_path / "broken.json")


def test_cells_around_a_place_are_found_by_their_boxes() -> None:
    leaf = leaves_of(Held(strange_form(0)[0].reading), "other")[0]
    near = [cell.text for cell in leaf.around(80, 54, 90, 60)]
    assert near == ["Paid for by"]
