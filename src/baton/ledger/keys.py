"""The ledger's own keys, made on first use and readable by nobody else."""

import os
import secrets
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from baton.errors import BatonError
from baton.ledger.note import NoteRefused, Signer, Verifier, decode, encode


class KeyUnreadable(BatonError):
    """A key file does not hold a key."""


class Keys:
    """The keys under `BATON_HOME/keys`: one signs checkpoints, one wraps the data keys of people.

    Back both up. Without `checkpoint.key` the log can be verified but not continued under its name; without
    `sealing.key` everything personal in it is lost.
    """

    def __init__(self, home: Path) -> None:
        self.home = home

    @cached_property
    def signer(self) -> Signer:
        """Signs checkpoints. The name of the log derives from its key."""
        private = Ed25519PrivateKey.from_private_bytes(self._secret("checkpoint.key"))
        name = f"baton/{sha256(private.public_key().public_bytes_raw()).hexdigest()[:16]}"
        signer = Signer(name, private)
        _write_new(self.home / "keys" / "checkpoint.pub", f"{signer.verifier}\n", mode=0o644)
        return signer

    @property
    def verifier(self) -> Verifier:
        """The public half, in note verifier-key form by `str`: what an auditor needs."""
        return self.signer.verifier

    @cached_property
    def sealing(self) -> bytes:
        """Wraps the data keys of people."""
        return self._secret("sealing.key")

    @property
    def witness(self) -> Path:
        """Where a second copy of the last checkpoint is kept, out of the database's reach."""
        return self.home / "checkpoints" / "latest.checkpoint"

    def _secret(self, name: str) -> bytes:
        path = self.home / "keys" / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _write_new(path, encode(secrets.token_bytes(32)) + "\n", mode=0o600)
        try:
            key = decode(path.read_text().strip())
        except NoteRefused:
            key = b""
        if len(key) != 32:
            raise KeyUnreadable(f"`{path}` holds no key of 32 bytes in base64: restore it from a backup")
        return key


def _write_new(path: Path, text: str, mode: int) -> None:
    """Write a file whole or not at all; when another process was first, theirs stands."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
