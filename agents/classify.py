"""What kind of work a message is, or none that we know: the verb `classify`."""

from datetime import timedelta

from pydantic import Field

from baton.governance.declare import agent
from baton.process import do
from baton.types.documents import Message
from baton.types.findings import Finding
from baton.types.frozen import Frozen


class Kind(Frozen):
    """The kind of work a message asks for."""

    label: str | None = Field(
        default=None, description="one of the labels that were offered; None when none of them fits for certain"
    )
    reason: str = Field(description="why, in words for staff")
    confidence: float = Field(ge=0, le=1)


class ClassifyRequest(Frozen):
    """A message, and the kinds of work it may be."""

    message: Message
    options: dict[str, str] = Field(min_length=1, description="label to what it means, in words")


@agent(timeout=timedelta(minutes=4))
async def tell_kind(request: ClassifyRequest) -> Finding[Kind]:
    """Tell the kind of a message by its words, and by a language model where one is configured; in doubt, None."""
    # Here, because LangGraph takes seconds to import and a process needs the verb only.
    from agents.graphs.classify import run

    return await run(request)


async def classify(message: Message, options: dict[str, str]) -> Finding[Kind]:
    """The kind of work this message is, out of `options`; `values.label` is None when a person had better look."""
    return await do(tell_kind, ClassifyRequest(message=message, options=options))
