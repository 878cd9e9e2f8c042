"""The parts of an e-mail, however badly it was written: its text and what is attached."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import Message as Mail
from email.parser import BytesParser
from typing import Final

from baton.documents.headers import file_name, header
from baton.documents.hypertext import text_of_html

MOST_PARTS: Final = 200
DEEPEST: Final = 20
_SLOW_CODECS: Final = {"punycode", "idna"}


@dataclass(frozen=True)
class Attached:
    """A file as it came with a message."""

    name: str
    claimed: str
    """The media type that the sender says it has."""
    data: bytes


@dataclass
class Parts:
    """A message taken apart."""

    texts: list[str] = field(default_factory=list)
    attached: list[Attached] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text of the message, one part below the other."""
        return "\n\n".join(text for text in self.texts if text)


def taken_apart(raw: bytes) -> tuple[Mail, Parts]:
    """The message and its parts, however broken; never raises."""
    mail: Mail
    try:
        mail = message_from_bytes(raw, policy=policy.default)
        return mail, parts_of(mail)
    except Exception:  # the library's parser raises anything on hostile headers, a deep nest ends in RecursionError
        mail = _as_plain_text(raw)
        parts = parts_of(mail)
        parts.problems.append("the message is built so badly that it was filed as one text: ask for what was attached to it")
        return mail, parts


def parts_of(mail: Mail) -> Parts:
    """Takes a message apart; `problems` says what was lost."""
    parts = Parts()
    for count, part in enumerate(_leaves(mail, 0)):
        if count >= MOST_PARTS:
            parts.problems.append(f"the message has more than {MOST_PARTS} parts: the rest was left out")
            break
        _take(part, parts)
    return parts


def text_of_mail(mail: Mail, parts: Parts) -> str:
    """A forwarded message as text: who wrote it, when, about what, and its body."""
    said = [f"{name}: {value}" for name in ("From", "To", "Date", "Subject") if (value := header(mail, name))]
    return "\n".join(said) + "\n\n" + parts.text


def _as_plain_text(raw: bytes) -> Mail:
    mail = BytesParser(policy=policy.compat32).parsebytes(raw, headersonly=True)
    for name in [name for name in mail.keys() if name.lower().startswith("content-")]:  # noqa: SIM118  # not a dict
        del mail[name]
    return mail


def _leaves(part: Mail, depth: int) -> Iterator[Mail]:
    if depth > DEEPEST:
        return
    children = part.get_payload() if part.is_multipart() else None
    if not isinstance(children, list):
        yield part
    elif part.get_content_type() == "message/rfc822" and depth:
        yield part
        for child in children:
            # what a forwarded message says is read there; what is attached to it counts as attached here
            if isinstance(child, Mail):
                yield from (leaf for leaf in _leaves(child, depth + 1) if not _is_text(leaf))
    else:
        for child in _chosen(part, [child for child in children if isinstance(child, Mail)]):
            yield from _leaves(child, depth + 1)


def _chosen(part: Mail, children: list[Mail]) -> list[Mail]:
    """Of alternatives that say the same, the plain text when it says anything; everything that is not text stays."""
    if part.get_content_type() != "multipart/alternative":
        return children
    if not any(child.get_content_type() == "text/plain" and _text(child).strip() for child in children):
        return children
    return [kept for child in children for kept in _without_html(child)]


def _without_html(part: Mail) -> list[Mail]:
    """A part, or what is left of it when its HTML goes: the pictures in it."""
    if not any(leaf.get_content_type() == "text/html" for leaf in part.walk()):
        return [part]
    return [leaf for leaf in part.walk() if not leaf.is_multipart() and not _is_text(leaf)]


def _is_text(part: Mail) -> bool:
    return (
        (part.get_content_type() in ("text/plain", "text/html") or part.get_content_maintype() == "multipart")
        and part.get_content_disposition() != "attachment"
        and not file_name(part)
    )


def _take(part: Mail, parts: Parts) -> None:
    if _is_text(part):
        text = _text(part)
        parts.texts.append((text_of_html(text) if part.get_content_type() == "text/html" else text).strip())
        return
    data = _bytes(part)
    name = file_name(part) or f"attachment {len(parts.attached) + 1}"
    if any("Base64" in type(defect).__name__ for defect in part.defects):
        parts.problems.append(f"attachment `{name}` was damaged on its way: ask for it again")
    if not data:
        parts.problems.append(f"attachment `{name}` is empty: ask for it again")
        return
    parts.attached.append(Attached(name, part.get_content_type(), data))


def _bytes(part: Mail) -> bytes:
    children = part.get_payload()
    if isinstance(children, list):
        return b"\n\n".join(_as_bytes(child) for child in children if isinstance(child, Mail))
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, UnicodeError, AssertionError):
        data = str(children).encode("utf-8", "replace")
    return data if isinstance(data, bytes) else b""


def _as_bytes(mail: Mail) -> bytes:
    """The bytes of a message inside a message; headers too broken to be written again are left out."""
    try:
        return mail.as_bytes(policy=policy.compat32)
    except (ValueError, LookupError, UnicodeError, AttributeError, TypeError, KeyError):
        return parts_of(mail).text.encode()


def _text(part: Mail) -> str:
    data = _bytes(part)
    for name in (part.get_param("charset"), "utf-8"):
        try:
            if isinstance(name, str) and codecs.lookup(name).name not in _SLOW_CODECS:
                return clean(data.decode(name))
        except (LookupError, ValueError):
            continue
    return clean(data.decode("cp1252", "replace"))


def clean(text: str) -> str:
    """A text with one kind of line end, and no characters that cannot be stored."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return text.encode("utf-8", "replace").decode()
