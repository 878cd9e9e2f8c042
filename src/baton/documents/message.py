"""An e-mail or Outlook message becomes a message on file: body and attachments as documents, and what went wrong, in words."""

import hashlib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.message import Message as Mail
from typing import Final

from baton.documents.headers import address, header, message_ids, when
from baton.documents.inside import with_insides
from baton.documents.kinds import OUTLOOK, ending_of, in_words, is_archive, is_program, media_type_of
from baton.documents.outlook import outlook_taken_apart
from baton.documents.parts import Attached, Parts, taken_apart
from baton.documents.store import DocumentStore
from baton.types.documents import Document, Message

MEGABYTE: Final = 1_000_000
MOST_A_FILE: Final = 25 * MEGABYTE
MOST_A_MESSAGE: Final = 40 * MEGABYTE
MOST_RAW: Final = 100 * MEGABYTE
"""A message beyond this is cut before it is parsed: parsing takes several times its size in memory."""


def file_message(
    raw: bytes,
    store: DocumentStore,
    *,
    received: datetime | None = None,
    most_a_file: int = MOST_A_FILE,
    most_a_message: int = MOST_A_MESSAGE,
) -> Message:
    """Files a message (RFC 5322, or Outlook's `.msg`). Never raises for what is in it: `problems` says what was lost and what
    to ask for. A document that is no message is filed as the attachment of an empty one.

    `received` is when it arrived; without it the message's own headers say so.
    """
    problems: list[str] = []
    if len(raw) > MOST_RAW:
        problems.append(f"the message is {_size(len(raw))}: only its beginning was filed, ask for smaller files")
        raw = raw[:MEGABYTE]
    kind, (mail, parts) = _opened(raw)
    attached = with_insides(parts)
    problems += parts.problems
    attachments = _filed(attached, store, problems, most_a_file, most_a_message)
    problems += _missing(mail, parts)
    ids = message_ids(mail, "Message-ID")
    return Message(
        id=ids[0] if ids else f"sha256:{hashlib.sha256(raw).hexdigest()}",
        sender=address(mail, "From", "Sender", "Reply-To", "Return-Path"),
        recipient=address(mail, "To", "Delivered-To", "X-Original-To", "Cc"),
        subject=header(mail, "Subject"),
        received=received or when(mail) or datetime.now(UTC),
        in_reply_to=next(iter(message_ids(mail, "In-Reply-To") or message_ids(mail, "References")[-1:]), None),
        source=store.put(raw, f"message{ending_of(kind)}", kind),
        body=store.put(parts.text.encode(), "message.txt", "text/plain"),
        attachments=attachments,
        problems=tuple(dict.fromkeys(problems)),
    )


def _opened(raw: bytes) -> tuple[str, tuple[Mail, Parts]]:
    """What kind of message these bytes are, and the message taken apart."""
    kind = media_type_of(raw)
    if kind == OUTLOOK:
        return kind, outlook_taken_apart(raw)
    if kind in ("text/plain", "application/octet-stream"):  # what e-mails are, and what is left of broken ones
        return "message/rfc822", taken_apart(raw)
    parts = Parts(attached=[Attached(f"document{ending_of(kind)}", kind, raw)])
    parts.problems.append(f"this is no message but {in_words(kind)}: it was filed without a sender")
    return kind, (EmailMessage(), parts)


def _filed(
    attached: list[Attached], store: DocumentStore, problems: list[str], a_file: int, a_message: int
) -> tuple[Document, ...]:
    filed, total = [], 0
    for file in attached:
        if len(file.data) > a_file:
            problems.append(f"{_named(file)} is larger than {_size(a_file)} and was not filed: ask for a smaller one")
        elif total + len(file.data) > a_message:
            problems.append(f"{_named(file)} was not filed: the message is over {_size(a_message)}, ask for it alone")
        else:
            total += len(file.data)
            kind = media_type_of(file.data, file.claimed)
            problems += _doubts(file, kind)
            filed.append(store.put(file.data, file.name, kind))
    return tuple(filed)


def _doubts(file: Attached, kind: str) -> list[str]:
    if is_archive(kind):
        return [f"attachment `{file.name}` is {in_words(kind)} and was not opened: ask for the files themselves"]
    if is_program(kind):
        return [f"attachment `{file.name}` is a program: it was filed and will not be opened"]
    if file.claimed == "application/pdf" and kind != file.claimed:
        return [f"attachment `{file.name}` calls itself a PDF but is {in_words(kind)}"]
    return []


def _missing(mail: Mail, parts: Parts) -> list[str]:
    said = []
    if not address(mail, "From", "Sender", "Reply-To", "Return-Path"):
        said.append("the message does not say who sent it")
    if not parts.text:
        said.append("the message has no text")
    return said


def _named(file: Attached) -> str:
    return f"attachment `{file.name}` ({_size(len(file.data))})"


def _size(count: int) -> str:
    return f"{count / MEGABYTE:.0f} MB" if count >= MEGABYTE else f"{count:,} bytes"
