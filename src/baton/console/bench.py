"""What the console works with: the stores, the policies, sign-in, and a way to the running cases."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from temporalio.client import Client

from baton.console.settings import ConsoleSettings
from baton.documents.store import DocumentStore
from baton.governance.declare import KnowsCustomers
from baton.governance.engine import Engine
from baton.governance.stamps import SignIn
from baton.store import Database


@dataclass(frozen=True)
class Bench:
    """One installation, as the console sees it. Made once by `baton.console.serve`, or by a test."""

    engine: Engine
    documents: DocumentStore
    sign_in: SignIn
    settings: ConsoleSettings
    home: Path
    """Where page images and built assets are kept."""
    connect: Callable[[], Awaitable[Client]]
    """A client of the Temporal server; raises a `BatonError` while nothing answers."""
    queue: str = "baton"
    """The task queue on which undo runs."""
    processes: dict[str, str] = field(default_factory=dict)
    """Each process with its one-line description."""
    workflows: dict[str, str] = field(default_factory=dict)
    """Each process with the name under which the server runs it."""

    systems: tuple[KnowsCustomers, ...] = ()
    """What says what the company's systems know of a customer."""

    @property
    def database(self) -> Database:
        """Baton's own database."""
        return self.engine.database
