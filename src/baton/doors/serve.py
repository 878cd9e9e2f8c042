"""The doors as a part of `baton up`: a process of its own for SMTP drop and folder; a schedule looks into the mailbox."""

import argparse
import asyncio
import logging
import os
import signal
import sys
import threading
import time

from baton.doors.folder import watch
from baton.doors.polling import keep_looking
from baton.doors.smtp import drop
from baton.doors.taking import Taking
from baton.errors import BatonError
from baton.runtime.connect import connect
from baton.runtime.settings import Settings, load

READY = "doors ready"
_log = logging.getLogger("baton.doors")


async def serve(settings: Settings) -> None:
    """Keep the doors open until told to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    client = await connect(settings)
    taking = Taking.of(settings, client)
    await keep_looking(client, settings)
    server = await drop(taking, settings.smtp_drop) if settings.smtp_drop else None
    watching = asyncio.create_task(watch(settings.drop_folder, taking)) if settings.drop_folder else None
    print(READY, flush=True)
    await stop.wait()
    if server:
        server.close()
    if watching:
        watching.cancel()


def main() -> None:
    """Run; the process ends here."""
    parser = argparse.ArgumentParser(prog="baton doors")
    parser.add_argument("--parent", type=int, default=0, help="stop when this process is gone")
    said = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stdout)
    if said.parent:
        threading.Thread(target=_watch_parent, args=(said.parent,), name="parent", daemon=True).start()
    code = 0
    try:
        settings = load()
        os.environ.update(settings.environment())
        asyncio.run(serve(settings))
    except (BatonError, OSError) as error:
        code = 2
        _log.error("%s", error)
    # A process that ran a Temporal client can abort while the interpreter shuts down; nothing is left to do.
    logging.shutdown()
    os._exit(code)


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
