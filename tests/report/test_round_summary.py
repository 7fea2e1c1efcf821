"""The summary of a round: counts by kind and district, quotas, and the list."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

from engine.assess.results import Interval
from engine.report.round_summary import QuotaUse, RoundEntry, RoundSummary, round_summary_bytes
from tests.report.reading import Read, read


def point(text: str) -> Interval:
    return Interval(Fraction(text), Fraction(text))


ENTRIES = (
    RoundEntry("JX-1", "甲印染（虚构）", "绿色工厂", "秀洲区", "eligible", "一档", point("91.25"), rank=1, chosen=True),
    RoundEntry("JX-2", "乙化纤（虚构）", "绿色工厂", "桐乡市", "eligible", "", point("88.5"), provisional=True, rank=2, chosen=False),
    RoundEntry("JX-3", "丙皮革（虚构）", "绿色工厂", "海宁市", "not_eligible", "", point("87.55")),
    RoundEntry("JX-4", "丁园区（虚构）", "绿色园区", "海宁市", "incomplete", "", Interval(Fraction(80), None), settled=False),
)
QUOTAS = (QuotaUse("秀洲区 绿色工厂", 1, 3), QuotaUse("海宁市 绿色园区", 2, 1), QuotaUse("绿色供应链", 0, None))
SUMMARY = RoundSummary("嘉兴市 2017 年第四批评价汇总", "嘉兴市绿色制造评价方案", "示例办公室", "2017-12-01", ENTRIES, QUOTAS)


def made(summary: RoundSummary = SUMMARY, lang: str = "zh") -> Read:
    return read(round_summary_bytes(summary, lang)[0])


def test_counts_are_those_of_the_entries() -> None:
    assert SUMMARY.counts("kind") == {"绿色工厂": Counter(eligible=2, not_eligible=1), "绿色园区": Counter(incomplete=1)}
    assert SUMMARY.counts("district")["海宁市"] == Counter(not_eligible=1, incomplete=1)
    run = made().run
    assert "绿色工厂2—13绿色园区—1—1总计2114" in run  # eligible, incomplete, not eligible, all
    assert "本批次共4份申报材料，其中1份结论未定，1份结论为暂定" in run


def test_quotas_are_printed_with_what_is_left_and_what_is_overdrawn() -> None:
    run = made().run
    assert "秀洲区绿色工厂312" in run and "海宁市绿色园区12-1" in run and "绿色供应链不限0—" in run


def test_the_list_names_everybody_with_rank_outcome_and_score() -> None:
    run = made().run
    assert "1JX-1甲印染（虚构）绿色工厂秀洲区" in run and "91.25是" in run
    assert "80.00以上（上限未定）" in run and "暂定" in run and "未定" in run


def test_what_the_office_has_not_done_leaves_no_column() -> None:
    bare = RoundSummary("T", "S", "I", "2017-12-01", (RoundEntry("JX-9", "戊", "绿色产品", "", "fails"),))
    run = made(bare).run
    assert "名次" not in run and "入选" not in run and "名额" not in run


def test_two_hundred_dossiers_repeat_the_head_on_every_page() -> None:
    many = RoundSummary(
        "T",
        "S",
        "I",
        "2017-12-01",
        tuple(RoundEntry(f"JX-{i}", f"单位{i}", "绿色工厂", "秀洲区", "scored", "", point("80")) for i in range(200)),
    )
    pages = made(many).pages
    assert len(pages) > 5 and all("申报单位" in page for page in pages[1:])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_equal_input_gives_equal_bytes_and_no_problems(lang: str) -> None:
    first, problems = round_summary_bytes(SUMMARY, lang)
    assert problems == [] and round_summary_bytes(SUMMARY, lang)[0] == first
