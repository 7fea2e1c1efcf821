"""The figures of a ruleset's own files: under which key each is imported, where it stands, and where its source goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.language import written_quantity
from engine.located import Key
from engine.ruleset.compile import key_of
from engine.ruleset.methods import LIMITS
from engine.ruleset.references import ALWAYS, NUMERIC

_DEMANDS = {"gates": "gate", "criteria": "criterion"}
_NO_FIGURES = frozenset({"value", "when", "direction", "comparison", "level", "of", "population", "when_reference_zero", "k", "n"})
"""Parts of methods that are no figures of the standard."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One figure: its key, its present value (None: unknown) and unit, its path in the file, and how its source is stated there.

    A ``figure`` carries its own source, an ``operand`` of a demand stands in the demand's ``figure_sources`` (``owner`` is the
    demand's path), and a ``cell`` shares that of its row (``owner`` is the row's path). ``suffix`` is what follows the number of
    an operand. ``element`` is what it belongs to, and ``place`` its name there.
    """

    key: str
    element: str
    place: str
    present: str | None
    unit: str
    path: tuple[Key, ...]
    form: Literal["figure", "operand", "cell"]
    owner: tuple[Key, ...] = ()
    suffix: str = ""


def slots_of(data: Mapping[str, Any], at: tuple[Key, ...] = ()) -> Iterator[Slot]:
    """The figures of one file as plain data: a standard, a common file, or the programme of a scheme that stands at ``at``."""
    yield from _named_figures(data, at)
    for i, dimension in enumerate(data.get("dimensions") or ()):
        name = dimension["dimension"]
        for place in ("weight", "raw_total"):
            if place in dimension:
                yield _figure(key_of(name, place), name, place, dimension[place], (*at, "dimensions", i, place))
    for i, parameter in enumerate(data.get("parameters") or ()):
        unit = parameter.get("unit", "1")
        name = parameter["parameter"]
        yield _figure(name, name, "", parameter.get("figure"), (*at, "parameters", i, "figure"), "" if unit == "1" else unit)
    for group, name in _DEMANDS.items():
        for i, demand in enumerate(data.get(group) or ()):
            yield from _demand(demand, demand[name], (*at, group, i))
    for i, reference in enumerate(data.get("references") or ()):
        yield from _cells(reference, (*at, "references", i))


def _named_figures(data: Mapping[str, Any], at: tuple[Key, ...]) -> Iterator[Slot]:
    """The mark, tiers, levels, and what a scheme sets over its standard."""
    if "mark" in data:
        yield _figure("mark", "", "mark", data["mark"], (*at, "mark"))
    for i, tier in enumerate(data.get("tiers") or ()):
        yield _figure(f"tier[{tier['tier']}]", "", f"tier[{tier['tier']}]", tier.get("mark"), (*at, "tiers", i, "mark"))
    for i, level in enumerate(data.get("levels") or ()):
        yield _figure(f"index[{level['level']}]", "", f"index[{level['level']}]", level.get("index"), (*at, "levels", i, "index"))
    for group, place in (("points", "points"), ("weights", "weight"), ("set_parameters", "")):
        for name, figure in (data.get(group) or {}).items():
            yield _figure(key_of(name, place) if place else name, name, place, figure, (*at, group, name))


def _figure(key: str, element: str, place: str, written: Any, path: tuple[Key, ...], unit: str = "") -> Slot:
    present = written.get("value") if isinstance(written, dict) else written
    return Slot(key, element, place, present, unit, path, "figure")


def _demand(demand: Mapping[str, Any], name: str, at: tuple[Key, ...]) -> Iterator[Slot]:
    if "points" in demand:
        yield _figure(key_of(name, "points"), name, "points", demand["points"], (*at, "points"))
    if "weight" in demand:
        yield from _operand(name, "weight", demand["weight"], (*at, "weight"), at)
    if isinstance(demand.get("method"), dict):
        ((method, body),) = demand["method"].items()
        for place, text, path in _operands(method, body):
            yield from _operand(name, place, text, (*at, "method", method, *path), at)


def _operand(name: str, place: str, text: Any, path: tuple[Key, ...], owner: tuple[Key, ...]) -> Iterator[Slot]:
    """A figure of a method where it is a plain quantity; what is computed has no place in a table."""
    found = written_quantity(text)
    if found is not None:
        number, unit = found
        suffix = f" [{unit}]" if text.endswith("]") else f" {unit}" if unit else ""
        yield Slot(key_of(name, place), name, place, number, unit, path, "operand", owner, suffix)


def _operands(method: str, body: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[Key, ...]]]:
    """Texts of a method with their places, as the method itself names them where it is written in its short form."""
    short = {"threshold": ("limits[0]", LIMITS), "interpolate": ("bases[0]", ("lead", "base"))}.get(method)
    for name, value in (body or {}).items():
        if name in _NO_FIGURES:
            continue
        if isinstance(value, list):
            for i, item in enumerate(value):
                for inner, text in item.items() if isinstance(item, dict) else ():
                    if isinstance(text, str) and inner not in _NO_FIGURES:
                        yield f"{name}[{i}].{inner}", text, (name, i, inner)
        elif isinstance(value, str):
            yield (f"{short[0]}.{name}" if short and name in short[1] else name), value, (name,)


def _cells(reference: Mapping[str, Any], at: tuple[Key, ...]) -> Iterator[Slot]:
    """The numbers of a reference table; a code with several rows goes by the first day of each."""
    table, key = reference["reference"], reference["key"]
    rows = [(i, row) for i, row in enumerate(reference["rows"]) if isinstance(row.get(key), str)]
    codes = [row[key] for _, row in rows]
    for i, row in rows:
        since = row.get("since") or ALWAYS
        shown = f"{row[key]} {since}" if codes.count(row[key]) > 1 and since != ALWAYS else row[key]
        for column in reference["columns"]:
            if column.get("type", "quantity") in set(NUMERIC):
                name = column["column"]
                unit = row.get("unit") or column.get("unit", "1")
                yield Slot(
                    key=f"{table}[{shown}].{name}",
                    element="",
                    place=f"{table}[{row[key]}].{name}",
                    present=row.get(name),
                    unit="" if unit == "1" else unit,
                    path=(*at, "rows", i, name),
                    form="cell",
                    owner=(*at, "rows", i),
                )
