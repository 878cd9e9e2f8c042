"""What the records say about orders and deliveries. Trusted code: of what an agent read, it only says whether records agree."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from activities.mail.templates import harmless
from activities.purchasing.doors import company, purchasing
from activities.purchasing.known import CancelFacts, OrderFacts, ReceiptFacts, SendingFacts
from activities.purchasing.matched import on_file
from activities.purchasing.models import CancelOrder, PlaceOrder, RecordReceipt, SendOrder, WantedLine
from activities.purchasing.order_ubl import totals_of
from activities.purchasing.port import Category, Ordered, SupplierRecord
from activities.purchasing.writing import today
from baton.governance.declare import About
from baton.matching import BilledLine, OrderLine, price_of
from baton.types.canonical import Json
from baton.types.money import Money

_NONE: Final = Decimal(0)
_CENT: Final = Decimal("0.01")
SPLIT_DAYS: Final = 14
MONTH: Final = 30


async def order_facts(action: PlaceOrder, about: About) -> OrderFacts:
    """About an order to be placed."""
    supplier = await purchasing().supplier(action.supplier)
    category = await company().category(action.category)
    budget = await company().budget(action.cost_centre)
    recent = [one for one in await purchasing().orders_since(today() - timedelta(days=MONTH)) if one.state != "cancelled"]
    currency = action.amount.currency
    same = budget is not None and budget.currency == currency
    return OrderFacts(
        requester_on_staff=await company().colleague(about.sender) is not None,
        supplier_known=supplier is not None,
        supplier_active=supplier is not None and supplier.active,
        sanctioned=await sanctioned(supplier, *_read_names(about)),
        insurance_valid=supplier is not None and insured(supplier, category),
        account_unchanged=supplier is not None and all(on_file(supplier, account) for account in _read_accounts(about)),
        category_known=category is not None,
        tags=category.tags if category else (),
        cost_centre_known=budget is not None,
        within_budget=budget is not None and same and action.amount.amount <= budget.left,
        budget_left=Money(amount=(budget.left if budget and same else _NONE).quantize(_CENT), currency=currency),
        lines_make_amount=_sum_of(action.lines) == action.amount.amount and bool(action.lines) and _sound(action.lines),
        as_read=_as_read(action, about.findings.get("Lines", {})),
        twin_open=any(_twin(action, one) for one in recent),
        with_recent=_with(action, [one for one in recent if _one_purchase(action, one)]),
        supplier_month=_with(action, [one for one in recent if one.order.supplier == action.supplier]),
        orders_today=_with(action, [one for one in recent if one.day == today()]),
    )


async def sending_facts(action: SendOrder, about: About) -> SendingFacts:
    """About sending an order out."""
    ordered = await purchasing().order(action.order)
    supplier = await purchasing().supplier(ordered.order.supplier) if ordered else None
    category = await company().category(ordered.category) if ordered else None
    cost = totals_of(ordered)[2] if ordered else _NONE
    return SendingFacts(
        order_known=ordered is not None,
        order_open=ordered is not None and ordered.state == "open",
        of_this_case=ordered is not None and ordered.case == about.case,
        recipient_known=supplier is not None and "@" in supplier.email,
        values_fit=ordered is not None and all(harmless(word) for line in ordered.order.lines for word in _words(line)),
        sanctioned=await sanctioned(supplier),
        sent_before=ordered is not None and ordered.sent,
        four_eyes=category is None or "four-eyes" in category.tags,
        cost=Money(amount=cost.quantize(_CENT), currency=ordered.order.currency if ordered else "EUR"),
    )


async def receipt_facts(action: RecordReceipt, about: About) -> ReceiptFacts:
    """About a delivery."""
    ordered = await purchasing().order(action.order)
    before = await purchasing().receipts_of(ordered.order.number) if ordered else ()
    lines = {line.number: line.quantity for line in ordered.order.lines} if ordered else {}
    came = dict.fromkeys(lines, _NONE)
    for line in (*(one for receipt in before for one in receipt.lines), *action.lines):
        came[line.line] = came.get(line.line, _NONE) + line.received
    counted = [line.line for line in action.lines]
    sound = all(0 <= line.rejected <= line.received for line in action.lines)
    return ReceiptFacts(
        order_known=ordered is not None,
        order_open=ordered is not None and ordered.state == "open",
        lines_known=bool(counted) and set(counted) <= set(lines) and len(set(counted)) == len(counted) and sound,
        within_order=all(came.get(number, _NONE) <= quantity for number, quantity in lines.items()),
        rejected=any(line.rejected > 0 for line in action.lines),
    )


def _words(line: OrderLine) -> list[str]:
    return [word for word in (line.name, line.item, line.unit) if word]


async def cancel_facts(action: CancelOrder, about: About) -> CancelFacts:
    """About cancelling an order."""
    ordered = await purchasing().order(action.order)
    bills = await purchasing().bills_of(ordered.order.supplier) if ordered else ()
    return CancelFacts(
        order_known=ordered is not None,
        order_open=ordered is not None and ordered.state == "open",
        received=ordered is not None and bool(await purchasing().receipts_of(ordered.order.number)),
        billed=ordered is not None and any(bill.order == ordered.order.number for bill in bills),
    )


async def sanctioned(supplier: SupplierRecord | None, *more: str) -> bool:
    """Whether a supplier, one of its accounts, or a name that a paper gives stands on the sanctions list."""
    own = (supplier.name, *(account.number for account in supplier.accounts)) if supplier else ()
    return await company().sanctioned((*own, *more))


def insured(supplier: SupplierRecord, category: Category | None) -> bool:
    """Whether the category needs no certificate, or one is on file that has not run out."""
    needed = category is None or category.insurance
    return not needed or (supplier.insured_until is not None and supplier.insured_until >= today())


def read(about: About, form: str, name: str) -> str:
    """A text that was read, empty where none was."""
    value = about.findings.get(form, {}).get(name)
    return value if isinstance(value, str) else ""


def _read_names(about: About) -> list[str]:
    return [name for form in ("Request", "Bill") for field in ("supplier", "seller") if (name := read(about, form, field))]


def _read_accounts(about: About) -> list[str]:
    return [account for form in ("Request", "Bill") if (account := read(about, form, "iban"))]


def _sum_of(lines: tuple[WantedLine, ...]) -> Decimal:
    return sum(((line.quantity * line.price).quantize(_CENT) for line in lines), _NONE)


def _sound(lines: tuple[WantedLine, ...]) -> bool:
    return all(line.quantity > 0 and line.price >= 0 for line in lines)


def _as_read(action: PlaceOrder, lines: Mapping[str, Json]) -> bool:
    """Whether every line wanted is a line that was read: quantity, price and name."""
    given: Any = lines.get("lines") or []
    told = [BilledLine.model_validate(one) for one in given]
    keyed = sorted((line.name, line.quantity, price_of(line) or _NONE) for line in told)
    return keyed == sorted((line.name, line.quantity, line.price) for line in action.lines)


def _twin(action: PlaceOrder, one: Ordered) -> bool:
    mine = sorted((line.name.casefold(), line.quantity) for line in action.lines)
    theirs = sorted((line.name.casefold(), line.quantity) for line in one.order.lines)
    return one.order.supplier == action.supplier and one.state == "open" and mine == theirs


def _one_purchase(action: PlaceOrder, one: Ordered) -> bool:
    """Whether both may be one purchase cut in two: the same supplier and cost centre within two weeks."""
    near = one.day >= today() - timedelta(days=SPLIT_DAYS)
    return near and one.order.supplier == action.supplier and one.cost_centre == action.cost_centre


def _with(action: PlaceOrder, others: list[Ordered]) -> Money:
    alike = [one for one in others if one.order.currency == action.amount.currency]
    worth = sum((line.quantity * line.price for one in alike for line in one.order.lines), action.amount.amount)
    return Money(amount=worth.quantize(_CENT), currency=action.amount.currency)
