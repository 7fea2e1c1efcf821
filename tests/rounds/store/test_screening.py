"""A round of the store screened with its history: what was planted is found with its counts, an honest round raises nothing strong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from engine import (
    Refused,
    RoundScreening,
    Store,
    add_files,
    handed_in,
    open_round,
    open_store,
    rank_round,
    recheck,
    round_screening,
    round_screening_json,
    rulesets_root,
    run_round,
    setting_of,
    stated_otherwise,
    waiting,
    withdraw,
)
from engine.assess.assess import assess_bound
from engine.dossier.bind import bind
from engine.dossier.schema import Cell, Dossier, Entry
from engine.problems import ProblemList
from engine.rounds.screen.signal import LOOK, NOTE, STRONG, Signal
from engine.rounds.screening import _self_assessment
from engine.rounds.store.models import ApplicationRow, LedgerRow
from tests.rounds.screen.made import sample, with_input
from tests.rounds.store import dossiers as parks
from tests.rounds.store.conftest import database
from tests.rounds.store.dossiers import act
from tests.rounds.store.mills import handed, in_year, mill, mills

SAMPLES = Path(__file__).parents[3] / "samples"
BEFORE, NAME, NEXT_YEAR = "2017Q2", "2017Q3", "2018Q1"
SHARED = "ab" * 32
ITEM = "infrastructure.daylighting"
FIRST_FOUR = 10
"""The first four mills of the fixture are compared in their order."""


def cut(dossier: Dossier) -> Dossier:
    """The evaluator does not accept one answer."""

    def judged(name: str, entry: Entry) -> Entry:
        return replace(entry, verified=Cell("no")) if name == ITEM else entry

    return replace(dossier, answers=tuple((name, judged(name, entry)) for name, entry in dossier.answers))


def of_body(dossier: Dossier) -> Dossier:
    return replace(dossier, assessor=replace(dossier.assessor, organisation="忙机构", legal_representative=""))


def planted(number: int, seed: str) -> Dossier:
    """The mill with what is wrong with it: all but one evaluator cut an answer, one body has the first nine."""
    found = mill(number, seed)
    if found.assessor.lead != "评0":
        found = cut(found)
    return of_body(found) if number < FIRST_FOUR else found


def with_file(dossier: Dossier) -> Dossier:
    first, *others = dossier.evidence
    return replace(dossier, evidence=(replace(first, sha256=SHARED), *others))


def as_if_run(store: Store) -> None:
    """Screening judges dossiers itself: that they count as assessed is all it needs."""
    with store.change(act("run")) as session:
        for row in session.query(ApplicationRow):
            row.state = "assessed"


def fill(store: Store, folder: Path) -> None:
    """Three rounds: eighteen mills of the year before, twenty of this one, and one application of a mill in the next calendar year."""
    earlier = {number: in_year(planted(number, "n"), 2015) for number in range(1, 19)}
    earlier[5] = with_input("building_floor_area", "12000.3 m2")(earlier[5])
    handed(store, folder / BEFORE, BEFORE, "2017-09-16", earlier.values())
    now = {number: planted(number, "m") for number in range(1, 21)}
    now[2] = replace(now[2], inputs=now[1].inputs)
    now[3], now[4] = with_file(now[3]), with_file(now[4])
    handed(store, folder / NAME, NAME, "2017-09-20", now.values())
    handed(store, folder / NEXT_YEAR, NEXT_YEAR, "2018-01-05", [in_year(planted(9, "k"), 2017)])
    as_if_run(store)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The store with all that is planted, which nobody changes."""
    folder = tmp_path_factory.mktemp("filled")
    if request.param == "sqlite":
        store = open_store(str(folder / "rounds.db"))
        fill(store, folder)
        yield store
        store.close()
        return
    with database() as made:
        store = open_store(made, folder / "rounds.witness")
        fill(store, folder)
        yield store
        store.close()


@pytest.fixture(scope="module")
def found(filled: Store) -> RoundScreening:
    return round_screening(filled, NAME)


def of_screen(found: RoundScreening, screen: str, least: str = LOOK) -> list[Signal]:
    weights = {NOTE: 1, LOOK: 2, STRONG: 3}
    return [one for one in found.screening.signals if one.screen == screen and one.weight >= weights[least]]


def number(of: int, name: str = NAME) -> str:
    return f"{name}-{of:04d}"


def said(signal: Signal) -> dict[str, object]:
    return dict(signal.params)


# --- what was planted ---


def test_the_size_of_what_was_looked_at(found: RoundScreening) -> None:
    screening = found.screening
    assert (screening.cases, screening.history, found.unassessed, found.year_limit) == (20, 18, (), 15)
    assert screening.applicants[number(7)] == "示例印染7（虚构）"


def test_copied_figures_are_told_of_both_dossiers(found: RoundScreening) -> None:
    [copied] = [one for one in of_screen(found, "copies") if one.code == "copies_figures"]
    assert (copied.severity, copied.numbers) == (STRONG, (number(1), number(2)))


def test_the_same_file_in_two_dossiers_is_told(found: RoundScreening) -> None:
    [shared] = [one for one in of_screen(found, "copies") if one.code == "copies_document_hash"]
    assert (shared.severity, shared.numbers, said(shared)["count"]) == (STRONG, (number(3), number(4)), Fraction(2))


def test_a_body_over_its_limit_over_the_rounds_of_a_year(found: RoundScreening) -> None:
    """Nine in the round before and nine in this one: three beyond fifteen."""
    [over] = of_screen(found, "yearly")
    assert (said(over)["names"], said(over)["count"], said(over)["beyond"]) == ("忙机构", Fraction(18), Fraction(3))
    assert over.numbers == (number(7), number(8), number(9))


def test_another_calendar_year_counts_anew(filled: Store) -> None:
    later = round_screening(filled, NEXT_YEAR)
    assert (later.screening.cases, later.screening.history) == (1, 38)
    assert of_screen(later, "yearly") == []


def test_a_jump_against_the_round_before_is_told(found: RoundScreening) -> None:
    """The floor area was 12,000.3 m2 the year before; the sample's is six times as much."""
    [jump] = [one for one in of_screen(found, "jumps", STRONG) if one.items == ("plot_ratio",)]
    assert (jump.code, jump.numbers, said(jump)["earlier"], said(jump)["year"]) == ("jumps_up", (number(5),), number(5, BEFORE), "2015")


def test_an_evaluator_who_alone_accepts_an_answer_is_told_with_the_counts_of_both_rounds(found: RoundScreening) -> None:
    """Mills 5, 10, 15 twice and 20 once are theirs; all others of the 38 were cut."""
    [lenient] = [one for one in of_screen(found, "lenient") if one.code == "lenient_evaluator"]
    counts = {name: said(lenient)[name] for name in ("name", "hits", "drawn", "other_hits", "others")}
    assert counts == {"name": "评0", "hits": Fraction(7), "drawn": Fraction(7), "other_hits": Fraction(0), "others": Fraction(31)}
    assert (lenient.severity, lenient.items, lenient.numbers) == (STRONG, (ITEM,), (number(5), number(10), number(15), number(20)))


def test_a_known_tie_is_told_of_the_application_that_it_concerns(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "ties.csv"
    code = mill(6).applicant.credit_code
    path.write_text(f"姓名或机构,申报单位,关系\n忙机构,{code},2015 年为其编制节能规划\n评9,{code},\n", encoding="utf-8")
    [tied] = of_screen(round_screening(filled, NAME, ties=path), "conflict")
    assert (tied.code, tied.numbers, said(tied)["text"]) == ("conflict_tie", (number(6),), "忙机构: 2015 年为其编制节能规划")


def test_signals_that_were_not_planted_are_not_there(found: RoundScreening) -> None:
    strong = {(one.screen, one.code) for one in found.screening.signals if one.severity == STRONG}
    assert strong == {
        ("copies", "copies_figures"),
        ("copies", "copies_document_hash"),
        ("yearly", "yearly_body"),
        ("jumps", "jumps_up"),
        ("lenient", "lenient_evaluator"),
    }


# --- the store ---


def test_screening_changes_nothing_and_says_the_same_again(filled: Store, found: RoundScreening) -> None:
    with filled.reading() as session:
        before = session.query(LedgerRow).count()
    assert round_screening_json(round_screening(filled, NAME)) == round_screening_json(found)
    with filled.reading() as session:
        assert session.query(LedgerRow).count() == before


def test_the_data_names_the_round_and_its_limit(found: RoundScreening) -> None:
    plain = json.loads(round_screening_json(found))
    assert (plain["round"], plain["year_limit"], plain["unassessed"]) == (NAME, 15, [])
    assert {one["number"] for one in plain["inspections"]} == {number(of) for of in range(1, 21)}


def test_costs_of_checking_come_with_the_items(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "costs.yaml"
    path.write_text("costs:\n- {item: land_area, cost: 2.5}\n", encoding="utf-8")
    found = round_screening(filled, NEXT_YEAR, costs=path).screening.inspections
    assert {(one.name, one.cost) for one in found if one.cost is not None} == {("land_area", Fraction(5, 2))}


@pytest.fixture
def small(store: Store, tmp_path: Path) -> Store:
    """A round of three parks that were assessed, under rules of their own."""
    plain = yaml.safe_load((rulesets_root() / "rounds" / "jiaxing_2017.yaml").read_text(encoding="utf-8"))
    plain |= {"rounds": "parks", "scheme": parks.SCHEME}
    plain["kinds"]["value"] = ["green_park"]
    plain["quotas"]["by"] = []
    plain["ties"]["breakers"] = [one for one in plain["ties"]["breakers"] if one["by"] != "dimension"]
    plain["certificate_numbers"]["letters"] = {"green_park": "YQ"}
    del plain["plan"]
    rules = tmp_path / "parks.yaml"
    rules.write_text(yaml.safe_dump(plain, allow_unicode=True), encoding="utf-8")
    open_round(store, act("open", "2026Q2"), "2026Q2", parks.SCHEME, parks.DAY, rules=str(rules))
    taken(store, tmp_path / "in", 1, 2, 3)
    list(run_round(store, act("run", "2026Q2"), "2026Q2", waiting(store, "2026Q2"), setting_of(store, "2026Q2", None, "zh"), 1))
    return store


def taken(store: Store, folder: Path, *numbers: int) -> None:
    paths = parks.written(folder, *numbers)
    add_files(store, act("add", "2026Q2"), "2026Q2", handed_in(paths, folder), parks.DAY)


def test_who_waits_is_said_and_who_withdrew_is_not_looked_at(small: Store, tmp_path: Path) -> None:
    withdraw(small, act("withdraw", "2026Q2-0002"), "2026Q2-0002", parks.DAY)
    taken(small, tmp_path / "more", 4)
    found = round_screening(small, "2026Q2")
    assert found.unassessed == ("2026Q2-0004",)
    assert sorted(found.screening.applicants) == ["2026Q2-0001", "2026Q2-0003"]


def test_a_round_is_screened_against_those_opened_before_it_only(small: Store) -> None:
    open_round(small, act("open", "2026Q1"), "2026Q1", parks.SCHEME, parks.DAY)  # the same day: the name decides
    open_round(small, act("open", "2026Q3"), "2026Q3", parks.SCHEME, "2026-07-01")
    assert [round_screening(small, name).screening.history for name in ("2026Q1", "2026Q2", "2026Q3")] == [0, 0, 3]


def test_a_round_without_rules_has_no_limit(small: Store) -> None:
    open_round(small, act("open", "2027Q1"), "2027Q1", parks.SCHEME, "2027-01-04")
    assert round_screening(small, "2027Q1").year_limit is None
    assert round_screening(small, "2026Q2").year_limit == 15


def test_what_the_office_found_counts_and_is_not_inspected_again(small: Store) -> None:
    """The office halves the emissions: the total is that of the re-check, and the figure is no more on the list."""
    name = "2026Q2-0001"
    before = {one.name: one for one in round_screening(small, "2026Q2").screening.inspections if one.number == name}
    assert "co2_total" in before
    recheck(small, act("recheck", name, why="现场核查"), name, lambda d, p: stated_otherwise(d, {"co2_total": "60000 tCO2"}, p), parks.DAY)
    after = [one for one in round_screening(small, "2026Q2").screening.inspections if one.number == name]
    assert "co2_total" not in {one.name for one in after}
    assert {one.before.outcome for one in before.values()} != {one.before.outcome for one in after}


def test_places_at_stake_are_those_of_the_ranks(small: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    rank_round(small, act("rank", "2026Q2"), "2026Q2", parks.DAY)
    with small.change(act("test")) as session:
        row = session.get(ApplicationRow, "2026Q2-0002")
        assert row is not None
        row.place = "reserve"
    given = {}
    monkeypatch.setattr("engine.rounds.screening.screen_round", lambda *_, **options: given.update(options))
    round_screening(small, "2026Q2")
    with small.reading() as session:
        total = {one.number: one.place for one in session.query(ApplicationRow)}
    assert set(given["edges"]) == {one for one, place in total.items() if place == "within"}


@pytest.mark.parametrize("name", ["dyeing_mill", "leather", "park_three_years", "electroplating_cp", "zero_carbon_park"])
def test_the_view_of_the_applicant_is_that_of_a_whole_assessment(name: str) -> None:
    programme, dossier = sample(name)
    bound = bind(dossier, programme, ProblemList())
    own, whole = _self_assessment(bound, assess_bound(bound, "verified")), assess_bound(bound, "declared")
    assert [(one.id, one.status) for one in own.judged] == [(one.id, one.status) for one in whole.judged]
    assert [one.points for one in own.criteria] == [one.points for one in whole.criteria]


def test_a_round_that_there_is_not_is_refused(store: Store) -> None:
    with pytest.raises(Refused) as refused:
        round_screening(store, "2099")
    assert [problem.code for problem in refused.value.problems] == ["round_unknown"]


# --- honest rounds, and the order of applications ---


def honest(seed: str) -> list[Dossier]:
    """Ten mills, five of each of two evaluators and bodies: as many as can be compared."""
    return [
        replace(one, assessor=replace(one.assessor, organisation=f"机构{i % 2}", lead=f"评{i % 2}", legal_representative=""))
        for i, one in enumerate(mills(range(1, 11), seed=seed))
    ]


def test_an_honest_round_raises_nothing(store: Store, tmp_path: Path) -> None:
    handed(store, tmp_path / "q2", BEFORE, "2017-09-16", [in_year(one, 2015) for one in honest("n")])
    handed(store, tmp_path / "q3", NAME, "2017-09-20", honest("m"))
    as_if_run(store)
    found = round_screening(store, NAME).screening
    assert (found.cases, found.history) == (10, 10)
    assert found.signals == ()


def test_the_order_in_which_dossiers_came_changes_nothing(store: Store, tmp_path: Path) -> None:
    one, two, *others = mills(range(1, 7))
    all_of_them = [one, replace(two, inputs=one.inputs), *map(with_file, others[:2]), *others[2:]]
    handed(store, tmp_path / "a", NAME, "2017-09-20", all_of_them)
    renamed = [replace(dossier, id=f"Z-{99 - i:02d}") for i, dossier in enumerate(all_of_them)]
    handed(store, tmp_path / "b", "2017Q1", "2017-09-20", renamed)
    as_if_run(store)
    with store.change(act("test")) as session:  # two rounds that know nothing of each other
        for row in session.query(ApplicationRow).where(ApplicationRow.round == "2017Q1"):
            row.state = "withdrawn"
    first = told(round_screening(store, NAME))
    with store.change(act("test")) as session:
        for row in session.query(ApplicationRow):
            row.state = "assessed" if row.round == "2017Q1" else "withdrawn"
    second = told(round_screening(store, "2017Q1"))
    assert len(first) >= 2
    assert first == second


def told(found: RoundScreening) -> set[tuple[str, str, frozenset[str]]]:
    """Signals by the names of the applicants."""
    names = found.screening.applicants
    return {(one.code, one.severity, frozenset(names[number] for number in one.numbers)) for one in found.screening.signals}


def test_the_samples_raise_no_strong_signal(store: Store, tmp_path: Path) -> None:
    chosen = [path for path in sorted(SAMPLES.glob("*.yaml")) if "\nscheme: jiaxing_2017\n" in path.read_text(encoding="utf-8")]
    assert len(chosen) > 5
    open_round(store, act("open", NAME), NAME, "jiaxing_2017", "2017-09-20")
    add_files(store, act("add", NAME), NAME, handed_in(chosen, tmp_path), "2026-12-01")
    as_if_run(store)
    strong = [one for one in round_screening(store, NAME).screening.signals if one.severity == STRONG]
    assert strong == []
