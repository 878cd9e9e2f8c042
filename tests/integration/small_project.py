"""A company of one process that waits, written into a folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

PROCESS = '''
"""A process for tests."""
from temporalio import workflow


@workflow.defn(name="{name}")
class Waiting:
    """Waits until told."""

    def __init__(self) -> None:
        self.told = False

    @workflow.run
    async def run(self) -> str:
        {first}
        await workflow.wait_condition(lambda: self.told)
        return "done"

    @workflow.signal
    def go(self) -> None:
        self.told = True
'''
ACTIVITY = '''
"""A look-up for tests."""
from baton.governance.declare import read
from baton.types.frozen import Frozen


class Question(Frozen):
    """Asks nothing."""


@read()
async def look_up(question: Question) -> Question:
    """Looks nothing up."""
    return question
'''
UNDECLARED = '''
"""An activity that does not say what it is."""
from temporalio import activity


@activity.defn
async def pay_out(amount: int) -> int:
    """Writes without asking anybody."""
    return amount
'''


def write_project(root: Path, *, name: str = "Waiting", first: str = "pass") -> Path:
    """The four folders, with one process and one activity."""
    files = {
        "workflows/__init__.py": "",
        "workflows/waiting.py": PROCESS.format(name=name, first=first),
        "agents/__init__.py": "",
        "activities/__init__.py": "",
        "activities/shelf/__init__.py": "",
        "activities/shelf/actions.py": ACTIVITY,
        "policies/waiting.cedar": "",
        "policies/shared.cedar": "",
    }
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


def python(root: Path, code: str, *paths: Path) -> "subprocess.CompletedProcess[str]":
    """Run code in a Python of its own, in this project; `paths` come later on `sys.path`."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths)), "BATON_PROJECT": str(root)}
    return subprocess.run([sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=False)
