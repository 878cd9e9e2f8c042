"""What a person says to a proposal or a question."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from baton.types.canonical import Json
from baton.types.frozen import Frozen
from baton.types.ids import Hash, PersonId, TaskId

Says: TypeAlias = Literal["approve", "edit", "reject", "ask", "return"]


class Stamp(Frozen):
    """Sign-in's signature over an answer: who, which task, which proposal, until when (Ed25519, RFC 8032)."""

    expires: AwareDatetime
    signature: str = Field(description="base64 of 64 bytes")


class Answer(Frozen):
    """One person's answer to one task, bound to what they saw."""

    id: str = Field(description="also the Temporal update id: the same answer sent twice is one")
    task: TaskId
    person: PersonId
    says: Says
    proposal: Hash = Field(description="hash of the proposal or question they saw")
    changes: dict[str, Json] = Field(
        default_factory=dict, description="field to new value, for `edit`; the choice, for a question"
    )
    reason: str = ""
    code: str = Field(default="", description="the coded reason, for `return` and `reject`")
    seconds: float = Field(default=0, ge=0, description="time spent with the task open")
    shown: tuple[str, ...] = Field(default=(), description="what was on the screen")
    stamp: Stamp
