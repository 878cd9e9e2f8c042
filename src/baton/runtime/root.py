"""Where the project is: the folder that holds a company's four folders."""

import os
from pathlib import Path

from baton.errors import BatonError

FOLDERS = ("workflows", "agents", "activities", "policies")


class NoProject(BatonError):
    """No folder here or above holds a Baton project."""


def project_root(start: Path | None = None) -> Path:
    """The project around `start`: `BATON_PROJECT`, else the nearest folder upwards that holds all four folders."""
    if start is None and (named := os.environ.get("BATON_PROJECT")):
        return checked(Path(named).expanduser().resolve())
    begin = (start or Path.cwd()).resolve()
    for folder in (begin, *begin.parents):
        if all((folder / name).is_dir() for name in FOLDERS):
            return folder
    raise NoProject(
        f"no project in `{begin}` or above it: go to the folder that holds {', '.join(f'{name}/' for name in FOLDERS)}, "
        "or name it in BATON_PROJECT"
    )


def checked(root: Path) -> Path:
    """`root` itself when it is a project. Raises `NoProject` naming the folder that is missing."""
    for name in FOLDERS:
        if not (root / name).is_dir():
            raise NoProject(f"`{root}` is no project: it has no folder `{name}/`")
    return root
