"""`baton trace CASE`: the waterfall of a case in the terminal."""

import json as json_module
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from baton.errors import BatonError
from baton.runtime.settings import home_dir
from baton.telemetry import Bar, names, waterfall
from baton.types.ids import CaseId

_WIDTH = 40
_SHOWN = (
    names.VERDICT,
    names.DECISION_KIND,
    names.MODEL,
    names.INPUT_TOKENS,
    names.OUTPUT_TOKENS,
    names.ERROR,
    names.DECISION_ID,
)


class NoTrace(BatonError):
    """Nothing was traced under this name."""


def show(case: str, *, json: bool = False) -> None:
    """Print every span of a case. Raises `NoTrace` when there is none."""
    bars = waterfall(home_dir(), CaseId(case))
    if not bars:
        raise NoTrace(f"case `{case}` has no trace: `baton cases` lists the cases there are")
    if json:
        print(json_module.dumps([bar.model_dump(mode="json") for bar in bars]))
        return
    Console().print(table(bars))


def table(bars: Sequence[Bar]) -> Table:
    """The waterfall: each step, where in the case's time it fell, how long it took, what was decided."""
    begin = min(bar.start for bar in bars)
    whole = max((max(bar.end for bar in bars) - begin).total_seconds(), 0.001)
    shown = Table(box=None, pad_edge=False)
    for title in ("step", "", "ms", "decided"):
        shown.add_column(title, justify="right" if title == "ms" else "left", no_wrap=title in ("", "ms"))
    for bar in bars:
        left = int((bar.start - begin).total_seconds() / whole * _WIDTH)
        length = max(1, round((bar.end - bar.start).total_seconds() / whole * _WIDTH))
        drawn = (" " * min(left, _WIDTH - 1) + "━" * length)[:_WIDTH]
        said = " ".join(str(bar.attributes[key]) for key in _SHOWN if key in bar.attributes)
        colour = "red" if bar.status == "error" else "green"
        shown.add_row(escape("  " * bar.depth + bar.name), f"[{colour}]{drawn}[/]", f"{bar.milliseconds:,.1f}", escape(said))
    return shown
