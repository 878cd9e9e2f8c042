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
        standing = await bench.database.run(standing_of, bench, link)
    except NoCase:
        return _shown(request, "deadlink.html", 404, problem="")
    except (BadLink, LinkOver) as problem:
        return _shown(request, "deadlink.html", 404 if isinstance(problem, BadLink) else 410, problem=str(problem))
    return _shown(request, "status.html", 200, s=standing)


def _shown(request: Request, template: str, status: int, **shown: object) -> Response:
    return page(request, template, status, dict(_HEADERS), me=None, css="countersign", **shown)
