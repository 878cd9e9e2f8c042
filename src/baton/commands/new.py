"""`baton new`: what an engineer begins with."""

from typing import Annotated

import typer

from baton.commands.printing import Json, as_json, say
from baton.runtime.settings import load
from baton.scaffold.process import new_process

app = typer.Typer(no_args_is_help=True, help="Begin something new: `process`.")


@app.callback()
def _new() -> None:
    """Begin something new."""


@app.command("process")
def process(
    name: Annotated[str, typer.Argument(help="As in `supplier_notice`: small letters and underscores.")], json: Json = False
) -> None:
    """Write a process that already runs: workflow, policy, tables and test. No file that stands is touched."""
    settings = load()
    made = [path.relative_to(settings.project).as_posix() for path in new_process(settings.project, name)]
    if json:
        as_json({"process": name, "files": made})
        return
    for path in made:
        say(path)
    say(f"try it: pytest tests/workflows/test_{name}.py, or `baton submit mail.eml --process {name}` while `baton up` runs")
