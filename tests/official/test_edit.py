"""Surgical edits of YAML: the new values are there, and everything else is as it was written."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.official.edit import YamlText, quoted

TEXT = """\
# head
version: 1.0.0   # stays
flow: {a: "1", b: {c: null}}
block:
  first: 'x'  # why

  note: >-
    folded
    text
list:
- {name: one, figure: "1"}
- name: two
  figure: "2"

# tail
last: 5
"""


def changed(*changes: tuple[tuple[Any, ...], str], **puts: str) -> str:
    text = YamlText(TEXT)
    for path, new in changes:
        text.replace(path, new)
    for key, new in puts.items():
        text.put(("block",), key, new)
    return text.result()


def test_nothing_changed_is_the_same_text() -> None:
    assert changed() == TEXT


def test_only_the_value_is_replaced() -> None:
    assert changed((("version",), "1.1.0"), (("flow", "b", "c"), '"2"'), (("list", 1, "figure"), '"3"')) == (
        TEXT.replace("1.0.0", "1.1.0").replace("null", '"2"').replace('figure: "2"', 'figure: "3"')
    )


def test_a_key_is_added_below_the_last_of_a_block_even_after_a_folded_text() -> None:
    assert changed(extra="[]") == TEXT.replace("    text\n", "    text\n  extra: []\n")


def test_a_key_is_added_inside_the_braces() -> None:
    text = YamlText(TEXT)
    text.put(("list", 0), "basis", "seen")
    text.put(("list", 0), "limits[0].at", "x")
    assert text.result() == TEXT.replace('figure: "1"}', 'figure: "1", basis: seen, "limits[0].at": x}')


def test_a_key_that_is_there_is_replaced_however_often() -> None:
    text = YamlText(TEXT)
    text.put(("flow",), "b", "1")
    text.put(("flow",), "b", "2")
    text.put(("flow",), "d", "3")
    assert text.result() == TEXT.replace("{c: null}}", "2, d: 3}")


def test_a_block_is_replaced_with_all_its_lines_and_no_other() -> None:
    text = YamlText("a:\n  b:\n  - 1\n  - 2  # gone\n  c: 3\nd: 4\n")
    text.put(("a",), "b", "[]")
    assert yaml.safe_load(text.result()) == {"a": {"b": [], "c": 3}, "d": 4}


def test_a_value_is_written_where_there_was_none() -> None:
    text = YamlText("a:\nb: {c: , d: 1}\n")
    text.put((), "a", "1")
    text.put(("b",), "c", "2")
    assert text.result() == "a: 1\nb: {c: 2, d: 1}\n"


def test_an_element_at_the_end_of_the_file_is_found() -> None:
    text = YamlText("a:\n  b: 1")
    text.put(("a",), "c", "2")
    assert text.result() == "a:\n  b: 1\n  c: 2"


@pytest.mark.parametrize("path", [("flow", "x"), ("list", 9), ("version", "y")])
def test_what_is_not_there_is_not_found(path: tuple[Any, ...]) -> None:
    assert not YamlText(TEXT).has(path)


@given(st.text().map(lambda text: "".join(c for c in text if c.isprintable())), st.sampled_from(["flow", "block"]))
def test_any_text_can_be_put_anywhere(value: str, mapping: str) -> None:
    text = YamlText(TEXT)
    text.put((mapping,), "new", quoted(value))
    plain, expected = yaml.safe_load(text.result()), yaml.safe_load(TEXT)
    expected[mapping]["new"] = value
    assert plain == expected
