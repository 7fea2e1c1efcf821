"""The report of a standard that scores several years: their scores side by side, and every indicator in each."""

from __future__ import annotations

import re
from functools import cache

import pytest

from engine.report.report import report_bytes
from tests.report.reading import Read, read
from tests.samples.results import assess, dossier, main_basis, own_programme

COMPLETE, INCOMPLETE = "park_three_years", "park_incomplete_year"


@cache
def report(name: str, lang: str = "zh") -> Read:
    content, problems = report_bytes(assess(name, main_basis(name)), dossier(name), own_programme(name), lang)
    assert problems == []
    return read(content)


def page_with(found: Read, words: str) -> str:
    return next(text for text in found.pages[2:] if words in re.sub(r"\s", "", text))


def test_page_one_and_the_basic_information_state_every_year() -> None:
    line = "2014年80.60（封顶80.00）；2015年94.66（封顶92.62）；2016年104.52（封顶98.89）"
    pages = [re.sub(r"\s", "", text) for text in (report(COMPLETE).pages[0], report(COMPLETE).pages[2])]
    assert all(line in text for text in pages)
    assert "各项恰为参考值时为100" in pages[0] and "满分" not in pages[0]


def test_the_years_stand_in_one_table_with_what_is_lacking() -> None:
    page = page_with(report(INCOMPLETE), "3个年度的得分")
    table = re.sub(r"\s", "", page.split("待定的计分项")[-1])
    assert table.startswith(
        "201487.92以上（上限未定）75.80–84.13不全EG3清洁能源使用率、MG31绿色园区信息平台完善程度2015109.1691.35齐全2016122.3996.64齐全"
    )


def test_every_indicator_stands_with_its_values_of_all_years() -> None:
    text = re.sub(r"\s", "", page_with(report(COMPLETE), "逐年指标数据"))
    assert "EG1能源产出率3万元/tce2.858万元/tce0.953.0142万元/tce1.003.2011万元/tce1.07" in text
    assert "RG10废气资源回收利用率不适用不适用不适用" in text
    found = report(INCOMPLETE).run
    assert "EG3清洁能源使用率75%缺0.00以上84.8372%1.1387.7273%1.17" in found
    assert "IG14新建公共建筑中绿色建筑的比例———" in found and "IG-BLD绿色建筑可选指标0.710.981.49" in found


def test_values_are_those_of_the_basis() -> None:
    verified = page_with(report(COMPLETE), "逐年指标数据")
    assert "34.6154%" in verified and "35.7692%" not in verified  # reclaimed water of 2016 was corrected downwards


def test_what_a_year_lacks_is_said_with_its_reason() -> None:
    assert "2014年EG3清洁能源使用率（缺少数据：园区终端能源消费总量）" in report(INCOMPLETE).run


def test_readings_of_the_standard_stand_among_what_acted() -> None:
    run = report(COMPLETE).run
    assert "起作用的约定" in run and "比值不封顶，指数可以超过100" in run


def test_open_members_that_a_group_does_without_are_no_advice() -> None:
    advice = report(INCOMPLETE).run.split("待定的事项")[-1].split("四指标表与证明材料")[0]
    assert "布局规划与土地集约利用" in advice
    assert "500米公交站点覆盖率" not in advice


@pytest.mark.parametrize("name", [COMPLETE, INCOMPLETE])
def test_the_english_report_is_complete(name: str) -> None:
    found = report(name, "en")
    assert "Scores of 3 years" in found.text and "Indicators by year" in found.text


def test_a_factory_report_has_no_years() -> None:
    assert "逐年" not in report("garment").run
