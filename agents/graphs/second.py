"""The second opinion: a language model, when one is configured. What goes wrong with it is a note, never a failed case."""

from collections.abc import Callable
from typing import Any, TypeVar

from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel, Field

from baton.governance.context import current
from baton.llm.call import CallKey, ModelError
from baton.llm.configured import gateway, wanted
from baton.llm.judgement import Node
from baton.llm.prompt import Prompt
from baton.types.canonical import Json
from baton.types.frozen import Frozen

S = TypeVar("S")


async def _model_wanted(_: Any) -> bool:
    # Asynchronous, or LangGraph takes it to a thread and back.
    return wanted()


class Opinion(Frozen):
    """What the model said, or why it said nothing."""

    answer: dict[str, Json] | None = None
    reader: str = ""
    note: str = ""
    made: dict[str, str] = Field(default_factory=dict, description="model, prompt hash and tokens, for the record")


def with_second_opinion(state: type[S], first: Node[S], model: Node[S], conclude: Node[S]) -> "StateGraph[Any]":
    """A graph that does `first`, asks the model where one is configured, and concludes."""
    graph: Any = StateGraph(state)  # LangGraph's own types ask for a concrete state
    for function in (first, model, conclude):
        graph.add_node(function.__name__, function)
    graph.add_edge(START, first.__name__)
    graph.add_conditional_edges(first.__name__, _model_wanted, {True: model.__name__, False: conclude.__name__})
    graph.add_edge(model.__name__, conclude.__name__)
    graph.add_edge(conclude.__name__, END)
    drawn: StateGraph[Any] = graph
    return drawn


async def ask_model(prompt: Callable[[], Prompt], form: type[BaseModel], graph: str, node: str) -> Opinion:
    """The model's answer in this form; a failure is a note for staff and the offline readers stand alone."""
    here = current()
    key = CallKey(case=here.case, step=here.step, graph=graph, node=node, process=here.process)
    try:
        door = gateway()
        assert door is not None, "asked without a model configured"
        done: Any = await door.structured(prompt(), form, cache_key=key)
    except ModelError as error:
        return Opinion(note=f"read without the language model: {error}", made={"model_failed": type(error).__name__})
    made = {
        "model": done.model,
        "prompt": done.prompt,
        "input_tokens": str(done.input_tokens),
        "output_tokens": str(done.output_tokens),
        "redacted": ", ".join(f"{count} {kind}" for kind, count in sorted(done.redacted.items())),
    }
    return Opinion(answer=done.value.model_dump(mode="json"), reader=f"model/{done.model}", made=made)
