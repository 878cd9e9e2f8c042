"""The head of a made-up receipt: whose it is and where to find them."""

from collections.abc import Iterator

from baton.readers.made.chance import Cell, Chance, Slip

_SYLLABLES = (
    "tan",
    "lim",
    "wei",
    "mei",
    "ann",
    "lee",
    "kok",
    "yee",
    "ah",
    "chong",
    "raj",
    "siti",
    "bob",
    "kate",
    "may",
    "jo",
    "hans",
    "eva",
)


class Head(Chance):
    """Makes the head of one receipt."""

    def head(self, slip: Slip) -> None:
        """Name, address and how to reach the shop, with what may stand above and between them."""
        for _ in range(self.random.choice((0, 0, 0, 1, 2))):  # what somebody wrote on it, or the scanner made of a logo
            slip.add(Cell(self._scribble(), place=self.random.choice(("left", "right", "middle"))))
        if self.chance(0.1):
            slip.add(Cell(self.one("footer"), place=self.middle))
        if self.chance(0.12):
            slip.add(Cell(self.one("heading"), place=self.middle))
        name = self.name()
        if self.chance(0.25):  # the shop's brand, above the company that owns it
            brand = self.random.choice(
                (self.one("first"), f"{self.one('first')} {self.one('trade')}", self.one("first").split()[0].lower())
            )
            slip.add(
                Cell(
                    self.random.choice(("", "", "", "Welcome to ", "Thanks for shopping with ")) + self.case(brand),
                    place=self.middle,
                )
            )
        self._seller(slip, name)
        parts = [self._registration, self._address, self._contact, self._tax_id]
        if self.chance(0.25):
            parts = [self._registration, self._tax_id, self._address, self._contact]
        if self.chance(0.05):
            parts = [self._registration, self._contact, self._address, self._tax_id]
        for part in parts:
            part(slip)

    def _scribble(self) -> str:
        if self.chance(0.5):
            return self.one("noise")
        name = " ".join(self.random.choice(_SYLLABLES) for _ in range(self.random.choice((1, 2, 3))))
        return name if self.chance(0.5) else name.upper()

    def name(self) -> str:
        """A company's name, of parts that no company has together."""
        words = [self.one("first")]
        if self.says["lead"][0] and self.chance(0.15):
            words = [self.one("lead"), *words]
        elif self.chance(0.75):
            words.append(self.one("trade"))
        if self.chance(0.12):
            words.append(f"({self.one('area')})" if self.one("area") else "")
        words.append(self.one("legal"))
        return " ".join(self.case(word) for word in words if word)

    def _seller(self, slip: Slip, name: str) -> None:
        slip.truth["seller"] = name
        words = name.split()
        behind = self.one("registration") if self.chance(0.15) else ""
        cut = self.random.randint(2, len(words) - 1) if len(words) > 3 and self.chance(0.2) else len(words)
        for part in (words[:cut], words[cut:]):
            last = part is not words[:cut] or cut == len(words)
            slip.add(
                Cell(" ".join(part), "seller", self.middle),
                *([Cell(behind, place=self.middle)] if behind and last and part else []),
            )

    def _registration(self, slip: Slip) -> None:
        if self.chance(0.6):
            slip.add(Cell(self.one("registration"), place=self.middle))

    def _address(self, slip: Slip) -> None:
        """Absent now and then."""
        if self.chance(0.05):
            return
        parts = [self.case(part) for part in self._parts()]
        rows, at = [], 0
        while at < len(parts):
            many = self.random.choice((1, 1, 2))
            rows.append(", ".join(part.rstrip(",") for part in parts[at : at + many]))
            at += many
        comma = self.chance(0.7)
        rows = [row + ("," if comma and number < len(rows) - 1 else "") for number, row in enumerate(rows)]
        rows[-1] += "." if self.chance(0.3) else ""
        slip.truth["address"] = " ".join(rows)
        for row in rows:
            slip.add(Cell(row, "address", self.middle))

    def _parts(self) -> Iterator[str]:
        if self.chance(0.3):
            yield self.one("building")
        street, house = self.one("street"), self.one("house")
        yield f"{street} {house}".rstrip(" ,") if self.country in ("DE", "NL") else f"{house} {street}"
        if self.chance(0.6):
            yield from filter(None, [self.one("area")])
        if self.chance(0.92):
            yield self.one("city")
        if self.chance(0.6):
            yield from filter(None, [self.one("region")])
        if self.chance(0.05):
            yield f"{self.random.randint(100, 1999)}-{self.one('area')}"

    def _contact(self, slip: Slip) -> None:
        if self.chance(0.75):
            fax = f"  Fax: {self.one('phone')}" if self.chance(0.2) else ""
            slip.add(Cell(f"{self.one('contact')} {self.one('phone')}{fax}", place=self.middle))
        if self.chance(0.15):
            slip.add(Cell(self.one("phone"), place=self.middle))
        if self.chance(0.08):
            slip.add(
                Cell(
                    f"{self.random.choice(('Site', 'Branch', 'Outlet', 'Station'))}: {self.random.randint(1, 9999)}",
                    place=self.middle,
                )
            )
        if self.chance(0.1):
            slip.add(Cell(f"Email: shop{self.random.randint(1, 99)}@mail.example", place=self.middle))

    def _tax_id(self, slip: Slip) -> None:
        if self.chance(0.7):
            slip.add(Cell(self.one("tax_id"), place=self.middle))
