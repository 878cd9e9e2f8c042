"""Sends webhooks of an installation in a process of its own, for a test that kills it: `python -m ... HOME DATABASE`."""

import asyncio
import sys
from pathlib import Path

from baton.console.webhooks.sending import Pacing, Webhooks
from baton.store import Database
from tests.integration.console_house import House


async def main(home: str, url: str) -> None:
    house = House(Database(url), Path(home), settings={"webhooks_inside": True})
    async with Webhooks(house.bench, Pacing(every=0.05, patience=1)).running():
        await asyncio.sleep(300)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
