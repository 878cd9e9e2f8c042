"""`baton doctor`: every check, what it found, and what to do."""

import asyncio
import json as json_module
from collections.abc import Callable, Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from baton.errors import BatonError
from baton.runtime import checks
from baton.runtime.checks import Check
from baton.runtime.settings import Settings, load

_MARKS = {"good": "[green]good[/]", "note": "[yellow]note[/]", "bad": "[red]bad[/]"}


def report(*, json: bool = False) -> int:
    """Print every check; the exit code is 0 when Baton can run, 1 when something is in its way."""
    found = examine()
    if json:
        print(json_module.dumps({"checks": [check.model_dump() for check in found], "good": _good(found)}))
    else:
        _print(found)
    return 0 if _good(found) else 1


def examine() -> list[Check]:
    """Every check in order. Later ones are left out when the settings themselves cannot be read."""
    found = [checks.python()]
    try:
        settings = load()
    except BatonError as error:
        return [*found, Check(name="settings", state="bad", says=str(error), todo="correct it and run `baton doctor` again")]
    found.append(Check(name="settings", state="good", says=f"project `{settings.project}`, home `{settings.home}`"))
    return [*found, *(_one(check, settings) for check in _sync()), *asyncio.run(_many(settings))]


def _sync() -> tuple[Callable[[Settings], Check], ...]:
    return (
        checks.home,
        checks.temporal_program,
        checks.port,
        checks.database,
        checks.project,
        checks.policies,
        checks.page_reading,
        checks.model,
        checks.mail,
        checks.collector,
    )


async def _many(settings: Settings) -> list[Check]:
    return [await checks.temporal(settings)]


def _one(check: Callable[[Settings], Check], settings: Settings) -> Check:
    try:
        return check(settings)
    except Exception as error:  # a check that fails in its own way is a finding too
        words = str(error) if isinstance(error, BatonError) else f"{type(error).__name__}: {error}"
        return Check(name=check.__name__.replace("_", " "), state="bad", says=words, todo="see the message")


def _good(found: Iterable[Check]) -> bool:
    return all(check.state != "bad" for check in found)


def _print(found: Iterable[Check]) -> None:
    shown = Table(box=None, pad_edge=False, show_header=False)
    for check in found:
        words = escape(check.says) + (f"\n[bold]→ {escape(check.todo)}[/bold]" if check.todo else "")
        shown.add_row(_MARKS[check.state], check.name, words)
    Console().print(shown)
