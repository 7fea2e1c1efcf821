"""Ruleset files into models: every mistake of a file at once, each at its line."""

from __future__ import annotations

import difflib
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from engine.located import Key, Located, dotted, read, read_bytes
from engine.problems import ProblemList

M = TypeVar("M", bound=BaseModel)


def load_model(path: Path, model: type[M], problems: ProblemList, shown_as: str | None = None) -> tuple[M | None, Located]:
    """Read one ruleset file as ``model``; None where it has errors, all of which are in ``problems``."""
    with suppress(OSError):
        kept = _sound(path.read_bytes(), shown_as or str(path), path.suffix.lower() == ".json", model)
        if kept is not None:
            return cast("M", kept[0]), kept[1]
    located = read(path, problems, shown_as)
    return validate(located, model, problems), located


@lru_cache(maxsize=256)
def _sound(raw: bytes, name: str, is_json: bool, model: type[BaseModel]) -> tuple[BaseModel, Located] | None:
    """A file without any mistake, kept for the process: many standards use the same common files. None where there is one."""
    problems = ProblemList()
    located = read_bytes(raw, name, problems, is_json=is_json)
    made = validate(located, model, problems)
    return None if made is None or problems.problems else (made, located)


def validate(located: Located, model: type[M], problems: ProblemList) -> M | None:
    """Check located plain data against a model of the ruleset format."""
    for bare in located.bare_floats:
        problems.error("unquoted_figure", located.where(bare), value=_at(located.data, bare))
    if located.data is None:
        return None
    if not isinstance(located.data, dict):
        problems.error("not_a_mapping", located.where())
        return None
    try:
        return model.model_validate(located.data)
    except ValidationError as err:
        details = cast("list[dict[str, Any]]", err.errors(include_url=False))
        for detail in details:
            if not _follows(detail, details):
                _report(detail, located, model, problems)
    return None


def _follows(detail: dict[str, Any], details: list[dict[str, Any]]) -> bool:
    """Whether a list is too short only because an item in it is wrong, which is said of the item."""
    loc = detail["loc"]
    return detail["type"] == "too_short" and any(other["loc"][: len(loc)] == loc and other is not detail for other in details)


def _report(detail: dict[str, Any], located: Located, model: type[BaseModel], problems: ProblemList) -> None:
    path = _path_in_file(located.data, detail["loc"])
    kind = detail["type"]
    where = located.where(path)
    key = str(detail["loc"][-1])
    if kind == "missing":
        problems.error(
            "key_missing", where, key=key, element=dotted(path[:-1] if path and path[-1] == key else path) or Path(located.file).name
        )
    elif kind == "extra_forbidden":
        problems.error("key_unknown", where, key=key, suggestion=_suggest(key, model, path))
    elif kind in ("literal_error", "enum", "union_tag_invalid"):
        expected = detail["ctx"].get("expected") or detail["ctx"].get("expected_tags")
        problems.error("value_not_allowed", where, value=_shorten(detail["ctx"].get("tag", detail["input"])), expected=expected)
    elif kind == "string_pattern_mismatch":
        problems.error("value_malformed", where, value=_shorten(detail["input"]), pattern=detail["ctx"]["pattern"])
    elif kind == "value_error":
        problems.error(str(detail["ctx"]["error"]), where)
    else:
        problems.error("value_wrong", where, value=_shorten(detail["input"]), reason=detail["msg"])


def _path_in_file(data: Any, loc: tuple[Key, ...]) -> tuple[Key, ...]:
    """The location without the tags that pydantic puts between the keys of a discriminated union."""
    path: list[Key] = []
    for i, part in enumerate(loc):
        inside = part in data if isinstance(data, dict) else isinstance(data, list) and isinstance(part, int) and part < len(data)
        if inside:
            path.append(part)
            data = data[part]
        elif i == len(loc) - 1:
            path.append(part)
    return tuple(path)


def _suggest(key: str, model: type[BaseModel], path: tuple[Key, ...]) -> str:
    """Keys that look like the unknown one, from anywhere in the format: a wrong level is as common as a wrong letter."""
    known: set[str] = set()
    pending: list[Any] = [model.model_json_schema()]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            known |= set(node.get("properties", ()))
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)
    return ", ".join(difflib.get_close_matches(key, sorted(known), 3)) or "—"


def _at(data: Any, path: tuple[Key, ...]) -> Any:
    for part in path:
        data = data[part]
    return data


def _shorten(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."
