"""Records what the replay test replays: `python tests/workflows/record_histories.py [petty-cash] [demo]`.

Run it when a process was changed on purpose and no case of the old kind is open any more. The petty-cash cases run on a
server of their own, those of the company's processes are what a demo run in a temporary home left behind.
"""

import asyncio
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
sys.path[:0] = [str(PROJECT), str(Path(__file__).parent)]

import petty_cash  # noqa: E402
from office import Office, an_engine  # noqa: E402
from temporalio.client import WorkflowHandle  # noqa: E402

from baton.cases.store import cases  # noqa: E402
from baton.demo import demo  # noqa: E402
from baton.runtime.settings import Settings, load  # noqa: E402
from baton.runtime.up import running  # noqa: E402
from baton.store import Database  # noqa: E402
from baton.types.cases import Case  # noqa: E402
from baton.types.ids import CaseId  # noqa: E402

FOLDER = Path(__file__).parent / "histories"
HELD_BACK = {"identity": "worker", "workerId": "worker", "binaryChecksum": "", "buildId": "", "stackTrace": ""}
"""Who recorded it, and where, is nobody's business."""
_PROCESS = re.compile(r"\d+@\S+")
"""How the SDK calls a worker, and the queue of its own: process and machine."""


async def petty_cash_cases(home: Path) -> None:
    """One case for each way in which petty cash can go."""
    async with running(load(project=str(PROJECT), home=str(home)), workers=()) as up:
        database = Database(f"sqlite:///{home / 'baton.db'}")
        office = Office(await up.client(), an_engine(database, home), home)
        async with office.at_work():
            petty_cash.till.owed = "500.00"
            alone = await office.submit("pay 8.00")
            await alone.result()
            await keep("petty_cash_alone", alone)
            for says, more in _ANSWERS.items():
                case = await office.submit("pay 30.00")
                await office.say(await office.task(case), "carl", says, **more)
                await case.result()
                await keep(f"petty_cash_{says}", case)
            asked = await office.submit("ask")
            await office.say(await office.task(asked), "carl", "approve", changes={"option": "left"})
            await asked.result()
            await keep("petty_cash_asked", asked)
            open_ = await office.submit("pay 40.00")
            await office.task(open_)
            await keep("petty_cash_open", open_)
        database.close()


_ANSWERS: dict[str, dict[str, Any]] = {
    "approve": {},
    "edit": {"changes": {"amount": {"amount": "20.00", "currency": "EUR"}}},
    "reject": {"code": "no_receipt"},
    "return": {"code": "wrong_department"},
}


async def demo_cases(home: Path) -> None:
    """The shortest case of the demo for each process and outcome."""
    settings = load(project=str(PROJECT), home=str(home))
    await demo(settings, print, lambda ended, of: print(f"{ended} of {of}", end="\r"))
    async with running(settings, workers=()) as up:
        client, shortest = await up.client(), dict[str, tuple[int, CaseId]]()
        for case in _ended(settings):
            name = re.sub("[^a-z]+", "_", f"{case.process}_{case.outcome.result}" if case.outcome else case.process)
            length = (await client.get_workflow_handle(case.id).describe()).history_length
            shortest[name] = min(shortest.get(name, (length, case.id)), (length, case.id))
        for name, (_, id) in shortest.items():
            await keep(name, client.get_workflow_handle(id))


def _ended(settings: Settings) -> list[Case]:
    database = Database(settings.database_url)
    with database.read() as connection:
        ended = [case for case in cases(connection) if case.outcome]
    database.close()
    return ended


async def keep(name: str, case: WorkflowHandle[Any, Any]) -> None:
    """Write a history down, without what names the machine."""
    history = json.loads((await case.fetch_history()).to_json())
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(_clean(history), separators=(",", ":"), sort_keys=True) + "\n")
    print(f"{name}: {len(history['events'])} events")


def _clean(value: Any, key: str = "") -> Any:
    match value:
        case dict():
            return {name: _clean(inner, name) for name, inner in value.items()}
        case list():
            return [_clean(inner) for inner in value]
        case str():
            return "worker" if _PROCESS.fullmatch(value) else HELD_BACK.get(key, value)
        case _:
            return value


async def main(wanted: list[str]) -> None:
    """Record what was asked for, or everything."""
    with tempfile.TemporaryDirectory() as folder:
        if not wanted or "petty-cash" in wanted:
            await petty_cash_cases(Path(folder) / "petty")
        if not wanted or "demo" in wanted:
            await demo_cases(Path(folder) / "demo")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
