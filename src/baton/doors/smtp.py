"""An SMTP drop (RFC 5321): a mail server hands messages on to us, and hears `250` only when they are safe."""

import asyncio
import logging

from aiosmtpd.smtp import SMTP, Envelope, Session

from baton.documents.message import MOST_RAW
from baton.doors.taking import Taking

_log = logging.getLogger("baton.doors")


class Drop:
    """What the server does with a message."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # aiosmtpd's name
        """Take it in; when that fails the sender keeps it and tries again."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        try:
            done = await self._taking.take(raw, "smtp")
        except Exception:
            _log.exception("drop:not taken")
            return "451 4.3.0 not taken just now, try again"
        return f"250 2.6.0 taken as {done.case}"


async def drop(taking: Taking, address: str) -> asyncio.Server:
    """A server that listens at `host:port` until it is closed. No TLS and no passwords: it belongs inside."""
    host, _, port = address.rpartition(":")

    def session() -> SMTP:
        return SMTP(Drop(taking), data_size_limit=MOST_RAW, ident="Baton", enable_SMTPUTF8=True)

    return await asyncio.get_running_loop().create_server(session, host or "127.0.0.1", int(port))
