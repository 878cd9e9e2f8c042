"""`baton ledger`: verify the record, and prove single decisions to anyone."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from baton.errors import BatonError
from baton.ledger import Keys, Ledger, Verification, check_proof
from baton.ledger.proofs import Proven
from baton.runtime.settings import home_dir, load
from baton.store import Database
from baton.types.canonical import canonical
from baton.types.ids import DecisionId

app = typer.Typer(help="Verify the record of decisions, and prove single ones.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class FileUnreadable(BatonError):
    """A file named on the command line cannot be read or written."""


class NoLedger(BatonError):
    """There is no ledger to open."""


@app.command()
def verify(json: Json = False) -> None:
    """Recompute every hash from the rows and name what was changed. Ends with 1 when anything was."""
    found = open_ledger().verify()
    _print(found.model_dump(mode="json")) if json else _tell(found)
    raise typer.Exit(0 if found.ok else 1)


@app.command()
def replay(json: Json = False) -> None:
    """Judge every recorded verdict again, under the policies and with the staff of then. Ends with 1 when one differs."""
    from baton.commands.opening import installation
    from baton.replaying import replay as replayed

    with installation() as runtime:
        found = replayed(runtime.engine)
    if json:
        _print(found.model_dump(mode="json"))
    else:
        _line(f"{found.same} of {found.verdicts} verdicts come out the same; {found.unreadable} cannot be read any more")
        for one in found.differs:
            _line(f"{one.decision}: {one.words}")
    raise typer.Exit(1 if found.differs else 0)


@app.command()
def proof(
    decision: Annotated[str, typer.Argument(help="The decision's id, as in `d-4k2...`.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write the proof, as in `claim.tlog-proof`.")],
    json: Json = False,
) -> None:
    """Write a file that proves one decision to anyone who has the ledger's public key."""
    ledger = open_ledger()
    text = ledger.proof(DecisionId(decision))
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as wrong:
        raise FileUnreadable(f"cannot write `{output}` ({wrong.strerror}): name a file in a folder of yours") from wrong
    if json:
        _print({"decision": decision, "file": str(output), "key": str(ledger.keys.verifier)})
        return
    _line(f"proof of `{decision}` written to {output}")
    _line(f"it checks with this key alone: {ledger.keys.verifier}")


@app.command("check-proof")
def check(
    file: Annotated[Path, typer.Argument(help="A `.tlog-proof` file.")],
    key: Annotated[str, typer.Option("--key", help="The ledger's public key, or a file with it; default: this project's.")] = "",
    json: Json = False,
) -> None:
    """Check a proof file with the public key alone; no database is opened."""
    proven = check_proof(_text(file), _public_key(key))
    if json:
        _print({"ok": True, **proven.model_dump(mode="json")})
    else:
        _show(proven)


def open_ledger() -> Ledger:
    """The ledger that this environment's settings name. Raises `NoLedger` where nothing was recorded yet."""
    settings = load()
    database = Database(settings.database_url)
    file = database.engine.url.database
    if (database.is_sqlite and not Path(str(file)).exists()) or not database.is_migrated:
        raise NoLedger(f"no ledger in `{database.engine.url.render_as_string()}`: start `baton up`, or set BATON_HOME")
    return Ledger(database, Keys(settings.home))


def _public_key(given: str) -> str:
    if "+" in given and not Path(given).exists():
        return given
    key = Path(given) if given else home_dir() / "keys" / "checkpoint.pub"
    if not given and not key.exists():
        raise FileUnreadable("no ledger here whose key could be meant: name its public key, `--key KEY` or `--key FILE`")
    return _text(key)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as wrong:
        raise FileUnreadable(f"cannot read `{path}` ({wrong.strerror}): name a file that is there") from wrong
    except UnicodeDecodeError:
        raise FileUnreadable(f"`{path}` is not text: it is no proof file and no key") from None


def _tell(found: Verification) -> None:
    if found.ok:
        _line(f"[green]ok[/] {found.entries} decisions, none changed, none missing; root {found.root}")
        return
    _line(f"[red]{found.found} damaged[/] among {found.entries} decisions")
    for problem in found.problems:
        _line(f"  [bold]{problem.place}[/]: {problem.words}")
    if found.found > len(found.problems):
        _line(f"  and {found.found - len(found.problems)} more")


def _show(proven: Proven) -> None:
    decision = proven.decision
    _line(f"[green]ok[/] decision `{decision.id}` is entry {proven.position} of {proven.origin}, signed at {proven.size} entries")
    _line(f"  {decision.at:%Y-%m-%d %H:%M:%S} UTC  {decision.kind} {decision.action} {decision.outcome}  by {decision.by}")
    if decision.case:
        _line(f"  case {decision.case}")
    if proven.sealed:
        _line("  it also holds personal data, sealed: readable only in the ledger, while its key exists")


def _line(text: str) -> None:
    Console(highlight=False, soft_wrap=True).print(text)


def _print(value: Any) -> None:
    typer.echo(canonical(value).decode())
