"""An Outlook message (`.msg`) taken apart like any e-mail: its headers, its text and what is attached."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_string, policy
from email.message import EmailMessage
from email.message import Message as Mail
from email.utils import format_datetime
from typing import Final

import olefile  # type: ignore[import-untyped]  # it has no stubs
from oxmsg.domain import constants as is_
from oxmsg.properties import Properties
from oxmsg.storage import Storage, Stream

from baton.documents.headers import safe_name
from baton.documents.hypertext import text_of_html
from baton.documents.parts import DEEPEST, MOST_PARTS, Attached, Parts, clean

_TOP, _INSIDE, _PIECE = 32, 24, 8
"""How many bytes stand before the properties of a message, of a message inside it, and of an attachment or recipient."""
_SENDER: Final = (0x5D01, 0x5D02, 0x0C1F, 0x0065)
_DATES: Final = (0x0E06, 0x0039)
_RTF: Final = 0x1009
_INSIDE_NAME: Final = "__substg1.0_3701000D"


def outlook_taken_apart(raw: bytes) -> tuple[Mail, Parts]:
    """The headers of an Outlook message and its parts, however broken; never raises."""
    try:
        return _taken_apart(_storage(raw), _TOP, 0)
    except Exception:  # the library raises whatever a hostile file makes it do
        parts = Parts(problems=["the Outlook message is damaged: ask for it again, as an ordinary e-mail"])
        return EmailMessage(), parts


class _Folded(Exception):
    """The file says that it holds more than it can."""


def _storage(raw: bytes) -> Storage:
    with olefile.OleFileIO(io.BytesIO(raw)) as opened:
        sizes = sum(entry.size for entry in opened.direntries if entry is not None)
        if sizes > 2 * len(raw):  # the same bytes given out many times
            raise _Folded
        return Storage.from_ole(opened)


def _taken_apart(storage: Storage, header: int, depth: int) -> tuple[Mail, Parts]:
    said, parts = _Said(storage, header), Parts()
    mail = _headers(said, storage)
    if text := _text(said):
        parts.texts.append(text)
    elif said.data(_RTF):
        parts.problems.append("the message's text is kept in Outlook's own form, which is not read: ask for an ordinary e-mail")
    for piece in list(storage.iter_attachment_storages())[:MOST_PARTS]:
        _take(piece, parts, depth)
    return mail, parts


class _Said:
    """What the properties of a message, a recipient or an attachment say; one that cannot be read says nothing."""

    def __init__(self, storage: Storage, header: int) -> None:
        self._properties = Properties(storage, properties_header_offset=header)
        self._streams: dict[str, Stream] = {stream.name.upper(): stream for stream in storage.streams}

    def text(self, *ids: int) -> str:
        for one in ids:
            if text := self._unicode(one) or self._narrow(one):
                return text.replace("\0", "").strip()
        return ""

    def data(self, one: int) -> bytes:
        stream = self._streams.get(f"__SUBSTG1.0_{one:04X}0102")
        return stream.bytes_ if stream else b""

    def date(self, *ids: int) -> datetime | None:
        for one in ids:
            try:
                if (moment := self._properties.date_prop_value(one)) is not None:
                    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            except (AttributeError, ValueError, OverflowError, KeyError):
                continue
        return None

    def _unicode(self, one: int) -> str:
        stream = self._streams.get(f"__SUBSTG1.0_{one:04X}001F")
        return stream.bytes_.decode("utf-16-le", "replace") if stream else ""

    def _narrow(self, one: int) -> str:
        stream = self._streams.get(f"__SUBSTG1.0_{one:04X}001E")
        return self.decoded(stream.bytes_) if stream else ""

    def decoded(self, data: bytes) -> str:
        try:
            return data.decode(self._properties.body_encoding)
        except Exception:  # an unknown code page, or bytes that are not in it
            return _guessed(data)


def _guessed(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _headers(said: _Said, storage: Storage) -> Mail:
    """The headers as they travelled, where the message kept them; what they lack, Outlook's own notes say."""
    mail: Mail = EmailMessage()
    if travelled := said.text(is_.PID_TRANSPORT_MESSAGE_HEADERS):
        mail = message_from_string(travelled, policy=policy.default)
    sent = said.date(*_DATES)
    own = {
        "From": next((text for one in _SENDER if "@" in (text := said.text(one))), ""),
        "To": ", ".join(_recipients(storage)),
        "Subject": said.text(is_.PID_SUBJECT),
        "Date": format_datetime(sent) if sent else "",
        "Message-ID": said.text(is_.PID_INTERNET_MESSAGE_ID),
        "In-Reply-To": said.text(is_.PID_IN_REPLY_TO_ID),
        "References": said.text(is_.PID_INTERNET_REFERENCES),
    }
    for name, value in own.items():
        if value and name not in mail:
            mail[name] = " ".join(value.split())
    return mail


def _recipients(storage: Storage) -> Iterator[str]:
    for one in list(storage.iter_recipient_storages())[:MOST_PARTS]:
        said = _Said(one, _PIECE)
        yield said.text(is_.PID_SMTP_ADDRESS, is_.PID_EMAIL_ADDRESS, is_.PID_DISPLAY_NAME)


def _text(said: _Said) -> str:
    if plain := said.text(is_.PID_BODY):
        return clean(plain).strip()
    html = said.decoded(said.data(is_.PID_HTML)) or said.text(is_.PID_BODY_HTML)
    return text_of_html(clean(html)).strip()


def _take(piece: Storage, parts: Parts, depth: int) -> None:
    said = _Said(piece, _PIECE)
    name = safe_name(said.text(is_.PID_ATTACH_LONG_FILENAME, is_.PID_ATTACH_FILENAME, is_.PID_DISPLAY_NAME))
    name = name or f"attachment {len(parts.attached) + 1}"
    inside = next((storage for storage in piece.storages if storage.name.upper() == _INSIDE_NAME.upper()), None)
    if inside is not None:
        _take_message(inside, name, parts, depth)
    elif data := said.data(is_.PID_ATTACH_DATA_BINARY):
        parts.attached.append(Attached(name, said.text(is_.PID_ATTACH_MIME_TAG).lower(), data))
    else:
        parts.problems.append(f"attachment `{name}` is empty or only a link: ask for it again")


def _take_message(inside: Storage, name: str, parts: Parts, depth: int) -> None:
    """A message inside a message becomes an attachment of its own, and what is attached to it counts as attached here."""
    if depth >= DEEPEST:
        return
    mail, within = _taken_apart(inside, _INSIDE, depth + 1)
    lines = [f"{key}: {' '.join(str(value).split())}" for key, value in mail.items()]
    written = "\n".join([*lines, "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", within.text])
    parts.attached += [Attached(f"{name}.eml", "message/rfc822", written.encode()), *within.attached]
    parts.problems += within.problems
