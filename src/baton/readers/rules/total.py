"""The amount paid on a receipt: chosen by label, checked by arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from baton.readers.layout import Row
from baton.readers.locales import Words
from baton.readers.rules.labels import Labelled, Meaning, labelled

_CENT = Decimal("0.011")
_ROUND_TO = Decimal("0.05")
_WEIGHT: dict[Meaning, float] = {"final": 4.0, "total": 3.0, "card": 1.5, "subtotal": 1.0, "tender": 0.8, "none": 0.1}
_LATE = 2.5


@dataclass(frozen=True)
class Total:
    """A candidate for the amount paid, with what speaks for it."""

    value: Decimal
    score: float
    where: Labelled
    proofs: frozenset[str]


def totals(rows: Sequence[Row], words: Words) -> list[Total]:
    """Candidates for the amount paid, best first."""
    amounts = labelled(rows, words)
    proofs = proofs_of(amounts)
    best: dict[Decimal, Total] = {}
    for one in amounts:
        if one.amount.value <= 0 or one.meaning not in _WEIGHT:
            continue
        candidate = Total(one.amount.value, _score(one, proofs), one, proofs.get(one.amount.value, frozenset()))
        held = best.get(candidate.value)
        if held is None or candidate.score > held.score:
            best[candidate.value] = candidate
    return sorted(best.values(), key=lambda total: (-total.score, -total.where.order))


def _score(one: Labelled, proofs: dict[Decimal, frozenset[str]]) -> float:
    said = proofs.get(one.amount.value, frozenset())
    score = _WEIGHT[one.meaning] - (_LATE if one.late else 0.0)
    score += 2.5 * ("cash less change" in said) + 2.0 * ("rounding" in said) + 1.0 * ("parts" in said) + 1.0 * ("paid" in said)
    return score + 0.7 * ("twice" in said) - 2.0 * ("was rounded" in said)


def proofs_of(amounts: Sequence[Labelled]) -> dict[Decimal, frozenset[str]]:
    """What arithmetic says for each amount: cash less change, net and tax, rounding, or the same sum twice."""
    by: dict[Meaning, list[Decimal]] = {}
    for one in amounts:
        by.setdefault(one.meaning, []).append(one.amount.value)
    proofs: dict[Decimal, set[str]] = {one.amount.value: set() for one in amounts if one.amount.value > 0}
    for value, said in proofs.items():
        said |= {name for name, holds in _CHECKS.items() if holds(value, by)}
    for value in [value for value, said in proofs.items() if "rounding" in said]:
        near = {value + step for step in by["rounding"]} | {value - step for step in by["rounding"]}
        for exact in proofs.keys() & near:
            proofs[exact] |= {"was rounded"} if exact % _ROUND_TO else set()
    return {value: frozenset(said) for value, said in proofs.items()}


def _cash_less_change(value: Decimal, by: dict[Meaning, list[Decimal]]) -> bool:
    handed = [paid for one in by.get("tender", []) for paid in (one, one / 1000)]  # some tills print three decimals
    return any(back > 0 and abs(paid - back - value) < _CENT for paid in handed for back in by.get("change", []))


def _paid(value: Decimal, by: dict[Meaning, list[Decimal]]) -> bool:
    """Paid to the cent: by card, or in cash without change, under another label than its own."""
    return value in by.get("card", []) or (value in by.get("tender", []) and value in _sums(by))


def _parts(value: Decimal, by: dict[Meaning, list[Decimal]]) -> bool:
    """Net and taxes, less discount, with rounding, make this amount."""
    extras = [*by.get("tax", []), *(-abs(cut) for cut in by.get("discount", [])), *by.get("rounding", [])][:8]
    extras = [extra for extra in extras if extra]
    nets = {net for net in (*by.get("subtotal", []), *by.get("total", [])) if net != value}
    return any(
        abs(net + sum(some) - value) < _CENT
        for count in (1, 2, 3)
        for some in combinations(extras, count)
        for net in nets
        if max(map(abs, some)) > _CENT * 10
    )


def _rounded(value: Decimal, by: dict[Meaning, list[Decimal]]) -> bool:
    """Another sum, rounded as the receipt says, makes this amount."""
    steps = [abs(step) for step in by.get("rounding", []) if 0 < abs(step) < Decimal("0.10")]
    return value % _ROUND_TO == 0 and any({value + step, value - step} & set(_sums(by)) for step in steps)


def _twice(value: Decimal, by: dict[Meaning, list[Decimal]]) -> bool:
    return [*by.get("final", []), *by.get("total", [])].count(value) > 1


def _sums(by: dict[Meaning, list[Decimal]]) -> list[Decimal]:
    return [*by.get("final", []), *by.get("total", []), *by.get("subtotal", [])]


_CHECKS = {"cash less change": _cash_less_change, "paid": _paid, "parts": _parts, "rounding": _rounded, "twice": _twice}
