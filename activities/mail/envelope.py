"""From an envelope to the bytes of a message. A header can hold nothing that somebody else wrote across lines."""

import hashlib
import os
import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP as _SMTP
from email.policy import default as strict
from email.utils import format_datetime, parseaddr
from typing import Final

from activities.mail import templates
from activities.mail.models import Sent
from activities.mail.port import Envelope
from baton.errors import BatonError
from baton.types.frozen import Frozen

SMTP: Final = _SMTP.clone(cte_type="7bit")  # not every server on the way takes eight bits
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,200}@[!-;=?-~]{1,200}>")
_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,120}")
LARGEST: Final = 64 * 1024
"""Bytes a letter may have."""
HEAVIEST: Final = 15 * 1024 * 1024
"""Bytes that everything enclosed in a letter may have together: more is refused by many a mailbox."""


class BadAddress(BatonError):
    """This is no single e-mail address."""


class LetterTooLong(BatonError):
    """The letter has more text than a letter may have."""


class From(Frozen):
    """Who letters come from: `BATON_MAIL_FROM`, as in `Customer Service <service@company.example>`."""

    name: str
    address: str

    @classmethod
    def from_environment(cls) -> "From":
        """The sender of this process's letters."""
        name, address = parseaddr(os.environ.get("BATON_MAIL_FROM") or "Customer Service <service@company.example>")
        return cls(name=name, address=checked(address))

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.address.rpartition("@")[2]


def checked(address: str) -> str:
    """The address itself. Raises `BadAddress` for anything but one plain address."""
    if not _ADDRESS.fullmatch(address) or ".." in address or address.startswith("."):
        raise BadAddress(f"`{address[:100]!r}` is no single e-mail address: write to the customer another way")
    return address


def name_of(key: str) -> str:
    """A key as a file name and as the left part of a Message-ID."""
    return key if _NAME.fullmatch(key) and key.strip(".") else hashlib.sha256(key.encode()).hexdigest()


def message_of(envelope: Envelope, key: str, sender: From) -> EmailMessage:
    """The message as it leaves. Raises `BadAddress` or `LetterTooLong`."""
    if len(envelope.text.encode()) > LARGEST:
        raise LetterTooLong(f"the letter has more than {LARGEST} bytes: shorten it")
    if sum(len(one.content) for one in envelope.enclosed) > HEAVIEST:
        raise LetterTooLong(f"what is enclosed has more than {HEAVIEST} bytes: send it another way")
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(sender.name, sender.address)
    message["To"] = _address(envelope.name, checked(envelope.recipient))
    message["Subject"] = _one_line(envelope.subject)
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{name_of(key)}@{sender.domain}>"
    if _MESSAGE_ID.fullmatch(envelope.in_reply_to):
        message["In-Reply-To"] = message["References"] = envelope.in_reply_to
    kind = "auto-replied" if "In-Reply-To" in message else "auto-generated"
    message["Auto-Submitted"] = kind if envelope.automatic else "no"
    message["X-Letter"] = _one_line(envelope.template)
    message.set_content(envelope.text)
    for one in envelope.enclosed:
        kind, _, subtype = one.media_type.partition("/")
        message.add_attachment(one.content, maintype=kind, subtype=subtype, filename=_one_line(one.name))
    return message


def sent_of(template: str, recipient: str, message_id: str) -> Sent:
    """What a letter left behind."""
    subject = templates.subject_of(template) if templates.known(template) else ""
    wrote = {"letter": f"{f'“{subject}”' if subject else template} to {recipient}"}
    return Sent(reference=message_id, recipient=recipient, message_id=message_id, subject=subject, wrote=wrote)


def read_sent(data: bytes) -> Sent:
    """What a letter in the outbox says about itself."""
    message = BytesHeaderParser(policy=strict).parsebytes(data)
    return sent_of(str(message["X-Letter"]), message["To"].addresses[0].addr_spec, str(message["Message-ID"]))


def _address(name: str, address: str) -> Address:
    return Address(display_name=_one_line(name), addr_spec=address)


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
