"""Every activity declares what it is: `read`, `agent`, `effect` or `engine`. An undeclared one fails at start-up."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, TypeAlias, TypeVar, get_type_hints

from temporalio import activity

from baton.errors import BatonError
from baton.governance.permits import NoPermit as NoPermit
from baton.governance.permits import Permit as Permit
from baton.types.actions import Action, Done, Facts, Kind, Undoing
from baton.types.canonical import Json
from baton.types.customers import KnownCustomer
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, CustomerId

Queue: TypeAlias = Literal["work", "pages"]
LookUp: TypeAlias = Callable[[str], Awaitable[Done | None]]
Undoer: TypeAlias = Callable[[Done, Permit], Awaitable[Done]]
Knower: TypeAlias = Callable[[str], Awaitable[KnownCustomer | None]]
F = TypeVar("F", bound=Callable[..., Any])


class Undeclared(BatonError):
    """An activity does not say what it is."""


class FateUnknown(BatonError):
    """Nobody can tell whether the effect happened. It goes to a person and is never blindly repeated."""


class About(Frozen):
    """What trusted code may know about the case at hand. Nothing in `findings` is a fact: it is what an agent read."""

    case: CaseId
    process: str
    stage: str
    customer: CustomerId | None
    tier: str
    sender: str
    findings: dict[str, dict[str, Json]]
    """The latest values read into each form, by form name: `{"Claim": {"serial": "...", ...}}`."""
    documents: tuple[str, ...]
    """Ids of every document on file for this case."""
    attachments: tuple[str, ...] | None = None
    """Those of them that came attached: not the words of the messages themselves. None where that is not known."""
    message_id: str = ""
    """Message-ID of the customer's latest message, so that a letter can answer it."""
    approved_by: str = ""
    """The person whose answer lets this very step be done; empty where it is done alone, and while facts are loaded."""


@dataclass(frozen=True)
class Undo:
    """How an effect is taken back."""

    how: Undoing
    by: Undoer | None = None


IRREVERSIBLE = Undo("none")


def exact(by: Undoer) -> Undo:
    """The world stands as before."""
    return Undo("exact", by)


def compensating(by: Undoer) -> Undo:
    """A second effect makes the first one good; both stay visible."""
    return Undo("compensating", by)


@dataclass(frozen=True)
class Declaration:
    """What an activity said about itself."""

    name: str
    kind: Kind
    function: Callable[..., Awaitable[Any]]
    queue: Queue = "work"
    timeout: timedelta = timedelta(seconds=30)
    facts: Callable[..., Awaitable[Facts]] | None = None
    look_up: LookUp | None = None
    undo: Undo = IRREVERSIBLE
    spends: str | None = None
    editable: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    says: str = ""
    names_customer: bool = False
    hints: dict[str, Any] = field(default_factory=dict)
    result: Any = None

    @property
    def silence(self) -> timedelta | None:
        """How long it may give no sign of life before it counts as lost; None where its time limit is short enough."""
        if self.queue == "pages":
            return timedelta(seconds=30)
        return timedelta(seconds=60) if self.kind == "agent" else None

    @property
    def action(self) -> type[Action]:
        """The model of the first argument."""
        return next(iter(self.hints.values()))  # type: ignore[no-any-return]  # hints come from the function

    @property
    def facts_type(self) -> type[Facts]:
        """The model that the facts loader returns."""
        assert self.facts is not None
        return get_type_hints(self.facts)["return"]  # type: ignore[no-any-return]  # hints come from the function

    @property
    def wants_about(self) -> bool:
        """Whether the function asks for the case at hand as its second argument."""
        return About in self.hints.values()


def declaration_of(function: Callable[..., Any]) -> Declaration:
    """What this activity declared. Raises `Undeclared` for one that declared nothing."""
    found = getattr(function, "__baton__", None)
    if not isinstance(found, Declaration):
        name = getattr(function, "__qualname__", repr(function))
        raise Undeclared(f"activity `{name}` does not say what it is: mark it `read`, `agent`, `effect` or `engine`")
    return found


def _declare(function: F, kind: Kind, **said: Any) -> F:
    folders = function.__module__.split(".")
    name = f"{folders[1] if len(folders) > 2 else folders[-1]}.{function.__name__}"
    hints = get_type_hints(function)
    result = hints.pop("return", None)
    if not inspect.iscoroutinefunction(function):
        raise Undeclared(f"activity `{name}` must be `async def`")
    # Temporal reads `__baton__` no more than we read its own mark: one function carries both.
    function.__baton__ = Declaration(name=name, kind=kind, function=function, hints=hints, result=result, **said)  # type: ignore[attr-defined]
    return activity.defn(name=name)(function)


def read(*, timeout: timedelta = timedelta(seconds=30), queue: Queue = "work", names_customer: bool = False) -> Callable[[F], F]:
    """An activity that looks something up and changes nothing.

    `names_customer`: its result has `customer` and `tier`, which become the case's own, once.
    """
    return lambda function: _declare(function, "read", timeout=timeout, queue=queue, names_customer=names_customer)


def agent(*, timeout: timedelta = timedelta(minutes=5), queue: Queue = "work") -> Callable[[F], F]:
    """An activity that judges: its result is a finding, on record, and never an effect."""
    return lambda function: _declare(function, "agent", timeout=timeout, queue=queue)


def effect(
    *,
    facts: Callable[..., Awaitable[Facts]],
    look_up: LookUp,
    undo: Undo,
    says: str,
    spends: str | None = None,
    editable: tuple[str, ...] = (),
    rests_on: tuple[str, ...] = (),
    timeout: timedelta = timedelta(seconds=30),
) -> Callable[[F], F]:
    """An activity that changes the world: `async def f(action, permit) -> Done`, or with `about` as a third argument.

    `facts` loads what the systems of record say, `look_up` finds the effect again by our reference, `undo` takes it back,
    `says` is the proposal in one sentence (`"Issue a gift card of {amount} for order {order}"`), `spends` names the
    `Money` field that counts towards cumulative caps, `editable` the fields a person may change, `rests_on` the fields of the
    case's findings whose evidence the proposal stands on (all of them unless named).
    """
    said = {"facts": facts, "look_up": look_up, "undo": undo, "says": says, "spends": spends, "timeout": timeout}
    return lambda function: _declare(function, "effect", editable=editable, rests_on=rests_on, **said)


def engine(*, timeout: timedelta = timedelta(seconds=30)) -> Callable[[F], F]:
    """The engine's own bookkeeping, outside the approval loop. Nothing in `activities/` or `agents/` may be one."""
    return lambda function: _declare(function, "engine", timeout=timeout)


def directory(function: F) -> F:
    """Mark the one function that says who is on the staff: `def staff() -> list[Person]`. Read at every start."""
    function.__baton_directory__ = True  # type: ignore[attr-defined]  # a mark for discovery
    return function


@dataclass(frozen=True)
class KnowsCustomers:
    """A system that knows customers, and the actions by which it gives them something."""

    name: str
    ask: Knower
    gives: frozenset[str]


def knows_customers(*gives: Callable[..., Any]) -> Callable[[Knower], Knower]:
    """Mark what says what a system knows of a customer: `async def known(customer: str) -> KnownCustomer | None`.

    `gives` are effects by which a customer gets something, as a gift card or a contract: people see those first.
    """

    def mark(function: Knower) -> Knower:
        system = function.__module__.split(".")[1]
        names = frozenset(declaration_of(effect).name for effect in gives)
        function.__baton_customers__ = KnowsCustomers(system, function, names)  # type: ignore[attr-defined]  # a mark for discovery
        return function

    return mark
