"""Errors of measurement: by hand, and against trying many moves."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from engine import load_programme, read_dossier
from engine.advise.meters import dossier_moved, meters_of
from engine.advise.scene import Scene
from engine.advise.stability import Stability, assessed, default_margin, factors, margin_of, stability
from engine.assess.assess import assess_dossier
from engine.problems import Refused
from engine.ruleset.programme import Programme
from tests.advise.generated import draw
from tests.assess import tiny

SAMPLES = Path(__file__).parents[2] / "samples"
LEAST = {"threshold": {"value": "x", "at_least": "100"}}


def scene(made: Programme, basis: str = "declared", **parts: Any) -> Scene:
    return Scene(made, tiny.dossier(**parts), basis, None)


def one(method: Any = LEAST, **more: Any) -> Programme:
    return tiny.programme({}, inputs=[tiny.number("x", **more)], criteria=[tiny.criterion("a", method, kind="required")])


def moved(made: Programme, error: str, basis: str = "declared", **parts: Any) -> Stability:
    return stability(scene(made, basis, **parts), margin_of(error))


def test_a_value_farther_from_its_limit_than_the_error_is_stable() -> None:
    assert moved(one(), "2.5", inputs={"x": "103"}).stable is True


def test_a_value_nearer_to_its_limit_than_the_error_is_fragile() -> None:
    found = moved(one(), "2.5", inputs={"x": "102"})
    ((flip,),) = [swing.flips for swing in found.fragile]
    # steps of 0.125 %: 102 less 1.875 % is 100.0875, less 2 % it is 99.96
    assert (flip.factor, flip.before, flip.after, flip.outcome) == (Fraction(98, 100), "102", "99.96", "fails")
    assert found.stable is False


def test_both_sides_of_a_narrow_range_are_found() -> None:
    method = {"threshold": {"value": "x", "at_least": "99.5", "at_most": "100.5"}}
    (swing,) = moved(one(method), "2", inputs={"x": "100"}).fragile
    assert [flip.factor for flip in swing.flips] == [Fraction("0.994"), Fraction("1.006")]


def test_a_stretch_that_fails_between_two_that_hold_is_found() -> None:
    method = {"holds": {"value": "x < 101 or x > 102"}}
    (swing,) = moved(one(method), "5", inputs={"x": "100"}).fragile
    assert all(Fraction("1.01") <= flip.factor <= Fraction("1.02") for flip in swing.flips)


def test_a_share_does_not_exceed_everything() -> None:
    found = moved(one({"threshold": {"value": "x", "at_least": "50 %"}}, type="share"), "5", inputs={"x": "99 %"})
    assert found.stable is True


def test_the_meter_of_a_table_is_all_months_of_one_code() -> None:
    columns = [tiny.column("month", type="month"), tiny.column("code", type="text"), tiny.column("v")]
    months = [{"month": f"2016-{month:02d}", "code": code, "v": "10"} for month in range(1, 13) for code in ("a", "b")]
    made = tiny.programme(
        inputs=[],
        tables=[tiny.table("t", columns, ["month", "code"])],
        criteria=[tiny.criterion("it", {"threshold": {"value": "sum(t.v)", "at_most": "242"}}, kind="required")],
    )
    at = scene(made, tables={"t": tiny.rows(*months)})
    assert [meter.id for meter in meters_of(at)] == ["t.v[a]", "t.v[b]"]
    # 240 in all, 120 of each: 2 more are 1.666… % of 120, the next step of a twentieth of 2 % is 1.7 %
    assert [swing.flips[0].factor for swing in stability(at, margin_of("2")).fragile] == [Fraction("1.017")] * 2


def test_what_is_verified_is_moved_where_the_assessor_counts() -> None:
    inputs = {"x": {"declared": "200", "verified": "101"}}
    found = moved(one(), "2", "verified", inputs=inputs)
    assert found.fragile[0].flips[0].before == "101"
    assert moved(one(), "2", inputs=inputs).stable is True


def test_a_veto_rule_over_a_value_is_seen() -> None:
    rule = tiny.rule("stop", "x >= 103", veto=True)
    made = tiny.programme({"rules": [rule]}, inputs=[tiny.number("x")], criteria=[tiny.criterion("a", kind="required")])
    found = moved(made, "4", inputs={"x": "100"}, answers={"a": "yes"})
    assert [flip.outcome for flip in found.fragile[0].flips] == ["not_eligible"]


def test_counts_and_figures_of_official_sources_are_not_measured() -> None:
    made = tiny.programme(
        inputs=[tiny.number("posts", type="count"), tiny.number("usual", role="benchmark")],
        criteria=[tiny.criterion("a", {"threshold": {"value": "posts", "at_least": "usual"}})],
    )
    found = moved(made, "5", inputs={"posts": "5", "usual": {"declared": "5", "evidence": "E1"}})
    assert (found.stable, found.swings) == (None, ())


def test_the_default_error_says_where_it_comes_from() -> None:
    margin = default_margin()
    assert margin.error == Fraction(25, 1000)
    assert margin.source is not None and margin.source.basis.value == "policy"


@pytest.mark.parametrize("text", ["0", "-1", "100", "much", ""])
def test_an_error_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        margin_of(text)


@pytest.mark.parametrize("name", ["dyeing_mill", "half_filled", "pv_modules", "park_incomplete_year", "electroplating_cp", "supply_chain"])
def test_what_a_moved_value_comes_to_is_what_the_assessment_of_the_moved_dossier_says(name: str) -> None:
    at = sample_scene(name)
    for meter in meters_of(at)[::4]:
        for factor in factors(at, meter, Fraction(1, 40)):
            quick = assessed(at, meter, factor)
            real = assess_dossier(at.programme, dossier_moved(at, meter, factor), at.basis)
            assert (quick.determination.outcome, quick.determination.tier, quick.score) == (
                real.determination.outcome,
                real.determination.tier,
                real.score,
            )


def sample_scene(name: str) -> Scene:
    dossier = read_dossier(SAMPLES / f"{name}.yaml")
    programme = load_programme(dossier.scheme, dossier.kind, standard=dossier.standard, day=dossier.application_date)
    return Scene(programme, dossier, "declared", None)


@pytest.mark.parametrize("seed", range(30))
def test_no_move_within_the_error_changes_what_is_called_stable(seed: int) -> None:
    error = Fraction(1, 5)
    for case in islice(draw(seed), 3):
        at = Scene(case.programme, case.dossier, case.basis, None)
        found = stability(at, margin_of("20"))
        fragile = {swing.meter for swing in found.fragile}
        assert found.stable is (None if not found.swings else not fragile)
        for meter in meters_of(at):
            for i in range(-20, 21):
                changed = dossier_moved(at, meter, 1 + error * i / 20)
                result = assess_dossier(case.programme, changed, case.basis).determination
                if (result.outcome, result.tier) != (at.now.determination.outcome, at.now.determination.tier):
                    assert meter in fragile
        for swing in found.fragile:
            for flip in swing.flips:
                result = assess_dossier(case.programme, dossier_moved(at, swing.meter, flip.factor), case.basis).determination
                assert (result.outcome, result.tier) == (flip.outcome, flip.tier)
                assert (result.outcome, result.tier) != (at.now.determination.outcome, at.now.determination.tier)
                assert abs(flip.factor - 1) <= error
