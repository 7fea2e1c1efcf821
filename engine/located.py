"""YAML and JSON files as plain data that remembers its lines.

Scalars stay the text they were written as (a figure is never turned into a binary float on its way in); only null, true and
false become None, True and False, and only where they stand unquoted. Anchors, aliases, tags, duplicate keys, deep nesting
and oversized files are refused: nobody needs them here, and each is a way to hurt the reader.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from engine.problems import ProblemList, Where, system_reason

MAX_BYTES = 8 * 2**20
MAX_DEPTH = 40

Key = str | int
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SURROGATE = re.compile(r"\\u[dD][0-9a-fA-F]{3}")
_CORE_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "null", "bool", "map", "seq", "timestamp", "merge", "value")}
_CONSTANTS = {"null": None, "~": None, "": None, "true": True, "false": False}


@dataclass(slots=True)
class Located:
    """Plain data of one file, the line of every element by its path, and the paths of unquoted non-integer numbers.

    Where files were merged, ``origin`` names the file of each element.
    """

    file: str
    data: Any = None
    lines: dict[tuple[Key, ...], int] = field(default_factory=dict)
    origin: dict[tuple[Key, ...], str] = field(default_factory=dict)
    bare_floats: list[tuple[Key, ...]] = field(default_factory=list)

    def where(self, path: tuple[Key, ...] = ()) -> Where:
        """The place of an element; of its nearest known ancestor where the element itself is not in the file."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        return Where(file=self.origin.get(known, self.file), line=self.lines.get(known), path=dotted(path))


def dotted(path: tuple[Key, ...]) -> str:
    """A path as people write it: ``tables.energy.rows[3].quantity``."""
    out = ""
    for part in path:
        out += f"[{part}]" if isinstance(part, int) else f".{part}" if out else part
    return out


def read(path: Path, problems: ProblemList, shown_as: str | None = None) -> Located:
    """Read a ``.yaml``, ``.yml`` or ``.json`` file; every mistake goes to ``problems`` and ``data`` is None where nothing is usable."""
    name = shown_as or str(path)
    try:
        raw = path.read_bytes()
    except OSError as err:
        problems.error("file_unreadable", Where(file=name), reason=system_reason(err))
        return Located(name)
    return read_bytes(raw, name, problems, is_json=path.suffix.lower() == ".json")


def read_bytes(raw: bytes, name: str, problems: ProblemList, *, is_json: bool = False) -> Located:
    """Read the bytes of a file; see :func:`read`."""
    located = Located(name)
    text = _decoded(raw, name, problems)
    if text is None or (is_json and not _parsed_json(text, name, problems)[0]):
        return located
    node = _compose(_json_as_yaml(text) if is_json else text, name, problems)
    if node is not None:
        located.data = _Walk(located, problems, text if is_json else None).value(node, ())
    return located


def read_line(raw: bytes, name: str, problems: ProblemList) -> Located:
    """Read the bytes of JSON in one line, as the engine writes it: nothing has to be found again by its line, which is far quicker."""
    located = Located(name, lines={(): 1})

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        out = dict(pairs)
        if len(out) < len(pairs):
            names = [key for key, _ in pairs]
            twice = next(key for key in names if names.count(key) > 1)
            problems.error("duplicate_key", located.where(), key=twice, first=1)
        return out

    text = _decoded(raw, name, problems)
    if text is not None:
        _, located.data = _parsed_json(text, name, problems, mapping)
    return located


def _decoded(raw: bytes, name: str, problems: ProblemList) -> str | None:
    if len(raw) > MAX_BYTES:
        problems.error("file_too_large", Where(file=name), size=f"{len(raw) / 2**20:.1f}", limit=MAX_BYTES // 2**20)
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        problems.error("file_not_utf8", Where(file=name, line=raw[: err.start].count(b"\n") + 1))
        return None


def _json_as_yaml(text: str) -> str:
    """The same text, character for character as long, with what YAML cannot read in JSON made harmless.

    A tab cannot stand inside a JSON string, so a space there changes neither values nor places; surrogate escapes are read
    from the original text afterwards.
    """
    return _SURROGATE.sub(r"\\u0041", text.replace("\t", " "))


_Hook = Callable[[list[tuple[str, Any]]], Any]


def _parsed_json(text: str, name: str, problems: ProblemList, mapping: _Hook | None = None) -> tuple[bool, Any]:
    """Whether a text is JSON, and it as plain data, its numbers as the text they are."""
    try:
        return True, json.loads(text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=mapping)
    except json.JSONDecodeError as err:
        problems.error("json_syntax", Where(file=name, line=err.lineno), reason=err.msg)
    except RecursionError:
        problems.error("file_too_deep", Where(file=name), limit=MAX_DEPTH)
    return False, None


def _compose(text: str, name: str, problems: ProblemList) -> yaml.Node | None:
    try:
        if not _shallow(text, name, problems):
            return None
        node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as err:
        line = err.problem_mark.line + 1 if err.problem_mark is not None else None
        problems.error("yaml_syntax", Where(file=name, line=line), reason=err.problem or str(err))
        return None
    except yaml.YAMLError as err:
        problems.error("yaml_syntax", Where(file=name), reason=str(err).splitlines()[0])
        return None
    if node is None:
        problems.error("file_empty", Where(file=name))
    return node


def _line(event: yaml.Event) -> int | None:
    return event.start_mark.line + 1 if event.start_mark is not None else None


def _shallow(text: str, name: str, problems: ProblemList) -> bool:
    """Composing recurses once a level, so depth is checked on the flat stream of events first."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                problems.error("file_too_deep", Where(file=name, line=_line(event)), limit=MAX_DEPTH)
                return False
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            problems.error("yaml_alias", Where(file=name, line=_line(event)), name=event.anchor)
            return False
    return True


class _Walk:
    """Turns the node tree into plain data while noting lines."""

    def __init__(self, located: Located, problems: ProblemList, json_text: str | None) -> None:
        self.located = located
        self.problems = problems
        self.json_text = json_text

    def value(self, node: yaml.Node, path: tuple[Key, ...]) -> Any:
        self.located.lines.setdefault(path, node.start_mark.line + 1)
        if node.tag not in _CORE_TAGS:
            self.problems.error("yaml_tag", self.located.where(path), tag=node.tag)
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, i)) for i, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: tuple[Key, ...]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.error("key_not_text", Where(file=self.located.file, line=line, path=dotted(path)))
                continue
            key = self._text(key_node)
            if key in out:
                first = self.located.lines[(*path, key)]
                self.problems.error("duplicate_key", Where(file=self.located.file, line=line, path=dotted(path)), key=key, first=first)
                continue
            self.located.lines[(*path, key)] = line
            out[key] = self.value(value_node, (*path, key))
        return out

    def _scalar(self, node: yaml.ScalarNode, path: tuple[Key, ...]) -> str | bool | None:
        if not node.style:
            if node.value in _CONSTANTS:
                return _CONSTANTS[node.value]
            if node.tag == "tag:yaml.org,2002:float":
                self.located.bare_floats.append(path)
        return self._text(node)

    def _text(self, node: yaml.ScalarNode) -> str:
        if self.json_text is not None and node.style == '"':
            # YAML reads the two halves of a JSON surrogate pair as two broken characters; JSON's own decoder joins them.
            decoded: str = json.loads(self.json_text[node.start_mark.index : node.end_mark.index])
            return decoded
        text: str = node.value
        return text
