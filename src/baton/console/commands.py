"""`baton console`, `baton account` and `baton token`: the console by itself, passwords of people, tokens of integrations."""

import asyncio
from typing import Annotated

import typer

from baton.console.api.commands import app as tokens
from baton.console.serve import start
from baton.console.settings import load_console
from baton.console.signin.accounts import Accounts
from baton.console.signin.sessions import Sessions
from baton.runtime.settings import load
from baton.store import Database
from baton.types.ids import PersonId

app = typer.Typer()
app.add_typer(tokens, name="token")


@app.command("console")
def console_command() -> None:
    """Serve the console alone, beside a Baton that is up."""
    asyncio.run(start(load(), load_console(), typer.echo))


@app.command("account")
def account_command(
    person: Annotated[str, typer.Argument(help="Somebody of the staff.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Give somebody a password for the console; it ends their sessions and any lock."""
    database = Database(load().database_url)
    try:
        login = Accounts(database).set(PersonId(person), password)
        Sessions(database, 1, 1).end_all(PersonId(person))
    finally:
        database.close()
    typer.echo(f"{person} signs in as {login}")
