"""Personal links: one reader, one document, one answer, until a day; and the answer, sealed so that no other is taken for it.

A link is the id of its invitation, which lies in the document store, and an HMAC over it: what is at rest opens nothing. A link
to how a case stands is made the same way, of the case's id.
"""

import base64
import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, TypeAlias

from pydantic import AwareDatetime, ValidationError

from baton.documents.store import DocumentDamaged, DocumentMissing, DocumentStore
from baton.errors import BatonError
from baton.types.canonical import canonical
from baton.types.documents import Document
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, DocumentId

CONSENT: Final = "application/vnd.baton.consent+json"
"""The media type of an answer given through a link."""
_INVITATION: Final = "application/vnd.baton.invitation+json"
_LINK: Final = re.compile(r"([0-9a-f]{64})\.([A-Za-z0-9_-]{43})")
_STATUS: Final = re.compile(r"([A-Za-z0-9-]{1,64})\.([A-Za-z0-9_-]{43})")
_UNACCENTED: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"})
"""Letters that a keyboard without them writes so, and that no accent is taken off."""
ByLink: TypeAlias = Literal["sign", "decline"]


class BadLink(BatonError):
    """This link opens nothing."""


class LinkOver(BatonError):
    """This link has opened something, and does so no more."""


class NotTheReader(BatonError):
    """Somebody else than the link's reader wants to answer."""


class Invitation(Frozen):
    """What a personal link leads to."""

    case: CaseId
    reference: str
    """The invitation's number in the system that invites."""
    reader: str
    """The name of the one person that the link is for."""
    address: str
    organisation: str
    sender: str
    """The company that invites."""
    title: str
    document: Document
    shown: tuple[tuple[str, str], ...] = ()
    """What the page says of it, label and value."""
    expires: AwareDatetime


class Consent(Frozen):
    """What the reader of a link said, and when."""

    invitation: DocumentId
    reference: str
    document: DocumentId
    says: ByLink
    name: str
    """As it was typed; it is the reader's."""
    reason: str = ""
    at: AwareDatetime
    words: str
    """The sentence that was agreed to."""


class Links:
    """Makes links, opens them, and seals what is said through them. The key is made at first use, for its owner only."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "keys"
        self._over = home / "links"

    def to(self, invitation: DocumentId) -> str:
        """The last part of a link's address."""
        return f"{invitation}.{self._secret('link', invitation.encode())}"

    def open(self, link: str, documents: DocumentStore, now: datetime) -> tuple[DocumentId, Invitation]:
        """The invitation behind a link. Raises `BadLink` for one that we never made, `LinkOver` for one that is over."""
        match = _LINK.fullmatch(link)
        if match is None or not hmac.compare_digest(self._secret("link", match[1].encode()), match[2]):
            raise BadLink("this link is not complete: copy it from the letter again, from its first character to its last")
        id = DocumentId(match[1])
        invitation = invitation_of(id, documents)
        if self.is_withdrawn(id):
            raise LinkOver("this link was withdrawn: reply to our letter, and we will tell you where things stand")
        if now >= invitation.expires:
            day = f"{invitation.expires:%d %B %Y}"
            raise LinkOver(f"this link ended on {day}: reply to our letter, and we will send you a new one")
        return id, invitation

    def to_case(self, case: CaseId) -> str:
        """The last part of the address at which whoever wrote sees how their case stands."""
        return f"{case}.{self._secret('status', case.encode())}"

    def case_of(self, link: str) -> CaseId:
        """The case behind such a link. Raises `BadLink` for one that we never made."""
        match = _STATUS.fullmatch(link)
        if match is None or not hmac.compare_digest(self._secret("status", match[1].encode()), match[2]):
            raise BadLink("this link is not complete: copy it from the letter again, from its first character to its last")
        return CaseId(match[1])

    def withdraw(self, invitation: DocumentId) -> None:
        """From now on the link opens nothing."""
        self._over.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self._over / invitation).touch()

    def restore(self, invitation: DocumentId) -> None:
        """The link opens again what it opened."""
        (self._over / invitation).unlink(missing_ok=True)

    def is_withdrawn(self, invitation: DocumentId) -> bool:
        """Whether the link was withdrawn."""
        return (self._over / invitation).exists()

    def sealed(self, consent: Consent) -> bytes:
        """The answer as it is filed: its words, and a seal that nobody else can make."""
        body = canonical(consent)
        return self._secret("consent", body).encode() + b"\n" + body

    def unsealed(self, data: bytes) -> Consent | None:
        """The answer in a file, or None where the seal is not ours: a message can attach anything."""
        seal, _, body = data.partition(b"\n")
        if not hmac.compare_digest(self._secret("consent", body).encode(), seal):
            return None
        try:
            return Consent.model_validate_json(body)
        except ValidationError:
            return None

    def _secret(self, what: str, data: bytes) -> str:
        made = hmac.new(self._key(), what.encode() + b"\0" + data, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(made).decode().rstrip("=")

    def _key(self) -> bytes:
        path = self._folder / "links.key"
        try:
            return _whole(path.read_bytes())
        except FileNotFoundError:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".links-{secrets.token_hex(8)}")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
        return _whole(path.read_bytes())


def file_invitation(invitation: Invitation, documents: DocumentStore) -> DocumentId:
    """Put an invitation on file, so that a link can lead to it."""
    return documents.put(canonical(invitation), f"{invitation.reference}.json", _INVITATION).id


def invitation_of(id: DocumentId, documents: DocumentStore) -> Invitation:
    """An invitation on file. Raises `BadLink`."""
    try:
        return Invitation.model_validate_json(documents.read(id))
    except (DocumentMissing, DocumentDamaged, ValidationError):
        raise BadLink("what this link led to is not on file any more: reply to our letter") from None


def same_name(typed: str, known: str) -> bool:
    """Whether two spellings are one name: capitals, accents and spaces make no difference."""
    return bool(_bare(typed)) and _bare(typed) == _bare(known)


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_UNACCENTED)
    return "".join(letter for letter in plain if letter.isalnum())


def _whole(key: bytes) -> bytes:
    assert len(key) == 32, "`keys/links.key` is not 32 bytes: restore it from a backup, or remove it and invite again"
    return key
