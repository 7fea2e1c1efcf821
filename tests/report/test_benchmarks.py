"""Values on tracks: base and lead stand at fixed places, better is to the right whatever the direction."""

from __future__ import annotations

from functools import cache

import pytest

from engine.report.benchmarks import bullet_of
from engine.report.context import Context
from engine.report.gauges import Bullet
from engine.report.style import ACCENT, AMBER, RED
from tests.samples.results import assess, dossier, main_basis, own_programme


@cache
def context(name: str) -> Context:
    return Context(assess(name, main_basis(name)), dossier(name), own_programme(name), "zh")


def bullet(sample: str, number: str) -> Bullet:
    made = context(sample)
    found = bullet_of(made, next(c for c in made.assessment.criteria if c.number == number))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("sample", "number", "at"),
    [
        ("dyeing_mill", "A6-12", 0.35 + 0.4 * (1.408 - 1.2) / 0.8),  # a ladder from 1.2 to 2
        ("dyeing_mill", "A6-01", 0.5 + 0.5 * (1.1264 - 0.8) / 0.8),  # at least 0.8
        ("dyeing_mill", "A6-11", 0.5 + 0.5 * (9.4 - 8.1763) / 9.4),  # below 9.4
    ],
)
def test_where_a_value_stands(sample: str, number: str, at: float) -> None:
    assert bullet(sample, number).at == pytest.approx(at, abs=2e-4)


def test_a_value_far_beyond_is_held_at_the_end() -> None:
    places = [found.at for c in context("cement_2025").assessment.criteria if (found := bullet_of(context("cement_2025"), c))]
    assert places and all(-0.06 <= place <= 1.06 for place in places)


def test_colours_say_what_the_status_says() -> None:
    made = context("dyeing_mill")
    for criterion in made.assessment.criteria:
        found = bullet_of(made, criterion)
        if found is not None:
            missed = criterion.status == "scored" and not criterion.points.low
            assert found.colour == (RED if criterion.status == "not_met" else AMBER if missed else ACCENT), criterion.number


def test_text_and_answers_have_no_track() -> None:
    made = context("dyeing_mill")
    assert all(bullet_of(made, c) is None for c in made.assessment.criteria if c.method in ("conform", "judgement"))
