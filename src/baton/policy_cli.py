"""`baton policy`: check the policies, test them, compare two versions, explain a verdict, list who may do what."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from baton.commands.opening import NotSetUp, installation
from baton.commands.printing import Json, as_json, console, table
from baton.errors import BatonError
from baton.governance.declare import Declaration
from baton.governance.engine import Engine
from baton.governance.policy import Bundle, Policies, PolicyProblem
from baton.governance.policy.authority import Right
from baton.governance.policy.authority import authority as rights_of
from baton.governance.policy.diff import GRID_SIZE, Difference, Flip
from baton.governance.policy.diff import diff as compare
from baton.governance.policy.expected import run_tables
from baton.governance.policy.lint import check as problems_of
from baton.governance.policy.why import Recorded, Why
from baton.governance.policy.why import why as explained
from baton.llm.redaction.table import TABLE, BadPrivacy, Privacy
from baton.runtime.bootstrap import ENGINE_MODULES
from baton.runtime.project import discover
from baton.runtime.root import project_root
from baton.types.decisions import Decision
from baton.types.ids import DecisionId, Hash
from baton.types.people import Person
from baton.types.verdicts import Proposal

app = typer.Typer(help="Check, test, compare and explain the policies.", no_args_is_help=True)


class NoSuchRecord(BatonError):
    """The record does not hold what was asked for."""


@dataclass(frozen=True)
class Records:
    """Where recorded decisions come from: the ledger of this installation, or anything else that has them."""

    people: Callable[[], Sequence[Person]]
    recorded: Callable[[str], Recorded]
    past: Callable[[], Iterator[Proposal]]
    bundle: Callable[[str], Bundle | None]
    """A stored bundle by its hash, or by the beginning of it."""


@app.command()
def check(
    write: Annotated[bool, typer.Option("--write", help="Renew the generated schema first.")] = False, json: Json = False
) -> None:
    """Check that every rule parses, fits the schema and explains itself. Ends with 1 when one does not."""
    folder = project_root() / "policies"
    found = [*problems_of(folder, effects(), write), *problems_of_privacy(folder)]
    if json:
        as_json([{"file": problem.file, "line": problem.line, "problem": problem.problem} for problem in found])
    else:
        _lines([*map(str, found), f"{len(found)} problems" if found else "the policies are in order"])
    raise typer.Exit(1 if found else 0)


def problems_of_privacy(folder: Path) -> Iterator[PolicyProblem]:
    """What of the tables of privacy cannot be read: with one such row, nothing leaves for a language model."""
    try:
        Privacy.at(folder / TABLE)
    except BadPrivacy as bad:
        yield PolicyProblem(str(bad), TABLE)


@app.command("test")
def run(json: Json = False) -> None:
    """Run the tables of expected verdicts in `policies/tests`. Ends with 1 when one comes out otherwise."""
    folder = project_root() / "policies"
    results = run_tables(in_force(), folder / "tests")
    failed = [result for result in results if not result.passed]
    if json:
        as_json(results)
    else:
        _lines(f"{one.file}:{one.line}: {one.it}\n  expected {one.expected}\n  got      {one.got}" for one in failed)
        _lines([f"{len(results) - len(failed)} of {len(results)} verdicts as expected"])
    raise typer.Exit(1 if failed or not results else 0)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="A folder of policies, the hash of stored ones, or `recorded`: the last used.")],
    new: Annotated[str, typer.Argument(help="The same; usually `policies`.")] = "policies",
    points: Annotated[int, typer.Option("--points", min=1, help="Proposals to try around the boundaries of each.")] = GRID_SIZE,
    json: Json = False,
) -> None:
    """Compare two versions of the policies: what would flip on every boundary and on past decisions, and how much money."""
    with records() as found:
        before, after = version(old, found), version(new, found)
        people, past = (found.people(), found.past()) if found else ((), iter(()))
        difference = compare(before, after, people, past, size=points)
    as_json(difference) if json else _show_difference(difference)


@app.command()
def why(decision: Annotated[str, typer.Argument(help="The id of a verdict, as in `d-4k2...`.")], json: Json = False) -> None:
    """Explain one recorded verdict from the policies of then."""
    with records() as found:
        if found is None:
            raise NoSuchRecord(f"there is no record yet, so no `{decision}`: start with `baton up` or `baton demo`")
        told = explained(found.recorded(decision))
    as_json(told) if json else _lines(_told(told))


@app.command()
def authority(json: Json = False) -> None:
    """List who may do what, up to which limit, by which rule."""
    with records() as found:
        rights = rights_of(in_force(), found.people() if found else ())
    as_json(rights) if json else _show_rights(rights)


def effects() -> list[Declaration]:
    """The effects that this project's activities declare."""
    declared = discover(project_root(), ENGINE_MODULES).declarations.values()
    return [declaration for declaration in declared if declaration.kind == "effect"]


def in_force() -> Policies:
    """The policies as they stand in the project's folder."""
    return Policies(Bundle.load(project_root() / "policies"), effects())


def version(name: str, found: Records | None) -> Policies:
    """One version of the policies: a folder's, with the effects of today, or a stored one's, with those of then."""
    folder = Path(name) if Path(name).is_absolute() else project_root() / name
    if folder.is_dir():
        return Policies(Bundle.load(folder), effects())
    stored = found.bundle(name) if found else None
    if stored is None:
        raise PolicyProblem(f"`{name}` is neither a folder of policies nor the hash of stored ones")
    return Policies(stored)


@contextmanager
def records() -> Iterator[Records | None]:
    """The records of this installation; None where nothing has run yet."""
    try:
        with installation() as runtime:
            yield _from_ledger(runtime.engine)
    except NotSetUp:
        yield None


def _from_ledger(engine: Engine) -> Records:
    def people() -> list[Person]:
        with engine.database.read() as connection:
            return list(engine.people(connection).values())

    def verdicts() -> Iterator[Decision]:
        return (row for row in engine.ledger.scan() if row.kind == "verdict" and row.bundle is not None)

    def past() -> Iterator[Proposal]:
        return (Proposal.model_validate(row.private["proposal"]) for row in verdicts() if "proposal" in row.private)

    def bundle(name: str) -> Bundle | None:
        hashes = [row.bundle for row in verdicts() if row.bundle and (name == "recorded" or row.bundle.startswith(name))]
        return _stored(engine, hashes[-1]) if hashes else None

    return Records(people, lambda decision: _recorded(engine, decision), past, bundle)


def _recorded(engine: Engine, decision: str) -> Recorded:
    row = engine.ledger.find(DecisionId(decision))
    if row is None or row.kind != "verdict" or row.bundle is None:
        raise NoSuchRecord(f"`{decision}` is no verdict on record: `baton explain` lists those of a case")
    if "proposal" not in row.private:
        raise NoSuchRecord(f"what `{decision}` was about has been erased with the person it was about")
    stored = _stored(engine, row.bundle)
    if stored is None:
        raise NoSuchRecord(f"the policies `{row.bundle[:12]}` of then are not stored")
    with engine.database.read() as connection:
        people = engine.staff(connection, str(row.detail["staff"])) if "staff" in row.detail else ()
    return Recorded(proposal=Proposal.model_validate(row.private["proposal"]), bundle=stored, people=people)


def _stored(engine: Engine, hash: Hash) -> Bundle | None:
    with engine.database.read() as connection:
        return engine.bundle(connection, hash)


def _told(told: Why) -> Iterator[str]:
    yield f"{told.action}: {told.outcome.replace('_', ' ')}, under policies {told.bundle[:12]}"
    for rule in told.rules:
        yield f"  by {rule.rule} ({rule.place}): {rule.reason}"
    for change in told.changes:
        needs = "; ".join(map(str, change.needs))
        yield f"  did not hold: {change.clause.words} ({change.clause.policy})" + (f": {needs}" if needs else "")
    if told.outcome == "needs_approval":
        yield f"  may be approved by: {', '.join(told.approvers) or 'nobody who is available'}"
    yield from (f"  went wrong: {error}" for error in told.errors)


def _show_difference(difference: Difference) -> None:
    lines = [
        (flip.source, flip.action, flip.before, flip.after, flip.count, _money(flip), flip.example) for flip in difference.flips
    ]
    table("What would be decided otherwise", ("where", "action", "before", "after", "times", "money", "because of"), lines)
    _lines([f"tried {difference.grid} proposals on the boundaries and {difference.past} past decisions"])
    if difference.missed:
        _lines([f"{difference.missed} boundaries were left out: try more with --points"])


def _money(flip: Flip) -> str:
    if flip.lowest is None or flip.highest is None:
        return ""
    if flip.total is not None:
        return f"{flip.total:,.2f} {flip.currency} in all"
    return f"{flip.lowest:,.2f} to {flip.highest:,.2f} {flip.currency}"


def _show_rights(rights: Sequence[Right]) -> None:
    lines = [
        (right.action, right.verb, right.role or "anybody", right.limit, ", ".join(right.people), right.rule) for right in rights
    ]
    table("Who may do what", ("action", "may", "role", "up to", "who", "rule"), lines)


def _lines(lines: Iterable[str]) -> None:
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
