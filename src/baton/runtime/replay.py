"""Does the code still fit the cases that are open? Their histories are replayed against it."""

from collections.abc import AsyncIterator, Sequence

from temporalio.client import Client, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Interceptor, Replayer

from baton.runtime.handshake import Misfit
from baton.runtime.project import Project, temporal_name
from baton.runtime.sandbox import sandbox

AT_MOST = 1000


async def open_cases_that_no_longer_fit(
    client: Client,
    project: Project,
    workflows: Sequence[type] = (),
    interceptors: Sequence[Interceptor] = (),
    task_queue: str = "baton",
    at_most: int = AT_MOST,
) -> tuple[int, tuple[Misfit, ...]]:
    """Replay every open case against the processes as they are now: how many, and those that diverge, with the reason.

    `workflows` are all that the workers run, the project's own when none are given. A case that diverges is not lost: its
    next step fails and waits until code that fits runs again.
    """
    replayer = Replayer(
        workflows=list(workflows or project.workflows),
        workflow_runner=sandbox(),
        interceptors=list(interceptors),
        data_converter=pydantic_data_converter,
        namespace=client.namespace,
    )
    known = {temporal_name(workflow) for workflow in workflows or project.workflows}
    misfits: list[Misfit] = []
    count = 0
    async for history, process in _open(client, task_queue, at_most):
        count += 1
        why = await _why_not(replayer, history) if process in known else "no file in workflows/ is this process any more"
        if why:
            misfits.append(Misfit(case=history.workflow_id, process=process, why=why))
    return count, tuple(misfits)


async def _why_not(replayer: Replayer, history: WorkflowHistory) -> str:
    """Why the code cannot follow this history; empty when it can."""
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    return str(result.replay_failure).strip().partition("\n")[0][:300] if result.replay_failure else ""


async def _open(client: Client, task_queue: str, at_most: int) -> AsyncIterator[tuple[WorkflowHistory, str]]:
    query = f"ExecutionStatus = 'Running' AND TaskQueue = '{task_queue}'"
    async for found in client.list_workflows(query, limit=at_most):
        handle = client.get_workflow_handle(found.id, run_id=found.run_id)
        yield await handle.fetch_history(), found.workflow_type
