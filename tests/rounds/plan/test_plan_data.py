"""The city's plan as data: it says what the transcript of the printed plan says, adds up, and refuses what does not."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.problems import Refused
from engine.rounds.plan.load import kept_plan, load_plan, plan_ids
from engine.rounds.plan.schema import CITY, Plan
from engine.ruleset.library import rulesets_root

ROOT = Path(__file__).resolve().parents[3]
TRANSCRIPT = ROOT.parent / "shared" / "standards" / "jiaxing_targets.yaml"
FILE = rulesets_root() / "plans" / "jiaxing_2017.yaml"
COMPARED = {"approx_reduction": "about", ">=": "at_least", ">": "more_than", "<=": "at_most", "range": "range", "=": "plain"}
WITHOUT_OR_MORE = {"water_balance_tests"}
"""Of these the transcript says "at least" where the plan prints the bare number."""
RENAMED = {"energy_intensity_reduction": "headline_energy_intensity", "water_intensity_reduction": "headline_water_intensity"}
RENAMED |= {"retrofit_projects": "headline_retrofit_projects", "cleaner_production_audits": "headline_audits"}
RENAMED |= {"green_design_products": "headline_products", "green_factories": "headline_factories", "green_parks": "headline_parks"}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return kept_plan("jiaxing_2017")


@pytest.fixture(scope="module")
def transcript() -> dict[str, Any]:
    if not TRANSCRIPT.exists():
        pytest.skip("the transcript of the printed plan is not beside the repository")
    loaded: dict[str, Any] = yaml.safe_load(TRANSCRIPT.read_text(encoding="utf-8"))
    return loaded


def figure(raw: Any) -> Fraction | None:
    return None if raw is None else Fraction(str(raw))


# --- what it says ---


def test_the_plan_is_in_the_library() -> None:
    assert plan_ids() == ["jiaxing_2017"]


def test_the_breakdown_says_what_the_printed_table_says(plan: Plan, transcript: dict[str, Any]) -> None:
    rows = {row.row: row for row in plan.breakdown.rows}
    assert list(rows) == [row["id"] for row in transcript["annex2_breakdown"]]
    for printed in transcript["annex2_breakdown"]:
        row = rows[printed["id"]]
        assert (row.title.zh, row.additive) == (printed["name_zh"], printed["additive"])
        cells = {CITY: row.city, **row.districts}
        found = {place: (figure(cell.cumulative), figure(cell.year)) for place, cell in cells.items()}
        wanted = {CITY: printed["city"], **printed["districts"]}
        assert found == {place: (figure(cell["cumulative"]), figure(cell["y2017"])) for place, cell in wanted.items()}


def test_the_headline_and_body_targets_are_those_of_the_text(plan: Plan, transcript: dict[str, Any]) -> None:
    targets = plan.all_targets
    for printed in transcript["headline_targets"]:
        target = targets[RENAMED[printed["id"]]]
        assert (target.number, target.title.zh) == (str(printed["seq"]), printed["name_zh"])
        assert target.figure == figure(printed["value"]) and figure(target.against) == figure(printed.get("base_year"))
    for printed in transcript["body_targets"]:
        target = targets[printed["id"]]
        assert (target.title.zh, target.source.clause) == (printed["name_zh"], printed["clause"])
        compare = "plain" if printed["id"] in WITHOUT_OR_MORE else COMPARED[printed["operator"]]
        assert (target.figure, target.compare) == (figure(printed["value"]), compare)
        assert figure(target.most) == figure(printed.get("value_max"))


def test_the_work_list_is_that_of_the_annex(plan: Plan, transcript: dict[str, Any]) -> None:
    targets = plan.all_targets
    for printed, item in zip(transcript["annex1_work_list_2017"], plan.work.items, strict=True):
        assert (item.number, item.item, item.title.zh) == (str(printed["seq"]), printed["id"], printed["title_zh"])
        assert [figure(wanted["value"]) for wanted in printed["targets"]] == [targets[name].figure for name in item.targets]
        for wanted, milestone in zip(printed["schedule"], item.schedule, strict=True):
            assert milestone.due == wanted["due"]
            assert wanted["action"].replace("、", "，") in milestone.action.zh
            if "value" in wanted:
                assert [targets[name].figure for name in milestone.targets] == [figure(wanted["value"])]


def test_audits_by_quarter_add_up_to_the_year(plan: Plan) -> None:
    quarters = [plan.all_targets[f"work_audits_q{n}"].figure for n in (1, 2, 3, 4)]
    assert quarters == [15, 28, 27, 30] and sum(q for q in quarters if q) == plan.all_targets["work_audits"].figure


def test_a_dash_in_the_table_stays_null(plan: Plan) -> None:
    assert plan.all_targets["breakdown.green_factories.port.year"].figure is None
    assert plan.all_targets["breakdown.green_factories.port.cumulative"].figure == 1
    assert sum(target.value is None for target in plan.broken_down) == 1 + 6


def test_every_figure_says_where_it_was_seen(plan: Plan) -> None:
    sources = [*(target.source for target in plan.all_targets.values()), *(item.source for item in plan.work.items)]
    assert {source.basis.value for source in sources} == {"seen"} and all(source.clause for source in sources)
    assert plan.source.document == plan.document == "嘉工业强市办〔2017〕4号"


def test_both_figures_stand_where_the_plan_differs_from_itself(plan: Plan) -> None:
    notes = {note.disagreement: [plan.all_targets[name].figure for name in note.targets] for note in plan.disagreements}
    assert notes["factories_2017"] == [10, 15] and notes["pv_2017"] == [150, 200]
    assert notes["intensity_base_year"] == [15, 15, 15, 15]
    over_years = next(note for note in plan.disagreements if note.disagreement == "intensity_base_year")
    bases = [plan.all_targets[name].against for name in over_years.targets]
    assert bases == ["2015", "2016", "2015", "2016"]


# --- what adds up, counted here by hand ---


@pytest.mark.parametrize("column", ["cumulative", "year"])
def test_districts_add_up_to_the_city(column: str) -> None:
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))["breakdown"]["rows"]
    added = 0
    for row in rows:
        if row["additive"]:
            whole = 0
            for cell in row["districts"].values():
                if cell[column] is not None:
                    whole += int(cell[column])
            assert whole == int(row["city"][column]), row["row"]
            added += 1
    assert added == 6


# --- what is refused ---


def refused(tmp_path: Path, change: Callable[[str], str]) -> list[tuple[str, int | None, str]]:
    path = tmp_path / "plan.yaml"
    text = FILE.read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(Refused) as caught:
        load_plan(path)
    return [(problem.code, problem.where.line, problem.what("en")) for problem in caught.value.problems]


def line_of(beginning: str, after: str = "") -> int:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if after in line)
    return next(i for i, line in enumerate(lines[start:], start + 1) if line.strip().startswith(beginning))


@pytest.mark.parametrize(
    ("before", "now", "column", "added"),
    [
        ('nanhu: {cumulative: "50", year: "20"}', 'nanhu: {cumulative: "49.5", year: "20"}', "cumulative", "499.5"),
        ('nanhu: {cumulative: "50", year: "20"}', 'nanhu: {cumulative: "50", year: null}', "year", "180"),
    ],
)
def test_a_district_that_does_not_add_up_is_told_at_the_row(tmp_path: Path, before: str, now: str, column: str, added: str) -> None:
    [(code, line, what)] = refused(tmp_path, lambda text: text.replace(before, now))
    assert code == "plan_sum_differs" and line == line_of("city", "- row: distributed_pv")
    assert f"column {column}" in what and f"come to {added} " in what


def test_a_missing_district_and_an_unknown_one_are_told(tmp_path: Path) -> None:
    found = refused(tmp_path, lambda text: text.replace('port: {cumulative: "15"', 'habour: {cumulative: "15"'))
    assert [code for code, _, _ in found] == ["plan_name_unknown", "plan_district_missing"]


@pytest.mark.parametrize(
    ("before", "now", "code"),
    [
        ("{measure: coal_use,", "{measure: green_parks,", "plan_name_twice"),
        ("targets: [work_pv]", "targets: [work_wind]", "plan_name_unknown"),
        ("{due: MID, action", "{due: NOON, action", "plan_name_unknown"),
        ("of: [industrial_water, industrial_added_value]", "of: [industrial_water]", "plan_measure_form"),
        ("of: [industrial_water, industrial_added_value]", "of: [industrial_water, green_parks]", "plan_name_unknown"),
        ("method: certified, kind: green_park}", "method: certified}", "plan_measure_form"),
        ('span: quarter, year: "2017", quarter: "1"', 'span: quarter, year: "2017"', "plan_target_form"),
        ('value: "1", most: "2"', 'value: "1"', "plan_target_form"),
        ('value: "300", printed: 300 项', 'value: "三百", printed: 300 项', "value_malformed"),
        ("issuer:", "isuer:", "key_unknown"),
    ],
)
def test_every_mistake_has_its_line(tmp_path: Path, before: str, now: str, code: str) -> None:
    found = refused(tmp_path, lambda text: text.replace(before, now, 1))
    assert code in [found_code for found_code, _, _ in found]
    assert all(line is not None for _, line, _ in found)


def test_an_unknown_plan_is_told_with_those_there_are() -> None:
    with pytest.raises(Refused) as caught:
        load_plan("jiaxing_2077")
    assert [(p.code, dict(p.params)["known"]) for p in caught.value.problems] == [("plan_unknown", "jiaxing_2017")]
