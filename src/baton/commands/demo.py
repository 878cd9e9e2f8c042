"""`baton demo`: everything at once, on samples."""

import asyncio

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from baton.commands.printing import Json, as_json, console, table
from baton.demo import Shown, demo, home_for
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
    lines = [
        (line.id, line.message, line.outcome, _by(line.approvals), shortened(line.why), line.handoffs, f"{line.seconds:.0f} s")
        for line in shown.cases
    ]
    table("What happened", ("case", "message", "outcome", "by", "why", "handoffs", "time"), lines)
    alone = sum(line.autonomous for line in shown.cases)
    console.print(f"\n{len(shown.cases)} cases, {alone} without a person, {shown.effects} effects, {shown.seconds:.0f} s in all")
    ledger = shown.ledger
    verdict = "verified" if ledger["verified"] else "[red]does not verify[/]"
    console.print(f"ledger: {ledger['entries']} decisions, {verdict}, root {str(ledger['root'])[:16]}")
    for line in shown.cases:
        if line.outcome != line.expected:
            console.print(f"[red]not as expected:[/] {line.id} ({line.message}): {line.outcome}, expected {line.expected}")
    console.print(f"\nlook closer: baton explain {shown.cases[0].id}   (records in {shown.home})", highlight=False)


def shortened(words: str, most: int = 110) -> str:
    """Whole words only."""
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + " …"


def _by(approvals: tuple[dict[str, JsonValue], ...]) -> str:
    return ", ".join(dict.fromkeys(str(said["by"]) for said in approvals)) or "alone"
