"""Every span operation and attribute there is. An attribute that is not here is dropped before it leaves the process.

The `gen_ai.*` names are those of the OpenTelemetry semantic conventions for generative AI. None of them may hold what a
document or a person says: prompts, completions, tool arguments and tool results are left out on purpose.
"""

from typing import Final

# What a span's name begins with.
CASE: Final = "case"
STEP: Final = "step"
STAGE: Final = "stage"
INVOKE_AGENT: Final = "invoke_agent"
NODE: Final = "node"
CHAT: Final = "chat"
EXECUTE_TOOL: Final = "execute_tool"
POLICY: Final = "policy"
ANSWER: Final = "answer"
UNDO: Final = "undo"
READ_PAGES: Final = "read_pages"
STOP: Final = "stop"

# Generative AI.
OPERATION: Final = "gen_ai.operation.name"
PROVIDER: Final = "gen_ai.provider.name"
MODEL: Final = "gen_ai.request.model"
MODEL_ANSWERED: Final = "gen_ai.response.model"
TEMPERATURE: Final = "gen_ai.request.temperature"
SEED: Final = "gen_ai.request.seed"
MAX_TOKENS: Final = "gen_ai.request.max_tokens"
OUTPUT_TYPE: Final = "gen_ai.output.type"
FINISH_REASONS: Final = "gen_ai.response.finish_reasons"
INPUT_TOKENS: Final = "gen_ai.usage.input_tokens"
OUTPUT_TOKENS: Final = "gen_ai.usage.output_tokens"
AGENT: Final = "gen_ai.agent.name"
AGENT_VERSION: Final = "gen_ai.agent.version"
TOOL: Final = "gen_ai.tool.name"
TOOL_TYPE: Final = "gen_ai.tool.type"
WORKFLOW: Final = "gen_ai.workflow.name"

# Baton.
CASE_ID: Final = "baton.case.id"
CASE_OUTCOME: Final = "baton.case.outcome"
PROCESS: Final = "baton.process"
STAGE_NAME: Final = "baton.stage"
STEP_KEY: Final = "baton.step"
ATTEMPT: Final = "baton.attempt"
ACTION: Final = "baton.action"
DECISION_ID: Final = "baton.decision.id"
DECISION_KIND: Final = "baton.decision.kind"
POLICY_VERSION: Final = "baton.policy.version"
VERDICT: Final = "baton.verdict"
RULES: Final = "baton.rules"
ACTOR_KIND: Final = "baton.actor.kind"
NODE_NAME: Final = "baton.node"
CACHED: Final = "baton.cached"
PROMPT_HASH: Final = "baton.prompt.hash"
PAGES: Final = "baton.pages"
DOCUMENTS: Final = "baton.documents"
FIELDS: Final = "baton.fields"
DISPUTED: Final = "baton.disputed"
QUEUE: Final = "baton.queue"
ERROR: Final = "error.type"

OPERATIONS: Final = frozenset({CASE, STEP, STAGE, INVOKE_AGENT, NODE, CHAT, EXECUTE_TOOL, POLICY, ANSWER, UNDO, READ_PAGES, STOP})
ATTRIBUTES: Final = frozenset(
    value for name, value in list(globals().items()) if name.isupper() and isinstance(value, str) and "." in value
)
