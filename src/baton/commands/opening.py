"""Opens the installation for one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from baton.errors import BatonError
from baton.runtime.bootstrap import Runtime, build
from baton.runtime.settings import load


class NotSetUp(BatonError):
    """Nothing has run here yet."""


@contextmanager
def installation() -> Iterator[Runtime]:
    """The stores and policies of this project. Raises `NotSetUp` before the first `baton up` or `baton demo`."""
    settings = load()
    if settings.database_url.startswith("sqlite") and not (settings.home / "baton.db").exists():
        raise NotSetUp(f"nothing has run in `{settings.home}` yet: start with `baton up` or `baton demo`")
    runtime = build(settings)
    try:
        yield runtime
    finally:
        runtime.close()
