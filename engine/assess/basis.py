"""One basis of one dossier: indicators computed in order, every gate and criterion judged, the figures each rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter
from typing import Any

from engine.assess.display import Printer
from engine.assess.groups import Member, all_or_k_of, choose
from engine.assess.results import FigureUsed, Interval, Names, Reason, Shown, Status
from engine.assess.verdicts import NOTHING, Judge, Verdict, holds, judge
from engine.dossier.bind import Bound, Side, named_members
from engine.language import Env, Row, Unknown, Value, parse_number, split_quantity, unknown
from engine.language.errors import UnitError
from engine.ruleset.compile import Compiled
from engine.ruleset.figures import UNKNOWN, figure_used
from engine.ruleset.methods import All, Choose, Conform, Judgement, KOf
from engine.ruleset.references import NUMERIC, ReferenceRow, ReferenceTable
from engine.ruleset.schema import Criterion, Gate

ZERO = Fraction(0)
GROUPS = (All, KOf, Choose)
Place = tuple[str, str, str, str]
"""A looked-up figure: reference table, key, column, and the day where it is not the last of the year."""

Members = Callable[[str, "BasisRun"], Verdict]


class BasisRun:
    """Computes on one basis; everything is computed once and kept for this dossier only.

    ``like`` is a run of the other basis, or of a changed dossier: what depends on nothing that differs is taken over from it.
    ``back`` is how many years before the dossier's statistics year are computed.
    """

    def __init__(
        self,
        ready: Compiled,
        bound: Bound,
        basis: str,
        overrides: Mapping[str, Fraction],
        like: BasisRun | None = None,
        back: int = 0,
    ) -> None:
        self.ready, self.bound, self.basis = ready, bound, basis
        self.programme = bound.programme
        self.side = bound.side(basis)
        self.printer = Printer(ready, bound.dossier.units, self.side.entered)
        self._units = dict(bound.dossier.units)
        self.remarks = {name: entry.remark for name, entry in bound.dossier.answers if entry.remark}
        self._reasons = {name: entry.reason for name, entry in bound.dossier.answers}
        self._looked_up: dict[str, dict[Place, tuple[Value, ReferenceRow | None, str]]] = {}
        self._verdicts: dict[str, Verdict] = {}
        self._plain, self.most = _plain_verdicts(ready), _most(ready)
        self._figures: dict[str, FigureUsed] = {}
        self._current = ""
        year = bound.dossier.year - back
        self._year = year
        values: dict[str, Value] = dict(self.side.values)
        tables = dict(self.side.tables)
        self.env = Env(values, tables, self._lookup, _no_status, year, self._opening)
        for name in dict.fromkeys(table for table, _ in ready.columns):
            tables[name] = self._computed(name, tables[name])
        self._like = like
        self._differs: dict[str, bool] = {}
        self._differing = frozenset() if like is None else _differing(self.side, like.side)
        for name in ready.order:
            self._current = name
            if like is not None and not self.differs(name):
                values[name] = like.env.values[name]
                self._looked_up[name] = like._looked_up.get(name, {})
            else:
                values[name] = overrides[name] if name in overrides else self._compute(name)

    def differs(self, name: str) -> bool:
        """Whether an element depends on anything that the two runs do not agree on."""
        if self._like is None:
            return True
        if name not in self._differs:
            self._differs[name] = name in self._differing or not self._differing.isdisjoint(self.ready.depends[name])
        return self._differs[name]

    def _compute(self, name: str) -> Value:
        value = self.ready.formulas[name, "formula"].run(self.env)
        definition = self.programme.indicators[name]
        if isinstance(value, Unknown) and definition.when_both_zero and all(c.code == "both_zero" for c in value.causes):
            return unknown("nothing_to_measure", name)
        return value

    def _computed(self, table: str, rows: Sequence[Row] | Unknown) -> Sequence[Row] | Unknown:
        """The rows of a table with its computed columns, one column after the other."""
        if isinstance(rows, Unknown):
            return rows
        self._current = table
        out = [dict(row) for row in rows]
        env = replace(self.env, tables={table: out})
        for (owner, column), formula in self.ready.columns.items():
            if owner == table:
                for row, value in zip(out, [formula.run(env, row) for row in out], strict=True):
                    row[column] = value
        return tuple(out)

    # --- figures looked up ----------------------------------------------------------------------------------------

    def _lookup(self, table: str, keys: tuple[Any, ...], column: str) -> Value:
        """The figure in force on the last day of the statistics year."""
        return self._figure_of((table, keys[0], column, ""), f"{self._year}-12-31")

    def _opening(self, table: str, keys: tuple[Any, ...], column: str) -> Value:
        """The figure in force on its first day."""
        day = f"{self._year}-01-01"
        return self._figure_of((table, keys[0], column, day), day)

    def _figure_of(self, place: Place, day: str) -> Value:
        looked_up = self._looked_up.get(self._current)
        if looked_up is None:
            looked_up = self._looked_up[self._current] = {}
        if place not in looked_up:
            reference = self.programme.references[place[0]]
            row = reference.find(str(place[1]), day)
            looked_up[place] = (self._found(row, place, reference), row, reference.document)
        return looked_up[place][0]

    def _found(self, row: ReferenceRow | None, place: Place, reference: ReferenceTable) -> Value:
        table, key, column, _ = place
        value = row.values.get(column) if row else None
        if row is None or value is None:
            return unknown("no_benchmark", f"{table}[{key}]")
        return self._in_column_unit(value, row, reference.columns[column].unit, f"{table}[{key}]") if row.unit else value

    def _in_column_unit(self, value: Fraction | str, row: ReferenceRow, unit: str, name: str) -> Value:
        """A figure of a row with a unit of its own, by what the dossier says the column's generic unit is."""
        if isinstance(value, str):
            return value
        try:
            return self.programme.units.convert_for_slot(value, row.unit, unit, self._units)
        except UnitError:
            return unknown("unit_differs", name)

    def figures_behind(self, element: str) -> tuple[FigureUsed, ...]:
        """Figures from reference tables and parameters that an element rests on, through all indicators between.

        Those of a table stand in the order of their names: the order in which a dossier's rows ask for them says nothing.
        """
        bringing = self.ready.figured[element]
        if not bringing:
            return ()
        found: dict[str, FigureUsed] = {}
        for name in bringing:
            if name in self.ready.parameters:
                found[name] = self.ready.parameters[name]
            for (table, key, column, day), (_, row, document) in sorted(self._looked_up.get(name, {}).items(), key=itemgetter(0)):
                if self.programme.references[table].columns[column].type not in NUMERIC:
                    continue
                shown = f"{table}[{key}].{column}" + (f" ({day})" if day else "")
                found[shown] = self._figure(shown, table, row, column, document)
        return tuple(found.values())

    def _figure(self, name: str, table: str, row: ReferenceRow | None, column: str, document: str) -> FigureUsed:
        if name not in self._figures:
            known = row is not None and row.written.get(column) is not None
            if row is not None and known:
                key = self.programme.references[table].name_of(row, column)
                found = self.programme.attestable(figure_used(name, row.written[column], row.source, document, ""), key)
            else:
                found = FigureUsed(name, None, UNKNOWN, None, document, "", key=name)
            self._figures[name] = found
        return self._figures[name]

    # --- verdicts -------------------------------------------------------------------------------------------------

    def verdict(self, name: str, demand: Gate | Criterion, members: Members) -> Verdict:
        """The verdict of a gate or criterion before evidence; ``members`` gives the final verdicts of a group's members.

        Groups are always judged anew: in a closed assessment their members' final verdicts depend on the basis.
        """
        plain = self._plain.get(name)
        if plain is not None and (verdict := plain.get(self.side.answers.get(name))) is not None:
            return verdict
        if self._like is not None and not isinstance(demand.method, GROUPS) and not self.differs(name):
            verdict = self._like.verdict(name, demand, members)
            self._looked_up[name] = self._like._looked_up.get(name, {})
            return verdict
        if name not in self._verdicts:
            self._verdicts[name] = self._judge(name, demand, members)
        return self._verdicts[name]

    def _judge(self, name: str, demand: Gate | Criterion, members: Members) -> Verdict:
        self._current = name
        most = self.most.get(name, ZERO)
        if demand.applies_when is not None and (verdict := self._does_not_apply(name, most)):
            return verdict
        answer = self.side.answers.get(name)
        if answer == "not_applicable":
            return self._not_applicable(name, demand, most)
        method = demand.method
        if demand.judged_when is not None and self.ready.formulas[name, "judged_when"].run(self.env) is True:
            return self._judgement(name, answer, Judgement(), most)
        if isinstance(method, Conform):
            by_data = self._by_data(name, answer, most) if method.value is not None else None
            return by_data or _conform_verdicts(most).get(answer, _conform_verdicts(most)[None])
        if isinstance(method, Judgement):
            return self._judgement(name, answer, method, most)
        if isinstance(method, GROUPS):
            return self._group(name, method, most, members)
        at = Judge(name, self.ready.formulas, self.env, most, self.printer, self.programme)
        found = judge(method, at)
        if demand.judged_when is not None and found.status is not Status.UNDETERMINED:
            handed_over = at.run("judged_when")
            if isinstance(handed_over, Unknown):
                return at.open(handed_over, found.value, found.limits)
        if found.causes and all(cause.code == "nothing_to_measure" for cause in found.causes):
            return Verdict(Status.NOT_APPLICABLE, Reason("nothing_to_measure"), NOTHING)
        return found

    def _by_data(self, name: str, answer: str | None, most: Fraction) -> Verdict | None:
        """The verdict on a yes-or-no item that the dossier's data decide; none where they do not, or a person says no against them."""
        at = Judge(name, self.ready.formulas, self.env, most, self.printer, self.programme)
        value = at.run("value") if at.run("decided_when") is True else None
        if value is None or (value is True and answer == "no"):
            return None
        return holds(value, at)

    def _does_not_apply(self, name: str, most: Fraction) -> Verdict | None:
        applies = self.ready.formulas[name, "applies_when"].run(self.env)
        if applies is False:
            return Verdict(Status.NOT_APPLICABLE, Reason("does_not_apply"), NOTHING)
        if isinstance(applies, Unknown):
            names = Names(cause.name for cause in applies.causes)
            return Verdict(
                Status.UNDETERMINED, Reason("applicability_open", (("names", names),)), Interval(ZERO, most), causes=applies.causes
            )
        return None

    def _not_applicable(self, name: str, demand: Gate | Criterion, most: Fraction) -> Verdict:
        """Allowed only where the clause says so, and needs a reason; otherwise it stays open."""
        if demand.na_allowed and self._reasons.get(name):
            reason = Reason("not_applicable", (("reason", self._reasons[name]),))
            return Verdict(Status.NOT_APPLICABLE, reason, NOTHING, Shown("not_applicable"))
        return Verdict(Status.UNDETERMINED, Reason("na_refused"), Interval(ZERO, most), Shown("not_applicable"))

    def _judgement(self, name: str, answer: str | None, method: Judgement, most: Fraction) -> Verdict:
        if answer is None or not self._reasons.get(name):
            return Verdict(Status.UNDETERMINED, Reason("needs_judgement"), Interval(ZERO, most))
        points = parse_number(split_quantity(answer)[0])
        shown = Shown(points, entered=answer)
        if method.steps and points not in [parse_number(step) for step in method.steps]:
            return Verdict(Status.UNDETERMINED, Reason("not_a_step", (("steps", ", ".join(method.steps)),)), Interval(ZERO, most), shown)
        params = (("points", points), ("max", most), ("reason", self._reasons[name]))
        return Verdict(Status.SCORED, Reason("judged", params), Interval(points, points), shown)

    def _group(self, name: str, method: All | KOf | Choose, most: Fraction, members: Members) -> Verdict:
        judged = [Member(member, members(member, self), self.programme.points_of(member)) for member in method.of]
        if not isinstance(method, Choose):
            return all_or_k_of(method, most, judged)
        return choose(method, most, judged, self.named(name, method))

    def named(self, name: str, method: Choose) -> frozenset[str]:
        """The members of a choose-n group that the dossier names."""
        return frozenset(named_members(self.side.answers.get(name, ""), method, self.programme))

    # --- indicators -----------------------------------------------------------------------------------------------

    def indicator(self, name: str) -> Shown:
        """An indicator's value as it prints."""
        return self.printer.named(name, self.env.values[name])

    def has_rows(self, name: str) -> bool:
        """Whether an indicator is computed from rows that the dossier has: where it has no value, that is worth a reason."""
        return any(not isinstance(self.env.tables.get(table, ()), Unknown) for table in self.ready.formulas[name, "formula"].typed.tables)

    def derivation(self, name: str) -> tuple[Reason | None, tuple[tuple[str, Shown], ...]]:
        """Why an indicator has no value, if it has none, and what it was computed from."""
        self._current = name
        return _cause_reason(self.env.values[name]), self.printer.terms(name, self.env)


@lru_cache(maxsize=64)
def _most(ready: Compiled) -> dict[str, Fraction]:
    """The most points of every criterion."""
    return {name: ready.programme.points_of(name) for name in ready.programme.criteria}


@lru_cache(maxsize=64)
def _plain_verdicts(ready: Compiled) -> dict[str, dict[str | None, Verdict]]:
    """The verdicts of items that are answered by yes or no and always apply: the same for every dossier, made once."""
    programme, most = ready.programme, _most(ready)
    demands: dict[str, Gate | Criterion] = {**programme.gates, **programme.criteria}
    return {
        name: _conform_verdicts(most.get(name, ZERO))
        for name, demand in demands.items()
        if demand.method == Conform() and demand.applies_when is None and demand.judged_when is None
    }


@lru_cache(maxsize=256)
def _conform_verdicts(most: Fraction) -> dict[str | None, Verdict]:
    return {
        "yes": Verdict(Status.MET, Reason("conforms"), Interval(most, most), Shown(True)),
        "no": Verdict(Status.NOT_MET, Reason("does_not_conform"), NOTHING, Shown(False)),
        None: Verdict(Status.UNDETERMINED, Reason("missing_answer"), Interval(ZERO, most)),
    }


def _differing(one: Side, other: Side) -> frozenset[str]:
    """Inputs, tables and answers that two bases do not agree on."""
    names: set[str] = set()
    pairs: tuple[tuple[Mapping[str, object], Mapping[str, object]], ...] = (
        (one.values, other.values),
        (one.tables, other.tables),
        (one.answers, other.answers),
        (one.entered, other.entered),
    )
    for mine, theirs in pairs:
        names.update(name for name in mine.keys() | theirs.keys() if _differ(mine.get(name), theirs.get(name)))
    return frozenset(names)


def _differ(one: object, other: object) -> bool:
    return one is not other and one != other


def _cause_reason(value: Value) -> Reason | None:
    if not isinstance(value, Unknown):
        return None
    code = value.causes[0].code if value.causes else "missing_value"
    return Reason(code, (("names", Names(cause.name for cause in value.causes if cause.code == code)),))


def _no_status(name: str) -> str:
    raise LookupError(f"a formula outside the rules asked for the status of {name}")
