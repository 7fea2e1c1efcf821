"""Plain data as JSON text that is quick to write and can be compared line by line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False).encode


def json_text(value: Mapping[str, Any]) -> str:
    """The text of plain data: each entry begins a line, and so does each item of a list that is an entry; what is deeper does not.

    Indenting everything takes three times as long, most of it for line ends, and a third more room.
    """
    return "{\n " + ",\n ".join(f"{_encode(key)}: {_entry(child)}" for key, child in value.items()) + "\n}\n"


def _entry(child: Any) -> str:
    return "[\n  " + ",\n  ".join(map(_encode, child)) + "\n ]" if isinstance(child, list) and child else _encode(child)
