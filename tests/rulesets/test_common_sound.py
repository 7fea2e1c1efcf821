"""The common data is sound by itself: tables build, figures are quoted, sources are listed, units convert as they should."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from engine.language import Units
from engine.located import read
from engine.problems import ProblemList, Where
from engine.ruleset.references import build_reference
from engine.ruleset.schema import Common

COMMON = Path(__file__).resolve().parents[2] / "rulesets" / "common"
FILES = sorted(path.stem for path in COMMON.glob("*.yaml"))


@cache
def common(name: str) -> Common:
    problems = ProblemList()
    data = read(COMMON / f"{name}.yaml", problems).data
    assert list(problems) == []
    return Common.model_validate(data)


@cache
def units() -> Units:
    return Units(common("units").units)


@pytest.mark.parametrize("name", FILES)
def test_reference_tables_build_without_problems(name: str) -> None:
    problems = ProblemList()
    for table in common(name).references:
        build_reference(table, units(), Where(file=name), problems, generic=frozenset(common("units").unit_parameters))
    assert [problem.code for problem in problems] == []


@pytest.mark.parametrize("name", FILES)
def test_every_figure_is_quoted(name: str) -> None:
    problems = ProblemList()
    assert read(COMMON / f"{name}.yaml", problems).bare_floats == []


@pytest.mark.parametrize("name", FILES)
def test_every_source_that_a_row_names_is_listed(name: str) -> None:
    file = common(name)
    named = {ref for table in file.references for row in table.rows for ref in row.get("refs", ())}
    named |= {ref for table in file.references for ref in table.source.refs}
    named |= {ref for gate in file.gates for ref in gate.source.refs}
    assert named == set(file.sources)


@pytest.mark.parametrize("name", FILES)
def test_titles_and_notes_of_rows_stand_in_both_languages(name: str) -> None:
    for table in common(name).references:
        for row in table.rows:
            for text in ("title", "note"):
                assert bool(row.get(f"{text}_zh")) == bool(row.get(f"{text}_en")), row


@pytest.mark.parametrize("name", FILES)
def test_rows_are_in_force_between_days_that_exist(name: str) -> None:
    for table in common(name).references:
        for row in table.rows:
            first, last = (date.fromisoformat(day) if day else None for day in (row.get("since"), row.get("until")))
            assert first is None or last is None or first <= last, row


def test_every_unit_parameter_is_a_unit_of_its_own() -> None:
    for name in common("units").unit_parameters:
        assert units().parse(name).dimension == ((name, 1),)


def test_every_named_unit_is_a_unit() -> None:
    for name in common("units").unit_names:
        assert units().parse(name).factor > 0


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ("kgce/100 m", "kgce/m"),
        ("kgce/百万片", "kgce/片"),
        ("kgce/1000m2", "kgce/m2"),
        ("t/100 m", "kg/m"),
        ("gce/kWh", "tce/亿kWh"),
        ("kgoe/(t·能量因数)", "toe/(kg·能量因数)"),
        ("万吨标准煤", "tce"),
        ("万元/亩", "元/m2"),
        ("μg/m3", "mg/Nm3"),
    ],
)
def test_odd_units_convert_to_plain_ones(odd: str, plain: str) -> None:
    assert units().parse(odd).convertible_to(units().parse(plain))


@pytest.mark.parametrize(
    ("one", "other"), [("kgce", "kgoe"), ("kgce", "kJ"), ("件", "台"), ("t", "Adt"), ("tCO2", "t"), ("a", "d"), ("kWp", "kW")]
)
def test_different_things_do_not_convert(one: str, other: str) -> None:
    assert not units().parse(one).convertible_to(units().parse(other))


def test_one_mu_is_two_thousand_thirds_of_a_square_metre() -> None:
    assert units().parse("3 亩").factor == 2000
