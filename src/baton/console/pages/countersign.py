"""The page behind a personal link: a customer reads a contract and signs it, or says why not. Nobody signs in here."""

from typing import Annotated, Literal, cast

from fastapi import APIRouter, Form, Request, Response

from baton.console.bench import Bench
from baton.console.i18n import _
from baton.console.pictures import picture_of
from baton.console.render import page
from baton.console.signin.oidc import random
from baton.countersigning import LONGEST_REASON, Countersigning, Opened, words_of
from baton.documents.pdf import open_pdf
from baton.links import BadLink, LinkOver, NotTheReader
from baton.types.ids import DocumentId

open_router = APIRouter()
_COOKIE = "baton_link"
_HEADERS = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


@open_router.get("/sign/{link}")
def read(request: Request, link: str) -> Response:
    """The contract, and the two answers."""
    try:
        return _shown(request, link, _desk(request).open(link))
    except (BadLink, LinkOver) as problem:
        return _over(request, str(problem), 404 if isinstance(problem, BadLink) else 410)


@open_router.post("/sign/{link}")
async def answer(
    request: Request,
    link: str,
    csrf: Annotated[str, Form()] = "",
    says: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    agreed: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Take the answer, once."""
    desk = _desk(request)
    try:
        opened = await request.app.state.bench.database.run(desk.open, link)
        if opened.said is not None:
            return _shown(request, link, opened)
        if problem := _wrong(request, csrf, says, agreed, reason):
            return _shown(request, link, opened, problem, 422, name, reason)
        said = await desk.say(link, cast(Literal["sign", "decline"], says), name, reason)
        return _shown(request, link, opened.model_copy(update={"said": said}))
    except NotTheReader as problem:
        return _shown(request, link, opened, str(problem), 422, name, reason)
    except (BadLink, LinkOver) as problem:
        return _over(request, str(problem), 404 if isinstance(problem, BadLink) else 410)


@open_router.get("/sign/{link}/contract.pdf")
def contract(request: Request, link: str) -> Response:
    """The very file that is signed, to be kept."""
    try:
        opened = _desk(request).open(link)
    except (BadLink, LinkOver) as problem:
        return _over(request, str(problem), 410)
    data = _bench(request).documents.read(opened.invitation.document.id)
    headers = {"Content-Disposition": 'attachment; filename="contract.pdf"', "Content-Security-Policy": "sandbox", **_HEADERS}
    return Response(data, media_type="application/pdf", headers=headers)


@open_router.get("/sign/{link}/{number}.webp")
def picture(request: Request, link: str, number: int) -> Response:
    """One page as a picture, so that it can be read on any telephone."""
    bench = _bench(request)
    try:
        document = _desk(request).open(link).invitation.document
    except (BadLink, LinkOver) as problem:
        return _over(request, str(problem), 410)
    data = picture_of(bench.documents, bench.home, document.id, document.media_type, number)
    return Response(data, media_type="image/webp", headers={"Cache-Control": "private, max-age=600", **_HEADERS})


def _wrong(request: Request, csrf: str, says: str, agreed: str, reason: str) -> str:
    """What is wrong with the form, in words for its reader."""
    if not request.app.state.tokens.fits(request.cookies.get(_COOKIE, "-"), csrf):
        return _("This page was open for too long. Try once more.")
    if says not in ("sign", "decline"):
        return _("Choose whether you sign or decline.")
    if says == "sign" and agreed != "yes":
        return _("Tick the box: it says what your signature means.")
    if says == "decline" and not reason.strip():
        return _("Tell us in a few words why you decline.")
    return _("That is too long: use at most 500 characters.") if len(reason) > LONGEST_REASON else ""


def _shown(
    request: Request, link: str, opened: Opened, problem: str = "", status: int = 200, name: str = "", reason: str = ""
) -> Response:
    bench, form = _bench(request), request.cookies.get(_COOKIE) or random()
    made = page(
        request,
        "countersign.html",
        status,
        dict(_HEADERS),
        me=None,
        link=link,
        invitation=opened.invitation,
        said=opened.said,
        pages=_pages(bench, opened.invitation.document.id),
        consent=words_of(opened.invitation, "sign"),
        problem=problem,
        typed=name,
        reason=reason,
        token=request.app.state.tokens.of(form),
    )
    made.set_cookie(_COOKIE, form, httponly=True, samesite="strict", secure=bench.settings.secure, max_age=7200, path="/sign")
    return made


def _over(request: Request, problem: str, status: int) -> Response:
    return page(request, "deadlink.html", status, dict(_HEADERS), me=None, css="countersign", problem=problem)


def _pages(bench: Bench, document: DocumentId) -> int:
    with open_pdf(bench.documents.read(document)) as pdf:
        return pdf.count


def _bench(request: Request) -> Bench:
    found: Bench = request.app.state.bench
    return found


def _desk(request: Request) -> Countersigning:
    bench = _bench(request)
    return Countersigning(bench.database, bench.documents, bench.home, bench.connect)
