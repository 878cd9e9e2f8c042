"""The front door at work: what becomes of messages, what a person decides there, and what the classifier learns from it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from baton.aside import bring_back, put_aside
from baton.routing.shelf import Shelf
from baton.testing import House, open_house
from baton.types.ids import CaseId

pytestmark = pytest.mark.asyncio(loop_scope="module")
NADIA = "nadia.verhoeven@example.com"
STRANGER = "somebody@elsewhere.example"
KETTLE = "My kettle stopped working and does not heat any more. It is still under warranty, please replace it."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(tmp_path_factory.mktemp("door")) as found:
        yield found


def outcomes(house: House, case: CaseId, action: str) -> list[str]:
    return [row.outcome for row in house.rows(case) if row.action == action]


async def test_a_clear_message_of_a_customer_becomes_a_case_with_its_row_and_joins_what_comes_later(house: House) -> None:
    arrived = await house.submit("intake", NADIA, "Kettle", KETTLE)
    assert (await house.outcome(arrived)).result == "warranty claim"
    [claim] = house.became(arrived)
    assert house.case(claim).process == "warranty_claim"
    assert outcomes(house, arrived, "casebook.open_case") == ["autonomous", "written"]
    await house.eventually(
        lambda: True if house.case(claim).status == "waiting" else None, "the letter that asks for the receipt"
    )

    asked = await house.submit("intake", NADIA, "My kettle", "What is the status of my claim? I have not heard anything.")
    assert (await house.outcome(asked)).result == "answered"
    [letter] = [text for text in house.letters() if "X-Letter: status_waiting" in text]
    assert f"[{claim}]" in letter

    late = await house.submit("intake", NADIA, f"Re: One thing we still need from you [{claim}]", "I am looking for it.")
    assert (await house.outcome(late)).result == "added to its case"

    # Whoever does not own the case neither hears of it nor adds to it.
    spy = await house.submit("intake", "declan.byrne@mail.example", f"Re: [{claim}]", f"What is the status of my claim {claim}?")
    assert "nothing to do" in (await house.task(spy)).options
    assert outcomes(house, spy, "casebook.answer_status") == []


async def test_a_clear_message_of_a_stranger_waits_for_a_person_and_is_not_answered(house: House) -> None:
    arrived = await house.submit("intake", STRANGER, "Kettle", KETTLE)
    task = await house.task(arrived)
    assert task.title == "We do not know this sender. What is this message about?"
    assert [text for text in house.letters() if f"<{STRANGER}>" in text or f"To: {STRANGER}" in text] == []
    await house.say(task, "lena", option="nothing to do", reason="rang them")
    assert (await house.outcome(arrived)).result == "nothing to do"
    assert house.became(arrived) == []


async def test_what_a_person_chooses_becomes_a_case_and_an_example_for_the_classifier(house: House) -> None:
    words = "Since Tuesday it dances across the room and hums at three in the morning. Something has to happen."
    arrived = await house.submit("intake", NADIA, "She dances", words)
    task = await house.task(arrived)
    assert "warranty claim" in task.options
    assert any("X-Letter: received" in text for text in house.letters())
    await house.say(task, "lena", option="warranty claim", reason="the bearing")
    assert (await house.outcome(arrived)).result == "warranty claim"
    [claim] = house.became(arrived)
    assert house.case(claim).process == "warranty_claim"
    [example] = Shelf(house.home).choices()
    assert (example.kind, example.by) == ("warranty_claim", "lena")
    assert words in example.text
    assert outcomes(house, arrived, "casebook.remember_choice") == ["autonomous", "written"]
    assert outcomes(house, arrived, "learn.learn_from_choices") == ["found"]


@pytest.mark.parametrize(
    ("subject", "body", "result"),
    [
        (
            "You have won",
            "CONGRATULATIONS! You have won 1,500,000 dollars in our lottery. Click the link and send your bank details.",
            "spam",
        ),
        ("", "", "empty"),
    ],
)
async def test_junk_and_empty_mail_is_put_aside_with_no_task_and_no_answer(
    house: House, subject: str, body: str, result: str
) -> None:
    arrived = await house.submit("intake", STRANGER, subject, body)
    assert (await house.outcome(arrived)).result == result
    assert [row for row in house.rows(arrived) if row.kind in ("verdict", "effect")] == []
    assert [text for text in house.letters() if f"<{STRANGER}>" in text or f"To: {STRANGER}" in text] == []


async def test_junk_that_was_meant_for_us_is_brought_back_and_people_say_what_it_is(house: House) -> None:
    body = "CONGRATULATIONS! You have won 2,500,000 dollars in our lottery. Click the link and send your bank details."
    arrived = await house.submit("intake", STRANGER, "You have won", body)
    assert (await house.outcome(arrived)).aside
    runtime, lena = house.runtime, house.person("lena")
    workflow, queue = runtime.project.processes["intake"].temporal_name, runtime.settings.queue("work")
    again = [await bring_back(runtime.engine, house.client, lena, arrived, workflow, queue) for _ in range(2)]
    assert again[0] == again[1]
    task = await house.task(again[0])
    await house.say(task, "lena", option="spam")
    assert (await house.outcome(again[0])).result == "spam"
    with runtime.database.read() as connection:  # somebody was asked: nobody has to look at it a third time
        assert not {arrived, again[0]} & {one.case for one in put_aside(connection, runtime.documents)}
    assert house.case(arrived).outcome == await house.outcome(arrived)


async def test_two_products_in_one_mail_become_two_cases(house: House) -> None:
    body = (
        f"1. {KETTLE} Serial number KT17-219874.\n\n2. The toaster, serial number TS20-198260, stopped working too: it is broken."
    )
    arrived = await house.submit("intake", "rory.kavanagh@example.com", "Two things", body)
    assert (await house.outcome(arrived)).result == "warranty claim"
    kettle, toaster = house.became(arrived)
    assert kettle != toaster
    assert {house.case(case).process for case in (kettle, toaster)} == {"warranty_claim"}
