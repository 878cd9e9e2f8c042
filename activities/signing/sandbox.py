"""Signing with our own certificates (pyHanko): files in home, entries in the company's records."""

import asyncio
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import ColumnElement, Connection, select

from activities.company import company, journal
from activities.company.book import Book
from activities.company.journal import Draft, Written
from activities.company.settings import home
from activities.company.tables import entry
from activities.signing import pades
from activities.signing.certificates import Certificates
from activities.signing.models import Countersign, Countersigned, Invite, Invited, Sign, Signed
from activities.signing.page import Side, SignaturePage
from activities.signing.port import Signatory, Signing, Standing
from activities.signing.vault import Vault
from activities.signing.words import detail, done_of, taken_back
from baton.console.settings import load_console
from baton.documents.store import DocumentDamaged, DocumentMissing, open_store
from baton.governance.declare import Permit
from baton.links import Consent, Invitation, Links, file_invitation
from baton.store import Database
from baton.types.actions import Action, Done
from baton.types.ids import DocumentId

_ACTIONS: Final[dict[str, type[Action]]] = {"signature": Sign, "invitation": Invite, "countersignature": Countersign}


def adapter() -> Signing:
    """Signing in this process's home."""
    return Sandbox(company(), home())


class Sandbox:
    """Signing on one database and one home."""

    def __init__(self, database: Database, place: Path) -> None:
        self._book = Book(database, _ACTIONS, done_of)
        self._documents = open_store(place)
        self._certificates, self._vault, self._links = Certificates.at(place), Vault(place / "signing" / "kept"), Links(place)

    async def sign(self, action: Sign, permit: Permit, page: SignaturePage, by: Signatory, words: str) -> Signed:
        """Our signature, on a page of its own behind the contract. Raises `CannotSign`."""
        permit.covers(action)

        def make() -> bytes:
            with_page = pades.with_signature_page(self._documents.read(action.document), page)
            return self._signed(with_page, "company", by, words)

        document = await asyncio.to_thread(self._once, f"{permit.key}-{by.name}", make, f"{action.deal}-signed.pdf")
        draft = Draft("signature", action, action.deal, action.value, detail(document=document, by=by.name))
        return await self._book.write(draft, permit, Signed)

    async def invite(self, action: Invite, permit: Permit, draft: Invitation) -> Invited:
        """A personal link."""
        permit.covers(action)
        invitation = draft.model_copy(update={"reference": permit.key})
        document = await asyncio.to_thread(file_invitation, invitation, self._documents)
        said = detail(document=document, reader=draft.reader, expires=draft.expires.isoformat())
        return await self._book.write(Draft("invitation", action, action.deal, detail=said), permit, Invited)

    async def countersign(self, action: Countersign, permit: Permit, by: Signatory, consent: Consent) -> Countersigned:
        """The customer's signature, in the place that our own left for it. Raises `CannotSign`."""
        permit.covers(action)
        words = f"{consent.words} Given through personal link {consent.reference} on {consent.at:%d %B %Y at %H:%M} UTC"

        def make() -> bytes:
            return self._signed(self._documents.read(action.document), "customer", by, words)

        document = await asyncio.to_thread(self._once, permit.key, make, f"{action.deal}-contract.pdf")
        draft = Draft("countersignature", action, action.deal, detail=detail(document=document, by=by.name))
        return await self._book.write(draft, permit, Countersigned)

    async def standing(self, deal: str) -> Standing:
        """What stands for a deal."""
        return _standing(await self._entries(entry.c.order_no == deal))

    async def given(self, case: str) -> tuple[Done, ...]:
        """Every entry of this case that stands."""
        return tuple(done_of(row) for row in await self._entries(entry.c.case_id == case))

    async def link(self, invitation: DocumentId) -> str:
        """The address of a personal link."""
        settings = load_console()
        base = settings.url or f"http://{settings.host}:{settings.port}"
        return f"{base.rstrip('/')}/sign/{await asyncio.to_thread(self._links.to, invitation)}"

    async def consent(self, document: DocumentId) -> Consent | None:
        """The answer in a document, or None."""
        try:
            data = await asyncio.to_thread(self._documents.read, document)
        except (DocumentMissing, DocumentDamaged):
            return None
        return await asyncio.to_thread(self._links.unsealed, data)

    async def look_up(self, key: str) -> Done | None:
        """What was written under this key, or None."""
        return await self._book.look_up(key)

    async def take_back(self, done: Done, permit: Permit) -> Done:
        """Undo an entry, once: a signature is revoked and with it its link, a link is withdrawn."""
        found, _ = await self._book.take_back(done.reference, permit, lambda *_: None)
        invitations = (await self.standing(found.order_no)).invited if found.kind == "signature" else (done_of(found),)
        for one in invitations:
            if isinstance(one, Invited):
                await asyncio.to_thread(self._links.withdraw, one.invitation)
        return taken_back(found)

    async def _entries(self, whose: ColumnElement[bool]) -> list[Written]:
        wanted = select(entry).where(whose, journal.standing(*_ACTIONS)).order_by(entry.c.written)

        def reading(connection: Connection) -> list[Written]:
            return list(connection.execute(wanted).all())

        return await self._book.read(reading)

    def _once(self, key: str, make: Callable[[], bytes], name: str) -> DocumentId:
        return self._documents.put(self._vault.once(key, make), name, "application/pdf").id

    def _signed(self, pdf: bytes, side: Side, by: Signatory, words: str) -> bytes:
        lines = (by.name, f"for {by.organisation}", f"{pades.now():%d %B %Y, %H:%M:%S} UTC", *_wrapped(words))
        identity = self._certificates.of(by.name, by.organisation, by.email)
        return pades.signed(pdf, side, identity, self._certificates.authority(), lines, words, by.place)


def _wrapped(words: str, width: int = 94) -> list[str]:
    return textwrap.wrap(words, width)


def _standing(rows: list[Written]) -> Standing:
    found = [done_of(row) for row in rows]
    return Standing(
        signed=tuple(one for one in found if isinstance(one, Signed)),
        invited=tuple(one for one in found if isinstance(one, Invited)),
        countersigned=tuple(one for one in found if isinstance(one, Countersigned)),
    )
