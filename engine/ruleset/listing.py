"""Every figure that an assessment under a programme may rest on, by the key it is attested and imported under."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from engine.ruleset.compile import Compiled, compiled, key_of
from engine.ruleset.compile_checks import named_by_checks
from engine.ruleset.figures import FigureUsed, figure_used
from engine.ruleset.programme import Programme
from engine.ruleset.references import NUMERIC
from engine.ruleset.schema import Policy


class ListedFigure(NamedTuple):
    """A figure, the element that states it (empty where it is shared or the whole scheme's), and the demands that rest on it.

    ``unit`` is that of a bare number; it is empty where the number has none, or the figure is written with its unit.
    """

    figure: FigureUsed
    element: str
    used_by: tuple[str, ...]
    unit: str = ""


@lru_cache(maxsize=64)
def listed_figures(programme: Programme) -> tuple[ListedFigure, ...]:
    """The figures of a programme in the order of its elements, those of reference tables last; each once."""
    ready = compiled(programme)
    return tuple({found.figure.key: found for found in _all(programme, ready)}.values())


def _all(programme: Programme, ready: Compiled) -> Iterator[ListedFigure]:
    for figure in (*reading_figures(programme), *index_figures(programme), *_choices(programme)):
        yield ListedFigure(figure, "", ())
    for name in programme.weights:
        if programme.weights[name].text is not None:
            yield ListedFigure(weight_figure(programme, name), name, ())
    spoken_of = {name for expression in ready.expressions for name in expression.names}
    only_checked = named_by_checks(programme) - spoken_of
    for name, parameter in ready.parameters.items():
        if name in only_checked:
            continue  # no result rests on what a check holds to
        yield ListedFigure(parameter, "", _resting_on(ready, frozenset({name})), _unit(programme.parameters[name].unit))
    for element, figures in ready.figures_of.items():
        users = _resting_on(ready, frozenset({element})) if element in programme.indicators else (element,)
        yield from (ListedFigure(figure, element, users) for figure in figures)
    yield from _looked_up(programme, ready)


def _looked_up(programme: Programme, ready: Compiled) -> Iterator[ListedFigure]:
    for name in sorted({reference for typed in ready.expressions for reference in typed.references}):
        table = programme.references[name]
        looking = {element for (element, _), formula in ready.formulas.items() if name in formula.typed.references}
        looking |= {rows for (rows, _), formula in ready.columns.items() if name in formula.typed.references}
        users = _resting_on(ready, frozenset(looking))
        for row in (row for rows in table.rows.values() for row in rows):
            for column in (column for column, definition in table.columns.items() if definition.type in NUMERIC):
                figure = figure_used(f"{name}[{row.key}].{column}", row.written[column], row.source, table.document, "")
                known = programme.attestable(figure, table.name_of(row, column))
                yield ListedFigure(known, "", users, _unit(row.unit or table.columns[column].unit))


def _unit(unit: str) -> str:
    return "" if unit == "1" else unit


def _resting_on(ready: Compiled, names: frozenset[str]) -> tuple[str, ...]:
    """The gates and criteria that are any of these elements or are computed from them."""
    demands = (*ready.programme.gates, *ready.programme.criteria)
    return tuple(demand for demand in demands if demand in names or not names.isdisjoint(ready.uses[demand]))


def _choices(programme: Programme) -> Iterator[FigureUsed]:
    if programme.mark.text is not None:
        yield mark_figure(programme)
    if not programme.bare:
        for name in ("na_policy", "class_policy"):
            policy: Policy | None = getattr(programme.settings, name)
            if policy is not None:
                yield policy_figure(programme, name, policy)


def mark_figure(programme: Programme) -> FigureUsed:
    """The scheme's mark."""
    return programme.attestable(programme.mark.used_as("mark"), "mark")


def policy_figure(programme: Programme, name: str, policy: Policy) -> FigureUsed:
    """A choice of the scheme where the texts are silent."""
    return programme.attestable(figure_used(name, policy.value, policy.source, programme.scheme.document, ""), name)


def reading_figures(programme: Programme) -> list[FigureUsed]:
    """How the standard's ruleset reads its text."""
    standard = programme.standard
    return [
        programme.attestable(figure_used(one.reading, one.text.zh, one.source, standard.document, ""), one.reading)
        for one in standard.readings
    ]


def index_figures(programme: Programme) -> list[FigureUsed]:
    """The indices that the levels of a standard take."""
    marks = {f"index[{level}]": mark for level, mark in programme.levels.items()}
    return [programme.attestable(mark.used_as(name), name) for name, mark in marks.items()]


def weight_figure(programme: Programme, dimension: str) -> FigureUsed:
    """The weight of a dimension."""
    return programme.attestable(programme.weights[dimension].used_as("weight"), key_of(dimension, "weight"))
