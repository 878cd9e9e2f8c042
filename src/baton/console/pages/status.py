"""How a case stands, behind the link that every letter about it carries. Nobody signs in here, and nothing can be done."""

from fastapi import APIRouter, Request, Response

from baton.cases.store import NoCase
from baton.console.bench import Bench
from baton.console.render import page
from baton.console.statusview import standing_of
from baton.links import BadLink, LinkOver

open_router = APIRouter()
_HEADERS = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


@open_router.get("/status/{link}")
async def show(request: Request, link: str) -> Response:
    """Where the case is and whose turn it is."""
    bench: Bench = request.app.state.bench
    try:
        return _shown(request, 200, s=await bench.database.run(standing_of, bench, link))
    except NoCase:
        return _shown(request, 404, s=None, problem="")
    except (BadLink, LinkOver) as problem:
        return _shown(request, 404 if isinstance(problem, BadLink) else 410, s=None, problem=str(problem))


def _shown(request: Request, status: int, **shown: object) -> Response:
    return page(request, "status.html", status, dict(_HEADERS), me=None, css="countersign", **shown)
