"""Learning from what people chose at the door: the verb `learn`."""

from datetime import timedelta

from pydantic import Field

from baton.governance.declare import agent
from baton.process import do
from baton.types.findings import Finding
from baton.types.frozen import Frozen


class Lesson(Frozen):
    """Look whether enough was chosen to learn from."""


class Learnt(Frozen):
    """What came of it, on record: a classifier that would do worse never comes into use."""

    trained: bool
    replaced: bool = Field(default=False, description="whether the new classifier is in use")
    words: str = Field(description="how the old and the new one did on messages that neither was taught")


@agent(timeout=timedelta(minutes=10))
async def learn_from_choices(request: Lesson) -> Finding[Learnt]:
    """Train anew where enough was chosen since the last time, and use that only when it is no worse."""
    # Here, because the classifier takes seconds to import and a process needs the verb only.
    from agents.graphs.learn import run

    return await run()


async def learn() -> Finding[Learnt]:
    """Learn from the choices so far."""
    return await do(learn_from_choices, Lesson())
