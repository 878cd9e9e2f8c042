"""A judge that learns from judged agreements."""

import pytest

from baton.playbook import Clause, passages_of
from baton.playbook.learned import Judged, LearnedJudge, TooFewJudged

CLAUSES = (
    Clause(id="copies", title="Copies", statement="Copies may be made.", says=(r"\bmay copy\b",), denies=(r"\bnot copy\b",)),
    Clause(id="notes", title="Notes", statement="Notes may be taken.", says=(r"\bmay take notes\b",)),
)
_FILLER = "Each party pays its own costs. The weather is no excuse. Letters go to the address above. It ends when it ends."


def _paper(at: int) -> Judged:
    words = ("said", "denied", "silent")[at % 3]
    line = {"said": "The Recipient may copy the papers.", "denied": "The Recipient shall not copy the papers.", "silent": ""}[
        words
    ]
    passages = passages_of(f"Agreement number {at}. {line} {_FILLER}")
    shown = frozenset(index for index, one in enumerate(passages) if line and one.text == line)
    return Judged(passages, {"copies": words, "notes": "silent"}, {"copies": shown, "notes": frozenset()})


@pytest.fixture(scope="module")
def judge() -> LearnedJudge:
    return LearnedJudge(CLAUSES, [_paper(at) for at in range(24)])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Recipient may copy the papers.", "said"),
        ("The Recipient shall not copy the papers.", "denied"),
        ("The Recipient is tall.", "silent"),
    ],
)
def test_it_hears_what_it_was_taught(judge: LearnedJudge, text: str, words: str) -> None:
    assert judge.hear(CLAUSES, passages_of(f"{text} {_FILLER}"))["copies"].words == words


def test_it_shows_the_passage_that_it_heard(judge: LearnedJudge) -> None:
    text = f"{_FILLER} The Recipient may copy the papers."
    heard = judge.hear(CLAUSES, passages_of(text))["copies"]
    assert "The Recipient may copy the papers." in [text[slice(*span)] for span in heard.spans]


def test_what_was_never_spoken_of_stays_silent(judge: LearnedJudge) -> None:
    heard = judge.hear(CLAUSES, passages_of(_FILLER))["notes"]
    assert (heard.words, heard.spans) == ("silent", ())


def test_an_agreement_without_words_says_nothing(judge: LearnedJudge) -> None:
    assert judge.hear(CLAUSES, ())["copies"].words == "silent"


def test_a_handful_of_agreements_teaches_nothing() -> None:
    with pytest.raises(TooFewJudged, match="`3` judged agreements"):
        LearnedJudge(CLAUSES, [_paper(at) for at in range(3)])
