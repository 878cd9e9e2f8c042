"""`baton submit`, `cases`, `case`, `tasks`: what is under way, and what waits for whom."""

import asyncio
from pathlib import Path
from typing import Annotated, get_args

import typer

from baton.cases import stages, store
from baton.cases.clock import moment, now
from baton.commands.opening import installation, records
from baton.commands.printing import Json, as_json, say, table
from baton.errors import BatonError
from baton.intake import DOOR, NotAMessage, Submitted, submit
from baton.runtime.bootstrap import Runtime
from baton.runtime.connect import connect
from baton.types.cases import CaseStatus, Task
from baton.types.ids import CaseId

app = typer.Typer()


@app.command("submit")
def submit_command(
    paths: Annotated[list[Path], typer.Argument(help="E-mails (.eml, .msg), or folders of them.")],
    process: Annotated[str, typer.Option(help="Which process; without it the door tells what each message is.")] = "",
    wait: Annotated[bool, typer.Option("--wait", help="Wait until each case has ended or waits for somebody.")] = False,
    json: Json = False,
) -> None:
    """Hand in messages: each becomes a case, or joins the one it answers."""
    files = [file for path in paths for file in (_messages_in(path) if path.is_dir() else [path])]
    if not files:
        named = ", ".join(f"`{path}`" for path in paths)
        raise NotAMessage(f"no .eml or .msg in {named}: name messages or folders that hold some")
    with installation() as runtime:
        done = asyncio.run(_submit(runtime, files, process, wait))
        if json:
            as_json(done)
        else:
            table(
                "Submitted",
                ("case", "how", "file"),
                [(one.case, one.how, file.name) for one, file in zip(done, files, strict=True)],
            )


def _messages_in(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix.lower() in (".eml", ".msg"))


async def _submit(runtime: Runtime, files: list[Path], process: str, wait: bool) -> list[Submitted]:
    client = await connect(runtime.settings)
    chosen = which(runtime, process)
    name, queue = runtime.project.processes[chosen].temporal_name, runtime.settings.queue("work")
    done = [await submit(runtime.engine, runtime.documents, client, file, chosen, name, queue) for file in files]
    while wait and any(_moving(runtime, one.case) for one in done):
        await asyncio.sleep(0.2)
    return done


def which(runtime: Runtime, process: str) -> str:
    """The process meant; where none is named the door, or else the only one."""
    known = sorted(runtime.project.processes)
    if process in known:
        return process
    if not process and DOOR in known:
        return DOOR
    if not process and len(known) == 1:
        return known[0]
    raise BatonError(f"which process? `--process` is one of {', '.join(f'`{name}`' for name in known)}")


def _moving(runtime: Runtime, case: CaseId) -> bool:
    with runtime.database.read() as connection:
        standing = store.case(connection, case).status
        return standing == "open" and not store.tasks(connection, "open", case)


@app.command("cases")
def cases_command(
    status: Annotated[str, typer.Option(help="Only open, waiting, stuck or closed ones.")] = "", json: Json = False
) -> None:
    """List the cases, oldest first."""
    if status and status not in get_args(CaseStatus):
        raise BatonError(f"`{status}` is no status: name one of {', '.join(get_args(CaseStatus))}")
    with records() as kept, kept.database.read() as connection:
        found = store.cases(connection, status or None)
    if json:
        as_json(found)
        return
    lines = [
        (
            case.id,
            case.status,
            case.stage,
            case.subject[:48],
            case.customer,
            case.owner,
            case.outcome.result if case.outcome else case.trouble,
        )
        for case in found
    ]
    table("Cases", ("case", "status", "stage", "subject", "customer", "owner", "outcome"), lines)


@app.command("case")
def case_command(id: Annotated[str, typer.Argument(help="A case, as in WC-1001.")], json: Json = False) -> None:
    """Show one case: owner, way through the departments, messages, decisions."""
    with records() as kept:
        with kept.database.read() as connection:
            case = store.case(connection, CaseId(id))
            way, tasks = stages.handoffs(connection, case.id), store.tasks(connection, None, case.id)
            messages = store.messages(connection, case.id)
        decisions = kept.ledger.of_case(case.id)
    if json:
        as_json({"case": case, "handoffs": way, "tasks": tasks, "messages": messages, "decisions": decisions})
        return
    say(f"{case.id} {case.subject}")
    say(f"{case.status}, owner {case.owner or 'unassigned'}, customer {case.customer or 'unknown'}")
    if case.trouble:
        say(f"trouble: {case.trouble}")
    table(
        "Handoffs",
        ("stage", "holder", "entered (UTC)", "due", "left"),
        [(step["stage"], step["holder"], *(_minute(step[key]) for key in ("entered", "due", "left"))) for step in way],
    )
    table("Tasks", ("task", "status", "for", "what"), [(task.id, task.status, task.assignee, task.title) for task in tasks])
    table(
        "Decisions",
        ("decision", "kind", "what", "outcome", "by"),
        [(one.id, one.kind, one.action, one.outcome, str(one.by)) for one in decisions],
    )


@app.command("tasks")
def tasks_command(
    person: Annotated[str, typer.Option("--as", help="Only what this person may decide.")] = "", json: Json = False
) -> None:
    """List what waits for a person, the most urgent first."""
    with records() as kept, kept.database.read() as connection:
        if person and person not in {one.id for one in store.people(connection)}:
            raise BatonError(f"nobody called `{person}` is on the staff: `baton policy authority` lists who may do what")
        waiting = [task for task in store.tasks(connection) if not person or person in task.approvers or task.assignee == person]
    if json:
        as_json(waiting)
        return
    lines = [(task.id, task.case, _left(task), task.assignee or "unassigned", task.title, task.why) for task in waiting]
    table("Tasks", ("task", "case", "time left", "for", "what", "why it needs a person"), lines)


def _minute(text: str | None) -> str:
    return f"{moment(text):%Y-%m-%d %H:%M}" if text else ""


def _left(task: Task) -> str:
    if task.due is None:
        return ""
    minutes = int((task.due - now()).total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 0 else f"{-minutes // 60} h late"
