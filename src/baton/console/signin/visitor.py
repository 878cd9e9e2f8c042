"""Who asks for a page, and what they may: asked of Cedar for every page and every button."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import Connection

from baton.console.bench import Bench
from baton.errors import BatonError
from baton.governance.policy import Permission, Policies
from baton.types.identity import ByIdentity
from baton.types.people import Person
from baton.types.verdicts import Proposal


class NotAllowed(BatonError):
    """This person may not see or do this; `words` say what the policy says."""


@dataclass
class Visitor:
    """The person of this request, signed in."""

    person: Person
    session: str
    token: str
    """What every form of theirs carries."""
    how: str
    bench: Bench
    _asked: dict[tuple[str, ...], Permission] = field(default_factory=dict)
    _view: Connection | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """What stands in the database, the same for everything that is read meanwhile: opened once for a whole page."""
        if self._view is not None:
            yield self._view
            return
        with self.bench.database.read() as self._view:
            try:
                yield self._view
            finally:
                self._view = None

    def permission(self, action: str, *, department: str = "", process: str = "", agent: str = "", stage: str = "") -> Permission:
        """What the policies say to this; asked once a request."""
        key = (action, department, process, agent, stage)
        if key not in self._asked:
            self._asked[key] = may_do(self.bench.engine.policies, self.person, *key)
        return self._asked[key]

    def may(self, action: str, *, department: str = "", process: str = "", agent: str = "", stage: str = "") -> bool:
        """Whether the policies allow this, as in `may("baton:audit")`."""
        return self.permission(action, department=department, process=process, agent=agent, stage=stage).allowed

    def need(self, action: str, *, department: str = "", process: str = "") -> None:
        """Refuse the request unless the policies allow this. Raises `NotAllowed`."""
        permission = self.permission(action, department=department, process=process)
        if not permission.allowed:
            raise NotAllowed(f"{self.person.name} may not do this (`{action}`): {permission.words}")

    def may_view(self, departments: Iterable[str]) -> bool:
        """Whether they may look at a case that has been in these departments."""
        return any(self.may("baton:view_case", department=one) for one in dict.fromkeys(("", *departments)))

    def may_approve(self, proposal: Proposal) -> Permission:
        """Whether they may approve this proposal, and if not, what stands in the way."""
        return _may_approve(self.bench.engine.policies, self.person, ByIdentity(proposal))


@lru_cache(maxsize=1024)
def _may_approve(policies: Policies, person: Person, proposal: ByIdentity[Proposal]) -> Permission:
    return policies.may(person, "approve", proposal.it)


@lru_cache(maxsize=16384)
def may_do(policies: Policies, person: Person, action: str, department: str, process: str, agent: str, stage: str) -> Permission:
    """What these policies say of this person as they are now: the same question has the same answer, and is asked once.

    Another role, another department, somebody no longer active, or other policies make another question.
    """
    context = {"department": department, "process": process, "agent": agent, "stage": stage}
    return policies.may_do(person, action, context)
