"""`baton decide`, `undo`, `stop`, `resume`: what people say and do."""

import asyncio
from typing import Annotated, cast, get_args

import typer

from baton.cases import store
from baton.cases.requests import Judged
from baton.commands.opening import installation
from baton.commands.printing import Json, as_json, say
from baton.deciding import NobodyWaits, Refused, send, signed
from baton.errors import BatonError
from baton.governance.answering import Answers
from baton.governance.oversight import resume, stop
from baton.governance.stamps import SignIn
from baton.governance.undoing import Undone
from baton.runtime.bootstrap import Runtime
from baton.runtime.connect import connect
from baton.types.answers import Answer, Says
from baton.types.canonical import Json as JsonValue
from baton.types.ids import CaseId, DecisionId, PersonId, TaskId
from baton.undo import ask_for_undo

app = typer.Typer()
As = Annotated[str, typer.Option("--as", help="Who says so: an id of the staff.")]
Reason = Annotated[str, typer.Option(help="Why, in your own words.")]


@app.command("decide")
def decide_command(
    task: Annotated[str, typer.Argument(help="A task, as `baton tasks` lists them.")],
    says: Annotated[str, typer.Argument(help="approve, edit, reject, ask or return.")],
    person: As,
    set: Annotated[list[str] | None, typer.Option("--set", help="field=value for `edit`; option=CHOICE for a question.")] = None,
    reason: Reason = "",
    code: Annotated[str, typer.Option(help="The coded reason, for reject and return.")] = "",
    json: Json = False,
) -> None:
    """Answer a task: approve, edit, reject, ask or return."""
    if says not in get_args(Says):
        raise BatonError(f"`{says}` is no answer: say one of {', '.join(get_args(Says))}")
    with installation() as runtime:
        with runtime.database.read() as connection:
            waiting = store.task(connection, TaskId(task))
        answer = signed(
            SignIn.at(runtime.settings.home),
            waiting,
            PersonId(person),
            cast(Says, says),
            changes=changes_of(set or [], waiting.proposal.arguments if waiting.proposal else {}),
            reason=reason,
            code=code,
            shown=("command line",),
        )
        judged = asyncio.run(_send(runtime, waiting.case, answer))
        if json:
            as_json(judged)
        else:
            say(f"{person} said {says} to {task} of case {waiting.case} (decision {judged.answer})")


async def _send(runtime: Runtime, case: str, answer: Answer) -> Judged:
    try:
        return await send(await connect(runtime.settings), case, answer)
    except NobodyWaits as late:
        # The case has ended and cannot refuse by itself; what was attempted is on record all the same.
        judged = Answers(runtime.engine).judge(answer, CaseId(case))
        raise Refused(judged.refusal) from late


def changes_of(pairs: list[str], arguments: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """`amount=120` for a money field keeps its currency; everything else is text. Raises `BatonError` for what is no pair."""
    changes: dict[str, JsonValue] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise BatonError(f"`{pair}` is not field=value: write `--set amount=120.00`")
        before = arguments.get(name)
        changes[name] = {**before, "amount": value} if isinstance(before, dict) and "currency" in before else value
    return changes


@app.command("undo")
def undo_command(
    decision: Annotated[str, typer.Argument(help="The effect's decision, as `baton explain` shows it.")],
    person: As,
    reason: Reason,
    json: Json = False,
) -> None:
    """Take an effect back, exactly or by a compensating one, as its action declares."""
    with installation() as runtime:
        undone = asyncio.run(_undo(runtime, decision, person, reason))
        if json:
            as_json(undone)
        else:
            say(f"{undone.reference} is taken back ({undone.how}); decision {undone.undo}")


async def _undo(runtime: Runtime, decision: str, person: str, reason: str) -> Undone:
    client = await connect(runtime.settings)
    sign_in = SignIn.at(runtime.settings.home)
    return await ask_for_undo(client, sign_in, DecisionId(decision), PersonId(person), reason, runtime.settings.queue("work"))


@app.command("stop")
def stop_command(
    person: As,
    reason: Reason,
    process: Annotated[str, typer.Option(help="Only this process.")] = "",
    agent: Annotated[str, typer.Option(help="Only this agent.")] = "",
    json: Json = False,
) -> None:
    """Stop everything, a process or an agent: the next governed step refuses; cases wait safely."""
    with installation() as runtime:
        stopped = stop(runtime.engine, PersonId(person), process, agent, reason)
    if json:
        as_json(stopped)
    else:
        say(stopped.words)


@app.command("resume")
def resume_command(
    person: As,
    reason: Reason = "",
    process: Annotated[str, typer.Option(help="Only this process.")] = "",
    agent: Annotated[str, typer.Option(help="Only this agent.")] = "",
    json: Json = False,
) -> None:
    """Let what was stopped go on."""
    with installation() as runtime:
        lifted = resume(runtime.engine, PersonId(person), process, agent, reason)
    if json:
        as_json(lifted)
    else:
        say(f"going on: {len(lifted)} stop(s) lifted")
