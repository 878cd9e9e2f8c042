"""What the learned reader sees of a candidate: words beside and above it, its place, its shape, how it relates to others."""

import re
import sys
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from baton.readers.normalise import as_money
from baton.readers.orders.candidates import Candidate
from baton.readers.orders.sheet import Leaf, Stretch

Features: TypeAlias = tuple[str, ...]
"""What holds of a candidate; what is not named does not hold."""
_FIGURES, _SIGNS = re.compile(r"\d+"), re.compile(r"[^\w#%$/&.]+")
_WORD = re.compile(r"[A-Za-z]{3}")
_DATE = r"(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|[A-Za-z]{3,9}\.?\s?\d{1,2}(?:,\s?|\s|[-/.])\d{2,4})"
_EARLIER = re.compile(_DATE + r"\s*(?:-|–|—|to|thru|through|until|/)?\s*$")
_LATER = re.compile(r"\s*(?:-|–|—|to|thru|through|until|/)?\s*" + _DATE)
_NEAR = 3.2  # line heights above, for the words that head a value


@dataclass(frozen=True)
class Others:
    """All candidates of a field in one form, counted."""

    times: Counter[Hashable]
    pages: dict[Hashable, int]
    amounts: frozenset[Decimal]
    ranked: dict[Hashable, int]
    begun: frozenset[str]
    """Keys with their last signs cut off."""


def others_of(every: Sequence[Candidate]) -> Others:
    """What the candidates of a form are together."""
    pages: dict[Hashable, set[int]] = {}
    for one in every:
        pages.setdefault(one.key, set()).add(one.leaf.number)
    read = {money[0] for one in every if isinstance(one.value, dict) and (money := as_money(one.value))}
    ranked = tuple(sorted({one.key for one in every}, key=str, reverse=True))
    if read:
        ranked = tuple(sorted({one.key for one in every}, key=_size, reverse=True))
    return Others(
        Counter(one.key for one in every),
        {key: len(on) for key, on in pages.items()},
        frozenset(read),
        {key: rank for rank, key in enumerate(ranked)},
        frozenset(key[:-cut] for key in ranked if isinstance(key, str) for cut in (1, 2, 3)),
    )


def _size(key: Hashable) -> Decimal:
    return key[0] if isinstance(key, tuple) else Decimal(0)


def features(one: Candidate, others: Others) -> Features:
    """The features of one candidate."""
    found = (*_beside(one), *_above(one), *_below(one), *_placed(one), *_shaped(one), *_among(one, others))
    return tuple(sys.intern(name) for name in dict.fromkeys(found))


def _beside(one: Candidate) -> list[str]:
    before = one.at.line.text[: one.at.start]
    turn = _EARLIER.search(before)  # the second of two dates has its label in front of the first
    before = before[: turn.start()] if turn else before
    cells = [cell for cell in before.split("\t") if cell.strip()]
    own = _said(before.rsplit("\t", 1)[-1])
    left = own or (_said(cells[-1]) if cells else "")
    behind = one.at.line.text[one.parts[0].end :]
    after = _said(behind.lstrip("\t ").split("\t", 1)[0])
    place = "second" if turn else "first" if _LATER.match(behind) else "alone"
    near = [f"left:{left}", f"after:{after[:12]}", f"row:{_said(cells[0]) if cells else '-'}", place, f"{place}:{left}"]
    near += [f"left word:{word}" for word in left.split()[-4:]] + [f"left tail:{' '.join(left.split()[-2:])}"]
    return [*near, "own label" if own else "left cell" if cells else "first cell"]


def _above(one: Candidate) -> list[str]:
    heads = _heads(one.at, one.leaf)
    found = []
    for rank, head in enumerate(heads[:2]):
        said = _said(head.text)
        found += [f"above{rank}:{said}"] + [f"above{rank} word:{word}" for word in said.split()[:5]]
    column = next((_said(head.text) for head in heads if any(char.isalpha() for char in head.text) and _said(head.text)), "")
    return [*found, f"column:{column}"]


def _below(one: Candidate) -> list[str]:
    box = one.at.box
    under = one.leaf.around(box.left, box.bottom, box.right, box.bottom + _NEAR * box.height)
    near = sorted((cell for cell in under if cell.box.top >= box.middle), key=lambda cell: cell.box.top)
    return [f"below{rank}:{_said(cell.text)}" for rank, cell in enumerate(near[:2])]


def _heads(at: Stretch, leaf: Leaf) -> list[Stretch]:
    """What stands above in the same column, nearest first."""
    box = at.box
    above = [
        cell
        for cell in leaf.around(box.left, 0, box.right, box.middle)
        if cell.box.bottom <= box.middle and cell.box.shares(box) > 0.3
    ]
    near = sorted(above, key=lambda cell: -cell.box.bottom)
    return [cell for cell in near if box.top - cell.box.bottom < _NEAR * box.height][:2] + [
        cell for cell in near if _WORD.search(cell.line.text, cell.start, cell.end)
    ][:1]


def _placed(one: Candidate) -> list[str]:
    across, down = one.at.box.left / max(one.leaf.width, 1), one.at.box.top / max(one.leaf.height, 1)
    page = (
        "only"
        if one.leaf.number == 1 and one.leaf.is_last
        else "first"
        if one.leaf.number == 1
        else "last"
        if one.leaf.is_last
        else "inner"
    )
    return [
        f"page:{page}",
        f"across:{int(across * 6)}",
        f"down:{int(down * 8)}",
        f"place:{int(across * 6)}/{int(down * 12)}/{page == 'inner'}",
    ]


def _shaped(one: Candidate) -> list[str]:
    text = " ".join(part.text for part in one.parts)
    mask = re.sub(r"[A-Z]+", "A", re.sub(r"[a-z]+", "a", re.sub(r"\d", "9", text)))
    words = re.findall(r"[^\W\d_]+", text.lower())
    found = [f"mask:{mask[:16]}", f"length:{min(len(text) // 4, 10)}", f"lines:{len(one.parts)}", f"words:{min(len(words), 7)}"]
    return found + [f"has:{word}" for word in words[:8]] + [f"sign:{sign}" for sign in "/(),&-." if sign in text]


def _among(one: Candidate, others: Others) -> list[str]:
    rank = others.ranked[one.key]
    found = [f"times:{min(others.times[one.key], 5)}", f"pages:{min(others.pages[one.key], 3)}", f"rank:{min(rank, 4)}"]
    if rank == len(others.ranked) - 1:
        found.append("rank:last")
    if isinstance(one.value, dict) and (money := as_money(one.value)):
        found += _summed(money[0], others.amounts)
    elif isinstance(one.key, str):
        found += _goes_on(one.key, others)
    return found


def _goes_on(key: str, others: Others) -> list[str]:
    """Whether a number is another with something behind, as an invoice's of an order's."""
    shorter = any(key[:-cut] in others.times for cut in (1, 2, 3) if len(key) - cut > 3)
    return ["goes on from another"] * shorter + ["another goes on"] * (key in others.begun)


def _summed(amount: Decimal, every: frozenset[Decimal]) -> list[str]:
    """Whether an agency's share of 15 % stands beside: the arithmetic of a gross and of a net."""
    gross = any(abs(amount * Decimal("0.85") - other) < Decimal("0.011") for other in every)
    net = any(abs(other * Decimal("0.85") - amount) < Decimal("0.011") for other in every)
    parted = any(amount - other in every and other != amount for other in every)
    return [name for name, holds in (("has net", gross), ("has gross", net), ("has parts", parted)) if holds]


@lru_cache(maxsize=8192)
def _said(text: str) -> str:
    """Words as a label says them: small letters, figures as one sign."""
    return " ".join(_FIGURES.sub("0", _SIGNS.sub(" ", text.lower())).split())[-40:].strip(" .")
