"""The cheapest proven way to a target: which changes of the dossier reach it at least cost, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from engine.advise.blocking import Blocking
from engine.advise.blocks import Blocks, blocks_of
from engine.advise.changes import Lever
from engine.advise.costs import Costs, default_costs
from engine.advise.goal import PASS, Goal, Target, target_of
from engine.advise.levers import Workshop
from engine.advise.lifted import AtBest, Lifted, lift
from engine.advise.scene import Scene
from engine.advise.search import Plan, Search
from engine.advise.supplies import supplies
from engine.assess.results import Assessment
from engine.dossier.schema import Dossier
from engine.ruleset.programme import Programme

LIFTS = 4
"""So often something comes to light behind what was lifted."""


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
    search = Search(scene, goal, workshop, found.blocks, found.levers)
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
        search = Search(scene, goal, workshop, lift(found.blocks, lifted.items, most), found.levers, lifted)
        plan = search.plan(goal.need)
        if plan is not None:
            return AtBest(items, vetoes, missing, plan.changes, plan.cost, plan.foreseen)
        more = search.stops()
        if not set(more.items) - lifted.items and not set(more.vetoes) - lifted.vetoes:
            return AtBest(items, vetoes, missing)
        items, vetoes = (*items, *more.items), (*vetoes, *more.vetoes)
    return AtBest(items, vetoes, missing)
