"""The signature of what is sent. A webhook's secret is derived from the console's key, so that no database holds it."""

import base64
import hashlib
import hmac
from pathlib import Path
from typing import Final

from baton.console.signin.csrf import FormTokens

PREFIX: Final = "whsec_"


class Secrets:
    """The secrets of this installation's webhooks."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def of(self, webhook: str) -> str:
        """As the receiver keeps it: `whsec_...`."""
        FormTokens.at(self._home)  # makes the key on first use
        key = (self._home / "keys" / "console.key").read_bytes()
        return PREFIX + base64.b64encode(hmac.new(key, b"webhook\0" + webhook.encode(), hashlib.sha256).digest()).decode()


def signature(secret: str, event: str, at: int, body: str) -> str:
    """HMAC-SHA256 over id, time and body: `v1,...`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.new(key, f"{event}.{at}.{body}".encode(), hashlib.sha256).digest()).decode()
