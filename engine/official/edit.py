"""Changes to YAML files that leave everything else as it is written: comments, layout, quotes, the order of keys."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from engine.located import Key

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Path = tuple[Key, ...]
_WORD = re.compile(r"[a-z][a-z_]*")


class YamlText:
    """The text of a YAML file that the loader has accepted, and changes to it by the places of its elements."""

    def __init__(self, text: str) -> None:
        self._text = text
        root = yaml.compose(text, Loader=_Loader)
        assert root is not None
        self._root: yaml.Node = root
        self._edits: dict[tuple[int, int], str] = {}
        self._added: dict[Path, dict[str, str]] = {}

    def replace(self, path: Path, new: str) -> None:
        """Write ``new`` (as YAML) in the place of a single value."""
        node = self._node(path)
        self._edits[node.start_mark.index, self._end(node)] = new

    def put(self, mapping: Path, key: str, new: str) -> None:
        """Write ``new`` (as YAML) under a key of a mapping, which gets the key where it has not."""
        node = self._node(mapping)
        for known, value in node.value:
            if known.value == key:
                block = isinstance(value, yaml.CollectionNode) and not value.flow_style
                # A block begins on lines below its key, and nothing has no place; what takes theirs stands beside the key.
                beside_key = block or value.start_mark.index == value.end_mark.index
                start, written = (known.end_mark.index, f": {new}") if beside_key else (value.start_mark.index, new)
                self._edits[start, self._end(value)] = written
                return
        self._added.setdefault(mapping, {})[key] = new

    def scalar(self, path: Path) -> str:
        """The text of a single value."""
        return str(self._node(path).value)

    def has(self, path: Path) -> bool:
        """Whether there is such an element."""
        try:
            self._node(path)
        except LookupError:
            return False
        return True

    def result(self) -> str:
        """The text with all changes made."""
        for path, keys in self._added.items():
            at, new = self._addition(self._node(path), keys)
            self._edits[at, at] = new
        text = self._text
        for (start, end), new in sorted(self._edits.items(), reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def _node(self, path: Path) -> Any:
        node: Any = self._root
        for part in path:
            if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
                node = node.value[part]
            elif isinstance(node, yaml.MappingNode):
                node = {key.value: value for key, value in node.value}[part]
            else:
                raise LookupError(part)
        return node

    def _addition(self, node: yaml.MappingNode, keys: Mapping[str, str]) -> tuple[int, str]:
        """Where further keys of a mapping go: before the closing brace, or on lines of their own below its last element."""
        pairs = [f"{key if _WORD.fullmatch(key) else quoted(key)}: {new}" for key, new in keys.items()]
        if node.flow_style:
            end = self._end(node.value[-1][1])
            return end, "".join(f", {pair}" for pair in pairs)
        indent = " " * node.value[0][0].start_mark.column
        last = self._end(node.value[-1][1])
        end = self._text.find("\n", last)
        end = len(self._text) if end < 0 else end
        return end, "".join(f"\n{indent}{pair}" for pair in pairs)

    def _end(self, node: Any) -> int:
        """Where the text of an element ends: a block's own mark stands at the next element, so it ends with its last part."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self._end(last[1] if isinstance(node, yaml.MappingNode) else last)
        index: int = node.end_mark.index
        folded = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
        return len(self._text[:index].rstrip()) if folded else index


def quoted(text: str) -> str:
    """A text as a scalar that YAML reads back as the same text."""
    return json.dumps(text, ensure_ascii=False)
