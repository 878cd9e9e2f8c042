"""The same warranty claim as a plain Temporal workflow: identical activity bodies, no governance, no record."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from pydantic import JsonValue
from temporalio import activity, workflow

from baton.governance import permits
from baton.governance.context import StepContext, entered
from baton.governance.declare import About, Declaration
from baton.types.canonical import plain
from baton.types.documents import Message
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, StepKey, decision_id
from baton.types.people import Actor

ME = Actor(kind="agent", id="plain")


class Call(Frozen):
    """What one activity is given."""

    step: str
    argument: dict[str, JsonValue]
    about: About


def body_of(declared: Declaration) -> Callable[..., Awaitable[Any]]:
    """An activity that runs the body of a governed one, and nothing else."""

    @activity.defn(name=f"plain.{declared.name}")
    async def body(call: Call) -> Any:
        argument = declared.action.model_validate(call.argument)
        key = decision_id(StepKey(call.step), "plain")
        if declared.kind == "effect":
            permit = permits.issue(key, call.about.case, argument)
            return await (
                declared.function(argument, permit, call.about) if declared.wants_about else declared.function(argument, permit)
            )
        if declared.wants_about:
            return await declared.function(argument, call.about)
        here = StepContext(case=call.about.case, process="plain", stage="", step=StepKey(call.step), decision=key, agent=ME)
        with entered(here):
            return await declared.function(argument)

    return body


@workflow.defn
class PlainClaim:
    """The steps of an approved gift card, one after the other."""

    def __init__(self) -> None:
        self._steps = 0
        self._approved = asyncio.Event()

    @workflow.update
    async def answer(self, said: str) -> str:
        """A person approves."""
        self._approved.set()
        return said

    @workflow.run
    async def run(self, message: Message) -> str:
        """What `WarrantyClaim` does for this message, without asking anybody whether it may."""
        case = CaseId(workflow.info().workflow_id)
        files = tuple(file.id for file in message.attachments)
        self._about = About(
            case=case,
            process="warranty_claim",
            stage="claims",
            customer=None,
            tier="standard",
            sender=message.sender,
            findings={},
            documents=(message.body.id, *files),
            attachments=files,
            message_id=message.id,
        )
        customer = await self._do("crm.find_customer", {})
        self._about = self._about.model_copy(update={"customer": customer["customer"]})
        await self._do("mail.send_letter", {"template": "acknowledge"})
        sent = plain(message)
        await self._do("classify.tell_kind", {"message": sent, "options": {"warranty_claim": "a product broke"}})
        await self._do("documents.read_documents", {"documents": sent["attachments"]}, queue="-pages")
        request = {"form": "warranty_claim:Claim", "message": sent, "documents": sent["attachments"]}
        read = (await self._do("rekey.key_form", request))["values"]
        order = await self._do(
            "erp.find_order", {key: read[key] for key in ("serial", "product", "receipt_number", "purchased", "paid", "seller")}
        )
        number = order["order"]
        photos = (await self._do("erp.find_photos", {}))["photos"]
        await self._do("crm.open_claim", {"order": number, "photos": photos})
        await self._do("mail.send_letter", {"template": "stage_changed", "values": {"stage": "our claims department"}})
        await self._approved.wait()
        card = await self._do("erp.issue_gift_card", {"order": number, "amount": order["paid"]})
        await self._do("mail.send_letter", {"template": "gift_card", "values": {"reference": card["reference"]}})
        defect = read["defect"] or "not described"
        await self._do("erp.record_defect", {"order": number, "sku": order["sku"], "description": defect, "photos": photos})
        await self._do("crm.close_claim", {"order": number})
        return str(card["reference"])

    async def _do(self, name: str, argument: dict[str, Any], queue: str = "") -> Any:
        self._steps += 1
        call = Call(step=f"{self._about.case}/{self._steps}", argument=argument, about=self._about)
        return await workflow.execute_activity(
            f"plain.{name}",
            call,
            task_queue=f"{workflow.info().task_queue}{queue}" if queue else None,
            start_to_close_timeout=timedelta(seconds=60),
        )
