"""The very same thing: what was worked out from a record holds for as long as it is that record, and costs nothing to ask for."""

from typing import Generic, TypeVar

T = TypeVar("T")


class Very(Generic[T]):
    """Stands for one object where things are kept by what they belong to: another one that says the same is another one."""

    def __init__(self, it: T) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Very) and other.it is self.it
