"""Papers of our own: what somebody is asked to decide about is in front of them, and other cases' papers are not."""

import io
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from baton.cases import store
from baton.store import Database
from baton.types.cases import Task
from baton.types.documents import Document
from tests.integration.console_house import House


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    return House(sqlite_database, tmp_path / "home")


def contract(house: House) -> Document:
    """A paper that we wrote and that no case has on file."""
    file = io.BytesIO()
    canvas = Canvas(file, invariant=True)
    for page in ("Service agreement", "Signatures"):
        canvas.drawString(72, 720, page)
        canvas.showPage()
    canvas.save()
    return house.documents.put(file.getvalue(), "D-1.pdf", "application/pdf")


def asked_about(house: House, document: str) -> Task:
    """Somebody has to decide about this document."""
    task = house.task(house.file())
    assert task.proposal is not None
    proposal = task.proposal.model_copy(update={"arguments": task.proposal.arguments | {"document": document}})
    with house.database.write() as connection:
        store.change_task(connection, task.model_copy(update={"proposal": proposal, "hash": proposal.hash}))
    return task


def test_the_paper_that_is_to_be_signed_comes_first_and_by_its_name(house: House) -> None:
    paper = contract(house)
    task = asked_about(house, paper.id)
    marta = house.browser("marta")
    page = marta.get(f"/tasks/{task.id}").text
    place = f"/cases/{task.case}/papers/{paper.id}"
    assert 0 < page.index("<span>Document.pdf</span>") < page.index("<span>receipt.png</span>")
    assert 0 < page.index(f"{place}/1.webp") < page.index(f"{place}/2.webp")
    assert "<strong>Document.pdf</strong>" in page
    assert paper.id not in page.partition("Will write")[2].partition("</section>")[0]
    assert marta.get(f"{place}/2.webp").headers["content-type"] == "image/webp"
    assert marta.get(f"{place}/3.webp").status_code == 404
    assert marta.get(f"{place}/file").content.startswith(b"%PDF")


def test_who_may_not_look_at_the_case_gets_no_paper_of_it(house: House) -> None:
    paper = contract(house)
    task = asked_about(house, paper.id)
    assert house.browser("kwame").get(f"/cases/{task.case}/papers/{paper.id}/file").status_code == 403
    other = house.file("Toaster")
    assert house.browser("marta").get(f"/cases/{other}/papers/{paper.id}/file").status_code == 404


def test_what_another_case_has_on_file_is_not_shown_by_naming_it(house: House) -> None:
    other = house.file("Toaster")
    with house.database.read() as connection:
        theirs = next(one.id for one in store.documents(connection, other) if one.media_type == "text/plain")
    task = asked_about(house, theirs)
    marta = house.browser("marta")
    assert f"/papers/{theirs}" not in marta.get(f"/tasks/{task.id}").text
    assert marta.get(f"/cases/{task.case}/papers/{theirs}/file").status_code == 404


def test_a_document_that_is_nowhere_breaks_no_page(house: House) -> None:
    task = asked_about(house, "0" * 64)
    assert house.browser("marta").get(f"/tasks/{task.id}").status_code == 200
