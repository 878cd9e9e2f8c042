"""Where a case's time goes: at work, before people, and with the customer."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from baton.console.caselegs import legs_of, silences_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def case(status: str = "closed", closed: float | None = 60) -> Any:
    return SimpleNamespace(opened=at(0), closed=None if closed is None else at(closed), status=status)


def row(minutes: float) -> Any:
    return SimpleNamespace(at=at(minutes))


def task(opened: float, decided: float | None) -> Any:
    return SimpleNamespace(opened=at(opened), decided=None if decided is None else at(decided), stage="claims")


def wrote(minutes: float) -> Any:
    return SimpleNamespace(received=at(minutes))


LEFT = {"entered": at(0).isoformat(), "left": at(60).isoformat()}
HANDOFFS = [{"stage": "claims", "holder": "marta", "due": None, "returned": None, **LEFT}]


def test_waiting_for_people_and_for_the_customer_stand_apart_from_work() -> None:
    tasks = [task(30, 45)]
    silences = silences_of(case(), [row(1), row(2), row(28), row(60)], tasks, [wrote(-5), wrote(27)])
    [leg] = legs_of(case(), HANDOFFS, tasks, silences, {"marta": "Marta"})
    assert (leg.asked, leg.waiting, leg.working) == (25 * 60, 15 * 60, 20 * 60)
    assert leg.seconds == leg.asked + leg.waiting + leg.working


def test_a_message_that_comes_while_a_person_is_asked_is_no_wait_for_the_customer() -> None:
    assert silences_of(case(), [row(1), row(50)], [task(2, 49)], [wrote(20)]) == []


def test_a_case_that_waits_for_its_customer_counts_from_what_was_last_done() -> None:
    [(start, end)] = silences_of(case("waiting", None), [row(1), row(7)], [], [])
    assert start == at(7)
    assert end > start
