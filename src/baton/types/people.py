"""Who acts: agents, people with roles, and the engine itself."""

from typing import Literal

from pydantic import Field

from baton.types.frozen import Frozen
from baton.types.ids import PersonId


class Person(Frozen):
    """Somebody on the staff, or an integration. Roles and limits are the company's records; a model never sets them."""

    id: PersonId
    name: str
    department: str = Field(description="as in `customer-service`, `claims`, `finance`, `purchasing`, `logistics`")
    roles: frozenset[str] = Field(description="as in `claims-handler`, `claims-manager`")
    email: str
    active: bool = True
    kind: Literal["person", "integration"] = Field(
        default="person", description="an integration is a program with a token: a principal of its own"
    )
    delegate: PersonId | None = Field(default=None, description="who decides for them while they are away")


class Actor(Frozen):
    """Who decided, as the ledger keeps it: an agent and its version, a person or integration with its roles, or the engine."""

    kind: Literal["agent", "person", "engine", "integration"]
    id: str
    version: str = ""
    roles: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"
