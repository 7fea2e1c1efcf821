"""The cheapest proven way to a target: which changes of the dossier reach it at least cost, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.advise.blocking import Blocking, blocking
from engine.advise.blocks import Block, Option, blocks_of
from engine.advise.changes import Change, Lever, apply
from engine.advise.costs import CENT, Costs, default_costs
from engine.advise.goal import PASS, Goal, Target, target_of
from engine.advise.levers import Workshop
from engine.advise.scene import Scene
from engine.advise.solve import MAX_CUTS, Program, Solution, cheapest, no_good
from engine.assess.assess import assess_dossier
from engine.assess.results import Assessment
from engine.dossier.schema import Dossier
from engine.ruleset.programme import Programme

OTHERS = 2
"""So many runner-up plans are given."""

FINE = 10_000
"""Scores that differ by less than a point over this count as equal where plans of the same cost are compared."""

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes with their total cost and the real assessment of the dossier that has them; ``foreseen`` is the model's score."""

    changes: tuple[Change, ...]
    cost: Fraction
    assessment: Assessment
    foreseen: Fraction | None


@dataclass(frozen=True, slots=True)
class Route:
    """The cheapest plan to a target, empty where the dossier is there already, None where no plan leads there.

    ``others`` are the next best plans, none of which merely adds to a better one. ``next_point`` is what one more point of score
    would cost on top, None where it cannot be had. ``proven``: no combination of the changes looked at is cheaper.
    ``shortened`` names the levers some of whose changes were not looked at because there were too many combinations.
    """

    target: Target
    now: Assessment
    plan: Plan | None
    others: tuple[Plan, ...]
    next_point: Fraction | None
    blocking: Blocking | None
    proven: bool
    levers: tuple[Lever, ...]
    shortened: tuple[str, ...]
    costs: Costs


def cheapest_route(
    programme: Programme,
    dossier: Dossier,
    basis: str = "declared",
    costs: Costs | None = None,
    target: str = PASS,
    *,
    close: bool | None = None,
) -> Route:
    """The cheapest changes of a dossier that reach a target: ``pass``, an outcome, a tier or level, or a score.

    Every plan has been assessed for real. Raises Refused where the dossier does not fit the programme or there is no such target.
    """
    wanted = target_of(target, programme)
    scene = Scene(programme, dossier, basis, close)
    costs = costs or default_costs()
    goal = Goal(programme, wanted, scene.now)
    workshop = Workshop(scene, goal, costs)
    found = blocks_of(scene, goal, workshop.relevant, workshop.levers())
    search = _Search(scene, goal, workshop, found.blocks, found.levers)
    plan = search.plan(goal.need) if not goal.blocked else None
    stops = None if plan else search.stops()
    others = tuple(search.others(plan)) if plan and plan.changes else ()
    price = search.next_point(plan) if plan and goal.level is None else None
    return Route(wanted, scene.now, plan, others, price, stops, search.proven, found.levers, found.shortened, costs)


class _Search:
    """The integer program of one dossier, and the loop between it and the real assessments."""

    def __init__(self, scene: Scene, goal: Goal, workshop: Workshop, blocks: Sequence[Block], levers: Sequence[Lever]) -> None:
        self.scene, self.goal, self.workshop, self.blocks, self.levers = scene, goal, workshop, blocks, levers
        self.program = Program()
        self.options: list[Option] = []
        self.setting: dict[Change, dict[int, int]] = {}
        self.proven, self.vetoes, self.conditions = True, set[str](), tuple[str, ...]()
        for block in blocks:
            self._columns(block.options, None)
        base = goal.base(scene.results) + self._aside()
        self.base = base

    def _aside(self) -> Fraction:
        """What results add that no block holds."""
        inside = {item for block in self.blocks for item in block.items}
        return sum((self.goal.worth(result) for name, result in self.scene.results.items() if name not in inside), ZERO)

    def _columns(self, options: Iterable[Option], parent: int | None) -> None:
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
        if parent is None:
            self.program.row(chosen, 1, 1)
        else:
            self.program.row({**chosen, parent: -1}, 0, 0)

    # --- plans ------------------------------------------------------------------------------------------------------

    def plan(self, need: Fraction | None, without: Sequence[Plan] = ()) -> Plan | None:
        """The cheapest plan whose score is at least what is needed, besides plans that contain one of those ``without``."""
        program = Program(self.program.costs, list(self.program.rows))
        if need is not None:
            worths = {column: option.worth for column, option in enumerate(self.options)}
            program.row(worths, need - self.base)
        for other in without:
            program.row(self._together(other.changes), None, len(other.changes) - 1)
        for _ in range(MAX_CUTS):
            found = self._solved(program)
            if found is None:
                return None
            plan = self._assessed(found)
            reached = self.goal.target.met_by(plan.assessment, self.scene.programme)
            if reached and (need is None or self.goal.level is not None or plan.assessment.score.low >= need):
                return plan
            self._learn(program, plan, found)
        self.proven = False
        return None

    def _solved(self, program: Program) -> Solution | None:
        """The cheapest choice; among the cheapest one with the highest score, and among these one with the fewest changes."""
        found = cheapest(program)
        if found is None:
            return None
        self.proven = self.proven and found.proven
        capped = Program(program.costs, list(program.rows))
        capped.row(dict(enumerate(program.costs)), None, found.cost)
        worths = [round(option.worth * FINE) for option in self.options]
        if any(worths):
            best = cheapest(capped, [-worth for worth in worths]) or found
            capped.row(dict(enumerate(worths)), sum(worths[column] for column in best.chosen))
        return cheapest(capped, [len(option.changes) for option in self.options]) or found

    def _together(self, changes: Iterable[Change]) -> dict[int, int]:
        """By column how many of some changes it makes."""
        out: dict[int, int] = {}
        for change in changes:
            for column in self.setting.get(change, ()):
                out[column] = out.get(column, 0) + 1
        return out

    def _assessed(self, found: Solution) -> Plan:
        """The plan of a choice of columns, with the assessment of the dossier that really has its changes."""
        options = [self.options[column] for column in sorted(found.chosen)]
        changes = tuple(sorted((c for option in options for c in option.changes), key=lambda c: (c.kind, c.item)))
        scene = self.scene
        changed = apply(scene.dossier, changes, scene.basis, scene.programme)
        assessment = assess_dossier(scene.programme, changed, scene.basis, close=scene.close)
        foreseen = self.base + sum((option.worth for option in options), ZERO)
        return Plan(changes, sum((change.cost for change in changes), ZERO), assessment, foreseen if self.goal.factors else None)

    def _learn(self, program: Program, plan: Plan, found: Solution) -> None:
        """Cut off what a real assessment turned down: where a veto fired, every plan that looks the same to it."""
        fired = [f.rule for f in plan.assessment.findings if f.rule in self.workshop.vetoes]
        self.vetoes.update(fired)
        for veto in fired:
            row, same = self._same(veto, found.chosen)
            program.row(row, None, same - 1)
        if not fired:
            self.conditions = tuple(reason.code for reason in plan.assessment.determination.reasons)
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
        for lever in (lever for lever in self.levers if lever.item in support and lever.kind in ("value", "fact")):
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
