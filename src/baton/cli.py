"""The command line: `baton up`, `baton submit`, `baton decide` and the rest. Commands load what they need when they run."""

import importlib
import importlib.util
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from baton.errors import BatonError

GROUPS = {"policy": "baton.policy_cli", "ledger": "baton.ledger_cli", "readers": "baton.readers_cli", "new": "baton.commands.new"}
"""Commands with commands of their own, by the module whose `app` they are."""
PLAIN = (*(f"baton.commands.{name}" for name in ("cases", "aside", "decide", "explain", "demo")), "baton.console.commands")
"""Modules whose `app` holds commands that stand at the top."""


class Lazy(TyperGroup):
    """Loads a command's module only when that command, or the list of all, is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every command there is."""
        return [*super().list_commands(ctx), *(name for module in PLAIN for name in _commands(module)), *filter(_stands, GROUPS)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name, or None."""
        if own := super().get_command(ctx, cmd_name):
            return own
        if _stands(cmd_name):
            return _group(GROUPS[cmd_name], cmd_name)
        return next((found for module in PLAIN if (found := _commands(module).get(cmd_name))), None)


app = typer.Typer(
    cls=Lazy,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Runs a company's cross-department work, with every decision explainable, verifiable and undoable.",
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def up(json: Json = False) -> None:
    """Start the server, the workers and the console, and run until Ctrl-C or until one of them ends."""
    from baton.runtime.serve import serve

    serve(json=json)


@app.command()
def doctor(json: Json = False) -> None:
    """Check everything Baton needs, and say what to do."""
    from baton.runtime.doctor import report

    raise typer.Exit(report(json=json))


@app.command()
def trace(case: str, json: Json = False) -> None:
    """Show what happened in a case, step by step, with the time each took."""
    from baton.runtime.show_trace import show

    show(case, json=json)


@app.command(hidden=True, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def worker(context: typer.Context) -> None:
    """Run one worker (`--queue work` or `--queue pages`); `baton up` starts them by itself."""
    from baton.runtime.worker import main as work

    work(context.args)


def main() -> None:
    """Run the command line; the process ends here, with 2 for an error in the user's terms and 1 for one in ours."""
    code = _run()
    sys.stdout.flush()
    sys.stderr.flush()
    if "baton.telemetry" in sys.modules:
        sys.modules["baton.telemetry"].flush()
    # A process that ran a Temporal client can abort while the interpreter shuts down; nothing is left to do.
    os._exit(code)


def _run() -> int:
    debug = os.environ.get("BATON_DEBUG", "").lower() not in ("", "0", "false", "no")
    try:
        app()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BrokenPipeError:
        # Whoever read our output has enough; what is buffered must not raise again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except BatonError as error:
        if debug:
            raise
        print(f"baton: {error}", file=sys.stderr)
        return 2
    except Exception as error:
        if debug:
            raise
        print(f"baton: {type(error).__name__}: {error}; set BATON_DEBUG=1 to see where", file=sys.stderr)
        return 1
    return 0


def _stands(name: str) -> bool:
    return name in GROUPS and importlib.util.find_spec(GROUPS[name]) is not None


def _group(module: str, name: str) -> Any:
    from typer.main import get_group

    group = get_group(importlib.import_module(module).app)
    group.name = name
    return group


def _commands(module: str) -> dict[str, Any]:
    if importlib.util.find_spec(module) is None:
        return {}
    return dict(_group(module, module).commands)


if __name__ == "__main__":
    main()
