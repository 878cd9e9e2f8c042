"""One sample on its way: the message, the cases it became, and what its story lets people say next."""

from dataclasses import dataclass, field
from typing import Any

from baton.types.cases import Case, Task
from baton.types.ids import CaseId

ENDED = ("closed", "stuck")


@dataclass
class Run:
    """A story, and how far it has come."""

    story: Any
    arrived: CaseId | None = None
    known: bool = False
    """The door had it already: the same message twice."""
    replies: list[CaseId] = field(default_factory=list)
    opened: list[CaseId] = field(default_factory=list)
    answered: int = 0
    replied: bool = False

    @property
    def cases(self) -> list[CaseId]:
        """Every case of this story: the one the message arrived as, those it became, and what customers sent later."""
        return [*([self.arrived] if self.arrived else []), *self.opened, *self.replies]

    def ended(self, standing: dict[CaseId, Case]) -> bool:
        """Whether nothing of it is under way any more."""
        if self.known:
            return True
        if self.arrived is None or (self.story.reply_file and not self.replied and not self._is_over(standing)):
            return False
        return all(case in standing and standing[case].status in ENDED for case in self.cases)

    def waits(self, standing: dict[CaseId, Case]) -> bool:
        """Whether a case of it waits for its customer."""
        return any(standing[case].status == "waiting" for case in self.opened if case in standing)

    def next_said(self, task: Task) -> Any:
        """What the story lets somebody say next, when it is about this task."""
        if self.answered >= len(self.story.decisions):
            return None
        said = self.story.decisions[self.answered]
        about = task.proposal.action if task.proposal else "question"
        return said if said.on in ("", about) else None

    def _is_over(self, standing: dict[CaseId, Case]) -> bool:
        return bool(self.opened) and all(standing[case].status in ENDED for case in self.opened if case in standing)
