"""A case's trace, drawn: every step, graph node and model call as a bar on the case's own time line."""

from datetime import datetime
from pathlib import Path

from baton.telemetry import names, waterfall
from baton.telemetry.local import Bar
from baton.types.frozen import Frozen
from baton.types.ids import CaseId

_MOST = 1500
_SHOWN = (
    names.VERDICT, names.ACTION, names.NODE_NAME, names.MODEL, names.INPUT_TOKENS, names.OUTPUT_TOKENS, names.PROMPT_HASH,
    names.CACHED, names.PAGES, names.ERROR,
)  # fmt: skip
_KINDS = {names.NODE: "node", names.CHAT: "model", names.INVOKE_AGENT: "agent", names.POLICY: "rule", names.ANSWER: "person"}


class Span(Frozen):
    """One bar."""

    id: str
    depth: int
    name: str
    kind: str
    at: datetime
    x: float
    """Where it begins, in thousandths of what is shown."""
    width: float
    milliseconds: float
    failed: bool
    decision: str
    said: tuple[tuple[str, str], ...]


class Waterfall(Frozen):
    """The trace of a case."""

    spans: tuple[Span, ...]
    seconds: float
    cut: int
    """How many spans are not shown."""


def drawn(home: Path, case: CaseId) -> Waterfall:
    """The trace; waiting is cut out of the time line, so that what was done can be seen."""
    bars = waterfall(home, case)
    work = [bar for bar in bars if not bar.name.startswith(f"{names.CASE} ") and bar.name != names.CASE]
    place = _Line([(bar.start, bar.end) for bar in work])
    spans = tuple(_span(bar, place) for bar in work[:_MOST])
    whole = (max(bar.end for bar in bars) - min(bar.start for bar in bars)).total_seconds() if bars else 0.0
    return Waterfall(spans=spans, seconds=whole, cut=max(len(work) - _MOST, 0))


class _Line:
    """The time line of what was done: stretches in which nothing happened count as nothing."""

    def __init__(self, spans: list[tuple[datetime, datetime]]) -> None:
        self._runs: list[tuple[float, float, float]] = []
        total = 0.0
        for start, end in sorted((start.timestamp(), end.timestamp()) for start, end in spans):
            if self._runs and start <= self._runs[-1][1]:
                begin, last, before = self._runs[-1]
                total += max(end - last, 0)
                self._runs[-1] = (begin, max(end, last), before)
            else:
                self._runs.append((start, end, total))
                total += end - start
        self.seconds = max(total, 0.001)

    def at(self, moment: datetime) -> float:
        """Where this moment falls, in thousandths."""
        asked = moment.timestamp()
        begin, end, before = next((run for run in reversed(self._runs) if run[0] <= asked), (asked, asked, 0.0))
        return 1000 * (before + min(asked, end) - begin) / self.seconds


def _span(bar: Bar, place: _Line) -> Span:
    x = place.at(bar.start)
    said = tuple((name.rpartition(".")[2], str(bar.attributes[name])[:60]) for name in _SHOWN if name in bar.attributes)
    return Span(
        id=bar.span,
        depth=min(bar.depth, 8),
        name=bar.name,
        kind=_KINDS.get(bar.name.partition(" ")[0], "step"),
        at=bar.start,
        x=round(x, 2),
        width=round(max(place.at(bar.end) - x, 2), 2),
        milliseconds=bar.milliseconds,
        failed=bar.status == "error",
        decision=str(bar.attributes.get(names.DECISION_ID, "")),
        said=said,
    )
