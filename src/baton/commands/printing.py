"""How commands print: tables for people, JSON for programs."""

import json
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from baton.types.canonical import plain

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

console = Console(width=None if sys.stdout.isatty() else 160)


def as_json(value: Any) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(plain(value), indent=2, ensure_ascii=False, default=str))


def say(words: str) -> None:
    """Print a line as it is: what customers and staff wrote is never taken for markup."""
    console.print(words, markup=False, highlight=False)


def table(title: str, columns: Sequence[str], lines: Sequence[Sequence[object]]) -> None:
    """Print a table; an empty one says so."""
    if not lines:
        console.print(f"{title}: none")
        return
    made = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    for line in lines:
        made.add_row(*("" if cell is None else escape(str(cell)) for cell in line))
    console.print(made)
