"""How values print: in which unit, with the dossier's own product unit in place of the generic one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from engine.assess.results import Shown
from engine.dossier.cells import NotDetected
from engine.language import Env, Node, Number, Value, compile_node, to_source
from engine.language.errors import LanguageError
from engine.language.numbers import split_quantity
from engine.language.typed import Aggregate, Cell
from engine.ruleset.compile import Compiled, Formula
from engine.ruleset.programme import Programme
from engine.ruleset.references import NUMERIC
from engine.ruleset.schema import Column, Computed, InputType


class Print(NamedTuple):
    """How a value prints: unit, its factor to base units, places (None: as many as there are), and the input it is, if it is one."""

    unit: str = ""
    factor: Fraction = Fraction(1)
    places: int | None = None
    name: str = ""


class Term(NamedTuple):
    """A term of a formula: its source text (the name of an input), how to compute it, and how it prints.

    ``under`` are the conditions under which the formula computes with it, each with how it has to be decided.
    """

    text: str
    run: Callable[[Env], Value]
    print: Print
    under: tuple[tuple[Callable[[Env], Value], bool], ...] = ()

    def counts(self, env: Env) -> bool:
        """Whether the formula computes with it, as far as that is known."""
        return all(run(env) is not (not wanted) for run, wanted in self.under)


_PLAIN = Print()


class Printer:
    """Shows values of one dossier, whose ``units`` stand in for the generic ones; ``entered`` are the texts inputs came as."""

    def __init__(self, compiled: Compiled, units: tuple[tuple[str, str], ...], entered: Mapping[str, str]) -> None:
        self._by_name, self._by_operand, self._by_term = _prints(compiled, units)
        self._entered = entered

    def named(self, name: str, value: Value) -> Shown:
        """The value of an input, parameter or indicator."""
        return self._shown(self._by_name.get(name, _PLAIN), value)

    def operand(self, element: str, place: str, value: Value) -> Shown:
        """The value of an operand of a gate or criterion."""
        return self._shown(self._by_operand.get((element, place), _PLAIN), value)

    def terms(self, indicator: str, env: Env) -> tuple[tuple[str, Shown], ...]:
        """What an indicator's formula is made of: its inputs, sums over tables and look-ups, with their values."""
        return tuple([(term.text, self._shown(term.print, term.run(env))) for term in self._by_term[indicator] if term.counts(env)])

    def _shown(self, how: Print, value: Value) -> Shown:
        unit, factor, places, name = how
        entered = self._entered.get(name, "") if name else ""
        if isinstance(value, Fraction | NotDetected):
            return Shown(value, unit, factor, entered, places)
        if isinstance(value, bool | str):
            return Shown(value, "", Fraction(1), entered)
        if isinstance(value, frozenset):
            return Shown(", ".join(sorted(value)), "", Fraction(1), entered)
        return Shown(None, unit, factor, entered)


def cell_print(
    programme: Programme, units: tuple[tuple[str, str], ...], table: str, column: str, value: Value | None, entered: str
) -> Shown:
    """The value of a table's cell in the unit of its column; as it was entered where the row itself decides the unit."""
    definition = programme.tables[table]
    columns: dict[str, Column | Computed] = {each.column: each for each in definition.columns}
    columns |= {each.column: each for each in definition.computed}
    unit = columns[column].unit
    if isinstance(value, Fraction) and not any(re.search(rf"\b{name}\b", unit) for name in definition.row_units):
        return Shown(value, concrete_unit("" if unit == "1" else unit, units), programme.units.parse(unit).factor, entered)
    if isinstance(value, Fraction) or value is None:
        return Shown(entered or None, entered=entered)
    if isinstance(value, bool | str):
        return Shown(value, entered=entered)
    return Shown(", ".join(sorted(value)) if isinstance(value, frozenset) else None, entered=entered)


def concrete_unit(unit: str, bound: tuple[tuple[str, str], ...]) -> str:
    """A unit text with a dossier's units in place of the generic ones: ``tce/product_unit`` as ``tce/万m``."""
    for name, concrete in bound:
        unit = re.sub(rf"\b{name}\b", lambda _, text=concrete: f"({text})" if "/" in text else text, unit)  # type: ignore[misc]
    return unit


def _concrete(how: Print, bound: tuple[tuple[str, str], ...]) -> Print:
    return how._replace(unit=concrete_unit(how.unit, bound))


_Prints = tuple[Mapping[str, Print], Mapping[tuple[str, str], Print], Mapping[str, tuple[Term, ...]]]


@lru_cache(maxsize=1024)
def _prints(compiled: Compiled, bound: tuple[tuple[str, str], ...]) -> _Prints:
    """How everything of a programme prints for dossiers with the same units: by name, by operand, by indicator's terms."""
    names, operands, terms = _print_units(compiled)
    return (
        {name: _concrete(how, bound) for name, how in names.items()},
        {key: _concrete(how, bound) for key, how in operands.items()},
        {name: tuple(term._replace(print=_concrete(term.print, bound)) for term in of) for name, of in terms.items()},
    )


@lru_cache(maxsize=64)
def _print_units(compiled: Compiled) -> _Prints:
    programme = compiled.programme
    names: dict[str, Print] = {}
    for name, definition in programme.inputs.items():
        names[name] = (_print(definition.unit, programme, None) if definition.type in NUMERIC else _PLAIN)._replace(name=name)
        if definition.type is InputType.SHARE and definition.unit == "1":
            names[name] = _print("%", programme, None)._replace(name=name)
    for name, parameter in programme.parameters.items():
        names[name] = _print(parameter.unit, programme, None)
    for name, indicator in programme.indicators.items():
        names[name] = _print(indicator.unit, programme, indicator.places)
    operands = {key: _operand(formula, names, programme) for key, formula in compiled.formulas.items()}
    terms = {name: _terms(compiled.formulas[name, "formula"], names, name, programme) for name in programme.indicators}
    return names, operands, terms


def _terms(formula: Formula, names: Mapping[str, Print], indicator: str, programme: Programme) -> tuple[Term, ...]:
    """The terms of a formula; one that is the whole formula is no news beside the value and is left out."""
    found: dict[str, Term] = {}
    for node, under in formula.typed.terms_under() if not isinstance(formula.typed.root, Aggregate) else ():
        text = to_source(node.syntax)
        decided = tuple((compile_node(condition), wanted) for condition, wanted in under) if text not in found else ()
        found[text] = Term(text, compile_node(node), _term_print(node, text, names, indicator, programme), decided)
    return tuple(found.values())


def _term_print(node: Node, text: str, names: Mapping[str, Print], indicator: str, programme: Programme) -> Print:
    """A sum over a column prints in the column's unit, a sum that is the indicator itself in the indicator's."""
    if text in names:
        return names[text]
    if not isinstance(node.type, Number) or not node.type.dimension:
        return _PLAIN
    if isinstance(node, Aggregate) and isinstance(node.value, Cell):
        table = programme.tables[node.table]
        units = {column.column: column.unit for column in table.columns} | {column.column: column.unit for column in table.computed}
        return _print(units[node.value.column], programme, None)
    own = names[indicator]
    if own.unit and programme.units.parse(own.unit).dimension == node.type.dimension:
        return own._replace(name="")
    return _print(programme.units.describe(node.type.dimension), programme, None)


def _print(unit: str, programme: Programme, places: int | None) -> Print:
    return Print("" if unit == "1" else unit, programme.units.parse(unit).factor, places)


def _operand(formula: Formula, names: Mapping[str, Print], programme: Programme) -> Print:
    """A bare name prints as that name does, a figure in the unit it is written with, arithmetic in the unit it works out to."""
    typed = formula.typed
    if typed.text.strip() in names:
        return names[typed.text.strip()]
    if not isinstance(typed.type, Number):
        return _PLAIN
    if not typed.names and not typed.tables and not typed.references:
        try:
            return _print(split_quantity(typed.text)[1].strip("[]") or "1", programme, None)
        except LanguageError:
            pass  # a figure composed of several: printed in base units below
    candidates = [names[name] for name in typed.names if name in names]
    dimension = typed.type.dimension
    for candidate in candidates:
        if candidate.unit and programme.units.parse(candidate.unit).dimension == dimension:
            return candidate._replace(name="")
    return _print(programme.units.describe(dimension), programme, None) if dimension else _PLAIN
