"""The mailbox is looked into by a Temporal Schedule: whichever worker is up takes the mail in."""

import asyncio
import logging
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
)
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

from baton.doors.imap import Mailbox, MailboxTrouble, opened
from baton.doors.taking import Taking
from baton.governance.declare import engine
from baton.runtime.settings import Settings, load
from baton.types.frozen import Frozen

SCHEDULE = "baton-mailbox"
_LOOK = timedelta(minutes=5)
_log = logging.getLogger("baton.doors")


class Look(Frozen):
    """Look into the mailbox of this installation. The address and its password stay in the settings."""


class Looked(Frozen):
    """What came of one look."""

    taken: int
    known: int = 0


@engine(timeout=_LOOK)
async def look_into_mailbox(request: Look) -> Looked:
    """Take in what is new. Mail is marked only when it is safe; one that cannot be taken now is tried at the next look."""
    settings = load()
    if settings.imap_url is None:
        return Looked(taken=0)
    taking = Taking.of(settings, activity.client())
    try:
        return await _take_all(settings.imap_url.get_secret_value(), taking)
    except MailboxTrouble as error:
        _log.error("mailbox:trouble %s", error)
        raise ApplicationError(str(error), type="MailboxTrouble", non_retryable=True) from error


@workflow.defn(name="Poll")
class Poll:
    """One look into the mailbox."""

    @workflow.run
    async def run(self, request: Look) -> Looked:
        """Look once; what fails is looked at again when the schedule says so."""
        return await workflow.execute_local_activity(  # type: ignore[no-any-return]  # called by name
            "doors.look_into_mailbox",
            request,
            result_type=Looked,
            start_to_close_timeout=_LOOK,
            retry_policy=RetryPolicy(maximum_attempts=2),
        )


async def keep_looking(client: Client, settings: Settings) -> None:
    """Have the server look every `BATON_IMAP_SECONDS`; without a mailbox, no more."""
    handle = client.get_schedule_handle(SCHEDULE)
    if settings.imap_url is None:
        return
    schedule = _schedule(settings)
    try:
        await client.create_schedule(SCHEDULE, schedule, trigger_immediately=True)
    except ScheduleAlreadyRunningError:
        await handle.update(lambda _: ScheduleUpdate(schedule=schedule))


def _schedule(settings: Settings) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow("Poll", Look(), id="look", task_queue=settings.queue("work")),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=timedelta(seconds=settings.imap_seconds))]),
        # A look that takes longer than the interval is not doubled.
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
    )


async def _take_all(url: str, taking: Taking) -> Looked:
    loop = asyncio.get_running_loop()

    def take(box: Mailbox) -> Looked:
        how = []
        for number in box.fresh():
            done = asyncio.run_coroutine_threadsafe(taking.take(box.read(number), "imap"), loop).result()
            box.mark(number)
            how.append(done.how)
        return Looked(taken=how.count("opened"), known=how.count("known"))

    def look() -> Looked:
        with opened(url) as box:
            return take(box)

    return await asyncio.to_thread(look)
