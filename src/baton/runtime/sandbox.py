"""The sandbox that processes run in: they are reloaded for every case, what they use is passed through."""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

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


def sandbox() -> SandboxedWorkflowRunner:
    """How every process is run, by workers and in replays."""
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH))
