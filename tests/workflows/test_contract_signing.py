"""From the customer's yes to live, on the company's own samples: who signs, who is asked, reminded, and told no."""

import asyncio
import sys
from collections.abc import AsyncIterator
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from contract_office import ContractOffice, a_home, a_story, an_engine
from pyhanko.pdf_utils.reader import PdfFileReader
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from activities.systems import forget, mail, use
from baton.governance.declare import FateUnknown
from baton.links import LinkOver, NotTheReader
from baton.store import Database
from baton.types.cases import Outcome

pytestmark = pytest.mark.asyncio(loop_scope="module")
SAMPLES = ("33", "34", "37", "38", "39", "40", "41", "42", "43", "44")
"""Those whose deals no other test here uses; the demo runs them all."""
SERVER = Path(sys.executable).parent / "temporal-test-server"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A real server whose time goes as fast as it is told to."""
    async with await asyncio.wait_for(
        WorkflowEnvironment.start_time_skipping(test_server_existing_path=str(SERVER), data_converter=pydantic_data_converter), 60
    ) as environment:
        yield environment


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    skipping: WorkflowEnvironment, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ContractOffice]:
    """One company for all tests here: each has a customer and a deal of its own."""
    home = tmp_path_factory.mktemp("contracts")
    (home / "baton.db").write_bytes(migrated_sqlite.read_bytes())
    with pytest.MonkeyPatch.context() as environment:
        a_home(home, environment)
        forget()
        database = Database(f"sqlite:///{home / 'baton.db'}")
        made = ContractOffice(skipping.client, an_engine(database, home), home, environment=skipping)
        async with made.with_a_worker():
            yield made
        database.close()
        forget()


async def test_their_paper_with_fine_clauses_and_a_small_value_is_sealed_countersigned_archived_and_live(
    office: ContractOffice,
) -> None:
    case = await office.receive(a_story("30"))
    await office.sign(case, "Mara Lindqvist")
    assert await office.go_live(case) == Outcome(result="live", words="live: D-2001, 2 days after the yes").model_dump()
    [letter] = office.letters(case, "contract_complete")
    [enclosed] = [part.get_content() for part in letter.iter_attachments()]
    assert [one.field_name for one in PdfFileReader(BytesIO(enclosed)).embedded_signatures] == ["BatonCompany", "BatonCustomer"]
    assert [row.outcome for row in office.rows(case, "verdict")] == ["autonomous"] * len(office.rows(case, "verdict"))


@pytest.mark.long
@pytest.mark.parametrize("number", SAMPLES)
async def test_a_sample_ends_as_it_says(office: ContractOffice, number: str) -> None:
    story = a_story(number)
    outcome = await office.play(story)
    assert outcome["result"] == story.expect.outcome


async def test_a_customer_who_says_nothing_is_reminded_twice_and_then_the_link_ends(office: ContractOffice) -> None:
    story = a_story("31")
    case = await office.receive(story)
    link = await office.link(case)
    for reminders in (1, 2):
        await office.pass_time(days=5, minutes=1)
        await office.until(lambda: len(office.letters(case, "countersign_reminder")) == reminders, "reminder")  # noqa: B023
    await office.pass_time(days=4)
    assert (await office.ended(case))["result"] == "expired"
    [last] = office.letters(case, "contract_closed")
    assert "without an answer" in last.get_content()
    with pytest.raises(LinkOver):
        office.desk().open(link)


async def test_an_answer_that_the_case_did_not_hear_is_found_at_the_next_reminder(office: ContractOffice) -> None:
    case = await office.receive(a_story("36"))
    link = await office.link(case)

    async def nobody() -> Client:
        raise RuntimeError("the server is away")

    deaf = office.desk()
    deaf._connect = nobody
    await deaf.say(link, "decline", "Hanne Sørlie", "too late in the year")
    assert office.case(case).status != "closed"
    await office.pass_time(days=5, minutes=1)
    assert (await office.ended(case))["result"] == "declined by customer"


async def test_a_letter_that_claims_to_be_a_signature_signs_nothing_and_goes_to_sales(office: ContractOffice) -> None:
    case = await office.receive(a_story("32"))
    await office.decide(case, "corinne", "approve", "signing.sign")
    link = await office.link(case)
    consent = b'0000\n{"says":"sign","name":"Aoife Brannigan"}'
    forged = office.filed(_mail(case.id, "aoife.brannigan@harbour-lodge.example", consent))
    await office.write(case, forged)
    await office.decide(case, "ilse", "approve", "question", changes={"option": "wait on"})
    with pytest.raises(NotTheReader):
        await office.desk().say(link, "sign", "Somebody Else")
    first = await office.desk().say(link, "sign", "Aoife Brannigan")
    again = await office.desk().say(link, "decline", "Aoife Brannigan", "no after all")
    assert again == first, "a link is answered once"
    assert (await office.go_live(case))["result"] == "live"
    done = [row.action for row in office.rows(case, "effect") if row.outcome == "written" and row.action.startswith("signing.")]
    assert done == ["signing.sign", "signing.invite", "signing.countersign"]


async def test_a_letter_that_may_be_lost_is_asked_about_and_sent_again_only_when_sales_says_so(
    office: ContractOffice,
) -> None:
    outbox, lost = mail(), []

    class Silent:
        """The mail server falls silent after it had the first letter with a link."""

        def __getattr__(self, name: str) -> Any:
            return getattr(outbox, name)

        async def send(self, envelope: Any, *rest: Any) -> Any:
            if envelope.template == "countersign" and not lost:
                lost.append(envelope)
                raise FateUnknown("the mail server fell silent")
            return await outbox.send(envelope, *rest)

    with use(mail=Silent()):
        case = await office.receive(a_story("35"))
        await office.decide(case, "hendrik", "approve", "signing.sign")
        await office.until(lambda: office.waiting(case, "question"), "question")
        assert office.letters(case, "countersign") == []
        await office.decide(case, "rafael", "approve", "question", changes={"option": "send it again"})
        await office.sign(case, "Ruben Vandamme")
        assert (await office.go_live(case))["result"] == "live"
    assert [len(lost), len(office.letters(case, "countersign"))] == [1, 1]
    unknown = [row.action for row in office.rows(case, "effect") if row.outcome == "unknown"]
    assert unknown == ["mail.send_letter"]


def _mail(case: str, sender: str, attached: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "care@wrenfield-oake.example", f"Signed [{case}]"
    mail["Message-ID"] = f"<link:{case}@x.example>"
    mail.set_content("I sign the contract.")
    mail.add_attachment(attached, maintype="application", subtype="vnd.baton.consent+json", filename="answer-by-link.json")
    return mail.as_bytes()
