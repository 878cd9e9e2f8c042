"""A permit is what governance hands to the code that writes. Nothing writes without one."""

from typing import Final, final

from baton.errors import BatonError
from baton.types.actions import Action
from baton.types.canonical import hash_of
from baton.types.ids import CaseId, DecisionId, Hash

_FROM_GOVERNANCE: Final = object()


class NoPermit(BatonError):
    """Writing needs a permit that governance issued for exactly this action."""


@final
class Permit:
    """Leave to do one action once, for one case, under one recorded decision.

    `key` is the decision id; systems of record keep it as our reference and refuse a second write under it.
    """

    __slots__ = ("_action", "case", "key")

    def __init__(self, key: DecisionId, case: CaseId, action: Hash, *, source: object) -> None:
        if source is not _FROM_GOVERNANCE:
            raise NoPermit("permits are issued by governance only: call the activity through a process")
        self.key = key
        self.case = case
        self._action = action

    def covers(self, action: Action) -> None:
        """Raise `NoPermit` unless this permit was issued for exactly these arguments. Adapters call it before they write."""
        if hash_of(action) != self._action:
            raise NoPermit(f"permit `{self.key}` was issued for other arguments: propose the action again")

    def __reduce__(self) -> str:
        raise NoPermit("a permit cannot be copied or sent: it lives for one write")


def issue(key: DecisionId, case: CaseId, action: Action) -> Permit:
    """Make a permit. Only `baton.governance` may import this; an import contract keeps it so."""
    return Permit(key, case, hash_of(action), source=_FROM_GOVERNANCE)
