"""RFC 6962 trees: known answers, and proofs of every size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.ledger import merkle
from baton.ledger.merkle import EMPTY, Frontier, leaf_hash, node_hash, proves_consistency, proves_inclusion

LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        ROOTS[4],
    ],
    (2, 3): [ROOTS[2]],
    (1, 5): [
        ROOTS[1],
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


class Tree:
    """A tree as a store would keep it."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.edge, self.leaves = Frontier(), leaves
        self.stored: dict[int, bytes] = {}
        self.roots = [self.edge.root()]
        for leaf in leaves:
            at = merkle.stored(self.edge.size)
            self.stored |= dict(enumerate(self.edge.add(leaf), at))
            self.roots.append(self.edge.root())

    def over(self, runs: list[tuple[int, int]]) -> list[bytes]:
        return [merkle.joined([self.stored[at] for at in merkle.cover(run)]) for run in runs]

    def inclusion(self, position: int, size: int) -> list[bytes]:
        return self.over(merkle.inclusion(position, size))

    def consistency(self, old: int, new: int) -> list[bytes]:
        return self.over(merkle.consistency(old, new))


def by_definition(leaves: list[bytes]) -> bytes:
    """The root as RFC 6962, 2.1, defines it."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(by_definition(leaves[:split]), by_definition(leaves[split:]))


KNOWN = Tree([leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES])
BIG = Tree([leaf_hash(bytes([number])) for number in range(70)])


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_known_ones(size: int) -> None:
    assert KNOWN.roots[size].hex() == ROOTS[size]


@pytest.mark.parametrize("place", PATHS)
def test_inclusion_paths_are_the_known_ones(place: tuple[int, int]) -> None:
    assert [step.hex() for step in KNOWN.inclusion(*place)] == PATHS[place]


def test_every_root_is_the_one_defined() -> None:
    assert BIG.roots == [by_definition(BIG.leaves[:size]) for size in range(71)]


def test_every_node_is_stored_where_its_number_says() -> None:
    assert sorted(BIG.stored) == list(range(merkle.stored(70)))
    for at in BIG.stored:
        level, index = merkle.place(at)
        assert merkle.number(level, index) == at
        assert BIG.stored[at] == by_definition(BIG.leaves[index << level : (index + 1) << level])


def test_an_entry_is_proved_in_trees_of_every_size() -> None:
    for size in range(1, 71):
        for position in range(size):
            path = BIG.inclusion(position, size)
            assert proves_inclusion(BIG.leaves[position], position, size, path, BIG.roots[size])


def test_a_tree_is_proved_to_continue_every_older_one() -> None:
    for new in range(71):
        for old in range(new + 1):
            path = BIG.consistency(old, new)
            assert proves_consistency(old, new, BIG.roots[old], BIG.roots[new], path)


@given(st.data())
def test_no_other_entry_place_or_root_is_proved(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 70))
    position = data.draw(st.integers(0, size - 1))
    path, leaf, root = BIG.inclusion(position, size), BIG.leaves[position], BIG.roots[size]
    other = data.draw(st.integers(0, 69))
    if other != position:
        assert not proves_inclusion(BIG.leaves[other], position, size, path, root)
        assert not proves_inclusion(leaf, other, size, path, root)
    assert not proves_inclusion(leaf, position, size, path, EMPTY)
    assert not proves_inclusion(leaf, position, size, [*path, EMPTY], root)
    if path:
        broken = list(path)
        broken[data.draw(st.integers(0, len(path) - 1))] = EMPTY
        assert not proves_inclusion(leaf, position, size, broken, root)
        assert not proves_inclusion(leaf, position, size, path[:-1], root)


@given(st.data())
def test_no_other_history_is_proved(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, 70))
    old = data.draw(st.integers(1, new - 1))
    path = BIG.consistency(old, new)
    assert not proves_consistency(old, new, EMPTY, BIG.roots[new], path)
    assert not proves_consistency(old, new, BIG.roots[old], BIG.roots[old], path)
    assert not proves_consistency(old, new, BIG.roots[old], BIG.roots[new], path[:-1])
    assert not proves_consistency(old, new, BIG.roots[old], BIG.roots[new], [*path, EMPTY])
    broken = list(path)
    broken[data.draw(st.integers(0, len(path) - 1))] = EMPTY
    assert not proves_consistency(old, new, BIG.roots[old], BIG.roots[new], broken)


def test_a_frontier_goes_on_where_it_was_stored() -> None:
    for size in range(70):
        edge = Tree(BIG.leaves[:size]).edge
        again = Frontier.load(size, edge.dump())
        again.add(BIG.leaves[size])
        assert again.root() == BIG.roots[size + 1]


def test_a_frontier_that_lost_a_hash_is_refused() -> None:
    with pytest.raises(ValueError, match="no frontier of 3 entries"):
        Frontier.load(3, BIG.edge.dump()[:32])
