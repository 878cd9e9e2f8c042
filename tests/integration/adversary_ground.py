"""Fixtures and play for the adversary's tests: one ground for a module, a world for every game."""

import asyncio
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest

from baton.governance.policy import Bundle
from tests.integration.adversary_moves import Adversary
from tests.integration.adversary_oracle import Oracle
from tests.integration.adversary_world import Ground, World, a_world, prepare_ground, quick_folder

T = TypeVar("T")


async def in_turn(work: Callable[..., T], *given: Any) -> T:
    """Run blocking work in the loop's own thread, after everybody else had a turn: races are the same on every run."""
    await asyncio.sleep(0)
    return work(*given)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """A company that every world of this module is copied from."""
    folder: Path = quick_folder("adversary") or tmp_path_factory.mktemp("adversary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BATON_HOME", str(folder))
        for name in ("BATON_DATABASE_URL", "BATON_COMPANY_URL", "BATON_SMTP_URL"):
            patch.delenv(name, raising=False)
        patch.setattr(asyncio, "to_thread", in_turn)
        try:
            yield prepare_ground(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def play(world: World, seed: int, proposals: int) -> None:
    """Let the adversary play until it proposed so often."""
    asyncio.run(_until(Adversary(world, Random(seed)), proposals))


def found_out(ground: Ground, seed: int, bundle: Bundle | None = None) -> list[str]:
    """What the oracle finds wrong first, over a few short games in worlds of their own."""
    for game in range(8):
        with a_world(ground, ground.folder / uuid.uuid4().hex, bundle) as world:
            adversary = Adversary(world, Random(seed + game))
            for until in (100, 200, 300, 400):
                asyncio.run(_until(adversary, until))
                if wrong := Oracle(world).judge():
                    return wrong
    return []


async def _until(adversary: Adversary, proposals: int) -> None:
    while len(adversary.world.tried) < proposals:
        await adversary.move()
