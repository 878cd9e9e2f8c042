"""The reading benchmark: how sets are split, marked and counted."""

import json
from pathlib import Path

import pytest
from pydantic import BaseModel

from baton.documents.store import FolderStore
from baton.readers.fields import Field, ReceiptTotal, Seller, fields_of
from baton.readers.reader import Readings, Source
from baton.types.documents import Document, Line, Page, Reading, Word
from baton.types.findings import Keyed
from baton.types.ids import DocumentId
from benchmarks.reading import calibration_error, half_of, risk_coverage, upper95
from benchmarks.reading.figures import coverage_at
from benchmarks.reading.items import Labelled, Truth
from benchmarks.reading.measure import figures, matches, run
from benchmarks.reading.sets import sets, sroie

MONEY, NAMES = Field("total", "money"), Field("parties", "name")


def test_all_documents_of_one_vendor_fall_into_one_half() -> None:
    assert half_of("Haus & Heim") == half_of("HAUS HEIM")
    assert {half_of(f"Shop {number}") for number in range(20)} == {"calibration", "evaluation"}


def test_every_set_has_a_name_of_its_own_and_a_form() -> None:
    assert "sroie_receipts" in sets()
    assert all(issubclass(one.FORM, BaseModel) for one in sets().values())


@pytest.mark.parametrize(
    ("found", "value", "right"),
    [
        ({"amount": "9.90", "currency": "MYR"}, "9.90", True),
        ({"amount": "-9.90", "currency": "MYR"}, "9.90", False),
        ({"amount": "9.90", "currency": "MYR"}, ["8.90", "9.90"], True),
        (None, "9.90", False),
        (None, None, True),
    ],
)
def test_amounts_match_whatever_the_currency_where_labels_give_none(found: object, value: object, right: bool) -> None:
    assert matches(MONEY, found, Truth("x", value)) is right  # type: ignore[arg-type]


def test_several_values_match_when_all_that_are_asked_for_were_read() -> None:
    asked = Truth("x", ["Acme Ltd", "Beta GmbH"])
    assert matches(NAMES, ["Beta GmbH", "ACME LTD."], asked)
    assert not matches(NAMES, ["Acme Ltd"], asked)
    assert not matches(NAMES, ["Acme Ltd", "Acme Ltd"], asked)


def test_figures_of_confidence() -> None:
    pairs = [(0.99, True)] * 80 + [(0.9, True)] * 9 + [(0.9, False)] + [(0.5, False)] * 10
    assert calibration_error(pairs) == pytest.approx((0.8 + 0.0 + 5.0) / 100, abs=1e-4)
    assert coverage_at(0.01, pairs) == 0.8
    assert risk_coverage(pairs)[-1] == [1.0, 0.11]
    assert (upper95(0, 0), upper95(0, 299)) == (None, 0.01)


class Slip(BaseModel):
    seller: Seller | None = None
    total: ReceiptTotal | None = None


class Says:
    """A reader that says the same of every document."""

    name = "says/1"

    def read(self, form: type[BaseModel], sources: object, locale: str | None = None) -> Readings:
        values = {"seller": "HAUS", "total": {"amount": "9.90", "currency": "EUR"}}
        return {field.name: [Keyed(value=values[field.name], reader=self.name, confidence=0.97)] for field in fields_of(form)}


def labelled(id: str, seller: str, total: str) -> Labelled:
    words = []
    for x, text in ((0.1, "HAUS"), (0.5, "9.90")):
        words.append(Word(text=text, polygon=((x, 0.1), (x + 0.1, 0.1), (x + 0.1, 0.2), (x, 0.2))))
    lines = (Line(words=(0, 1)),)
    page = Page(number=1, width=100, height=100, text="HAUS 9.90", words=tuple(words), lines=lines)
    document = Document(id=DocumentId(id), name=id, media_type="image/png", size=1)
    reading = Reading(document=document.id, how="ocr", reader="t", pages=(page,))
    source = Source(document=document, reading=reading, role="receipt")
    return Labelled(id, seller, (source,), {"seller": Truth(seller, seller), "total": Truth(total, total)}, 1, 0.0)


def test_what_goes_through_alone_and_wrong_is_counted_by_field_and_by_document() -> None:
    done = run(Slip, [labelled("a", "Haus", "9.90"), labelled("b", "Haus", "8.90"), labelled("c", "Wald", "9.90")], [Says()])
    found = figures(done, gate=0.9)
    assert found["fields"]["total"]["match"] == pytest.approx(2 / 3, abs=1e-3)
    assert found["fields"]["total"]["wrong_automated"] == 1
    assert (found["all_fields"], found["automated"], found["wrong_automated"]) == (pytest.approx(1 / 3, abs=1e-3), 1.0, 2)
    assert figures(done, gate=0.99)["automated"] == 0.0


class Nothing:
    """Keys no field."""

    name = "nothing/1"

    def read(self, form: type[BaseModel], sources: object, locale: str | None = None) -> Readings:
        return {}


def test_every_value_of_a_label_is_asked_for_also_where_none_was_read() -> None:
    class Parties(BaseModel):
        party: list[str] | None = None
        seller: str | None = None

    one = labelled("a", "Haus", "9.90")
    truth = {"party": Truth("A; B; C", ["A", "B", "C"]), "seller": Truth("A or B", ["A", "B"])}
    done = run(Parties, [Labelled("a", "a", one.sources, truth, 1, 0.0)], [Nothing()])
    assert [(name, column[0].hits, column[0].asked) for name, column in done.fields.items()] == [
        ("party", 0, 3),
        ("seller", 0, 1),
    ]


def test_receipts_of_the_set_come_with_the_words_that_people_typed(tmp_path: Path) -> None:
    boxes = "0,0,100,0,100,20,0,20,HAUS SDN BHD\n0,30,40,30,40,50,0,50,TOTAL\n60,30,100,30,100,50,60,50,RM9.90\n"
    label = {"company": "HAUS SDN BHD", "date": "14/03/2018", "total": "RM9.90"}
    item = {"id": "1", "image": None, "ground_truth": label, "boxes_csv": boxes}
    (tmp_path / "items.jsonl").write_text(json.dumps(item) + "\n")
    store = FolderStore(tmp_path / "store")
    (one,) = [one for half in ("calibration", "evaluation") for one in sroie.documents(tmp_path, store, half, None, 0, "given")]
    assert set(one.truth) == {"seller", "date", "total"}
    assert one.truth["date"].value == "2018-03-14"
    assert [word.text for word in one.sources[0].reading.pages[0].words] == ["HAUS", "SDN", "BHD", "TOTAL", "RM9.90"]
    assert not list(sroie.documents(tmp_path, store, "all", None, 0, "ocr"))
