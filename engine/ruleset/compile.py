"""A programme's expressions, checked and compiled once: what is computed, in which order, from what.

Every operand of every element becomes a :class:`Formula` under ``(element id, place)``; mistakes become Problems at the
element's line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from engine.language import (
    CodeSet,
    Day,
    Env,
    InvalidExpression,
    Month,
    Number,
    Row,
    Text,
    Truth,
    Type,
    TypedExpr,
    Unit,
    Units,
    Value,
    check,
    compile_expr,
    compile_row,
)
from engine.language import ReferenceType as ReferenceShape
from engine.language.errors import UnitError
from engine.problems import ProblemList, Where
from engine.ruleset.figures import FigureUsed, figure_used
from engine.ruleset.methods import Bands, Conform, Count, Declare, Holds, Interpolate, Membership, Rank, Threshold
from engine.ruleset.programme import Programme
from engine.ruleset.references import NUMERIC
from engine.ruleset.schema import Column, Demand, InputType, Rule, Table
from engine.ruleset.schema import Value as ValueDefinition

COUNTED = ("nonconformities.major", "nonconformities.minor")
"""What rules may count: the nonconformities that earlier rules have found, one for each row where they are about rows."""

ROWS = "rows."
"""Before a conclusion that rules about rows come to: of how many rows it holds."""

GROUP_SIZE = "n"
"""In a criterion's weight: how many criteria of its group apply."""

BUILT_IN: Mapping[str, Type] = {"industry": Text(), "district": Text(), "application_date": Day()}
"""Facts of the application that expressions may use."""


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """One checked expression, ready to run."""

    typed: TypedExpr
    run: Callable[[Env], Value]


@dataclass(frozen=True, slots=True, eq=False)
class RowFormula:
    """The checked expression of a computed column, ready to run for each row."""

    typed: TypedExpr
    run: Callable[[Env, Row], Value]


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A programme ready to assess: formulas by element and place, computed columns by table and column, in their order.

    Indicators stand in the order of their dependencies.

    ``uses`` names what a demand or an indicator is computed from, through all indicators and group members between;
    ``depends`` adds what decides whether it applies; ``figured`` those of the former
    (and itself) that bring figures from outside: parameters, and formulas that look figures up; ``proven_by`` those whose
    documents prove it (a benchmark's source proves the benchmark, not the applicant's value); ``figures_of`` are the figures an
    element states itself, points of criteria included.
    """

    programme: Programme
    formulas: Mapping[tuple[str, str], Formula]
    columns: Mapping[tuple[str, str], RowFormula]
    order: tuple[str, ...]
    uses: Mapping[str, tuple[str, ...]]
    depends: Mapping[str, frozenset[str]]
    proven_by: Mapping[str, tuple[str, ...]]
    indicators_of: Mapping[str, tuple[str, ...]]
    figured: Mapping[str, tuple[str, ...]]
    figures_of: Mapping[str, tuple[FigureUsed, ...]]
    parameters: Mapping[str, FigureUsed]

    @property
    def expressions(self) -> tuple[TypedExpr, ...]:
        """Every checked expression, of elements and of computed columns."""
        return (*(formula.typed for formula in self.formulas.values()), *(column.typed for column in self.columns.values()))


class ProgrammeScope:
    """What names mean in a programme's formulas.

    ``for_rules`` adds statuses, conclusions and counts, ``for_weights`` the size of a criterion's group; ``for_rows`` leaves out
    indicators, which are computed from the rows.
    """

    def __init__(
        self, programme: Programme, problems: ProblemList, *, for_rules: bool = False, for_weights: bool = False, for_rows: bool = False
    ) -> None:
        self._programme = programme
        self._names: dict[str, Type] = dict(BUILT_IN)
        self._units = programme.units
        for name, definition in programme.inputs.items():
            self._names[name] = _type(definition, self._units, programme.where(name), problems)
        measured: tuple[tuple[str, str], ...] = (
            *((name, indicator.unit) for name, indicator in programme.indicators.items()),
            *((name, parameter.unit) for name, parameter in programme.parameters.items()),
        )
        for name, unit in measured[len(programme.indicators) if for_rows else 0 :]:
            self._names[name] = Number(_dimension(unit, self._units, programme.where(name), problems))
        if for_rules:
            self._names |= dict.fromkeys(conclusions(programme), Truth()) | dict.fromkeys(COUNTED, Number())
            self._names |= {ROWS + word: Number() for rule in programme.rules if rule.each for word in words_of(rule)}
        if for_weights:
            self._names[GROUP_SIZE] = Number()
        self._for_rules = for_rules
        self._tables = {
            name: {c.column: _type(c, self._units, programme.where(name), problems) for c in table.columns}
            | {c.column: Number(_dimension(c.unit, self._units, programme.where(name), problems)) for c in table.computed}
            for name, table in programme.tables.items()
        }
        self._references = {
            name: ReferenceShape(
                (Text(),), {c: _type(d, self._units, programme.where(f"/references/{name}"), problems) for c, d in table.columns.items()}
            )
            for name, table in programme.references.items()
        }

    def name_type(self, name: str) -> Type | None:
        return self._names.get(name)

    def table_columns(self, table: str) -> Mapping[str, Type] | None:
        return self._tables.get(table)

    def reference(self, table: str) -> ReferenceShape | None:
        return self._references.get(table)

    def status_name(self, name: str) -> bool:
        return self._for_rules and (name in self._programme.criteria or name in self._programme.gates)

    def candidates(self) -> Iterable[str]:
        yield from self._names
        yield from self._tables
        yield from (f"{table}.{column}" for table, columns in self._tables.items() for column in columns)
        yield from self._references
        if self._for_rules:
            yield from self._programme.criteria
            yield from self._programme.gates


def words_of(rule: Rule) -> tuple[str, ...]:
    """What a rule concludes, by name: its own id, and the word it classifies by or obliges to."""
    word = rule.then.classify or rule.then.obligation
    return (rule.rule, word) if word and word != rule.rule else (rule.rule,)


def conclusions(programme: Programme) -> frozenset[str]:
    """Every name that a rule concludes: its own id, and the word it classifies by or obliges to."""
    words = {rule.then.classify or rule.then.obligation or rule.rule for rule in programme.rules}
    return frozenset(words | {rule.rule for rule in programme.rules})


def conclusions_of_rows(programme: Programme, table: str) -> frozenset[str]:
    """Every name that rules about the rows of a table conclude."""
    return frozenset(word for rule in programme.rules if table and rule.each == table for word in words_of(rule))


def _dimension(unit: str, units: Units, where: Where, problems: ProblemList) -> tuple[tuple[str, int], ...]:
    try:
        return units.parse(unit).dimension
    except UnitError as err:
        problems.error(err.code, where, **err.params)
        return ()


_OTHER_TYPES: Mapping[InputType, Type] = {InputType.CODES: CodeSet(), InputType.DATE: Day(), InputType.MONTH: Month()}


def _type(definition: ValueDefinition | Column, units: Units, where: Where, problems: ProblemList) -> Type:
    if definition.type in NUMERIC:
        return Number(_dimension(definition.unit, units, where, problems))
    if definition.type is InputType.YES_NO:
        return Truth()
    return _OTHER_TYPES.get(definition.type, Text())


def compile_programme(programme: Programme, problems: ProblemList) -> Compiled:
    """Check and compile every expression of a programme; those that are wrong are left out, their mistakes in ``problems``.

    What is linted is what assesses: a programme is compiled once.
    """
    made, found = _compiled(programme)
    problems.extend(found)
    return made


@lru_cache(maxsize=64)
def _compiled(programme: Programme) -> tuple[Compiled, ProblemList]:
    problems = ProblemList()
    return _Compiler(programme, problems).compile(), problems


class _Compiler:
    def __init__(self, programme: Programme, problems: ProblemList) -> None:
        self.programme, self.problems = programme, problems
        self.scope = ProgrammeScope(programme, problems)
        self.rule_scope = ProgrammeScope(programme, problems, for_rules=True)
        self.weight_scope = ProgrammeScope(programme, problems, for_weights=True)
        self.row_scope = ProgrammeScope(programme, problems, for_rows=True)
        self.formulas: dict[tuple[str, str], Formula] = {}
        self.columns: dict[tuple[str, str], RowFormula] = {}

    def compile(self) -> Compiled:
        for table in self.programme.tables.values():
            self.computed(table)
        for name, indicator in self.programme.indicators.items():
            try:
                unit = self.programme.units.parse(indicator.unit)
            except UnitError:
                continue  # reported with the scope
            self.add(name, "formula", indicator.formula, unit)
        for gate in self.programme.gates.values():
            self.demand(gate.gate, gate)
        for criterion in self.programme.criteria.values():
            self.demand(criterion.criterion, criterion)
            if criterion.weight is not None:
                self.add(criterion.criterion, "weight", criterion.weight, Number(), self.weight_scope)
        for rule in self.programme.rules:
            self.rule(rule)
        order = self.order()
        elements = (*self.programme.indicators, *self.programme.gates, *self.programme.criteria)
        uses = {name: tuple(sorted(self.used_by(name))) for name in elements}
        looking_up = {element for (element, _), formula in self.formulas.items() if formula.typed.references}
        looking_up |= {table for (table, _), column in self.columns.items() if column.typed.references}
        bringing = looking_up | set(self.programme.parameters)
        figured = {name: tuple(n for n in (name, *uses[name]) if n in bringing) for name in elements}
        figures = {name: self.figures(name) for name in elements}
        figures_set = self.programme.parameter_figures.items()
        parameters = {name: self.programme.attestable(figure.used_as(name), name) for name, figure in figures_set}
        benchmarks = {name for name, definition in self.programme.inputs.items() if definition.role == "benchmark"}
        entered = {*self.programme.inputs, *self.programme.tables, *self.programme.criteria} - benchmarks
        proven = {name: tuple(n for n in uses[name] if n in entered) for name in elements}
        indicators = {name: tuple(n for n in self.programme.indicators if n in uses[name]) for name in elements}
        depends = {name: frozenset(uses[name]) | self.applies_by(name) for name in elements}
        return Compiled(self.programme, self.formulas, self.columns, order, uses, depends, proven, indicators, figured, figures, parameters)

    def rule(self, rule: Rule) -> None:
        """Check a rule's condition; that of a rule about rows says something of the row."""
        if rule.each is not None and rule.each not in self.programme.tables:
            self.problems.error("rule_table_unknown", self.programme.where(rule.rule), rule=rule.rule, table=rule.each)
            return
        self.add(rule.rule, "when", rule.when, Truth(), self.rule_scope, rule.each or "")
        formula = self.formulas.get((rule.rule, "when"))
        made = conclusions_of_rows(self.programme, rule.each or "")
        if formula and rule.each and not formula.typed.tables.get(rule.each) and not made & set(formula.typed.names):
            self.problems.error("rule_asks_no_row", self.programme.where(rule.rule), rule=rule.rule, table=rule.each)

    def add(
        self, element: str, place: str, text: str, expected: Type | Unit | None, scope: ProgrammeScope | None = None, each: str = ""
    ) -> Type | None:
        where = replace(self.programme.where(element), path=f"{element}.{place}")
        try:
            typed = check(text, scope or self.scope, self.programme.units, expected, each, joins=bool(each))
        except InvalidExpression as err:
            for error in err.errors:
                self.problems.error(error.code, where, **error.parameters)
            return None
        self.formulas[element, place] = Formula(typed, compile_expr(typed))
        return typed.type

    def computed(self, table: Table) -> None:
        """Check the computed columns of a table: each uses those before it."""
        before = {column.column for column in table.columns}
        for column in table.computed:
            where = replace(self.programme.where(table.table), path=f"{table.table}.{column.column}")
            if column.column in before:
                self.problems.error("column_twice", where, table=table.table, column=column.column)
            try:
                unit = self.programme.units.parse(column.unit)
                typed = check(column.formula, self.row_scope, self.programme.units, unit, row_of=table.table)
            except UnitError:
                continue  # reported with the scope
            except InvalidExpression as err:
                for error in err.errors:
                    self.problems.error(error.code, where, **error.parameters)
                continue
            for later in sorted(set(typed.tables.get(table.table, ())) - before):
                self.problems.error("column_not_before", where, column=column.column, later=later)
            before.add(column.column)
            self.columns[table.table, column.column] = RowFormula(typed, compile_row(typed))

    def demand(self, name: str, demand: Demand) -> None:
        if demand.applies_when:
            self.add(name, "applies_when", demand.applies_when, Truth())
        if demand.judged_when:
            self.add(name, "judged_when", demand.judged_when, Truth())
        method = demand.method
        operands = method.operands()
        wanted: Type | None = None
        for place, text in operands.items():
            if place.endswith("when") or isinstance(method, Holds | Conform):
                self.add(name, place, text, Truth())
            elif place.endswith("value"):
                found = self.add(name, place, text, Number() if isinstance(method, Rank) else None)
                wanted = Number() if isinstance(method, Count) else found
                if isinstance(method, Count) and not isinstance(found, CodeSet | Number | None):
                    self.problems.error("count_of_what", self.programme.where(name), value=text)
                elif not isinstance(method, Count | Declare) and not isinstance(found, Number | None):
                    self.problems.error("value_not_a_number", self.programme.where(name), value=text, name=name)
                    wanted = None
            elif isinstance(method, Threshold | Bands | Interpolate | Membership | Rank | Count) or place == "reference":
                self.add(name, place, text, wanted)
        for member in getattr(method, "of", ()):
            if member not in self.programme.criteria:
                self.problems.error("group_member_unknown", self.programme.where(name), name=member)

    def order(self) -> tuple[str, ...]:
        """Indicators so that each comes after those it is computed from; a cycle is a Problem."""
        done: list[str] = []
        state: dict[str, bool] = {}

        def visit(name: str, trail: tuple[str, ...]) -> None:
            if state.get(name):
                return
            if name in trail:
                circle = " → ".join((*trail[trail.index(name) :], name))
                self.problems.error("indicator_cycle", self.programme.where(name), circle=circle)
                return
            formula = self.formulas.get((name, "formula"))
            for used in formula.typed.names if formula else ():
                if used in self.programme.indicators:
                    visit(used, (*trail, name))
            state[name] = True
            done.append(name)

        for name in self.programme.indicators:
            visit(name, ())
        return tuple(done)

    def used_by(self, element: str, trail: tuple[str, ...] = ()) -> frozenset[str]:
        """What an element is computed from, through all indicators and group members between."""
        found: set[str] = set()
        for (owner, place), formula in self.formulas.items():
            if owner != element or place in ("applies_when", "weight"):
                continue
            found |= set(formula.typed.names) | set(formula.typed.tables)
        found |= {name for (table, _), formula in self.columns.items() if table in found for name in formula.typed.names}
        for name in tuple(found):
            if name in self.programme.indicators and name not in trail:
                found |= self.used_by(name, (*trail, name))
        for member in getattr(getattr(self.programme.criteria.get(element), "method", None), "of", ()):
            if member in self.programme.criteria and member not in trail:
                found |= {member} | self.used_by(member, (*trail, element))
        return frozenset(found)

    def applies_by(self, element: str) -> frozenset[str]:
        """What decides whether an element applies, through all indicators between."""
        formula = self.formulas.get((element, "applies_when"))
        names = frozenset((*formula.typed.names, *formula.typed.tables)) if formula else frozenset()
        return names.union(*(self.used_by(name) for name in names if name in self.programme.indicators))

    def figures(self, element: str) -> tuple[FigureUsed, ...]:
        """The figures that an element states itself: its points, and operands that are figures."""
        document = self.programme.document_of(element)
        if element in self.programme.indicators:
            indicator = self.programme.indicators[element]
            stated_so = figure_used("formula", indicator.formula, indicator.source, document, indicator.clause)
            return (self.programme.attestable(stated_so, key_of(element, "formula")),)
        demand: Demand = self.programme.criteria.get(element) or self.programme.gates[element]
        found = []
        if element in self.programme.points and self.programme.points[element].value and self.programme.points[element].text:
            found.append(self.programme.points[element].used_as("points"))
        for (owner, place), formula in self.formulas.items():
            stated = owner == element and not place.endswith(("value", "when"))
            if stated and not set(formula.typed.names) - {GROUP_SIZE} and not formula.typed.tables and not formula.typed.references:
                source = demand.figure_sources.get(place, demand.source)
                found.append(figure_used(place, formula.typed.text, source, document, demand.clause))
        return tuple(self.programme.attestable(figure, key_of(element, figure.name)) for figure in found)


def key_of(element: str, figure: str) -> str:
    """The key of a figure that an element states itself: ``energy.intensity:points``."""
    return f"{element}:{figure}"


def compiled(programme: Programme) -> Compiled:
    """The compiled form of a programme that has been loaded without errors."""
    problems = ProblemList()
    result = compile_programme(programme, problems)
    problems.refuse_if_errors()
    return result
