"""A mailbox, read by IMAP (RFC 9051, RFC 3501). Mail stays where it is, marked as taken once it is safe with us."""

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from baton.documents.message import MOST_RAW
from baton.errors import BatonError

TAKEN: Final = "$Filed"
"""The mark, where the mailbox allows marks of one's own; where it does not, mail that is taken is marked as seen."""
MOST_AT_ONCE: Final = 200
"""Messages taken in one look; the rest follows at the next."""
_PATIENCE: Final = 60.0


class MailboxTrouble(BatonError):
    """The mailbox cannot be read just now."""


class Mailbox:
    """An open mailbox."""

    def __init__(self, server: imaplib.IMAP4) -> None:
        self._server = server
        flags = server.response("PERMANENTFLAGS")[1]
        self._own_marks = any(rb"\*" in (flag or b"") for flag in flags)

    def fresh(self) -> list[str]:
        """The numbers (UIDs) of mail not taken yet, oldest first."""
        wanted = f"UNKEYWORD {TAKEN}" if self._own_marks else "UNSEEN"
        [found] = self._uid("SEARCH", wanted)
        return [number.decode() for number in (found or b"").split()][:MOST_AT_ONCE]

    def read(self, number: str) -> bytes:
        """One message as it came, not marked as seen by this; what is beyond all measure is cut."""
        answer = self._uid("FETCH", number, f"(BODY.PEEK[]<0.{MOST_RAW + 1}>)")
        found = next((part[1] for part in answer if isinstance(part, tuple)), None)
        if found is None:
            raise MailboxTrouble(f"message `{number}` is gone from the mailbox")
        return bytes(found)

    def mark(self, number: str) -> None:
        """It is safe with us."""
        self._uid("STORE", number, "+FLAGS.SILENT", f"({TAKEN if self._own_marks else chr(92) + 'Seen'})")

    def _uid(self, command: str, *arguments: str) -> list[Any]:
        kind, answer = self._server.uid(command, *arguments)
        if kind != "OK":
            raise MailboxTrouble(f"the mailbox refuses `{command}`: {answer!r}")
        return answer


@contextmanager
def opened(url: str) -> Iterator[Mailbox]:
    """The mailbox of an address such as `imaps://user:password@host/INBOX`. Raises `MailboxTrouble` in the server's words."""
    parts = urlsplit(url)
    secure = parts.scheme == "imaps"
    kind = imaplib.IMAP4_SSL if secure else imaplib.IMAP4
    try:
        server = kind(parts.hostname or "", parts.port or (993 if secure else 143), timeout=_PATIENCE)
        try:
            server.login(unquote(parts.username or ""), unquote(parts.password or ""))
            _select(server, unquote(parts.path.strip("/")) or "INBOX")
            yield Mailbox(server)
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                server.logout()
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxTrouble(f"mailbox on `{parts.hostname}`: {str(error)[:200]}; check BATON_IMAP_URL") from error


def _select(server: imaplib.IMAP4, folder: str) -> None:
    kind, answer = server.select(f'"{folder}"')
    if kind != "OK":
        raise MailboxTrouble(f"mailbox has no folder `{folder}`: {answer!r}; name one at the end of BATON_IMAP_URL")
