from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from engine.dossier.answers import canonical_answer
from engine.dossier.codes import inner_check, outer_check
from engine.dossier.fields import NAME_LIMIT, TEXT_LIMIT, read_day
from engine.dossier.parse import parse_dossier
from engine.dossier.read import read_dossier
from engine.dossier.schema import Cell, Dossier, Entry, EvidenceRef, canonical_json
from engine.problems import Problem, ProblemList, Refused, Severity, Where

SAMPLE = Path(__file__).with_name("sample.yaml").read_text(encoding="utf-8")


def write(folder: Path, text: str, name: str = "d.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str = SAMPLE, name: str = "d.yaml", today: str | None = None) -> Dossier:
    return read_dossier(write(folder, text, name), today)


def refusal(folder: Path, text: str, name: str = "d.yaml", today: str | None = None) -> list[Problem]:
    """The Problems for which a file is refused; each of them names the file and renders in both languages."""
    with pytest.raises(Refused) as caught:
        read(folder, text, name, today)
    for problem in caught.value.problems:
        check_rendering(problem, str(folder / name))
    return caught.value.problems


def check_rendering(problem: Problem, file: str) -> None:
    assert problem.where.file == file
    for lang in ("zh", "en"):
        sentences = problem.what(lang) + problem.fix(lang)
        assert "{" not in sentences
        sentences.encode()


def line_of(text: str, fragment: str) -> int:
    assert text.count(fragment) == 1, fragment
    return text[: text.index(fragment)].count("\n") + 1


def sample_with(old: str, new: str) -> str:
    assert SAMPLE.count(old) == 1, old
    return SAMPLE.replace(old, new)


def summary(problems: list[Problem]) -> list[tuple[str, int | None, str]]:
    return [(problem.code, problem.where.line, problem.where.path) for problem in problems]


# --- what is read ---


def test_the_sample_is_read_into_canonical_values(tmp_path: Path) -> None:
    dossier = read(tmp_path)
    assert (dossier.id, dossier.kind, dossier.year, dossier.application_date) == ("JX-2017-001", "green_factory", 2016, "2017-09-15")
    assert (dossier.closed, dossier.warnings) == (False, ())
    assert dossier.applicant.credit_code == "91330402MA28A1B212"
    assert dossier.applicant.industry == "0111"
    inputs, answers = dict(dossier.inputs), dict(dossier.answers)
    assert inputs["land_area"] == Entry(declared=Cell("1,234.50 m2"))
    assert inputs["building_footprint"] == Entry(
        Cell("30015 m2"), Cell("as_declared"), (EvidenceRef("E1"), EvidenceRef("E2", "2-5")), remark="现场核对"
    )
    assert inputs["water"].declared == Cell("1.0 t")
    assert inputs["functions"].declared == Cell("a, b")
    assert inputs["has_boiler"].declared == Cell("yes")
    assert answers["compliance"] == Entry(Cell("yes"), Cell("yes"), (EvidenceRef("E1", "3"),))
    assert answers["product.efficiency"] == Entry(Cell("not_applicable"), reason="产品不属用能产品")
    assert answers["some.judged"] == Entry(Cell("3"), Cell("2.5"), reason="依据")
    energy, water = dict(dossier.tables)["energy"], dict(dossier.tables)["water"]
    assert energy.verified and not water.verified
    assert energy.evidence == (EvidenceRef("E1"), EvidenceRef("E2", "7"))
    assert dict(energy.rows[0].declared)["quantity"] == Cell("812 kWh")
    assert energy.rows[0].verified == (("quantity", Cell("810 kWh")),)
    assert water.rows[0].verified == (("volume", Cell("3 t")),)
    first, second = dossier.evidence
    assert (first.issued, first.valid_until) == ("2010-03-01", "")
    assert (second.issued, second.valid_until) == ("2017-09-05", "2018-09-04")
    assert second.sha256 == "aabbccddeeff00112233445566778899" * 2


def test_every_value_knows_its_line(tmp_path: Path) -> None:
    dossier = read(tmp_path)
    file = str(tmp_path / "d.yaml")
    footprint = dict(dossier.inputs)["building_footprint"]
    assert footprint.declared is not None
    assert footprint.declared.where == Where(file, line_of(SAMPLE, "declared: 30015"), path="inputs.building_footprint.declared")
    assert footprint.evidence[1].where.line == line_of(SAMPLE, "E2:2-5")
    assert dossier.evidence[1].where.line == line_of(SAMPLE, "id: E2\n")
    row = dict(dossier.tables)["energy"].rows[1]
    assert row.where.line == line_of(SAMPLE, "2016-02")
    assert dict(dossier.places)["applicant.credit_code"].line == line_of(SAMPLE, "91330402")
    assert dict(dossier.places)["units"].line == line_of(SAMPLE, "units:")


@pytest.mark.parametrize(
    ("words", "token"),
    [
        ("yes Y true 是 符合 ✓ ＹＥＳ", "yes"),
        ("no N False 否 不符合 ✗ ｎｏ", "no"),
        ("not_applicable N/A 不适用 ＮＡ", "not_applicable"),
        ("as_declared 同自评", "as_declared"),
        ("maybe 大概 1 0 yes.", None),
    ],
)
def test_answer_words(words: str, token: str | None) -> None:
    assert {canonical_answer(f" {word} ") for word in words.split()} == {token}


def test_an_answer_of_two_words() -> None:
    assert canonical_answer("Not applicable") == "not_applicable"


@pytest.mark.parametrize("text", ["2017-09-05", "2017-9-5", "2017/9/5", "2017.9.5", "2017年9月5日", "２０１７年９月５日", "2017 年 9 月 5"])
def test_days_become_iso_text(text: str) -> None:
    assert read_day(text) == "2017-09-05"


@pytest.mark.parametrize("text", ["2017-02-30", "2017-13-01", "2017-9", "20170905", "2017-9/5", "0217-09-05", "明天", "2017-09-05T00:00"])
def test_what_is_no_day(text: str) -> None:
    assert read_day(text) is None


def test_a_half_filled_form_says_nothing_where_nothing_is_filled_in(tmp_path: Path) -> None:
    form = """
  land_area: {declared: , verified: , evidence: []}
  building_area:
answers:
  compliance: {declared: "", remark: null}
tables:
  energy:
  water: {rows: [{month: , volume: }]}
evidence:
"""
    dossier = read(tmp_path, SAMPLE[: SAMPLE.index("\n  land_area")] + form)
    assert (dossier.inputs, dossier.answers, dossier.evidence) == ((), (), ())
    assert [(name, table.rows) for name, table in dossier.tables] == [("water", ())]


@pytest.mark.parametrize("text", ["𠮷田㙓", '<b>&"', "a\\b", "=1+1", "100%", "null", "~", "ﬁ Ａ１", "é e\u0301"])
def test_text_is_kept_as_typed(tmp_path: Path, text: str) -> None:
    plain = yaml.safe_load(SAMPLE)
    plain["applicant"]["name"] = plain["inputs"]["land_area"] = text
    for name, written in (("d.yaml", yaml.safe_dump(plain, allow_unicode=True)), ("d.json", json.dumps(plain, default=str))):
        dossier = read(tmp_path, written, name)
        assert dossier.applicant.name == text
        assert dict(dossier.inputs)["land_area"].declared == Cell(text)


def test_remarks_may_have_several_lines(tmp_path: Path) -> None:
    text = sample_with("remark: 现场核对", 'remark: " 一\\r\\n\\t二\\n"')
    assert dict(read(tmp_path, text).inputs)["building_footprint"].remark == "一\n\t二"


# --- mistakes, one at a time ---

LONG_NAME = "长" * (NAME_LIMIT + 1)
MISTAKES = [
    # code, what stands in the sample, what stands there instead, the place
    ("key_missing", "dossier: JX-2017-001\n", "", "dossier"),
    ("key_missing", "kind: green_factory", "kind: ' '", "kind"),
    ("key_missing", "year: 2016\n", "year:\n", "year"),
    ("key_missing", "application_date: 2017-09-15", "application_date: ''", "application_date"),
    ("key_missing", "  name: 嘉兴示例印染有限公司（虚构）", "  name:", "applicant.name"),
    ("key_missing", "title: 营业执照, ", "title: , ", "evidence[0].title"),
    ("key_missing", "{id: E1, pages: 3}", "{pages: 3}", "answers.compliance.evidence[0].id"),
    ("key_unknown", "scheme: jiaxing_2017", "schema: jiaxing_2017", "schema"),
    ("key_unknown", "  industry:", "  industri:", "applicant.industri"),
    ("key_unknown", "  organisation:", "  organization:", "assessor.organization"),
    ("key_unknown", "remark: 现场核对", "note: 现场核对", "inputs.building_footprint.note"),
    ("key_unknown", "reason: 依据", "reasons: 依据", "answers.some.judged.reasons"),
    ("key_unknown", "    rows:", "    row:", "tables.energy.row"),
    ("key_unknown", "{verified: 3 t}", "{verify: 3 t}", "tables.water[0].volume.verify"),
    ("key_unknown", "pages: 3", "page: 3", "answers.compliance.evidence[0].page"),
    ("key_unknown", "valid_until: 2018-09-04", "valid: 2018-09-04", "evidence[1].valid"),
    ("key_unfit", "  land_area:", '  "land\\u200e\\u202earea":', "inputs"),
    ("key_unfit", "  land_area:", f"  ? {LONG_NAME}\n  :", "inputs"),
    ("key_unfit", "  land_area:", "  ' ':", "inputs"),
    ("mapping_expected", "units: {product_unit: 万m, gas_unit: 万m3}", "units: 万m", "units"),
    ("mapping_expected", "  - {month: 2016-01, volume: {verified: 3 t}}", "  - 2016-01", "tables.water[0]"),
    (
        "mapping_expected",
        "- {id: E1, title: 营业执照, issued: 2010年3月1日, valid_until: 长期}",
        "- {id: E1, title: 执照}\n- E9",
        "evidence[1]",
    ),
    ("mapping_expected", "  water:\n  - {month: 2016-01, volume: {verified: 3 t}}", "  water: 7", "tables.water"),
    ("list_expected", "evidence: [E2]", "evidence: {id: E2}", "inputs.water.evidence"),
    ("list_expected", "  water:\n  - {month: 2016-01, volume: {verified: 3 t}}", "  water: {rows: 7}", "tables.water.rows"),
    ("text_expected", "product_unit: 万m,", "product_unit: [万m],", "units.product_unit"),
    ("text_expected", "  products: 印染布", "  products: true", "applicant.products"),
    ("text_expected", "declared: 30015 m2", "declared: {value: 30015 m2}", "inputs.building_footprint.declared"),
    ("text_expected", "functions: [a, b]", "functions: [a, [b]]", "inputs.functions[1]"),
    ("text_expected", "evidence: [E2]", "evidence: [[E2]]", "inputs.water.evidence[0]"),
    ("text_too_long", "name: 嘉兴示例印染有限公司（虚构）", f"name: {LONG_NAME}", "applicant.name"),
    ("text_too_long", "remark: 现场核对", f"remark: {'长' * (TEXT_LIMIT + 1)}", "inputs.building_footprint.remark"),
    ("text_too_long", "functions: [a, b]", f"functions: [{', '.join(['a' * 100] * 20)}]", "inputs.functions"),
    ("text_unfit", "name: 嘉兴示例印染有限公司（虚构）", 'name: "嘉\\a兴"', "applicant.name"),
    ("text_unfit", "name: 嘉兴示例印染有限公司（虚构）", 'name: "嘉\\n兴"', "applicant.name"),
    ("text_unfit", "remark: 现场核对", 'remark: "\\u202e对"', "inputs.building_footprint.remark"),
    ("text_unfit", "land_area: 1,234.50 m2", 'land_area: "1\\0"', "inputs.land_area"),
    ("id_malformed", "dossier: JX-2017-001", "dossier: ../JX", "dossier"),
    ("id_malformed", "scheme: jiaxing_2017", "scheme: ./my.yaml", "scheme"),
    ("id_malformed", "kind: green_factory", f"kind: {'k' * 65}", "kind"),
    ("id_malformed", "{id: E1, title", "{id: E1, title: 执照}\n- {id: 'E:3', title", "evidence[1].id"),
    ("day_malformed", "application_date: 2017-09-15", "application_date: 2017-09-31", "application_date"),
    ("day_malformed", "issued: 2017/9/5", "issued: 去年", "evidence[1].issued"),
    ("day_malformed", "valid_until: 2018-09-04", "valid_until: 2018-9", "evidence[1].valid_until"),
    ("year_malformed", "year: 2016", "year: 16", "year"),
    ("year_malformed", "year: 2016", "year: 2016.0", "year"),
    ("year_implausible", "year: 2016", "year: 1916", "year"),
    ("year_after_application", "year: 2016", "year: 2018年", "year"),
    ("value_not_allowed", "closed: false", "closed: 关闭", "closed"),
    ("value_not_allowed", "    verified: as_declared", "    verified: 810 kWh", "tables.energy.verified"),
    ("answer_word_unknown", "declared: 是,", "declared: 大概,", "answers.compliance.declared"),
    ("answer_word_unknown", "verified: yes,", "verified: '[x]',", "answers.compliance.verified"),
    ("as_declared_misplaced", "declared: 30015 m2", "declared: 同自评", "inputs.building_footprint.declared"),
    ("as_declared_misplaced", "quantity: 1e3 kWh", "quantity: as_declared", "tables.energy.rows[1].quantity"),
    ("evidence_unknown", '"E2:2-5"', '"E3:2-5"', "inputs.building_footprint.evidence[1]"),
    ("evidence_unknown", "E1; E2：7", "E1; E7", "tables.energy.evidence"),
    ("evidence_unknown", "{id: E1, pages: 3}", '":3"', "answers.compliance.evidence[0]"),
    ("evidence_twice", "{id: E1, title", "{id: E1, title: 执照}\n- {id: E1, title", "evidence[1]"),
    ("evidence_in_future", "issued: 2017/9/5", "issued: 2017/9/16", "evidence[1].issued"),
    ("evidence_validity", "valid_until: 2018-09-04", "valid_until: 2017-09-04", "evidence[1].valid_until"),
    ("sha256_malformed", "sha256: AABB", "sha256: AAB", "evidence[1].sha256"),
    ("sha256_malformed", "sha256: AABB", "sha256: AABG", "evidence[1].sha256"),
    ("credit_code_check_digit", "91330402ma28a1b212", "91330402ma28a1b213", "applicant.credit_code"),
    ("credit_code_length", "91330481MA29C3D483", "91330481MA29C3D48", "assessor.credit_code"),
]


@pytest.mark.parametrize(("code", "old", "new", "path"), MISTAKES)
def test_a_mistake_is_the_only_problem_and_has_its_place(tmp_path: Path, code: str, old: str, new: str, path: str) -> None:
    text = sample_with(old, new)
    problems = refusal(tmp_path, text)
    lines = [number for number, (a, b) in enumerate(zip(SAMPLE.split("\n"), text.split("\n"), strict=False), 1) if a != b]
    assert [(problem.code, problem.where.path) for problem in problems] == [(code, path)]
    assert problems[0].where.line in range(lines[0], lines[0] + new.count("\n") + 1)


def test_what_an_unfit_value_leaves_behind_is_not_reported_as_missing(tmp_path: Path) -> None:
    text = sample_with("name: 嘉兴示例印染有限公司（虚构）", 'name: "\\a"')
    assert summary(refusal(tmp_path, text)) == [("text_unfit", line_of(text, '"\\a"'), "applicant.name")]


def test_a_missing_applicant_is_two_missing_keys(tmp_path: Path) -> None:
    start, end = SAMPLE.index("applicant:"), SAMPLE.index("assessor:")
    problems = refusal(tmp_path, SAMPLE[:start] + SAMPLE[end:])
    assert [(p.code, p.where.path) for p in problems] == [("key_missing", "applicant.name"), ("key_missing", "applicant.credit_code")]


def test_an_unknown_key_comes_with_a_suggestion(tmp_path: Path) -> None:
    (problem,) = refusal(tmp_path, sample_with("  industry:", "  industri:"))
    assert dict(problem.params) == {"key": "industri", "suggestion": "industry, district"}


def test_a_key_of_another_level_is_suggested_too(tmp_path: Path) -> None:
    (problem,) = refusal(tmp_path, SAMPLE + "credit-code: x\n")
    assert dict(problem.params)["suggestion"] == "credit_code"


@pytest.mark.parametrize(("until", "expired"), [("2017-09-14", True), ("2017-09-15", False)])
def test_a_document_that_is_referred_to_and_has_expired(tmp_path: Path, until: str, expired: bool) -> None:
    dossier = read(tmp_path, sample_with("valid_until: 2018-09-04", f"valid_until: {until}"))
    found = [(problem.code, problem.severity.value, problem.where.path) for problem in dossier.warnings]
    assert found == ([("evidence_expired_cited", "warning", "evidence[1].valid_until")] if expired else [])


def test_an_unknown_evidence_id_comes_with_a_suggestion(tmp_path: Path) -> None:
    (problem,) = refusal(tmp_path, sample_with('"E2:2-5"', '"E20:2-5"'))
    assert dict(problem.params) == {"id": "E20", "suggestion": "E2"}


def test_an_application_date_after_today(tmp_path: Path) -> None:
    assert read(tmp_path, today="2017-09-15").application_date == "2017-09-15"
    assert summary(refusal(tmp_path, SAMPLE, today="2017-09-14")) == [("application_in_future", 5, "application_date")]


def test_evidence_issued_on_the_application_date_is_in_time(tmp_path: Path) -> None:
    assert read(tmp_path, sample_with("issued: 2017/9/5", "issued: 2017-09-15")).evidence[1].issued == "2017-09-15"


def test_evidence_may_end_on_the_day_it_was_issued(tmp_path: Path) -> None:
    assert read(tmp_path, sample_with("valid_until: 2018-09-04", "valid_until: 2017-09-05")).evidence[1].valid_until == "2017-09-05"


@pytest.mark.parametrize(("limit", "old"), [(NAME_LIMIT, "嘉兴示例印染有限公司（虚构）"), (TEXT_LIMIT, "现场核对")])
def test_a_text_of_exactly_the_limit_is_accepted(tmp_path: Path, limit: int, old: str) -> None:
    assert "长" * limit in canonical_json(read(tmp_path, sample_with(old, "长" * limit)))


# --- warnings ---


def test_long_highlights_are_a_warning(tmp_path: Path) -> None:
    assert read(tmp_path, sample_with("屋顶光伏", "光" * 100)).warnings == ()
    (warning,) = read(tmp_path, sample_with("屋顶光伏", "光" * 101)).warnings
    assert (warning.code, warning.severity, warning.where.line) == ("highlights_long", Severity.WARNING, 7)
    check_rendering(warning, str(tmp_path / "d.yaml"))


def test_a_strange_division_is_a_warning(tmp_path: Path) -> None:
    body = "91990402" + "MA28A1B2" + inner_check("MA28A1B2")
    (warning,) = read(tmp_path, sample_with("91330402ma28a1b212", body + outer_check(body))).warnings
    assert (warning.code, warning.where.path) == ("credit_code_division", "applicant.credit_code")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    declared: 30015 m2\n", "    declared:\n"),
        ("quantity: {declared: 812 kWh, verified: 810 kWh}", "quantity: {verified: 同自评}"),
    ],
)
def test_confirming_nothing_is_a_warning_and_counts_as_not_filled_in(tmp_path: Path, old: str, new: str) -> None:
    text = sample_with(old, new)
    dossier = read(tmp_path, text)
    assert [w.code for w in dossier.warnings] == ["nothing_to_confirm"]
    assert dossier.warnings[0].where.line == line_of(SAMPLE, old) + new.count("\n")
    check_rendering(dossier.warnings[0], str(tmp_path / "d.yaml"))
    assert dict(dossier.inputs)["building_footprint"].verified is None or dict(dossier.tables)["energy"].rows[0].verified == ()


def test_a_confirmed_cell_is_verified_as_it_was_declared(tmp_path: Path) -> None:
    row = dict(read(tmp_path, sample_with("verified: 810 kWh", "verified: 同自评")).tables)["energy"].rows[0]
    assert row.verified == (("quantity", Cell("812 kWh")),)


def test_warnings_come_with_a_refusal_too(tmp_path: Path) -> None:
    text = sample_with("屋顶光伏", "光" * 101).replace("year: 2016", "year: 2018")
    assert [p.code for p in refusal(tmp_path, text)] == ["highlights_long", "year_after_application"]


# --- files ---


@pytest.mark.parametrize("name", ["nothing", "nothing.txt", "nothing.yaml"])
def test_a_file_that_is_not_there_is_said_not_to_be(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused) as caught:
        read_dossier(tmp_path / name)
    (problem,) = caught.value.problems
    assert problem.code == "file_unreadable"
    assert "没有这个文件" in problem.what("zh") and "No such file" in problem.what("en")


@pytest.mark.parametrize("name", ["d.txt", "d", "d.xls"])
def test_another_kind_of_file(tmp_path: Path, name: str) -> None:
    assert [p.code for p in refusal(tmp_path, SAMPLE, name)] == ["dossier_suffix"]


@pytest.mark.parametrize(
    ("text", "code"), [("- a\n", "not_a_mapping"), ("null\n", "not_a_mapping"), ("", "file_empty"), ("a: [", "yaml_syntax")]
)
def test_a_file_of_another_shape(tmp_path: Path, text: str, code: str) -> None:
    assert [p.code for p in refusal(tmp_path, text)] == [code]


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        read_dossier(tmp_path / "none.yaml")
    assert [p.code for p in caught.value.problems] == ["file_unreadable"]


def test_a_json_dossier_names_its_lines(tmp_path: Path) -> None:
    plain = yaml.safe_load(SAMPLE)
    plain["yaer"] = 1
    text = json.dumps(plain, ensure_ascii=False, indent=1, default=str)
    assert summary(refusal(tmp_path, text, "d.json")) == [("key_unknown", line_of(text, '"yaer"'), "yaer")]


def test_ten_mistakes_are_ten_problems(tmp_path: Path) -> None:
    text = (
        SAMPLE.replace("dossier: JX-2017-001", "dossier: J/1")
        .replace("year: 2016\n", "year: 16\n")
        .replace("scheme:", "schema:")
        .replace("91330402ma28a1b212", "91330402ma28a1b213")
        .replace("  industry:", "  industri:")
        .replace("gas_unit: 万m3", "gas_unit: [万m3]")
        .replace('"E2:2-5"', "E5")
        .replace("declared: 是,", "declared: 大概,")
        .replace("issued: 2017/9/5", "issued: 2017/9/31")
        .replace("sha256: AA", "sha256: ")
    )
    problems = refusal(tmp_path, text)
    assert sorted(summary(problems), key=lambda found: found[1] or 0) == [
        ("id_malformed", 1, "dossier"),
        ("key_unknown", 3, "schema"),
        ("year_malformed", 4, "year"),
        ("credit_code_check_digit", 10, "applicant.credit_code"),
        ("key_unknown", 11, "applicant.industri"),
        ("text_expected", 16, "units.gas_unit"),
        ("evidence_unknown", 22, "inputs.building_footprint.evidence[1]"),
        ("answer_word_unknown", line_of(text, "大概"), "answers.compliance.declared"),
        ("day_malformed", line_of(text, "2017/9/31"), "evidence[1].issued"),
        ("sha256_malformed", line_of(text, "sha256"), "evidence[1].sha256"),
    ]


# --- texts and sources ---


def test_half_a_surrogate_pair_is_refused(tmp_path: Path) -> None:
    text = json.dumps({**yaml.load(SAMPLE, Loader=yaml.BaseLoader), "highlights": "\ud800", "units": {"\udc00": "t"}})
    problems = refusal(tmp_path, text, "d.json")
    assert [(p.code, p.where.path) for p in problems] == [("text_unfit", "highlights"), ("key_unfit", "units")]


def test_plain_data_of_other_sources_can_be_parsed() -> None:
    problems = ProblemList()
    dossier = parse_dossier({"dossier": "a"}, lambda path: Where(sheet="S", cell=f"A{len(path)}"), problems)
    assert dossier.id == "a"
    assert str(next(iter(problems)).where) == "[S]!A1"
