"""The route is the cheapest there is: on generated rulesets and dossiers it is what trying every combination finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, count, islice

import pytest

from engine.advise.changes import Change, Lever
from engine.advise.costs import Costs, Price, default_costs
from engine.advise.goal import Goal
from engine.advise.route import Route, cheapest_route
from engine.advise.scene import judged
from engine.advise.vetoes import veto_support
from engine.assess.results import Judged
from engine.ruleset.compile import compiled
from tests.advise.generated import Case, Tried, all_tried, draw, fine, passing, size

CASES, BATCHES = 500, 5
RISING_CASES = 100
EACH, TRIES = 5, 8
"""So many dossiers of each ruleset are taken, among so many that are drawn."""

VALUE = Price(Fraction(3), per=Fraction(1, 20))
"""What moving a value costs: a hundredth a fifth of a unit."""

COSTS = Costs(default_costs().unit, {**default_costs().kinds, "value": VALUE})
MAX_FINE = 200
"""Cases with more combinations of values at every hundredth are compared at the stops only."""

MAX_SIZE = 24
"""Cases with more combinations are passed over: trying them all takes too long."""


def small(seed: int, *, rising: bool = False) -> Iterator[tuple[Case, Route]]:
    """Cases of one ruleset that are small enough, with their routes."""
    for case in islice(draw(seed, rising=rising), TRIES):
        route = cheapest_route(case.programme, case.dossier, case.basis, COSTS, case.target)
        if size(route.levers) <= MAX_SIZE:
            yield case, route


def check(case: Case, route: Route) -> str:
    """In which way a route differs from what trying everything finds; nothing where it does not."""
    tried = all_tried(case, route.levers)
    good = passing(tried, route.target, case.programme)
    plan = route.plan
    if plan is None and not good:
        return check_blocking(case, route, tried) or check_at_best(case, route, tried)
    if plan is None or not good:
        return f"feasible: {bool(good)}"
    seen = [frozenset(plan.changes)]
    for other in route.others if plan.changes else ():
        left = [one for one in good if not any(contained(better, one.changes) for better in seen)]
        if not moves(route.levers) and (not left or other.cost != left[0].cost):
            return f"runner-up {other.cost}, cheapest {left[0].cost if left else None}"
        seen.append(frozenset(other.changes))
    if not route.proven or plan.foreseen != plan.assessment.score.low:
        return "not proven, or another score than foreseen"
    return check_costs(case, route, good)


def moves(levers: Iterable[Lever]) -> bool:
    """Whether values can be moved."""
    return any(lever.changes[0].move for lever in levers)


def check_costs(case: Case, route: Route, good: Sequence[Tried]) -> str:
    """In which way costs differ from what trying every hundredth of every value finds.

    Where something is not in proportion to a value, or several items or a veto rest on it, it may cost more than that, but not more than
    at the places that are changes of their own.
    """
    plan = route.plan
    assert plan is not None
    levers = fine(route.levers, VALUE)
    closely = passing(all_tried(case, levers), route.target, case.programme) if size(levers) <= MAX_FINE else good
    looked_at = frozenset().union(*veto_support(compiled(case.programme)).values())
    moved = [lever for lever in route.levers if lever.changes[0].move]
    straight = all(len(lever.touches) == 1 and lever.item in {"x", "z"} - looked_at for lever in moved)
    exact = not moves(route.levers) or (straight and size(levers) <= MAX_FINE)
    if size(levers) <= MAX_FINE and plan.cost < closely[0].cost:
        return f"cost {plan.cost}, cheapest {closely[0].cost}"
    if plan.cost > (closely if exact else good)[0].cost:
        return f"cost {plan.cost}, cheapest {(closely if exact else good)[0].cost}"
    if not exact:
        return ""
    further = [one.cost - plan.cost for one in closely if one.assessment.score.low >= plan.assessment.score.low + 1]
    if route.next_point != (further[0] if further else None):
        return f"next point {route.next_point}, cheapest {further[:1]}"
    return ""


def contained(better: Iterable[Change], changes: Iterable[Change]) -> bool:
    """Whether changes do all that a better plan does, and perhaps more."""
    return all(any(own.contains(one) for own in changes) for one in better)


def check_blocking(case: Case, route: Route, tried: Sequence[Tried]) -> str:
    """In which way the named items differ from the smallest reason there is; vetoes are not looked at here."""
    found = route.blocking
    assert found is not None
    if found.vetoes:
        return ""
    goal = Goal(case.programme, route.target, route.now)
    now = judged(route.now)
    results = [judged(one.assessment) for one in tried]

    def is_reason(items: Sequence[str]) -> bool:
        """Whether these items keep every combination from the target, with all others met in full."""

        def worth(result: Judged) -> Fraction:
            return goal.worth(result) if result.id in items else max(goal.most(now[result.id]), goal.worth(result))

        standing = [made for made in results if all(goal.ok(made[item]) for item in items)]
        sums = [goal.base(now) + sum((worth(result) for result in made.values()), Fraction(0)) for made in standing]
        return all(goal.need is not None and total < goal.need for total in sums)

    smallest = next(size for size in range(len(now) + 1) if any(map(is_reason, combinations(now, size))))
    if found.conditions:
        return "" if (found.conditions, smallest) == (("beyond_full",), 0) else f"conditions {found.conditions}"
    if found.each:
        alone = {item for item in now if is_reason((item,))}
        return "" if alone == set(found.items) and smallest == 1 else f"each of {found.items}, really {alone}"
    return "" if len(found.items) == smallest and is_reason(found.items) else f"{found.items}, really {smallest}"


def check_at_best(case: Case, route: Route, tried: Sequence[Tried]) -> str:
    """In which way what the rest needs at best differs from the cheapest combination with the lifted items in full."""
    best = route.at_best
    if best is None or any(rule.then.veto for rule in case.programme.rules):
        return ""
    goal = Goal(case.programme, route.target, route.now)
    now = judged(route.now)
    data = {supply.base for supply in best.supplies}
    lifted = {*best.items, *(item for item in now if data & compiled(case.programme).depends[item])}
    lifted |= {name for name, c in case.programme.criteria.items() if lifted & set(getattr(c.method, "of", ()))}

    def total(made: dict[str, Judged]) -> Fraction:
        worths = (max(goal.most(now[item]), goal.worth(made[item])) if item in lifted else goal.worth(made[item]) for item in made)
        return goal.base(now) + sum(worths, Fraction(0))

    results = [(one.cost, judged(one.assessment)) for one in tried]
    standing = [(cost, made) for cost, made in results if all(goal.ok(made[item]) for item in made if item not in lifted)]
    costs = [cost for cost, made in standing if goal.need is None or total(made) >= goal.need]
    if best.cost is not None and costs and moves(route.levers):
        return "" if best.cost <= costs[0] else f"at best {best.cost}, really {costs[0]}"
    return "" if best.cost == (costs[0] if costs else None) else f"at best {best.cost}, really {costs[:1]}"


def between(change: Change, route: Route) -> bool:
    """Whether a value moves to a place between those that are changes of their own."""
    return bool(change.move) and not any(change in lever.changes for lever in route.levers)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_route_is_what_trying_every_combination_finds(batch: int) -> None:
    every = ((seed, *found) for seed in count(batch, BATCHES) for found in islice(small(seed), EACH))
    cases = list(islice(every, CASES // BATCHES))
    assert {(seed, i): wrong for i, (seed, case, route) in enumerate(cases) if (wrong := check(case, route))} == {}
    assert any(route.plan is None for _, _, route in cases)
    assert any(route.at_best is not None and route.at_best.changes for _, _, route in cases)
    assert any(route.plan is not None and any(change.kind == "state" for change in route.plan.changes) for _, _, route in cases)
    assert sum(bool(route.plan and route.plan.changes) for _, _, route in cases) > len(cases) // 4


def test_values_between_the_stops_cost_what_trying_every_hundredth_finds() -> None:
    every = ((seed, *found) for seed in count(1000) for found in islice(small(seed, rising=True), EACH))
    cases = list(islice(every, RISING_CASES))
    assert {(seed, i): wrong for i, (seed, case, route) in enumerate(cases) if (wrong := check(case, route))} == {}
    assert sum(any(between(change, route) for change in route.plan.changes) for _, _, route in cases if route.plan) >= 5
