"""`baton aside`, `bring-back`: the mail that nobody was asked about."""

import asyncio
from typing import Annotated

import typer

from baton.aside import MayNotBringBack, bring_back, put_aside
from baton.cases import store
from baton.commands.opening import installation, records
from baton.commands.printing import Json, as_json, say, table
from baton.intake import DOOR
from baton.runtime.bootstrap import Runtime
from baton.runtime.connect import connect
from baton.types.ids import CaseId

app = typer.Typer()


@app.command("aside")
def aside_command(json: Json = False) -> None:
    """What the door put aside as junk or as empty in the last thirty days, newest first."""
    with records() as kept, kept.database.read() as connection:
        found = put_aside(connection, kept.documents)
    if json:
        as_json(found)
    else:
        lines = [(one.case, f"{one.at:%Y-%m-%d %H:%M}", one.why, one.sender, one.subject) for one in found]
        table("Put aside", ("case", "at", "why", "from", "subject"), lines)


@app.command("bring-back")
def bring_back_command(
    cases: Annotated[list[str], typer.Argument(help="Cases that `baton aside` lists.")],
    person: Annotated[str, typer.Option("--as", help="Who brings it back.")],
    json: Json = False,
) -> None:
    """Bring messages back that were meant for people: somebody is asked what each is about."""
    with installation() as runtime:
        back = asyncio.run(_bring_back(runtime, [CaseId(case) for case in cases], person))
    if json:
        as_json(back)
    else:
        for case, again in back.items():
            say(f"{case} is brought back as {again}")


async def _bring_back(runtime: Runtime, cases: list[CaseId], person: str) -> dict[CaseId, CaseId]:
    with runtime.database.read() as connection:
        people = {str(one.id): one for one in store.people(connection)}
    if person not in people:
        raise MayNotBringBack(f"nobody called `{person}` is on the staff")
    client, workflow = await connect(runtime.settings), runtime.project.processes[DOOR].temporal_name
    queue = runtime.settings.queue("work")
    return {case: await bring_back(runtime.engine, client, people[person], case, workflow, queue) for case in cases}
