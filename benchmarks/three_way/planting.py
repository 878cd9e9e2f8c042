"""Faults planted into honest bills: our own kinds, and those that somebody else wrote into a file."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

from baton.matching import Billed, BilledLine
from benchmarks.three_way.orders import Case, summed

Plant: TypeAlias = Callable[[Case, Random], bool]
"""Plants one fault into a case; False where the case has no room for it."""

FORMAT = """
The faults of a file are a JSON list of objects, or a CSV file with a header. Each is one fault in one order:

  order   the PurchaseOrderID                                         (needed)
  fault   its name; one of ours is planted our way when no field is named:
          {names}
  line    position of the order line, from 1; default the first billed one
  field   what to change: price, quantity, unit, item, name, tax_rate, net of the line;
          number, order, supplier, account, currency, freight, tax, net, total of the bill
  value   what it becomes: text, `12.50`, or a change as `*1.05`, `+3`, `-0.20`

Sums are made anew after a change, unless the field itself is a sum (net, tax, total). With fault `duplicate` the bill comes
once more, its number changed when `field` is `number`.
"""


class Planter:
    """Our own faults."""

    def plant(self, found: Sequence[Case], share: float, random: Random) -> None:
        """One fault in this share of the orders, every kind as often as the orders have room for it."""
        free = [case for case in found if case.bills]
        random.shuffle(free)
        wanted, kinds = round(len(found) * share), list(PLANTS)
        planted = 0
        while planted < wanted and kinds:
            for kind in list(kinds):
                case = next((case for case in free if planted < wanted and PLANTS[kind](case, random)), None)
                if case is None:
                    kinds.remove(kind)
                    continue
                case.fault = kind
                free.remove(case)
                planted += 1


def _price(case: Case, random: Random) -> bool:
    factor = Decimal(str(round(random.choice((random.uniform(1.01, 1.3), random.uniform(0.8, 0.97))), 3)))
    return _change_line(
        case, random, lambda line: _at_price(line, ((line.price or Decimal(1)) * factor).quantize(Decimal("0.0001")))
    )


def _quantity(case: Case, random: Random) -> bool:
    """More than was ordered."""
    more = Decimal(random.choice((1, 2, 5, 10)))
    place = next((at for at, bill in enumerate(case.bills) if bill.kind == "invoice"), None)
    if place is None:
        return False
    ordered = {line.number: line.quantity for line in case.order.lines}

    def change(line: BilledLine) -> BilledLine:
        about = _number(case, line)
        return _of_quantity(line, ordered[about] + more)

    return _change_line(case, random, change, place)


def _undelivered(case: Case, random: Random) -> bool:
    """A partial delivery billed in full."""
    short = {line.number: line for line in case.order.lines if case.received(line.number)[0] < line.quantity}
    if len(case.bills) != 1:
        return False
    for at, line in enumerate(case.bills[0].lines):
        if (ordered := short.get(_number(case, line))) is not None:
            return _put_line(case, 0, at, _of_quantity(line, ordered.quantity))
    return False


def _credit_missing(case: Case, random: Random) -> bool:
    """Everything that came is billed, and the credit note for what was rejected never comes."""
    if len(case.bills) != 2 or case.bills[1].kind != "credit_note":
        return False
    case.bills = case.bills[:1]
    case.faulty = 0
    return True


def _duplicate(case: Case, random: Random) -> bool:
    """The same bill again: as it was, its number spelled otherwise, or under another number."""
    first = case.bills[0]
    number = random.choice((first.number, first.number.replace("-", "/") + ".", f"{first.number}A", f"90{len(first.number)}417"))
    case.bills.append(first.model_copy(update={"number": number}))
    case.faulty = len(case.bills) - 1
    return True


def _bank(case: Case, random: Random) -> bool:
    """Another account: one digit, or all of them."""
    known = case.supplier.accounts[0]
    swapped = known[:-2] + known[-1] + str((int(known[-2]) + 1) % 10)
    return _change_bill(case, random, account=random.choice((swapped, "GB29NWBK60161331926819")))


def _tax(case: Case, random: Random) -> bool:
    place = _some_bill(case, random)
    bill = case.bills[place]
    tax = (bill.tax * Decimal(str(round(random.uniform(1.05, 2.4), 2))) + Decimal("0.20")).quantize(Decimal("0.01"))
    case.bills[place] = bill.model_copy(update={"tax": tax, "total": bill.net + tax})
    case.faulty = place
    return True


def _unit(case: Case, random: Random) -> bool:
    unit = random.choice(("DZN", "box", "PR", "kg", "carton"))
    return _change_line(case, random, lambda line: line.model_copy(update={"unit": unit}))


def _freight(case: Case, random: Random) -> bool:
    """More freight than was agreed, in its own field or as a line."""
    place = _some_bill(case, random)
    bill, more = case.bills[place], Decimal(str(round(random.uniform(1, 80), 2)))
    if random.random() < 0.5:
        line = BilledLine(
            name=random.choice(("Freight", "Shipping and handling", "Fuel surcharge")), quantity=Decimal(1), price=more, net=more
        )
        changed = bill.model_copy(update={"lines": (*bill.lines, line)})
        net = bill.net + more
        case.bills[place] = changed.model_copy(update={"net": net, "total": net + bill.tax})
    else:
        case.bills[place] = summed(bill.model_copy(update={"freight": bill.freight + more}), case.order)
    case.faulty = place
    return True


def _unordered(case: Case, random: Random) -> bool:
    place = _some_bill(case, random)
    bill, price = case.bills[place], Decimal(str(round(random.uniform(3, 90), 2)))
    line = BilledLine(item="ZZ-0001", name="Torque wrench", quantity=Decimal(2), unit="EA", price=price, net=2 * price)
    case.bills[place] = summed(bill.model_copy(update={"lines": (*bill.lines, line)}), case.order)
    case.faulty = place
    return True


def _sums(case: Case, random: Random) -> bool:
    place = _some_bill(case, random)
    bill = case.bills[place]
    case.bills[place] = bill.model_copy(update={"total": bill.total + Decimal(str(round(random.uniform(0.5, 200), 2)))})
    case.faulty = place
    return True


def _currency(case: Case, random: Random) -> bool:
    return _change_bill(case, random, currency="EUR")


def _supplier(case: Case, random: Random) -> bool:
    return _change_bill(case, random, supplier="9999")


def _order(case: Case, random: Random) -> bool:
    return _change_bill(case, random, order=f"PO-{900000 + random.randint(1, 9999)}")


PLANTS: Mapping[str, Plant] = {
    "price": _price,
    "quantity": _quantity,
    "duplicate": _duplicate,
    "bank": _bank,
    "tax": _tax,
    "unit": _unit,
    "undelivered": _undelivered,
    "freight": _freight,
    "credit_missing": _credit_missing,
    "unordered": _unordered,
    "sums": _sums,
    "currency": _currency,
    "supplier": _supplier,
    "order": _order,
}
ALSO_CALLED = {
    "partial": "undelivered",
    "partial_delivery": "undelivered",
    "credit_note": "credit_missing",
    "bank_account": "bank",
}


def _some_bill(case: Case, random: Random) -> int:
    return random.choice([at for at, bill in enumerate(case.bills) if bill.kind == "invoice"])


def _change_bill(case: Case, random: Random, **values: Any) -> bool:
    place = _some_bill(case, random)
    case.bills[place] = case.bills[place].model_copy(update=values)
    case.faulty = place
    return True


def _change_line(case: Case, random: Random, change: Callable[[BilledLine], BilledLine], place: int | None = None) -> bool:
    place = _some_bill(case, random) if place is None else place
    at = random.randrange(len(case.bills[place].lines))
    return _put_line(case, place, at, change(case.bills[place].lines[at]))


def _put_line(case: Case, place: int, at: int, line: BilledLine) -> bool:
    lines = list(case.bills[place].lines)
    lines[at] = line
    case.bills[place] = summed(case.bills[place].model_copy(update={"lines": tuple(lines)}), case.order)
    case.faulty = place
    return True


def _number(case: Case, line: BilledLine) -> int:
    """Which order line an honest bill's line was made from."""
    code = line.item.replace(" ", "-")
    return next(
        ordered.number
        for ordered in case.order.lines
        if line.line == ordered.number or code == ordered.item or line.name == ordered.name
    )


def _at_price(line: BilledLine, price: Decimal) -> BilledLine:
    return line.model_copy(update={"price": price, "net": (price * line.quantity).quantize(Decimal("0.01"))})


def _of_quantity(line: BilledLine, quantity: Decimal) -> BilledLine:
    return line.model_copy(
        update={"quantity": quantity, "net": ((line.price or Decimal(0)) * quantity).quantize(Decimal("0.01"))}
    )


# -- somebody else's faults


def plant_file(found: Sequence[Case], path: Path, random: Random) -> None:
    """Plant the faults of a file. Ends with a message for one that cannot be planted."""
    by = {case.id: case for case in found}
    for number, row in enumerate(_rows(path), start=1):
        case = by.get(str(row.get("order", "")).removeprefix("PO-"))
        if case is None or not case.bills:
            continue  # not among the orders looked at, or nothing was delivered and so nothing is billed
        name = str(row.get("fault") or row.get("field") or "")
        kind = ALSO_CALLED.get(name, name)
        if not (_by_field(case, kind, row, random) if row.get("field") else kind in PLANTS and PLANTS[kind](case, random)):
            raise SystemExit(f"fault {number} of `{path}` cannot be planted in order `{case.id}`: see --help for the format")
        case.fault = kind


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    text = path.read_text("utf-8-sig")
    yield from json.loads(text) if text.lstrip().startswith("[") else csv.DictReader(text.splitlines())


def _by_field(case: Case, kind: str, row: Mapping[str, Any], random: Random) -> bool:
    name, value = str(row["field"]), str(row.get("value", ""))
    place = next(at for at, bill in enumerate(case.bills) if bill.kind == "invoice")
    if kind == "duplicate":
        case.bills.append(case.bills[place].model_copy(update={"number": value} if name == "number" else {}))
        case.faulty = len(case.bills) - 1
        return True
    if name in Billed.model_fields and not (row.get("line") and name in BilledLine.model_fields):
        bill = case.bills[place].model_copy(update={name: _changed(getattr(case.bills[place], name), value)})
        case.bills[place] = summed(bill, case.order) if name == "freight" else bill
        case.faulty = place
        return True
    wanted = int(row.get("line") or 0)
    lines = case.bills[place].lines
    at = next((at for at, line in enumerate(lines) if not wanted or _number(case, line) == wanted), None)
    return at is not None and name in BilledLine.model_fields and _put_line(case, place, at, _line_with(lines[at], name, value))


def _line_with(line: BilledLine, name: str, value: str) -> BilledLine:
    changed = line.model_copy(update={name: _changed(getattr(line, name), value)})
    if name in ("price", "quantity"):
        return _of_quantity(changed, changed.quantity)
    return changed


def _changed(before: Any, value: str) -> Any:
    try:
        number = Decimal(value.lstrip("*+"))
    except InvalidOperation:
        return value
    if isinstance(before, str):
        return value
    start = before if isinstance(before, Decimal) else Decimal(0)
    return start * number if value.startswith("*") else start + number if value[:1] in "+-" else number
