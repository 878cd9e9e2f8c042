"""Personal links: what opens one, what does not, and what was truly said through it."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.documents.store import MemoryStore
from baton.links import BadLink, Consent, Invitation, LinkOver, Links, file_invitation, same_name
from baton.types.documents import Document
from baton.types.ids import CaseId, DocumentId

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
PAPER = Document(id=DocumentId("ab" * 32), name="c.pdf", media_type="application/pdf", size=1)


def invitation() -> Invitation:
    return Invitation(
        case=CaseId("CS-1001"), reference="d-1", reader="Mara Lindqvist", address="mara@x.example", organisation="Hotel",
        sender="W", title="Service", document=PAPER, expires=NOW + timedelta(days=14),
    )  # fmt: skip


def consent(id: DocumentId) -> Consent:
    return Consent(invitation=id, reference="d-1", document=PAPER.id, says="sign", name="Mara", at=NOW, words="I sign.")


def test_a_link_leads_to_its_invitation_until_it_ends(tmp_path: Path) -> None:
    links, documents = Links(tmp_path), MemoryStore()
    id = file_invitation(invitation(), documents)
    assert links.open(links.to(id), documents, NOW) == (id, invitation())
    with pytest.raises(LinkOver, match="ended on"):
        links.open(links.to(id), documents, NOW + timedelta(days=14))


def test_a_withdrawn_link_opens_nothing_and_a_restored_one_does_again(tmp_path: Path) -> None:
    links, documents = Links(tmp_path), MemoryStore()
    id = file_invitation(invitation(), documents)
    links.withdraw(id)
    with pytest.raises(LinkOver, match="withdrawn"):
        links.open(links.to(id), documents, NOW)
    links.restore(id)
    assert links.open(links.to(id), documents, NOW)[0] == id


def test_what_is_at_rest_makes_no_link(tmp_path: Path) -> None:
    documents = MemoryStore()
    id = file_invitation(invitation(), documents)
    elsewhere = Links(tmp_path / "other").to(id)
    with pytest.raises(BadLink):
        Links(tmp_path / "here").open(elsewhere, documents, NOW)
    assert os.stat(tmp_path / "here" / "keys" / "links.key").st_mode & 0o777 == 0o600


@settings(max_examples=40)
@given(at=st.integers(0, 107), letter=st.sampled_from("0aAzZ-_.f9"))
def test_a_link_with_one_letter_changed_opens_nothing(tmp_path_factory: pytest.TempPathFactory, at: int, letter: str) -> None:
    links, documents = Links(tmp_path_factory.getbasetemp() / "links"), MemoryStore()
    link = links.to(file_invitation(invitation(), documents))
    changed = link[:at] + letter + link[at + 1 :]
    if changed != link:
        with pytest.raises(BadLink):
            links.open(changed, documents, NOW)


def test_an_answer_is_told_from_a_forged_one(tmp_path: Path) -> None:
    links = Links(tmp_path)
    said = consent(DocumentId("cd" * 32))
    sealed = links.sealed(said)
    assert links.unsealed(sealed) == said
    assert links.unsealed(sealed.replace(b'"sign"', b'"decline"')) is None
    assert Links(tmp_path / "other").unsealed(sealed) is None
    assert links.unsealed(b"") is None


@pytest.mark.parametrize(
    ("typed", "known", "same"),
    [
        ("mara  lindqvist", "Mara Lindqvist", True),
        ("Hanne Sorlie", "Hanne Sørlie", True),
        ("Fergus O’Malley", "Fergus O'Malley", True),
        ("Mara Lind", "Mara Lindqvist", False),
        ("", "", False),
        (" - ", "-", False),
    ],
)
def test_names_are_compared_without_capitals_accents_and_spaces(typed: str, known: str, same: bool) -> None:
    assert same_name(typed, known) is same
