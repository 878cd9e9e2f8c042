"""Brings events to webhooks: at least once, with the same id each time, later and later until they are heard or given up on."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import Row, delete, select, update

from baton.cases.clock import now, written
from baton.console.bench import Bench
from baton.console.tables import delivery, webhook
from baton.console.webhooks.noticing import notice
from baton.console.webhooks.signing import Secrets, signature
from baton.console.webhooks.targets import BadTarget, resolved

KEPT = timedelta(days=30)
"""For how long it can be seen what was delivered."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pacing:
    """When something is sent again; all in seconds."""

    every: float = 1.0
    patience: float = 10.0
    first: float = 5.0
    longest: float = 3600.0
    tries: int = 16
    """After so many it is dead: about half a day."""

    def pause(self, tries: int) -> float:
        """Before the next attempt: twice as long each time, and never at the same moment as everybody else."""
        return float(min(self.first * 2 ** min(tries - 1, 30), self.longest) * random.uniform(0.8, 1.2))


class Webhooks:
    """Notices what is new and sends it, for as long as the console runs."""

    def __init__(self, bench: Bench, pacing: Pacing | None = None) -> None:
        self._bench, self._pacing = bench, pacing or Pacing()
        self._secrets = Secrets(bench.home)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Do so for as long as the block lasts."""
        job = asyncio.create_task(self._forever())
        try:
            yield
        finally:
            job.cancel()
            with suppress(asyncio.CancelledError):
                await job

    async def _forever(self) -> None:
        while True:
            try:
                while await asyncio.to_thread(notice, self._bench):
                    pass
                while await self.send_due():
                    pass
            except Exception as trouble:  # a database that is away for a moment must not end the sending
                _log.error("webhooks:stumbled error=%s", type(trouble).__name__)
            await asyncio.sleep(self._pacing.every)

    async def send_due(self) -> int:
        """Send everything whose time has come, side by side; how many were tried."""
        due = [row for row in await asyncio.to_thread(self._due) if await asyncio.to_thread(self._take, row)]
        if due:
            async with httpx.AsyncClient(timeout=self._pacing.patience, follow_redirects=False, trust_env=False) as client:
                await asyncio.gather(*(self._send(client, row) for row in due))
        return len(due)

    def _due(self) -> list[Row[Any]]:
        query = select(delivery, webhook.c.url).join(webhook, webhook.c.id == delivery.c.webhook)
        query = query.where(delivery.c.status == "waiting", delivery.c.due <= written(now())).order_by(delivery.c.due).limit(20)
        with self._bench.database.read() as connection:
            return list(connection.execute(query))

    def _take(self, row: Row[Any]) -> bool:
        """Make it ours to send, for a while: should this process die, another one takes it then."""
        mine = (delivery.c.webhook == row.webhook) & (delivery.c.event == row.event)
        mine &= (delivery.c.status == "waiting") & (delivery.c.due == row.due)
        values = {"due": written(now() + timedelta(seconds=1.5 * self._pacing.patience)), "tries": row.tries + 1}
        with self._bench.database.write() as connection:
            return connection.execute(update(delivery).where(mine).values(**values)).rowcount == 1

    async def _send(self, client: httpx.AsyncClient, row: Row[Any]) -> None:
        try:
            heard, words = await asyncio.wait_for(self._post(client, row), self._pacing.patience)
        except BadTarget as wrong:
            heard, words = False, str(wrong)
        except (TimeoutError, httpx.HTTPError) as wrong:
            # Never the error's own text: it may name the address, and that may hold somebody's secret.
            heard, words = False, f"no answer ({type(wrong).__name__})"
        await asyncio.to_thread(self._note, row, heard, words)

    async def _post(self, client: httpx.AsyncClient, row: Row[Any]) -> tuple[bool, str]:
        target = await resolved(row.url, self._bench.settings.webhooks_inside)
        at = int(time.time())
        headers = {
            "Host": target.host,
            "Content-Type": "application/json",
            "User-Agent": "Baton",
            "webhook-id": row.event,
            "webhook-timestamp": str(at),
            "webhook-signature": signature(self._secrets.of(row.webhook), row.event, at, row.body),
        }
        extensions = {"sni_hostname": target.name}
        async with client.stream("POST", target.url, content=row.body.encode(), headers=headers, extensions=extensions) as answer:
            return answer.is_success, f"answered {answer.status_code}"

    def _note(self, row: Row[Any], heard: bool, words: str) -> None:
        tries = row.tries + 1
        status = "delivered" if heard else "dead" if tries >= self._pacing.tries else "waiting"
        due = now() + timedelta(seconds=self._pacing.pause(tries))
        mine = (delivery.c.webhook == row.webhook) & (delivery.c.event == row.event) & (delivery.c.status == "waiting")
        old = (delivery.c.status == "delivered") & (delivery.c.due < written(now() - KEPT))
        with self._bench.database.write() as connection:
            connection.execute(update(delivery).where(mine).values(status=status, words=words, due=written(due)))
            connection.execute(delete(delivery).where(old))
        if status == "dead":
            _log.error("webhook:dead webhook=%s event=%s words=%s", row.webhook, row.event, words)
