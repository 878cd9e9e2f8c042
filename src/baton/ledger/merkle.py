"""RFC 6962 Merkle trees: hashing, the frontier that grows, and where the hashes of a proof stand. No I/O.

A tree is stored as the hashes of its complete subtrees, numbered in the order in which they become complete:
leaf 0, leaf 1, (0,1), leaf 2, leaf 3, (2,3), (0..3), leaf 4 ... so that the store only ever appends.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from hashlib import sha256

EMPTY = sha256(b"").digest()
"""The root of a tree without entries."""


def leaf_hash(body: bytes) -> bytes:
    """The hash of one entry."""
    return sha256(b"\0" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbouring subtrees."""
    return sha256(b"\1" + left + right).digest()


def number(level: int, index: int) -> int:
    """Where the complete subtree over leaves `index << level` to `(index + 1 << level) - 1` is stored."""
    last = (index + 1 << level) - 1
    return 2 * last - last.bit_count() + level


def stored(size: int) -> int:
    """How many hashes a tree of this size stores."""
    return 2 * size - size.bit_count()


def place(at: int) -> tuple[int, int]:
    """Level and index of the subtree stored at a number: the inverse of `number`."""
    low, high = at // 2, at  # the last leaf it covers: the greatest whose own number is not beyond
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if number(0, middle) <= at else (low, middle - 1)
    level = at - number(0, low)
    return level, (low + 1 >> level) - 1


@dataclass
class Frontier:
    """The complete subtrees at the growing edge of a tree, largest first: all that the next entry builds on."""

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)

    @classmethod
    def load(cls, size: int, joined: bytes) -> "Frontier":
        """From how it is stored. Raises `ValueError` when there are not as many hashes as the size asks for."""
        if len(joined) != 32 * size.bit_count():
            raise ValueError(f"{len(joined)} bytes are no frontier of {size} entries")
        return cls(size, [joined[at : at + 32] for at in range(0, len(joined), 32)])

    def dump(self) -> bytes:
        """How it is stored."""
        return b"".join(self.hashes)

    def add(self, leaf: bytes) -> list[bytes]:
        """Take in one leaf hash; the hashes to store, the first at `stored(size before)`."""
        complete = [leaf]
        size = self.size
        while size & 1:
            leaf = node_hash(self.hashes.pop(), leaf)
            complete.append(leaf)
            size >>= 1
        self.hashes.append(leaf)
        self.size += 1
        return complete

    def root(self) -> bytes:
        """The root hash of the tree so far."""
        return joined(self.hashes)


Leaves = tuple[int, int]
"""A run of leaves, first and one past the last."""


def cover(leaves: Leaves) -> Iterator[int]:
    """The numbers of the complete subtrees that make up a run of leaves of an RFC 6962 tree, largest first."""
    first, end = leaves
    while first < end:
        level = (end - first).bit_length() - 1
        first += 1 << level
        yield 2 * (first - 1) - (first - 1).bit_count() + level  # `number`, spelt out: proofs spend most of their time here


def joined(hashes: Sequence[bytes]) -> bytes:
    """The hash over a run of leaves, from those of the subtrees that cover it, largest first."""
    return reduce(lambda right, left: node_hash(left, right), reversed(hashes)) if hashes else EMPTY


def inclusion(position: int, size: int) -> list[Leaves]:
    """The runs of leaves whose hashes prove that an entry is in a tree, from the leaf up."""
    return _path(position, 0, size)


def consistency(old: int, new: int) -> list[Leaves]:
    """The runs of leaves whose hashes prove that the tree of `new` entries continues the one of `old`."""
    if old in (0, new):
        return []
    runs: list[Leaves] = []
    first, end, whole = 0, new, True
    while old != end:
        middle = first + _split(end - first)
        if old <= middle:
            runs.append((middle, end))
            end = middle
        else:
            runs.append((first, middle))
            first, whole = middle, False
    return [*([] if whole else [(first, end)]), *reversed(runs)]


def proves_inclusion(leaf: bytes, position: int, size: int, path: Iterable[bytes], root: bytes) -> bool:
    """Whether a path leads from a leaf hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size:
        return False
    here, last, found = position, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(sibling, found)
            here, last = _climb(here, last)
        else:
            found = node_hash(found, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def proves_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Iterable[bytes]) -> bool:
    """Whether a path shows that the newer tree begins with the older one (RFC 9162, 2.1.4.2)."""
    given = list(path)
    if old == new or old == 0:
        return not given and (old_root == new_root if old == new else old_root == EMPTY)
    if old > new or not given:
        return False
    if old & (old - 1) == 0:
        given.insert(0, old_root)
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    older = newer = given[0]
    for sibling in given[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            here, last = _climb(here, last)
        else:
            newer = node_hash(newer, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and older == old_root and newer == new_root


def _path(position: int, first: int, end: int) -> list[Leaves]:
    runs: list[Leaves] = []
    while end - first > 1:
        middle = first + _split(end - first)
        if position < middle:
            runs.append((middle, end))
            end = middle
        else:
            runs.append((first, middle))
            first = middle
    return runs[::-1]


def _split(size: int) -> int:
    """The largest power of two smaller than a size."""
    return 1 << (size - 1).bit_length() - 1


def _climb(here: int, last: int) -> tuple[int, int]:
    """Skip the levels at which the rightmost subtree has no sibling."""
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last
