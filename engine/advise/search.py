"""The integer program of one dossier, and the loop between it and real assessments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.advise.blocking import Blocking, blocking
from engine.advise.blocks import Block, Option
from engine.advise.changes import Change, Lever, apply
from engine.advise.costs import CENT
from engine.advise.easing import Easing
from engine.advise.goal import Goal
from engine.advise.levers import Workshop
from engine.advise.lifted import Lifted
from engine.advise.lines import Segment, segments
from engine.advise.scene import Scene
from engine.advise.solve import MAX_CUTS, Program, Solution, cheapest, no_good
from engine.assess.assess import assess_dossier
from engine.assess.results import Assessment

OTHERS = 2
"""So many runner-up plans are given."""

FINE = 10_000
"""Scores that differ by less than a point over this count as equal where plans of the same cost are compared."""

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes with their total cost and the real assessment of the dossier that has them; ``foreseen`` is the model's score,
    ``total`` its sum of worths."""

    changes: tuple[Change, ...]
    cost: Fraction
    assessment: Assessment
    foreseen: Fraction | None
    total: Fraction = ZERO


class Search:
    """The integer program of one dossier, and the loop between it and the real assessments."""

    def __init__(
        self,
        scene: Scene,
        goal: Goal,
        workshop: Workshop,
        blocks: Sequence[Block],
        levers: Sequence[Lever],
        lifted: Lifted | None = None,
    ) -> None:
        self.lifted = lifted
        self.scene, self.goal, self.workshop, self.blocks, self.levers = scene, goal, workshop, blocks, levers
        self.program = Program()
        self.options: list[Option] = []
        self.setting: dict[Change, dict[int, int]] = {}
        self.segments: dict[int, tuple[Segment, dict[int, int]]] = {}
        self.steps: set[int] = set()
        lifted_items = lifted.items if lifted else frozenset[str]()
        self.easing = Easing(scene, goal, {lever.item: lever for lever in levers}, workshop.movers, lifted_items)
        self.proven, self.vetoes, self.conditions = True, set[str](), tuple[str, ...]()
        for block in blocks:
            self._columns(block.options, None)
        base = goal.base(scene.results) + self._aside()
        self.base = base

    def _aside(self) -> Fraction:
        """What results add that no block holds."""
        inside = {item for block in self.blocks for item in block.items}
        return sum((self.goal.worth(result) for name, result in self.scene.results.items() if name not in inside), ZERO)

    def _columns(self, options: Sequence[Option], parent: int | None) -> None:
        """One column for each option that stands; exactly one of them is chosen where their parent is."""
        chosen: dict[int, int] = {}
        for option in options:
            if option.stands:
                column = self.program.column(int(option.cost / CENT))
                self.options.append(option)
                chosen[column] = 1
                for change in option.changes:
                    self.setting.setdefault(change, {})[column] = 1
                for part in option.parts:
                    self._columns(part, column)
        if not any(option.parts for option in options):
            chosen |= {self._stretch(each): 1 for each in segments(options, self.levers, self.workshop.lines) if each.first.stands}
        if parent is None:
            self.program.row(chosen, 1, 1)
        else:
            self.program.row({**chosen, parent: -1}, 0, 0)

    def _stretch(self, segment: Segment) -> int:
        """A column for being on a stretch, and columns of 1, 2, 4, ... further steps along it."""
        column = self.program.column(int(segment.first.cost / CENT))
        self.options.append(segment.first)
        weights: dict[int, int] = {}
        left, weight = segment.steps, 1
        while left:
            taken = min(weight, left)
            cost = taken * segment.cost
            weights[self.program.column(int(cost / CENT))] = taken
            self.options.append(Option((), cost, {}, {"": taken * segment.worth}, frozenset()))
            left, weight = left - taken, weight * 2
        self.program.row({**weights, column: -segment.steps}, None, 0)
        self.segments[column] = (segment, weights)
        self.steps |= set(weights)
        return column

    # --- plans ------------------------------------------------------------------------------------------------------

    def plan(self, need: Fraction | None, without: Sequence[Plan] = ()) -> Plan | None:
        """The cheapest plan whose score is at least what is needed, besides plans that contain one of those ``without``."""
        program = Program(self.program.costs, list(self.program.rows))
        if need is not None:
            worths = {column: option.worth for column, option in enumerate(self.options)}
            program.row(worths, need - self.base)
        for other in without:
            program.row(self._together(other.changes), None, len(other.changes) - 1)
        best: Plan | None = None
        for _ in range(MAX_CUTS):
            found = self._solved(program)
            if found is None:
                return best
            cost = CENT * sum(program.costs[column] for column in found.chosen)
            if best is not None and cost >= best.cost:
                return best
            plan = self._assessed(found, need)
            if not self._reaches(plan, need):
                self._learn(program, plan, found)
                continue
            plan = self._eased(plan, need)
            if plan.cost <= cost:
                return plan
            best = plan if best is None or plan.cost < best.cost else best
            self._cut(program, found)
        self.proven = False
        return best

    def _reaches(self, plan: Plan, need: Fraction | None) -> bool:
        """Whether the real assessment of a plan is at the target, besides what is lifted."""
        if self.lifted is not None:
            rest = (result for result in plan.assessment.judged if result.id not in self.lifted.items)
            return all(self.goal.ok(result) for result in rest) and not self._fired(plan)
        return self._holds(plan.assessment, need)

    def _holds(self, assessment: Assessment, need: Fraction | None) -> bool:
        """Whether an assessment is at the target, with so much score."""
        reached = self.goal.target.met_by(assessment, self.scene.programme)
        return reached and (need is None or self.goal.level is not None or assessment.score.low >= need)

    def _fired(self, plan: Plan) -> list[str]:
        """The veto rules that a plan leaves standing."""
        fired = [f.rule for f in plan.assessment.findings if f.rule in self.workshop.vetoes]
        if self.lifted is None:
            return fired
        return [rule for rule in fired if rule not in self.lifted.vetoes and self.workshop.vetoes[rule].isdisjoint(self.lifted.items)]

    def _solved(self, program: Program) -> Solution | None:
        """The cheapest choice; among the cheapest one with the highest score, and among these one with the fewest changes."""
        found = cheapest(program)
        if found is None:
            return None
        self.proven = self.proven and found.proven
        capped = Program(program.costs, list(program.rows))
        capped.row(dict(enumerate(program.costs)), None, found.cost)
        for column in self.segments.keys() | self.steps:
            capped.row({column: 1}, int(column in found.chosen), int(column in found.chosen))
        worths = [round(option.worth * FINE) for option in self.options]
        if any(worths):
            best = cheapest(capped, [-worth for worth in worths]) or found
            capped.row(dict(enumerate(worths)), sum(worths[column] for column in best.chosen))
        return cheapest(capped, [len(option.changes) for option in self.options]) or found

    def _together(self, changes: Iterable[Change]) -> dict[int, int]:
        """By column how many of some changes it contains."""
        counts = {i: sum(own.contains(c) for c in changes for own in option.changes) for i, option in enumerate(self.options)}
        return {column: count for column, count in counts.items() if count}

    def _assessed(self, found: Solution, need: Fraction | None) -> Plan:
        """The plan of a choice of columns, with the assessment of the dossier that really has its changes."""
        plain = [self.options[column] for column in found.chosen - self.segments.keys() - self.steps]
        total = self.base + sum((option.worth for option in plain), ZERO)
        changes = [change for option in plain for change in option.changes]
        along = []
        for column in found.chosen & self.segments.keys():
            segment, weights = self.segments[column]
            step = sum(weight for each, weight in weights.items() if each in found.chosen)
            along.append((segment, segment.change(step)))
            changes += segment.rest
        total += sum((segment.earns(change) for segment, change in along), ZERO)
        for segment, change in along:
            further = segment.further(change)
            short = need is not None and total < need
            changes.append(further if short else change)
            total += segment.earns(further) - segment.earns(change) if short else ZERO
        return self._made(tuple(sorted(changes, key=lambda c: (c.kind, c.item))), total)

    def _made(self, changes: tuple[Change, ...], total: Fraction) -> Plan:
        cost = sum((change.cost for change in changes), ZERO)
        return Plan(changes, cost, self._after(changes), total if self.goal.factors else None, total)

    def _eased(self, plan: Plan, need: Fraction | None) -> Plan:
        """A plan with its values moved no further than it takes; the same where a real assessment does not bear that out."""
        eased = self.easing.ease(plan.changes, plan.total, need)
        if eased.changes == plan.changes:
            return plan
        other = self._made(eased.changes, eased.total)
        return other if other.cost <= plan.cost and self._reaches(other, need) else plan

    def _after(self, changes: Iterable[Change]) -> Assessment:
        """The assessment of the dossier that really has some changes."""
        scene = self.scene
        return assess_dossier(scene.programme, apply(scene.dossier, changes, scene.basis, scene.programme), scene.basis, close=scene.close)

    def _learn(self, program: Program, plan: Plan, found: Solution) -> None:
        """Cut off what a real assessment turned down: where a veto fired, every plan that looks the same to it."""
        fired = self._fired(plan)
        self.vetoes.update(fired)
        for veto in fired:
            row, same = self._same(veto, found.chosen)
            program.row(row, None, same - 1)
        if not fired:
            self.conditions = tuple(reason.code for reason in plan.assessment.determination.reasons)
            self._cut(program, found)

    def _cut(self, program: Program, found: Solution) -> None:
        """Never again exactly this choice."""
        cut = no_good(found.chosen, len(self.options))
        program.row(cut.coefficients, cut.least, cut.most)

    def _same(self, veto: str, chosen: frozenset[int]) -> tuple[dict[int, int], int]:
        """A row that reaches its number only where everything a veto rule looks at is as it was under a choice."""
        row: dict[int, int] = {}
        same = 0
        support = self.workshop.vetoes[veto]
        for item in sorted(support):
            holders = {column for column, option in enumerate(self.options) if item in option.statuses}
            status = next((self.options[column].statuses[item] for column in sorted(holders & chosen)), None)
            alike = {column for column in holders if self.options[column].statuses[item] is status}
            if alike != holders:
                same += 1
                row |= {column: row.get(column, 0) + 1 for column in alike}
        for lever in (lever for lever in self.levers if lever.item in support and lever.kind in ("value", "state", "fact")):
            settings = [set(self.setting.get(change, ())) for change in lever.changes]
            made = next((columns for columns in settings if columns & chosen), None)
            sign, columns = (-1, set[int]().union(*settings)) if made is None else (1, made)
            same += made is not None
            row |= {column: row.get(column, 0) + sign for column in columns}
        return row, same

    def others(self, best: Plan) -> Iterable[Plan]:
        """The next best plans, each the cheapest that contains none of those before."""
        found = [best]
        for _ in range(OTHERS):
            plan = self.plan(self.goal.need, found)
            if plan is None:
                return
            found.append(plan)
            yield plan

    def confirmed(self, plan: Plan) -> Plan:
        """A plan that says what has to be true of missing numbers only where it really holds with all of them at either end of that."""
        for end in (0, 1):
            ends = [replace(c, text=c.span.tried[end]) if c.span else c for c in plan.changes]
            if any(c.span for c in ends) and not self._holds(self._after(ends), self.goal.need):
                return replace(plan, changes=tuple(replace(change, span=None) for change in plan.changes))
        return plan

    def next_point(self, best: Plan) -> Fraction | None:
        """What one more point than the best plan's score costs on top of it."""
        further = self.plan(best.assessment.score.low + ONE)
        return None if further is None else further.cost - best.cost

    def stops(self) -> Blocking:
        """Why there is no plan."""
        if self.goal.blocked:
            return Blocking(conditions=self.goal.blocked)
        found = blocking(self.goal, self.blocks, self.base, self.goal.need)
        return found if found.items or found.conditions else replace(found, vetoes=tuple(sorted(self.vetoes)), conditions=self.conditions)
