"""A playbook: for each clause what the company wants to find, the words that say or deny it, and what to do then."""

import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import Field, ValidationError, field_validator

from baton.errors import BatonError
from baton.types.frozen import Frozen

Verdict: TypeAlias = Literal["accept", "fallback", "escalate"]
"""Accept the clause as it stands, send our own wording back, or let legal decide."""
Words: TypeAlias = Literal["said", "denied", "silent"]
"""What an agreement does with a statement."""


class PlaybookBroken(BatonError):
    """A playbook is missing or is none."""


class Position(Frozen):
    """What to do with a clause, by what the agreement says of it."""

    said: Verdict = "accept"
    denied: Verdict = "escalate"
    silent: Verdict = "fallback"

    def on(self, words: Words) -> Verdict:
        """The verdict on what was found."""
        return {"said": self.said, "denied": self.denied, "silent": self.silent}[words]


class Clause(Frozen):
    """One position of the company."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str
    statement: str = Field(description="what the company wants the agreement to say")
    says: tuple[str, ...] = Field(min_length=1, description="patterns of a passage that says it")
    denies: tuple[str, ...] = Field(default=(), description="patterns of a passage that says the opposite; they outrank `says`")
    not_in: tuple[str, ...] = Field(default=(), description="patterns of a passage that only looks as if it said it")
    about: tuple[str, ...] = Field(
        default=(), description="patterns of any passage that touches the matter at all: where none does, its silence is sure"
    )
    sure: float = Field(default=0.8, ge=0, le=1, description="how often a passage that says it means it")
    position: Position = Position()
    always_seen: bool = Field(default=False, description="legal sees it whatever it says: the opposite is too often well hidden")
    fallback: str = Field(default="", description="our own wording, offered instead")

    @field_validator("says", "denies", "not_in", "about")
    @classmethod
    def _compile(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"`{pattern}` is no pattern: {error}") from error
        return patterns


class Playbook(Frozen):
    """All positions for one kind of agreement."""

    name: str
    version: str
    gate: float = Field(default=0.9, ge=0, le=1, description="how sure a finding has to be to be accepted without legal")
    clauses: tuple[Clause, ...]

    @field_validator("clauses")
    @classmethod
    def _once(cls, clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
        ids = [clause.id for clause in clauses]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"clause `{twice[0]}` stands twice: give each its own id")
        return clauses

    @cached_property
    def by_id(self) -> dict[str, Clause]:
        """The clauses by their ids."""
        return {clause.id: clause for clause in self.clauses}


def load(path: Path) -> Playbook:
    """The playbook in a file. Raises `PlaybookBroken`."""
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        return Playbook.model_validate({**told, "clauses": told.get("clauses", ())})
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise PlaybookBroken(f"playbook `{path}` cannot be used: {error}; correct it, nothing was compared") from error
