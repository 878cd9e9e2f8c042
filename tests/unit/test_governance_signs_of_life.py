"""An agent whose worker was killed begins again soon: it gives signs of life while it thinks, and silence counts as lost."""

import asyncio
from datetime import timedelta
from typing import Any

from temporalio.testing import ActivityEnvironment

from agents.rekey import key_form
from baton.governance.declare import declaration_of
from baton.governance.interceptors import signs_of_life


async def _thinks_for_a_moment() -> None:
    async with signs_of_life(declaration_of(key_form)):
        await asyncio.sleep(0.05)


async def test_an_agent_tells_that_it_thinks_until_it_is_done() -> None:
    told: list[Any] = []
    environment = ActivityEnvironment()
    environment.on_heartbeat = lambda *details: told.append(details)
    await environment.run(_thinks_for_a_moment)
    assert told
    after = len(told)
    await asyncio.sleep(0.05)
    assert len(told) == after


def test_silence_is_noticed_long_before_the_time_for_thinking_is_over() -> None:
    declared = declaration_of(key_form)
    assert declared.silence
    assert declared.silence <= timedelta(minutes=1) < declared.timeout
