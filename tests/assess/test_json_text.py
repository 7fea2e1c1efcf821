from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.assess.json_text import json_text

plain: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(st.dictionaries(st.text(), plain, max_size=4))
def test_it_is_read_back_as_it_was(value: dict[str, Any]) -> None:
    assert json.loads(json_text(value)) == value


def test_each_entry_and_each_item_of_its_list_begins_a_line() -> None:
    value = {"名称": {"zh": "甲", "en": "A"}, "criteria": [{"id": "a", "limits": [1, 2]}, {"id": "b"}], "none": []}
    assert json_text(value) == (
        '{\n "名称": {"zh": "甲", "en": "A"},\n "criteria": [\n  {"id": "a", "limits": [1, 2]},\n  {"id": "b"}\n ],\n "none": []\n}\n'
    )
