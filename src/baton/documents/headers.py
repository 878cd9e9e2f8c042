"""Headers of an e-mail, read so that no malformed one stops the message."""

import re
import unicodedata
from contextlib import suppress
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.utils import parseaddr, parsedate_to_datetime
from typing import Final

LONGEST: Final = 500
LONGEST_NAME: Final = 120
_BROKEN: Final = (ValueError, LookupError, AttributeError, TypeError, UnicodeError, HeaderParseError, AssertionError)


def header(mail: Mail, name: str) -> str:
    """The decoded text of a header on one line, empty where there is none."""
    try:
        said = mail.get(name)
        text = "" if said is None else str(said)
    except _BROKEN:
        text = "\ufffd"
    return _one_line(_raw(mail, name) if "\ufffd" in text else text)[:LONGEST]


def address(mail: Mail, *names: str) -> str:
    """The first address in the first of these headers that carries one, in lower case."""
    for name in names:
        found = parseaddr(header(mail, name))[1].lower()
        if "@" in found and not re.search(r"\s", found):
            return found
    return ""


def when(mail: Mail) -> datetime | None:
    """When our own server took the message, or else when the sender says it was written."""
    taken = header(mail, "Received").rpartition(";")[2]
    for said in (taken, header(mail, "Date")):
        try:
            moment = parsedate_to_datetime(said.strip())
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def message_ids(mail: Mail, name: str) -> list[str]:
    """The message ids in a header, without their angle brackets."""
    said = header(mail, name)
    found = re.findall(r"<([^<>\s]+)>", said) or re.findall(r"\S+@\S+", said)
    return [one[:250] for one in found]


def file_name(part: Mail) -> str:
    """A part's file name made harmless: no folders, no control or direction characters, not too long."""
    try:
        said = part.get_filename() or ""
    except _BROKEN:
        said = ""
    with suppress(*_BROKEN):
        said = str(make_header(decode_header(said))) if "=?" in said else said
    return safe_name(said)


def safe_name(said: str) -> str:
    """A file name as it may be shown and stored; empty when nothing is left of it."""
    visible = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in said)
    name = re.split(r"[/\\]", _one_line(visible))[-1].strip(" .")
    name = re.sub(r'[<>:"|?*`]', "_", name)
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) < 10 else name[:LONGEST_NAME]


def _raw(mail: Mail, name: str) -> str:
    for key, value in mail.raw_items():
        if key.lower() == name.lower():
            try:
                return str(make_header(decode_header(value))) if "=?" in value else str(value)
            except _BROKEN:
                return str(value)
    return ""


def _one_line(text: str) -> str:
    text = _spelled(text) if any("\ud800" <= character <= "\udfff" for character in text) else text
    return re.sub(r"\s+", " ", re.sub(r"[\x00-\x08\x0e-\x1f\x7f]", "", text)).strip()


def _spelled(text: str) -> str:
    """Bytes that a sender put into a header without saying in which encoding."""
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
