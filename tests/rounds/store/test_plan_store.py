"""A plan and the store: what is entered counts once, all or nothing; corrections say what they replace; rounds are counted together."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from engine import (
    Measured,
    Problem,
    Refused,
    Store,
    certificates_of,
    enter_measures,
    enter_stated,
    load_plan,
    measures_of,
    progress_of,
    quarter_of,
    remove_measure,
    rulesets_root,
    view_plain,
)
from engine.rounds.frozen_rules import rules_text, rules_to_freeze
from engine.rounds.plan.progress import DistrictCell
from engine.rounds.plan.tally import Moment
from engine.rounds.plan_store import PlanView
from engine.rounds.store.models import LedgerRow, MeasureRow
from tests.rounds.store.dossiers import act
from tests.rounds.store.history import Issued, put

PLAN = load_plan("jiaxing_2017")
DISTRICTS = [district.district for district in PLAN.districts]
HEAD = "measure,place,year,quarter,value,item,source,by\n"
PV = "distributed_pv,nanhu,2017,1"


def written(tmp_path: Path, *rows: str, name: str = "q1.csv") -> Path:
    path = tmp_path / name
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def enter(store: Store, *files: Path, correct: bool = False) -> None:
    enter_measures(store, act("plan_enter", PLAN.plan), PLAN, files, correct=correct)


def refused(store: Store, *files: Path, correct: bool = False) -> list[Problem]:
    with pytest.raises(Refused) as caught:
        enter(store, *files, correct=correct)
    return caught.value.problems


def stated(store: Store) -> list[tuple[str, str, str, str, Fraction]]:
    return [(one.measure, one.place, one.when, one.item, one.value) for one in measures_of(store, PLAN)]


def entries_of_ledger(store: Store) -> list[str]:
    with store.reading() as session:
        return [row.what for row in session.query(LedgerRow).order_by(LedgerRow.seq)]


# --- entering ---


def test_what_is_entered_comes_back_exactly_with_items_sources_and_people(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, f"{PV},0.1,乙厂,并网单,王某", f"{PV},12.35,甲厂,月报,李某", "coal_use,city,2012,,1000.5,,年鉴,赵某")
    found = enter_measures(store, act("plan_enter"), PLAN, [path])
    assert (len(found.added), found.replaced, found.unchanged) == (3, (), 0)
    assert measures_of(store, PLAN) == (
        Measured("distributed_pv", "nanhu", 2017, 1, Fraction("0.1"), "并网单", "王某", "乙厂"),
        Measured("distributed_pv", "nanhu", 2017, 1, Fraction("12.35"), "月报", "李某", "甲厂"),
        Measured("coal_use", "city", 2012, None, Fraction("1000.5"), "年鉴", "赵某"),
    )
    with store.reading() as session:
        rows = session.query(MeasureRow).order_by(MeasureRow.measure).all()
        assert [(row.measure, row.district, row.quarter, row.source, row.by) for row in rows] == [
            ("coal_use", "", 0, "q1.csv", "甲"),
            ("distributed_pv", "nanhu", 1, "q1.csv", "甲"),
        ]
    assert list(store.check()) == []


def test_all_files_of_one_command_are_one_change(store: Store, tmp_path: Path) -> None:
    enter(store, written(tmp_path, f"{PV},1,,s,b"), written(tmp_path, "distributed_pv,nanhu,2017,2,2,,s,b", name="q2.csv"))
    assert entries_of_ledger(store) == ["plan_enter"]
    assert len(measures_of(store, PLAN)) == 2


def test_mistakes_of_every_file_come_at_once_and_nothing_is_written(store: Store, tmp_path: Path) -> None:
    first = written(tmp_path, f"{PV},1,,s,b", "distributed_pv,nanhu,2017,5,1,,s,b")
    second = written(tmp_path, "distributed_pv,port,2017,1,1,,s,b", "nothing,port,2017,1,1,,s,b", name="q2.csv")
    found = [(one.code, Path(one.where.file).name, one.where.line) for one in refused(store, first, second)]
    assert found == [("measured_quarter", "q1.csv", 3), ("measured_unknown", "q2.csv", 3)]
    assert measures_of(store, PLAN) == () and entries_of_ledger(store) == []


def test_two_files_of_one_command_are_held_against_each_other(store: Store, tmp_path: Path) -> None:
    [problem] = refused(store, written(tmp_path, f"{PV},1,,s,b"), written(tmp_path, f"{PV},1,,s,b", name="again.csv"))
    assert (problem.code, Path(problem.where.file).name, problem.where.line) == ("measured_twice", "again.csv", 2)
    assert "q1.csv:2" in problem.what("zh")


def test_what_is_there_already_is_refused_with_its_value(store: Store, tmp_path: Path) -> None:
    enter(store, written(tmp_path, f"{PV},12.35,,光伏月报,王某"))
    [problem] = refused(store, written(tmp_path, "retrofit_projects,nanhu,2017,1,3,,s,b", f"{PV},13,,s,b"))
    assert (problem.code, problem.where.line) == ("measured_stored", 3)
    assert "已经填报为 12.35（来源：光伏月报；填报人：王某）" in problem.what("zh")
    assert stated(store) == [("distributed_pv", "nanhu", "2017Q1", "", Fraction("12.35"))]


@pytest.mark.parametrize(
    ("there", "new", "code"),
    [
        (f"{PV},1,,s,b", f"{PV},2,甲厂,s,b", "measured_total_and_items"),
        (f"{PV},1,甲厂,s,b", f"{PV},2,,s,b", "measured_total_and_items"),
        (f"{PV},1,,s,b", "distributed_pv,nanhu,2017,,2,,s,b", "measured_year_and_quarter"),
        ("distributed_pv,nanhu,2017,,1,,s,b", f"{PV},2,,s,b", "measured_year_and_quarter"),
        (f"{PV},1,,s,b", "distributed_pv,city,2017,1,2,,s,b", "measured_city_and_district"),
        ("distributed_pv,city,2017,1,1,,s,b", f"{PV},2,,s,b", "measured_city_and_district"),
        ("energy_growth,city,2017,,1,甲,s,b", "energy_growth,city,2017,,2,乙,s,b", "measured_stored"),
    ],
)
def test_nothing_counts_twice_beside_what_is_there(store: Store, tmp_path: Path, there: str, new: str, code: str) -> None:
    enter(store, written(tmp_path, there, name="before.csv"))
    before = stated(store)
    [problem] = refused(store, written(tmp_path, new))
    assert (problem.code, Path(problem.where.file).name, problem.where.line) == (code, "q1.csv", 2)
    assert stated(store) == before


def test_another_item_joins_those_of_its_quarter(store: Store, tmp_path: Path) -> None:
    enter(store, written(tmp_path, f"{PV},1,甲厂,s,b"))
    enter(store, written(tmp_path, f"{PV},2,乙厂,s,b"))
    assert [(item, value) for *_, item, value in stated(store)] == [("乙厂", 2), ("甲厂", 1)]
    assert list(store.check()) == []


# --- correcting and removing ---


def test_a_correction_replaces_one_item_and_says_what_was_there(store: Store, tmp_path: Path) -> None:
    enter(store, written(tmp_path, f"{PV},1,甲厂,s,b", f"{PV},2,乙厂,s,b", "retrofit_projects,nanhu,2017,1,3,,s,b"))
    path = written(tmp_path, f"{PV},1.5,甲厂,更正单,李某", f"{PV},2,乙厂,s,b", f"{PV},4,丙厂,s,b")
    found = enter_measures(store, act("plan_correct", why="抄错"), PLAN, [path], correct=True)
    [(before, after)] = found.replaced
    assert (before.value, after.value, after.source) == (1, Fraction("1.5"), "更正单")
    assert ([one.item for one in found.added], found.unchanged) == (["丙厂"], 1)
    assert [(item, value) for *_, item, value in stated(store)] == [("", 3), ("丙厂", 4), ("乙厂", 2), ("甲厂", Fraction("1.5"))]
    assert list(store.check()) == []


def test_a_correction_that_changes_nothing_is_no_change(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, f"{PV},1,,s,b")
    enter(store, path)
    found = enter_measures(store, act("plan_correct"), PLAN, [path], correct=True)
    assert (found.added, found.replaced, found.unchanged) == ((), (), 1)
    assert entries_of_ledger(store) == ["plan_enter"]


def test_a_rate_is_corrected_whatever_it_is_of(store: Store, tmp_path: Path) -> None:
    enter(store, written(tmp_path, "energy_growth,city,2017,,1.7,甲,s,b"))
    enter(store, written(tmp_path, "energy_growth,city,2017,,-0.4,,s,b"), correct=True)
    assert stated(store) == [("energy_growth", "city", "2017", "", Fraction("-0.4"))]


def test_a_correction_may_not_count_twice_either(store: Store, tmp_path: Path) -> None:
    enter(store, written(tmp_path, f"{PV},1,,s,b"))
    [problem] = refused(store, written(tmp_path, f"{PV},2,,s,b", f"{PV},1,甲厂,s,b"), correct=True)
    assert problem.code == "measured_total_and_items"
    assert stated(store) == [("distributed_pv", "nanhu", "2017Q1", "", 1)]


def test_a_value_is_taken_out_by_what_it_is_of(store: Store, tmp_path: Path) -> None:
    enter(store, written(tmp_path, f"{PV},1,甲厂,s,b", f"{PV},2,乙厂,s,b"))
    gone = remove_measure(store, act("plan_remove"), PLAN, "分布式光伏发电应用", "南湖区", "2017Q1", "甲厂")
    assert gone.value == 1
    assert [(item, value) for *_, item, value in stated(store)] == [("乙厂", 2)]
    remove_measure(store, act("plan_remove"), PLAN, "distributed_pv", "nanhu", "2017Q1", "乙厂")
    assert measures_of(store, PLAN) == ()
    assert list(store.check()) == []


@pytest.mark.parametrize(
    ("measure", "place", "when", "code"),
    [
        ("distributed_pv", "nanhu", "2017", "measured_none"),
        ("distributed_pv", "port", "2017Q1", "measured_none"),
        ("distributed_pw", "nanhu", "2017Q1", "measured_unknown"),
        ("distributed_pv", "杭州", "2017Q1", "measured_place_unknown"),
    ],
)
def test_what_is_not_there_cannot_be_taken_out(store: Store, tmp_path: Path, measure: str, place: str, when: str, code: str) -> None:
    enter(store, written(tmp_path, f"{PV},1,,s,b"))
    with pytest.raises(Refused) as caught:
        remove_measure(store, act("plan_remove"), PLAN, measure, place, when)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert len(measures_of(store, PLAN)) == 1


def test_a_value_that_the_plan_does_not_know_is_told_and_not_left_out(store: Store) -> None:
    with store.change(act()) as session:
        head = {"plan": PLAN.plan, "measure": "wind_power", "district": "nanhu", "year": 2017, "quarter": 1}
        session.add(MeasureRow(**head, value="[]", source="", by="甲"))
    for look in (lambda: measures_of(store, PLAN), lambda: progress_of(store, PLAN, Moment(2017, 1), "2017-03-31")):
        with pytest.raises(Refused) as caught:
            look()
        [problem] = caught.value.problems
        assert (problem.code, problem.where.path) == ("measured_foreign", "measures jiaxing_2017/wind_power/nanhu/2017/1")


def test_two_who_enter_at_once_cannot_count_twice(shared_store: Store, tmp_path: Path) -> None:
    """The city and a district are different rows: neither overwrites the other, and still one of the two must be refused."""
    files = [written(tmp_path, f"distributed_pv,{place},2017,1,5,,s,b", name=f"{place}.csv") for place in ("city", "nanhu")]
    for _ in range(5):
        together = threading.Barrier(2)
        codes: list[str] = []

        def one(path: Path, together: threading.Barrier = together, codes: list[str] = codes) -> None:
            together.wait()
            try:
                enter(shared_store, path)
            except Refused as refused:
                codes.extend(problem.code for problem in refused.problems)

        threads = [threading.Thread(target=one, args=(path,)) for path in files]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert codes == ["measured_city_and_district"]
        [kept] = measures_of(shared_store, PLAN)
        remove_measure(shared_store, act("plan_remove"), PLAN, kept.measure, kept.place, kept.when)


# --- progress ---


def cell(view: PlanView, measure: str, place: str, year: int | None) -> DistrictCell:
    [found] = [one for one in view.progress.cells if (one.measure, one.place, one.year) == (measure, place, year)]
    return found


def a_history(seed: int) -> tuple[list[Issued], list[tuple[str, str, int, int, Fraction]]]:
    """Three years: quarterly rounds with certificates on any day of their quarter, and what the districts entered."""
    draw = random.Random(seed)
    certificates, values = [], []
    for year in (2017, 2018, 2019):
        for quarter in (1, 2, 3, 4):
            first = date(year, 3 * quarter - 2, 1)
            days = (date(year + quarter // 4, 3 * quarter % 12 + 1, 1) - first).days
            for kind, most in (("green_factory", 6), ("green_park", 1), ("green_product", 11)):
                for _ in range(draw.randint(0, most)):
                    day = first + timedelta(days=draw.randrange(days))
                    certificates.append(Issued(f"{year}Q{quarter}", kind, draw.choice(DISTRICTS), day.isoformat()))
            for measure in ("retrofit_projects", "cleaner_production_audits", "distributed_pv"):
                for place in DISTRICTS:
                    whole = measure != "distributed_pv"
                    values.append((measure, place, year, quarter, Fraction(draw.randint(0, 9 if whole else 900), 1 if whole else 100)))
    return certificates, values


def recount(rows: Iterable[tuple[str, str, Fraction]]) -> Counter[tuple[str, str]]:
    """Sums by measure and place, and the city's beside them, from rows that each name a place and an amount."""
    sums: Counter[tuple[str, str]] = Counter()
    for measure, place, amount in rows:
        sums[measure, place] += amount  # type: ignore[assignment]
        sums[measure, "city"] += amount  # type: ignore[assignment]
    return sums


@pytest.mark.parametrize("seed", [1, 2])
def test_three_years_of_rounds_come_to_an_independent_recount(store: Store, tmp_path: Path, seed: int) -> None:
    certificates, values = a_history(seed)
    put(store, certificates)
    for year in (2017, 2018, 2019):
        rows = [f"{m},{p},{y},{q},{float(v):.2f},,月报,王某" for m, p, y, q, v in values if y == year]
        enter(store, written(tmp_path, *rows, name=f"{year}.csv"))
    named = {"green_factory": "green_factories", "green_park": "green_parks", "green_product": "green_design_products"}
    for until in ("2017-03-31", "2018-09-30", "2019-12-31"):
        at = quarter_of("", until)
        view = progress_of(store, PLAN, at, until)
        for year in (None, *range(2017, int(until[:4]) + 1)):
            wanted = recount(
                [
                    (named[one.kind], one.district, Fraction(1))
                    for one in certificates
                    if one.day <= until and year in (None, int(one.day[:4]))
                ]
                + [(m, p, v) for m, p, y, q, v in values if f"{y}-{3 * q:02d}" <= until[:7] and year in (None, y)]
            )
            for measure in (*named.values(), "retrofit_projects", "cleaner_production_audits", "distributed_pv"):
                for place in (*DISTRICTS, "city"):
                    assert cell(view, measure, place, year).done == wanted[measure, place], (measure, place, year, until)
    assert len(certificates) > 50 and list(store.check()) == []


def test_what_is_certified_stands_against_the_printed_figures(store: Store) -> None:
    put(store, [Issued("2017Q3", "green_factory", "haining", "2017-09-30"), Issued("2017Q4", "green_factory", "haining", "2017-10-01")])
    before = progress_of(store, PLAN, Moment(2017, 3), "2020-01-01")
    after = progress_of(store, PLAN, Moment(2017, 4), "2020-01-01")
    assert [cell(view, "green_factories", "haining", 2017).done for view in (before, after)] == [1, 2]
    standing = cell(after, "green_factories", "haining", None).standing
    assert standing is not None and (standing.wanted, standing.left) == (9, 7)
    assert (before.round, after.round) == ("2017Q3", "2017Q4")
    assert (len(before.certified), len(after.certified)) == (1, 2)


def test_a_certificate_of_a_round_for_another_plan_does_not_count(store: Store) -> None:
    frozen = rules_to_freeze("", "jiaxing_2017", rulesets_root())
    text = rules_text(frozen)
    put(store, [Issued("2017Q3", "green_factory", "haining", "2017-09-30")], text)
    assert len(progress_of(store, PLAN, Moment(2017, 4), "2018-01-01").certified) == 1
    other = PLAN.model_copy(update={"plan": "another_2017"})
    assert progress_of(store, other, Moment(2017, 4), "2018-01-01").certified == ()


def test_plain_data_names_what_was_counted(store: Store, tmp_path: Path) -> None:
    put(store, [Issued("2017Q3", "green_factory", "haining", "2017-09-30")])
    enter(store, written(tmp_path, f"{PV},12.35,,光伏月报,王某"))
    plain = view_plain(progress_of(store, PLAN, Moment(2017, 4), "2017-11-05"))
    assert (plain["at"], plain["day"], plain["round"]) == ("2017Q4", "2017-11-05", "2017Q3")
    assert [one["number"] for one in plain["certificates"]] == ["JX-green_factory-0001"]
    [entry] = plain["entries"]
    assert (entry["value"], entry["source"], entry["quarter"]) == ("12.35", "光伏月报", 1)


def test_an_empty_store_has_nothing_done_and_no_round(store: Store) -> None:
    view = progress_of(store, PLAN, Moment(2017, 1), "2017-02-01")
    assert (view.round, view.nearest, view.certified, view.measured) == ("", (), (), ())
    assert cell(view, "green_factories", "city", 2017).done == 0
    assert cell(view, "distributed_pv", "city", 2017).done is None


def test_a_round_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(Refused) as caught:
        progress_of(store, PLAN, Moment(2017, 1), "2017-02-01", "2031Q1")
    assert [problem.code for problem in caught.value.problems] == ["round_unknown"]


@pytest.mark.parametrize(
    ("text", "today", "found"), [("", "2017-08-01", "2017Q3"), ("2017q2", "2017-08-01", "2017Q2"), ("2017Q3", "2017-07-01", "2017Q3")]
)
def test_a_quarter_goes_by_its_name_or_by_today(text: str, today: str, found: str) -> None:
    assert str(quarter_of(text, today)) == found


@pytest.mark.parametrize("text", ["2017Q4", "2018Q1", "2017", "2017Q5", "third", "2017Q3x"])
def test_a_quarter_that_is_none_or_not_begun_is_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        quarter_of(text, "2017-08-01")
    assert [problem.code for problem in caught.value.problems] == ["plan_quarter"]


def test_a_certificate_counts_until_the_day_it_is_withdrawn(store: Store) -> None:
    """False data on 1 February: after fifteen days of notice what counted in its quarter counts no more."""
    frozen = rules_to_freeze("", "jiaxing_2017", rulesets_root())
    put(store, [Issued("2017Q3", "green_factory", place, "2017-09-20") for place in ("haining", "port")], rules_text(frozen))
    event = {"kind": "false_data", "certificate": "JX-green_factory-0001", "document": "核查通报", "day": "2018-02-01"}
    enter_stated(store, act("event"), event, "2018-02-01")

    def seen(quarter: int, year: int, today: str) -> tuple[Fraction | None, Fraction | None, int]:
        view = progress_of(store, PLAN, Moment(year, quarter), today)
        haining, port = (cell(view, "green_factories", place, 2017).done for place in ("haining", "port"))
        return haining, port, view.withdrawn

    assert seen(4, 2017, "2018-03-31") == (1, 1, 0)
    assert seen(1, 2018, "2018-02-10") == (1, 1, 0)
    assert seen(1, 2018, "2018-03-31") == (0, 1, 1)


def test_a_certificate_whose_term_is_over_was_certified_all_the_same(store: Store) -> None:
    put(store, [Issued("2017Q3", "green_factory", "haining", "2017-09-20")])
    [held] = certificates_of(store)
    view = progress_of(store, PLAN, Moment(2021, 1), "2022-01-01")
    assert (held.state_on(view.day), len(view.certified), view.withdrawn) == ("expired", 1, 0)
