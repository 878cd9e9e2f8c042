"""Purchasing systems for contract tests: one supplier, one order, permits, and the effects that stand upon each other."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any, TypeAlias

from activities.purchasing.models import (
    CancelOrder,
    ConfirmAccount,
    PayBill,
    PlaceOrder,
    RecordReceipt,
    RegisterBill,
    ReleasePayment,
    SendOrder,
    WantedLine,
)
from activities.purchasing.port import Purchasing
from baton.governance.declare import Permit
from baton.governance.permits import issue
from baton.matching import BilledLine, ReceiptLine
from baton.types.actions import Action, Done
from baton.types.ids import CaseId, DecisionId
from baton.types.money import Money

_keys = count(1)
Write: TypeAlias = Callable[[Purchasing, Action, Permit], Awaitable[Done]]


def permit(action: Action, key: str | None = None, case: str = "PO-1") -> Permit:
    """Leave to do exactly this, as governance would give it."""
    return issue(DecisionId(key or f"d-purchase-{next(_keys)}"), CaseId(case), action)


def euros(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="EUR")


def an_order(supplier: str, quantity: int = 10) -> PlaceOrder:
    """So many kettles at 20.00."""
    line = WantedLine(item="KT-17", name="Pebble Kettle", quantity=Decimal(quantity), unit="pcs", price=Decimal("20.00"))
    return PlaceOrder(supplier=supplier, category="goods", cost_centre="CC-1", lines=(line,), amount=euros(f"{20 * quantity}.00"))


def a_receipt(order: str, received: int = 10, rejected: int = 0) -> RecordReceipt:
    return RecordReceipt(order=order, lines=(ReceiptLine(line=1, received=Decimal(received), rejected=Decimal(rejected)),))


def a_bill(order: str, quantity: int = 10, number: str = "R-1", **more: Any) -> RegisterBill:
    """An honest bill without tax."""
    line = BilledLine(
        item="KT-17", name="Pebble Kettle", quantity=Decimal(quantity), price=Decimal("20.00"), net=Decimal(20 * quantity)
    )
    amount = euros(f"{20 * quantity}.00")
    given = {"order": order, "number": number, "lines": (line,), "net": amount.amount, "tax": Decimal(0), "amount": amount}
    return RegisterBill(**(given | more))


@dataclass
class Bench:
    """A purchasing system under test, with its one supplier."""

    system: Purchasing
    supplier: str
    new_account: str = "NL02ABNA0123456789"

    async def placed(self) -> str:
        """The number of a fresh order."""
        action = an_order(self.supplier)
        return (await self.system.place_order(action, permit(action), "petra", "bram")).order

    async def received(self) -> str:
        """An order of which all came."""
        order = await self.placed()
        action = a_receipt(order)
        await self.system.record_receipt(action, permit(action))
        return order

    async def billed(self, number: str | None = None) -> str:
        """A bill for all that came."""
        action = a_bill(await self.received(), number=number or f"R-{next(_keys)}")
        return (await self.system.register_bill(action, permit(action))).bill

    async def prepared(self) -> str:
        """A payment that waits."""
        action = PayBill(bill=await self.billed(), amount=euros("200.00"))
        return (await self.system.pay_bill(action, permit(action), "gerrit")).payment


async def _place(bench: Bench) -> tuple[Action, Write]:
    return an_order(bench.supplier), lambda system, action, leave: system.place_order(action, leave, "petra", "bram")  # type: ignore[arg-type]


async def _send(bench: Bench) -> tuple[Action, Write]:
    return SendOrder(order=await bench.placed()), lambda system, action, leave: system.send_order(action, leave)  # type: ignore[arg-type]


async def _receive(bench: Bench) -> tuple[Action, Write]:
    return a_receipt(await bench.placed(), 6, 1), lambda system, action, leave: system.record_receipt(action, leave)  # type: ignore[arg-type]


async def _register(bench: Bench) -> tuple[Action, Write]:
    action = a_bill(await bench.received(), number=f"R-{next(_keys)}")
    return action, lambda system, action, leave: system.register_bill(action, leave)  # type: ignore[arg-type]


async def _confirm(bench: Bench) -> tuple[Action, Write]:
    action = ConfirmAccount(supplier=bench.supplier, account=bench.new_account)
    return action, lambda system, action, leave: system.confirm_account(action, leave)  # type: ignore[arg-type]


async def _pay(bench: Bench) -> tuple[Action, Write]:
    action = PayBill(bill=await bench.billed(), amount=euros("200.00"))
    return action, lambda system, action, leave: system.pay_bill(action, leave, "gerrit")  # type: ignore[arg-type]


async def _release(bench: Bench) -> tuple[Action, Write]:
    action = ReleasePayment(payment=await bench.prepared(), amount=euros("200.00"))
    return action, lambda system, action, leave: system.release_payment(action, leave, "tobiasz")  # type: ignore[arg-type]


async def _cancel(bench: Bench) -> tuple[Action, Write]:
    action = CancelOrder(order=await bench.placed(), reason="not needed")
    return action, lambda system, action, leave: system.cancel_order(action, leave)  # type: ignore[arg-type]


EFFECTS: dict[str, Callable[[Bench], Awaitable[tuple[Action, Write]]]] = {
    "place_order": _place,
    "send_order": _send,
    "record_receipt": _receive,
    "register_bill": _register,
    "confirm_account": _confirm,
    "pay_bill": _pay,
    "release_payment": _release,
    "cancel_order": _cancel,
}
UNDOABLE = tuple(name for name in EFFECTS if name != "send_order")
