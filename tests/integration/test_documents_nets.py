"""The nets that read, and what is left out of them for speed."""

import numpy as np
import pytest
from PIL import Image

from baton.documents.engine import Read, _loaded, glance_at_line, read_line
from baton.documents.letters import look_at
from baton.documents.pace import MOST_SQUEEZED, ROOM, Pace
from baton.documents.warm import warm_up
from baton.documents.weights import is_common, narrowed, signs_in, weights_of
from baton.readers.tokens.home import cache
from tests.integration.printed import receipt


def line(text: str, size: int = 30) -> np.ndarray:
    picture = np.asarray(receipt((text,), size=size))
    return picture[size + size // 2 : 4 * size - size // 2, size // 2 :]


def test_the_fast_net_knows_every_sign_of_the_alphabets_and_none_of_east_asia() -> None:
    signs = signs_in(weights_of("rec"))
    kept = {sign for sign in signs if is_common(sign)}
    assert len(kept) < len(signs) / 10
    assert set("AZaz09éßÅøçñŁžőα€£¥%&@-.,:/()'\"½") <= kept
    assert not set("总日付合計，：") & kept


@pytest.mark.parametrize("text", ["Espresso machine EM-500", "TOTAL EUR 389.00", "14/03/2024 10:22"])
def test_a_glance_reads_what_a_careful_look_reads(text: str) -> None:
    fast, slow = glance_at_line(line(text), 1.0), read_line(line(text))
    assert fast.text == slow.text == text
    assert fast.confidence >= slow.confidence - 0.01


def test_a_net_that_is_cut_down_is_smaller_and_the_rest_of_it_untouched() -> None:
    whole, signs = weights_of("rec"), ["", *signs_in(weights_of("rec")), " "]
    assert len(narrowed(whole, range(1000), len(signs))) < 0.7 * len(whole)
    assert narrowed(whole, range(len(signs)), len(signs))[-500:] == whole[-500:]
    assert signs_in(narrowed(whole, range(1000), len(signs))) == signs[1:-1]


def test_only_wide_letters_are_squeezed_and_never_a_short_line() -> None:
    long = np.zeros((48, 400, 3), np.uint8)
    narrow, wide, silent = Pace(), Pace(), Pace()
    for _ in range(6):
        narrow.see(np.zeros((48, 120, 3), np.uint8), Read("ten letter", (1.0,) * 10, (0.5,) * 10))
        wide.see(np.zeros((24, 100, 3), np.uint8), Read("ten letter", (1.0,) * 10, (0.5,) * 10))
        silent.see(long, Read("no", (1.0,) * 2, (0.5,) * 2))
    assert narrow.for_line(long) == silent.for_line(long) == 1.0
    assert wide.for_line(long) == ROOM / 20
    assert MOST_SQUEEZED <= ROOM / 20 < 1
    assert wide.for_line(np.zeros((96, 400, 3), np.uint8)) == 1.0


def test_getting_ready_loads_every_net_and_makes_what_the_token_reader_learned() -> None:
    warm_up().join()
    assert _loaded.cache_info().currsize == 4
    assert list(cache().glob("tokens-*.crf"))


def test_the_look_before_reading_finds_where_the_ink_is_and_how_large() -> None:
    paper = Image.new("RGB", (2000, 2600), "white")
    paper.paste(receipt(size=60), (300, 900))
    seen = look_at(np.asarray(paper))
    assert 200 <= seen.left < 500
    assert 880 <= seen.top < 1050
    assert seen.right < 1700
    assert seen.scale < 0.5
    small = look_at(np.asarray(receipt(size=14)))
    assert small.scale == 1.0


def test_a_picture_without_letters_is_searched_whole() -> None:
    seen = look_at(np.full((900, 1600, 3), 200, np.uint8))
    assert (seen.left, seen.top, seen.right, seen.bottom) == (0, 0, 1600, 900)
    assert seen.scale == 0.8
