"""An adversary in place of the model, against an oracle that knows only the company's records."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest

from baton.governance.policy import Bundle
from baton.replaying import replay
from tests.integration.adversary_moves import Adversary
from tests.integration.adversary_oracle import Oracle
from tests.integration.adversary_world import PROJECT, Ground, World, a_world, prepare_ground, quick_folder


T = TypeVar("T")


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = quick_folder("adversary") or tmp_path_factory.mktemp("adversary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BATON_HOME", str(folder))
        patch.delenv("BATON_DATABASE_URL", raising=False)
        patch.delenv("BATON_COMPANY_URL", raising=False)
        patch.setattr(asyncio, "to_thread", in_turn)
        yield prepare_ground(folder)
    shutil.rmtree(folder, ignore_errors=True)


async def in_turn(work: Callable[..., T], *given: Any) -> T:
    """Run blocking work in the loop's own thread, after everybody else had a turn: races are the same on every run."""
    await asyncio.sleep(0)
    return work(*given)


def play(world: World, seed: int, proposals: int) -> None:
    adversary = Adversary(world, Random(seed))

    async def run() -> None:
        while len(world.tried) < proposals:
            await adversary.move()

    asyncio.run(run())


def test_smoke(ground: Ground) -> None:
    import time
    t = time.time()
    with a_world(ground, ground.folder / "w1") as world:
        pass
        play(world, 1, 400)
        print(time.time() - t, Counter(one.how for one in world.tried))
        print("\n".join(sorted({one.words for one in world.tried if one.how == "crash"})))
        wrong = Oracle(world).judge()
        print("\n".join(wrong)); print(len(wrong))
        print(world.engine.ledger.verify().ok, replay(world.engine))
        print(Counter((r.kind, r.outcome) for r in world.engine.ledger.scan()))
        raise AssertionError
