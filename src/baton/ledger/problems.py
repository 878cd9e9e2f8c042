"""What verification complains of: where, and what is wrong there."""

from dataclasses import dataclass, field

from baton.types.frozen import Frozen

_KEPT = 1000


class Problem(Frozen):
    """One damage."""

    place: str
    """As in `entry 17`, `node 42`, `index 17`, `state`, `checkpoint 3`."""
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.words}"


@dataclass
class Problems:
    """Damages as they are found; counts all, keeps the first thousand."""

    kept: list[Problem] = field(default_factory=list)
    found: int = 0

    def add(self, place: str, words: str) -> None:
        """Note one damage."""
        self.found += 1
        if len(self.kept) < _KEPT:
            self.kept.append(Problem(place=place, words=words))
