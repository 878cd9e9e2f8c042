"""A process whose agent is killed after each of its checkpoint writes, and then runs again; it prints what happened.

Run as `python -m tests.integration.killed_agent FOLDER`. Each attempt is a forked child, so that imports are paid once.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import baton.llm.judgement as judgement
from baton.llm.answers import Answers
from baton.llm.savers import DirectSaver
from baton.telemetry import span as real_span

KILLED_AFTER_PAYING = 0
"""The point right after the model's answer was recorded, before its node finished."""


class Log:
    """Lines that survive a SIGKILL, and the point at which one comes."""

    def __init__(self, path: Path, kill_at: int | None) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        self._kill_at = kill_at
        self._writes = 0

    def line(self, text: str) -> None:
        os.write(self._file, f"{text}\n".encode())

    def wrote(self, text: str) -> None:
        self._writes += 1
        self.line(text)
        if self._writes == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def paid(self) -> None:
        self.line("paid")
        if self._kill_at == KILLED_AFTER_PAYING:
            os.kill(os.getpid(), signal.SIGKILL)


def watched(log: Log) -> None:
    """Note every node that starts and ends, and every checkpoint write."""

    @contextmanager
    def noted(name: str, *args: Any, **more: Any) -> Iterator[Any]:
        log.line(f"start {name}")
        with real_span(name, *args, **more) as opened:
            yield opened
        log.line(f"end {name}")

    def after(original: Callable[..., Any], then: Callable[[], None]) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            result = original(*args, **more)
            then()
            return result

        return call

    judgement.span = noted  # type: ignore[attr-defined]
    DirectSaver.put_writes = after(DirectSaver.put_writes, lambda: log.wrote("kept"))  # type: ignore[method-assign]
    DirectSaver.put = after(DirectSaver.put, lambda: log.wrote("checkpoint"))  # type: ignore[method-assign]
    Answers.record = after(Answers.record, log.paid)  # type: ignore[method-assign]


async def attempt(number: int) -> dict[str, Any]:
    """Re-key one message at one step."""
    from agents.rekey import RekeyRequest, key_form
    from tests.integration.desk import declare_form, message, step

    body = f"My kettle Kaldo K2 leaks. I paid 89.90 EUR on 2025-06-03. Please repair it. Reference {number}."
    with step(f"WC-{number}/1/0"):
        found = await key_form(RekeyRequest(form=declare_form(), message=message(body)))
    return found.model_dump(mode="json")


def child(home: Path, number: int, run: int, kill_at: int | None) -> int:
    """One attempt in a process of its own; its exit status, or minus the signal that ended it."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.environ["BATON_HOME"] = str(home)
    try:
        watched(Log(home / f"run{run}.log", kill_at))
        (home / f"run{run}.json").write_text(json.dumps(asyncio.run(attempt(number))))
        os._exit(0)
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)


def story(folder: Path, number: int) -> dict[str, Any]:
    """Killed at one point, then run again."""
    home = folder / str(number)
    home.mkdir()
    codes = [child(home, number, 1, number), child(home, number, 2, None)]
    lines = [(home / f"run{run}.log").read_text().splitlines() for run in (1, 2)]
    result = json.loads((home / "run2.json").read_text())
    return {"number": number, "codes": codes, "runs": lines, "result": result}


def main() -> None:
    """Every point, until one is not reached any more."""
    folder, stories = Path(sys.argv[1]), []
    os.environ["BATON_HOME"] = str(folder / "warm")
    asyncio.run(attempt(-1))  # everything is imported and compiled before the first fork
    for number in range(50):
        stories.append(story(folder, number))
        if stories[-1]["codes"][0] == 0:
            break
    print(json.dumps(stories))


if __name__ == "__main__":
    main()
