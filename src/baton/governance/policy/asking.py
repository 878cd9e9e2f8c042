"""Asking about one thing: whoever asks, in whichever words the policies have for it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from baton.governance.policy.compiled import Compiled
from baton.governance.policy.encode import entity, person_entity, uid
from baton.governance.policy.lens import Answer
from baton.governance.policy.probes import Condition
from baton.types.people import Person

_AGENT_ROLES: Final = ("agent",)


class Asking:
    """One thing that is asked about: a proposal's resource, or the engine."""

    def __init__(
        self, compiled: Compiled, kind: str, attributes: dict[str, Any], context: Mapping[str, str] | None = None
    ) -> None:
        self.attributes = attributes
        self._compiled = compiled
        self._it = entity(uid(kind, "it"), attributes)
        self._context = json.dumps(dict(context or {}))

    def agent(self, name: str, action: str) -> Answer:
        """Whether this agent may do it alone."""
        return self._ask([entity(uid("Agent", name), roles=_AGENT_ROLES)], action)[0]

    def person(self, person: Person, action: str, proposers: Sequence[str] | None = None) -> Answer:
        """Whether this person may. `proposers` replaces the people who count as having proposed it."""
        it = self._it
        if proposers is not None:
            it = it | {"attrs": self.attributes | {"proposers": [uid("Person", name) for name in proposers]}}
        return self._compiled.lens(action).answers(it, [person_entity(person)], self._context)[0]

    def people(self, people: Sequence[Person], action: str) -> tuple[Answer, ...]:
        """Whether each of these people may, in their order."""
        return self._ask([person_entity(person) for person in people], action) if people else ()

    def failed(self, answer: Answer) -> tuple[Condition, ...]:
        """Every condition that stood in the way of this answer."""
        return self._compiled.lens(answer.request["action"]["id"]).failed(answer)

    def _ask(self, askers: list[dict[str, Any]], action: str) -> tuple[Answer, ...]:
        return self._compiled.lens(action).answers(self._it, askers, self._context)
