"""Sealing of personal data: AES-256-GCM under keys that can be destroyed. No I/O."""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from baton.errors import BatonError

_NONCE = 12


class SealBroken(BatonError):
    """A sealed box does not open with its key."""


def new_key() -> bytes:
    """A fresh data key."""
    return AESGCM.generate_key(bit_length=256)


def seal(key: bytes, plain: bytes, about: str) -> bytes:
    """Seal bytes under a key, bound to what they are about: opened under another name, the box stays shut."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(key).encrypt(nonce, plain, about.encode())


def unseal(key: bytes, box: bytes, about: str) -> bytes:
    """Open what `seal` made. Raises `SealBroken`."""
    try:
        return _cipher(key).decrypt(box[:_NONCE], box[_NONCE:], about.encode())
    except (InvalidTag, ValueError):
        raise SealBroken(f"what is sealed about `{about}` does not open: restore `keys/sealing.key`") from None


@lru_cache(maxsize=1024)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)
