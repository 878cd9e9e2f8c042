"""`baton token`: make, list and withdraw the tokens of integrations."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from baton.console.api.tokens import Token, Tokens
from baton.console.signin.visitor import NotAllowed
from baton.runtime.bootstrap import build, prepare
from baton.runtime.settings import load
from baton.types.people import Person

app = typer.Typer(no_args_is_help=True, help="Make, list and withdraw the tokens of integrations.")
Who = Annotated[str, typer.Option("--as", help="Who does it: somebody who keeps the accounts.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("make")
def make_command(
    integration: Annotated[str, typer.Argument(help="Its name, as in `web-shop`.")],
    who: Who,
    role: Annotated[list[str], typer.Option(help="A role that the policies name, as in `api-reader`; may be given again.")],
    days: Annotated[int, typer.Option(help="How long it holds.")] = 365,
    json: Json = False,
) -> None:
    """Make a token; it is printed this once. The integration holds exactly these roles from now on."""
    with _tokens(who) as (tokens, by):
        made = tokens.make(by, integration, role, days)
    if json:
        typer.echo(made.model_dump_json())
        return
    typer.echo(made.secret)
    typer.echo(f"for {made.token.integration}, with {', '.join(made.token.roles)}, until {made.token.ends[:10]}", err=True)


@app.command("list")
def list_command(who: Who, json: Json = False) -> None:
    """Show every token there is or was."""
    with _tokens(who) as (tokens, by):
        found = tokens.all(by)
    if json:
        typer.echo("[" + ",".join(one.model_dump_json() for one in found) + "]")
        return
    for one in found:
        typer.echo(_line(one))


@app.command("withdraw")
def withdraw_command(token: Annotated[str, typer.Argument(help="Its id, or the first twelve letters of it.")], who: Who) -> None:
    """End a token now."""
    with _tokens(who) as (tokens, by):
        typer.echo(_line(tokens.withdraw(by, token)))


def _line(one: Token) -> str:
    stands = f"withdrawn {one.withdrawn[:10]}" if one.withdrawn else f"until {one.ends[:10]}" if one.holds else "ended"
    used = f"used {one.used}" if one.used else "never used"
    return f"{one.id[:12]}  {one.begins}...  {one.integration}  {', '.join(one.roles)}  {stands}, {used}"


@contextmanager
def _tokens(who: str) -> Iterator[tuple[Tokens, Person]]:
    runtime = build(load())
    try:
        runtime.database.migrate()
        prepare(runtime)
        with runtime.database.read() as connection:
            person = {str(one): found for one, found in runtime.engine.people(connection).items()}.get(who)
        if person is None or not person.active or person.kind != "person":
            raise NotAllowed(f"nobody active called `{who}` is on the staff")
        yield Tokens(runtime.engine), person
    finally:
        runtime.close()
