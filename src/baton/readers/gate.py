"""From which confidence on a field may go through alone: chosen from labelled outcomes for a wished bound on errors. Pure."""

import math
from collections.abc import Sequence

from pydantic import Field

from baton.errors import BatonError
from baton.types.frozen import Frozen

SURE = 0.95


class NoOutcomes(BatonError):
    """There is nothing to choose a gate from."""


class Labelled(Frozen):
    """A field that was read, how sure the reader was, and whether it was right."""

    confidence: float = Field(ge=0, le=1)
    right: bool


class Gate(Frozen):
    """What a gate lets through, and what may be said about its errors."""

    errors: float = Field(description="the wished bound: at most this share of what goes through may be wrong")
    sure: float = Field(description="how sure the bound has to be")
    gate: float | None = Field(description="the lowest confidence that keeps the bound; None where none does")
    n: int = Field(description="outcomes looked at")
    through: int = Field(description="how many of them go through at the gate")
    coverage: float
    wrong: int = Field(description="how many of those were wrong")
    upper: float | None = Field(description="exact upper limit of their error rate (Clopper and Pearson, one-sided)")
    needs: int = Field(description="how many have to go through without one error before the bound can be kept at all")
    documents: int = Field(description="how many documents that takes at the coverage seen so far")


def gate_for(outcomes: Sequence[Labelled], errors: float, sure: float = SURE) -> Gate:
    """The lowest gate whose upper limit of errors keeps the bound.

    The limit is exact for a gate fixed beforehand. One chosen here should be proven on outcomes that did not choose it.
    """
    if not outcomes:
        raise NoOutcomes("no outcomes were given: name a file with one `confidence` and `right` a line")
    ranked = sorted(outcomes, key=lambda one: -one.confidence)
    kept = [(count, wrong) for count, wrong in _steps(ranked) if upper_limit(wrong, count, sure) <= errors]
    count, wrong = kept[-1] if kept else (0, 0)
    needs = needed(errors, 0, sure)
    share = (count or _flawless(ranked) or 1) / len(ranked)
    return Gate(
        errors=errors,
        sure=sure,
        gate=ranked[count - 1].confidence if count else None,
        n=len(ranked),
        through=count,
        coverage=round(count / len(ranked), 4),
        wrong=wrong,
        upper=round(upper_limit(wrong, count, sure), 5) if count else None,
        needs=needs,
        documents=math.ceil(needs / share),
    )


def _steps(ranked: Sequence[Labelled]) -> list[tuple[int, int]]:
    """How many go through and how many of them are wrong, for every gate there could be."""
    steps, wrong = [], 0
    for count, one in enumerate(ranked, start=1):
        wrong += not one.right
        if count == len(ranked) or ranked[count].confidence < one.confidence:
            steps.append((count, wrong))
    return steps


def _flawless(ranked: Sequence[Labelled]) -> int:
    return max((count for count, wrong in _steps(ranked) if wrong == 0), default=0)


def upper_limit(wrong: int, n: int, sure: float = SURE) -> float:
    """The exact one-sided upper limit of an error rate: where so few errors would have a chance of `1 - sure`."""
    if n == 0 or wrong >= n:
        return 1.0
    if wrong == 0:
        return float(1 - (1 - sure) ** (1 / n))
    low, high = wrong / n, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(wrong, n, middle) > 1 - sure else (low, middle)
    return high


def needed(errors: float, wrong: int = 0, sure: float = SURE) -> int:
    """How many have to go through, with so many wrong among them, before their upper limit keeps the bound."""
    low, high = wrong + 1, wrong + 2
    while upper_limit(wrong, high, sure) > errors:
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if upper_limit(wrong, middle, sure) <= errors else (middle + 1, high)
    return low


def _at_most(wrong: int, n: int, rate: float) -> float:
    """The chance of at most so many errors; in logarithms, since thousands of outcomes are usual."""
    if rate >= 1:
        return 0.0
    one, other = math.log(rate), math.log1p(-rate)
    whole = math.lgamma(n + 1)
    return sum(
        math.exp(whole - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * one + (n - k) * other) for k in range(wrong + 1)
    )
