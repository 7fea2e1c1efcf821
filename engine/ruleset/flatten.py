"""Elements of rulesets as flat lists of what they state, so that two of them can be compared place by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from pydantic import BaseModel

from engine.ruleset.figures import SetFigure
from engine.ruleset.references import ALWAYS, ReferenceRow, ReferenceTable
from engine.ruleset.schema import Figure, Source, Words

Leaf: TypeAlias = "Words | bool | str"
"""What stands at a place: a text for people, yes or no, or text as written."""

Place: TypeAlias = "tuple[str, ...]"

_NAMES = ("column", "tier", "outcome", "level", "reading")
"""The keys that name the items of a list inside an element."""

BASIS = ("basis", "confidence")
"""What of a source can be compared between different documents; the rest names places in the one or the other."""


def flatten(model: BaseModel, skip: frozenset[str] = frozenset()) -> dict[Place, Leaf]:
    """Everything a model states outside the fields in ``skip``, by its place; nothing where a value is null."""
    return {place: leaf for name in type(model).model_fields if name not in skip for place, leaf in _leaves(getattr(model, name), (name,))}


def _leaves(value: object, at: Place) -> Iterator[tuple[Place, Leaf]]:
    if value is None or isinstance(value, Source):
        return
    if isinstance(value, Words | bool):
        yield at, value
    elif isinstance(value, Figure):
        if value.value is not None:
            yield at, value.value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _leaves(getattr(value, name), (*at, name))
    elif isinstance(value, Mapping):
        for name, child in value.items():
            yield from _leaves(child, (*at, str(name)))
    elif isinstance(value, tuple):
        yield from _items(value, at)
    else:
        yield at, " ".join(str(value).split())


def _items(items: tuple[object, ...], at: Place) -> Iterator[tuple[Place, Leaf]]:
    """Texts for people by themselves, named items by their names, plain ones together, others by their order."""
    if items and all(isinstance(item, str) for item in items):
        yield at, ", ".join(map(str, items))
        return
    told: set[str] = set()
    for i, item in enumerate(items, 1):
        if isinstance(item, Words):
            yield (*at, item.zh), item
            continue
        key = next((key for key in _NAMES if hasattr(item, key)), "")
        name = str(getattr(item, key)) if key else str(i)
        name = f"{name} {i}" if name in told else name
        told.add(name)
        for place, leaf in _leaves(item, at if len(items) == 1 and not key else (*at, name)):
            if place[-1] != key:
                yield place, leaf


def source_leaves(source: Source | None, *, whole: bool) -> dict[Place, Leaf]:
    """A source by its parts; only how a figure is known where not ``whole``."""
    if source is None:
        return {}
    plain = source.model_dump(mode="json", exclude_none=True)
    parts = {name: value for name, value in plain.items() if whole or name in BASIS}
    found: dict[Place, Leaf] = {}
    for name, value in parts.items():
        if name == "note" and source.note is not None:
            found["source", name] = source.note
        elif value:
            found["source", name] = ", ".join(value) if isinstance(value, list) else str(value)
    return found


def figure_leaves(name: str, figure: SetFigure, *, whole: bool) -> dict[Place, Leaf]:
    """A figure in force under ``name``, with its source."""
    stated: dict[Place, Leaf] = {} if figure.text is None else {(name,): figure.text}
    return stated | {("source", name, *place[1:]): leaf for place, leaf in source_leaves(figure.source, whole=whole).items()}


def reference_leaves(table: ReferenceTable, *, whole: bool) -> dict[Place, Leaf]:
    """A lookup table: its title, its columns, and each figure by key, first day where stated, and column."""
    found: dict[Place, Leaf] = {("title",): table.title, ("match",): "prefix" if table.prefix else "exact"}
    found |= {("family",): table.family} if table.family else {}
    for name, column in table.columns.items():
        found |= {("columns", name, *place): leaf for place, leaf in flatten(column, frozenset({"column"})).items()}
    for row in (row for rows in table.rows.values() for row in rows):
        found |= _row_leaves(row, whole)
    return found


def _row_leaves(row: ReferenceRow, whole: bool) -> dict[Place, Leaf]:
    key = row.key if row.since == ALWAYS else f"{row.key} {row.since}"
    stated: dict[str, str | None] = {**row.written, "unit": row.unit or None, "until": None if row.until == "9999-12-31" else row.until}
    found: dict[Place, Leaf] = {("rows", key, name): str(text) for name, text in stated.items() if text is not None}
    found["rows", key, "key"] = row.key
    return found | {("source", "rows", key, *place[1:]): leaf for place, leaf in source_leaves(row.source, whole=whole).items()}
