from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.assess.results import Assessment, Determination, Interval, Names, Reason
from engine.dossier.schema import Applicant, Assessor, Dossier
from engine.language import to_text
from engine.report.context import score_places
from engine.report.report import report_bytes
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Tier
from engine.texts import say
from tests.report.fixtures import assessed, programme
from tests.report.reading import Read, read

ROOT = Path(__file__).resolve().parents[2]
CASES = [(basis, lang) for basis in ("verified", "declared") for lang in ("zh", "en")]
NASTY = "<b>&\"'</b> ${x} {y} %s <para>&amp;</para>"


@cache
def report(basis: str = "verified", lang: str = "zh") -> Read:
    assessment, dossier = assessed(basis)
    return read(report_bytes(assessment, dossier, programme(), lang)[0])


def made(assessment: Assessment | None = None, dossier: Dossier | None = None, over: Programme | None = None, lang: str = "zh") -> Read:
    found, own = assessed()
    return read(report_bytes(assessment or found, dossier or own, over or programme(), lang)[0])


def changed(**changes: Any) -> Assessment:
    return replace(assessed()[0], **changes)


def with_applicant(**changes: str) -> Dossier:
    dossier = assessed()[1]
    return replace(dossier, applicant=replace(dossier.applicant, **changes))


def last(lines: list[str], line: str) -> int:
    """Where a line stands for the last time: the contents name headings too."""
    return len(lines) - 1 - lines[::-1].index(line)


# --- what the report says is what the assessment says -----------------------------------------------------------------


@pytest.mark.parametrize(("basis", "lang"), CASES)
def test_every_gate_and_criterion_is_printed_by_its_number_and_title(basis: str, lang: str) -> None:
    found, assessment = report(basis, lang), assessed(basis)[0]
    lines = found.text.split("\n")
    missing = [item.number for item in (*assessment.gates, *assessment.criteria) if item.number not in lines]
    untitled = [item.id for item in assessment.criteria if programme().title(item.id, lang).replace(" ", "") not in found.run]
    assert (missing, untitled) == ([], [])


@pytest.mark.parametrize(("basis", "lang"), CASES)
def test_printed_totals_are_those_of_the_assessment(basis: str, lang: str) -> None:
    lines, assessment = report(basis, lang).text.split("\n"), assessed(basis)[0]
    assert assessment.score.high is not None and not assessment.score.is_point
    total = f"{to_text(assessment.score.low, 2)}–{to_text(assessment.score.high, 2)}"
    assert lines.count(total) >= 4  # the card, its scale, the score sheet, the table of dimensions
    for dimension in assessment.dimensions:
        if dimension.max:
            low, high = dimension.contribution
            assert high is not None
            printed = to_text(low, 2) if low == high else f"{to_text(low, 2)}–{to_text(high, 2)}"
            assert printed in lines
            assert to_text(dimension.max, 2) in lines


def test_points_of_each_criterion_are_printed_in_its_row() -> None:
    lines = report().text.split("\n")
    for criterion in assessed()[0].criteria:
        if criterion.max and criterion.points.is_point:
            at = lines.index(criterion.number, last(lines, "（三）评价指标得分"))
            assert to_text(criterion.points.low, 2) in lines[at : at + 12], criterion.number


def test_a_subtotal_says_when_points_of_inapplicable_items_were_shared_out() -> None:
    lines = report().text.split("\n")
    affected = {c.dimension for c in assessed()[0].criteria if c.status == "not_applicable" and c.max}
    for dimension in assessed()[0].dimensions:
        if dimension.raw_max:
            at = lines.index(f"{programme().title(dimension.id)}小计")
            assert ("分摊" in "".join(lines[at : at + 3])) == (dimension.id in affected), dimension.id


def test_every_requirement_and_document_is_there() -> None:
    run = report().run
    for criterion in assessed()[0].criteria:
        assert programme().criteria[criterion.id].requirement.zh.replace(" ", "") in run
    for document in assessed()[1].evidence:
        assert document.title in run


def test_the_report_names_what_it_was_computed_from() -> None:
    found, assessment = report(), assessed()[0]
    for part in (assessment.ruleset, assessment.scheme, assessment.dossier):
        assert part.sha256 in found.run
    for page in found.pages[1:]:
        assert "JX-2017-001" in page and assessment.ruleset.sha256[:12] in page
    assert assessment.ruleset.sha256[:12] in found.pages[0].replace("\n", "")


def test_page_one_holds_conclusion_score_reasons_and_unattested_figures() -> None:
    page, assessment = report().pages[0].replace("\n", ""), assessed()[0]
    assert "未通过" in page and "结论未定" in page and "为什么" in page
    assert f"{len(assessment.unattested)} 个未经核对确认的数值" in page


def test_every_unattested_figure_is_in_the_annex() -> None:
    found = report()
    annex = found.text.split("附录　未经核对确认的数值")[1]
    for entry in assessed()[0].unattested:
        if entry.criterion:
            number = getattr(programme().criteria.get(entry.criterion) or programme().gates.get(entry.criterion), "number", "")
            assert number in annex


def test_differences_between_the_bases_are_listed_with_their_effect() -> None:
    part = report().text.split("核实与自评的差异")[-1].split("指标对标")[0]
    effects = {c.number: c.effect for c in assessed()[0].criteria if c.effect}
    assert effects and all(number in part for number in effects)
    assert all(("−" if effect < 0 else "+") + to_text(abs(effect), 2) in part for effect in effects.values())


def test_a_self_evaluation_has_its_own_title_and_no_assessor() -> None:
    run = report("declared").run
    assert "绿色工厂自评价报告" in run and "第三方评价报告" not in run and "第三方机构信息" not in run


def test_the_english_report_has_no_chinese_of_its_own() -> None:
    catalogue = yaml.safe_load((ROOT / "engine/texts/report.yaml").read_text(encoding="utf-8"))
    run = report("verified", "en").run
    assert [text for text in _chinese(catalogue) if len(text) > 4 and "{" not in text and text in run] == []


def _chinese(node: dict[str, Any]) -> list[str]:
    return [node["zh"]] if "zh" in node else [text for child in node.values() for text in _chinese(child)]


# --- texts of users ---------------------------------------------------------------------------------------------------


def test_markup_is_printed_as_typed() -> None:
    found = made(dossier=with_applicant(name=NASTY, address=NASTY, products=NASTY))
    assert found.run.count(NASTY.replace(" ", "")) >= 4
    assert NASTY in found.info["/Title"]


def test_a_character_outside_the_font_is_a_box_with_its_code_point_and_a_problem() -> None:
    assessment, _ = assessed()
    content, problems = report_bytes(assessment, with_applicant(name="嘉兴𠮷祥㙓公司"), programme(), "zh")
    found = read(content)
    assert "U+20BB7" in found.pages[0] and "嘉兴" in found.pages[0] and "㙓" in found.pages[0]
    assert [(problem.code, problem.severity.value) for problem in problems] == [("glyph_missing", "warning")]
    assert "𠮷" in problems[0].what("zh") and "U+20BB7" in problems[0].what("en")


def test_ordinary_texts_raise_no_problem() -> None:
    assessment, dossier = assessed()
    assert report_bytes(assessment, dossier, programme(), "zh")[1] == []


def test_texts_of_any_length_fit_somewhere() -> None:
    long = "很长的名称" * 200
    remark = assessed()[0].criteria[0]._replace(remark="鑫" * 6000)
    found = made(changed(criteria=(remark, *assessed()[0].criteria[1:])), with_applicant(name=long, address=long, products="A" * 900))
    assert found.text.count("鑫") == 6000
    assert "A" * 900 in found.run


def test_an_empty_dossier_still_makes_a_report() -> None:
    found = made(
        changed(gates=(), findings=(), indicators=(), policies=()),
        Dossier("D1", "green_factory", assessor=Assessor(), applicant=Applicant()),
    )
    assert "D1" in found.pages[0] and "没有列出证明材料" in found.run


# --- outcomes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "word"),
    [("eligible", "通过"), ("fails", "未通过"), ("not_eligible", "不具备资格"), ("incomplete", "尚不完整"), ("scored", "已评分")],
)
def test_each_outcome_is_a_word_on_page_one_and_in_the_conclusion(outcome: str, word: str) -> None:
    found = made(changed(determination=Determination(outcome, None, True, False, ())))
    assert any(line.startswith(word) for line in found.pages[0].split("\n"))
    assert f"结论：{word}" in found.run and "结论已定" in found.pages[0]


def test_mark_and_tiers_are_flagged_on_the_scale_and_the_tier_is_named() -> None:
    tiers = tuple(Tier.model_validate({"tier": f"t{m}", "title": {"zh": f"{m}档", "en": f"Tier {m}"}, "mark": str(m)}) for m in (60, 80))
    over = replace(programme(), settings=programme().settings.model_copy(update={"tiers": tiers}))
    point = Interval(Fraction(8012, 100), Fraction(8012, 100))
    result = changed(determination=Determination("eligible", "t80", True, False, ()), score=point, mark=Fraction(60))
    lines = made(result, over=over).pages[0].split("\n")
    assert {"通过线、60档 60", "80档 80", "通过 · 80档", "80.12"} <= set(lines)


def test_a_total_just_below_the_mark_never_prints_as_the_mark() -> None:
    point = Interval(Fraction(79996, 1000), Fraction(79996, 1000))
    assert "79.996" in made(changed(score=point, mark=Fraction(80))).pages[0]


@pytest.mark.parametrize(
    ("low", "high", "mark", "places"),
    [
        ("79.996", "79.996", "80", 3),
        ("80", "80", "80", 2),
        ("79.99", "79.99", "80", 2),
        ("70", "80.0004", "80", 4),
        ("70.004", "90", None, 2),
    ],
)
def test_totals_print_with_as_many_places_as_tell_them_from_the_mark(low: str, high: str, mark: str | None, places: int) -> None:
    assert score_places(Interval(Fraction(low), Fraction(high)), None if mark is None else Fraction(mark)) == places


def test_an_unbounded_score_prints_as_open() -> None:
    assert "59.50 以上" in made(changed(score=Interval(Fraction("59.5"), None))).pages[0]


def test_only_three_reasons_stand_on_page_one_and_all_of_them_in_the_conclusion() -> None:
    names = Names(programme().criteria)
    reasons = tuple(Reason("required_open", (("names", names), ("count", Fraction(n)))) for n in range(1, 6))
    found = made(changed(determination=Determination("incomplete", None, False, False, reasons)))
    assert "另有 2 条理由" in found.pages[0] and "第二节" not in found.pages[0]
    assert all(f"必选要求待定{n}项" in found.run.split("四评价结论")[-1] for n in range(1, 6))


# --- the document -----------------------------------------------------------------------------------------------------


def test_equal_input_gives_equal_bytes() -> None:
    assessment, dossier = assessed()
    first = report_bytes(assessment, dossier, programme(), "zh")[0]
    report_bytes(assessment, dossier, programme(), "en")
    assert report_bytes(assessment, dossier, programme(), "zh")[0] == first


def test_bytes_do_not_depend_on_the_process() -> None:
    assessment, dossier = assessed()
    here = hashlib.sha256(report_bytes(assessment, dossier, programme(), "en")[0]).hexdigest()
    code = (
        "import hashlib; from tests.report.fixtures import *; from engine.report.report import report_bytes;"
        "print(hashlib.sha256(report_bytes(*assessed(), programme(), 'en')[0]).hexdigest())"
    )
    there = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": "7"}, check=True, capture_output=True, text=True
    )
    assert there.stdout.strip() == here


def test_metadata_outline_and_feet() -> None:
    found = report()
    assert found.info["/Title"] == "绿色工厂第三方评价报告 · 嘉兴示例印染有限公司（虚构）"
    assert found.info["/Author"] == "浙江示例节能评价有限公司（虚构）"
    assert [title for title in found.outline if title[:2] in ("一　", "二　", "三　", "四　", "五　", "六　")] == [
        "一　概述", "二　评价过程和方法", "三　评价内容", "四　评价结论", "五　建议", "六　参考文件",
    ]  # fmt: skip
    assert "（三）评价指标得分" in found.outline
    for number, page in enumerate(found.pages, 1):
        assert f"第 {number} 页 / 共 {len(found.pages)} 页" in page


def test_both_fonts_are_embedded_once_as_subsets() -> None:
    assert sorted(name.split("+")[1] for name in report().fonts) == ["NotoSansSC-Bold", "NotoSansSC-Regular"]


def test_an_outside_reader_finds_the_same_text_and_embedded_fonts(tmp_path: Path) -> None:
    if not shutil.which("pdftotext") or not shutil.which("pdffonts"):
        pytest.skip("poppler's pdftotext and pdffonts are not installed")
    path = tmp_path / "report.pdf"
    assessment, dossier = assessed()
    content, problems = report_bytes(assessment, dossier, programme())
    assert problems == []
    path.write_bytes(content)
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True).stdout.decode()
    assert [c.number for c in assessment.criteria if c.number not in text] == []
    assert "嘉兴示例印染有限公司（虚构）" in text
    fonts = subprocess.run(["pdffonts", str(path)], check=True, capture_output=True, text=True)
    assert fonts.stderr == ""
    embedded = [line.split() for line in fonts.stdout.splitlines()[2:]]
    assert len(embedded) == 2 and all(line[-5:-2] == ["yes", "yes", "yes"] for line in embedded)


def test_subsections_are_numbered_without_gaps() -> None:
    titles = [title for title in report("declared").outline if title.startswith("（")]
    assert titles[:6] == [
        "（一）工作亮点", "（一）评价结论", "（二）否决条件评价", "（三）基本要求", "（四）一级指标得分", "（五）失分构成",
    ]  # fmt: skip
    assert "5.1  Method" in report("declared", "en").outline


@pytest.mark.parametrize("lines", range(1, 26))
def test_a_label_of_page_one_is_never_parted_from_what_it_says(lines: int) -> None:
    name = "\n".join(["名"] * lines)
    label = say("report.cover.rests_on", "zh")
    (page,) = [page.rstrip("\n") for page in made(dossier=with_applicant(name=name)).pages[:2] if label in page.split("\n")]
    assert "附" in page.split(label)[1]
