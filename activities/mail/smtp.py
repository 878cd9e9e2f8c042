"""Mail over a mail server. A letter that may have left is never sent again."""

import asyncio
import smtplib
import ssl
from datetime import date
from email.message import EmailMessage
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from activities.mail.envelope import From, message_of, sent_of
from activities.mail.letters import Letters
from activities.mail.models import Sent
from activities.mail.port import Envelope
from baton.errors import BatonError
from baton.governance.declare import FateUnknown, Permit
from baton.types.actions import Action
from baton.types.frozen import Frozen

_PATIENCE: Final = 20.0
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class LetterRefused(BatonError):
    """The mail server will not take this letter."""


class Unencrypted(BatonError):
    """A password would travel in the clear."""


class Server(Frozen):
    """A mail server: `smtp://user:password@host:587?starttls=1`, `smtps://host`."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: bool
    starttls: bool

    @classmethod
    def of(cls, url: str) -> "Server":
        """The server of a `BATON_SMTP_URL`. Raises `Unencrypted`."""
        parts = urlsplit(url)
        tls = parts.scheme == "smtps"
        starttls = parse_qs(parts.query).get("starttls", ["0"])[0] in ("1", "true", "yes")
        if parts.username and not (tls or starttls) and parts.hostname not in _LOOPBACK:
            raise Unencrypted(f"BATON_SMTP_URL sends a password to `{parts.hostname}` in the clear: add ?starttls=1")
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or (465 if tls else 587 if starttls else 25),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=tls,
            starttls=starttls,
        )


class Smtp:
    """Letters over SMTP. `sending` is on record before a letter leaves, `sent` after."""

    def __init__(self, server: Server, letters: Letters, sender: From) -> None:
        self._server = server
        self._letters = letters
        self._sender = sender

    async def send(self, envelope: Envelope, action: Action, permit: Permit) -> Sent:
        """Send once. Raises `LetterRefused`, or `FateUnknown` when the server fell silent after it had the letter."""
        permit.covers(action)
        message = message_of(envelope, permit.key, self._sender)
        state = await self._letters.begin(envelope, permit, message["Message-ID"])
        if state is None:
            await self._deliver(envelope.recipient, message, permit.key)
        sent = await self.look_up(permit.key)
        assert sent is not None, f"letter `{permit.key}` is not on the list of letters"
        return sent

    async def look_up(self, key: str) -> Sent | None:
        """What became of the letter. Raises `FateUnknown` for one that was about to leave when something broke."""
        found = await self._letters.find(key)
        if found is None:
            return None
        if found.state != "sent":
            raise FateUnknown(f"nobody can tell whether letter `{key}` left: ask the mail server for {found.message_id}")
        return sent_of(found.template, found.recipient, found.message_id)

    async def sent_on(self, recipient: str, day: date) -> int:
        """How many letters went to this address on this day."""
        return await self._letters.sent_on(recipient, day)

    async def asked_for(self, case: str) -> frozenset[str]:
        """What this case already asked for."""
        return await self._letters.asked_for(case)

    async def _deliver(self, recipient: str, message: EmailMessage, key: str) -> None:
        try:
            await asyncio.to_thread(_send, self._server, self._sender.address, recipient, message.as_bytes())
        except _NotTaken as reason:
            await self._letters.forget(key)
            raise reason.why from reason
        await self._letters.end(key)


class _NotTaken(Exception):
    """The server surely did not take the letter."""

    def __init__(self, why: Exception) -> None:
        super().__init__(str(why))
        self.why = why


def _send(server: Server, sender: str, recipient: str, data: bytes) -> None:
    """Hand the letter over. Every failure before the letter itself is `_NotTaken`; silence after it is `FateUnknown`."""
    try:
        connection = _connect(server)
    except (OSError, smtplib.SMTPException) as error:
        raise _NotTaken(error) from error  # the server may be back later: the step is tried again
    try:
        _address(connection, sender, recipient)
        _hand_over(connection, data)
    finally:
        connection.close()


def _connect(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.tls:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_PATIENCE, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=_PATIENCE)
    try:
        if server.starttls:
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        connection.ehlo_or_helo_if_needed()
    except BaseException:
        connection.close()
        raise
    return connection


def _address(connection: smtplib.SMTP, sender: str, recipient: str) -> None:
    try:
        for code, said in (connection.mail(sender), connection.rcpt(recipient)):
            _accept(code, said)
    except (OSError, smtplib.SMTPException) as error:
        raise _NotTaken(error) from error


def _hand_over(connection: smtplib.SMTP, data: bytes) -> None:
    try:
        code, said = connection.data(data)
    except smtplib.SMTPDataError as error:
        _accept(error.smtp_code, error.smtp_error)
        raise _NotTaken(error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise FateUnknown("the mail server fell silent after it had the letter: ask it whether the letter left") from error
    _accept(code, said)


def _accept(code: int, said: bytes | str) -> None:
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    if 400 <= code < 500:
        raise _NotTaken(smtplib.SMTPResponseException(code, words))
    if code >= 500:
        raise _NotTaken(LetterRefused(f"the mail server refuses the letter ({code} {words[:200]}): check the address on file"))
