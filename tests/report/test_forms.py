"""Every report follows the official structure of its kind, and leaves nothing out."""

from __future__ import annotations

import re
from functools import cache

import pytest

from engine.report.context import Context
from engine.report.forms import form_for, forms, ordinal
from engine.report.parts import PARTS
from engine.report.report import report_bytes
from tests.report.reading import Read, read
from tests.samples.results import assess, dossier, main_basis, own_programme

THIRD_PARTY_ONLY = {"process", "verification", "qualification"}


@cache
def report(name: str, basis: str = "", lang: str = "zh") -> Read:
    made = assess(name, basis or main_basis(name))
    return read(report_bytes(made, dossier(name), own_programme(name), lang)[0])


def sections(found: Read) -> list[str]:
    return [title for title in found.outline if re.match(r"[一二三四五六七八九]　", title)]


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.form)
def test_a_form_has_every_part_once(form: object) -> None:
    named = [part for section in form.sections for part in section.parts]  # type: ignore[attr-defined]
    left_out = THIRD_PARTY_ONLY if form.basis == "declared" else {"verification"} if "park" in form.form else set()  # type: ignore[attr-defined]
    assert sorted(named) == sorted(set(PARTS) - left_out)


def test_every_kind_and_basis_has_a_form() -> None:
    for kind in ("green_factory", "green_park", "green_product", "green_supply_chain", "cleaner_production"):
        for basis in ("declared", "verified"):
            assert form_for(basis, kind, f"{kind}/any").basis == basis


def test_the_third_party_report_of_a_factory_has_the_six_official_sections() -> None:
    assert sections(report("dyeing_mill")) == [
        "一　概述", "二　评价过程和方法", "三　评价内容", "四　评价结论", "五　建议", "六　参考文件",
    ]  # fmt: skip


def test_the_third_party_report_of_a_park_has_the_eight_official_sections_and_a_sheet_for_every_year() -> None:
    found = report("park_three_years")
    assert sections(found) == [
        "一　评价园区情况介绍", "二　评价过程描述", "三　园区绿色化建设或改造主要做法", "四　绿色园区建设或改造工作亮点",
        "五　绿色园区建设或改造中存在的问题", "六　有关建议", "七　参考文件清单", "八　第三方机构资质符合性证明材料", "九　附表",
    ]  # fmt: skip
    assert [title for title in found.outline if "年评价指标表" in title] == [
        f"（{n}）{y} 年评价指标表" for n, y in zip("三四五", (2014, 2015, 2016), strict=True)
    ]
    assert "园区负责人" in found.run and "传真" in found.run


def test_the_self_check_of_a_factory_has_the_four_official_parts() -> None:
    assert sections(report("half_filled"))[:4] == ["一　单位基本情况", "二　绿色创建情况", "三　下一步工作", "四　指标表与证明材料"]


def test_the_self_check_of_a_product_follows_the_clause_of_its_standards() -> None:
    found = sections(report("silk_dyeing", "declared"))
    assert found[:3] == ["一　报告、申报单位、产品和标准信息", "二　基本要求符合性", "三　评价指标符合性"]


def test_the_issuer_of_the_form_stands_on_the_cover_where_it_has_one() -> None:
    assert "工业和信息化部制" in report("dyeing_mill").pages[0]
    assert "工业和信息化部制" not in report("supply_chain").pages[0]


def test_every_veto_of_the_rules_is_answered() -> None:
    text = report("dyeing_mill").run.split("否决条件评价")[-1].split("基本要求不计分")[0]
    rules = [rule for rule in own_programme("dyeing_mill").rules if rule.then.veto]
    assert len(rules) == 3 and all(re.sub(r"\s", "", rule.text.zh) in text for rule in rules)
    assert text.count("不存在") == 3


def test_highlights_are_cut_where_the_form_has_no_more_room_and_stand_in_full_in_the_conclusion() -> None:
    from dataclasses import replace

    long = replace(dossier("dyeing_mill"), highlights="亮" * 100 + "点" * 32)
    run = read(report_bytes(assess("dyeing_mill", "verified"), long, own_programme("dyeing_mill"), "zh")[0]).run
    assert "亮" * 100 + "……（全文132字，此处按表格要求只印前100字）" in run
    assert "亮" * 100 + "点" * 32 in run


@pytest.mark.parametrize(("number", "zh", "en"), [(1, "一", "1"), (10, "十", "10"), (12, "十二", "12")])
def test_headings_count_in_figures_of_their_language(number: int, zh: str, en: str) -> None:
    assert (ordinal(number, "zh"), ordinal(number, "en")) == (zh, en)


def test_a_day_is_written_as_people_write_it() -> None:
    context = Context(assess("dyeing_mill", "verified"), dossier("dyeing_mill"), own_programme("dyeing_mill"), "zh")
    assert context.day("2017-09-05") == "2017 年 9 月 5 日" and context.day("") == ""


def test_an_item_without_evidence_says_what_is_to_be_supplied() -> None:
    asked = own_programme("half_filled").criteria["management.energy_system"].evidence
    assert asked and f"应提供{'、'.join(re.sub(chr(32), '', words.zh) for words in asked)}" in report("half_filled").run
