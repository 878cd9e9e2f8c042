"""Which messages the processes of this project take, each by its own words."""

from functools import lru_cache

from baton.process import Takes
from baton.runtime.bootstrap import ENGINE_MODULES
from baton.runtime.project import discover
from baton.runtime.settings import load


@lru_cache(maxsize=1)
def taken() -> dict[str, Takes]:
    """What each process says that it takes, by its name; one that says nothing is never chosen."""
    processes = discover(load().project, ENGINE_MODULES).processes
    return {name: process.takes for name, process in sorted(processes.items()) if process.takes is not None}
