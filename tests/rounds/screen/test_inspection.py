"""What to inspect first: every item taken away is judged as the engine itself would judge the changed dossier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

import pytest

from engine import assess_dossier
from engine.assess.results import Assessment, Interval
from engine.dossier.bind import bind
from engine.dossier.schema import Cell, Dossier, Entry
from engine.problems import ProblemList
from engine.rounds.book import RESERVE, WITHIN, Application
from engine.rounds.screen.case import Case, OfficeCheck
from engine.rounds.screen.inspection import NOTHING, OUTCOME, PLACE, Inspection, inspected, inspections, place_edges
from engine.rounds.screen.removal import Removal, Removed, plain_items
from engine.rounds.screen.settings import Settings, load_settings
from engine.rounds.screen.signal import LOOK, NOTE, STRONG, Signal
from engine.ruleset.methods import Conform
from engine.ruleset.programme import Programme
from tests.rounds.screen.made import case_of, clean_round, sample

F = Fraction
SAMPLES = ("dyeing_mill", "leather", "cement_2025", "park_three_years", "electroplating_cp", "lca_textured_yarn")


@lru_cache
def sampled(name: str) -> Case:
    programme, dossier = sample(name)
    basis = "verified" if dossier.assessor.organisation else "declared"
    return replace(case_of(dossier, programme, name), assessment=assess_dossier(programme, dossier, basis))


def answered_no(dossier: Dossier, item: str) -> Dossier:
    """The dossier with an item answered by no, with what is brought for it."""

    def no(entry: Entry) -> Entry:
        return replace(entry, declared=Cell("no"), verified=Cell("no") if entry.verified else None)

    return replace(dossier, answers=tuple((name, no(entry) if name == item else entry) for name, entry in dossier.answers))


def outcome(made: Assessment) -> Removed:
    return Removed(made.determination.outcome, made.determination.tier, made.score)


def answered(case: Case, programme: Programme) -> list[str]:
    stated = {name for name, entry in case.dossier.answers if entry.declared}
    demands = {**programme.gates, **programme.criteria}
    return [name for name, demand in demands.items() if name in stated and isinstance(demand.method, Conform)]


@pytest.mark.parametrize("name", SAMPLES)
def test_an_item_taken_away_counts_as_if_it_were_answered_by_no(name: str) -> None:
    case = sampled(name)
    removal = Removal(case)
    tried = [item for item in answered(case, case.programme) if removal.stands(item)]
    tried = tried[:: max(1, len(tried) // 12)]
    assert tried
    for item in tried:
        made = assess_dossier(case.programme, answered_no(case.dossier, item), case.assessment.basis)
        assert removal.without([item]) == outcome(made), item


def test_several_items_taken_away_at_once_count_together() -> None:
    case = sampled("dyeing_mill")
    items = ["management.energy_certified", "infrastructure.green_building", "local.rooftop_pv", "local.online_monitoring"]
    dossier = case.dossier
    for item in items:
        dossier = answered_no(dossier, item)
    assert Removal(case).without(items) == outcome(assess_dossier(case.programme, dossier, "verified"))


def test_three_majors_lead_to_the_veto_of_the_scheme() -> None:
    """No single one of them does."""
    case = sampled("dyeing_mill")
    items = ["local.online_monitoring", "local.mandatory_audit", "local.outdated_phase_out"]
    dossier = case.dossier
    for item in items:
        dossier = answered_no(dossier, item)
    made = outcome(assess_dossier(case.programme, dossier, "verified"))
    assert Removal(case).without(items) == made
    assert made.outcome == "not_eligible"


def test_what_does_not_stand_cannot_be_taken_away() -> None:
    case = sampled("dyeing_mill")
    assert Removal(case).without(["management.social_report"]) == outcome(case.assessment)


def test_plain_items_are_judged_by_their_share_alone() -> None:
    case = sampled("dyeing_mill")
    removal = Removal(case)
    item = "management.energy_certified"
    assert item in plain_items(case.programme)
    after = removal.without([item])
    made = assess_dossier(case.programme, answered_no(case.dossier, item), "verified")
    assert after.total == made.score
    assert "run" not in vars(removal)  # nothing was computed anew for it


# --- what is listed, and in which order ---


def sound(count: int) -> tuple[Case, ...]:
    """So many of a made-up round that would be scored, numbered from N000 on."""
    cases = [case for case in clean_round(20) if case.assessment.determination.outcome == "scored"]
    return tuple(replace(case, number=f"N{i:03}") for i, case in enumerate(cases[:count]))


def listed(
    cases: tuple[Case, ...], signals: tuple[Signal, ...] = (), most: int = 500, **more: Mapping[str, Fraction]
) -> tuple[Inspection, ...]:
    settings = load_settings()
    wide = Settings({**settings.figures, "inspection_each": F(most)}, settings.ratios)
    return inspections(cases, signals, wide, **more)


def test_what_changes_the_outcome_comes_before_what_does_not() -> None:
    found = listed(sound(3))
    changes = [one.change for one in found]
    assert set(changes) == {OUTCOME, NOTHING}
    assert changes == sorted(changes, key=[OUTCOME, NOTHING].index)
    gates = {one.name: one.after.outcome for one in found if one.name in ("compliance", "infrastructure.metering")}
    assert gates == {"compliance": "not_eligible", "infrastructure.metering": "fails"}


def test_points_at_stake_order_what_is_equal_otherwise() -> None:
    points = [one.points for one in listed(sound(3)) if one.change == NOTHING]
    assert points == sorted(points, reverse=True)
    assert all(points)


def test_what_a_screen_noticed_comes_first_among_equals() -> None:
    signals = (
        Signal("sector", "sector_good", STRONG, ("N001",), ("energy_intensity",)),
        Signal("copies", "copies_figures", LOOK, ("N002",), ("water.discharged_volume",)),
        Signal("lenient", "lenient_evaluator", NOTE, ("N002",), ("infrastructure.metering",)),
    )
    found = listed(sound(3), signals)
    first = [(one.number, one.name, one.signals) for one in found if one.signals and one.change == OUTCOME]
    assert {(number, name) for number, name, _ in first[:2]} == {("N001", "energy"), ("N001", "production")}
    assert first[-1] == ("N002", "infrastructure.metering", ("lenient_evaluator",))
    assert ("N002", "water", ("copies_figures",)) in first
    weights = [one.weight for one in found if one.change == OUTCOME]
    assert weights == sorted(weights, reverse=True)


def test_what_could_not_be_looked_at_points_at_nothing() -> None:
    untested = Signal("sector", "sector_too_few", NOTE, ("N000",), ("energy_intensity",))
    assert listed(sound(1), (untested,)) == listed(sound(1))


def test_the_cheaper_check_comes_first_where_all_else_is_equal() -> None:
    two = [one.name for one in listed(sound(1)) if one.name.startswith("infrastructure.") and one.change == OUTCOME]
    points = {one.name: one.points for one in listed(sound(1))}
    same = [name for name in two if points[name] == points[two[0]]]
    assert len(same) > 2
    found = listed(sound(1), costs={same[1]: F(5), same[2]: F(3)})
    assert [one.name for one in found if one.name in same][:2] == [same[2], same[1]]


def test_a_place_within_the_quota_may_hang_on_an_item() -> None:
    [case] = sound(1)
    item = "management.energy_certified"
    lost = next(one.points for one in listed((case,)) if one.name == item)
    low = case.assessment.score.low
    edges = (low - lost, low - lost - F(1, 10**9))
    at, above = (next(one for one in listed((case,), edges={"N000": edge}) if one.name == item) for edge in edges)
    assert (at.change, at.edge, at.before.outcome) == (PLACE, low - lost, at.after.outcome)
    assert (above.change, above.edge) == (NOTHING, None)


def test_each_application_lists_as_many_as_the_settings_say() -> None:
    found = listed(sound(3), most=4)
    assert sorted(one.number for one in found) == ["N000"] * 4 + ["N001"] * 4 + ["N002"] * 4


def test_data_takes_what_is_computed_from_it_along() -> None:
    found = {one.name: one for one in listed(sound(1))}
    assert set(found["land_area"].resting) >= {"performance.plot_ratio", "performance.building_density"}
    assert found["land_area"].kind == "data"
    assert "performance.plot_ratio" not in found  # it is inspected by its data
    assert "local.low_carbon_energy" not in found  # a group, by its members


def test_benchmarks_and_groups_are_no_items_of_their_own() -> None:
    programme, _ = sample("dyeing_mill")
    names = {name for name, *_ in inspected(programme)}
    assert {"energy_limit", "industry_carbon_intensity", "local.low_carbon_energy"} & names == set()


# --- the edge of the quota ---


def applied(number: str, low: str, place: str, district: str = "xiuzhou", tier: str = "") -> Application:
    score = Interval(F(low), F(low))
    made = Application(number, "", "", "green_factory", "", district, "", "", 1, "", "")
    return replace(made, score=score, place=place, tier=tier)


def test_the_edge_is_the_best_one_in_reserve_of_the_same_group() -> None:
    applications = (
        applied("1", "90", WITHIN),
        applied("2", "85", WITHIN),
        applied("3", "80", RESERVE),
        applied("4", "70", RESERVE),
        applied("5", "60", WITHIN, district="nanhu"),
        applied("6", "88", RESERVE, tier="gold"),
    )
    assert place_edges(applications) == {"1": F(80), "2": F(80)}


def test_a_dossier_that_stays_bound_is_judged_like_one_that_is_bound_again() -> None:
    cases = clean_round(2)
    bound = tuple(replace(case, bound=bind(case.dossier, case.programme, ProblemList())) for case in cases)
    assert inspections(bound, (), load_settings()) == inspections(cases, (), load_settings())


def test_what_the_office_has_corrected_is_not_listed_again() -> None:
    [case] = clean_round(1)
    listed = {one.name for one in inspections((case,), (), load_settings())}
    assert "production" in listed
    checked = replace(case, office=OfficeCheck(case.dossier, case.assessment, frozenset({"production"})))
    assert "production" not in {one.name for one in inspections((checked,), (), load_settings())}
