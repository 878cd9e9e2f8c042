"""One call to a language model: what is asked, under which key, what came back, and every way it can fail."""

from collections.abc import Mapping
from typing import Generic, TypeVar

from pydantic import BaseModel, Field

from baton.errors import BatonError
from baton.types.frozen import Frozen
from baton.types.ids import CaseId, Hash, StepKey

V = TypeVar("V", bound=BaseModel)


class ModelError(BatonError):
    """A language model gave no usable answer; the work goes on without it."""


class ModelUnavailable(ModelError):
    """The model's endpoint cannot be reached, is overloaded, too slow, or refuses our key."""


class AnswerLost(ModelUnavailable):
    """A call was under way when its process ended or gave up waiting: it may have been paid, so it is never repeated."""


class ModelRefused(ModelError):
    """The model, or its provider's filter, declined to answer."""


class ModelNonsense(ModelError):
    """The model's answer was cut off, was no JSON, or breaks its schema."""


class BudgetSpent(ModelError):
    """The case or the day has used up its tokens or its money; what remains is done without a model."""


class CallKey(Frozen):
    """What makes a call the same call: together with the prompt's hash and the model, its place in the cache."""

    case: CaseId = Field(description="whose token budget pays")
    step: StepKey
    graph: str = Field(description="name and version of the graph, as in `rekey@1`")
    node: str
    process: str = Field(default="", description="whose policy says what is redacted; without one, everything is")


class Completion(Frozen, Generic[V]):
    """A validated answer and what it took to get it."""

    value: V
    model: str = Field(description="as the endpoint named itself")
    prompt: Hash = Field(description="of exactly what left: after redaction")
    input_tokens: int = 0
    output_tokens: int = 0
    cached: bool = Field(default=False, description="answered before, from the cache: nothing was paid")
    redacted: Mapping[str, int] = Field(default_factory=dict, description="how many values of each kind were replaced by tokens")
