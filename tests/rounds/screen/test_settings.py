from __future__ import annotations

from pathlib import Path

import pytest

from engine import Refused, load_programme, rulesets_root
from engine.rounds.screen.settings import FIGURES, load_settings

DEFAULT = rulesets_root() / "screens" / "default.yaml"


def refusal(tmp_path: Path, old: str, new: str) -> list[tuple[str, int | None]]:
    text = DEFAULT.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_settings(path)
    return [(problem.code, problem.where.line) for problem in refused.value.problems]


def line_of(text: str) -> int:
    return next(i for i, line in enumerate(DEFAULT.read_text(encoding="utf-8").splitlines(), 1) if text in line)


def test_the_delivered_file_states_every_figure_with_a_source() -> None:
    settings = load_settings()
    assert set(settings.figures) == set(FIGURES)
    assert settings["alarm_strong"] < settings["alarm_look"] < 1
    assert settings["sector_look"] < settings["sector_strong"]
    assert settings["jumps_look"] < settings["jumps_strong"]


def test_every_ratio_is_of_values_that_some_programme_has() -> None:
    programmes = [load_programme("jiaxing_2017", "green_factory"), load_programme("national_2025", "green_factory")]
    known = {name for programme in programmes for name in (*programme.indicators, *programme.inputs)}
    assert {name for ratio in load_settings().ratios for name in (ratio.of, ratio.per)} <= known


def test_a_null_figure_is_refused_at_its_line(tmp_path: Path) -> None:
    assert refusal(tmp_path, 'value: "0.001"}', "value: null}") == [("screen_figure_any", line_of("alarm_strong"))]


def test_a_count_must_be_whole(tmp_path: Path) -> None:
    line = line_of("lenient_least")
    text = DEFAULT.read_text(encoding="utf-8").splitlines()[line - 1]
    assert refusal(tmp_path, text, text.replace('"5"', '"5.5"')) == [("screen_figure_whole", line)]


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    line = line_of("figure: jumps_look")
    found = refusal(tmp_path, "figure: jumps_look", "figure: jumps_lock")
    assert found == [("screen_figure_unknown", line), ("screen_figure_missing", line_of("figures:"))]


def test_a_figure_stated_twice_is_refused(tmp_path: Path) -> None:
    found = refusal(tmp_path, "figure: jumps_look", "figure: jumps_strong")
    assert [code for code, _ in found] == ["screen_figure_twice", "screen_figure_missing"]
