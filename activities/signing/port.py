"""What Baton needs of signing: our signature, a personal link, the customer's signature; each once."""

from typing import Protocol

from activities.signing.models import Countersign, Countersigned, Invite, Invited, Sign, Signed
from activities.signing.page import SignaturePage
from baton.governance.declare import Permit
from baton.links import Consent, Invitation
from baton.types.actions import Done
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId


class Signatory(Frozen):
    """In whose name a signature is made."""

    name: str
    organisation: str
    email: str = ""
    place: str = ""


class Standing(Frozen):
    """The signatures and invitations of one deal that stand."""

    signed: tuple[Signed, ...] = ()
    invited: tuple[Invited, ...] = ()
    countersigned: tuple[Countersigned, ...] = ()


class Signing(Protocol):
    """Signing. Writes take a permit, stand once under its key, and come back as read from the system."""

    async def sign(self, action: Sign, permit: Permit, page: SignaturePage, by: Signatory, words: str) -> Signed:
        """Our signature; `words` say why it may be given."""
        ...

    async def invite(self, action: Invite, permit: Permit, draft: Invitation) -> Invited:
        """A personal link; the draft's reference is filled in."""
        ...

    async def countersign(self, action: Countersign, permit: Permit, by: Signatory, consent: Consent) -> Countersigned:
        """The customer's signature."""
        ...

    async def standing(self, deal: str) -> Standing:
        """What stands for a deal."""
        ...

    async def given(self, case: str) -> tuple[Done, ...]:
        """Every entry of this case that stands."""
        ...

    async def link(self, invitation: DocumentId) -> str:
        """The address of a personal link."""
        ...

    async def consent(self, document: DocumentId) -> Consent | None:
        """The answer in a document, or None where it did not come through a link of ours."""
        ...

    async def look_up(self, key: str) -> Done | None:
        """What was written under this key, or None."""
        ...

    async def take_back(self, done: Done, permit: Permit) -> Done:
        """Undo what `done` says was written. The permit is one of its own, for the same action of the same case."""
        ...
