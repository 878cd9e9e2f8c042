"""Messages are routed to a process, or to a person with the reason in words."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.routing.classifier import Classifier, TooFewExamples
from baton.routing.examples import BadExamples, Examples, read_examples
from baton.routing.router import Router, train

EXAMPLES = Path(__file__).parents[2] / "agents" / "vocabulary" / "examples"
SHIPPED = read_examples(EXAMPLES)


@pytest.fixture(scope="module")
def router() -> Router:
    """Trained without the held-out fifth."""
    taught = tuple(one for one in SHIPPED.examples if not one.held_out)
    return train(Examples(kinds=SHIPPED.kinds, examples=taught), by_meaning=False)


def test_every_shipped_kind_has_sixty_messages_of_its_own_or_more() -> None:
    texts = [one.text for one in SHIPPED.examples]
    assert len(set(texts)) == len(texts)
    assert min(sum(one.kind == kind for one in SHIPPED.examples) for kind in SHIPPED.kinds) >= 60
    assert {kind for kind, known in SHIPPED.kinds.items() if not known.process} >= {"spam", "application", "complaint", "thanks"}


def test_held_out_messages_go_to_their_process_or_to_a_person_and_seldom_wrong(router: Router) -> None:
    asked = [one for one in SHIPPED.examples if one.held_out]
    routes = router.routes([one.text for one in asked])
    wanted = [one.kind if SHIPPED.kinds[one.kind].process else None for one in asked]
    right = sum(route.process == kind for route, kind in zip(routes, wanted, strict=True))
    wrong = sum(route.process not in (kind, None) for route, kind in zip(routes, wanted, strict=True))
    assert right / len(asked) > 0.6
    assert wrong / len(asked) < 0.09


@pytest.mark.parametrize(
    ("text", "process"),
    [
        ("The kettle I bought in May is broken and no longer heats, please repair it under warranty.", "warranty_claim"),
        ("Der Wasserkocher ist kaputt und heizt nicht mehr. Er hat noch Garantie, ich bitte um Ersatz.", "warranty_claim"),
        ("El hervidor no calienta y está en garantía. Quiero una reparación o el reembolso.", "warranty_claim"),
        ("Please sign the attached non-disclosure agreement and return the countersigned copy.", "contract_signing"),
        ("Attached is our purchase order for 40 units of item 7718, delivery by 12 June.", "purchase_order"),
        ("Rechnung Nr. 4711 über 900 Euro, zahlbar innerhalb von 14 Tagen.", "invoice"),
        ("What is the status of my claim WC-1042? I have heard nothing for two weeks.", "status_question"),
    ],
)
def test_a_plain_message_goes_to_its_process(router: Router, text: str, process: str) -> None:
    route = router.route(text)
    assert route.process == process
    assert route.confidence > 0.7
    assert "it looks like" in route.reason


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I am applying for the position of accountant. My CV and cover letter are attached.", "application"),
        ("Congratulations, you have won our lottery! Click the link to claim your prize.", "spam"),
    ],
)
def test_mail_that_no_process_handles_says_what_it_looks_like(router: Router, text: str, kind: str) -> None:
    route = router.route(text)
    assert (route.process, route.kind) == (None, kind)
    assert "no process handles" in route.reason


def test_what_is_like_nothing_known_goes_to_a_person_with_the_nearest_kinds(router: Router) -> None:
    for text in ("xqzt vbnw 0x7f plugh rrgh", "Здравствуйте, чайник не работает", "Vesiautomaatti ei kuumene enää lainkaan"):
        route = router.route(text)
        assert (route.process, route.kind) == (None, None)
        assert route.alternatives
        assert "hardly a word" in route.reason


def test_an_empty_message_is_nothing(router: Router) -> None:
    assert router.route(" \n").reason == "the message is empty"
    assert router.routes([]) == []


@settings(max_examples=25)
@given(st.text(max_size=3000))
def test_any_text_gets_a_route_and_a_reason(router: Router, text: str) -> None:
    route = router.route(text)
    assert route.reason
    assert 0 <= route.confidence <= 1


def test_a_text_of_a_million_characters_is_routed(router: Router) -> None:
    assert router.route("the kettle is broken and under warranty. " * 25_000).process == "warranty_claim"


def test_the_same_examples_make_the_same_router() -> None:
    few = Examples(kinds=SHIPPED.kinds, examples=SHIPPED.examples[::4])
    one, other = train(few, by_meaning=False), train(few, by_meaning=False)
    text = "My toaster is broken and I want my money back."
    assert one.route(text) == other.route(text)


def test_too_few_examples_are_refused_with_what_is_missing() -> None:
    with pytest.raises(TooFewExamples, match="two kinds or more"):
        Classifier.learn(["a b c"] * 9, ["one"] * 9, by_meaning=False, keep=0.98)
    with pytest.raises(TooFewExamples, match="kind `two` has `1` examples"):
        Classifier.learn(["a b", *["c d"] * 9], ["two", *["one"] * 9], by_meaning=False, keep=0.98)


@pytest.mark.parametrize(("content", "said"), [('en = "no list"', "is not a list"), ("en = [", "cannot read the examples")])
def test_a_bad_file_of_examples_is_named(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "orders.toml").write_text(content)
    with pytest.raises(BadExamples, match=said):
        read_examples(tmp_path)
