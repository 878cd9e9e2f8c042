"""An agent's process that is killed while a model answers it, and runs again; it prints what each run came to.

Run as `python -m tests.integration.killed_call FOLDER`. Each run is a forked child, so that imports are paid once. The child
notes its number in `pid`, so that the endpoint can kill it; with `before-recording` it kills itself instead, once the answer
has arrived and before it is on record.
"""

import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from baton.llm.answers import Answers

BODY = "My kettle Kaldo K2 leaks. I paid 89.90 EUR on 2025-06-03. Please repair it. This is the {story} story."


async def attempt(story: str) -> dict[str, Any]:
    """Re-key one message at one step."""
    from agents.rekey import RekeyRequest, key_form
    from tests.integration.desk import declare_form, message, step

    with step(f"{story}/1/0"):
        found = await key_form(RekeyRequest(form=declare_form(), message=message(BODY.format(story=story))))
    return found.model_dump(mode="json")


def child(folder: Path, story: str, run: int) -> dict[str, Any]:
    """One run in a process of its own: how it ended, how long it took, and the finding where it came to one."""
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        home = folder / story
        os.environ["BATON_HOME"] = str(home)
        home.mkdir(exist_ok=True)
        (folder / "pid").write_text(str(os.getpid()))
        if story == "before-recording" and run == 1:
            Answers.record = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign, assignment]
        try:
            (home / f"run{run}.json").write_text(json.dumps(asyncio.run(attempt(story))))
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    path = folder / story / f"run{run}.json"
    found = json.loads(path.read_text()) if path.exists() else None
    return {"code": code, "seconds": time.monotonic() - began, "finding": found}


def main() -> None:
    """Both stories, three runs each."""
    folder = Path(sys.argv[1])
    os.environ["BATON_HOME"] = str(folder / "warm")
    asyncio.run(attempt("warm"))  # everything is imported and compiled before the first fork
    print(json.dumps({story: [child(folder, story, run) for run in (1, 2, 3)] for story in ("mid-answer", "before-recording")}))


if __name__ == "__main__":
    main()
