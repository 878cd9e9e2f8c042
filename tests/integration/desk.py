"""A step to run an agent in, and messages to run it on."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import ModuleType
from typing import Annotated, Literal

from pydantic import BaseModel

from agents.graphs.filed import store
from baton.forms import name_of
from baton.governance.context import StepContext, entered
from baton.readers.fields import Defect, Means, Product, PurchaseDate, ReceiptTotal, Seller, Serial
from baton.types.documents import Document, Message
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, StepKey, decision_id
from baton.types.people import Actor


@contextmanager
def step(key: str = "WC-1/1/0", agent: str = "rekey") -> Iterator[StepContext]:
    """A governed step, as the inbound interceptor would enter it."""
    here = StepContext(
        case=CaseId(key.split("/")[0]),
        process="warranty_claim",
        stage="customer-service",
        step=StepKey(key),
        decision=decision_id(StepKey(key), "finding"),
        agent=Actor(kind="agent", id=agent, version="1"),
    )
    with entered(here):
        yield here


def message(body: str, subject: str = "Hello", attachments: tuple[Document, ...] = ()) -> Message:
    """A filed message."""
    filed = store().put(body.encode(), "body.txt", "text/plain")
    return Message(
        id="<1@example.org>",
        sender="ann@example.org",
        subject=subject,
        received=datetime(2026, 3, 1, 9, tzinfo=UTC),
        source=filed,
        body=filed,
        attachments=attachments,
    )


class Claim(Frozen):
    """A form as a process file declares one."""

    product: Product | None = None
    serial: Serial | None = None
    seller: Seller | None = None
    purchased: PurchaseDate | None = None
    paid: ReceiptTotal | None = None
    defect: Defect | None = None
    wish: Annotated[Literal["repair", "gift_card"] | None, Means({"repair": ("repair",), "gift_card": ("gift card",)})] = None


class Payment(Frozen):
    """A small form, for a small model."""

    paid: ReceiptTotal | None = None
    serial: Serial | None = None


def declare_form(form: type[BaseModel] = Claim) -> str:
    """Make this a form of a process file, and return its name."""
    module = sys.modules.setdefault("workflows.keyed_in_tests", ModuleType("workflows.keyed_in_tests"))
    form.__module__ = module.__name__
    vars(module)[form.__name__] = form
    return name_of(form)
