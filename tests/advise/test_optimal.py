"""The route is the cheapest there is: on generated rulesets and dossiers it is what trying every combination finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, count, islice

import pytest

from engine.advise.goal import Goal
from engine.advise.route import Route, cheapest_route
from engine.advise.scene import judged
from engine.assess.results import Judged
from engine.ruleset.compile import compiled
from tests.advise.generated import Case, Tried, all_tried, draw, passing, size

CASES, BATCHES = 500, 5
EACH, TRIES = 5, 8
"""So many dossiers of each ruleset are taken, among so many that are drawn."""

MAX_SIZE = 24
"""Cases with more combinations are passed over: trying them all takes too long."""


def small(seed: int) -> Iterator[tuple[Case, Route]]:
    """Cases of one ruleset that are small enough, with their routes."""
    for case in islice(draw(seed), TRIES):
        route = cheapest_route(case.programme, case.dossier, case.basis, target=case.target)
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
    if plan.cost != good[0].cost:
        return f"cost {plan.cost}, cheapest {good[0].cost}"
    seen = [frozenset(plan.changes)]
    for other in route.others if plan.changes else ():
        left = [one for one in good if not any(better <= one.changes for better in seen)]
        if not left or other.cost != left[0].cost:
            return f"runner-up {other.cost}, cheapest {left[0].cost if left else None}"
        seen.append(frozenset(other.changes))
    further = [one.cost - plan.cost for one in good if one.assessment.score.low >= plan.assessment.score.low + 1]
    if route.next_point != (further[0] if further else None):
        return f"next point {route.next_point}, cheapest {further[:1]}"
    return "" if route.proven and plan.foreseen == plan.assessment.score.low else "not proven, or another score than foreseen"


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
    return "" if best.cost == (costs[0] if costs else None) else f"at best {best.cost}, really {costs[:1]}"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_route_is_what_trying_every_combination_finds(batch: int) -> None:
    every = ((seed, *found) for seed in count(batch, BATCHES) for found in islice(small(seed), EACH))
    cases = list(islice(every, CASES // BATCHES))
    assert {(seed, i): wrong for i, (seed, case, route) in enumerate(cases) if (wrong := check(case, route))} == {}
    assert any(route.plan is None for _, _, route in cases)
    assert any(route.at_best is not None and route.at_best.changes for _, _, route in cases)
    assert any(route.plan is not None and any(change.kind == "state" for change in route.plan.changes) for _, _, route in cases)
    assert sum(bool(route.plan and route.plan.changes) for _, _, route in cases) > len(cases) // 4
