"""Progress of the plan: pace and states by hand, districts against an independent recount, rates that are never added."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rounds.plan.load import kept_plan
from engine.rounds.plan.progress import DistrictCell, Progress, Standing, plan_progress
from engine.rounds.plan.tally import Certified, Gap, Measured, Moment, moment_of

PLAN = kept_plan("jiaxing_2017")
DISTRICTS = [district.district for district in PLAN.districts]
KINDS = {"green_factory": "green_factories", "green_park": "green_parks", "green_product": "green_design_products"}
SUMMED = ["retrofit_projects", "cleaner_production_audits", "distributed_pv"]
PRINTED = {
    "green_factories": {"nanhu": (5, 1), "port": (1, None), "haining": (9, 3)},
    "green_parks": {"haining": (2, 1), "nanhu": (1, None)},
}


def entry(measure: str, place: str, year: int, quarter: int | None, value: str) -> Measured:
    return Measured(measure, place, year, quarter, Fraction(value), "统计月报", "王某")


def everywhere(measure: str, year: int, quarter: int, values: dict[str, str]) -> list[Measured]:
    """An entry of every district, zero where none is given."""
    return [entry(measure, place, year, quarter, values.get(place, "0")) for place in DISTRICTS]


def standing(progress: Progress, target: str, year: int | None = None) -> Standing:
    [found] = [one for one in progress.standings if one.target.target == target and (year is None or one.year == year)]
    return found


def cell(progress: Progress, measure: str, place: str, year: int | None) -> DistrictCell:
    [found] = [one for one in progress.cells if (one.measure, one.place, one.year) == (measure, place, year)]
    return found


# --- pace, share, what is left ---


def factories(count: int, year: int = 2017, quarter: int = 2) -> list[Certified]:
    return [Certified("green_factory", "haining", year, quarter, f"{year}-{quarter}-{i}") for i in range(count)]


def test_a_period_target_has_its_share_pace_and_rest() -> None:
    found = standing(plan_progress(PLAN, Moment(2018, 2), factories(20)), "headline_factories")
    assert (found.done, found.wanted, found.share, found.left) == (20, 50, Fraction(2, 5), 30)
    assert found.pace == 25  # six of twelve quarters
    assert found.state == "behind"


@pytest.mark.parametrize(
    ("count", "at", "state"),
    [
        (24, Moment(2018, 2), "behind"),
        (25, Moment(2018, 2), "on_time"),
        (50, Moment(2018, 2), "reached"),
        (49, Moment(2019, 4), "missed"),
        (50, Moment(2019, 4), "reached"),
        (0, Moment(2016, 4), "not_begun"),
    ],
)
def test_on_time_is_at_the_pace_or_beyond(count: int, at: Moment, state: str) -> None:
    assert standing(plan_progress(PLAN, at, factories(count)), "headline_factories").state == state


def test_more_than_a_hundred_is_not_a_hundred() -> None:
    products = [Certified("green_product", "haining", 2017, 1, str(i)) for i in range(100)]
    progress = plan_progress(PLAN, Moment(2019, 4), products)
    assert standing(progress, "headline_products").state == "reached"
    assert standing(progress, "green_products_body").state == "missed"


def test_both_figures_of_2017_stand_side_by_side() -> None:
    progress = plan_progress(PLAN, Moment(2017, 4), factories(12))
    [found] = [one for one in progress.disagreements if one.note.disagreement == "factories_2017"]
    assert [(one.done, one.wanted, one.state) for one in found.standings] == [(12, 10, "reached"), (12, 15, "missed")]


def test_a_figure_that_is_not_printed_is_none() -> None:
    chains = [Certified("green_supply_chain", "haining", 2017, 1, "S1")]
    progress = plan_progress(PLAN, Moment(2017, 4), chains)
    found = standing(progress, "green_supply_chains_body")
    assert (found.done, found.wanted, found.state, found.share, found.left) == (1, None, "no_figure", None, None)
    assert cell(progress, "green_factories", "port", 2017).standing is not None
    port = cell(progress, "green_factories", "port", 2017).standing
    assert port is not None and (port.wanted, port.done, port.state) == (None, 0, "no_figure")


def test_what_lies_after_the_moment_does_not_count() -> None:
    progress = plan_progress(PLAN, Moment(2017, 1), factories(3, 2017, 1) + factories(4, 2017, 2))
    assert standing(progress, "headline_factories").done == 3


def test_a_certificate_number_counts_once() -> None:
    assert standing(plan_progress(PLAN, Moment(2017, 4), factories(3) * 2), "headline_factories").done == 3


def test_a_certificate_of_no_district_counts_for_the_city_and_is_named() -> None:
    lost = Certified("green_factory", "", 2017, 1, "X")
    progress = plan_progress(PLAN, Moment(2017, 4), [lost, *factories(1)])
    assert progress.unplaced == (lost,)
    assert cell(progress, "green_factories", "city", None).done == 2
    assert sum(cell(progress, "green_factories", place, None).done or 0 for place in DISTRICTS) == 1


# --- what is not entered ---


def test_nothing_entered_is_open_and_not_zero() -> None:
    found = standing(plan_progress(PLAN, Moment(2017, 2)), "work_audits")
    assert (found.done, found.state, found.share) == (None, "open", None)


def test_behind_only_by_what_is_entered_so_far_is_open() -> None:
    entries = everywhere("cleaner_production_audits", 2017, 1, {"haining": "10"})[:-1]
    progress = plan_progress(PLAN, Moment(2017, 1), (), entries)
    found = standing(progress, "work_audits_q1")
    assert (found.done, found.wanted, found.state) == (10, 15, "open")
    assert found.lacking == (Gap("port", 2017, 1),)
    whole = plan_progress(PLAN, Moment(2017, 1), (), everywhere("cleaner_production_audits", 2017, 1, {"haining": "10"}))
    assert standing(whole, "work_audits_q1").state == "missed"


def test_what_is_missing_cannot_take_away_what_is_on_time() -> None:
    entries = [entry("cleaner_production_audits", "haining", 2017, 1, "30")]
    progress = plan_progress(PLAN, Moment(2017, 1), (), entries)
    assert standing(progress, "work_audits").state == "on_time" and standing(progress, "work_audits_q1").state == "reached"


def test_a_years_value_counts_once_the_year_is_over() -> None:
    entries = [entry("equipment_phased_out", "city", 2017, None, "6000")]
    assert standing(plan_progress(PLAN, Moment(2017, 3), (), entries), "work_equipment").done is None
    assert standing(plan_progress(PLAN, Moment(2017, 4), (), entries), "work_equipment").state == "reached"


def test_a_whole_year_without_any_entry_is_one_gap() -> None:
    progress = plan_progress(PLAN, Moment(2017, 4), (), everywhere("distributed_pv", 2017, 1, {}))
    assert cell(progress, "distributed_pv", "haining", 2017).lacking == tuple(Gap("haining", 2017, n) for n in (2, 3, 4))
    assert cell(plan_progress(PLAN, Moment(2017, 4)), "distributed_pv", "haining", 2017).lacking == (Gap("haining", 2017, None),)


# --- audits by quarter, freed energy space by year ---


def test_audits_are_held_against_each_quarter() -> None:
    done = {1: "15", 2: "30", 3: "20", 4: "35"}
    entries = [one for quarter, value in done.items() for one in everywhere("cleaner_production_audits", 2017, quarter, {"haiyan": value})]
    progress = plan_progress(PLAN, Moment(2017, 4), (), entries)
    found = [standing(progress, f"work_audits_q{quarter}") for quarter in done]
    assert [(one.done, one.wanted, one.state) for one in found] == [
        (15, 15, "reached"),
        (30, 28, "reached"),
        (20, 27, "missed"),
        (35, 30, "reached"),
    ]
    assert standing(progress, "work_audits").done == 100


def test_yearly_targets_have_a_standing_for_every_year_that_has_begun() -> None:
    entries = [entry("energy_space_freed", "city", 2017, None, "11.5"), entry("energy_space_freed", "city", 2018, 1, "2.5")]
    progress = plan_progress(PLAN, Moment(2018, 1), (), entries)
    first, second = (standing(progress, "energy_space_freed", year) for year in (2017, 2018))
    assert (first.done, first.state) == (Fraction(23, 2), "reached")
    assert (second.done, second.pace, second.state) == (Fraction(5, 2), Fraction(11, 4), "behind")
    assert not [one for one in progress.standings if one.target.target == "energy_space_freed" and one.year == 2019]


# --- rates ---


def yearly(place: str, energy: dict[int, str], value: dict[int, str]) -> list[Measured]:
    return [entry("industrial_energy", place, year, None, text) for year, text in energy.items()] + [
        entry("industrial_added_value", place, year, None, text) for year, text in value.items()
    ]


CITY_AMOUNTS = yearly("city", {2015: "1000", 2016: "1010", 2017: "1020"}, {2015: "800", 2016: "850", 2017: "910"})


def test_intensity_against_2015_is_the_ratio_of_amounts_exactly() -> None:
    found = standing(plan_progress(PLAN, Moment(2017, 4), (), CITY_AMOUNTS), "headline_energy_intensity")
    assert found.done == 100 * (1 - (Fraction(1020) / 910) / (Fraction(1000) / 800))
    assert found.year == 2017 and found.pace == Fraction(15, 2)  # two of four years
    assert found.state == "on_time"


def test_three_and_four_years_are_both_counted() -> None:
    progress = plan_progress(PLAN, Moment(2017, 4), (), CITY_AMOUNTS)
    [found] = [one for one in progress.disagreements if one.note.disagreement == "intensity_base_year"]
    energy = [one for one in found.standings if one.target.measure == "energy_intensity"]
    assert [(one.target.against, one.pace) for one in energy] == [("2015", Fraction(15, 2)), ("2016", Fraction(5))]
    assert energy[1].done == 100 * (1 - (Fraction(1020) / 910) / (Fraction(1010) / 850))


def test_the_citys_rate_is_its_own_and_no_mean_of_districts() -> None:
    districts = [
        one
        for place, scale in (("haining", 1), ("nanhu", 3))
        for one in yearly(place, {2016: "100", 2017: str(100 - 10 * scale)}, {2016: "50", 2017: "50"})
    ]
    progress = plan_progress(PLAN, Moment(2017, 4), (), districts)
    assert [cell(progress, "energy_intensity", place, 2017).done for place in ("haining", "nanhu", "city")] == [10, 30, None]
    assert standing(progress, "work_energy_intensity").state == "open"
    assert cell(plan_progress(PLAN, Moment(2017, 4), (), districts + CITY_AMOUNTS), "energy_intensity", "city", 2017).done == 100 * (
        1 - (Fraction(1020) / 910) / (Fraction(1010) / 850)
    )


def test_quarters_make_a_year_only_together() -> None:
    quarters = [entry("industrial_energy", "city", 2017, quarter, "250") for quarter in (1, 2, 3, 4)]
    rest = [one for one in CITY_AMOUNTS if (one.measure, one.year) != ("industrial_energy", 2017)]
    whole = plan_progress(PLAN, Moment(2017, 4), (), rest + quarters)
    assert standing(whole, "headline_energy_intensity").done == 100 * (1 - (Fraction(1000) / 910) / (Fraction(1000) / 800))
    short = standing(plan_progress(PLAN, Moment(2017, 4), (), rest + quarters[:3]), "headline_energy_intensity")
    assert short.year == 2016 and short.lacking == (Gap("city", 2017, None),)


def test_a_reduction_without_its_base_is_open_and_says_what_is_missing() -> None:
    without = [one for one in CITY_AMOUNTS if one.year != 2015]
    found = standing(plan_progress(PLAN, Moment(2017, 4), (), without), "headline_energy_intensity")
    assert (found.done, found.state, found.lacking) == (None, "open", (Gap("city", 2015, None),))


def test_a_zero_added_value_gives_no_reduction() -> None:
    zero = [one for one in CITY_AMOUNTS if (one.measure, one.year) != ("industrial_added_value", 2017)]
    zero.append(entry("industrial_added_value", "city", 2017, None, "0"))
    assert standing(plan_progress(PLAN, Moment(2017, 4), (), zero), "work_energy_intensity").done is None


def test_coal_is_held_to_the_amount_entered_for_2012() -> None:
    entries = [entry("coal_use", "city", 2017, None, "980")]
    assert standing(plan_progress(PLAN, Moment(2017, 4), (), entries), "work_coal").state == "open"
    entries.append(entry("coal_use", "city", 2012, None, "1000"))
    found = standing(plan_progress(PLAN, Moment(2017, 4), (), entries), "work_coal")
    assert (found.done, found.wanted, found.left, found.state) == (980, 1000, 20, "kept")
    entries[0] = entry("coal_use", "city", 2017, None, "1000.01")
    assert standing(plan_progress(PLAN, Moment(2017, 4), (), entries), "work_coal").state == "exceeded"


def test_average_growth_is_the_mean_of_the_yearly_rates() -> None:
    entries = [entry("energy_growth", "city", 2017, None, "2.5"), entry("energy_growth", "city", 2018, None, "1.3")]
    found = standing(plan_progress(PLAN, Moment(2018, 4), (), entries), "energy_growth_cap")
    assert (found.done, found.state) == (Fraction(19, 10), "kept")
    assert standing(plan_progress(PLAN, Moment(2018, 4), (), entries[1:]), "energy_growth_cap").state == "open"


# --- what is due ---


def due(at: Moment, measured: list[Measured] | None = None) -> dict[str, list[tuple[str, bool]]]:
    found: dict[str, list[tuple[str, bool]]] = {}
    for one in plan_progress(PLAN, at, (), measured or []).due:
        found.setdefault(one.item.item, []).append((one.milestone.due, one.due))
    return found


def test_the_work_list_says_what_is_due_in_a_quarter() -> None:
    assert due(Moment(2017, 1))["clean_energy_substitution"] == [("Q1", True), ("H1", False), ("YEAR", False)]
    second = due(Moment(2017, 2))
    assert second["publicity"] == [("H1", True), ("MID", True), ("YEAR", False)]
    assert second["cleaner_production"] == [("Q2", True)]
    assert due(Moment(2017, 3))["demonstration_factories"] == [("Q3", True), ("YEAR", False)]
    assert {name: words for name, words in due(Moment(2017, 4)).items() if any(due for _, due in words)}.keys() == {
        item.item for item in PLAN.work.items
    }


def test_the_work_list_is_for_its_own_year() -> None:
    progress = plan_progress(PLAN, Moment(2017, 4))
    assert progress.coming == () and plan_progress(PLAN, Moment(2018, 1)).due == ()
    assert len(plan_progress(PLAN, Moment(2016, 4)).coming) > 5


def test_half_of_the_task_is_asked_for_by_the_middle_of_the_year() -> None:
    entries = [entry("pv_parks_firms", "city", 2017, 1, "30"), entry("pv_parks_firms", "city", 2017, 2, "44.9")]
    found = [one for one in plan_progress(PLAN, Moment(2017, 2), (), entries).due if one.item.item == "clean_energy_substitution"]
    [half] = next(one for one in found if one.milestone.due == "H1").standings
    assert (half.done, half.wanted, half.state) == (Fraction(749, 10), 75, "missed")


def test_a_day_lies_in_its_quarter() -> None:
    days = ("2017-01-01", "2017-03-31", "2017-04-01", "2017-09-30", "2017-10-01", "2017-12-31")
    assert [str(moment_of(day)) for day in days] == ["2017Q1", "2017Q1", "2017Q2", "2017Q3", "2017Q4", "2017Q4"]


# --- a three-year history against an independent recount ---

quarters = st.tuples(st.integers(2017, 2019), st.integers(1, 4))
certificates = st.lists(st.tuples(st.sampled_from(sorted(KINDS)), st.sampled_from(DISTRICTS), quarters), max_size=60)
entries = st.dictionaries(
    st.tuples(st.sampled_from(SUMMED), st.sampled_from(DISTRICTS), quarters),
    st.fractions(0, 50, max_denominator=100),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(certificates, entries, quarters)
def test_districts_agree_with_an_independent_recount(
    issued: list[tuple[str, str, tuple[int, int]]], stated: dict[tuple[str, str, tuple[int, int]], Fraction], at: tuple[int, int]
) -> None:
    certified = [Certified(kind, place, *when, number=f"N{i}") for i, (kind, place, when) in enumerate(issued)]
    measured = [Measured(name, place, *when, value, "s", "b") for (name, place, when), value in stated.items()]
    progress = plan_progress(PLAN, Moment(*at), reversed(certified), reversed(measured))

    for name in [*KINDS.values(), *SUMMED]:
        for year in (2017, 2018, 2019, None):
            city = Fraction(0)
            anything = False
            for place in DISTRICTS:
                count = Fraction(0)
                known = name in KINDS.values()
                for kind, where, when in issued:
                    if KINDS[kind] == name and where == place and when[0] in (year or when[0],) and (when[0], when[1]) <= at:
                        count += 1
                for (measure, where, when), value in stated.items():
                    if measure == name and where == place and when[0] in (year or when[0],) and (when[0], when[1]) <= at:
                        count += value
                        known = True
                if year is not None and year > at[0]:
                    continue
                found = cell(progress, name, place, year)
                assert found.done == (count if known else None)
                if place in PRINTED.get(name, {}) and (year is None or year == 2017):
                    wanted = PRINTED[name][place][0 if year is None else 1]
                    assert found.standing is not None and found.standing.wanted == wanted
                city += count
                anything = anything or known
            if year is None or year <= at[0]:
                assert cell(progress, name, "city", year).done == (city if anything else None)
