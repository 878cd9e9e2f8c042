"""What the reader of a personal link says reaches their case: on file first, once, and then as a message of the case."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from temporalio.client import Client
from temporalio.service import RPCError

from baton.cases import store as cases
from baton.cases.clock import now
from baton.cases.store import NoCase
from baton.documents.store import DocumentStore
from baton.errors import BatonError
from baton.links import CONSENT, ByLink, Consent, Invitation, LinkOver, Links, NotTheReader, same_name
from baton.store import Database
from baton.types.documents import Message
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId

LONGEST_REASON = 500
Connect = Callable[[], Awaitable[Client]]


class Opened(Frozen):
    """A link that opens something, and what was said through it already."""

    id: DocumentId
    invitation: Invitation
    said: Consent | None = None


class Countersigning:
    """Opens links and takes what their readers say. Everything it needs is one home's."""

    def __init__(self, database: Database, documents: DocumentStore, home: Path, connect: Connect) -> None:
        self._database, self._documents, self._connect = database, documents, connect
        self._links = Links(home)

    def open(self, link: str) -> Opened:
        """What a link leads to. Raises `BadLink` or `LinkOver`."""
        id, invitation = self._links.open(link, self._documents, now())
        said = self._said(id)
        if said is None:
            self._refuse_where_it_is_over(invitation)
        return Opened(id=id, invitation=invitation, said=said)

    async def say(self, link: str, says: ByLink, name: str, reason: str = "") -> Consent:
        """Take the reader's word: on file before the case hears of it, and only once.

        Raises `BadLink`, `LinkOver`, or `NotTheReader` where another name is given.
        """
        opened = await asyncio.to_thread(self.open, link)
        if opened.said is None and not same_name(name, opened.invitation.reader):
            raise NotTheReader(
                f"this link is for {opened.invitation.reader} alone: type that name, or ask us for a link of your own"
            )
        message = await asyncio.to_thread(self._file, opened, says, " ".join(name.split()), reason.strip()[:LONGEST_REASON])
        await self._hand_over(opened.invitation, message)
        said = await asyncio.to_thread(self._said, opened.id)
        assert said is not None, f"what was said through link `{opened.id}` is not on file"
        return said

    def _refuse_where_it_is_over(self, invitation: Invitation) -> None:
        try:
            with self._database.read() as connection:
                over = cases.case(connection, invitation.case).status == "closed"
        except NoCase:
            over = True
        if over:
            raise LinkOver("nothing is left to sign here: reply to our letter, and we will tell you where things stand")

    def _file(self, opened: Opened, says: ByLink, name: str, reason: str) -> Message:
        """The message that the case hears: the first that was filed, whoever comes second."""
        if opened.said is None:
            message = self._message(opened, self._consent(opened, says, name, reason))
            with self._database.write() as connection:
                cases.file_message(connection, opened.invitation.case, message)
        return self._filed(opened.id, opened.invitation)

    def _consent(self, opened: Opened, says: ByLink, name: str, reason: str) -> Consent:
        invitation = opened.invitation
        return Consent(
            invitation=opened.id, reference=invitation.reference, document=invitation.document.id, says=says, name=name,
            reason=reason, at=now(), words=words_of(invitation, says),
        )  # fmt: skip

    def _message(self, opened: Opened, consent: Consent) -> Message:
        sealed = self._documents.put(self._links.sealed(consent), "answer-by-link.json", CONSENT)
        text = f"{consent.name} says through the personal link: {consent.words}"
        body = self._documents.put(f"{text}\n{consent.reason}".strip().encode(), "answer-by-link.txt", "text/plain")
        return Message(
            id=_message_id(opened.id),
            sender=opened.invitation.address.lower(),
            subject="Signed" if consent.says == "sign" else "Declined",
            received=consent.at,
            source=sealed,
            body=body,
            attachments=(sealed,),
        )

    async def _hand_over(self, invitation: Invitation, message: Message) -> None:
        """Tell the case. Where no server answers, it finds the answer on file at its next look."""
        try:
            client = await self._connect()
            await client.get_workflow_handle(invitation.case).signal("message", message)
        except (BatonError, RPCError, RuntimeError, OSError):
            return

    def _filed(self, id: DocumentId, invitation: Invitation) -> Message:
        with self._database.read() as connection:
            return next(one for one in cases.messages(connection, invitation.case) if one.id == _message_id(id))

    def _said(self, id: DocumentId) -> Consent | None:
        with self._database.read() as connection:
            case = cases.case_of_message(connection, _message_id(id))
            messages = cases.messages(connection, case) if case else []
        found = next((one for one in messages if one.id == _message_id(id)), None)
        return self._links.unsealed(self._documents.read(found.source.id)) if found else None


def words_of(invitation: Invitation, says: ByLink) -> str:
    """The sentence that the reader agrees to."""
    if says == "decline":
        return f"I do not sign the contract with {invitation.sender}."
    return (
        f"I have read the contract with {invitation.sender} (SHA-256 {invitation.document.id[:16]}), I may sign for "
        f"{invitation.organisation}, and I sign it electronically."
    )


def _message_id(id: DocumentId) -> str:
    """Not the form of an e-mail's, so that no e-mail can be taken for it."""
    return f"link:{id}"
