"""`docs/add-a-process.md` to the letter: its files written, its commands run, in a copy of this project."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "add-a-process.md"
_FILE = re.compile(r"^`([\w./]+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COPIED = ("workflows", "agents", "activities", "policies", "samples", "src", "pyproject.toml")
GENERATED = {"policies/schema.cedarschema"}


def copied(to: Path) -> Path:
    """The company's folders and the engine, as a clone would have them."""
    for name in COPIED:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, to / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copyfile(source, to / name)
    (to / "tests" / "workflows").mkdir(parents=True)
    return to


def contents(root: Path) -> dict[str, bytes]:
    skipped = ("__pycache__", ".baton", ".pytest_cache")
    files = (path for path in root.rglob("*") if path.is_file() and not set(skipped) & set(path.parts))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def run(command: str, root: Path) -> None:
    """One line of the page, as an engineer types it."""
    words = shlex.split(command)
    tools = {
        "baton": [sys.executable, "-m", "baton.cli"],
        "pytest": [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
    }
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("BATON_", "PYTEST_"))}
    environment |= {"PYTHONPATH": f"{root / 'src'}", "BATON_PROJECT": str(root), "BATON_START_SECONDS": "300"}
    done = subprocess.run([*tools[words[0]], *words[1:]], cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"`{command}` of the page failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


@pytest.mark.long
def test_the_page_taken_literally_makes_a_process_that_runs_and_touches_no_file_that_stood(tmp_path: Path) -> None:
    page = PAGE.read_text("utf-8")
    begin, finish = (block.strip().splitlines() for block in _COMMANDS.findall(page))
    root = copied(tmp_path / "company")
    before = contents(root)
    for command in begin:
        run(command, root)
    files = dict(_FILE.findall(page))
    assert len(files) > 10
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for command in finish:
        run(command, root)
    after = contents(root)
    assert {name for name in before if after.get(name) != before[name]} <= GENERATED


def test_the_page_names_only_files_that_it_adds() -> None:
    files = dict(_FILE.findall(PAGE.read_text("utf-8")))
    assert [name for name in files if (PROJECT / name).exists()] == []
