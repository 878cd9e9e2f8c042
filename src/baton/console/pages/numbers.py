"""The work in numbers: what waits where, where the time goes, which clocks are missed, what people make of proposals."""

from typing import Any

from fastapi import APIRouter, Request, Response

from baton.console import numberscharts as charts
from baton.console.numbersview import numbers
from baton.console.render import Entry, page
from baton.console.security import visitor_of

router = APIRouter()
ENTRY = Entry("chart-column", "Numbers", "/numbers", 50, key="n", action="baton:numbers")
WINDOWS = (1, 7, 30, 90, 365)


@router.get("/numbers")
def show(request: Request, days: int = 30, process: str = "") -> Response:
    """The numbers of the last days, for whom the policies let see them; sums only, no names of customers."""
    visitor = visitor_of(request)
    visitor.need("baton:numbers")
    found = numbers(visitor.bench.database, days if days in WINDOWS else 30, process)
    drawn = {"waiting": charts.waiting(found.waiting), "times": charts.times(found.stages), "shares": charts.shares(found.shares)}
    asked: dict[str, Any] = {"windows": WINDOWS, "process": process, "kinds": charts.SHARES, "said_share": charts.said}
    return page(request, "numbers.html", n=found, drawn=drawn, **asked)
