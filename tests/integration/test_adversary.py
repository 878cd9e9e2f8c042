"""An adversary in place of the model, against an oracle that knows only the company's records."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from baton.governance.policy import Bundle
from baton.replaying import replay
from tests.integration.adversary_moves import Adversary
from tests.integration.adversary_oracle import Oracle
from tests.integration.adversary_world import PROJECT, Ground, World, a_world, prepare_ground, quick_folder


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = quick_folder("adversary") or tmp_path_factory.mktemp("adversary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BATON_HOME", str(folder))
        patch.delenv("BATON_DATABASE_URL", raising=False)
        patch.delenv("BATON_COMPANY_URL", raising=False)
        yield prepare_ground(folder)
    shutil.rmtree(folder, ignore_errors=True)


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
        play(world, 1, 400)
        print(time.time() - t, Counter(one.how for one in world.tried))
        wrong = Oracle(world).judge()
        print("\n".join(wrong)); print(len(wrong))
        print(world.engine.ledger.verify().ok, replay(world.engine))
        print(Counter((r.kind, r.outcome) for r in world.engine.ledger.scan()))
        raise AssertionError
