"""Reports of standards that assess by levels: the table of indices, levels instead of points, what a kept class means."""

from __future__ import annotations

from functools import cache

import pytest

from engine.report.report import report_bytes
from tests.assess.test_levels import TWO, na, plant, run
from tests.assess.tiny import dossier
from tests.report.reading import Read, read
from tests.samples.results import assess, own_programme
from tests.samples.results import dossier as sample


@cache
def report(lang: str, basis: str = "verified") -> Read:
    name = "electroplating_cp"
    return read(report_bytes(assess(name, basis), sample(name), own_programme(name), lang)[0])


@pytest.mark.parametrize(
    ("lang", "outcome", "index", "barred"),
    [
        ("zh", "通过 · II 级（国内清洁生产先进水平）", "II 级指数", "未达到：2-1 单位产品每次清洗取水量"),
        ("en", "Eligible · Level II (advanced in China)", "Index of level II", "missed by: 2-1 Water taken in per product area and rinse"),
    ],
)
def test_page_one_names_the_level_and_the_table_what_bars_the_next(lang: str, outcome: str, index: str, barred: str) -> None:
    found = report(lang)
    page = found.pages[0].replace("\n", " ")
    assert outcome in page and index in page
    assert barred.replace(" ", "") in found.text.replace("\n", "").replace(" ", "")
    assert "85.20" in found.text


def test_items_show_levels_and_their_share_instead_of_points() -> None:
    text = report("zh").text
    assert "限定性" in text and "占比 %" in text
    assert "4.80" in text  # a third of 0.8 of 18 %
    assert "/3 分" not in text


def test_verification_shows_in_levels() -> None:
    assert "−1 级" in report("zh").text
    assert "−1 level(s)" in report("en").text


def test_it_says_where_a_kept_weight_puts_a_level_out_of_reach() -> None:
    weights = {"p": {"a": "0.4", "b": "0.6"}, "q": {"c": "1"}}
    kept = plant(dict(weights), {"p": "0.9", "q": "0.1"}, policy="keep")  # type: ignore[arg-type]
    result = run(kept, na(kept, "c"), a="II", b="II")
    text = read(report_bytes(result, dossier(), kept)[0]).text.replace("\n", "")
    assert "各级指数至多 90：须达到 100 的级别不可能成立" in text
    assert "保留原权重，该类不得分" in text
    shared = run(TWO, na(TWO, "c"), a="II", b="II")
    assert "不可能成立" not in read(report_bytes(shared, dossier(), TWO)[0]).text
