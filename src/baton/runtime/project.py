"""A company's four folders: found, checked and read. A file in `workflows/` with its policy is a process."""

import importlib
import importlib.metadata
import importlib.util
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from baton.errors import BatonError
from baton.governance.declare import Declaration, declaration_of
from baton.process import Takes
from baton.runtime.root import FOLDERS, checked

Activity = Callable[..., Any]
_WORKFLOW = "__temporal_workflow_definition"
_ACTIVITY = "__temporal_activity_definition"


class Shadowed(BatonError):
    """Another package stands where one of the project's folders should be."""


class BadProject(BatonError):
    """The project's files do not fit together."""


@dataclass(frozen=True)
class Process:
    """A kind of work."""

    name: str
    workflow: type
    module: str
    policy: Path
    takes: Takes | None = None
    """Which messages it is for; None for a process that the door never chooses."""

    @property
    def temporal_name(self) -> str:
        """The workflow's name on the server."""
        return temporal_name(self.workflow)

    @property
    def words(self) -> str:
        """What it does, from the first line of its docstring."""
        return (self.workflow.__doc__ or "").strip().partition("\n")[0]


@dataclass(frozen=True)
class Project:
    """What a company wrote: its processes and what they may use of the world."""

    root: Path
    processes: dict[str, Process]
    activities: tuple[Activity, ...]

    @property
    def workflows(self) -> list[type]:
        """The workflow class of every process."""
        return [process.workflow for process in self.processes.values()]

    @property
    def declarations(self) -> dict[str, Declaration]:
        """What every activity says about itself, by its name."""
        return {found.name: found for found in map(declaration_of, self.activities)}

    def on(self, queue: str) -> list[Activity]:
        """The activities that are done by the workers of one queue."""
        return [activity for activity in self.activities if declaration_of(activity).queue == queue]


def temporal_name(workflow: type) -> str:
    """What the server calls this workflow."""
    return str(getattr(workflow, _WORKFLOW).name)


def open_project(root: Path) -> Path:
    """Put the project first on `sys.path` and check that its folders are what Python finds. Raises `Shadowed`."""
    root = checked(root.resolve())
    sys.path[:] = [str(root), *(entry for entry in sys.path if entry != str(root))]
    importlib.invalidate_caches()
    for name in FOLDERS:
        _check(root, name)
    return root


def discover(root: Path, engine_modules: Iterable[str] = ()) -> Project:
    """Read the project: every process, every activity. `engine_modules` are Baton's own modules that hold activities.

    Raises `BadProject` or `Undeclared` naming the file that does not fit.
    """
    root = open_project(root)
    modules = [*_walk("activities"), *_walk("agents")]
    own = [_import(name) for name in engine_modules]
    activities = [*_activities(modules, engine_too=False), *_activities(own, engine_too=True)]
    _no_two_alike(activities)
    return Project(root, dict(_processes(root)), tuple(activities))


def _check(root: Path, name: str) -> None:
    found = _locations(name)
    inside = (root / name).resolve()
    # Policies are read as files, so a second folder behind ours does no harm; of Python files none may mix in.
    counted = found[:1] if name == "policies" else found
    if counted and all(Path(place).resolve() == inside for place in counted):
        return
    elsewhere = next((place for place in found if Path(place).resolve() != inside), "nowhere")
    owner = importlib.metadata.packages_distributions().get(name, [])
    called = f"package `{owner[0]}` " if owner else "another package "
    raise Shadowed(
        f"folder `{name}/` of `{root}` is shadowed: Python finds {called}at `{elsewhere}`; "
        f"give `{name}/` an `__init__.py`, start Baton in a process of its own, or uninstall the other package"
    )


def _locations(name: str) -> list[str]:
    if name in sys.modules:
        return list(getattr(sys.modules[name], "__path__", []))
    spec = importlib.util.find_spec(name)
    if spec is None:
        return []
    return list(spec.submodule_search_locations or [spec.origin or ""])


def _processes(root: Path) -> Iterator[tuple[str, Process]]:
    for module in _walk("workflows"):
        classes = [item for item in _own(module, type) if hasattr(item, _WORKFLOW)]
        if not classes:
            continue
        name = module.__name__.rpartition(".")[2]
        if len(classes) > 1:
            raise BadProject(f"`{module.__file__}` holds {len(classes)} workflows: one file is one process, so split it")
        policy = root / "policies" / f"{name}.cedar"
        if not policy.is_file():
            raise BadProject(f"process `{name}` has no policy: write `policies/{name}.cedar` (nothing is permitted without it)")
        yield name, Process(name, classes[0], module.__name__, policy, _takes(module))


def _takes(module: ModuleType) -> Takes | None:
    takes = getattr(module, "TAKES", None)
    if takes is not None and not isinstance(takes, Takes):
        raise BadProject(f"`TAKES` in `{module.__file__}` is no `Takes`: write `TAKES = Takes(means=..., examples=(...))`")
    return takes


def _activities(modules: Iterable[ModuleType], *, engine_too: bool) -> Iterator[Activity]:
    for module in modules:
        for function in _marked(module):
            declared = declaration_of(function)
            if declared.kind == "engine" and not engine_too:
                raise BadProject(
                    f"activity `{declared.name}` calls itself `engine`: only Baton's own may; use `read` or `effect`"
                )
            yield function


def _marked(module: ModuleType) -> Iterator[Activity]:
    """Every activity written in this module, those in its classes too: each has to say what it is."""
    for item in _own(module, object):
        if isinstance(item, type):
            yield from (value for value in vars(item).values() if hasattr(value, _ACTIVITY))
        elif hasattr(item, _ACTIVITY):
            yield item


def _own(module: ModuleType, kind: type) -> Iterator[Any]:
    for item in vars(module).values():
        if isinstance(item, kind) and getattr(item, "__module__", None) == module.__name__:
            yield item


def _no_two_alike(activities: Iterable[Activity]) -> None:
    seen: dict[str, Activity] = {}
    for activity in activities:
        name = declaration_of(activity).name
        if name in seen:
            raise BadProject(
                f"two activities are called `{name}`: in `{seen[name].__module__}` and `{activity.__module__}`; rename one"
            )
        seen[name] = activity


def _walk(package: str) -> Iterator[ModuleType]:
    top = _import(package)
    for found in pkgutil.walk_packages(top.__path__, f"{package}."):
        if not found.name.rpartition(".")[2].startswith("_"):
            yield _import(found.name)


def _import(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except BatonError:
        raise
    except Exception as error:
        raise BadProject(f"`{name.replace('.', '/')}` cannot be loaded: {type(error).__name__}: {error}") from error
