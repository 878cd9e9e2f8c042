"""Figures about answers that carry a confidence."""

import math
from collections.abc import Sequence


def upper95(wrong: int, n: int) -> float | None:
    """Exact upper bound (Clopper-Pearson, one-sided 95 %) of an error rate: where so few errors have a chance of 5 %."""
    if n == 0:
        return None
    low, high = wrong / n, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        chance = sum(math.comb(n, k) * middle**k * (1 - middle) ** (n - k) for k in range(wrong + 1))
        low, high = (middle, high) if chance > 0.05 else (low, middle)
    return round(high, 4)


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error over ten equal bins."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in pairs:
        bins.setdefault(min(int(confidence * 10), 9), []).append((confidence, right))
    gaps = [abs(sum(c for c, _ in one) - sum(r for _, r in one)) for one in bins.values()]
    return round(sum(gaps) / max(len(pairs), 1), 4)


def risk_coverage(pairs: Sequence[tuple[float, bool]]) -> list[list[float]]:
    """Share answered and share wrong among them, from the surest on; one point for each tenth."""
    ranked = sorted(pairs, reverse=True)
    points = [round(len(ranked) * tenth / 10) for tenth in range(1, 11)]
    return [[share(n, len(ranked)), share(sum(not right for _, right in ranked[:n]), n)] for n in points if n]


def coverage_at(error: float, pairs: Sequence[tuple[float, bool]]) -> float:
    """The largest share, from the surest on, of which no more than `error` is wrong; equally sure ones go together."""
    ranked = sorted(pairs, reverse=True)
    wrong, best = 0, 0
    for index, (confidence, right) in enumerate(ranked, start=1):
        wrong += not right
        last_of_equals = index == len(ranked) or ranked[index][0] < confidence
        if last_of_equals and wrong <= error * index:
            best = index
    return share(best, len(ranked))


def share(part: int, n: int) -> float:
    """A share, rounded for printing; nothing of nothing is nothing."""
    return round(part / n, 4) if n else 0.0
