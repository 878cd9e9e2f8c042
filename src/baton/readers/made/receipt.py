"""What stands on one made-up receipt: rows of cells, each cell with what it means."""

from datetime import date, timedelta
from decimal import Decimal

from baton.readers.made.chance import CENT, Cell, Slip
from baton.readers.made.head import Head


class Maker(Head):
    """Makes one receipt out of chance."""

    def slip(self) -> Slip:
        """The whole receipt, from its head to its foot."""
        slip = Slip(self.country)
        self.head(slip)
        self._about(slip)
        net = self._items(slip)
        self._sums(slip, net)
        self._foot(slip)
        return slip

    def _about(self, slip: Slip) -> None:
        """Heading, numbers, date; sometimes whom it was billed to, whose address is not the shop's."""
        slip.add(Cell(self.one("heading"), place="middle"))
        rows: list[tuple[Cell, ...]] = [(Cell(self.one("other")),) for _ in range(self.random.randint(0, 3))]
        self.late_date = self.chance(0.12)
        if not self.late_date:
            rows.append(self.dated(slip))
        if self.chance(0.85):
            number = slip.truth["receipt_number"] = self.one("number")
            rows.append(
                (Cell(f"{self.one('receipt')} {self.random.choice((':', '', ''))}"), Cell(str(number), "receipt_number", "next"))
            )
        self.random.shuffle(rows)
        for row in rows:
            slip.add(*row)
        if self.chance(0.08):
            slip.add(Cell("Bill To"))
            slip.add(Cell(self.name()))
            slip.add(Cell(f"{self.one('house')} {self.one('street')}"))
            slip.add(Cell(self.one("city")))

    def dated(self, slip: Slip) -> tuple[Cell, ...]:
        """The row that carries the date of purchase, often with the time."""
        day = date(2012, 1, 1) + timedelta(days=self.random.randrange(5000))
        slip.truth["date"] = day.isoformat()
        clock = f"{self.random.randint(8, 22)}:{self.random.randint(0, 59):02}" + self.random.choice(("", ":14", " PM", ":51 AM"))
        label = self.one("date")
        cells = [Cell(label), Cell(self.written(day), "date", "next" if label else "left")]
        return (*cells, Cell(clock, place=self.random.choice(("next", "right")))) if self.chance(0.7) else tuple(cells)

    def _items(self, slip: Slip) -> Decimal:
        if self.chance(0.6):
            cells = self.one("columns").split("|")
            slip.add(
                *(
                    Cell(text, place="left" if number == 0 else "right" if number == len(cells) - 1 else "next")
                    for number, text in enumerate(cells)
                )
            )
        total = Decimal(0)
        two_rows, code = self.chance(0.4), self.chance(0.4)
        for _ in range(self.random.choice((1, 1, 1, 2, 2, 3, 4, 5, 7))):
            quantity = self.random.choice((1, 1, 1, 1, 2, 3, 10))
            price = Decimal(self.random.choice((self.random.randint(50, 3000), self.random.randint(500, 90000)))) * CENT
            total += quantity * price
            name = (f"{self.random.randint(1000, 99999999)} " if code else "") + self.one("items")
            behind = self.random.choice(("", "", " SR", " S", " Z", " A"))
            amount = Cell(self.money(quantity * price, sign=False) + behind, place="right")
            if two_rows:
                slip.add(Cell(name))
                slip.add(Cell(f"{quantity} x", place="left"), Cell(self.money(price, sign=False), place="next"), amount)
            else:
                slip.add(Cell(str(quantity)), Cell(name, place="next"), amount)
        return total

    def _sums(self, slip: Slip, net: Decimal) -> None:
        included = self.chance(0.6)
        tax = (net * Decimal("0.06")).quantize(CENT)
        discount = (net * Decimal("0.1")).quantize(CENT) if self.chance(0.1) else Decimal(0)
        if self.chance(0.55) or discount:
            self._sum(slip, "subtotal", net)
        if discount:
            slip.add(Cell("Discount"), Cell("-" + self.money(discount, sign=False), place="right"))
        if not included or self.chance(0.2):
            self._sum(slip, "tax", tax)
        total = net - discount + (Decimal(0) if included else tax)
        payable = total
        if self.country == "MY" and self.chance(0.45):
            payable = (total * 20).quantize(Decimal(1)) / 20
            if self.chance(0.5):
                self._sum(slip, "total", total, "total" if payable == total else "")
            slip.add(Cell(self.one("rounding")), Cell(self.money(payable - total, sign=False), place="right"))
        payable = payable.quantize(CENT)
        slip.truth["total"] = {"amount": str(payable), "currency": self.says["currency"]}
        self._sum(slip, "total", payable, "total")
        self._paid(slip, payable)
        if self.chance(0.3):
            slip.add(
                *(
                    Cell(text, place="left" if not number else "next")
                    for number, text in enumerate(self.one("summary").split("|"))
                )
            )
            slip.add(
                Cell("SR 6%"),
                Cell(self.money(payable - tax, sign=False), place="next"),
                Cell(self.money(tax, sign=False), place="right"),
            )

    def _sum(self, slip: Slip, name: str, amount: Decimal, means: str = "") -> None:
        label = self.case(self.one(name)) + self.random.choice(("", ":", " :"))
        slip.add(Cell(label, place=self.random.choice(("left", "left", "middle"))), Cell(self.money(amount), means, "right"))

    def _paid(self, slip: Slip, total: Decimal) -> None:
        if self.chance(0.6):
            handed = total if self.chance(0.3) else (total // 10 + 1) * 10
            self._sum(slip, "cash", handed.quantize(CENT))
            if handed != total or self.chance(0.5):
                self._sum(slip, "change", (handed - total).quantize(CENT))
        elif self.chance(0.6):
            self._sum(slip, "card", total)

    def _foot(self, slip: Slip) -> None:
        if self.late_date:
            slip.add(*self.dated(slip))
        for _ in range(self.random.randint(0, 4)):
            slip.add(Cell(self.one("footer"), place="middle"))
        if self.chance(0.08):
            later = date.fromisoformat(str(slip.truth["date"])) + timedelta(days=self.random.choice((0, 14, 30)))
            slip.add(Cell(self.random.choice(("Printed:", "Valid until", "Due date:"))), Cell(self.written(later), place="next"))
