"""What a contract looks like from outside, and our own one: told and made without anybody's help."""

from datetime import date
from decimal import Decimal

import pytest

from activities.contracts import paper, terms
from activities.contracts.port import DealRecord
from activities.contracts.template import contract_for, term_of
from baton.documents.read import read_document
from baton.documents.store import MemoryStore
from baton.documents.text import page_of_text
from baton.playbook import compare, compare_document, passages_of
from baton.readers.contracts.reader import ContractReader
from baton.readers.finding import key
from baton.readers.reader import Source
from baton.types.documents import Document, Reading
from baton.types.ids import DocumentId
from baton.types.money import Money
from workflows.contract_signing import Paper

DEAL = DealRecord(
    number="D-1", customer="C-1", title="Service of 3 kettles", value=Money(amount=Decimal(4800), currency="EUR"), term_months=24,
    payment_days=30, law="the Netherlands", entity="Wrenfield & Oake Services B.V.", party="Harbour Lodge Limited",
    their_paper=False, agreed=date(2027, 1, 1), starts=date(2027, 3, 1), credit_limit=Money(amount=Decimal(9000), currency="EUR"),
)  # fmt: skip


def reading(*pages: str) -> Reading:
    read = tuple(page_of_text(text, number) for number, text in enumerate(pages, 1))
    return Reading(document=DocumentId("a"), how="text_layer", reader="x", pages=read)


def source(of: Reading) -> Source:
    return Source(document=Document(id=of.document, name="c.pdf", media_type="application/pdf", size=1), reading=of)


@pytest.mark.parametrize(
    ("pages", "missing"),
    [
        (("x\nPage 1 of 3", "y\nPage 2 of 3", "z\nPage 3 of 3"), ""),
        (("x\nPage 1 of 3", "z\nPage 3 of 3"), "2 of 3"),
        (("x\npage 1/4", "y\npage 2/4"), "3 and 4 of 4"),
        (("no numbers at all", "none here either"), ""),
        (("see page 7 of 9 of the annex\nPage 1 of 1",), ""),
    ],
)
def test_pages_that_a_contract_counts_and_does_not_have_are_named(pages: tuple[str, ...], missing: str) -> None:
    assert paper.missing_pages(reading(*pages)) == missing


def test_a_contract_without_a_place_for_signatures_says_so() -> None:
    body = "This agreement is between A and B. " * 20
    assert any("no place for signatures" in words for words in paper.problems_of(reading(body)))
    assert list(paper.problems_of(reading(body + "\nSigned for A\nBy: ______________"))) == []


def test_a_locked_contract_says_what_to_ask_for() -> None:
    locked = Reading(document=DocumentId("a"), how="unreadable", reader="x", pages=(), problem="locked with a password")
    assert list(paper.problems_of(locked)) == ["locked with a password"]


def test_our_own_contract_departs_from_nothing_in_our_own_playbook() -> None:

    store, pdf = MemoryStore(), contract_for(DEAL)
    read = read_document(store.put(pdf, "ours.pdf", "application/pdf"), store)
    assert contract_for(DEAL) == pdf, "the same deal gives the same bytes"
    assert terms.deviating(compare_document(source(read), terms.playbook())) == ()
    values = key(Paper, [source(read)], [ContractReader()]).values.model_dump(mode="json")
    assert terms.parties_match(values, DEAL)
    assert terms.term_matches(values, DEAL)
    assert terms.payment_matches(values, DEAL)
    assert terms.names_value(read, DEAL)


def test_another_party_another_legal_form_and_a_third_party_do_not_match() -> None:
    ours = DEAL.entity
    assert terms.parties_match({"parties": [ours, "Harbour Lodge Ltd."]}, DEAL)
    wrong = ([ours, "Harbour Lodge GmbH"], [ours, "Harbour Lodges Limited"], [ours], [ours, DEAL.party, "Third B.V."], None)
    for parties in wrong:
        assert not terms.parties_match({"parties": parties}, DEAL)


@pytest.mark.parametrize(
    ("read", "months", "matches"),
    [("2 years", 24, True), ("24 months", 24, True), ("36 months", 24, False), (None, 24, False)],
)
def test_a_term_matches_however_it_is_written(read: str | None, months: int, matches: bool) -> None:
    assert terms.term_matches({"term": read}, DEAL.model_copy(update={"term_months": months})) is matches


def test_terms_are_written_in_years_where_they_are_years() -> None:
    assert [term_of(months) for months in (12, 24, 18, 6)] == ["1 year", "2 years", "18 months", "6 months"]


@pytest.mark.parametrize(
    ("clause", "text", "verdict"),
    [
        ("indemnity", "Supplier repairs the machines.", "accept"),
        ("indemnity", "Supplier shall hold Customer harmless.", "escalate"),
        ("penalties", "Supplier pays a penalty of 500 EUR for each day of delay.", "escalate"),
        ("penalties", "Supplier repairs the machines.", "accept"),
        ("exclusivity", "Supplier works exclusively for the Customer.", "escalate"),
        ("assignment", "Neither party may assign this agreement without the prior written consent of the other.", "accept"),
        ("assignment", "Customer may freely assign this agreement without consent.", "fallback"),
    ],
)
def test_silence_is_accepted_only_where_nothing_touches_the_matter(clause: str, text: str, verdict: str) -> None:
    found = {one.clause: one.verdict for one in compare(passages_of(text), terms.playbook())}
    assert found[clause] == verdict
