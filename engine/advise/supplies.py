"""What has to be supplied before anything can be proven: data that no plan guesses, named as the assessment misses them.

These are rows and columns of tables, figures of official sources, and values that cannot be solved for because another one is
missing beside them. What is missed is filled in with anything, to see what is missed next; where a choice is missing, the one that
asks for the least. What is filled in decides nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.advise.changes import Change
from engine.advise.edges import mover
from engine.advise.scene import Scene
from engine.assess.results import Reason, Status
from engine.language import Row, Value
from engine.ruleset.references import NUMERIC
from engine.ruleset.schema import Column, InputType

DATA = ("missing_value", "missing_rows", "no_rows", "no_benchmark", "not_verified", "benchmark_not_verified")
"""Reasons for which data are missing."""

PAPERS = ("missing_evidence", "evidence_expired")
"""Reasons for which only a document is missing."""

DEPTH = 8
"""So many missing things are filled in behind one another."""


@dataclass(frozen=True, slots=True)
class Supply:
    """One thing to be supplied: its name as reasons name it, why, of which earlier year, the columns of a table, and what waits for it."""

    name: str
    code: str
    year: int | None
    columns: tuple[str, ...]
    items: tuple[str, ...]

    @property
    def base(self) -> str:
        """The input or table that it is of."""
        return base_of(self.name)


def base_of(name: str) -> str:
    """The input or table that a missing row, cell or value is of."""
    return name.partition("[")[0].partition(".")[0]


def supplies(scene: Scene, items: Iterable[str], *, years: bool) -> tuple[Supply, ...]:
    """What some items wait for; with ``years`` also what earlier years lack that are scored."""
    found: dict[tuple[str, int | None], tuple[str, dict[str, None]]] = {}
    for code, name, year, item in _needs(scene, items, years=years):
        found.setdefault((name, year), (code, {}))[1][item] = None
    return tuple(
        Supply(name, code, year, _columns(scene, name, tuple(waiting)), tuple(waiting)) for (name, year), (code, waiting) in found.items()
    )


def _needs(scene: Scene, items: Iterable[str], *, years: bool) -> Iterator[tuple[str, str, int | None, str]]:
    for item in items:
        for code, name in _missed(scene, item, _Filled())[1]:
            yield code, name, None, item
    for scored in scene.now.years if years else ():
        for criterion in (criterion for criterion in scored.criteria if criterion.id in scored.lacking):
            for name in _names(criterion.reason):
                yield criterion.reason.code, name, scored.year, criterion.id


def _names(reason: Reason) -> tuple[str, ...]:
    """The names of the missing data of a reason."""
    names = dict(reason.params).get("names", ())
    return tuple(str(name) for name in names) if reason.code in DATA and isinstance(names, tuple) else ()


@dataclass(frozen=True, slots=True)
class _Filled:
    """What is filled in to see what is missed behind it: values, and tables with one row that means nothing."""

    changes: tuple[Change, ...] = ()
    tables: frozenset[str] = frozenset()

    def names(self) -> frozenset[str]:
        return self.tables | {change.item for change in self.changes}


def _missed(scene: Scene, item: str, filled: _Filled) -> tuple[bool, list[tuple[str, str]]]:
    """What an item misses, and what it misses next once that is filled in, in the way that misses least.

    First comes whether this way leads nowhere: the item stays open for another reason.
    """
    result = scene.after(filled.changes, [item], {name: (_any_row(scene, name),) for name in filled.tables})[item]
    own = [(result.reason.code, name) for name in _names(result.reason) if _is_missing(scene, name, filled)]
    if not own:
        return not filled.tables and result.status is Status.UNDETERMINED and result.reason.code not in PAPERS, []
    tables = filled.tables | {base_of(name) for _, name in own if base_of(name) in scene.programme.tables}
    ways = [_fillings(scene, name) for _, name in own if name in scene.programme.inputs]
    if len(filled.names()) >= DEPTH or not all(ways):
        return False, own
    rest = [change for texts in ways[1:] for change in texts[:1]]
    firsts: Sequence[tuple[Change, ...]] = [(change,) for change in ways[0]] if ways else [()]
    further = (_missed(scene, item, _Filled((*filled.changes, *first, *rest), tables)) for first in firsts)
    nowhere, more = min(further, key=lambda way: (way[0], len(way[1])))
    return nowhere, own + more


def _is_missing(scene: Scene, name: str, filled: _Filled) -> bool:
    """Whether the dossier itself lacks it: rows that were made up may lack something, too."""
    base = base_of(name)
    return base not in filled.names() and (base in scene.programme.tables or base in scene.programme.inputs or not filled.tables)


def _fillings(scene: Scene, name: str) -> Sequence[Change]:
    """Ways of filling in a missing input: each choice, or just any number."""
    definition = scene.programme.inputs[name]
    texts: Sequence[str] = list(definition.choices) if definition.type is not InputType.YES_NO else ("yes", "no")
    if definition.type in NUMERIC:
        moved = mover(scene.run, name, scene.programme)
        texts = [moved.written(moved.factor)] if moved else []
    return [
        Change("value", name, Fraction(0), text, brings=definition.role == "benchmark") for text in texts if scene.reads(text, definition)
    ]


def _any_row(scene: Scene, table: str) -> Row:
    """A row with something in every column."""
    return {column.column: _any_cell(scene, column) for column in scene.programme.tables[table].columns}


def _any_cell(scene: Scene, column: Column) -> Value:
    if column.type in NUMERIC:
        return Fraction(1)
    if column.type is InputType.YES_NO:
        return True
    known = [*column.choices, *(scene.programme.references[column.reference].rows if column.reference else ())]
    if column.type is InputType.CODES:
        return frozenset(known[:1])
    return f"{scene.dossier.year}-01" if column.type is InputType.MONTH else (known or [column.column])[0]


def _columns(scene: Scene, name: str, items: Iterable[str]) -> tuple[str, ...]:
    """Of a table of which nothing is stated: the columns that the items are computed from."""
    if name not in scene.programme.tables:
        return ()
    stated = {column.column for column in scene.programme.tables[name].columns}
    ready = scene.ready
    elements = {each for item in items for each in (item, *ready.uses.get(item, ()))}
    used = {c for (element, _), formula in ready.formulas.items() if element in elements for c in formula.typed.tables.get(name, ())}
    used |= {c for column in used if (name, column) in ready.columns for c in ready.columns[name, column].typed.tables.get(name, ())}
    return tuple(column.column for column in scene.programme.tables[name].columns if column.column in used & stated)
