"""The score as an interval: every completion of what is missing lies inside, and both ends are attained."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest

from engine.assess.assess import assess_dossier
from engine.assess.results import Assessment
from engine.dossier.schema import Dossier
from engine.ruleset.programme import Programme
from tests.assess import tiny

PAPER = [tiny.words("paper")]
VALUES = [str(value) for value in (0, 1, 2, "2.5", 3, 4, 5, 6, 7, 8, 50)]
Given = tuple[str, str, Any]
"""Where something is stated (``inputs`` or ``answers``), its name, and what."""


def _methods(random: Random, x: str) -> list[Any]:
    low = random.randint(1, 3)
    high = low + random.randint(1, 4)
    return [
        {"threshold": {"value": x, random.choice(["at_least", "less_than"]): str(low)}},
        {"bands": {"value": x, "start": str(low), "full": str(high)}},
        {"bands": {"value": x, "direction": "down", "start": str(high), "full": str(low)}},
        {"interpolate": {"value": x, "base": str(high), "lead": str(low), "direction": "down"}},
        {"bands": {"value": x, "steps": [{"at": str(low), "points": "1"}, {"at": str(high), "points": "4"}]}},
    ]


def drawn(seed: int) -> tuple[Programme, list[list[Given]]]:
    """A ruleset whose items share no value, and for each of them every way it may be stated."""
    random = Random(seed)
    criteria, ways, inputs = [], [], []
    for i in range(random.randint(2, 5)):
        name, x = f"c{i}", f"x{i}"
        papers = {"evidence": PAPER} if random.random() < 0.4 else {}
        proof = {"evidence": "E1"} if papers else {}
        points, kind = random.choice(["4", "7"]), random.choice(["optional", "required"])
        if random.random() < 0.4:
            criteria.append(tiny.criterion(name, points=points, kind=kind, **papers))
            ways.append([("answers", name, {"declared": answer, **proof}) for answer in ("yes", "no")])
        else:
            method = random.choice(_methods(random, x))
            steps = "steps" in str(method)
            criteria.append(tiny.criterion(name, method, points="4" if steps else points, **papers))
            inputs.append(tiny.number(x))
            ways.append([("inputs", x, {"declared": value, **proof}) for value in VALUES])
    if random.random() < 0.5:
        of = random.sample([c["criterion"] for c in criteria], 2)
        method = random.choice([{"all": {"of": of}}, {"k_of": {"k": 1, "of": of}}, {"choose": {"n": 1, "of": of}}])
        criteria.append(tiny.criterion("group", method, points="7"))
        if "choose" in method:  # named, since members of which nothing is said do not count as chosen
            ways.append([("answers", "group", {"declared": of[0]})])
    return tiny.programme({"mark": "5"}, inputs=inputs, criteria=criteria), ways


def stated(given: tuple[Given, ...]) -> Dossier:
    parts: dict[str, dict[str, Any]] = {"inputs": {}, "answers": {}}
    for part, name, what in given:
        parts[part][name] = what
    return tiny.dossier(**parts)


def assess(made: Programme, given: tuple[Given, ...]) -> Assessment:
    return assess_dossier(made, stated(given))


@pytest.mark.parametrize("seed", range(60))
def test_every_completion_lies_inside_and_both_ends_are_attained(seed: int) -> None:
    made, ways = drawn(seed)
    random = Random(seed)
    open_to_choice = [i for i, way in enumerate(ways) if len(way) > 1]
    missing = set(random.sample(open_to_choice, random.randint(1, 2)))
    known = tuple(random.choice(way) for i, way in enumerate(ways) if i not in missing)
    open_ = assess(made, known)
    low, high = open_.score
    completions = [assess(made, (*known, *added)) for added in product(*(ways[i] for i in sorted(missing)))]
    scores = [completed.score for completed in completions]
    assert all(score.is_point for score in scores)
    assert high is not None
    assert (min(score.low for score in scores), max(score.low for score in scores)) == (low, high)
    if open_.determination.settled:
        assert {completed.determination.outcome for completed in completions} == {open_.determination.outcome}


@pytest.mark.parametrize("seed", range(30))
def test_a_ratio_without_a_cap_leaves_the_upper_end_open(seed: int) -> None:
    random = Random(seed)
    method = {"ratio": {"value": "x", "reference": str(random.randint(1, 9)), "direction": "up", "cap": None}}
    made = tiny.programme(inputs=[tiny.number("x")], criteria=[tiny.criterion("a", method), tiny.criterion("b")])
    answers = {"b": random.choice(["yes", "no"])}
    low, high = tiny.assess(made, answers=answers).score
    assert high is None
    completed = [tiny.assess(made, answers=answers, inputs={"x": str(x)}).score.low for x in (0, 1, random.randint(2, 1000), 10**9)]
    assert completed[0] == low
    assert all(score >= low for score in completed)
    assert completed[-1] > Fraction(10**6)
