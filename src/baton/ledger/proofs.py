"""Proof files: one entry, and why it must stand in the log, checked with nothing but the public key. No I/O.

The format is c2sp.org/tlog-proof; its `extra` line carries the entry's body, which the inclusion proof then vouches for.
"""

from collections.abc import Sequence

from baton.errors import BatonError
from baton.ledger import entry, merkle
from baton.ledger.note import Checkpoint, NoteRefused, Verifier, decode, encode, whole
from baton.types.decisions import Decision
from baton.types.frozen import Frozen

HEADER = "c2sp.org/tlog-proof@v1"


class ProofRefused(BatonError):
    """A proof file does not prove what it says."""


class Inclusion(Frozen):
    """Why an entry must stand in a tree: the hashes that lead from it to the root."""

    position: int
    size: int
    leaf: bytes
    path: tuple[bytes, ...]
    root: bytes

    @property
    def holds(self) -> bool:
        """Whether the path leads to the root."""
        return merkle.proves_inclusion(self.leaf, self.position, self.size, self.path, self.root)


class Consistency(Frozen):
    """Why a tree must be an older one with entries added, and nothing else."""

    old: int
    new: int
    old_root: bytes
    new_root: bytes
    path: tuple[bytes, ...]

    @property
    def holds(self) -> bool:
        """Whether the path joins both roots."""
        return merkle.proves_consistency(self.old, self.new, self.old_root, self.new_root, self.path)


class Proven(Frozen):
    """What a proof file proves: this decision stands in this log, which had this root when it was signed."""

    position: int
    origin: str
    size: int
    root: str
    """Lower-case hexadecimal."""
    decision: Decision
    """As anyone may read it: what is personal stays sealed."""
    sealed: bool
    """Whether the entry also holds personal data, readable only with the subject's key."""


def write_proof(body: bytes, position: int, path: Sequence[bytes], note: str) -> str:
    """The text of a proof file."""
    lines = [HEADER, f"extra {encode(body)}", f"index {position}", *map(encode, path)]
    return "\n".join([*lines, "", note])


def check_proof(text: str, public_key: str | Verifier) -> Proven:
    """What a proof file proves, under a public key in verifier form (`name+id+key`). Raises `ProofRefused`."""
    try:
        verifier = public_key if isinstance(public_key, Verifier) else Verifier.parse(public_key)
        body, position, path, note = _parts(text)
        checkpoint = Checkpoint.open(note, verifier)
    except NoteRefused as refused:
        raise ProofRefused(str(refused)) from refused
    leaf = merkle.leaf_hash(body)
    if not merkle.proves_inclusion(leaf, position, checkpoint.size, path, checkpoint.root):
        raise ProofRefused(f"the decision does not stand at `{position}` under the signed root: the file was changed")
    return Proven(
        position=position,
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=checkpoint.root.hex(),
        decision=entry.read(body),
        sealed="sealed" in entry.parse(body),
    )


def _parts(text: str) -> tuple[bytes, int, list[bytes], str]:
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or len(lines) < 3 or lines[0] != HEADER:
        raise ProofRefused(f"this is no proof file: its first line must be `{HEADER}`")
    body, position = decode(_after("extra ", lines[1])), whole(_after("index ", lines[2]))
    return body, position, [decode(line) for line in lines[3:]], note


def _after(word: str, line: str) -> str:
    if not line.startswith(word):
        raise ProofRefused(f"a line must start with `{word.strip()}`: the file was changed or cut off")
    return line.removeprefix(word)
