"""The gate: from which confidence on fields go through alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from baton.readers.gate import Labelled, NoOutcomes, gate_for, needed, upper_limit


def outcomes(*parts: tuple[float, int, int]) -> list[Labelled]:
    """So many right and so many wrong at each confidence."""
    return [Labelled(confidence=sure, right=good) for sure, right, wrong in parts for good in [True] * right + [False] * wrong]


@given(st.integers(0, 40), st.integers(1, 3000))
def test_the_upper_limit_is_that_of_clopper_and_pearson(wrong: int, n: int) -> None:
    expected = 1.0 if wrong >= n else beta.ppf(0.95, wrong + 1, n - wrong)
    assert upper_limit(wrong, n) == pytest.approx(expected, abs=1e-6)


def test_one_error_in_a_hundred_takes_299_documents_without_one_and_473_with_one() -> None:
    assert (needed(0.01), needed(0.01, wrong=1), needed(0.001)) == (299, 473, 2995)


def test_the_lowest_gate_that_keeps_the_bound_is_chosen() -> None:
    found = gate_for(outcomes((0.99, 400, 0), (0.97, 300, 2), (0.8, 100, 10)), errors=0.01)
    assert (found.gate, found.through, found.wrong) == (0.97, 702, 2)
    assert found.upper
    assert found.upper <= 0.01


def test_where_no_gate_keeps_the_bound_it_says_how_many_documents_that_takes() -> None:
    found = gate_for(outcomes((0.99, 80, 0), (0.8, 15, 5)), errors=0.01)
    assert (found.gate, found.upper, found.needs) == (None, None, 299)
    assert found.documents == 374  # eight in ten go through without an error so far
    assert gate_for(outcomes((0.99, 320, 0), (0.8, 60, 20)), errors=0.01).gate == 0.99


def test_equally_sure_fields_go_through_together_or_not_at_all() -> None:
    assert gate_for(outcomes((0.9, 500, 50)), errors=0.01).gate is None


def test_no_outcomes_are_an_error_that_says_what_to_give() -> None:
    with pytest.raises(NoOutcomes, match="confidence"):
        gate_for([], errors=0.01)


OUTCOMES = st.lists(st.builds(Labelled, confidence=st.floats(0, 1), right=st.booleans()), min_size=1, max_size=60)


@given(OUTCOMES, st.floats(0.01, 0.5))
def test_a_gate_never_lets_through_more_errors_than_its_bound(every: list[Labelled], errors: float) -> None:
    found = gate_for(every, errors)
    if found.gate is not None:
        through = [one for one in every if one.confidence >= found.gate]
        assert len(through) == found.through
        assert sum(not one.right for one in through) / len(through) <= errors
