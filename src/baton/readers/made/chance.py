"""What chance decides alike all over a receipt: words, dates and amounts as a country writes them."""

import re
import string
import tomllib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from baton.types.canonical import Json

VERSION = "3"
"""Changes with what is made up, so that models learned from it are made anew."""

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Cell:
    """A few words of a row. `means` names the field that they carry; `place` is left, middle or right."""

    text: str
    means: str = ""
    place: str = "left"


@dataclass
class Slip:
    """A receipt before it is laid out: its rows, and the values that a reader should find."""

    country: str
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    truth: dict[str, Json] = field(default_factory=dict)

    def add(self, *cells: Cell) -> None:
        """One more row, unless it says nothing."""
        if any(cell.text.strip() for cell in cells):
            self.rows.append(tuple(cell for cell in cells if cell.text.strip()))


@cache
def vocabulary() -> dict[str, dict[str, Any]]:
    """What receipts are made of, by country."""
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))


class Chance:
    """One country's words, and the dice."""

    def __init__(self, random: Random, country: str) -> None:
        self.random, self.country, self.says = random, country, vocabulary()[country]
        self.upper = random.random() < 0.5
        self.middle = "middle" if random.random() < 0.55 else "left"
        self.sign = self.one("sign")

    def one(self, name: str) -> str:
        """One of a list, with its `#` and `@` filled in."""
        chosen: str = self.random.choice(self.says[name])
        filled = "".join(self.random.choice(string.digits[1:]) if char == "#" else char for char in chosen)
        return re.sub("@", lambda _: self.random.choice("ABCDEFGHJKLMNPRSTUW"), filled)

    def chance(self, share: float) -> bool:
        """Whether something happens that happens in this share of cases."""
        return self.random.random() < share

    def case(self, text: str) -> str:
        """Capitals, where this receipt prints its head in capitals."""
        return text.upper() if self.upper else text

    def written(self, day: date) -> str:
        """A date as this country writes it."""
        month = day.strftime("%b") if self.country in ("MY", "GB", "US") else ""
        if month and self.chance(0.2):
            form = self.random.choice(
                ("%d %b %Y", "%d-%b-%Y", "%d %b %y", "%d/%b/%Y") if self.country != "US" else ("%b %d, %Y",)
            )
            return self.case(day.strftime(form))
        if self.chance(0.06):
            return day.isoformat()
        separator = self.random.choice("/-." if self.country in ("MY", "GB") else "/" if self.country == "US" else ".-")
        year = "%Y" if self.chance(0.75) else "%y"
        return day.strftime(separator.join(("%m", "%d", year) if self.country == "US" else ("%d", "%m", year)))

    def money(self, amount: Decimal, sign: bool = True) -> str:
        """An amount as this receipt prints it."""
        text = f"{amount:,.2f}" if self.chance(0.8) else f"{amount:.2f}"
        if self.says["decimal"] == ",":
            text = text.replace(",", "_").replace(".", ",").replace("_", ".")
        shown = self.sign if sign else ""
        if shown in ("EUR", "€") and self.chance(0.5):
            return f"{text} {shown}"
        return f"{shown}{' ' if shown.isalpha() and self.chance(0.5) else ''}{text}"
