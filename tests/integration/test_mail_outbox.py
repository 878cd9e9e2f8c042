"""Letters without a mail server: what a letter says, and that it lies in the outbox once."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from activities import erp, mail
from activities.erp.models import GiftCard, Repair
from activities.mail.facts import letter_facts, question_facts
from activities.mail.letters import MOST_A_DAY, TooManyLetters
from activities.mail.models import Letter, Question
from activities.mail.templates import UnfitValues
from baton.governance.declare import NoPermit, declaration_of
from tests.integration.small_company import SmallCompany, about, at_work, euros, permit

ACKNOWLEDGE = Letter(template="acknowledge")


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallCompany]:
    monkeypatch.setenv("BATON_HOME", str(tmp_path / "home"))
    with at_work(f"sqlite:///{tmp_path / 'company.db'}", tmp_path) as opened:
        yield opened


def letters(company: SmallCompany) -> list[EmailMessage]:
    files = sorted((company.home / "outbox").glob("*.eml"))
    read = [message_from_bytes(path.read_bytes(), policy=default) for path in files]
    assert all(isinstance(message, EmailMessage) for message in read)
    return read  # type: ignore[return-value]  # the policy's own class


async def test_a_letter_goes_to_whoever_wrote_and_names_its_case(company: SmallCompany) -> None:
    sent = await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE, key="d-1"), about(message_id="<their@mail.example>"))
    (letter,) = letters(company)
    assert (company.home / "outbox" / "d-1.eml").is_file()
    assert letter["To"].addresses[0].addr_spec == sent.recipient == "ada.winter@mail.example"
    assert letter["Subject"] == "We have your message [WC-1]"
    assert (letter["Message-ID"], letter["In-Reply-To"]) == (sent.message_id, "<their@mail.example>")
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter.get_content().startswith("Hello Ada Winter,")


async def test_a_letter_sent_twice_under_one_key_is_one(company: SmallCompany) -> None:
    first = await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE, key="d-1"), about())
    again = await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE, key="d-1"), about())
    assert first == again == await company.mail.look_up("d-1")
    assert len(letters(company)) == 1
    assert (await letter_facts(ACKNOWLEDGE, about())).letters_today == 1


def test_two_at_once_under_one_key_write_one_letter(company: SmallCompany) -> None:
    with ThreadPoolExecutor(4) as pool:
        permits = [permit(ACKNOWLEDGE, key="d-1") for _ in range(4)]
        found = list(pool.map(lambda leave: asyncio.run(mail.send_letter(ACKNOWLEDGE, leave, about())), permits))
    assert all(sent == found[0] for sent in found)
    assert len(letters(company)) == 1
    assert not list((company.home / "outbox").glob(".leaving-*"))


async def test_a_permit_for_another_letter_sends_nothing(company: SmallCompany) -> None:
    with pytest.raises(NoPermit):
        await mail.send_letter(ACKNOWLEDGE, permit(Letter(template="closed")), about())
    assert letters(company) == []


async def test_a_letter_that_was_about_to_leave_leaves_when_tried_again(company: SmallCompany) -> None:
    sent = await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE, key="d-1"), about())
    (company.home / "outbox" / "d-1.eml").unlink()  # as though the worker had died between the list and the file
    assert await company.mail.look_up("d-1") is None
    assert await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE, key="d-1"), about()) == sent
    assert len(letters(company)) == 1


async def test_a_gift_cards_amount_comes_from_the_records(company: SmallCompany) -> None:
    card = GiftCard(order="SO-1", amount=euros("59.90"))
    issued = await erp.issue_gift_card(card, permit(card))
    letter = Letter(template="gift_card", values={"reference": issued.card})
    assert (await letter_facts(letter, about())).values_fit
    await mail.send_letter(letter, permit(letter), about())
    assert "over 59.90 EUR" in letters(company)[0].get_content()


async def test_a_letter_never_promises_what_the_case_was_not_given(company: SmallCompany) -> None:
    card, repair = GiftCard(order="SO-1", amount=euros("59.90")), Repair(order="SO-2", defect="leaks")
    issued = await erp.issue_gift_card(card, permit(card, case="WC-2"))
    booked = await erp.book_repair(repair, permit(repair, case="WC-1"))
    for template, reference in (("gift_card", issued.card), ("gift_card", "GC-1"), ("gift_card", booked.repair)):
        letter = Letter(template=template, values={"reference": reference})
        assert not (await letter_facts(letter, about(case="WC-1"))).values_fit
        with pytest.raises(UnfitValues):
            await mail.send_letter(letter, permit(letter), about(case="WC-1"))
    true = Letter(template="repair", values={"reference": booked.repair})
    assert (await letter_facts(true, about(case="WC-1"))).values_fit


async def test_nobody_is_asked_twice_or_for_what_is_on_file(company: SmallCompany) -> None:
    ask = Letter(template="ask_for", values={"documents": "the receipt and the serial number"})
    assert not (await letter_facts(ask, about())).already_asked
    await mail.send_letter(ask, permit(ask), about())
    again = Letter(template="ask_for", values={"documents": "serial"})
    assert (await letter_facts(again, about())).already_asked
    assert not (await letter_facts(again, about(case="WC-2"))).already_asked
    assert not (await letter_facts(again, about(case="WC-2"))).on_file
    assert (await letter_facts(again, about(case="WC-2", claim={"serial": "KT17-0001"}))).on_file


async def test_a_stranger_is_known_to_be_one(company: SmallCompany) -> None:
    facts = await letter_facts(ACKNOWLEDGE, about(None, sender="who@else.example"))
    assert (facts.recipient_known, facts.template_known, facts.values_fit) == (False, True, True)
    assert not (await letter_facts(Letter(template="question", values={"text": "free words"}), about())).template_known


async def test_a_persons_question_goes_out_in_their_words(company: SmallCompany) -> None:
    question = Question(text="Which lamp blinks?\nThe left or the right one?")
    facts = await question_facts(question, about())
    assert (facts.recipient_known, facts.values_fit) == (True, True)
    await mail.ask_question(question, permit(question), about())
    (letter,) = letters(company)
    assert "Which lamp blinks?\nThe left or the right one?" in letter.get_content().replace("\r\n", "\n")
    assert letter["Auto-Submitted"] == "no"
    for text in ("", " \n ", "x" * 2001, "go to https://evil.example"):
        assert not (await question_facts(Question(text=text), about())).values_fit


async def test_a_case_that_writes_without_end_is_stopped(company: SmallCompany) -> None:
    for _ in range(MOST_A_DAY):
        await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE), about())
    with pytest.raises(TooManyLetters, match="WC-1"):
        await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE), about())
    await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE, case="WC-2"), about(case="WC-2"))


def test_no_letter_can_be_taken_back() -> None:
    assert declaration_of(mail.send_letter).undo.how == declaration_of(mail.ask_question).undo.how == "none"
