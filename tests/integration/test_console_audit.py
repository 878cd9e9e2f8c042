"""What an auditor finds and may do: any decision in three clicks, its rules of then, its proof, and who looked."""

import csv
import io
import json
import re
from pathlib import Path
from typing import TypeAlias

import pytest
from fastapi.testclient import TestClient

from baton.console.auditview import index_of
from baton.ledger import check_proof
from baton.store import Database
from baton.types.cases import Task
from baton.types.decisions import Decision
from tests.integration.console_house import House
from tests.integration.console_record import answered, judged, put, written

Told: TypeAlias = tuple[Task, Decision, Decision, Decision]


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    return House(sqlite_database, tmp_path / "home")


@pytest.fixture
def told(house: House) -> Told:
    """A gift card over 389 EUR: held by a rule, approved by Marta, written."""
    task = house.task(house.file(), "389.00")
    verdict = judged(house, task)
    return task, verdict, answered(house, task, verdict), written(house, task, verdict)


def found(page: str) -> list[str]:
    """The decisions in the list, from the top."""
    return re.findall(r'scope="row"><a href="/decisions/(d-[\w-]+)"', page)


def test_an_auditor_finds_a_decision_by_its_amount_and_checks_its_proof(house: House, told: Told) -> None:
    other = house.task(house.file("Toaster"), "412.00")
    judged(house, other)
    beatrix = house.browser("beatrix")
    assert 'href="/audit"' in beatrix.get("/inbox").text
    page = beatrix.get("/audit?q=389+EUR").text
    assert found(page) == [told[3].id, told[2].id, told[1].id]
    assert "€389.00" in page
    shown = beatrix.get(f"/decisions/{told[1].id}").text
    assert "It stands in the ledger, unchanged" in shown
    assert "The proof holds." in beatrix.post(f"/decisions/{told[1].id}/check").text


def test_a_decision_is_found_by_whatever_is_known_of_it(house: House, told: Told) -> None:
    asked = {
        "389,00": 3, "€389": 3, "390": 0, "marta": 1, "Wiśniewska 389": 1, "gift-card.alone.eur": 1, "WC-1001": 3,
        "wc-1001 by:marta": 1, "C-1": 0, "ilse@example.org": 3, "erp.issue_gift_card": 3,
        "nonsense": 0, "2020-01-01": 0, "amount:389.00": 3,
    }  # fmt: skip
    beatrix = house.browser("beatrix")
    assert {q: len(found(beatrix.client.get("/audit", params={"q": q}).text)) for q in asked} == asked


def test_a_reading_is_found_by_the_documents_of_its_case(house: House, told: Told) -> None:
    case = told[0].case
    id = f"d-{case}".lower()
    said = {"id": id, "kind": "finding", "action": "rekey.key_form", "outcome": "found", "private": {}}
    put(house, told[1].model_copy(update=said))
    page = house.browser("beatrix").get("/audit?q=receipt.png").text
    assert found(page) == [id]


def test_days_and_kinds_narrow_the_list(house: House, told: Told) -> None:
    beatrix = house.browser("beatrix")
    day = f"{told[1].at:%Y-%m-%d}"
    assert len(found(beatrix.get(f"/audit?q={day}").text)) == 3
    assert len(found(beatrix.get(f"/audit?since={day}&until={day}").text)) == 3
    assert found(beatrix.get("/audit?until=2020-01-01").text) == []
    assert found(beatrix.get("/audit?kind=effect").text) == [told[3].id]


def test_older_decisions_are_on_the_next_page_and_none_twice(house: House, told: Told) -> None:
    put(house, *(told[1].model_copy(update={"id": f"d-more{number:04}", "private": {}}) for number in range(120)))
    beatrix, seen, path = house.browser("beatrix"), [], "/audit?q=WC-1001"
    while path:
        page = beatrix.get(path).text
        seen += found(page)
        after = re.search(r'rel="next" href="([^"]+)"', page)
        path = after[1].replace("&amp;", "&") if after else ""
    assert len(seen) == len(set(seen)) == 123


def test_the_page_shows_the_rule_as_it_stood_then_and_what_would_have_changed_it(house: House, told: Told) -> None:
    page = house.browser("beatrix").get(f"/decisions/{told[1].id}").text
    assert "gift-card.alone.eur,erp.issue_gift_card,EUR,250.00" in page  # the row of the table
    assert "when { resource.facts.customer_active }" in page  # the policy that it completes
    assert "it comes out the same" in page
    assert "the amount is above 0 and at most 250.00 EUR" in page
    assert "at most 250.00" in page
    for word in ("Marta Wiśniewska", "the receipt fits", "looked for 42 s", "GC-1007", "read back", "claims-handler"):
        assert word in page, word


def test_the_proof_file_checks_with_the_public_key_alone(house: House, told: Told) -> None:
    answer = house.browser("beatrix").get(f"/decisions/{told[3].id}/proof")
    assert answer.headers["content-disposition"] == f'attachment; filename="{told[3].id}.tlog-proof"'
    proven = check_proof(answer.text, str(house.engine.ledger.keys.verifier))
    assert (proven.decision.id, proven.sealed) == (told[3].id, True)
    assert "GC-1007" not in answer.text


def test_only_those_whom_the_policies_let_see_it_see_it(house: House, told: Told) -> None:
    verdict = told[1].id
    kwame, marta = house.browser("kwame"), house.browser("marta")
    assert 'href="/audit"' not in marta.get("/inbox").text
    for path in ("/audit", "/audit/checkpoint"):
        assert marta.get(path).status_code == 403
    assert marta.post("/audit/export", form="json").status_code == 403
    assert marta.post("/audit/verify").status_code == 403
    assert marta.get(f"/decisions/{verdict}").status_code == 200  # the case is her department's
    assert marta.get(f"/decisions/{verdict}/file").status_code == 403
    for path in (f"/decisions/{verdict}", f"/decisions/{verdict}/proof", f"/audit/traces/{told[0].case}"):
        assert kwame.get(path).status_code == 403, path
    assert house.browser("beatrix").get("/decisions/d-nothing").status_code == 404


def test_every_reading_and_export_is_a_row_that_hides_no_work(house: House, told: Told) -> None:
    beatrix = house.browser("beatrix")
    beatrix.get("/audit?q=marta")
    beatrix.get(f"/decisions/{told[1].id}")
    beatrix.get(f"/decisions/{told[1].id}/proof")
    beatrix.post("/audit/export", form="csv", q="389")
    kept = [row for row in house.engine.ledger.scan() if row.action.startswith("baton:")]
    assert [(row.by.id, row.outcome, row.detail["what"]) for row in kept] == [
        ("beatrix", "read", "search"), ("beatrix", "read", "decision"),
        ("beatrix", "exported", "proof"), ("beatrix", "exported", "search"),
    ]  # fmt: skip
    assert kept[0].private["asked"] == "marta"
    assert "marta" not in json.dumps(kept[0].model_dump(mode="json", exclude={"private"}))
    assert kept[3].detail["rows"] == 3
    assert len(found(beatrix.get("/audit").text)) == 3
    readings = beatrix.get("/audit?kind=reading").text
    assert len(found(readings)) == 5
    assert "Searched for: marta" in beatrix.get(f"/decisions/{kept[0].id}").text
    assert house.engine.ledger.verify().ok


def test_an_export_holds_what_was_found_and_nothing_personal(house: House, told: Told) -> None:
    beatrix = house.browser("beatrix")
    whole = beatrix.post("/audit/export", form="json", q="389").json()
    assert [one["id"] for one in whole["decisions"]] == [told[3].id, told[2].id, told[1].id]
    assert all("private" not in one for one in whole["decisions"])
    rows = list(csv.DictReader(io.StringIO(beatrix.post("/audit/export", form="csv", q="389").content.decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == [told[3].id, told[2].id, told[1].id]
    assert rows[0]["amounts"] == "389.00 EUR"


def test_a_cell_of_an_export_is_no_formula(house: House, told: Told) -> None:
    by = told[2].by.model_copy(update={"id": "x"})
    put(house, told[2].model_copy(update={"id": "d-odd", "outcome": "=HYPERLINK(1)", "by": by, "private": {}}))
    text = house.browser("beatrix").post("/audit/export", form="csv", q="by:x").text
    assert "'=HYPERLINK(1)" in text


def test_what_was_changed_behind_the_ledgers_back_is_named(house: House, told: Told, sqlite_database: Database) -> None:
    beatrix = house.browser("beatrix")
    assert "none changed, none missing" in beatrix.post("/audit/verify").text
    with sqlite_database.engine.begin() as connection:
        for trigger in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        changed = "CAST(replace(CAST(body AS TEXT), 'written', 'failed!') AS BLOB)"
        connection.exec_driver_sql(f"UPDATE entry SET body = {changed} WHERE position = 2")
    assert "places are damaged" in beatrix.post("/audit/verify").text


def test_after_an_erasure_the_decision_stands_and_says_so(house: House, told: Told) -> None:
    house.engine.ledger.erase("C-1")
    page = house.browser("beatrix").get(f"/decisions/{told[1].id}").text
    assert "have been erased" in page
    assert "the receipt fits" not in page
    assert "It stands in the ledger, unchanged" in page


def test_the_index_is_made_anew_for_another_database(house: House, told: Told, sqlite_database: Database) -> None:
    index = index_of(house.database, house.home)
    assert index.catch_up() == 0
    assert index.words(["by:marta"])[0].count == 1
    with index._opened() as kept:
        kept.execute("UPDATE reached SET id = 'd-of-another-ledger'")
    index.catch_up()
    assert index.words(["by:marta"])[0].count == 1


def test_a_stop_needs_a_reason_and_somebody_who_may_and_everybody_sees_it(house: House) -> None:
    marta, beatrix = house.browser("marta"), house.browser("beatrix")
    assert marta.get("/stop").status_code == 200
    assert "Stop everything" not in marta.get("/stop").text
    assert marta.post("/stop", reason="I want a break").status_code == 403
    assert beatrix.post("/stop", reason=" ").status_code == 422
    assert beatrix.post("/stop", process="warranty_claim", reason="the price list is wrong").status_code == 303
    assert "the price list is wrong" in marta.get("/inbox").text
    assert beatrix.post("/stop/resume", process="warranty_claim", reason="it is right again").status_code == 303
    assert "the price list is wrong" not in marta.get("/inbox").text
    outcomes = [row.outcome for row in house.engine.ledger.scan() if row.kind == "stop"]
    assert outcomes == ["refused", "stopped", "resumed"]
    assert "it is right again" in beatrix.get("/stop").text


def test_what_was_typed_stays_when_a_stop_is_refused(house: House) -> None:
    page = house.browser("beatrix").post("/stop", process="warrnty_claim", reason="a long reason")
    assert page.status_code == 422
    assert "there is no process <code>warrnty_claim</code>" in page.text


def test_no_page_of_the_record_holds_inline_code(house: House, told: Told) -> None:
    beatrix = house.browser("beatrix")
    client: TestClient = beatrix.client
    for path in ("/audit", "/stop", f"/decisions/{told[1].id}", f"/audit/traces/{told[0].case}"):
        text = client.get(path).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|hx-on|javascript:|<script>", text), path


def test_a_decision_is_taken_along_as_a_line_of_a_table(house: House, told: Told) -> None:
    beatrix = house.browser("beatrix")
    beatrix.get("/audit")
    rows = list(csv.DictReader(io.StringIO(beatrix.get(f"/decisions/{told[1].id}/row.csv").text.lstrip("\ufeff"))))
    assert [(row["id"], row["case"], row["kind"]) for row in rows] == [(told[1].id, "WC-1001", "verdict")]
    assert house.browser("marta").get(f"/decisions/{told[1].id}/row.csv").status_code == 403


def test_an_auditor_who_opens_a_case_a_task_a_document_or_a_trace_is_on_record_and_a_handler_is_not(
    house: House, told: Told
) -> None:
    case = told[0].case
    paths = (f"/cases/{case}", f"/tasks/{told[0].id}", f"/audit/traces/{case}")
    for who in ("beatrix", "marta"):
        browser = house.browser(who)
        for path in paths:
            assert browser.get(path).status_code == 200
        picture = re.search(r'src="(/cases/[^"]+\.webp)"', browser.get(f"/tasks/{told[0].id}").text)
        assert picture
        assert browser.get(picture[1]).status_code == 200
        assert browser.get(f"/decisions/{told[1].id}/explanation.pdf").status_code == 200
    house.engine.ledger.drain()
    rows = [row for row in house.engine.ledger.scan() if row.action in ("baton:audit", "baton:export")]
    by = [(row.by.id, row.outcome, row.detail["what"]) for row in rows]
    read = {("read", what) for what in ("case", "task", "trace", "document")}
    assert {one[1:] for one in by if one[0] == "beatrix"} == {*read, ("exported", "explanation")}
    assert {one[1:] for one in by if one[0] == "marta"} == {("exported", "explanation")}
