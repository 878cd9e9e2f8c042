"""Writes a new process: workflow, policy, tables and test, each a file of its own. No file that stands is touched."""

import re
from pathlib import Path
from string import Template
from typing import Final

from baton.errors import BatonError
from baton.runtime.bootstrap import ENGINE_MODULES, prefix
from baton.runtime.project import discover

FILES: Final = {
    "workflow.txt": "workflows/{name}.py",
    "policy.txt": "policies/{name}.cedar",
    "clocks.txt": "policies/tables/{name}/clocks.csv",
    "usual.txt": "policies/tests/{name}.toml",
    "expected.txt": "policies/tests/{name}.csv",
    "test.txt": "tests/workflows/test_{name}.py",
}
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_HERE: Final = Path(__file__).parent / "files"


class CannotMake(BatonError):
    """The process cannot be made under this name."""


def new_process(root: Path, name: str) -> list[Path]:
    """Write the files of a process; returns them. Raises `CannotMake` and writes nothing when one of them stands already."""
    _check(root, name)
    words = {"name": name, "Name": "".join(part.capitalize() for part in name.split("_")), "words": name.replace("_", " ")}
    made = {root / place.format(name=name): Template(_text(file)).substitute(words) for file, place in FILES.items()}
    if standing := next((path for path in made if path.exists()), None):
        raise CannotMake(f"`{standing.relative_to(root)}` stands already: choose another name, or take that file away")
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(made)


def _check(root: Path, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise CannotMake(f"`{name}` is no name of a process: use small letters and underscores, as in `supplier_notice`")
    known = discover(root, ENGINE_MODULES).processes
    if twin := next((one for one in known if prefix(one) == prefix(name) and one != name), None):
        raise CannotMake(f"cases of `{name}` would be numbered `{prefix(name)}-`, as those of `{twin}` are: choose another name")


def _text(file: str) -> str:
    return (_HERE / file).read_text(encoding="utf-8")
