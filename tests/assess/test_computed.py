"""Columns that are computed for each row, and what common files bring along: inputs, tables and indicators."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engine.assess.results import Assessment
from engine.ruleset.programme import Programme
from tests.assess import tiny
from tests.assess.tiny import column, criterion, indicator, number, programme, reference, rows, words

F = Fraction
FIGURES = reference(
    "limits",
    [column("limit", unit="t")],
    [{"code": "a", "limit": "5"}, {"code": "b", "limit": None}],
)


def computed(name: str, formula: str, unit: str = "1") -> dict[str, Any]:
    return {"column": name, "clause": "1", "title": words(name), "formula": formula, "unit": unit}


def table(*columns: dict[str, Any]) -> dict[str, Any]:
    return {
        "table": "goods",
        "title": words("goods"),
        "columns": [column("code", type="code", reference="limits"), column("mass", unit="t"), column("share", unit="%", required=False)],
        "per": ["code"],
        "computed": list(columns),
    }


def made(*columns: dict[str, Any], **formulas: str) -> Programme:
    indicators = [indicator(name, formula) for name, formula in formulas.items()]
    return programme(
        inputs=[number("x")],
        references=[FIGURES],
        tables=[table(*columns)],
        indicators=indicators,
        criteria=[criterion("it", {"threshold": {"value": next(iter(formulas)), "at_most": "1"}})],
    )


def values(result: Assessment) -> dict[str, Fraction | None]:
    return {found.id: found.value.number for found in result.indicators}


TWO = {"goods": rows({"code": "a", "mass": "4 t"}, {"code": "b", "mass": "2000 kg"})}
ONE = {"goods": rows({"code": "a", "mass": "4 t"})}


def test_a_computed_column_uses_its_row_its_earlier_columns_inputs_and_figures() -> None:
    columns = (computed("double", "goods.mass * 2", "t"), computed("over", "goods.double / lookup(limits, goods.code).limit + x"))
    result = tiny.assess(made(*columns, total="sum(goods.over)"), tables=ONE, inputs={"x": "1"})
    assert values(result) == {"total": F(8, 5) + 1}


def test_figures_that_rows_look_up_are_those_the_value_rests_on() -> None:
    wanted = made(computed("over", "goods.mass / lookup(limits, goods.code).limit"), total="sum(goods.over)")
    result = tiny.item(tiny.assess(wanted, tables=ONE))
    assert [(figure.name, figure.text) for figure in result.figures if figure.name.startswith("limits[a]")] == [("limits[a].limit", "5")]
    assert tiny.verdict(tiny.item(tiny.assess(wanted, tables=TWO))) == ("undetermined", "no_benchmark")


def test_an_unknown_row_leaves_its_sum_open_and_says_of_what() -> None:
    wanted = made(computed("part", "goods.mass * goods.share", "t"), total="sum(goods.part) / 1 t")
    result = tiny.item(tiny.assess(wanted, tables=ONE))
    assert tiny.verdict(result) == ("undetermined", "missing_value")
    assert "goods.share" in str(result.reason.params)


def test_a_missing_table_stays_missing() -> None:
    wanted = made(computed("double", "goods.mass * 2", "t"), total="sum(goods.double) / 1 t")
    assert tiny.verdict(tiny.item(tiny.assess(wanted))) == ("undetermined", "missing_value")


def test_rows_have_places_in_computed_columns() -> None:
    wanted = made(computed("place", "rank(goods.mass)"), largest="only(goods.mass, goods.place == 1) / 1 t", places="sum(goods.place)")
    assert values(tiny.assess(wanted, tables=TWO)) == {"largest": 4, "places": 3}


def test_declared_and_verified_rows_are_computed_apart() -> None:
    wanted = made(computed("double", "goods.mass * 2", "t"), total="sum(goods.double) / 1 t")
    tables = {"goods": rows({"code": "a", "mass": ("4 t", "3 t")}, verified=True)}
    assert values(tiny.assess(wanted, "declared", tables=tables)) == {"total": 8}
    assert values(tiny.assess(wanted, "verified", tables=tables)) == {"total": 6}


def test_a_computed_column_cannot_be_entered() -> None:
    from engine.dossier.bind import bind
    from engine.problems import ProblemList

    problems = ProblemList()
    tables = {"goods": rows({"code": "a", "mass": "4 t", "double": "9 t"})}
    bind(tiny.dossier(tables=tables), made(computed("double", "goods.mass * 2", "t"), total="sum(goods.double) / 1 t"), problems)
    assert [problem.code for problem in problems] == ["column_unknown"]


def test_the_title_of_a_computed_column_is_known() -> None:
    assert made(computed("double", "goods.mass * 2", "t"), total="sum(goods.double) / 1 t").title("goods.double") == "double"


def test_common_files_bring_inputs_tables_and_indicators() -> None:
    parts = {"inputs": [number("x")], "tables": [table()], "references": [FIGURES], "indicators": [indicator("twice", "x * 2")]}
    wanted = programme(common_parts=parts, indicators=[indicator("total", "twice + count(goods)")], criteria=[criterion("it", "conform")])
    assert values(tiny.assess(wanted, inputs={"x": "3"}, tables=ONE)) == {"total": 7, "twice": 6}
    assert wanted.local == frozenset()
