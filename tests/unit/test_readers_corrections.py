"""What people correct becomes an example, and a new reader is installed only when it is no worse."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from baton.cases import store as cases
from baton.documents.store import FolderStore
from baton.documents.version import READER
from baton.ledger import Keys, Ledger
from baton.readers import schooling
from baton.readers.corrections import Correction, Corrections, corrections_from, kind_of, merged
from baton.readers.made import Made, made_receipts
from baton.readers.schooling import Comparison, Lesson, Score, compared, taught
from baton.readers.tokens import TokenReader
from baton.readers.tokens.home import installed, place
from baton.readers_cli import app
from baton.store import Database
from baton.types.canonical import Json
from baton.types.decisions import Decision
from baton.types.findings import Evidence, FieldFinding, Keyed
from baton.types.ids import CaseId, DocumentId

run = CliRunner()
PAPER = DocumentId("paper")


def field(name: str, value: Json, document: str = "paper", confidence: float = 0.97) -> FieldFinding:
    evidence = Evidence(document=DocumentId(document), page=1, text="x")
    return FieldFinding(name=name, value=value, agreement="agreed", grounded=True, confidence=confidence, evidence=evidence)


def finding(*fields: FieldFinding) -> dict[str, Json]:
    return {"fields": [one.model_dump(mode="json") for one in fields]}


READ = finding(
    field("seller", "Haus GmbH"),
    field("purchased", "2025-03-12"),
    field("paid", {"amount": "89.90", "currency": "EUR"}),
    field("serial", "AB-1", confidence=0.6),
    field("defect", "it leaks", document="mail"),
)


def test_an_edit_of_a_field_is_an_example_with_what_else_was_sure_on_its_page() -> None:
    (one,) = corrections_from({"seller": "Haus & Heim GmbH", "amount": "80.00"}, READ, "d-1")
    assert (one.document, one.corrected, one.source) == (PAPER, ("seller",), "d-1")
    assert one.values == {
        "seller": "Haus & Heim GmbH",
        "purchased": "2025-03-12",
        "paid": {"amount": "89.90", "currency": "EUR"},
    }
    assert one.named()["total"] == ("money", {"amount": "89.90", "currency": "EUR"})
    assert one.named()["date"][0] == "date"


def test_an_edit_that_changes_nothing_that_was_read_corrects_nothing() -> None:
    assert corrections_from({"amount": "80.00"}, READ, "d-1") == []
    assert corrections_from({"seller": "Haus GmbH"}, READ, "d-1") == []


def test_a_choice_between_two_readings_is_an_example_by_whatever_name_an_action_calls_it() -> None:
    paid = field("paid", {"amount": "89.90", "currency": "EUR"})
    said = [Keyed(value={"amount": amount, "currency": "EUR"}, reader="rules/1", confidence=0.9) for amount in ("89.90", "98.90")]
    read = finding(field("seller", "Haus GmbH"), paid.model_copy(update={"readings": tuple(said)}))
    before: Mapping[str, Json] = {"amount": {"amount": "89.90", "currency": "EUR"}, "order": "SO-1"}
    chosen: dict[str, Json] = {"amount": {"amount": "98.90", "currency": "EUR"}}
    (one,) = corrections_from(chosen, read, "d-1", before)
    assert (one.corrected, one.values["paid"], one.values["seller"]) == (("paid",), chosen["amount"], "Haus GmbH")
    kinder: dict[str, Json] = {"amount": {"amount": "120.00", "currency": "EUR"}}
    assert corrections_from(kinder, read, "d-1", before) == []
    assert corrections_from(chosen, read, "d-1", {"amount": {"amount": "50.00", "currency": "EUR"}}) == []


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("paid", {"amount": "1.00", "currency": "EUR"}, "money"),
        ("purchased", "2025-03-12", "date"),
        ("purchased", "2025-99-12", "text"),
        ("company", "Haus GmbH", "seller"),
        ("invoice_number", "R-1", "receipt_number"),
        ("note", "soon", "text"),
    ],
)
def test_the_kind_of_a_value_is_told_by_its_form_and_its_name(name: str, value: Json, kind: str) -> None:
    assert kind_of(name, value) == kind


def test_a_later_correction_of_the_same_document_counts(tmp_path: Path) -> None:
    kept = Corrections(tmp_path)
    kept.add(Correction(document=PAPER, values={"seller": "A", "serial": "1"}, corrected=("seller",), source="lena"))
    kept.add(Correction(document=PAPER, values={"seller": "B"}, corrected=("seller",), source="marta"))
    (one,) = kept.all()
    assert (one.values, one.source) == ({"seller": "B", "serial": "1"}, "marta")
    (same,) = merged([*kept.all(), Correction(document=PAPER, values={"serial": "2"}, corrected=("serial",), source="d-2")])
    assert same.values == {"seller": "B", "serial": "2"}
    assert same.corrected == ("seller", "serial")


def lesson(made: Made) -> Lesson:
    values = {name: made.truth[name] for name in ("seller", "date", "total")}
    document = made.source.document.id
    return Lesson(Correction(document=document, values=values, corrected=("seller",), source="lena"), made.source)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Little to learn from, so that learning takes a second."""
    monkeypatch.setenv("BATON_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("baton.readers.tokens.home.RECEIPTS", 40)
    monkeypatch.setattr(schooling, "_made", schooling.made_examples)
    monkeypatch.setattr(schooling, "_HELD_BACK", 15)
    monkeypatch.setattr(schooling, "_PARTS", 2)


def test_every_correction_is_held_out_once_and_read_again(quick: None, tmp_path: Path) -> None:
    lessons = [lesson(made) for made in made_receipts(4, seed=41)]
    present = TokenReader(taught([], tmp_path / "present"))
    candidate = TokenReader(taught(lessons, tmp_path / "candidate"))
    found = compared(present, candidate, lessons)
    assert found.held_out[0].asked == found.held_out[1].asked == 12
    assert found.made[0].asked == found.made[1].asked > 50
    assert candidate.learned_from == {one.source.document.id for one in lessons}
    again = compared(candidate, candidate, lessons)
    assert again.held_out[0].asked == 0  # what a reader learned from proves nothing
    assert not again.worse


def comparison(held: tuple[int, int], made: tuple[int, int] = (900, 900), lost: tuple[str, ...] = ()) -> Comparison:
    scores = [(Score(right=now, asked=1000), Score(right=new, asked=1000)) for now, new in (made, held)]
    return Comparison(present="a", candidate="b", lessons=3, made=scores[0], held_out=scores[1], regressions=lost)


def test_a_reader_that_reads_less_right_is_worse_and_the_words_say_where() -> None:
    assert not comparison((30, 31)).worse
    assert "held-out" in comparison((30, 29)).worse
    assert "made-up" in comparison((30, 30), made=(900, 890)).worse
    assert not comparison((30, 30), made=(900, 897)).worse  # within what chance moves
    assert "d-1:seller" in comparison((30, 31), lost=("d-1:seller",)).worse


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_database: Database, quick: None) -> Ledger:
    """A project with a ledger, and this process in it."""
    for folder in ("workflows", "agents", "activities", "policies"):
        (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BATON_DATABASE_URL", sqlite_database.url)
    for name in ("BATON_HOME", "BATON_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    return Ledger(sqlite_database, Keys(tmp_path / ".baton"))


def filed(home: Path, made: Made) -> DocumentId:
    store = FolderStore.from_home(home)
    document = store.put(str(made.source.document.id).encode(), "receipt.png", "image/png")
    store.put_reading(made.source.reading.model_copy(update={"document": document.id, "reader": READER}))
    return document.id


def test_edits_on_record_and_corrections_by_hand_teach_a_reader_that_is_installed(
    here: Ledger, tmp_path: Path, decided: Callable[..., Decision]
) -> None:
    home = tmp_path / ".baton"
    first, second = made_receipts(2, seed=42)
    edited, named = filed(home, first), filed(home, second)
    case = CaseId("WC-1")
    read = finding(field("seller", "Misread Ltd", str(edited)), field("purchased", first.truth["date"], str(edited)))
    with here.database.write() as connection:
        cases.keep_finding(connection, "f-1", case, "Claim", read)
        row = decided(
            "d-1", kind="answer", outcome="edit", case=case, private={"changes": {"seller": first.truth["seller"]}}, subject="C-1"
        )
        here.append(connection, row)
    said = run.invoke(app, ["correct", str(named), "--set", f"seller={second.truth['seller']}", "--by", "lena"])
    assert said.exit_code == 0, said.output
    done = run.invoke(app, ["train", "--json"])
    found = json.loads(done.output)
    assert found["lessons"] == 2
    assert (done.exit_code, found["worse"]) == (0, "")
    assert installed(home).name == found["candidate"] != found["present"]
    assert installed(home).learned_from == {edited, named}


def test_a_worse_reader_is_refused_and_the_present_one_stays(
    here: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("baton.readers_cli.compared", lambda present, candidate, lessons: comparison((30, 20)))
    done = run.invoke(app, ["train"])
    assert done.exit_code == 1
    assert "not installed" in done.output
    assert not place(tmp_path / ".baton").exists()


def test_a_document_that_is_not_on_file_cannot_be_corrected(here: Ledger) -> None:
    done = run.invoke(app, ["correct", "0" * 64, "--set", "seller=A", "--by", "lena"])
    assert done.exit_code == 1
    assert "was not read here" in str(done.exception)


def test_the_gate_is_chosen_from_a_file_of_outcomes(tmp_path: Path) -> None:
    file = tmp_path / "outcomes.jsonl"
    file.write_text("\n".join(json.dumps({"field": "paid", "confidence": 0.97, "right": True}) for _ in range(300)))
    done = run.invoke(app, ["gate", "--errors", "0.01", str(file), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["gate"] == 0.97
    file.write_text("confidence,right\n0.9,true\n0.8,false\n")
    short = run.invoke(app, ["gate", "--errors", "0.01", str(file)])
    assert (short.exit_code, "299" in short.output) == (1, True)
