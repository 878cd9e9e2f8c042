"""Mail without a mail server: each letter is a file in the outbox, named by its key."""

import asyncio
import os
import tempfile
from datetime import date
from pathlib import Path

from activities.mail.envelope import From, message_of, name_of, read_sent
from activities.mail.letters import Letters
from activities.mail.models import Sent
from activities.mail.port import Envelope
from baton.governance.declare import Permit
from baton.types.actions import Action


class Outbox:
    """Letters as `.eml` files. A file is there whole or not at all, so a letter's fate is never in doubt."""

    def __init__(self, folder: Path, letters: Letters, sender: From) -> None:
        self._folder = folder
        self._letters = letters
        self._sender = sender

    async def send(self, envelope: Envelope, action: Action, permit: Permit) -> Sent:
        """Put the letter into the outbox once."""
        permit.covers(action)
        message = message_of(envelope, permit.key, self._sender)
        await self._letters.begin(envelope, permit, message["Message-ID"], "sent")  # whether it is, the file says
        await asyncio.to_thread(self._keep, permit.key, message.as_bytes())
        sent = await self.look_up(permit.key)
        assert sent is not None, f"letter `{permit.key}` vanished from the outbox"
        return sent

    async def look_up(self, key: str) -> Sent | None:
        """The letter in the outbox, or None."""
        return await asyncio.to_thread(self._read, key)

    async def sent_on(self, recipient: str, day: date) -> int:
        """How many letters went to this address on this day."""
        return await self._letters.sent_on(recipient, day)

    async def asked_for(self, case: str) -> frozenset[str]:
        """What this case already asked for."""
        return await self._letters.asked_for(case)

    def _read(self, key: str) -> Sent | None:
        try:
            return read_sent((self._folder / f"{name_of(key)}.eml").read_bytes())
        except FileNotFoundError:
            return None

    def _keep(self, key: str, data: bytes) -> None:
        """Whole or not at all; the first letter under a key stays."""
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self._folder, prefix=".leaving-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.link(temporary, self._folder / f"{name_of(key)}.eml")
        except FileExistsError:
            pass
        finally:
            os.unlink(temporary)
