"""The waterfall of lost points adds up to the score, for every sample that has one."""

from __future__ import annotations

from fractions import Fraction

import pytest

from engine.report.context import Context
from engine.report.losses import losses, lost_points
from engine.report.report import report_bytes
from tests.report.reading import read
from tests.samples.results import assess, dossier, main_basis, own_programme

WITH_LOSSES = (
    "cement_2025",
    "dyeing_mill",
    "garment",
    "half_filled",
    "leather",
    "paper_mill",
    "park_three_years",
    "pv_modules",
    "supply_chain",
)
WITHOUT = ("baby_wear", "electroplating_cp", "zero_carbon_park")


def context(name: str) -> Context:
    return Context(assess(name, main_basis(name)), dossier(name), own_programme(name), "zh")


@pytest.mark.parametrize("name", WITH_LOSSES)
def test_the_most_and_all_steps_make_the_least_score(name: str) -> None:
    made = context(name)
    found = losses(made)
    assert found
    assert made.assessment.score_max + sum(loss.change - loss.open for loss in found) == made.assessment.score.low


@pytest.mark.parametrize("name", WITHOUT)
def test_where_no_points_are_scored_there_is_no_waterfall(name: str) -> None:
    assert losses(context(name)) == () and lost_points(context(name)) is None


def test_what_is_lost_for_certain_and_what_is_open_are_kept_apart() -> None:
    found = {loss.item: loss for loss in losses(context("dyeing_mill"))}
    # 2.4 "social report": 10 of the 100 raw points of a dimension that weighs 15
    assert found["management.social_report"].change == Fraction(-3, 2) and found["management.social_report"].open == 0
    assert any(loss.open for loss in losses(context("half_filled")))


def test_a_name_longer_than_its_column_ends_in_an_ellipsis() -> None:
    content = report_bytes(assess("supply_chain", "verified"), dossier("supply_chain"), own_programme("supply_chain"), "en")[0]
    assert (
        "X43 Recovery system (own or with third …" in read(content).text or "X43 Recovery system (own or with third…" in read(content).text
    )
