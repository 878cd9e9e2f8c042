"""Workers of contract signing that are killed at a chosen moment and started again: see `killed_worker.py`."""

import asyncio
import signal
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import killed_worker
from contract_office import ACTIVITIES, an_engine
from temporalio.worker import Worker

from activities.contracts.sandbox import Sandbox as Register
from activities.mail.outbox import Outbox
from activities.signing.sandbox import Sandbox as Signing
from activities.signing.vault import Vault
from baton.cases.bookkeeping import Bookkeeping
from baton.documents.pages import read_documents
from baton.governance.interceptors import Governance
from baton.runtime.sandbox import sandbox
from baton.store import Database
from workflows.contract_signing import ContractSigning

killed_worker.PLACES.update(
    {
        "our signature": (Signing, "sign", lambda *_: True),
        "the signed file": (Vault, "_keep", lambda *_: True),
        "the link": (Signing, "invite", lambda *_: True),
        "the link's letter": (Outbox, "send", lambda _, envelope, *__: envelope.template == "countersign"),
        "the archive": (Register, "archive", lambda *_: True),
    }
)


async def work(home: Path, address: str, queue: str) -> None:
    """Until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    engine, client = an_engine(Database(f"sqlite:///{home / 'baton.db'}"), home), await killed_worker.connected(address)
    lost = timedelta(seconds=0.3)  # what the dead worker had in memory goes to the next one soon
    shared = {"interceptors": [Governance(engine)], "workflow_runner": sandbox(), "sticky_queue_schedule_to_start_timeout": lost}
    cases = [*ACTIVITIES, *Bookkeeping(engine).activities()]
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(Worker(client, task_queue=queue, workflows=[ContractSigning], activities=cases, **shared))
        await stack.enter_async_context(Worker(client, task_queue=f"{queue}-pages", activities=[read_documents], **shared))
        (home / "ready").touch()
        await stop.wait()


if __name__ == "__main__":
    killed_worker.work = work
    killed_worker.main()
