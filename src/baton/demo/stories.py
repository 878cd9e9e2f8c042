"""One sample on its way: the message, the cases it became, and what its story lets people say next."""

from dataclasses import dataclass, field
from typing import Any

from baton.types.cases import Case, Task
from baton.types.ids import CaseId, DecisionId

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
    said_again: set[DecisionId | None] = field(default_factory=set)
    """Verdicts that sent an approval back, and were answered once more."""

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
        """What the story lets somebody say next, when it is about this task.

        Where an approval was sent back because the records changed meanwhile, as other stories change them, it is said again.
        """
        about = task.proposal.action if task.proposal else "question"
        last = self.story.decisions[self.answered - 1] if self.answered else None
        if last and task.note and last.says == "approve" and last.on == about and task.verdict not in self.said_again:
            self.said_again.add(task.verdict)
            self.answered -= 1
            return last
        if self.answered >= len(self.story.decisions):
            return None
        said = self.story.decisions[self.answered]
        return said if said.on in ("", about) else None

    def _is_over(self, standing: dict[CaseId, Case]) -> bool:
        return bool(self.opened) and all(standing[case].status in ENDED for case in self.opened if case in standing)
