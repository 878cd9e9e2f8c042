"""People first: steps give way to answers, and never for long."""

import asyncio
import time

from baton.governance.courtesy import LONGEST, Courtesy


class Clock:
    """A clock that somebody else moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def answered(courtesy: Courtesy, times: int) -> None:
    for _ in range(times):
        with courtesy.answering():
            pass


def test_nobody_gives_way_where_nobody_answers() -> None:
    assert not Courtesy().asked_for


def test_one_answer_holds_nobody_up_once_it_is_judged() -> None:
    courtesy = Courtesy()
    with courtesy.answering():
        assert courtesy.asked_for
    assert not courtesy.asked_for


def test_steps_give_way_while_several_answers_come_and_go_on_after() -> None:
    clock = Clock()
    courtesy = Courtesy(clock)
    answered(courtesy, 3)
    assert courtesy.asked_for
    clock.now += 1
    assert not courtesy.asked_for


async def test_however_many_answers_come_a_step_goes_on_in_the_end() -> None:
    courtesy = Courtesy()
    began = time.monotonic()
    with courtesy.answering():
        await asyncio.wait_for(courtesy.give_way(), 10 * LONGEST)
    assert time.monotonic() - began >= LONGEST
