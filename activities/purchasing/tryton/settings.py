"""Which Tryton Baton speaks to, read from the environment."""

import os
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from baton.errors import BatonError
from baton.types.frozen import Frozen

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class TrytonNotSet(BatonError):
    """Tryton cannot be spoken to as it is set."""


class TrytonSettings(Frozen):
    """Where Tryton stands and as whom Baton works in it."""

    url: str
    """Server and database, `https://tryton.example/company`; `BATON_TRYTON_URL`."""
    user: str
    """Baton's own user there, with its own rights; `BATON_TRYTON_USER`, default `baton`."""
    password_file: Path
    """A file with that user's password and nothing else; `BATON_TRYTON_PASSWORD_FILE`."""
    product: str
    """Code of the product that stands for whatever has no product of its own; `BATON_TRYTON_PRODUCT`, default `BATON`."""

    @classmethod
    def from_environment(cls) -> "TrytonSettings":
        """The settings of this process. Raises `TrytonNotSet`."""
        url = os.environ.get("BATON_TRYTON_URL", "").rstrip("/")
        file = os.environ.get("BATON_TRYTON_PASSWORD_FILE", "")
        parts = urlsplit(url)
        if not parts.hostname or not parts.path.strip("/"):
            raise TrytonNotSet(f"BATON_TRYTON_URL is `{url}`: give it server and database, as in https://tryton.example/company")
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise TrytonNotSet(f"BATON_TRYTON_URL sends a password to `{parts.hostname}` in the clear: use https")
        if not file or not Path(file).is_file():
            raise TrytonNotSet(
                f"BATON_TRYTON_PASSWORD_FILE names `{file}`, which is no file: put the password of Baton's user there"
            )
        return cls(
            url=url,
            user=os.environ.get("BATON_TRYTON_USER", "baton"),
            password_file=Path(file),
            product=os.environ.get("BATON_TRYTON_PRODUCT", "BATON"),
        )

    @property
    def password(self) -> str:
        """The password, read when it is needed and kept nowhere."""
        return self.password_file.read_text("utf-8").strip()
