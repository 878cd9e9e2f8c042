"""The token in every form: an HMAC over the session, so that no other site can send a form in somebody's name."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path


class FormTokens:
    """Makes and checks form tokens; each holds for one session and no other."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def at(cls, home: Path) -> "FormTokens":
        """The tokens of this installation; the key is made on first use, readable by its owner only."""
        path = home / "keys" / "console.key"
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(32))
        except FileExistsError:
            pass
        return cls(path.read_bytes())

    def of(self, session: str) -> str:
        """The token for this session's forms."""
        return hmac.new(self._key, b"form\0" + session.encode(), hashlib.sha256).hexdigest()

    def fits(self, session: str, token: str) -> bool:
        """Whether a form came from a page that this session was given."""
        return hmac.compare_digest(self.of(session).encode(), token.encode())
