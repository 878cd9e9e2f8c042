"""A graph runs whole, once: what finished is never done again, on either database."""

import asyncio
from pathlib import Path
from typing import Any, TypedDict

import pytest
from langgraph.graph import END, START, StateGraph

from baton.llm.judgement import Judgement, node
from baton.llm.scratch import scratch
from baton.types.ids import CaseId, StepKey

STEP = StepKey("WC-1/1/0")


class State(TypedDict, total=False):
    given: dict[str, Any]
    first: int
    second: int


class Counted:
    """A graph of two nodes that notes every run and fails where it is told to."""

    def __init__(self, version: str = "1") -> None:
        self.ran: list[str] = []
        self.fails: set[str] = set()

        @node
        async def first(state: State) -> dict[str, Any]:
            self._run("first")
            return {"first": state["given"]["number"] + 1}

        @node
        async def second(state: State) -> dict[str, Any]:
            self._run("second")
            return {"second": state["first"] * 2}

        graph: Any = StateGraph(State)
        graph.add_node("first", first)
        graph.add_node("second", second)
        graph.add_edge(START, "first")
        graph.add_edge("first", "second")
        graph.add_edge("second", END)
        self.judgement = Judgement("counted", version, graph)

    def _run(self, name: str) -> None:
        self.ran.append(name)
        if name in self.fails:
            raise RuntimeError(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scratch store of either kind."""
    monkeypatch.setenv("BATON_HOME", str(tmp_path))
    monkeypatch.delenv("BATON_DATABASE_URL", raising=False)
    if request.param == "postgresql":
        monkeypatch.setenv("BATON_DATABASE_URL", request.getfixturevalue("postgres_url"))


async def test_a_finished_judgement_is_returned_and_not_made_again(home: None) -> None:
    counted = Counted()
    once = await counted.judgement.run({"number": 20}, STEP)
    again = await counted.judgement.run({"number": 20}, STEP)
    assert once["second"] == again["second"] == 42
    assert counted.ran == ["first", "second"]


async def test_a_retry_resumes_after_the_last_finished_node(home: None) -> None:
    counted = Counted()
    counted.fails = {"second"}
    with pytest.raises(RuntimeError):
        await counted.judgement.run({"number": 20}, STEP)
    counted.fails = set()
    assert (await counted.judgement.run({"number": 20}, STEP))["second"] == 42
    assert counted.ran == ["first", "second", "second"]


async def test_a_first_node_that_failed_is_tried_again(home: None) -> None:
    counted = Counted()
    counted.fails = {"first"}
    with pytest.raises(RuntimeError):
        await counted.judgement.run({"number": 20}, STEP)
    counted.fails = set()
    assert (await counted.judgement.run({"number": 20}, STEP))["second"] == 42


@pytest.mark.parametrize(
    ("version", "given", "step"),
    [("2", {"number": 20}, STEP), ("1", {"number": 21}, STEP), ("1", {"number": 20}, StepKey("WC-1/1/1"))],
    ids=["another version", "another input", "another revision"],
)
async def test_what_differs_is_judged_afresh(home: None, version: str, given: dict[str, Any], step: StepKey) -> None:
    await Counted().judgement.run({"number": 20}, STEP)
    other = Counted(version)
    await other.judgement.run(given, step)
    assert other.ran == ["first", "second"]


async def test_forty_cases_at_once_do_not_disturb_each_other(home: None) -> None:
    counted = Counted()
    runs = (counted.judgement.run({"number": number}, StepKey(f"WC-{number}/1/0")) for number in range(40))
    assert [state["second"] for state in await asyncio.gather(*runs)] == [(number + 1) * 2 for number in range(40)]


async def test_a_forgotten_case_is_judged_afresh_and_its_neighbour_is_not(home: None) -> None:
    counted = Counted()
    for case in ("WC-1", "WC-11"):
        await counted.judgement.run({"number": 20}, StepKey(f"{case}/1/0"))
    await asyncio.to_thread(scratch().forget, CaseId("WC-1"))
    counted.ran.clear()
    for case in ("WC-1", "WC-11"):
        await counted.judgement.run({"number": 20}, StepKey(f"{case}/1/0"))
    assert counted.ran == ["first", "second"]


def test_a_judgement_serves_one_event_loop_after_another(home: None) -> None:
    counted = Counted()
    for number in range(3):
        assert asyncio.run(counted.judgement.run({"number": number}, STEP))["first"] == number + 1


async def test_nothing_leaves_by_a_tracing_variable_left_in_the_environment(home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from langsmith.utils import tracing_is_enabled

    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "x")
    seen: list[object] = []
    counted = Counted()
    counted.ran = type("Watched", (list,), {"append": lambda _, name: seen.append(tracing_is_enabled())})()
    await counted.judgement.run({"number": 1}, STEP)
    assert seen == [False, False]
