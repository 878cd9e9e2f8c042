"""An agreement against a playbook: what is accepted, what is sent back, what legal has to see."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.documents.text import page_of_text
from baton.playbook import (
    Clause,
    Heard,
    Passage,
    Playbook,
    PlaybookBroken,
    RulesJudge,
    TwoJudges,
    compare,
    compare_document,
    deviations,
    load,
    passages_of,
)
from baton.playbook.book import Position
from baton.readers.reader import Source
from baton.types.documents import Document, Reading
from baton.types.ids import DocumentId

PLAYBOOKS = Path(__file__).parents[2] / "policies" / "playbook"

COPIES = Clause(
    id="copies",
    title="Copies",
    statement="The recipient may make copies.",
    says=(r"\bmay (?:make|take) copies\b",),
    denies=(r"\bnot\b[^.;]{0,40}\bcopies\b",),
    sure=0.95,
    position=Position(said="accept", denied="escalate", silent="fallback"),
    fallback="The Recipient may make copies.",
)
BOOK = Playbook(name="Small", version="1", gate=0.9, clauses=(COPIES,))


def _one(text: str, book: Playbook = BOOK) -> tuple[str, str, str]:
    (found,) = compare(passages_of(text), book)
    return found.verdict, found.words, " ".join(text[slice(*found.spans[0])].split()) if found.spans else ""


def test_what_we_want_is_accepted_and_shown() -> None:
    assert _one("It is secret. The Recipient may make copies. It ends.") == ("accept", "said", "The Recipient may make copies.")


def test_the_opposite_goes_to_legal() -> None:
    assert _one("The Recipient shall not make copies.")[:2] == ("escalate", "denied")


def test_silence_brings_our_own_wording() -> None:
    (found,) = compare(passages_of("It is secret."), BOOK)
    assert (found.verdict, found.fallback) == ("fallback", "The Recipient may make copies.")


def test_an_agreement_that_says_both_is_never_accepted() -> None:
    assert _one("The Recipient may make copies. The Recipient shall not keep copies.")[0] == "escalate"


def test_what_is_not_sure_enough_is_seen_by_legal() -> None:
    (found,) = compare(passages_of("The Recipient may make copies."), BOOK.model_copy(update={"gate": 0.96}))
    assert (found.verdict, found.words) == ("escalate", "said")
    assert "please look" in found.why


def test_a_clause_that_legal_always_sees_is_never_accepted_alone() -> None:
    always = BOOK.model_copy(update={"clauses": (COPIES.model_copy(update={"always_seen": True}),)})
    assert _one("The Recipient may make copies.", always)[0] == "escalate"


def test_legal_sees_only_the_deviations() -> None:
    other = COPIES.model_copy(update={"id": "notes", "says": (r"\bmay take notes\b",), "denies": ()})
    book = BOOK.model_copy(update={"clauses": (COPIES, other)})
    found = compare(passages_of("The Recipient may make copies."), book)
    assert [one.clause for one in deviations(found)] == ["notes"]


def test_an_item_of_a_list_is_read_with_the_words_that_lead_into_it() -> None:
    text = "The Recipient shall not:\n(a) sell the samples;\n(b) make copies of them;\n(c) name the Discloser."
    assert _one(text)[1] == "denied"


@given(
    st.lists(st.sampled_from(["The Recipient may make copies.", "It is secret.", "It ends.", "Each party pays its own costs."]))
)
def test_whatever_stands_around_it_a_denial_is_never_accepted(sentences: list[str]) -> None:
    text = " ".join(
        [*sentences[: len(sentences) // 2], "The Recipient shall not make copies.", *sentences[len(sentences) // 2 :]]
    )
    assert _one(text)[0] == "escalate"


class _Says:
    """A judge that always says the same."""

    name = "always/1"

    def __init__(self, heard: Heard) -> None:
        self._heard = heard

    def hear(self, clauses: object, passages: object) -> dict[str, Heard]:
        return {"copies": self._heard}


def test_what_only_one_of_two_judges_hears_is_not_accepted() -> None:
    sure = _Says(Heard(words="said", spans=((0, 4),), confidence=0.99))
    (alone,) = compare(passages_of("It is secret."), BOOK, TwoJudges(sure, RulesJudge()))
    (both,) = compare(passages_of("The Recipient may make copies."), BOOK, TwoJudges(sure, RulesJudge()))
    assert (alone.verdict, both.verdict) == ("escalate", "accept")


def test_a_document_is_compared_with_places_on_the_page() -> None:
    text = "It is secret.\nThe Recipient may\nmake copies.\nIt ends."
    document = Document(id=DocumentId("e" * 64), name="nda.txt", media_type="text/plain", size=len(text))
    source = Source(document=document, reading=Reading(document=document.id, how="text", reader="t", pages=(page_of_text(text),)))
    (found,) = compare_document(source, BOOK)
    assert found.compared.verdict == "accept"
    assert found.evidence[0].document == document.id
    assert found.evidence[0].span is not None
    assert text[slice(*found.evidence[0].span)] == "The Recipient may\nmake copies."


def test_passages_cover_the_text_in_order() -> None:
    text = "1. One thing. 2. Another thing:\n(a) this;\n(b) that.\n\nThe end."
    found = passages_of(text)
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert all(isinstance(one, Passage) and one.text for one in found)
    assert "".join(text[one.start : one.end] for one in found).replace(" ", "").replace("\n", "") == text.replace(
        " ", ""
    ).replace("\n", "")


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ('name = "x"', "version"),
        ('name = "x"\nversion = "1"\n[[clauses]]\nid = "a"\ntitle = "A"\nstatement = "S"\nsays = ["("]', "no pattern"),
        ("not toml", "cannot be used"),
    ],
)
def test_a_broken_playbook_compares_nothing(tmp_path: Path, broken: str, why: str) -> None:
    path = tmp_path / "book.toml"
    path.write_text(broken)
    with pytest.raises(PlaybookBroken, match=why):
        load(path)


def test_a_clause_stands_once(tmp_path: Path) -> None:
    clause = '[[clauses]]\nid = "a"\ntitle = "A"\nstatement = "S"\nsays = ["x"]\n'
    path = tmp_path / "book.toml"
    path.write_text(f'name = "x"\nversion = "1"\n{clause}{clause}')
    with pytest.raises(PlaybookBroken, match="stands twice"):
        load(path)


@pytest.mark.parametrize("path", sorted(PLAYBOOKS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_playbook_that_ships_offers_its_own_wording_for_every_clause(path: Path) -> None:
    book = load(path)
    for clause in book.clauses:
        assert clause.fallback, clause.id


NDA = {
    "compelled": (
        "A Recipient that is required by law or court order to disclose information shall promptly notify the Discloser.",
        "accept",
    ),
    "own-development": ("Confidential Information excludes what is independently developed by the Recipient.", "accept"),
    "reverse-engineering": ("The Recipient shall not reverse engineer the samples.", "accept"),
    "purpose": ("The Recipient shall use Confidential Information solely for the Purpose.", "accept"),
    "no-licence": ("Nothing in this Agreement grants the Recipient any licence or right in Confidential Information.", "accept"),
    "employees": ("The Recipient may disclose it to employees who have a need to know.", "accept"),
    "retention": ("The Recipient shall return or destroy all copies of the Confidential Information.", "fallback"),
    "copies": ("The Recipient shall not make copies of any document.", "fallback"),
}


@pytest.mark.parametrize("clause", sorted(NDA))
def test_the_playbook_for_confidentiality_knows_its_clauses(clause: str) -> None:
    text, verdict = NDA[clause]
    found = {one.clause: one for one in compare(passages_of(text), load(PLAYBOOKS / "nda.toml"))}
    assert found[clause].verdict == verdict


def test_residuals_free_for_any_use_are_not_a_use_for_the_purpose_alone() -> None:
    text = "The Recipient uses it solely for the Purpose. The Recipient is free to use the residuals for any purpose."
    found = {one.clause: one for one in compare(passages_of(text), load(PLAYBOOKS / "nda.toml"))}
    assert found["purpose"].verdict == "escalate"


@pytest.mark.parametrize(
    ("clause", "text", "verdict"),
    [
        ("payment", "Customer shall pay each invoice within thirty (30) days.", "accept"),
        ("payment", "Customer shall pay each invoice within ninety (90) days.", "fallback"),
        ("liability-cap", "Supplier's liability shall not exceed the fees paid in the last twelve months.", "accept"),
        ("liability-cap", "Supplier's liability shall be unlimited.", "escalate"),
        ("indirect-loss", "Neither party shall be liable for any indirect or consequential damages.", "accept"),
        ("governing-law", "This Agreement is governed by the laws of Freedonia.", "escalate"),
        ("governing-law", "This Agreement is governed by the laws of the Netherlands.", "accept"),
        ("assignment", "Customer may freely assign this Agreement without Supplier's consent.", "fallback"),
        ("renewal", "It renews for one year unless a party gives notice sixty days before.", "accept"),
        ("indemnity", "Supplier shall indemnify Customer against any and all claims.", "escalate"),
    ],
)
def test_the_playbook_for_services_knows_its_clauses(clause: str, text: str, verdict: str) -> None:
    found = {one.clause: one for one in compare(passages_of(text), load(PLAYBOOKS / "services.toml"))}
    assert found[clause].verdict == verdict
