"""How an agent's graph runs: whole inside one activity, each finished node kept, resumed after the last one."""

import functools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import StateGraph
from langsmith import tracing_context

from baton.llm.scratch import scratch
from baton.telemetry import names, span
from baton.types.canonical import Json, hash_of
from baton.types.ids import StepKey

S = TypeVar("S", contravariant=True)


class Node(Protocol[S]):
    """One node of a graph: reads the state, returns what it adds."""

    __name__: str

    async def __call__(self, state: S) -> dict[str, Any]:
        """Do the node's part."""
        ...


class Judgement:
    """A graph with a name and a version, compiled once a process.

    Its state is plain JSON with a key `given`; documents are references. Change `version` whenever a node or the state changes
    its meaning: a checkpoint of another version is never resumed.
    """

    def __init__(self, name: str, version: str, drawn: "StateGraph[Any]") -> None:
        self.name = f"{name}@{version}"
        self._drawn = drawn
        self._compiled: WeakKeyDictionary[BaseCheckpointSaver[str], Any] = WeakKeyDictionary()

    async def run(self, given: Mapping[str, Json], step: StepKey) -> dict[str, Any]:
        """The finished state for this input at this step; a second call returns it without running a node again."""
        saver = await scratch().saver()
        config: RunnableConfig = {"configurable": {"thread_id": f"{step}/{self.name}/{hash_of(given)[:20]}"}}
        begun = await saver.aget_tuple(config) is not None
        # Documents are not to leave by way of a tracing variable that somebody left in the environment.
        with tracing_context(enabled=False):
            found = await self._on(saver).ainvoke(None if begun else {"given": given}, config, durability="sync")
        state: dict[str, Any] = found
        return state

    def _on(self, saver: BaseCheckpointSaver[str]) -> Any:
        if saver not in self._compiled:
            self._compiled[saver] = self._drawn.compile(checkpointer=saver, name=self.name)
        return self._compiled[saver]


def node(function: Callable[[S], Awaitable[dict[str, Any]]]) -> Node[S]:
    """A graph's node, with its span."""
    about = f"{function.__module__.rpartition('.')[2]}.{getattr(function, '__name__', 'node')}"

    @functools.wraps(function)
    async def traced(state: Any) -> dict[str, Any]:
        with span(f"{names.NODE} {about}", {names.NODE_NAME: about}):
            return await function(state)

    return traced
