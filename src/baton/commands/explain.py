"""`baton explain`: one page about a case or a decision."""

from typing import Annotated

import typer

from baton.commands.opening import installation
from baton.commands.printing import Json, as_json, say
from baton.explaining import explain

app = typer.Typer()


@app.command("explain")
def explain_command(
    name: Annotated[str, typer.Argument(help="A case, as in WC-1001, or a decision, as in d-...")], json: Json = False
) -> None:
    """Explain a case or a decision on one page: what was asked, read, decided, approved, written, and how to undo it."""
    with installation() as runtime:
        page = explain(runtime.engine, name)
    if json:
        as_json(page)
        return
    say(f"{page.title}\n{page.summary}")
    for section in page.sections:
        say(f"\n{section.title}")
        for line in section.lines:
            say(f"  {line}")
