"""Signed notes (c2sp.org/signed-note) and the checkpoints written on them (c2sp.org/tlog-checkpoint). No I/O."""

import base64
import binascii
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from baton.errors import BatonError
from baton.types.frozen import Frozen

_ED25519 = b"\x01"


class NoteRefused(BatonError):
    """A signed note does not say what its key would have signed."""


def encode(data: bytes) -> str:
    """Standard base64."""
    return base64.b64encode(data).decode()


def decode(text: str) -> bytes:
    """Standard base64 in its one canonical spelling, so that no changed letter goes unseen. Raises `NoteRefused`."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data or encode(data) != text:
        raise NoteRefused(f"`{text[:60]}` is not base64: the file was changed or cut off")
    return data


def whole(text: str) -> int:
    """A size or position: decimal digits in their one spelling. Raises `NoteRefused`."""
    if not text.isascii() or not text.isdigit() or len(text) > 18 or text != str(int(text)):
        raise NoteRefused(f"`{text[:60]}` is no size or position of a log")
    return int(text)


class Verifier:
    """A public key and its name: all it takes to check a note."""

    def __init__(self, name: str, public: bytes) -> None:
        self.name = name
        self.public = public
        self.id = sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]

    @classmethod
    def parse(cls, text: str) -> "Verifier":
        """From `name+id+key`, as `str` writes it. Raises `NoteRefused`."""
        name, _, rest = text.strip().partition("+")
        key_id, _, key = rest.partition("+")
        data = decode(key)
        found = cls(name, data[1:])
        if not name or data[:1] != _ED25519 or len(data) != 33 or key_id != found.id.hex():
            raise NoteRefused(f"`{text.strip()[:80]}` is no verifier key: take it from `keys/checkpoint.pub`")
        return found

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{encode(_ED25519 + self.public)}"

    def open(self, note: str) -> str:
        """The text of a note that this key signed. Raises `NoteRefused` for any other."""
        text, signatures = _split(note)
        mine = [signature[4:] for name, signature in signatures if name == self.name and signature[:4] == self.id]
        if not mine:
            raise NoteRefused(f"the note is not signed by `{self.name}`: check it with the key of the ledger it came from")
        try:
            for signature in mine:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            raise NoteRefused(f"the signature of `{self.name}` does not fit the text: one of them was changed") from None
        return text


class Signer:
    """A private key and its name."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.verifier = Verifier(name, private.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The note that carries this text, which ends in a newline."""
        signature = encode(self.verifier.id + self._private.sign(text.encode()))
        return f"{text}\n\u2014 {self.verifier.name} {signature}\n"


class Checkpoint(Frozen):
    """A tree head: which log, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{encode(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """From the text of a note. Raises `NoteRefused`."""
        origin, size, root, *_ = [*text.split("\n"), "", "", ""]
        if not origin or len(decode(root)) != 32:
            raise NoteRefused("the note is no checkpoint: it needs an origin, a size and a root hash")
        return cls(origin=origin, size=whole(size), root=decode(root))

    @classmethod
    def open(cls, note: str, verifier: Verifier) -> "Checkpoint":
        """From a note signed by the log itself. Raises `NoteRefused`."""
        found = cls.parse(verifier.open(note))
        if found.origin != verifier.name:
            raise NoteRefused(f"the checkpoint is of `{found.origin}`, its key of `{verifier.name}`: they must be one")
        return found


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    text, blank, signed = note.rpartition("\n\n")
    if not blank or not signed.endswith("\n"):
        raise NoteRefused("this is no signed note: it must end in a blank line and signatures")
    return text + "\n", [_signature(line) for line in signed[:-1].split("\n")]


def _signature(line: str) -> tuple[str, bytes]:
    dash, name, signature, *more = [*line.split(" "), "", ""]
    if dash != "\u2014" or not name or any(more):
        raise NoteRefused(f"`{line[:60]}` is no signature line")
    return name, decode(signature)
