"""One dossier under one programme on one basis: what is assessed again for every change that is tried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType
from typing import cast

from engine.advise.changes import Change, apply
from engine.assess.assess import assess_bound, judge_items
from engine.assess.basis import BasisRun
from engine.assess.results import Assessment, CriterionResult, Judged
from engine.assess.verdicts import Verdict
from engine.dossier.bind import Bound, Side, bind
from engine.dossier.cells import CellError, read_cell
from engine.dossier.schema import Dossier
from engine.language import Row, Value
from engine.problems import ProblemList
from engine.ruleset.compile import compiled
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Input

NOTHING: Mapping[str, Sequence[Row]] = MappingProxyType({})


class Scene:
    """Assesses a dossier with changes; ``close`` as in :func:`engine.assess.assess.assess_dossier`."""

    def __init__(self, programme: Programme, dossier: Dossier, basis: str, close: bool | None) -> None:
        problems = ProblemList()
        self.programme, self.dossier, self.basis, self.close = programme, dossier, basis, close
        self.bound = bind(dossier, programme, problems)
        problems.refuse_if_errors()
        self.ready = compiled(programme)

    @cached_property
    def now(self) -> Assessment:
        """The assessment of the dossier as it is."""
        return assess_bound(self.bound, self.basis, close=self.close)

    @cached_property
    def open(self) -> Assessment:
        """The same with what is missing left open: what a closed assessment lacks shows by its reason."""
        return assess_bound(self.bound, self.basis, close=False)

    @cached_property
    def run(self) -> BasisRun:
        """Everything that is computed from the dossier as it is."""
        return BasisRun(self.ready, self.bound, self.basis, {})

    def after(self, changes: Iterable[Change], names: Iterable[str], tables: Mapping[str, Sequence[Row]] = NOTHING) -> dict[str, Judged]:
        """What some gates and criteria become by changes, and with other rows in some tables: status and points.

        The rest of a result is as it was.
        """
        bound = self.bound_after(changes)
        if tables:
            side = bound.side(self.basis)
            side = replace(side, tables={**side.tables, **tables})
            bound = replace(bound, verified=side) if self.basis == "verified" else replace(bound, declared=side)
        verdicts = judge_items(bound, names, self.basis, close=self.close, like=self.run)
        now = self.results
        found: dict[str, Judged] = {}
        for name, verdict in verdicts.items():
            result = now[name]
            if isinstance(result, CriterionResult):
                found[name] = result._replace(status=verdict.status, reason=verdict.reason, points=verdict.points)
            else:
                found[name] = result._replace(status=verdict.status, reason=verdict.reason)
        return found

    def reads(self, text: str, definition: Input) -> bool:
        """Whether the dossier can state a value: not while the unit that it is in is itself not stated."""
        try:
            read_cell(text, definition, self.programme, dict(self.dossier.units))
        except CellError:
            return False
        return True

    def notices(self, bound: Bound, moved: str) -> bool:
        """Whether the outcome could be another one with a moved input or table: some verdict is, or a rule looks at it.

        Where years are judged beside each other, or levels, every verdict has more than one value: then it could.
        """
        programme = self.programme
        if programme.levels or programme.standard.years > 1 or moved in self.seen_by_rules:
            return True
        names = [name for name in self.results if moved in self.ready.depends[name]]
        verdicts = judge_items(bound, names, self.basis, close=self.close, like=self.run)
        return any(_differs(verdict, self.results[name]) for name, verdict in verdicts.items())

    @cached_property
    def seen_by_rules(self) -> frozenset[str]:
        """The inputs and tables that rules look at, through all indicators and computed columns between."""
        found: set[str] = set()
        for rule in self.programme.rules:
            typed = self.ready.formulas[rule.rule, "when"].typed
            for name in (*typed.names, *typed.tables, *((rule.each,) if rule.each else ())):
                found |= {name, *(self.ready.uses[name] if name in self.programme.indicators else ())}
        columns = {name for (table, _), formula in self.ready.columns.items() if table in found for name in formula.typed.names}
        return frozenset(found | columns)

    @cached_property
    def results(self) -> dict[str, Judged]:
        """Every gate and criterion as it is now."""
        return judged(self.now)

    def bound_after(self, changes: Iterable[Change]) -> Bound:
        """The dossier after changes, bound: only what they say is read anew."""
        changes = tuple(changes)
        changed = apply(self.dossier, changes, self.basis, self.programme)
        side = self.bound.side(self.basis)
        values, answers, entered = dict(side.values), dict(side.answers), dict(side.entered)
        units = dict(self.dossier.units)
        for change in changes:
            if change.item in self.programme.inputs and change.text:
                values[change.item] = cast("Value", read_cell(change.text, self.programme.inputs[change.item], self.programme, units))
                entered[change.item] = change.text
            elif change.text:
                answers[change.item] = change.text
        return self.bound_with(Side(values, side.tables, answers, entered, side.rows), changed)

    def bound_with(self, side: Side, dossier: Dossier | None = None) -> Bound:
        """The dossier, or a changed one, bound with another side of the scene's basis."""
        dossier = dossier or self.dossier
        if self.basis == "verified":
            return replace(self.bound, dossier=dossier, verified=side)
        return replace(self.bound, dossier=dossier, declared=side)


def _differs(verdict: Verdict, result: Judged) -> bool:
    points = result.points if isinstance(result, CriterionResult) else verdict.points
    return (verdict.status, verdict.points) != (result.status, points)


def judged(assessment: Assessment) -> dict[str, Judged]:
    """Every gate and criterion by its id."""
    return {result.id: result for result in assessment.judged}
