"""Official tables: what is filled in is what is loaded afterwards, everything else stays, and what does not fit is refused whole."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import engine
from engine.official.importing import COLUMNS
from engine.official.target import Target
from tests.assess import tiny

OFFICIAL = engine.Official("GB 1-2020", "第 3 页", "2020-05-01")
TODAY = "2026-01-01"
NAME = "green_factory/tiny"
RECALLED = {"basis": "recalled"}


def library(root: Path) -> Path:
    """Points, a limit in its short form, benchmarks in order, a weight, an unknown parameter, and two tables of figures."""
    own = [
        {"code": "a", "level_1": "1", "level_2": "2", "until": "2015-12-31", "basis": "recalled"},
        {"code": "a", "level_1": "1", "level_2": None, "since": "2016-01-01", "basis": "recalled", "confidence": "low", "refs": ["x"]},
    ]
    parts: dict[str, Any] = {
        "points_source": RECALLED,
        "dimensions": [tiny.dimension(raw_total="30")],
        "inputs": [tiny.number("x", "t"), tiny.number("y")],
        "parameters": [{"parameter": "local", "title": tiny.words("local"), "unit": "t", "figure": None}],
        "references": [tiny.reference("quotas", [tiny.column("level_1", unit="t"), tiny.column("level_2", unit="t")], own)],
        "criteria": [
            tiny.criterion("limit", {"threshold": {"value": "x", "at_least": "3 t"}}, source=RECALLED),
            tiny.criterion("ladder", {"bands": {"value": "y", "start": "1.2", "full": "2.0"}}, source=RECALLED),
            tiny.criterion("looked_up", {"threshold": {"value": "x", "at_most": 'min(local, lookup(quotas, "a").level_1)'}}),
        ],
    }
    shared = [tiny.reference("factors", [tiny.column("factor")], [{"code": "c", "factor": "0.7"}], source=RECALLED)]
    tiny.library(root, parts, {"points": {"ladder": "10"}, "mark": "15"}, {"references": shared})
    return root


def filled(folder: Path, *rows: tuple[str, ...], columns: tuple[str, ...] = ("key", "new")) -> Path:
    path = folder / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


def plan(root: Path, *rows: tuple[str, ...], name: str = NAME, columns: tuple[str, ...] = ("key", "new"), **more: Any) -> engine.ImportPlan:
    made = {"official": OFFICIAL, "today": TODAY, **more}
    return engine.plan_import(name, filled(root, *rows, columns=columns), rulesets=root, **made)


def imported(root: Path, *rows: tuple[str, ...], name: str = NAME, **more: Any) -> engine.Programme:
    engine.write_import(plan(root, *rows, name=name, **more))
    return engine.load_standard_alone(NAME, root) if "/" in name else engine.load_programme(name, "green_factory", root)


def figures(programme: engine.Programme) -> dict[str, tuple[str | None, str]]:
    return {found.figure.key: (found.figure.text, found.figure.basis) for found in engine.listed_figures(programme)}


def refused(root: Path, *rows: tuple[str, ...], **more: Any) -> list[engine.Problem]:
    before = {path: path.read_bytes() for path in root.rglob("*.yaml")}
    with pytest.raises(engine.Refused) as caught:
        plan(root, *rows, **more)
    assert {path: path.read_bytes() for path in root.rglob("*.yaml")} == before
    return caught.value.problems


# --- what is written ---


def test_points_limits_parameters_and_rows_become_what_the_table_says(tmp_path: Path) -> None:
    rows = (
        ("limit:points", "10"),
        ("limit:limits[0].at_least", "4"),
        ("ladder:start", "1.5"),
        ("local", "7"),
        ("quotas[a].level_1", "1.5"),
        ("quotas[a].level_2", "2"),
    )
    found = figures(imported(library(tmp_path), *rows))
    assert found["limit:points"] == ("10", "seen")
    assert found["limit:limits[0].at_least"] == ("4 t", "seen")
    assert (found["ladder:start"], found["ladder:full"]) == (("1.5", "seen"), ("2.0", "recalled"))
    assert found["local"] == ("7", "seen")
    assert (found["quotas[a].level_1"], found["quotas[a 2016-01-01].level_1"]) == (("1.5", "seen"), ("1", "recalled"))


def test_an_imported_figure_names_document_page_and_day(tmp_path: Path) -> None:
    made = imported(library(tmp_path), ("limit:limits[0].at_least", "4", "表 2"), ("local", "7", ""), columns=("key", "new", "page"))
    source = made.criteria["limit"].figure_sources["limits[0].at_least"]
    assert (source.basis, source.document, source.page, source.checked_on) == ("seen", "GB 1-2020", "表 2", "2020-05-01")
    assert made.parameter_figures["local"].source.page == "第 3 页"
    assert made.criteria["limit"].source.basis == "recalled"


def test_a_row_on_two_pages_names_both(tmp_path: Path) -> None:
    rows = ("quotas[a].level_1", "1", "p. 7"), ("quotas[a].level_2", "3", "p. 8")
    engine.write_import(plan(library(tmp_path), *rows, columns=("key", "new", "page")))
    row = engine.load_standard_alone(NAME, tmp_path).references["quotas"].rows["a"][0]
    assert row.source.page == "p. 7, p. 8"


def test_a_row_gets_the_source_and_loses_the_marks_of_the_old_one(tmp_path: Path) -> None:
    made = imported(library(tmp_path), ("quotas[a 2016-01-01].level_1", "1"), ("quotas[a 2016-01-01].level_2", "2"))
    source = made.references["quotas"].rows["a"][1].source
    assert (source.basis, source.document, source.page) == ("seen", "GB 1-2020", "第 3 页")
    assert (source.confidence, source.refs) == ("high", ())


def test_a_new_version_is_written_and_every_other_line_stays(tmp_path: Path) -> None:
    path = library(tmp_path) / f"{NAME}/ruleset.yaml"
    path.write_text("# a comment\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    before = path.read_text(encoding="utf-8").splitlines()
    made = imported(tmp_path, ("limit:limits[0].at_least", "4"))
    after = path.read_text(encoding="utf-8").splitlines()
    assert made.standard.version == "1.1.0"
    assert [line for line in before if line not in after] == ["version: 1.0.0", "      at_least: 3 t"]
    assert len([line for line in after if line not in before]) == 3


def test_the_version_may_be_stated(tmp_path: Path) -> None:
    assert plan(library(tmp_path), ("local", "7"), version="2.0.0").version == "2.0.0"
    assert [p.code for p in refused(tmp_path, ("local", "7"), version="1.0.0")] == ["import_version"]


def test_the_difference_is_told_before_anything_is_written(tmp_path: Path) -> None:
    made = plan(library(tmp_path), ("limit:limits[0].at_least", "4"), ("ladder:full", "2"))
    assert [(one.key, one.before, one.after) for one in made.changed] == [("limit:limits[0].at_least", "3", "4")]
    assert made.diff is not None
    (limit,) = [c for entry in made.diff.entries for c in entry.changes if c.what == "limit" and c.place.endswith("at_least")]
    assert (limit.before, limit.after) == ("3 t", "4 t")
    assert engine.load_standard_alone(NAME, tmp_path).standard.version == "1.0.0"


def test_a_scheme_has_what_it_sets(tmp_path: Path) -> None:
    made = imported(library(tmp_path), ("mark", "12"), name="tiny")
    assert (made.mark.text, made.mark.source.basis, made.scheme.version) == ("12", "seen", "1.1.0")
    assert made.standard.version == "1.0.0"


def twice(root: Path) -> Path:
    """The library with a second standard, which includes the first, and a scheme that applies both to one kind."""
    library(root)
    own = tiny.standard(ruleset="green_factory/other", includes=[NAME], criteria=[tiny.criterion("other")])
    tiny.write(root, "green_factory/other/ruleset", own)
    base = tiny.scheme()["programmes"][0]
    made = [{**base, "standard": standard, "mark": None} for standard in (NAME, "green_factory/other")]
    tiny.write(root, "schemes/both", tiny.scheme(head={"scheme": "both", "programmes": made}))
    return root


def test_of_several_programmes_of_a_kind_the_one_for_the_standard_is_filled(tmp_path: Path) -> None:
    engine.write_import(plan(twice(tmp_path), ("mark", "5"), name="both", standard="other"))
    first, second = (engine.load_programme("both", "green_factory", tmp_path, standard) for standard in ("tiny", "other"))
    assert (first.mark.text, second.mark.text) == (None, "5")


def test_of_several_programmes_of_a_kind_one_must_be_named(tmp_path: Path) -> None:
    assert [p.code for p in refused(twice(tmp_path), ("mark", "12"), name="both")] == ["standard_needed"]


def test_what_takes_a_standard_in_rests_on_it(tmp_path: Path) -> None:
    found = list(Target(NAME).resting(twice(tmp_path)))
    assert (NAME, "", "") in found and ("green_factory/other", "", "") in found
    assert ("both", "green_factory", "green_factory/other") in found


def test_a_common_file_has_its_tables(tmp_path: Path) -> None:
    made = imported(library(tmp_path), ("factors[c].factor", "0.8"), name="common/tiny")
    (row,) = made.references["factors"].rows["c"]
    assert (row.written["factor"], row.source.document) == ("0.8", "GB 1-2020")


def test_an_import_ends_the_attestation_of_what_it_changes_and_says_so(tmp_path: Path) -> None:
    check = engine.Attestation("张三", "x", "T 1", "", "2017-03-01", "")
    claim = engine.Claim("limit:limits[0].at_least")
    engine.attest("tiny", "green_factory", [claim], check, today=TODAY, rulesets=library(tmp_path))
    made = plan(tmp_path, ("limit:limits[0].at_least", "4"))
    assert [problem.code for problem in made.warnings] == ["attestation_outdated"]


def test_a_recalled_figure_no_longer_makes_a_result_provisional_once_imported(tmp_path: Path) -> None:
    rows = [("limit:limits[0].at_least", "3"), ("limit:points", "10")]
    engine.write_import(plan(library(tmp_path), *rows))
    result = tiny.assess(engine.load_programme("tiny", "green_factory", tmp_path), inputs={"x": "4 t"})
    assert "limit" not in {found.criterion for found in result.unattested}
    assert "ladder" in {found.criterion for found in result.unattested}


# --- what is refused, whole ---


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([("nothing", "1"), ("limit:points", "much"), ("local", "7 kg")], ["import_unknown", "import_not_a_number", "import_unit"]),
        ([("local", "7"), ("local", "7")], ["import_twice"]),
        ([("quotas[a].level_1", "1")], ["import_row_part"]),
        ([("local", "")], ["import_nothing"]),
        ([("limit:points", "9")], ["import_breaks", "points_sum"]),
        ([("ladder:start", "3")], ["import_breaks", "ladder_reversed"]),
        ([("local", "1,5")], ["import_not_a_number"]),
        ([("limit:points", "10 分")], ["import_unit_none"]),
        ([("", "7"), ("local", "8")], ["table_key_missing"]),
    ],
)
def test_what_does_not_fit(tmp_path: Path, rows: list[tuple[str, str]], codes: list[str]) -> None:
    assert [p.code for p in refused(library(tmp_path), *rows) if p.severity.value == "error"] == codes


def test_a_unit_column_must_say_the_rulesets_unit(tmp_path: Path) -> None:
    columns = ("key", "unit", "new")
    (problem,) = refused(library(tmp_path), ("local", "kg", "7"), columns=columns)
    assert (problem.code, problem.where.line) == ("import_unit", 2)
    assert plan(tmp_path, ("local", "t", "7 t"), columns=columns).figures[0].after == "7"


def test_what_the_import_would_break_stands_behind_the_table_that_breaks_it(tmp_path: Path) -> None:
    first, second = refused(library(tmp_path), ("limit:points", "9"))
    assert (first.where.file, second.where.file) == (str(tmp_path / "table.csv"), f"{tmp_path.name}/{NAME}/ruleset.yaml")


def test_of_two_columns_with_one_head_neither_is_taken(tmp_path: Path) -> None:
    (problem,) = refused(library(tmp_path), ("local", "7", "8"), columns=("key", "新值", "new"))
    assert (problem.code, problem.where.line) == ("table_head_twice", 1)


def test_a_mark_that_is_not_closed_does_not_swallow_the_rest_of_the_file(tmp_path: Path) -> None:
    path = library(tmp_path) / "table.csv"
    path.write_text('key,new,title\nlocal,7,"of the "\nlimit:points,10,"open\nladder:points,10,\n', encoding="utf-8")
    with pytest.raises(engine.Refused) as caught:
        engine.plan_import(NAME, path, OFFICIAL, today=TODAY, rulesets=tmp_path)
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.line) == ("table_csv", 3)


def test_a_row_without_key_and_value_is_a_remark(tmp_path: Path) -> None:
    assert plan(library(tmp_path), ("", "", "see below"), ("local", "7", ""), columns=("key", "new", "title")).figures[0].after == "7"


@pytest.mark.parametrize(
    ("official", "code"),
    [
        (engine.Official("", "", "2020-05-01"), "import_document"),
        (engine.Official("x", "", "May"), "day_wrong"),
        (engine.Official("x", "", "2026-01-02"), "attest_in_future"),
    ],
)
def test_an_import_names_its_document_and_day(tmp_path: Path, official: engine.Official, code: str) -> None:
    assert [p.code for p in refused(library(tmp_path), ("local", "7"), official=official)] == [code]


def test_a_ruleset_that_is_broken_already_says_why(tmp_path: Path) -> None:
    path = library(tmp_path) / f"{NAME}/ruleset.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("raw_total: '30'", "raw_total: '31'"), encoding="utf-8")
    assert "points_sum" in [p.code for p in refused(tmp_path, ("local", "7"))]


def test_an_unknown_ruleset_is_named(tmp_path: Path) -> None:
    assert [p.code for p in refused(library(tmp_path), ("local", "7"), name="green_factory/other")] == ["ruleset_unknown"]


# --- workbooks ---


def template(root: Path, suffix: str = "xlsx") -> Path:
    path = root / f"table.{suffix}"
    assert engine.write_import_template(NAME, path, "zh", rulesets=root) == 12
    return path


def test_a_workbook_has_every_figure_with_its_unit_and_present_value(tmp_path: Path) -> None:
    rows = list(openpyxl.load_workbook(template(library(tmp_path))).active.iter_rows(values_only=True))
    assert rows[0] == ("键", "数值", "单位", "现值", "新值", "页码")
    by_key = {row[0]: row[2:4] for row in rows[1:]}
    assert by_key["limit:limits[0].at_least"] == ("t", "3")
    assert by_key["quotas[a 2016-01-01].level_2"] == ("t", None)
    assert by_key["local"] == ("t", None)


def test_figures_in_like_places_are_told_apart_by_case_level_and_day(tmp_path: Path) -> None:
    kind = {"input": "kind", "title": tiny.words("kind"), "type": "choice", "choices": {"a": tiny.words("baby"), "b": tiny.words("other")}}
    limits = [{"when": 'kind == "a"', "at_most": "20"}, {"when": 'kind == "b"', "at_most": "75"}]
    levels = [{"level": "I", "limit": "3", "points": "10"}, {"level": "II", "limit": "1", "points": "5"}]
    steps = [{"at": "1.2", "points": "3"}, {"at": "2.0", "points": "10"}]
    rows = [{"code": "c", "factor": "0.7", "until": "2015-12-31"}, {"code": "c", "factor": "0.8", "since": "2016-01-01"}]
    parts: dict[str, Any] = {
        "inputs": [kind, tiny.number("x")],
        "references": [tiny.reference("factors", [tiny.column("factor")], rows)],
        "criteria": [
            tiny.criterion("cases", {"threshold": {"value": "x", "limits": limits}}),
            tiny.criterion("graded", {"membership": {"value": "x", "direction": "up", "levels": levels}}),
            tiny.criterion("stepped", {"bands": {"value": 'x * lookup(factors, "c").factor', "steps": steps}}),
        ],
    }
    path = tiny.library(tmp_path, parts, {}) / "table.csv"
    engine.write_import_template(NAME, path, "zh", rulesets=tmp_path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        titles = {row["键"]: row["数值"] for row in csv.DictReader(file)}
    assert titles["cases:limits[0].at_most"] == "cases · 不高于（kind = “baby”）"
    assert titles["cases:limits[1].at_most"] == "cases · 不高于（kind = “other”）"
    assert titles["graded:levels[1].limit"] == "graded · 限值（II 级）"
    assert titles["stepped:steps[1].at"] == "stepped · 档位（第 2 档）"
    assert titles["factors[c 2016-01-01].factor"] == "factors［c］factor（2016-01-01 起）"
    assert len(set(titles.values())) == len(titles)


def test_mistakes_in_a_workbook_are_named_by_sheet_and_cell(tmp_path: Path) -> None:
    path = template(library(tmp_path))
    book = openpyxl.load_workbook(path)
    sheet = book.active
    rows = {row[0].value: row[0].row for row in sheet.iter_rows()}
    sheet.cell(rows["local"], 5).value = "viel"
    sheet.cell(rows["ladder:start"], 5).value = "=1+1"
    book.save(path)
    with pytest.raises(engine.Refused) as caught:
        engine.plan_import(NAME, path, OFFICIAL, today=TODAY, rulesets=tmp_path)
    found = {(p.code, p.where.sheet, p.where.cell) for p in caught.value.problems}
    assert found == {("import_not_a_number", "数值", f"E{rows['local']}"), ("table_formula", "数值", f"E{rows['ladder:start']}")}


def test_merged_cells_below_the_head_are_refused_for_all_but_one_are_empty(tmp_path: Path) -> None:
    path = template(library(tmp_path))
    book = openpyxl.load_workbook(path)
    sheet = book.active
    sheet["E3"] = "10"
    sheet.merge_cells("E3:E4")
    sheet.insert_rows(1)
    sheet.merged_cells.ranges.clear()
    sheet.merge_cells("E4:E5")
    sheet.merge_cells("A1:F1")
    book.save(path)
    with pytest.raises(engine.Refused) as caught:
        engine.plan_import(NAME, path, OFFICIAL, today=TODAY, rulesets=tmp_path)
    assert [(p.code, p.where.cell) for p in caught.value.problems] == [("cells_merged", "E4")]


def test_a_number_typed_into_a_workbook_is_exact(tmp_path: Path) -> None:
    path = template(library(tmp_path))
    book = openpyxl.load_workbook(path)
    row = next(row for row in book.active.iter_rows() if row[0].value == "local")
    row[4].value, row[4].number_format = 0.7143, "General"
    book.save(path)
    assert engine.plan_import(NAME, path, OFFICIAL, today=TODAY, rulesets=tmp_path).figures[0].after == "0.7143"


NUMBERS = st.decimals(min_value=0, max_value=1, places=3).map(str)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(values=st.tuples(NUMBERS, NUMBERS, NUMBERS), suffix=st.sampled_from(["csv", "xlsx"]))
def test_what_is_filled_into_the_template_is_what_is_loaded(
    values: tuple[str, str, str], suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = library(tmp_path_factory.mktemp("library"))
    keys = ("local", "limit:limits[0].at_least", "ladder:start")
    path = template(root, suffix)
    fill(path, dict(zip(keys, values, strict=True)))
    engine.write_import(engine.plan_import(NAME, path, OFFICIAL, today=TODAY, rulesets=root))
    found = figures(engine.load_standard_alone(NAME, root))
    assert [found[key] for key in keys] == [(values[0], "seen"), (f"{values[1]} t", "seen"), (values[2], "seen")]


def fill(path: Path, values: dict[str, str]) -> None:
    if path.suffix == ".csv":
        rows = list(csv.reader(path.open(encoding="utf-8-sig")))
        new = COLUMNS.index("new")
        filled_rows = [[*row[:new], values.get(row[0], row[new]), *row[new + 1 :]] for row in rows]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(filled_rows)
        return
    book = openpyxl.load_workbook(path)
    for row in book.active.iter_rows(min_row=2):
        row[COLUMNS.index("new")].value = values.get(row[0].value)
    book.save(path)


# --- schemes of several standards, and standards that take part in others ---


@pytest.fixture(scope="module")
def products(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The delivered library, to be written to; the Jiaxing scheme has three standards of products."""
    root = tmp_path_factory.mktemp("library") / "rulesets"
    shutil.copytree(engine.rulesets_root(), root)
    return root


@pytest.mark.parametrize(("named", "code"), [("", "standard_needed"), ("other", "standard_not_in_scheme")])
def test_which_of_several_standards_is_to_be_said(products: Path, tmp_path: Path, named: str, code: str) -> None:
    with pytest.raises(engine.Refused) as caught:
        engine.write_import_template("jiaxing_2017", tmp_path / "t.csv", "zh", kind="green_product", standard=named, rulesets=products)
    (problem,) = caught.value.problems
    assert (problem.code, dict(problem.params)["known"]) == (code, "silk_green_design, tcntac_33_2019, tcntac_38_2019")


def test_the_table_of_one_of_several_standards(products: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    count = engine.write_import_template("jiaxing_2017", path, "zh", kind="green_product", standard="silk_green_design", rulesets=products)
    assert [row["键"] for row in csv.DictReader(path.open(encoding="utf-8-sig"))] == ["mark"]
    assert count == 1


def test_an_import_into_a_floor_tells_the_schemes_that_include_it_by_way_of_another(products: Path, tmp_path: Path) -> None:
    check = engine.Attestation("张三", "x", "GB 18401-2010", "", "2017-03-01", "")
    claim = engine.Claim("gb18401_2010.hcho:limits[1].at_most")
    engine.attest("jiaxing_2017", "green_product", [claim], check, today=TODAY, rulesets=products, standard="tcntac_38_2019")
    table = filled(tmp_path, (claim.key, "70"))
    made = engine.plan_import("green_product/gb18401_2010", table, OFFICIAL, today=TODAY, rulesets=products)
    outdated = [problem for problem in made.warnings if problem.code == "attestation_outdated"]
    assert [dict(problem.params)["key"] for problem in outdated] == [claim.key]
