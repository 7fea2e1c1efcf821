"""Small rulesets and dossiers drawn at random, and the obviously correct way to the cheapest plan: trying every combination."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any, NamedTuple

from engine.advise.changes import Change, Lever, apply
from engine.advise.costs import CENT, Price
from engine.advise.goal import Target
from engine.assess.assess import assess_dossier
from engine.assess.results import Assessment
from engine.dossier.schema import Dossier
from engine.language import to_text
from engine.ruleset.programme import Programme
from tests.assess import tiny

Method = Callable[[Random, str], tiny.Data]
PAPER = [tiny.words("paper")]


class Case(NamedTuple):
    """A drawn ruleset with a dossier, the basis, and what is aimed at."""

    programme: Programme
    dossier: Dossier
    basis: str
    target: str


class Tried(NamedTuple):
    """One combination of changes, assessed for real."""

    changes: frozenset[Change]
    cost: Fraction
    assessment: Assessment


def draw(seed: int, *, rising: bool = False) -> Iterator[Case]:
    """Cases of one ruleset without end, each with a dossier of its own: the same for the same seed.

    ``rising``: most points rise in proportion to a value.
    """
    random = Random(seed)
    made = _programme(random, RISING if rising else METHODS)
    while True:
        target = random.choice(["pass", "pass", "pass", str(random.randint(3, 20))])
        yield Case(made, _dossier(random, made), random.choice(["declared", "verified"]), target)


def _programme(random: Random, methods: Sequence[Method]) -> Programme:
    items = [make(random, f"c{i}") for i, make in enumerate(random.choices(methods, k=random.randint(2, 3)))]
    criteria = [*items, *_group(random, [item["criterion"] for item in items])]
    gates = [tiny.gate(f"g{i}", **_papers(random)) for i in range(random.choice([0, 0, 1, 2]))]
    rules = _rules(random, [c["criterion"] for c in criteria] + [g["gate"] for g in gates])
    chosen_from = {name for c in criteria if "choose" in c["method"] for name in c["method"]["choose"]["of"]}
    most = sum(Fraction(c["points"]) for c in criteria if c["criterion"] not in chosen_from)
    mark = random.choice([None, str(int(most * Fraction(random.randint(3, 9), 10)))])
    scheme: dict[str, Any] = {"mark": mark, "rules": rules}
    if mark and random.random() < 0.3:
        scheme["mark_places"] = random.choice([0, 1])
    inputs = [tiny.number(name) for name in ("x", "y", "z")]
    return tiny.programme(scheme, inputs=inputs, criteria=criteria, gates=gates, indicators=INDICATORS)


INDICATORS = [tiny.indicator("r", "x / y"), tiny.indicator("s", "x + 2 * z")]


def _papers(random: Random) -> dict[str, Any]:
    return {"evidence": PAPER} if random.random() < 0.5 else {}


def _points(random: Random) -> str:
    return str(random.randint(2, 9))


def _kind(random: Random) -> str:
    return random.choice(["optional", "required"])


def _conform(random: Random, name: str) -> tiny.Data:
    return tiny.criterion(name, kind=_kind(random), points=_points(random), **_papers(random))


def _threshold(random: Random, name: str) -> tiny.Data:
    limit = {random.choice(["at_least", "more_than", "at_most", "less_than"]): str(random.randint(1, 6))}
    method = {"threshold": {"value": random.choice(["x", "r", "s"]), **limit}}
    return tiny.criterion(name, method, kind=_kind(random), points=_points(random), **_papers(random))


def _ladder(random: Random, name: str) -> tiny.Data:
    start = random.randint(1, 3)
    method = {"bands": {"value": random.choice(["x", "r", "z"]), "start": str(start), "full": str(start + random.randint(1, 4))}}
    return tiny.criterion(name, method, points=_points(random), **_papers(random))


def _interpolated(random: Random, name: str) -> tiny.Data:
    base, lead = random.sample(range(1, 8), 2)
    direction = "up" if lead > base else "down"
    method = {"interpolate": {"value": random.choice(["x", "z"]), "base": str(base), "lead": str(lead), "direction": direction}}
    return tiny.criterion(name, method, points=_points(random))


def _steps(random: Random, name: str) -> tiny.Data:
    method = {"bands": {"value": "y", "steps": [{"at": "2", "points": "1"}, {"at": "4", "points": "4"}]}}
    return tiny.criterion(name, method, points="4", **_papers(random))


METHODS: list[Method] = [_conform, _conform, _threshold, _ladder, _interpolated, _steps]
RISING: list[Method] = [_conform, _ladder, _interpolated, _interpolated]


def _group(random: Random, members: Sequence[str]) -> list[tiny.Data]:
    """Sometimes a group over what is there already."""
    if random.random() < 0.6:
        return []
    of = random.sample(list(members), 2)
    if random.random() < 0.5:
        method = random.choice([{"all": {"of": of}}, {"k_of": {"k": 1, "of": of}}])
        return [tiny.criterion("group", method, points="3", kind=_kind(random))]
    return [tiny.criterion("group", {"choose": {"n": 1, "of": of}}, points="9")]


def _rules(random: Random, names: Sequence[str]) -> list[tiny.Data]:
    if random.random() < 0.5:
        return []
    asked = random.sample(list(names), min(2, len(names)))
    rules = [tiny.rule(f"bad{i}", f"not met({name})", nonconformity="major") for i, name in enumerate(asked)]
    when = random.choice(["nonconformities.major >= 2", "bad0", f"not_met({asked[-1]}) and bad0", "x > 5"])
    return [*rules, tiny.rule("stop", when, veto=True)]


def _dossier(random: Random, made: Programme) -> Dossier:
    inputs = {name: str(random.randint(1, 7)) for name in ("x", "y", "z") if random.random() < 0.8}
    answers: dict[str, dict[str, str]] = {}
    for name, demand in {**made.gates, **made.criteria}.items():
        if demand.method.method == "conform" and random.random() < 0.85:
            answers[name] = {"declared": random.choice(["yes", "no"])}
        if demand.evidence and random.random() < 0.7:
            answers.setdefault(name, {})["evidence"] = random.choice(["E1", "E2", "E2 E3"])
    entries: dict[str, dict[str, str]] = {name: {"declared": text} for name, text in inputs.items()}
    for entry in (*entries.values(), *answers.values()):
        if "declared" in entry and random.random() < 0.8:
            entry["verified"] = "as_declared"
    return tiny.dossier(entries, answers)


def combinations(levers: Sequence[Lever]) -> Iterator[tuple[Change, ...]]:
    """Every combination of settings."""
    for chosen in product(*((None, *lever.changes) for lever in levers)):
        yield tuple(change for change in chosen if change is not None)


def fine(levers: Sequence[Lever], price: Price) -> list[Lever]:
    """The same levers, values also at every hundredth of cost on the way to their furthest change, in both directions."""
    return [replace(lever, changes=(*lever.changes, *_between(lever, price))) if lever.changes[0].move else lever for lever in levers]


def _between(lever: Lever, price: Price) -> Iterator[Change]:
    moves = [change.move for change in lever.changes if change.move]
    step = CENT / price.per
    for move in (min(moves), max(moves)):
        for i in range(1, int(abs(move) / step) + 1):
            moved = (step if move > 0 else -step) * i
            if moved not in moves and (move > 0) == (moved > 0):
                like = lever.changes[0]
                now = Fraction(like.before)
                yield replace(like, text=to_text(now + moved), cost=price.of(now, now + moved), move=moved)


def size(levers: Sequence[Lever]) -> int:
    """How many combinations there are."""
    count = 1
    for lever in levers:
        count *= len(lever.changes) + 1
    return count


def all_tried(case: Case, levers: Sequence[Lever]) -> list[Tried]:
    """Every combination assessed for real, cheapest first."""
    tried = []
    for changes in combinations(levers):
        changed = apply(case.dossier, changes, case.basis, case.programme)
        made = assess_dossier(case.programme, changed, case.basis)
        tried.append(Tried(frozenset(changes), sum((c.cost for c in changes), Fraction(0)), made))
    return sorted(tried, key=lambda one: one.cost)


def passing(tried: Sequence[Tried], target: Target, programme: Programme) -> list[Tried]:
    """Those that are at the target."""
    return [one for one in tried if target.met_by(one.assessment, programme)]
