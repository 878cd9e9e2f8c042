"""The sandbox that processes run in: they are reloaded for every case, what they use is passed through."""

from typing import Any

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import Info

PASSED_THROUGH = (
    "activities",
    "agents",
    "baton",
    "annotated_types",
    "cedarpy",
    "cryptography",
    "httpx",
    "langgraph",
    "opentelemetry",
    "pydantic",
    "pydantic_core",
    "rfc8785",
    "sqlalchemy",
    "typing_inspection",
)
"""`baton.process` imports little; what `activities` and `agents` import is loaded once a worker, not once a case."""


class _Sandboxed(WorkflowInstance):
    """A case in its sandbox, which is entered for the case's own work only.

    Temporal enters it once more for every payload and direction, to ask in which context a codec or an external storage
    sees that payload. There is neither here, and the asking was an eighth of a worker's time.
    """

    def __init__(self, inner: WorkflowInstance) -> None:
        self._inner = inner

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Do what the activation asks for."""
        return self._inner.activate(act)

    def get_info(self) -> Info:
        """Which workflow it is."""
        return self._inner.get_info()

    def get_thread_id(self) -> int | None:
        """Where it runs, for the deadlock detector."""
        return self._inner.get_thread_id()

    def get_serialization_context(self, command_info: Any) -> None:
        """No codec asks."""

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:
        """No external storage asks."""
        return StorageDriverStoreContext(target=None)


class _Sandbox(SandboxedWorkflowRunner):
    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _Sandboxed(super().create_instance(det))


def sandbox() -> SandboxedWorkflowRunner:
    """How every process is run, by workers and in replays."""
    return _Sandbox(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH))
