"""What the records say about a claim, whatever an agent read: the facts that policies stand on."""

import asyncio
import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from activities import crm, erp
from activities.crm.facts import close_claim_facts, decline_facts, open_claim_facts
from activities.crm.models import CloseClaim, Decline, OpenClaim
from activities.erp.facts import (
    defect_facts,
    gift_card_facts,
    goodwill_facts,
    recovery_facts,
    repair_facts,
    replacement_facts,
)
from activities.erp.models import ClaimFacts, DefectReport, GiftCard, Goodwill, Recovery, Repair, Replacement, WhichPhotos
from baton.documents.store import open_store
from baton.documents.version import READER
from baton.governance.declare import declaration_of
from baton.types.documents import Document, Line, Page, Reading, Word
from baton.types.ids import DocumentId
from baton.types.money import Money
from tests.integration.small_company import SmallCompany, about, at_work, days_ago, emptied, euros, permit

CARD = GiftCard(order="SO-1", amount=euros("59.90"))
READ = {
    "product": "Pebble Kettle",
    "serial": "KT17-0001",
    "seller": "MURTAGH ELECTRICAL LIMITED",
    "purchased": days_ago(100).isoformat(),
    "paid": {"amount": "59.90", "currency": "EUR"},
}


@pytest.fixture(scope="module")
def shared_url(fresh_postgres: Callable[[], str]) -> str:
    return fresh_postgres()


@pytest.fixture(params=["sqlite", "postgresql"])
def company(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallCompany]:
    monkeypatch.setenv("BATON_HOME", str(tmp_path / "home"))
    embedded = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'company.db'}" if embedded else emptied(request.getfixturevalue("shared_url"))
    with at_work(url, tmp_path) as opened:
        yield opened


def picture(seed: int, size: int = 400, quality: int = 90) -> bytes:
    """A photograph unlike one with another seed, and like itself in another size."""
    image = Image.new("RGB", (400, 400), "white")
    draw = ImageDraw.Draw(image)
    for number in range(6):
        x, y, wide = (seed * 97 + number * 61) % 300, (seed * 53 + number * 127) % 300, 40 + (seed * 31 + number * 17) % 90
        draw.ellipse((x, y, x + wide, y + wide), fill=((seed * 40 + number * 30) % 255, number * 40, seed % 255))
    written = io.BytesIO()
    image.resize((size, size)).save(written, "JPEG", quality=quality)
    return written.getvalue()


def file(company: SmallCompany, data: bytes, text: str | None = None, how: Any = "ocr") -> Document:
    """A document on file, and read when it has a text."""
    store = open_store(company.home)
    document = store.put(data, "paper", "application/octet-stream")
    if text is not None:
        words = tuple(Word(text=word) for word in text.split())
        page = Page(number=1, width=100, height=100, text=text, words=words, lines=(Line(words=tuple(range(len(words)))),))
        store.put_reading(Reading(document=document.id, how=how, reader=READER, pages=(page,)))
    return document


async def test_a_reading_that_agrees_with_the_records_matches_in_everything(company: SmallCompany) -> None:
    facts = await gift_card_facts(CARD, about(claim=READ))
    assert (facts.order_known, facts.order_is_customers, facts.customer_active) == (True, True, True)
    assert (facts.price_matches, facts.date_matches, facts.seller_matches, facts.serial_matches) == (True,) * 4
    assert (facts.paid, facts.cost, facts.days_since_purchase, facts.in_warranty) == (euros("59.90"), euros("59.90"), 100, True)
    assert (facts.remedies_before, facts.other_open_claims, facts.remedy_given, facts.photo_used_before) == (0, 0, False, False)
    assert (facts.supplier, facts.supplier_recovers, facts.recoverable) == ("Lumen", True, euros("29.95"))


@pytest.mark.parametrize(
    ("field", "value", "fact"),
    [
        ("paid", {"amount": "599.00", "currency": "EUR"}, "price_matches"),
        ("paid", {"amount": "59.90", "currency": "GBP"}, "price_matches"),
        ("paid", None, "price_matches"),
        ("purchased", days_ago(99).isoformat(), "date_matches"),
        ("purchased", None, "date_matches"),
        ("seller", "Noordwijk Witgoed B.V.", "seller_matches"),
        ("seller", None, "seller_matches"),
        ("serial", "KT17-0002", "serial_matches"),
        ("serial", None, "serial_matches"),
    ],
)
async def test_each_field_that_differs_says_so_and_no_other(company: SmallCompany, field: str, value: Any, fact: str) -> None:
    facts = await gift_card_facts(CARD, about(claim=READ | {field: value}))
    said = {name: getattr(facts, name) for name in ("price_matches", "date_matches", "seller_matches", "serial_matches")}
    assert said == {name: name != fact for name in said}


async def test_the_amount_asked_for_never_makes_the_price_match(company: SmallCompany) -> None:
    wanted = GiftCard(order="SO-1", amount=euros("5000"))
    facts = await gift_card_facts(wanted, about(claim=READ | {"paid": {"amount": "5000", "currency": "EUR"}}))
    assert (facts.price_matches, facts.paid, facts.cost) == (False, euros("59.90"), euros("5000"))


async def test_somebody_elses_order_tells_nothing_but_that_it_exists(company: SmallCompany) -> None:
    theirs = await gift_card_facts(GiftCard(order="SO-3", amount=euros("579")), about("C-1", claim=READ))
    nobodys = await gift_card_facts(GiftCard(order="SO-99", amount=euros("579")), about("C-1", claim=READ))
    assert (theirs.order_known, theirs.order_is_customers) == (True, False)
    assert (nobodys.order_known, nobodys.order_is_customers) == (False, False)
    assert theirs.model_copy(update={"order_known": False}) == nobodys
    assert (theirs.paid, theirs.days_since_purchase, theirs.supplier, theirs.in_stock) == (euros("0"), -1, "", 0)


async def test_a_stranger_has_no_orders(company: SmallCompany) -> None:
    facts = await gift_card_facts(CARD, about(None, claim=READ))
    assert (facts.order_is_customers, facts.customer_active) == (False, False)


async def test_a_customer_who_left_is_not_active(company: SmallCompany) -> None:
    facts = await gift_card_facts(GiftCard(order="SO-5", amount=euros("64.90")), about("C-3", sender="cleo@adams.example"))
    assert (facts.order_is_customers, facts.customer_active) == (True, False)


async def test_earlier_remedies_count_until_they_are_undone(company: SmallCompany) -> None:
    assert (await gift_card_facts(GiftCard(order="SO-2", amount=euros("1")), about())).remedies_before == 1  # of the CSV files
    given = await erp.issue_gift_card(CARD, permit(CARD, case="WC-1"))
    mine, other = await gift_card_facts(CARD, about(case="WC-1")), await gift_card_facts(CARD, about(case="WC-2"))
    assert (mine.remedies_before, mine.remedy_given) == (0, True)
    assert (other.remedies_before, other.remedy_given) == (1, False)
    undo = declaration_of(erp.issue_gift_card).undo.by
    assert undo is not None
    await undo(given, permit(CARD, case="WC-1"))
    mine, other = await gift_card_facts(CARD, about(case="WC-1")), await gift_card_facts(CARD, about(case="WC-2"))
    assert (mine.remedy_given, other.remedies_before) == (False, 0)


async def test_what_each_remedy_costs(company: SmallCompany) -> None:
    own = about("C-2", sender="bruno@keller.example")
    zero = euros("0")
    assert (await replacement_facts(Replacement(order="SO-4"), own)).cost == euros("779.00")
    assert (await repair_facts(Repair(order="SO-4", defect="x"), own)).cost == euros("779.00")
    assert (await goodwill_facts(Goodwill(order="SO-4", amount=euros("20")), own)).cost == euros("20")
    assert (await recovery_facts(Recovery(order="SO-4", amount=euros("20")), own)).cost == zero
    assert (await defect_facts(DefectReport(order="SO-4", sku="W-2", description="x"), own)).cost == zero


async def test_a_charge_back_in_another_currency_costs_nothing_in_that_currency(company: SmallCompany) -> None:
    action = Recovery(order="SO-1", amount=Money(amount=euros("20").amount, currency="GBP"))
    assert (await recovery_facts(action, about())).cost.currency == "GBP"


async def test_the_case_that_opened_its_claim_first_is_first(company: SmallCompany) -> None:
    claim = OpenClaim(order="SO-1")
    assert (await gift_card_facts(CARD, about(case="WC-2"))).other_open_claims == 0
    await crm.open_claim(claim, permit(claim, case="WC-1"), about(case="WC-1"))
    assert (await gift_card_facts(CARD, about(case="WC-2"))).other_open_claims == 1
    await crm.open_claim(claim, permit(claim, case="WC-2"), about(case="WC-2"))
    seen = [await gift_card_facts(CARD, about(case=case)) for case in ("WC-1", "WC-2", "WC-3")]
    assert [facts.other_open_claims for facts in seen] == [0, 1, 2]
    closing = CloseClaim(order="SO-1")
    await crm.close_claim(closing, permit(closing, case="WC-1"))
    assert (await gift_card_facts(CARD, about(case="WC-2"))).other_open_claims == 0


def test_of_many_cases_that_claim_one_order_at_once_exactly_one_is_first(company: SmallCompany) -> None:
    def claim(number: int) -> ClaimFacts:
        async def opened_then_looked() -> ClaimFacts:
            claim = OpenClaim(order="SO-1")
            await crm.open_claim(claim, permit(claim, case=f"WC-{number}"), about(case=f"WC-{number}"))
            return await gift_card_facts(CARD, about(case=f"WC-{number}"))

        return asyncio.run(opened_then_looked())

    with ThreadPoolExecutor(6) as pool:
        found = sorted(facts.other_open_claims for facts in pool.map(claim, range(6)))
    assert found == list(range(6))


async def test_claim_facts_know_own_claims_and_photographs_that_are_not_on_file(company: SmallCompany) -> None:
    claim = OpenClaim(order="SO-1", photos=(DocumentId("0" * 64),))
    before = await open_claim_facts(claim, about())
    assert (before.order_known, before.order_is_customers, before.claim_open, before.photos_on_file) == (True, True, False, False)
    await crm.open_claim(claim, permit(claim), about())
    after = await open_claim_facts(claim, about(documents=claim.photos))
    assert (after.claim_open, after.photos_on_file) == (True, True)
    assert (await close_claim_facts(CloseClaim(order="SO-1"), about())).claim_open
    theirs = await open_claim_facts(OpenClaim(order="SO-3"), about())
    assert (theirs.order_known, theirs.order_is_customers) == (True, False)


async def test_a_decline_that_was_taken_back_counts_as_contested(company: SmallCompany) -> None:
    action = Decline(order="SO-2", code="out_of_warranty")
    facts = await decline_facts(action, about())
    assert (facts.customer_known, facts.order_known, facts.in_warranty, facts.contested) == (True, True, False, False)
    assert facts.remedies_before == 1
    declined = await crm.decline_claim(action, permit(action))
    undo = declaration_of(crm.decline_claim).undo.by
    assert undo is not None
    await undo(declined, permit(action))
    assert (await decline_facts(action, about())).contested
    assert not (await decline_facts(action, about(case="WC-2"))).contested
    assert not (await decline_facts(Decline(order="SO-3", code="misuse"), about())).order_known


async def test_a_photograph_used_by_another_claim_is_recognised_though_saved_anew(company: SmallCompany) -> None:
    first, again, own = (file(company, picture(*how)).id for how in ((1, 400, 90), (1, 300, 40), (2, 400, 90)))
    claim = OpenClaim(order="SO-1", photos=(first,))
    await crm.open_claim(claim, permit(claim, case="WC-1"), about(case="WC-1"))
    copied = about("C-2", case="WC-2", sender="bruno@keller.example", documents=(again,))
    assert (await gift_card_facts(GiftCard(order="SO-3", amount=euros("1")), copied)).photo_used_before
    honest = copied.model_copy(update={"documents": (own,)})
    assert not (await gift_card_facts(GiftCard(order="SO-3", amount=euros("1")), honest)).photo_used_before
    report = DefectReport(order="SO-3", sku="W-1", description="x", photos=(again,))
    assert (await defect_facts(report, honest)).photo_used_before


async def test_the_first_to_use_a_photograph_is_not_blamed_for_the_second(company: SmallCompany) -> None:
    first, again = file(company, picture(3)).id, file(company, picture(3, 300)).id
    for case, order, photo in (("WC-1", "SO-1", first), ("WC-2", "SO-3", again)):
        claim = OpenClaim(order=order, photos=(photo,))
        await crm.open_claim(claim, permit(claim, case=case), about(case=case))
    assert not (await gift_card_facts(CARD, about(case="WC-1", documents=(first,)))).photo_used_before
    theirs = about("C-2", case="WC-2", documents=(again,))
    assert (await gift_card_facts(GiftCard(order="SO-3", amount=euros("1")), theirs)).photo_used_before


async def test_every_photograph_of_the_case_is_kept_with_its_claim_whether_or_not_it_was_named(company: SmallCompany) -> None:
    photo = file(company, picture(9)).id
    claim = OpenClaim(order="SO-1")
    await crm.open_claim(claim, permit(claim), about(documents=(photo,)))
    other = about("C-2", case="WC-2", documents=(photo,))
    assert (await gift_card_facts(GiftCard(order="SO-3", amount=euros("1")), other)).photo_used_before


async def test_a_withdrawn_report_lets_go_of_its_photographs(company: SmallCompany) -> None:
    photo = file(company, picture(4)).id
    report = DefectReport(order="SO-1", sku="K-1", description="lid", photos=(photo,))
    recorded = await erp.record_defect(report, permit(report))
    assert "1 photograph" in recorded.wrote["defect report"]
    other = about("C-2", case="WC-2", documents=(photo,))
    assert (await defect_facts(DefectReport(order="SO-3", sku="W-1", description="x"), other)).photo_used_before
    undo = declaration_of(erp.record_defect).undo.by
    assert undo is not None
    await undo(recorded, permit(report))
    assert not (await defect_facts(DefectReport(order="SO-3", sku="W-1", description="x"), other)).photo_used_before


async def test_a_picture_of_a_receipt_is_no_photograph_of_a_defect(company: SmallCompany) -> None:
    text = "Murtagh Electrical Ltd Dublin receipt number M-1 Pebble Kettle total 59.90 EUR paid by card thank you for your visit"
    receipt, photo = file(company, picture(5), text).id, file(company, picture(6), "KT17-0001").id
    found = await erp.find_photos(WhichPhotos(), about(documents=(receipt, photo, "not on file")))
    assert found.photos == (photo,)


async def test_a_picture_that_is_read_only_later_is_told_apart_then(company: SmallCompany) -> None:
    paper = file(company, picture(10))
    assert (await erp.find_photos(WhichPhotos(), about(documents=(paper.id,)))).photos == (paper.id,)
    file(company, picture(10), "Murtagh Electrical Ltd Dublin receipt number M-1 Pebble Kettle total 59.90 EUR paid by card")
    assert (await erp.find_photos(WhichPhotos(), about(documents=(paper.id,)))).photos == ()


async def test_a_receipt_is_on_file_when_a_paper_carries_the_price(company: SmallCompany) -> None:
    body = file(company, b"My kettle broke, I paid 59.90", "My kettle broke, I paid 59.90", "text")
    receipt = file(company, picture(7), "Murtagh TOTAL EUR 59,90")
    blurred = file(company, picture(8), "Mur gh T TAL")
    for papers, attached, expected in (
        ((body.id,), None, False),  # what a customer only says proves nothing
        ((body.id, receipt.id), None, True),
        ((body.id, receipt.id), (receipt.id,), True),
        ((body.id, blurred.id), (blurred.id,), False),
        ((body.id,), (), False),
    ):
        facts = await gift_card_facts(CARD, about(claim=READ, documents=papers, attachments=attached))
        assert facts.receipt_on_file is expected
    nothing_read = about(documents=(receipt.id,), attachments=(receipt.id,))
    assert not (await gift_card_facts(CARD, nothing_read)).receipt_on_file
