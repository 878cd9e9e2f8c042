"""`baton demo`: everything at once, on samples."""

import asyncio
from itertools import groupby

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from baton.commands.printing import Json, as_json, console, table
from baton.demo import CaseLine, Shown, demo, home_for
from baton.intake import DOOR
from baton.runtime.settings import load
from baton.types.canonical import Json as JsonValue

app = typer.Typer()


@app.command("demo")
def demo_command(json: Json = False) -> None:
    """Run every sample message through the real server, decide what waits for staff, and verify the ledger."""
    settings = load()
    settings = load(home=str(home_for(settings)))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=json, transient=True) as bar:
        task = bar.add_task("starting", total=None)
        shown = asyncio.run(
            demo(
                settings,
                lambda words: bar.update(task, description=words),
                lambda done, total: bar.update(task, description="cases", completed=done, total=total),
            )
        )
    if json:
        body = shown.model_dump(mode="json", exclude={"home"})
        as_json(body)
    else:
        _tell(shown)
    raise typer.Exit(0 if shown.as_expected else 1)


def _tell(shown: Shown) -> None:
    groups = groupby(sorted(shown.cases, key=lambda line: (line.process == DOOR, line.process)), key=lambda line: line.process)
    for process, lines in ((process, list(lines)) for process, lines in groups):
        _table(process, lines)
    alone = sum(line.autonomous for line in shown.cases)
    console.print(f"\n{len(shown.cases)} cases, {alone} without a person, {shown.effects} effects, {shown.seconds:.0f} s in all")
    ledger = shown.ledger
    verdict = "verified" if ledger["verified"] else "[red]does not verify[/]"
    console.print(f"ledger: {ledger['entries']} decisions, {verdict}, root {str(ledger['root'])[:16]}")
    for line in shown.surprises:
        console.print(f"[red]not as expected:[/] {line.id} ({line.message}): {line.outcome}, expected {line.expected}")
    console.print(f"\nlook closer: baton explain {shown.cases[-1].id}   (records in {shown.home})", highlight=False)


def _table(process: str, lines: list[CaseLine]) -> None:
    """A table a process; of the door, only what did not simply become one case."""
    plain = [line for line in lines if line.process == DOOR and line.autonomous and line.message in _opened_alone(lines)]
    rows = [
        (line.id, line.message, line.outcome, _by(line.approvals), shortened(line.why), line.handoffs, f"{line.seconds:.0f} s")
        for line in lines
        if line not in plain
    ]
    name = "The door" if process == DOOR else process.replace("_", " ").capitalize()
    title = f"{name}: {len(lines)} messages, {len(plain)} of them became a case at once" if process == DOOR else name
    table(title, ("case", "message", "outcome", "by", "why", "handoffs", "time"), rows)


def _opened_alone(lines: list[CaseLine]) -> set[str]:
    return {line.message for line in lines if [verdict["action"] for verdict in line.verdicts] == ["casebook.open_case"]}


def shortened(words: str, most: int = 110) -> str:
    """Whole words only."""
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + " …"


def _by(approvals: tuple[dict[str, JsonValue], ...]) -> str:
    return ", ".join(dict.fromkeys(str(said["by"]) for said in approvals)) or "alone"
