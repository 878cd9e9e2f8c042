"""One spelling for every value, whichever encoder wrote it."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from baton.types.canonical import canonical, hash_of
from baton.types.money import Money

numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
letters = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | numbers | letters,
    lambda inner: st.lists(inner) | st.dictionaries(letters, inner),
    max_leaves=20,
)


@given(values)
def test_the_quick_spelling_is_the_careful_one(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # any JSON value


@pytest.mark.parametrize(
    ("value", "spelling"),
    [
        ({"a": 1.0}, b'{"a":1}'),
        ([1e21, 1e-7, 1e16, -0.0, 5e-324], b"[1e+21,1e-7,10000000000000000,0,5e-324]"),
        ([0.95, 333333333.3333333], b"[0.95,333333333.3333333]"),
        ({"\U0001f600": 1, "\ufb33": 2}, '{"\U0001f600":1,"\ufb33":2}'.encode()),
        ("at 1.0,2e+5,", b'"at 1.0,2e+5,"'),
        ({"b": [1.0], "a": "\x7f\x1f\n"}, b'{"a":"\x7f\\u001f\\n","b":[1]}'),
    ],
)
def test_numbers_and_letters_are_spelt_as_the_standard_says(value: object, spelling: bytes) -> None:
    assert canonical(value) == spelling


@pytest.mark.parametrize("value", [float("nan"), {"a": float("inf")}, {"a": 2**53}, {"a": "\ud800"}, {"a": b"bytes"}])
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical(value)


def test_equal_amounts_hash_alike_however_they_were_typed() -> None:
    assert hash_of(Money.model_validate({"amount": "5", "currency": "EUR"})) == hash_of(
        Money.model_validate({"amount": "5.00", "currency": "EUR"})
    )
