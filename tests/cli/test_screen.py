from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from commands.screen import break_places, clean


def wrapped(text: str, width: int) -> list[str]:
    places = [0, *break_places(text, width), len(text)]
    return [text[a:b].rstrip() for a, b in pairwise(places)]


def test_chinese_breaks_between_any_two_characters() -> None:
    assert wrapped("绿色工厂评价", 8) == ["绿色工厂", "评价"]


def test_a_closing_mark_stays_with_what_it_closes() -> None:
    assert wrapped("绿色工厂，评价", 8) == ["绿色工", "厂，评价"]


def test_an_opening_mark_goes_with_what_it_opens() -> None:
    assert wrapped("绿色工（厂）", 8) == ["绿色工", "（厂）"]


def test_words_and_numbers_are_kept_together() -> None:
    assert wrapped("达到 5000 tce 及以上", 9) == ["达到 5000", "tce 及以", "上"]


def test_what_fits_nowhere_is_cut() -> None:
    assert wrapped("abcdefgh", 3) == ["abc", "def", "gh"]


@given(st.text(st.sampled_from("绿色，。（）“” ab-1/…"), max_size=60), st.integers(2, 20))
def test_no_line_is_wider_than_asked_and_nothing_is_lost(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert max(map(cell_len, lines)) <= width
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\x1b[31mb", "a<U+001B>[31mb"), ("a\rb", "a<U+000D>b"), ("a\nb", "a\nb"), ("嘉兴", "嘉兴"), ("甲\u202e乙", "甲<U+202E>乙")],
)
def test_control_characters_show_as_code_points(text: str, shown: str) -> None:
    assert clean(text) == shown
