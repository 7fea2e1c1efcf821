"""Screening as plain data and as rows: complete, in both languages, exact."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.rounds.screen.conflict import Tie
from engine.rounds.screen.export import inspection_head, inspection_rows, screening_plain, signal_head, signal_rows
from engine.rounds.screen.run import Screening, screen_round
from engine.rounds.screen.settings import Settings, load_settings
from tests.rounds.screen.made import changed, clean_round, sample, with_input

PAGE = Path(__file__).resolve().parents[3] / "docs" / "screening.md"


PROGRAMME, _ = sample("dyeing_mill")


@lru_cache
def screening() -> Screening:
    cases = clean_round(20)
    odd = changed(cases[0], with_input("land_area", "2001.7 m2"))
    edges = {case.number: case.assessment.score.low - Fraction(1, 3) for case in cases}
    ties = (Tie("评1", "CODEa1", "2015 年任职"),)
    settings = load_settings()
    wide = Settings({**settings.figures, "inspection_each": Fraction(60)}, settings.ratios, settings.version)
    costs = {"compliance": Fraction(800)}
    return screen_round((odd, *cases[1:]), settings=wide, year_limit=16, ties=ties, edges=edges, costs=costs)


def test_a_sentence_says_values_units_and_the_industry() -> None:
    [row] = [row for row in signal_rows(screening()) if row[4] == "容积率"]
    assert row[:4] == ["同行业离群", "重点", "N000", "厂a0"]
    assert re.fullmatch(r"容积率为 [\d.]+，对申报有利，且远离同行业（1752）20 家的中位数 [\d.]+（最小 [\d.]+，最大 [\d.]+）", row[5])
    [english] = [row for row in signal_rows(screening(), "en") if row[4] == "Plot ratio"]
    assert english[:4] == ["Outliers of the sector", "strong", "N000", "厂a0"]
    assert "far from the median" in english[5]


def test_a_ratio_is_called_by_its_title() -> None:
    assert "综合能耗与用地面积之比" in {row[4] for row in signal_rows(screening())}


def test_an_inspection_says_what_a_decision_would_lose() -> None:
    gates = [one for one in screening().inspections if one.name == "compliance" and one.before.outcome == "scored"]
    row = next(row for row in inspection_rows(screening()) if (row[1], row[3]) == (gates[0].number, PROGRAMME.title("compliance")))
    assert row[2] == f"厂a{int(gates[0].number[1:])}"
    assert row[4] == "结论改变"
    assert "结论由“已评分（方案未设通过线）”变为“不具备资格”" in row[6]
    assert row[6].endswith("；核查费用 800")


def test_rows_are_as_long_as_their_heads_in_both_languages() -> None:
    for lang in ("zh", "en"):
        assert {len(row) for row in signal_rows(screening(), lang)} == {len(signal_head(lang))}
        assert {len(row) for row in inspection_rows(screening(), lang)} == {len(inspection_head(lang))}


def keys_of(value: Any) -> Iterator[str]:
    """Every name of the object; below values stand the parameters of sentences."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield key
            yield from keys_of(list(child.values()) if key == "values" else child)
    elif isinstance(value, list):
        for child in value:
            yield from keys_of(child)


def test_the_plain_form_is_json_and_every_name_of_it_is_documented() -> None:
    plain = json.loads(json.dumps(screening_plain(screening()), ensure_ascii=False))
    documented = set(re.findall(r"[\w.-]+", " ".join(re.findall(r"`([^`\n]+)`", PAGE.read_text(encoding="utf-8")))))
    assert set(keys_of(plain)) - documented - {"zh", "en"} == set()


def test_a_number_whose_decimal_is_rounded_carries_its_fraction() -> None:
    plain = screening_plain(screening())
    [one] = [signal for signal in plain["signals"] if signal["items"] == ["plot_ratio"]]
    value = one["values"]["value"]
    assert Fraction(value["exact"]) != Fraction(value["value"])
    assert abs(Fraction(value["exact"]) - Fraction(value["value"])) <= Fraction(1, 2 * 10**12)
    assert one["values"]["count"] == "20"


def test_screening_leaves_the_cases_as_they_were() -> None:
    cases = clean_round(12)
    before = [(case, case.assessment, case.dossier.sha256) for case in cases]
    screen_round(cases, [replace(case, round="2016Q3", day="2016-09-20") for case in cases[:3]], year_limit=3)
    assert [(case, case.assessment, case.dossier.sha256) for case in cases] == before
