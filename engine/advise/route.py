"""The cheapest proven way to a target: which changes of the dossier reach it at least cost, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.advise.blocking import Blocking, blocking
from engine.advise.blocks import Block, Blocks, Option, blocks_of
from engine.advise.changes import Change, Lever, apply
from engine.advise.costs import CENT, Costs, default_costs
from engine.advise.goal import PASS, Goal, Target, target_of
from engine.advise.levers import Workshop
from engine.advise.lifted import AtBest, Lifted, lift
from engine.advise.scene import Scene
from engine.advise.solve import MAX_CUTS, Program, Solution, cheapest, no_good
from engine.advise.supplies import supplies
from engine.assess.assess import assess_dossier
from engine.assess.results import Assessment
from engine.dossier.schema import Dossier
from engine.ruleset.programme import Programme

LIFTS = 4
"""So often something comes to light behind what was lifted."""

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
    ``blocking`` and ``at_best`` say, where there is no plan, what bars the way and what the rest would still need.
    ``shortened`` names the levers some of whose changes were not looked at because there were too many combinations.
    """

    target: Target
    now: Assessment
    plan: Plan | None
    others: tuple[Plan, ...]
    next_point: Fraction | None
    blocking: Blocking | None
    at_best: AtBest | None
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
    plan, others = search.confirmed(plan) if plan else None, tuple(map(search.confirmed, others))
    best = _at_best(scene, goal, workshop, found, stops) if stops else None
    return Route(wanted, scene.now, plan, others, price, stops, best, search.proven, found.levers, found.shortened, costs)


def _at_best(scene: Scene, goal: Goal, workshop: Workshop, found: Blocks, stops: Blocking) -> AtBest | None:
    """What the rest would still need if what bars the way were lifted, and what comes to light behind it; None where nothing can be."""
    most = {name: goal.most(result) for name, result in scene.results.items()}
    items, vetoes = stops.items, stops.vetoes
    for _ in range(LIFTS):
        missing = supplies(scene, items, years="year_open" in stops.conditions)
        if not (items or vetoes or missing):
            return None
        lifted = Lifted(workshop.resting_on(items, {supply.base for supply in missing}), frozenset(vetoes))
        search = _Search(scene, goal, workshop, lift(found.blocks, lifted.items, most), found.levers, lifted)
        plan = search.plan(goal.need)
        if plan is not None:
            return AtBest(items, vetoes, missing, plan.changes, plan.cost, plan.foreseen)
        more = search.stops()
        if not set(more.items) - lifted.items and not set(more.vetoes) - lifted.vetoes:
            return AtBest(items, vetoes, missing)
        items, vetoes = (*items, *more.items), (*vetoes, *more.vetoes)
    return AtBest(items, vetoes, missing)


class _Search:
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
            if self._reaches(plan, need):
                return plan
            self._learn(program, plan, found)
        self.proven = False
        return None

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
        assessment = self._after(changes)
        foreseen = self.base + sum((option.worth for option in options), ZERO)
        return Plan(changes, sum((change.cost for change in changes), ZERO), assessment, foreseen if self.goal.factors else None)

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
