"""The classifier at the door learns from what people chose, a few choices at a time, and never becomes worse unseen."""

from pathlib import Path

import pytest

from agents.graphs import learn, routed
from agents.graphs.learn import EVERY
from baton.routing.examples import Example
from baton.routing.shelf import Compared, Figures, Shelf


def choose(shelf: Shelf, count: int) -> None:
    for number in range(count):
        shelf.choose(Example(text=f"it hums {number}", kind="warranty_claim", by="lena", key=f"d-{number}"))


def test_it_waits_for_enough_choices(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    choose(shelf, EVERY - 1)
    assert not learn._learn(shelf).trained
    assert learn._learn(shelf).words == "remembered; the next training comes after 1 more"


@pytest.mark.parametrize("replaced", [True, False])
def test_it_says_whether_what_it_learnt_came_into_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replaced: bool) -> None:
    figures = Figures(right=9, wrong=0 if replaced else 1, to_people=1)
    compared = Compared(n=10, before=figures, after=figures, replaced=replaced, reason="of 10", version="v")
    monkeypatch.setattr(Shelf, "retrain", lambda *_, **__: compared)
    monkeypatch.setattr(routed, "shipped", lambda: None)
    shelf = Shelf(tmp_path)
    choose(shelf, EVERY)
    found = learn._learn(shelf)
    assert (found.trained, found.replaced, found.words) == (True, replaced, "of 10")
    assert not learn._learn(shelf).trained


def test_a_choice_taken_back_is_not_learnt(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    choose(shelf, 2)
    shelf.forget("d-0")
    assert [one.key for one in shelf.choices()] == ["d-1"]
