"""Workbooks: a template for a programme, and the way of a dossier through it and back."""

from __future__ import annotations

import hashlib
import re
import warnings
import zipfile
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, assume, example, given, settings
from hypothesis import strategies as st
from openpyxl.workbook.workbook import Workbook

from engine.dossier.parse import parse_dossier
from engine.dossier.read import read_dossier
from engine.dossier.schema import Cell, Dossier, Entry, to_plain
from engine.dossier.workbook_read import read_workbook
from engine.dossier.workbook_write import write_workbook
from engine.problems import Problem, ProblemList, Refused, Severity, Where
from engine.ruleset.compose import compose_programme
from engine.ruleset.library import rulesets_root, scheme_ids
from engine.ruleset.overview import scheme_programmes
from engine.ruleset.programme import Programme

RULESETS = Path(__file__).with_name("small_rulesets")
HEAD = {
    "dossier": "甲-1",
    "kind": "green_factory",
    "scheme": "small",
    "year": "2016",
    "application_date": "2017-09-15",
    "applicant": {"name": "某厂", "credit_code": "91330400MA28A00X0X"},
}


@cache
def small() -> Programme:
    problems = ProblemList()
    programme = compose_programme("small", "green_factory", problems, root=RULESETS)
    assert programme is not None, [problem.what() for problem in problems]
    return programme


def dossier_of(plain: dict[str, Any]) -> Dossier:
    problems = ProblemList()
    dossier = parse_dossier(HEAD | plain, lambda path: Where(), problems)
    assert not problems.has_errors, [problem.what() for problem in problems]
    return dossier


def filled(path: Path, plain: dict[str, Any], lang: str = "zh") -> Path:
    write_workbook(small(), path, lang, dossier_of(plain))
    return path


def read(path: Path) -> Dossier:
    """A workbook that has nothing wrong with it."""
    problems = ProblemList()
    dossier = read_workbook(path, problems)
    assert [(str(problem.where), problem.what()) for problem in problems] == []
    assert dossier is not None
    return dossier


def faults(path: Path) -> list[Problem]:
    """What is wrong with a workbook; every Problem names the file and renders in both languages."""
    problems = ProblemList()
    read_workbook(path, problems)
    for problem in problems:
        assert problem.where.file == str(path)
        assert all(problem.what(lang) and problem.fix(lang) for lang in ("zh", "en"))
    return list(problems)


def codes(path: Path) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.where.sheet, problem.where.cell) for problem in faults(path)]


def edit(path: Path, change: Callable[[Workbook], object]) -> Path:
    """The workbook after somebody has changed it in a spreadsheet program."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def find(book: Workbook, sheet: str, name: str, key: str) -> Any:
    """The cell of an id (or marker) and a column key, by the hidden row and column."""
    page = book[sheet]
    column = next(cell.column for cell in page[1] if cell.value == key)
    row = next(cell.row for cell in page["A"] if cell.value == name)
    return page.cell(row, column)


def first_row(book: Workbook, sheet: str) -> int:
    """The first row of a table."""
    marks = {cell.value: cell.row for cell in book[sheet]["A"]}
    return int(marks.get("#units", marks["#head"])) + 1


# --- through the workbook and back ---

PLAIN_TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn", "Zl", "Zp"]), max_size=12)
ODD_TEXTS = st.sampled_from(
    [
        "=1+1",
        "+1",
        "-",
        "@SUM(A1)",
        "'x",
        "''",
        "𠮷野家",
        "007",
        "1.50",
        "1e3",
        "TRUE",
        "是",
        "yes",
        "不适用",
        "#N/A",
        "_x000D_",
        "2016-01",
        "3-4",
        "{=1}",
        "a  b",
        '"',
    ]
)
LINE = PLAIN_TEXTS | ODD_TEXTS
LONG = st.lists(LINE, max_size=3).map("\n".join).filter(lambda text: "_x000D_\n" not in text)
NUMBERS = st.decimals(-(10**6), 10**9, places=3, allow_nan=False).map(lambda d: format(d.normalize(), "f")) | st.sampled_from(
    [
        "0",
        "-0",
        "1.50",
        "007",
        "+5",
        "1,234.5",
        "６６７",
        "1e3",
        ".5",
        "0.1",
        "0.30000000000000004",
        "12345678901234567890",
        "0.000000001",
        "123456789012345",
    ]
)
UNITS = st.sampled_from(["", " m2", " t", " 万m2", " %", "%", " 万元", "  kg", " 件/ (x)"])
NOT_DETECTED = st.sampled_from(["ND", "nd(0.01 t)", "未检出"])
QUANTITIES = st.builds(str.__add__, NUMBERS, UNITS) | NOT_DETECTED
VALUES: dict[str, st.SearchStrategy[str]] = dict.fromkeys(
    ("land_area", "stock_change", "reuse_rate", "staff", "industry_intensity"), QUANTITIES
) | {
    "has_platform": st.sampled_from(["yes", "no", "是", "否", "Yes", "有"]),
    "basis": st.sampled_from(["quota", "average", "限额", "Quota"]),
    "functions": st.sampled_from(["plan", "plan, act", "计划、执行", "计划", "plan,act", "Plan, 执行", "plan, plan", "x"]),
    "level": st.sampled_from(["3", "3-4", "3级", "1.0"]),
    "contact_note": LONG.filter(str.strip),
    "started": st.sampled_from(["2016-09-05", "2016.9.5", "1899-12-31", "1900-01-01", "2016-02-30", "9999-12-31"]),
    "peak_month": st.sampled_from(["2016-01", "2016年1月", "2016-1"]),
    "main_carrier": st.sampled_from(["raw_coal", "electricity", "原煤", "raw_coal 原煤", "raw_coal 原煤 怪名", "Raw coal"]),
}
ANSWERS: dict[str, st.SearchStrategy[str]] = {
    "compliance": st.sampled_from(["yes", "no", "是"]),
    "site.green": st.sampled_from(["yes", "no", "not_applicable"]),
    "site.area": st.sampled_from(["yes", "3", "not_applicable"]),
    "site.energy": st.sampled_from(["not_applicable", "2.50"]),
    "conduct.training": st.sampled_from(["3", "2.5", "2.50", "not_applicable"]),
    "conduct.plan": st.sampled_from(["0", "2.5"]),
}
EVIDENCE_IDS = ["E1", "2", "营业执照-1"]
REFS = st.lists(
    st.builds(
        lambda name, pages: {"id": name} | ({"pages": pages} if pages else {}),
        st.sampled_from(EVIDENCE_IDS),
        st.sampled_from(["", "2-5", "3；5", "1;7", "附录:B"]),
    ),
    max_size=3,
)


def entries(values: dict[str, st.SearchStrategy[str]]) -> st.SearchStrategy[dict[str, Any]]:
    def entry(value: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
        optional = {"verified": value | st.just("as_declared"), "evidence": REFS, "reason": LONG, "remark": LONG}
        return st.fixed_dictionaries({"declared": value}, optional=optional)

    return st.fixed_dictionaries({}, optional={name: entry(value) for name, value in values.items()})


def rows(columns: dict[str, st.SearchStrategy[str]]) -> st.SearchStrategy[list[dict[str, Any]]]:
    def cell(value: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
        return value | st.fixed_dictionaries({}, optional={"declared": value, "verified": value})

    return st.lists(st.fixed_dictionaries({}, optional={name: cell(value) for name, value in columns.items()}), max_size=4)


def tables() -> st.SearchStrategy[dict[str, Any]]:
    shared: dict[str, Any] = {"verified": st.just("as_declared"), "evidence": REFS, "remark": LONG}
    energy = {"month": VALUES["peak_month"], "carrier": VALUES["main_carrier"], "quantity": QUANTITIES, "cost": QUANTITIES}
    waste = {"waste": LINE, "generated": QUANTITIES, "since": VALUES["started"]}
    return st.fixed_dictionaries(
        {},
        optional={
            name: st.fixed_dictionaries({}, optional=shared | {"rows": rows(columns)})
            for name, columns in (("energy", energy), ("waste", waste))
        },
    )


EVIDENCE = st.fixed_dictionaries(
    {"title": LINE.filter(str.strip)},
    optional={
        "number": LINE,
        "issuer": LINE,
        "issued": st.sampled_from(["2010-03-01", "1900-01-31"]),
        "valid_until": st.just("2030-02-28"),
        "file": LINE,
        "sha256": st.just("ab" * 32),
    },
)
PLAIN = st.fixed_dictionaries(
    {
        "evidence": st.lists(EVIDENCE, min_size=3, max_size=3).map(
            lambda items: [{"id": i} | item for i, item in zip(EVIDENCE_IDS, items, strict=True)]
        )
    },
    optional={
        "scheme": st.just("small"),
        "closed": st.booleans(),
        "highlights": LONG,
        "units": st.fixed_dictionaries({}, optional={"product_unit": st.sampled_from(["t", "万m", "1.50"]), "carrier_unit": st.just("kg")}),
        "inputs": entries(VALUES),
        "answers": entries(ANSWERS),
        "tables": tables(),
        "applicant": st.fixed_dictionaries(
            {"name": LINE.filter(str.strip), "credit_code": st.just("91330400MA28A00X0X")},
            optional={
                "industry": st.sampled_from(["0111", "17", "1713", "0111 稻谷种植"]),
                "district": st.sampled_from(["xiuzhou", "秀洲区"]),
                "phone": st.just("0573-0001"),
                "products": LONG,
            },
        ),
        "assessor": st.fixed_dictionaries({}, optional={"organisation": LINE, "members": LONG}),
    },
)


@settings(
    max_examples=25,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(PLAIN, st.sampled_from(["zh", "en"]))
@example({"scheme": "", "tables": {"waste": {"rows": []}}}, "zh")
@example({"tables": {"energy": {"rows": [{"quantity": {"verified": "3 t"}}, {"cost": "12 万元"}, {"cost": "3 元"}]}}}, "zh")
def test_a_dossier_survives_the_workbook(tmp_path: Path, plain: dict[str, Any], lang: str) -> None:
    problems = ProblemList()
    dossier = parse_dossier(HEAD | plain, lambda path: Where(), problems)
    assume(not problems.has_errors)
    path = tmp_path / "d.xlsx"
    write_workbook(small(), path, lang, dossier)
    back = read(path)
    assert to_plain(back) == to_plain(dossier)
    assert back.sha256 == dossier.sha256


def test_what_excels_escapes_would_change_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        filled(tmp_path / "d.xlsx", {"inputs": {"contact_note": {"declared": "a_x000D_\nb"}}})
    assert [problem.code for problem in caught.value.problems] == ["workbook_text"]


def test_refs_that_a_cell_cannot_tell_apart_are_refused(tmp_path: Path) -> None:
    evidence = [{"id": "E1", "title": "甲"}, {"id": "2", "title": "乙"}]
    plain = {"evidence": evidence, "answers": {"compliance": {"declared": "yes", "evidence": [{"id": "E1", "pages": "1; 2"}]}}}
    with pytest.raises(Refused) as caught:
        filled(tmp_path / "d.xlsx", plain)
    assert [problem.code for problem in caught.value.problems] == ["workbook_refs"]


@pytest.mark.parametrize(
    ("plain", "name"),
    [
        ({"inputs": {"no_such": "1"}}, "no_such"),
        ({"answers": {"site.none": "yes"}}, "site.none"),
        ({"tables": {"water": []}}, "water"),
        ({"tables": {"waste": [{"waste": "渣", "colour": "灰"}]}}, "colour"),
        ({"units": {"gas_unit": "m3"}}, "gas_unit"),
        ({"kind": "green_park"}, "green_park"),
    ],
)
def test_what_the_programme_has_no_place_for_is_refused(tmp_path: Path, plain: dict[str, Any], name: str) -> None:
    with pytest.raises(Refused) as caught:
        filled(tmp_path / "d.xlsx", plain)
    assert [(problem.code, dict(problem.params)["name"]) for problem in caught.value.problems] == [("workbook_no_place", name)]
    assert not (tmp_path / "d.xlsx").exists()


# --- the template ---


def template(path: Path, lang: str = "zh") -> Path:
    write_workbook(small(), path, lang)
    return path


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """The opened Chinese template, only to be looked at."""
    return openpyxl.load_workbook(template(tmp_path_factory.mktemp("blank") / "t.xlsx"))


def test_a_template_has_a_sheet_for_each_part_of_the_programme(blank: Workbook) -> None:
    shown = ["填写说明", "基本信息", "基本要求", "场地", "管理", "定量数据", "基准值", "能源消费", "固体废物 危废", "证明材料清单"]
    expected = [(title, "visible") for title in shown] + [("_lists", "veryHidden"), ("_meta", "veryHidden")]
    assert [(sheet.title, sheet.sheet_state) for sheet in blank.worksheets] == expected


def test_an_english_template_speaks_english(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template(tmp_path / "t.xlsx", "en"))
    texts = [cell.value for sheet in book.worksheets[:-2] for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert [text for text in texts if any("\u4e00" <= char <= "\u9fff" for char in text) and "万" not in text] == []


def test_the_same_content_is_the_same_file(tmp_path: Path) -> None:
    plain = {"inputs": {"land_area": "12 m2"}, "evidence": [{"id": "E1", "title": "证"}]}
    digests = {hashlib.sha256(filled(tmp_path / name, plain).read_bytes()).hexdigest() for name in ("a.xlsx", "b.xlsx")}
    assert len(digests) == 1


def test_an_empty_template_lacks_only_what_is_required(tmp_path: Path) -> None:
    lacking = [(problem.code, dict(problem.params)["key"], problem.where.sheet) for problem in faults(template(tmp_path / "t.xlsx"))]
    assert lacking == [("key_missing", key, "基本信息") for key in ("dossier", "year", "application_date", "name", "credit_code")]


def test_every_sheet_is_protected_without_a_password(blank: Workbook) -> None:
    assert [sheet.title for sheet in blank.worksheets if not sheet.protection.sheet or sheet.protection.password] == []


@pytest.mark.parametrize(
    ("sheet", "name", "key", "locked"),
    [
        ("基本要求", "compliance", "declared", False),
        ("基本要求", "compliance", "requirement", True),
        ("场地", "site.area", "declared", True),
        ("场地", "site.area", "evidence", False),
        ("场地", "site.energy", "declared", False),
        ("定量数据", "land_area", "declared", False),
        ("定量数据", "land_area", "unit", False),
        ("定量数据", "contact_note", "unit", True),
        ("基本信息", "applicant.name", "declared", False),
    ],
)
def test_only_what_is_to_be_filled_in_is_open(blank: Workbook, sheet: str, name: str, key: str, locked: bool) -> None:
    assert find(blank, sheet, name, key).protection.locked is locked


def validation(book: Workbook, sheet: str, cell: Any) -> Any:
    return next(rule for rule in book[sheet].data_validations.dataValidation if cell.coordinate in rule.sqref)


@pytest.mark.parametrize(
    ("sheet", "name", "key", "choices"),
    [
        ("基本要求", "compliance", "declared", "是,否"),
        ("基本要求", "compliance", "verified", "是,否,同自评"),
        ("场地", "site.green", "declared", "是,否,不适用"),
        ("场地", "site.energy", "declared", "由定量数据计算,不适用"),
        ("管理", "conduct.plan", "declared", "0,2.5,5"),
        ("定量数据", "land_area", "unit", "m2,亩,万m2"),
        ("定量数据", "reuse_rate", "unit", "%"),
    ],
)
def test_answers_and_units_are_chosen_from_a_list(blank: Workbook, sheet: str, name: str, key: str, choices: str) -> None:
    rule = validation(blank, sheet, find(blank, sheet, name, key))
    assert (rule.type, rule.formula1) == ("list", f'"{choices}"')


def test_units_of_generic_ones_are_offered_once_these_are_bound(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(filled(tmp_path / "d.xlsx", {"units": {"product_unit": "万m"}}))
    rule = validation(book, "基准值", find(book, "基准值", "industry_intensity", "unit"))
    assert rule.formula1 == '"kg/万m,t/万m"'


def test_codes_are_chosen_by_their_titles_with_the_unit_they_decide(blank: Workbook) -> None:
    rule = validation(blank, "能源消费", blank["能源消费"].cell(first_row(blank, "能源消费"), 3))
    area = blank["_lists"][rule.formula1.removeprefix("_lists!").replace("$", "")]
    assert [row[0].value for row in area] == ["raw_coal 原煤 [kg]", "electricity 电力 [kWh]", "raw_coal 原煤 怪名 [kg]"]


def test_points_are_limited_to_the_maximum(blank: Workbook) -> None:
    cell = find(blank, "管理", "conduct.training", "declared")
    rule = validation(blank, "管理", cell)
    at = cell.coordinate
    assert rule.formula1 == f'OR(AND(ISNUMBER({at}),{at}>=0,{at}<=10),{at}="不适用")'
    assert rule.error == "请填 0 至 10 之间的分数，或从列表选择。"


def test_clause_and_note_stand_in_a_comment(blank: Workbook) -> None:
    assert find(blank, "定量数据", "land_area", "title").comment.text == "条款 A.1\n以土地证为准"


def test_the_maximum_points_are_summed(tmp_path: Path) -> None:
    path = template(tmp_path / "t.xlsx")
    total = find(openpyxl.load_workbook(path), "场地", "#end", "points")
    assert total.value.startswith("=SUM(")
    assert openpyxl.load_workbook(path, data_only=True)["场地"][total.coordinate].value == 12.5


def progress(path: Path) -> dict[str, tuple[Any, ...]]:
    rows = openpyxl.load_workbook(path, data_only=True)["填写说明"].iter_rows(min_col=2, max_col=5, values_only=True)
    return {str(row[0]): row[1:] for row in rows if row[0]}


def test_the_first_page_counts_what_is_filled_in(tmp_path: Path) -> None:
    plain: dict[str, Any] = {
        "answers": {"compliance": {"declared": "yes", "verified": "as_declared"}, "site.energy": "not_applicable", "site.green": "no"},
        "inputs": {"land_area": "12 m2"},
        "tables": {"waste": {"verified": "as_declared", "rows": [{"waste": "渣"}, {"waste": "泥"}]}},
    }
    counts = progress(filled(tmp_path / "d.xlsx", plain))
    assert counts["基本信息"] == (5, 17, "—")
    assert counts["基本要求"] == (1, 1, 1)
    assert counts["场地"] == (1, 1, 0)
    assert counts["定量数据"] == (1, 12, 0)
    assert counts["固体废物 危废"] == (2, "按实际", "是")


def test_the_month_list_follows_the_year(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(filled(tmp_path / "d.xlsx", {}), data_only=True)["_lists"]
    column = next(cells for cells in book.iter_cols(values_only=True) if cells[0] == "months")
    assert column[1:13] == tuple(f"2016-{month:02d}" for month in range(1, 13))


# --- what people type into Excel ---


def typed(tmp_path: Path, name: str, key: str, value: object, number_format: str = "General", unit: str = "") -> Cell | None:
    """What is read of a quantity cell after somebody has typed a value into it."""

    def type_in(book: Workbook) -> None:
        cell = find(book, "定量数据", name, key)
        cell.value, cell.number_format = value, number_format
        find(book, "定量数据", name, "unit").value = unit or None

    entry: Entry = dict(read(edit(filled(tmp_path / "d.xlsx", {}), type_in)).inputs).get(name, Entry())
    return entry.declared


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (66700, "m2", "66700 m2"),
        (66700, "", "66700"),
        (0.1 + 0.2, "亩", "0.3 亩"),
        (1e21, "", "1000000000000000000000"),
        (1.5e-7, "", "0.00000015"),
        (1234.5, "", "1234.5"),
        ("1.50", "m2", "1.50 m2"),
        ("66700 m2", "", "66700 m2"),
        ("66700 m2", "m2", "66700 m2"),
        ("ND(0.01 m2)", "", "ND(0.01 m2)"),
    ],
)
def test_a_number_is_read_as_excel_shows_it(tmp_path: Path, value: object, unit: str, text: str) -> None:
    assert typed(tmp_path, "land_area", "declared", value, unit=unit) == Cell(text)


def test_a_percentage_typed_as_such_keeps_its_sign(tmp_path: Path) -> None:
    assert typed(tmp_path, "reuse_rate", "declared", 0.305, "0.0%") == Cell("30.5 %")


@pytest.mark.parametrize(("name", "text"), [("started", "2016-09-05"), ("peak_month", "2016-09")])
def test_a_day_typed_as_such_becomes_iso_text(tmp_path: Path, name: str, text: str) -> None:
    assert typed(tmp_path, name, "declared", datetime(2016, 9, 5), "yyyy/m/d") == Cell(text)


@pytest.mark.parametrize(("value", "text"), [(True, "yes"), (False, "no"), ("是", "yes"), ("有", "有")])
def test_yes_and_no_are_read_from_words_and_truth_values(tmp_path: Path, value: object, text: str) -> None:
    assert typed(tmp_path, "has_platform", "declared", value) == Cell(text)


@pytest.mark.parametrize("value", ["限额", "quota"])
def test_a_choice_is_read_from_its_title_or_its_code(tmp_path: Path, value: str) -> None:
    assert typed(tmp_path, "basis", "declared", value) == Cell("quota")


@pytest.mark.parametrize("value", ["计划、执行", "计划\n执行", "plan, act", "计划；执行"])
def test_several_codes_are_read_from_their_titles(tmp_path: Path, value: str) -> None:
    assert typed(tmp_path, "functions", "declared", value) == Cell("plan, act")


def test_codes_are_shown_by_their_titles(tmp_path: Path) -> None:
    path = filled(tmp_path / "d.xlsx", {"inputs": {"functions": "plan, act"}})
    assert find(openpyxl.load_workbook(path), "定量数据", "functions", "declared").value == "计划\n执行"


def test_evidence_is_read_with_either_semicolon_and_colon(tmp_path: Path) -> None:
    path = filled(tmp_path / "d.xlsx", {"evidence": [{"id": "E1", "title": "甲"}, {"id": "E2", "title": "乙"}]})
    edit(path, lambda book: setattr(find(book, "基本要求", "compliance", "evidence"), "value", "E1：2-3；5；E2\nE1"))
    refs = dict(read(path).answers)["compliance"].evidence
    assert [str(ref) for ref in refs] == ["E1:2-3；5", "E2", "E1"]


def test_rows_inserted_inside_a_table_are_read(tmp_path: Path) -> None:
    path = filled(tmp_path / "d.xlsx", {"tables": {"waste": [{"waste": "渣"}]}})

    def insert(book: Workbook) -> None:
        page, row = book["固体废物 危废"], first_row(book, "固体废物 危废")
        page.insert_rows(row)
        page.cell(row, 2).value = "泥"

    waste = dict(read(edit(path, insert)).tables)["waste"]
    assert [dict(row.declared)["waste"].text for row in waste.rows] == ["泥", "渣"]


def test_a_problem_of_content_names_sheet_and_cell(tmp_path: Path) -> None:
    path = filled(tmp_path / "d.xlsx", {"inputs": {"land_area": "1 m2"}})
    edit(path, lambda book: setattr(find(book, "场地", "site.green", "declared"), "value", "也许"))
    assert [(code, sheet) for code, sheet, _ in codes(path)] == [("answer_word_unknown", "场地")]
    assert faults(path)[0].where.cell == find(openpyxl.load_workbook(path), "场地", "site.green", "declared").coordinate
    assert faults(path)[0].where.path == "answers.site.green.declared"


# --- what is wrong with a workbook ---


def put(path: Path, sheet: str, name: str, key: str, value: object) -> str:
    """Type a value into a cell; returns its address."""
    places: list[str] = []

    def type_in(book: Workbook) -> None:
        cell = find(book, sheet, name, key)
        cell.value = value
        places.append(cell.coordinate)

    edit(path, type_in)
    return places[0]


def set_raw(path: Path, sheet: str, cell: str, content: str) -> None:
    """Put the content of a cell as only Excel itself writes it: a formula with its result, an error value."""
    book = openpyxl.load_workbook(path)
    part = f"xl/worksheets/sheet{book.sheetnames.index(sheet) + 1}.xml"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    changed, count = re.subn(rf'<c r="{cell}"( s="\d+")?(/>|[ >].*?</c>)', rf'<c r="{cell}"\1 {content}</c>', parts[part].decode(), count=1)
    assert count == 1
    parts[part] = changed.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in parts.items():
            archive.writestr(name, raw)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with nothing wrong yet."""
    return filled(tmp_path / "d.xlsx", {"tables": {"waste": [{"waste": "渣", "generated": "3 t"}]}, "answers": {"compliance": "yes"}})


@pytest.mark.parametrize("value", ["约三百", "m2", "1 2", True])
def test_no_number_where_a_number_belongs(book: Path, value: object) -> None:
    cell = put(book, "定量数据", "land_area", "declared", value)
    assert codes(book) == [("cell_not_a_number", "定量数据", cell)]


def test_a_number_that_excel_took_for_a_day(book: Path) -> None:
    cell = put(book, "定量数据", "land_area", "declared", datetime(2026, 1, 2))
    assert codes(book) == [("cell_is_a_day", "定量数据", cell)]


@pytest.mark.parametrize(("sheet", "name"), [("基本信息", "applicant.credit_code"), ("基本信息", "dossier")])
def test_a_long_number_that_excel_cut_short(book: Path, sheet: str, name: str) -> None:
    cell = put(book, sheet, name, "declared", 913304110000010112)
    assert ("cell_digits_lost", sheet, cell) in codes(book)


def test_a_day_with_a_time_is_no_day(book: Path) -> None:
    cell = put(book, "基本信息", "application_date", "declared", datetime(2017, 9, 15, 8, 30))
    assert codes(book) == [("day_malformed", "基本信息", cell)]


def test_a_unit_in_both_cells(book: Path) -> None:
    put(book, "定量数据", "land_area", "unit", "亩")
    cell = put(book, "定量数据", "land_area", "declared", "5 m2")
    assert codes(book) == [("cell_unit_twice", "定量数据", cell)]


@pytest.mark.parametrize("value", ["很多", "#REF!", datetime(2026, 1, 2)])
def test_a_confirmed_value_that_cannot_be_read_is_one_mistake(book: Path, value: object) -> None:
    put(book, "定量数据", "land_area", "verified", "同自评")
    cell = put(book, "定量数据", "land_area", "declared", value)
    assert [place[1:] for place in codes(book)] == [("定量数据", cell)]


def test_not_detected_takes_no_unit_from_the_unit_cell(book: Path) -> None:
    put(book, "定量数据", "land_area", "unit", "亩")
    cell = put(book, "定量数据", "land_area", "declared", "ND(0.1)")
    assert codes(book) == [("cell_unit_twice", "定量数据", cell)]


def test_a_formula_is_read_by_its_result_with_a_warning(book: Path) -> None:
    cell = find(openpyxl.load_workbook(book), "定量数据", "land_area", "declared").coordinate
    set_raw(book, "定量数据", cell, "><f>1+0.5</f><v>1.5</v>")
    problems = ProblemList()
    dossier = read_workbook(book, problems)
    assert [(problem.code, problem.severity, problem.where.cell) for problem in problems] == [("cell_formula", Severity.WARNING, cell)]
    assert dossier is not None and dict(dossier.inputs)["land_area"].declared == Cell("1.5")


def test_a_formula_without_a_result(book: Path) -> None:
    cell = put(book, "定量数据", "land_area", "declared", "=1+1")
    assert codes(book) == [("cell_formula_empty", "定量数据", cell)]


def test_an_error_value(book: Path) -> None:
    cell = find(openpyxl.load_workbook(book), "定量数据", "land_area", "declared").coordinate
    set_raw(book, "定量数据", cell, 't="e"><v>#DIV/0!</v>')
    assert codes(book) == [("cell_error", "定量数据", cell)]


def test_a_missing_sheet(book: Path) -> None:
    edit(book, lambda opened: opened.remove(opened["管理"]))
    assert codes(book) == [("sheet_missing", "管理", "")]


def test_a_renamed_sheet_is_still_read(book: Path) -> None:
    edit(book, lambda opened: setattr(opened["基本要求"], "title", "门槛"))
    problems = ProblemList()
    dossier = read_workbook(book, problems)
    assert [(problem.code, problem.severity, problem.where.sheet) for problem in problems] == [("sheet_renamed", Severity.WARNING, "门槛")]
    assert dossier is not None and dict(dossier.answers)["compliance"].declared == Cell("yes")


def test_a_copied_sheet(book: Path) -> None:
    edit(book, lambda opened: opened.copy_worksheet(opened["管理"]))
    assert codes(book) == [("sheet_twice", "管理", "")]


@pytest.mark.parametrize("change", ["delete_rows", "delete_cols", "insert_rows", "insert_cols"])
def test_a_damaged_hidden_row_or_column(book: Path, change: str) -> None:
    edit(book, lambda opened: getattr(opened["管理"], change)(1))
    assert codes(book) == [("sheet_head_missing", "管理", "A1")]


def test_a_deleted_head(book: Path) -> None:
    def delete(opened: Workbook) -> None:
        page = opened["管理"]
        page.delete_rows(next(cell.row for cell in page["A"] if cell.value == "#head"))

    assert codes(edit(book, delete)) == [("row_missing", "管理", "")]


def test_a_deleted_column(book: Path) -> None:
    def delete(opened: Workbook) -> None:
        opened["管理"].delete_cols(find(opened, "管理", "conduct.plan", "verified").column)

    assert codes(edit(book, delete)) == [("sheet_column_missing", "管理", "L1")]


def test_a_copied_column(book: Path) -> None:
    def copy(opened: Workbook) -> None:
        opened["管理"].cell(1, 20).value = "declared"

    assert ("sheet_column_foreign", "管理", "T1") in codes(edit(book, copy))


def test_moved_columns_are_read_by_their_keys(tmp_path: Path) -> None:
    path = filled(tmp_path / "d.xlsx", {"answers": {"compliance": {"declared": "yes", "reason": "甲", "remark": "乙"}}})

    def swap(opened: Workbook) -> None:
        left, right = (find(opened, "基本要求", "compliance", key).column for key in ("reason", "remark"))
        for row in opened["基本要求"].iter_rows():
            row[left - 1].value, row[right - 1].value = row[right - 1].value, row[left - 1].value

    problems = ProblemList()
    dossier = read_workbook(edit(path, swap), problems)
    assert [(problem.code, problem.severity) for problem in problems] == [("sheet_columns_moved", Severity.WARNING)]
    assert dossier is not None
    entry = dict(dossier.answers)["compliance"]
    assert (entry.reason, entry.remark) == ("甲", "乙")


def test_an_unknown_id(book: Path) -> None:
    cell = put(book, "管理", "conduct.plan", "title", None)
    row = int(re.sub("[A-Z]", "", cell))
    edit(book, lambda opened: setattr(opened["管理"].cell(row, 1), "value", "conduct.plann"))
    assert codes(book) == [("row_unknown", "管理", f"A{row}")]
    assert dict(faults(book)[0].params)["suggestion"] == "conduct.plan"


def test_a_deleted_row(book: Path) -> None:
    def delete(opened: Workbook) -> None:
        opened["定量数据"].delete_rows(find(opened, "定量数据", "staff", "declared").row)

    assert codes(edit(book, delete)) == [("row_missing", "定量数据", "")]


def test_a_row_given_twice(book: Path) -> None:
    def repeat(opened: Workbook) -> None:
        opened["定量数据"].cell(60, 1).value = "staff"

    assert ("row_twice", "定量数据", "A60") in codes(edit(book, repeat))


def test_merged_cells(book: Path) -> None:
    def merge(opened: Workbook) -> None:
        row = first_row(opened, "固体废物 危废")
        opened["固体废物 危废"].merge_cells(start_row=row, end_row=row + 1, start_column=2, end_column=3)

    found = codes(edit(book, merge))
    assert [(code, sheet) for code, sheet, _ in found] == [("cells_merged", "固体废物 危废")]


@pytest.mark.parametrize(("row", "column"), [(9, 30), (300, 2)])
def test_cells_filled_outside_a_table(book: Path, row: int, column: int) -> None:
    edit(book, lambda opened: setattr(opened["固体废物 危废"].cell(row, column), "value", "旁注"))
    assert codes(book) == [("cells_outside", "固体废物 危废", openpyxl.utils.get_column_letter(column) + str(row))]


def test_empty_cells_outside_a_table_do_no_harm(book: Path) -> None:
    def touch(opened: Workbook) -> None:
        opened["固体废物 危废"].cell(1_048_576, 16_384).value = "  "

    assert faults(edit(book, touch)) == []


def test_another_layout(book: Path) -> None:
    edit(book, lambda opened: setattr(opened["_meta"]["B1"], "value", "7"))
    assert codes(book) == [("workbook_layout", "", "")]


def test_the_hidden_sheet_of_lists_is_missing(book: Path) -> None:
    edit(book, lambda opened: opened.remove(opened["_lists"]))
    assert codes(book) == [("sheet_missing", "_lists", "")]


def test_a_workbook_of_somebody_else(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "d.xlsx")
    assert codes(tmp_path / "d.xlsx") == [("workbook_foreign", "", "")]


def test_a_workbook_whose_parts_are_damaged(book: Path) -> None:
    set_raw(book, "管理", "A1", "<<")
    assert codes(book) == [("workbook_unreadable", "", "")]


def change_part(book: Path, name: str, old: bytes, new: bytes, *, renamed: str = "") -> None:
    """Replace bytes in one part of a workbook, which then may be called something else."""
    with zipfile.ZipFile(book) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    assert old in parts[name]
    parts[renamed or name] = parts.pop(name).replace(old, new)
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, raw in parts.items():
            archive.writestr(part, raw)


@pytest.mark.parametrize(
    "after_the_cells",
    [
        '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        "<mergeCells count='1'><mergeCell ref='A1:XFD1048576'/></mergeCells>",
        "<mergeCells><mergeCell ref='$a$1:$xfd$1048576'/></mergeCells>",
        "<mergeCells><mergeCell ref='XFD1048576:A1'/></mergeCells>",
        "<mergeCells><mergeCell ref='A:XFD'/></mergeCells>",
        "<mergeCells><mergeCell\n foo='>'\n ref = 'A1:XFD1048576'/></mergeCells>",
        "<hyperlinks><hyperlink ref='A1:XFD1048576' location='A1'/></hyperlinks>",
    ],
)
def test_a_range_that_would_fill_the_memory(book: Path, after_the_cells: str) -> None:
    change_part(book, "xl/worksheets/sheet3.xml", b"</sheetData>", b"</sheetData>" + after_the_cells.encode())
    assert codes(book) == [("workbook_cells", "", "")]


def test_a_note_on_every_cell(book: Path) -> None:
    with zipfile.ZipFile(book) as archive:
        note = next(name for name in archive.namelist() if name.startswith("xl/comments"))
        first = archive.read(note).partition(b'<comment ref="')[2].partition(b'"')[0]
    change_part(book, note, b'<comment ref="' + first, b'<comment ref="A1:XFD1048576')
    assert codes(book) == [("workbook_cells", "", "")]


def test_more_texts_than_any_template_has(book: Path) -> None:
    texts = "".join(f"<si><t>{i:x}</t></si>" for i in range(400_001))
    change_part(book, "xl/sharedStrings.xml", b"</sst>", texts.encode() + b"</sst>")
    assert codes(book) == [("workbook_cells", "", "")]


def test_a_sheet_under_another_name(book: Path) -> None:
    change_part(book, "xl/_rels/workbook.xml.rels", b"worksheets/sheet3.xml", b"media/sheet3.png")
    change_part(book, "[Content_Types].xml", b"/xl/worksheets/sheet3.xml", b"/xl/media/sheet3.png")
    merged = b"</sheetData><mergeCells><mergeCell ref='A1:XFD1048576'/></mergeCells>"
    change_part(book, "xl/worksheets/sheet3.xml", b"</sheetData>", merged, renamed="xl/media/sheet3.png")
    assert codes(book) == [("workbook_cells", "", "")]


def test_a_file_over_the_limit_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openpyxl, "load_workbook", None)
    path = tmp_path / "d.xlsx"
    with path.open("wb") as file:
        file.truncate(40 * 2**20)
    assert codes(path) == [("file_too_large", "", "")]


def test_a_zip_bomb_is_not_opened(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openpyxl, "load_workbook", None)
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet99.xml", b" " * (110 * 2**20))
    assert {code for code, _, _ in codes(book)} == {"zip_unpacked", "zip_ratio"}


# --- the programmes of the repository ---

ROOT = Path(__file__).resolve().parents[2]


@cache
def real(scheme: str, kind: str, standard: str = "") -> Programme:
    programme = compose_programme(scheme, kind, ProblemList(), standard=standard)
    assert programme is not None
    return programme


@pytest.mark.parametrize("sample", sorted((ROOT / "samples").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_samples_survive_the_workbook(tmp_path: Path, sample: Path) -> None:
    dossier = read_dossier(sample)
    write_workbook(real(dossier.scheme, dossier.kind, dossier.standard), tmp_path / "d.xlsx", "zh", dossier)
    assert to_plain(read_dossier(tmp_path / "d.xlsx")) == to_plain(dossier)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("scheme", "kind", "standard"),
    [(name, kind, standard) for name in scheme_ids(rulesets_root()) for kind, standard in scheme_programmes(name)],
)
def test_every_scheme_gives_a_template(tmp_path: Path, scheme: str, kind: str, standard: str, lang: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # XlsxWriter warns of lists and texts that Excel would not take
        write_workbook(real(scheme, kind, standard), tmp_path / "t.xlsx", lang)
    assert {problem.code for problem in faults(tmp_path / "t.xlsx")} == {"key_missing"}
