"""A programme's checks, read and compiled once: which take part, and their expressions ready to run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from engine.language import (
    Env,
    InvalidExpression,
    Number,
    Row,
    Truth,
    Type,
    TypedExpr,
    Unit,
    Value,
    check,
    compile_expr,
    compile_row,
    parse_number,
)
from engine.language.errors import LanguageError, UnitError
from engine.problems import ProblemList, Where
from engine.ruleset.checks import Agree, AnyForm, Each, Jump, Outlier, Range, Repeated, Verified
from engine.ruleset.compile import Compiled, ProgrammeScope
from engine.ruleset.figures import FigureUsed, figure_used
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Check, InputType

WITHOUT_UNIT = frozenset({"tolerance", "within", "months"})
"""Places of shares, factors and numbers of months."""

MEASURED = (InputType.QUANTITY, InputType.SHARE)
"""What is measured rather than counted or graded."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")

_ABSENT = ("expression_unknown_name", "expression_unknown_column", "expression_unknown_reference")
"""What is wrong with an expression that speaks of something that a programme does not have."""


@dataclass(frozen=True, slots=True, eq=False)
class Operand:
    """One checked expression of a check; ``run`` takes the row it is computed for, None where the dossier is looked at as a whole."""

    typed: TypedExpr
    run: Callable[[Env, Row | None], Value]


@dataclass(frozen=True, slots=True, eq=False)
class ReadyCheck:
    """A check that takes part: its expressions, the figures that it holds statements against, its factors of slips, its items."""

    check: Check
    operands: Mapping[str, Operand]
    figures: Mapping[str, FigureUsed]
    slips: Mapping[str, Fraction]
    items: tuple[str, ...]
    factor: Fraction

    @property
    def form(self) -> AnyForm:
        """How the check holds statements against each other."""
        return self.check.test


def compile_checks(compiled: Compiled, problems: ProblemList) -> tuple[ReadyCheck, ...]:
    """The checks of a programme that take part; mistakes go to ``problems``.

    One of a common file takes part where everything it speaks of is there; in a standard or a scheme what is not there is a mistake.
    """
    compiler = _Compiler(compiled, problems)
    return tuple(ready for one in compiled.programme.checks.values() if (ready := compiler.ready(one)) is not None)


@lru_cache(maxsize=64)
def ready_checks(compiled: Compiled) -> tuple[ReadyCheck, ...]:
    """The checks of a programme that has been loaded without errors; compiled once per programme."""
    problems = ProblemList()
    found = compile_checks(compiled, problems)
    problems.refuse_if_errors()
    return found


class _Compiler:
    def __init__(self, compiled: Compiled, problems: ProblemList) -> None:
        self.compiled, self.programme, self.problems = compiled, compiled.programme, problems
        self.scope = ProgrammeScope(self.programme, ProblemList())

    def ready(self, one: Check) -> ReadyCheck | None:
        where = self.programme.where(one.check)
        found = ProblemList()
        unit = self.unit(one, where, found)
        operands = self.operands(one, unit, where, found) if unit else {}
        items = tuple(name for name in one.test.items() if self.known(one, name, unit))
        shared = one.check in self.programme.shared
        if not shared:
            for name in sorted(set(one.test.items()) - set(items)):
                found.error("check_item_unknown", where, check=one.check, name=name)
        slips = self.slips(one, where, found)
        if isinstance(one.test, Each) and unit:
            operands |= {name: operand for name in items if (operand := self.operand(name, unit, "", where, found)) is not None}
        absent = any(problem.code in _ABSENT or problem.code == "check_table_unknown" for problem in found)
        if shared and (absent or (one.test.items() and not items)):
            return None
        self.shape(one, where, found)
        for problem in found:
            self.problems.error(problem.code, problem.where, **dict(problem.params))
        if found.has_errors or unit is None:
            return None
        figures = {place: self.figure(one, place) for place in one.test.limits if place in operands}
        return ReadyCheck(one, operands, figures, slips, items, unit.factor)

    def known(self, one: Check, name: str, unit: Unit | None) -> bool:
        """Whether a check can speak of an item; a range holds inputs and indicators of its own unit only."""
        if not isinstance(one.test, Each):
            return known_item(name, self.programme)
        measured, computed = self.programme.inputs.get(name), self.programme.indicators.get(name)
        if measured is not None and measured.type not in MEASURED:
            return False
        found = computed or measured
        return found is not None and unit is not None and self.programme.units.parse(found.unit) == unit

    def unit(self, one: Check, where: Where, found: ProblemList) -> Unit | None:
        try:
            return self.programme.units.parse(one.unit)
        except UnitError as err:
            found.error(err.code, where, **err.params)
            return None

    def operands(self, one: Check, unit: Unit, where: Where, found: ProblemList) -> dict[str, Operand]:
        table = one.test.table
        if table and table not in self.programme.tables:
            found.error("check_table_unknown", where, check=one.check, table=table)
            return {}
        texts = dict(one.test.operands())
        operands: dict[str, Operand] = {}
        for place, text in texts.items():
            operand = self.operand(text, _wanted(one.test, place, unit), table, replace(where, path=f"{one.check}.{place}"), found)
            if operand is not None:
                operands[place] = operand
        if one.applies_when is not None:
            operand = self.operand(one.applies_when, Truth(), "", replace(where, path=f"{one.check}.applies_when"), found)
            if operand is not None:
                operands["applies_when"] = operand
        return operands

    def operand(self, text: str, wanted: Type | Unit, table: str, where: Where, found: ProblemList) -> Operand | None:
        try:
            typed = check(text, self.scope, self.programme.units, wanted, row_of=table)
        except InvalidExpression as err:
            for error in err.errors:
                found.error(error.code, where, **error.parameters)
            return None
        if table:
            by_row = compile_row(typed)
            return Operand(typed, lambda env, row: by_row(env, row or {}))
        whole = compile_expr(typed)
        return Operand(typed, lambda env, row: whole(env))

    def slips(self, one: Check, where: Where, found: ProblemList) -> dict[str, Fraction]:
        """The factors that a check suspects, by name, in its order."""
        factors: dict[str, Fraction] = {}
        for name in getattr(one.test, "slips", ()):
            slip = self.programme.slips.get(name)
            if slip is None:
                found.error("check_slip_unknown", where, check=one.check, name=name, known=", ".join(self.programme.slips) or "—")
                continue
            try:
                factors[name] = parse_number(slip.factor)
            except LanguageError as err:
                found.error(err.code, self.programme.where(name), **err.params)
                continue
            if factors[name] <= 1:
                found.error("check_slip_factor", self.programme.where(name), name=name, factor=slip.factor)
        return factors

    def shape(self, one: Check, where: Where, found: ProblemList) -> None:
        """What a form needs beside its expressions."""
        form = one.test
        if isinstance(form, Range | Each) and form.at_least is None and form.at_most is None:
            found.error("check_limit_missing", where, check=one.check)
        if isinstance(form, Jump) and (form.before is None) == (form.by is None):
            found.error("check_jump_between", where, check=one.check)
        table = self.programme.tables.get(form.table)
        known = {column.column for column in table.columns} if table else set()
        named = [form.by] if isinstance(form, Jump | Repeated) and form.by else list(getattr(form, "group", ()))
        for column in named:
            if column not in known:
                found.error("check_column_unknown", where, check=one.check, column=column, known=", ".join(sorted(known)) or "—")

    def figure(self, one: Check, place: str) -> FigureUsed:
        """A figure that a check holds statements against: a parameter of the scheme, or what stands in the check itself."""
        text = one.test.operands()[place].strip()
        if text in self.compiled.parameters:
            return self.compiled.parameters[text]
        return figure_used(place, text, one.source, self.programme.document_of(one.check), one.source.clause or "")


def named_by_checks(programme: Programme) -> frozenset[str]:
    """What the checks speak of, whether or not they take part: a tolerance beside checks of tables that are not there is no mistake."""
    texts = (text for check in programme.checks.values() for text in (*check.test.operands().values(), *check.test.items()))
    return frozenset(name for text in texts for name in _NAME.findall(text))


def known_item(name: str, programme: Programme) -> bool:
    """Whether a name is that of an input, a table, a column or a demand of a programme."""
    table, _, column = name.partition(".")
    if table in programme.tables and column:
        return any(found.column == column for found in programme.tables[table].columns)
    return any(name in group for group in (programme.inputs, programme.tables, programme.gates, programme.criteria))


def _wanted(form: AnyForm, place: str, unit: Unit) -> Type | Unit:
    """What an expression must give: a value in the check's unit, a share or number, or a condition."""
    if place == "where":
        return Truth()
    compared = isinstance(form, Agree | Range | Each | Outlier | Jump) and place not in WITHOUT_UNIT
    relative = isinstance(form, Jump) and place == "at_most"
    return unit if compared and not relative and not isinstance(form, Verified) else Number()
