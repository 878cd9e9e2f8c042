"""Sign-in's signature over what a person says: whoever reaches Temporal still cannot speak for another.

Ed25519 (RFC 8032) over canonical JSON. Sign-in holds the private key; workers need only the public one.
"""

import base64
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from baton.cases.clock import now, written
from baton.errors import BatonError
from baton.types.answers import Stamp
from baton.types.canonical import canonical, plain
from baton.types.frozen import Frozen

LIFETIME = timedelta(minutes=15)
"""How long a signed answer may wait for a dead server before it must be said again."""


class NotSigned(BatonError):
    """The signature does not fit the person, the task and what was said, or it is too old."""


class SignIn:
    """The side that knows who is at the keyboard: it signs for a person who signed in."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def at(cls, home: Path) -> "SignIn":
        """The sign-in of this installation; its key is made on first use, readable by its owner only."""
        path = home / "keys" / "sign-in.pem"
        if not path.exists():
            _write_key(path)
        key = load_pem_private_key(path.read_bytes(), password=None)
        assert isinstance(key, Ed25519PrivateKey)
        return cls(key)

    def stamp(self, said: Frozen | dict[str, Any], lifetime: timedelta = LIFETIME) -> Stamp:
        """Sign everything in `said` but a stamp it may carry already."""
        expires = now() + lifetime
        return Stamp(expires=expires, signature=base64.b64encode(self._key.sign(_bytes(said, expires))).decode())

    def checker(self) -> "StampCheck":
        """The side that only checks."""
        return StampCheck(self._key.public_key())


class StampCheck:
    """The side that checks signatures; it can make none."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key

    @classmethod
    def at(cls, home: Path) -> "StampCheck":
        """The check of this installation, by the public key file alone."""
        path = home / "keys" / "sign-in.pub"
        if not path.exists():
            _write_key(home / "keys" / "sign-in.pem")
        key = load_pem_public_key(path.read_bytes())
        assert isinstance(key, Ed25519PublicKey)
        return cls(key)

    def check(self, said: Frozen, stamp: Stamp) -> None:
        """Raise `NotSigned` unless sign-in signed exactly this and not long ago."""
        try:
            self._key.verify(base64.b64decode(stamp.signature, validate=True), _bytes(said, stamp.expires))
        except (InvalidSignature, ValueError) as error:
            raise NotSigned("the signature does not fit who said what: sign in and answer again") from error
        if stamp.expires < now():
            raise NotSigned(f"the signature expired at {written(stamp.expires)}: answer again")


def _bytes(said: Frozen | dict[str, Any], expires: datetime) -> bytes:
    body = {key: value for key, value in plain(said).items() if key != "stamp"}
    return canonical({"said": body, "expires": written(expires)})


def _write_key(path: Path) -> None:
    """Make a key pair; of two processes that start together, one key wins and both use it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(private)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    kept = load_pem_private_key(path.read_bytes(), password=None)
    public = kept.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    beside = path.with_suffix(f".pub.{os.getpid()}")
    beside.write_bytes(public)
    beside.replace(path.with_suffix(".pub"))
