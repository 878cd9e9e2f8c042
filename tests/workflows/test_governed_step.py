"""One governed step on a real server: alone, by a person, by nobody."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import petty_cash
import pytest
from office import Office
from temporalio.client import WorkflowFailureError

from baton.cases import store
from baton.cases.bookkeeping import mark_stuck
from baton.cases.requests import CaseStuck
from baton.cases.tables import case as case_file
from baton.deciding import Refused, send, signed
from baton.governance import alarm
from baton.governance.answering import Answers
from baton.governance.oversight import MayNotStop, resume, stop
from baton.governance.stamps import SignIn
from baton.governance.undoing import CannotUndo
from baton.replaying import replay
from baton.store import Database
from baton.types.answers import Stamp
from baton.types.cases import Outcome
from baton.types.ids import CaseId, PersonId, decision_id
from baton.undo import ask_for_undo

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_small_payment_goes_alone_and_its_decision_stands_before_its_effect(
    office: Office, fresh_till: petty_cash.Till
) -> None:
    case = await office.submit("pay 8.00")
    assert (await case.result())["result"] == "paid"
    kinds = [(row.kind, row.outcome) for row in office.rows(case) if row.step]
    assert kinds == [("finding", "found"), ("verdict", "autonomous"), ("effect", "written")]
    verdict, effect = office.rows(case, "verdict")[0], office.rows(case, "effect")[0]
    assert verdict.rules == ("cash.alone",)
    assert effect.links["verdict"] == verdict.id
    assert list(fresh_till.paid) == [verdict.id]
    assert office.case(case).status == "closed"


async def test_a_larger_payment_waits_for_somebody_who_may_and_happens_once(office: Office, fresh_till: petty_cash.Till) -> None:
    case = await office.submit("pay 30.00")
    task = await office.task(case)
    assert set(task.approvers) == {"carl", "cora", "hans", "hilde"}
    assert [clause.words for clause in task.failed] == [
        "it is more than nothing and at most 10.00",
        "at most 25.00 a day leaves the till alone",
    ]
    assert fresh_till.writes == 0
    await office.say(task, "carl", "approve", seconds=3)
    assert (await case.result())["result"] == "paid"
    assert fresh_till.writes == 1
    outcomes = [(row.kind, row.outcome) for row in office.rows(case) if row.step and row.kind != "finding"]
    assert outcomes == [("verdict", "needs_approval"), ("answer", "approve"), ("verdict", "approved"), ("effect", "written")]


async def test_a_person_without_the_role_is_refused_and_the_refusal_is_a_row(office: Office, fresh_till: petty_cash.Till) -> None:
    case = await office.submit("pay 80.00")
    task = await office.task(case)
    for nobody, why in (("otto", "Otto"), ("carl", "at most 50.00"), ("ida", "not active"), ("mallory", "nobody called")):
        with pytest.raises(Refused, match=why):
            await office.say(task, nobody, "approve")
    assert [row.outcome for row in office.rows(case, "answer")] == ["refused"] * 4
    assert fresh_till.writes == 0
    await office.say(task, "hans", "approve")
    assert (await case.result())["result"] == "paid"


async def test_forged_expired_and_stale_answers_are_refused(office: Office, fresh_till: petty_cash.Till) -> None:
    case = await office.submit("pay 20.00")
    task = await office.task(case)
    sign_in = SignIn.at(office.home)
    honest = signed(sign_in, task, PersonId("carl"), "approve")
    spoken_for_another = honest.model_copy(update={"person": PersonId("hans"), "id": "a1"})
    with pytest.raises(Refused, match="does not fit"):
        await send(office.client, task.case, spoken_for_another)
    unsigned = honest.model_copy(update={"id": "a2", "stamp": Stamp(expires=honest.stamp.expires, signature="")})
    with pytest.raises(Refused, match="does not fit"):
        await send(office.client, task.case, unsigned)
    late = honest.model_copy(update={"id": "a3"})
    late = late.model_copy(update={"stamp": sign_in.stamp(late, timedelta(seconds=-1))})
    with pytest.raises(Refused, match="expired"):
        await send(office.client, task.case, late)
    stale = task.model_copy(update={"hash": "0" * 64})
    with pytest.raises(Refused, match="has changed since"):
        await office.say(stale, "carl", "approve")
    assert fresh_till.writes == 0
    await send(office.client, task.case, honest)
    await case.result()
    assert fresh_till.writes == 1


async def test_the_same_answer_sent_twice_counts_once(office: Office, fresh_till: petty_cash.Till) -> None:
    case = await office.submit("pay 20.00")
    task = await office.task(case)
    answer = signed(SignIn.at(office.home), task, PersonId("carl"), "approve")
    first = await send(office.client, task.case, answer)
    second = await send(office.client, task.case, answer)
    assert first == second
    await case.result()
    assert fresh_till.writes == 1
    assert len(office.rows(case, "answer")) == 1


async def test_an_edit_within_the_editors_own_limit_is_done(office: Office, fresh_till: petty_cash.Till) -> None:
    case = await office.submit("pay 80.00")
    task = await office.task(case)
    await office.say(
        task, "carl", "edit", changes={"amount": {"amount": "45.00", "currency": "EUR"}}, reason="the receipt says 45"
    )
    assert await case.result() == Outcome(result="paid", words="45.00 EUR").model_dump()
    assert [row.outcome for row in office.rows(case, "verdict")] == ["needs_approval", "approved"]


async def test_an_edit_that_nobody_could_approve_is_refused_and_the_task_stays(
    office: Office, fresh_till: petty_cash.Till
) -> None:
    case = await office.submit("pay 80.00")
    task = await office.task(case)
    with pytest.raises(Refused, match=r"nobody could approve this as edited: .*at most"):
        await office.say(task, "hans", "edit", changes={"amount": {"amount": "900.00", "currency": "EUR"}})
    assert [task.status for task in office.tasks(case)] == ["open"]
    await office.say(task, "hilde", "edit", changes={"amount": {"amount": "70.00", "currency": "EUR"}})
    assert await case.result() == Outcome(result="paid", words="70.00 EUR").model_dump()
    assert fresh_till.writes == 1


async def test_who_comes_second_hears_who_decided(office: Office, fresh_till: petty_cash.Till) -> None:
    case = await office.submit("pay 30.00")
    task = await office.task(case)
    await office.say(task, "carl", "reject", reason="no receipt", code="no_receipt")
    await case.result()
    late = Answers(office.engine).judge(signed(SignIn.at(office.home), task, PersonId("cora"), "approve"), CaseId(case.id))
    assert not late.accepted
    assert late.refusal.startswith("carl decided this already (reject, ")
    assert [row.outcome for row in office.rows(case, "answer")] == ["reject", "refused"]


async def test_an_editor_cannot_approve_their_own_edit(office: Office, fresh_till: petty_cash.Till) -> None:
    case = await office.submit("pay 30.00")
    task = await office.task(case)
    await office.say(task, "carl", "edit", changes={"amount": {"amount": "90.00", "currency": "EUR"}})
    second = await office.task(case, at_least=2)
    assert set(second.approvers) == {"hans", "hilde"}
    with pytest.raises(Refused, match="may not approve"):
        await office.say(second, "carl", "approve")
    await office.say(second, "hans", "approve")
    assert await case.result() == Outcome(result="paid", words="90.00 EUR").model_dump()


async def test_only_editable_fields_change(office: Office, fresh_till: petty_cash.Till) -> None:
    case = await office.submit("pay 30.00")
    task = await office.task(case)
    with pytest.raises(Refused, match="employee cannot be edited"):
        await office.say(task, "carl", "edit", changes={"employee": "carl"})
    with pytest.raises(Refused, match="do not fit"):
        await office.say(task, "carl", "edit", changes={"amount": "a lot"})
    await office.say(task, "carl", "reject", reason="no receipt", code="no_receipt")
    assert await case.result() == Outcome(result="rejected", words="no_receipt: no receipt").model_dump()


async def test_a_return_carries_its_code(office: Office, fresh_till: petty_cash.Till) -> None:
    case = await office.submit("pay 30.00")
    task = await office.task(case)
    with pytest.raises(Refused, match="say why"):
        await office.say(task, "carl", "return")
    await office.say(task, "carl", "return", code="wrong_department")
    assert await case.result() == Outcome(result="returned", words="wrong_department").model_dump()


async def test_facts_that_change_before_the_effect_send_the_approval_back(office: Office, fresh_till: petty_cash.Till) -> None:
    case = await office.submit("pay 45.00")
    task = await office.task(case)
    assert "it is at most what is owed" in [clause.words for clause in task.failed]
    fresh_till.owed = "3.00"
    await office.say(task, "carl", "approve")
    again = await office.task(case)
    while not again.note:
        again = await office.task(case)
    assert "owed" in again.note
    assert fresh_till.writes == 0
    await office.say(again, "cora", "approve")
    assert (await case.result())["result"] == "paid"
    assert fresh_till.writes == 1


async def test_a_question_takes_one_of_its_options(office: Office) -> None:
    case = await office.submit("ask")
    task = await office.task(case)
    with pytest.raises(Refused, match="choose one"):
        await office.say(task, "carl", "approve", changes={"option": "middle"})
    with pytest.raises(Refused, match="may not answer"):
        await office.say(task, "otto", "approve", changes={"option": "left"})
    await office.say(task, "carl", "approve", changes={"option": "right"}, reason="it is fuller")
    assert await case.result() == Outcome(result="right", words="it is fuller").model_dump()


async def test_a_stop_holds_the_next_step_and_resume_lets_it_go_on(office: Office, fresh_till: petty_cash.Till) -> None:
    stop(office.engine, PersonId("olga"), "petty_cash", "", "the till is being counted")
    case = await office.submit("pay 5.00")
    for _ in range(100):
        if office.rows(case, "stop"):
            break
        import asyncio

        await asyncio.sleep(0.05)
    assert [row.outcome for row in office.rows(case, "stop")] == ["held"]
    assert fresh_till.writes == 0
    with pytest.raises(MayNotStop, match="may not"):
        resume(office.engine, PersonId("carl"), "petty_cash", "", "")
    resume(office.engine, PersonId("olga"), "petty_cash", "", "counted")
    assert (await case.result())["result"] == "paid"
    assert len(office.rows(case, "stop")) == 1


async def test_the_daily_cap_counts_what_other_cases_took(office: Office, fresh_till: petty_cash.Till) -> None:
    for _ in range(2):
        assert (await office.outcome("pay 10.00"))["result"] == "paid"
    case = await office.submit("pay 10.00")
    task = await office.task(case)
    assert [clause.words for clause in task.failed] == ["at most 25.00 a day leaves the till alone"]


async def test_an_effect_is_undone_once_by_somebody_who_may(office: Office, fresh_till: petty_cash.Till) -> None:
    case = await office.submit("pay 9.00")
    await case.result()
    effect = office.rows(case, "effect")[0]
    sign_in = SignIn.at(office.home)
    with pytest.raises(CannotUndo, match="may not undo"):
        await ask_for_undo(office.client, sign_in, effect.id, PersonId("carl"), "mistake", office.queue)
    undone = await ask_for_undo(office.client, sign_in, effect.id, PersonId("olga"), "mistake", office.queue)
    assert undone.how == "exact"
    again = await ask_for_undo(office.client, sign_in, effect.id, PersonId("olga"), "mistake", office.queue)
    assert again.undo == undone.undo
    assert fresh_till.undone == ["P-1"]
    assert [row.outcome for row in office.rows(case, "undo")] == ["refused", "allowed", "undone"]


async def test_a_lost_fate_goes_to_a_person_and_is_never_repeated(office: Office, fresh_till: petty_cash.Till) -> None:
    fresh_till.loses_track = True
    case = await office.submit("pay 5.00")
    with pytest.raises(WorkflowFailureError):
        await case.result()
    assert fresh_till.writes == 1
    assert [row.outcome for row in office.rows(case, "effect")] == ["unknown"]
    assert office.case(case).status == "stuck"


async def test_an_activity_outside_a_case_is_refused(office: Office, fresh_till: petty_cash.Till) -> None:
    handle = await office.client.start_activity(
        "petty_cash.pay_out",
        petty_cash.PayOut(employee="eve", amount=petty_cash.Money(amount="5.00", currency="EUR")),  # type: ignore[arg-type]
        id="side-door",
        task_queue=office.queue,
        start_to_close_timeout=timedelta(seconds=5),
    )
    with pytest.raises(Exception, match="Activity"):
        await handle.result()
    assert fresh_till.writes == 0


async def test_the_engine_works_on_both_databases(
    make_office: Callable[[Database], Office], database: Database, fresh_till: petty_cash.Till
) -> None:
    async with make_office(database).at_work() as office:
        case = await office.submit("pay 30.00")
        await office.say(await office.task(case), "carl", "approve")
        assert (await case.result())["result"] == "paid"
        assert decision_id(office.rows(case, "verdict")[0].step, "verdict") in fresh_till.paid  # type: ignore[arg-type]
        office.engine.ledger.drain()
        assert office.engine.ledger.verify().ok
        again = replay(office.engine)
        assert (again.verdicts, again.same, again.differs) == (2, 2, ())
        trouble = CaseStuck(case=CaseId(case.id), trouble="the code is wrong")
        with database.write() as connection:
            assert store.alert(connection, "a", CaseId(case.id), "look")
            assert not store.alert(connection, "a", CaseId(case.id), "look")
            connection.execute(case_file.update().values(status="open"))
            mark_stuck(office.engine, connection, trouble)
        assert [row.outcome for row in office.rows(case, "handoff")][-1] == "stuck"


async def test_a_process_with_a_mistake_is_shown_as_stuck(office: Office) -> None:
    case = await office.submit("break it")
    notes: list[alarm.Note] = []
    for _ in range(100):
        notes += [note for note in alarm.pick_up() if note.case == case.id]
        if notes:
            break
        await asyncio.sleep(0.05)
    with office.engine.database.write() as connection:
        mark_stuck(office.engine, connection, CaseStuck(case=notes[0].case, trouble=notes[0].trouble))
    assert office.case(case).status == "stuck"
    assert "a mistake in the process" in office.case(case).trouble
    await case.terminate()
