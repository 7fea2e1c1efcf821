"""A dossier bound to a programme: names, units, types, rows and answers, and a Problem at the cell for everything that does not fit."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.dossier.bind import Bound, Side, bind
from engine.dossier.cells import NotDetected
from engine.dossier.schema import Applicant, Cell, Dossier, Entry, TableEntry
from engine.language import Unknown, unknown
from engine.problems import Problem, ProblemList, Where
from engine.ruleset.lint import load_programme
from engine.ruleset.programme import Programme
from tests.assess import tiny
from tests.assess.tiny import Data, column, criterion, dossier, gate, number, programme, reference, rows, table, words

TEXTS = Path(tiny.__file__).parents[2] / "engine" / "texts" / "problems.yaml"


def typed(name: str, kind: str, **more: Any) -> Data:
    return {"input": name, "title": words(name), "type": kind, **more}


CHOICES = {"one": {"zh": "甲", "en": "first"}, "two": {"zh": "乙", "en": "second"}}
CARRIERS = reference(
    "carriers",
    [column("per", type="text")],
    [
        {"code": "coal", "per": "kg", "title_zh": "原煤", "title_en": "Raw coal"},
        {"code": "gas", "per": "m", "title_zh": "天然气", "title_en": "Natural gas"},
    ],
)
ENERGY = table(
    "energy",
    [column("month", type="month"), column("carrier", type="code", reference="carriers"), column("quantity", unit="carrier_unit")],
    ["month", "carrier"],
    monthly=True,
    row_units={"carrier_unit": {"reference": "carriers", "key": "carrier", "column": "per"}},
)
WASTE = table("waste", [column("kind", type="text"), column("amount", unit="t"), column("stock", unit="t", required=False)], ["kind"])
INPUTS = [
    number("mass", "t"),
    number("change", "t", may_be_negative=True),
    number("output", "product_unit"),
    number("intensity", "kgce/product_unit"),
    number("traces", "1", may_be_not_detected=True),
    number("limit", "t", role="benchmark"),
    number("absent", "t", absent_means="zero"),
    typed("share", "share", unit="%"),
    typed("rate", "quantity", unit="%"),
    typed("many", "count"),
    typed("grade", "grade"),
    typed("built", "year"),
    typed("flag", "yes_no"),
    typed("pick", "choice", choices=CHOICES),
    typed("sort", "code", reference="carriers"),
    typed("set", "codes", choices=CHOICES),
    typed("said", "text"),
    typed("day", "date"),
    typed("month", "month"),
]


@cache
def world() -> Programme:
    return programme(
        references=[CARRIERS],
        inputs=INPUTS,
        tables=[ENERGY, WASTE],
        gates=[gate("gate")],
        criteria=[
            criterion("d.plain"),
            criterion("d.skip", na_allowed=True),
            criterion("d.judged", "judgement", "5"),
            criterion("d.computed", {"threshold": {"value": "mass", "at_least": "1 t"}}),
        ],
    )


def bound(given: Dossier, made: Programme | None = None) -> tuple[Bound, list[Problem]]:
    problems = ProblemList()
    return bind(given, made or world(), problems), list(problems)


def read(name: str, text: str, units: dict[str, str] | None = None) -> Any:
    """The value of one input, which must be in order."""
    result, problems = bound(dossier({name: {"declared": text, "evidence": "E1"}}, units=units))
    assert problems == []
    return result.declared.values[name]


def problem(given: Dossier) -> Problem:
    """The one Problem of a dossier; its sentences render in both languages."""
    _, problems = bound(given)
    assert len(problems) == 1, problems
    for lang in ("zh", "en"):
        assert "{" not in problems[0].what(lang) + problems[0].fix(lang)
    return problems[0]


def refused(name: str, text: str, units: dict[str, str] | None = None) -> tuple[str, dict[str, str]]:
    """The Problem of one input, which stands at its cell."""
    given = dossier({name: {"declared": text, "evidence": "E1"}}, units=units)
    found = problem(given)
    assert found.where == given.inputs[0][1].declared.where  # type: ignore[union-attr]
    assert found.severity.value == "error"
    return found.code, dict(found.params)


# --- numbers and units ---


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.5", 12500),  # a number without a unit takes the unit asked for
        ("12.5 t", 12500),
        ("12500 kg", 12500),
        ("1,234.5 t", 1234500),
        ("１２．５ ｔ", 12500),
        ("12.5吨", 12500),
        ("1.25e1 t", 12500),
        ("0", 0),
        ("3 万kg", 30000),
    ],
)
def test_a_quantity_is_kept_exactly_in_base_units(text: str, value: int) -> None:
    assert read("mass", text) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12 m", "unit_dimension_mismatch"),
        ("12 kgce", "unit_dimension_mismatch"),
        ("12 stone", "unit_unknown"),
        ("about 12", "number_malformed"),
        ("12-15 t", "number_malformed"),
        ("1,5 t", "number_decimal_comma"),
        ("NaN", "number_not_finite"),
        ("未检出", "not_detected_here"),
        ("-1 t", "negative_value"),
    ],
)
def test_what_is_no_quantity_of_its_kind_is_refused_at_its_cell(text: str, code: str) -> None:
    assert refused("mass", text)[0] == code


def test_the_sentence_shows_the_title_the_text_and_the_unit_asked_for() -> None:
    code, params = refused("mass", "12 m")
    assert (code, params) == ("unit_dimension_mismatch", {"name": "mass mass", "text": "12 m", "found": "m", "wanted": "t"})


def test_some_values_may_be_negative() -> None:
    assert read("change", "-12 t") == -12000


@pytest.mark.parametrize(("text", "value"), [("30 %", "0.3"), ("30%", "0.3"), ("100 %", "1"), ("30", "0.3")])
def test_a_share_is_a_part_of_one(text: str, value: str) -> None:
    assert read("share", text) == Fraction(value)


def test_a_share_above_a_hundred_percent_is_refused_a_rate_is_not() -> None:
    assert refused("share", "100.01 %")[0] == "share_above_one"
    assert refused("share", "-1 %")[0] == "negative_value"
    assert read("rate", "120 %") == Fraction("1.2")


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("820", "t", 820),
        ("820 t", "t", 820),
        ("820000 kg", "t", 820),
        ("820", "100 m", 820),
        ("82000 m", "100 m", 820),
        ("1 万m", "万m", 1),
    ],
)
def test_a_generic_unit_is_what_the_dossier_says_it_is(text: str, unit: str, value: int) -> None:
    assert read("output", text, {"product_unit": unit}) == value


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("35 kgce/100 m", "100 m", "35"),
        ("35 kgce/100 m", "万m", "3500"),  # a hundred times as many metres
        ("0.35 tce/万m", "万m", "350"),
        ("0.35 tce/万m", "m", "0.035"),
        ("12.3 kgce/t", "t", "12.3"),
        ("12.3", "t", "12.3"),
    ],
)
def test_an_intensity_converts_in_both_its_units(text: str, unit: str, value: str) -> None:
    assert read("intensity", text, {"product_unit": unit}) == Fraction(value)


def test_a_generic_unit_that_the_dossier_does_not_state() -> None:
    code, params = refused("output", "820 t")
    assert (code, params["parameter"], params["title"]) == ("unit_parameter_unbound", "product_unit", "product_unit")


def test_a_generic_unit_of_another_kind_than_the_value() -> None:
    assert refused("output", "820 kgce", {"product_unit": "t"})[0] == "unit_dimension_mismatch"


def test_a_stated_unit_that_there_is_not() -> None:
    found = problem(replace(dossier(units={"product_unit": "stone"}), places=(("units.product_unit", Where("d.yaml", 7)),)))
    assert (found.code, found.where) == ("unit_unknown", Where("d.yaml", 7))


def test_a_wrong_stated_unit_is_said_once_and_not_of_every_value() -> None:
    assert problem(dossier({"output": "820"}, units={"product_unit": "stone"})).code == "unit_unknown"


@pytest.mark.parametrize("place", [(), (("units.produkt_unit", Where("d.yaml", 7)),)])
def test_an_unknown_generic_unit_is_answered_with_those_there_are(place: Any) -> None:
    found = problem(replace(dossier(units={"produkt_unit": "t"}), places=place))
    assert (found.code, dict(found.params)["suggestion"]) == ("unit_parameter_unknown", "product_unit")
    assert found.where == (Where("d.yaml", 7) if place else Where(path="units.produkt_unit"))


def test_area_and_money_in_the_units_people_use() -> None:
    made = load_programme("jiaxing_2017")
    texts = {
        "land_area": "100 亩",
        "published_output_per_land": "3 亿元/km2",
        "waste_gas_generated": "1.5 亿m³",
        "carbon_emission": "2 万tCO₂e",
    }
    given = dossier(
        {name: {"declared": text, "evidence": "E1"} for name, text in texts.items()}, units={"gas_unit": "万m3", "product_unit": "t"}
    )
    result, problems = bound(given, made)
    found = result.declared.values
    assert problems == []
    assert found["land_area"] == Fraction(200000, 3)
    assert found["published_output_per_land"] == 300  # 300 million over a million square metres
    assert found["waste_gas_generated"] == 15000


# --- other kinds of values ---


@pytest.mark.parametrize("text", ["是", "yes", "Yes", "true", "有"])
def test_yes(text: str) -> None:
    assert read("flag", text) is True


@pytest.mark.parametrize("text", ["否", "no", "false", "无"])
def test_no(text: str) -> None:
    assert read("flag", text) is False


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("pick", "one", "one"),
        ("pick", "乙", "two"),
        ("pick", "second", "two"),
        ("sort", "coal", "coal"),
        ("sort", "原煤", "coal"),
        ("sort", "Natural gas", "gas"),
        ("set", "two；甲", frozenset({"one", "two"})),
        ("set", "甲、乙", frozenset({"one", "two"})),
        ("set", "甲；second", frozenset({"one", "two"})),
        ("grade", "4", Fraction(4)),
        ("grade", "3-4级", Fraction("3.5")),
        ("built", "2012年", Fraction(2012)),
        ("many", "8 个", Fraction(8)),
        ("said", "任意 12 t", "任意 12 t"),
        ("day", "2016年1月5日", "2016-01-05"),
        ("day", "2016/01/05", "2016-01-05"),
        ("month", "2016年1月", "2016-01"),
        ("month", "2016-12", "2016-12"),
        ("traces", "ND(<0.05)", NotDetected(Fraction("0.05"))),
        ("traces", "未检出（＜0.05）", NotDetected(Fraction("0.05"))),
        ("traces", "not detected", NotDetected(None)),
        ("traces", "0.05", Fraction("0.05")),
    ],
)
def test_values_of_every_kind(name: str, text: str, value: Any) -> None:
    made = world() if name != "many" else programme(common_parts={"units": [*tiny.UNITS, "个 = 1"]}, inputs=INPUTS, references=[CARRIERS])
    result, problems = bound(dossier({name: text}), made)
    assert (result.declared.values[name], problems) == (value, [])


@pytest.mark.parametrize(
    ("name", "text", "code", "params"),
    [
        ("flag", "perhaps", "yes_or_no_expected", {}),
        ("pick", "three", "choice_unknown", {"known": "one 甲, two 乙"}),
        ("sort", "wood", "code_unknown", {"wanted": "wood", "known": "coal, gas"}),
        ("set", "one, three", "code_unknown", {"wanted": "three"}),
        ("grade", "five", "grade_malformed", {}),
        ("grade", "0", "grade_malformed", {}),
        ("built", "1812", "cell_year_malformed", {}),
        ("day", "2016-13-01", "date_malformed", {}),
        ("day", "yesterday", "date_malformed", {}),
        ("month", "2016", "month_malformed", {}),
        ("month", "2016-00", "month_malformed", {}),
    ],
)
def test_what_is_no_value_of_its_kind_is_refused_at_its_cell(name: str, text: str, code: str, params: dict[str, str]) -> None:
    found, given = refused(name, text)
    assert (found, {key: given[key] for key in params}) == (code, params)


# --- what is missing ---


def causes(value: Any) -> list[tuple[str, str]]:
    assert isinstance(value, Unknown)
    return [(cause.code, cause.name) for cause in value.causes]


def test_what_is_not_filled_in_is_missing_never_zero() -> None:
    result, problems = bound(dossier({"mass": {"evidence": "E1"}}))
    assert (result.declared.values["mass"], result.declared.values["share"]) == (
        unknown("missing_value", "mass"),
        unknown("missing_value", "share"),
    )
    assert result.declared.tables["waste"] == unknown("missing_value", "waste")
    assert problems == []


def test_absence_means_zero_only_where_the_ruleset_says_so() -> None:
    assert bound(dossier())[0].declared.values["absent"] == 0


def test_a_benchmark_that_is_not_given_is_an_unknown_benchmark() -> None:
    assert causes(bound(dossier())[0].declared.values["limit"]) == [("no_benchmark", "limit")]


def test_a_benchmark_without_its_source_does_not_count() -> None:
    given = dossier({"limit": "5 t"})
    found = problem(given)
    assert (found.code, found.severity.value, found.where) == ("benchmark_without_source", "warning", given.inputs[0][1].where)
    assert causes(bound(given)[0].declared.values["limit"]) == [("no_benchmark", "limit")]


def test_a_benchmark_with_its_source_counts() -> None:
    assert read("limit", "5 t") == 5000


@pytest.mark.parametrize(
    ("entry", "declared", "verified"),
    [
        ({"declared": "5 t"}, 5000, ("not_verified", "mass")),
        ({"declared": "5 t", "verified": "as_declared"}, 5000, 5000),
        ({"declared": "5 t", "verified": "4 t"}, 5000, 4000),
        ({"verified": "4 t"}, ("missing_value", "mass"), 4000),
        ({}, ("missing_value", "mass"), ("missing_value", "mass")),
    ],
)
def test_both_sides_of_an_input(entry: dict[str, str], declared: Any, verified: Any) -> None:
    result, _ = bound(dossier({"mass": entry}))

    def seen(side: Side) -> Any:
        value = side.values["mass"]
        return causes(value)[0] if isinstance(value, Unknown) else value

    assert (seen(result.declared), seen(result.verified)) == (declared, verified)


def test_whether_an_assessor_has_entered_anything() -> None:
    assert not bound(dossier({"mass": "5 t"}))[0].has_verified
    assert bound(dossier({"mass": {"declared": "5 t", "verified": "4 t"}}))[0].has_verified
    assert bound(dossier(answers={"d.plain": {"verified": "yes"}}))[0].has_verified
    assert bound(dossier(tables={"waste": rows({"kind": "a", "amount": "1 t"}, verified=True)}))[0].has_verified
    assert bound(dossier(tables={"waste": rows({"kind": "a", "amount": ("1 t", "2 t")})}))[0].has_verified


# --- names ---


@pytest.mark.parametrize(
    ("given", "code", "suggestion"),
    [
        (dossier({"mas": "5 t"}), "input_unknown", "mass"),
        (dossier(tables={"energi": rows({"month": "2016-01"})}), "table_unknown", "energy"),
        (dossier(answers={"d.plan": "yes"}), "answer_unknown", "d.plain"),
        (dossier({"zzzzzz": "1"}), "input_unknown", "—"),
    ],
)
def test_an_unknown_name_is_answered_with_similar_ones(given: Dossier, code: str, suggestion: str) -> None:
    found = problem(given)
    assert (found.code, dict(found.params)["suggestion"].split(", ")[0], found.severity.value) == (code, suggestion, "error")
    entries: tuple[tuple[str, Entry | TableEntry], ...] = (*given.inputs, *given.answers, *given.tables)
    assert found.where == entries[0][1].where


def test_an_unknown_column_stands_at_its_cell() -> None:
    given = dossier(tables={"waste": rows({"kind": "a", "amount": "1 t", "amunt": "2 t"})})
    found = problem(given)
    assert (found.code, dict(found.params)["suggestion"]) == ("column_unknown", "amount")
    assert found.where == given.tables[0][1].rows[0].where


@pytest.mark.parametrize(
    ("since", "until", "in_force"),
    [
        ("2017-06-30", "2017-06-30", True),
        ("2017-07-01", None, False),
        (None, "2017-06-29", False),
        ("2017-06", "2017-06", True),
        ("2016", "2016", False),
        (None, None, True),
    ],
)
def test_a_scheme_that_was_not_in_force_on_the_day(since: str | None, until: str | None, in_force: bool) -> None:
    """The dossier applied on 2017-06-30; a month or a year counts from its first day until its last."""
    made = programme({"in_force": {"since": since, "until": until}}, criteria=[criterion("d.one")])
    _, problems = bound(dossier(), made)
    assert [(problem.code, problem.severity.value) for problem in problems] == ([] if in_force else [("scheme_not_in_force", "warning")])


INDUSTRIES = reference("industries", [], [{"code": "17"}, {"code": "1752"}], match="prefix")
DISTRICTS = reference("districts", [], [{"code": "xiuzhou"}, {"code": "pinghu"}])


@pytest.mark.parametrize(
    ("industry", "district", "found"),
    [
        ("1752", "xiuzhou", []),
        ("1713", "pinghu", []),
        ("", "", []),
        ("1852", "pinghu", [("applicant_code_unknown", "warning", "applicant.industry")]),
        ("C1752", "pinghu", [("applicant_code_unknown", "error", "applicant.industry")]),
        ("17", "Mars", [("applicant_code_unknown", "error", "applicant.district")]),
    ],
)
def test_the_codes_of_the_applicant(industry: str, district: str, found: list[tuple[str, str, str]]) -> None:
    made = programme(references=[INDUSTRIES, DISTRICTS], criteria=[criterion("d.one")])
    places = tuple((f"applicant.{part}", Where(path=f"applicant.{part}")) for part in ("industry", "district"))
    given = dossier(applicant=Applicant(name="示例", industry=industry, district=district), places=places)
    _, problems = bound(given, made)
    assert [(p.code, p.severity.value, p.where.path) for p in problems] == found


# --- rows ---

MONTHS = [f"2016-{month:02}" for month in range(1, 13)]


def year_of(carrier: str, quantity: str) -> list[dict[str, str]]:
    return [{"month": month, "carrier": carrier, "quantity": quantity} for month in MONTHS]


def energy(*filled: dict[str, str]) -> Dossier:
    return dossier(tables={"energy": rows(*filled)})


@pytest.mark.parametrize(
    ("carrier", "quantity", "value"),
    [("coal", "2 t", 2000), ("coal", "2", 2), ("gas", "3 m", 3), ("gas", "3", 3), ("原煤", "2 t", 2000), ("Natural gas", "3 万m", 30000)],
)
def test_the_key_of_a_row_decides_its_unit(carrier: str, quantity: str, value: int) -> None:
    result, problems = bound(energy(*year_of(carrier, quantity)))
    found = result.declared.tables["energy"]
    assert problems == []
    assert not isinstance(found, Unknown)
    assert {row["quantity"] for row in found} == {value}
    assert len(found) == 12


def test_a_unit_of_another_carrier_is_refused() -> None:
    assert (
        problem(energy({"month": "2016-01", "carrier": "gas", "quantity": "3 t"}, *year_of("gas", "1")[1:])).code
        == "unit_dimension_mismatch"
    )


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"month": "2016-01", "carrier": "wood", "quantity": "3"}, "code_unknown"),
        ({"month": "2016-01", "quantity": "3"}, "cell_missing"),
        ({"month": "2016-13", "carrier": "gas", "quantity": "3"}, "month_malformed"),
        ({"carrier": "gas", "quantity": "3"}, "cell_missing"),
    ],
)
def test_a_row_that_cannot_be_told_apart_is_one_problem(row: dict[str, str], code: str) -> None:
    """Nothing is said of the unit that its carrier would decide, nor of the months that it leaves open."""
    assert problem(energy(row, *year_of("gas", "1")[1:])).code == code


def test_a_sentence_names_things_in_its_own_language() -> None:
    weight = {"input": "weight", "title": {"zh": "重量", "en": "Weight"}, "unit": "product_unit"}
    flag = {**typed("flag", "choice"), "title": {"zh": "选项", "en": "Option"}, "choices": CHOICES}
    made = programme(inputs=[weight, flag], criteria=[criterion("d.one", {"declare": {"value": "weight"}})])
    given = dossier({name: {"declared": "x", "evidence": "E1"} for name in ("weight", "flag")})
    unbound, unknown_choice = bound(given, made)[1]
    assert unbound.what("zh").startswith("重量 weight 的单位")
    assert unbound.what("en").startswith("The unit of Weight weight depends on product_unit")
    assert (unknown_choice.fix("zh"), unknown_choice.fix("en")) == ("可选：one 甲, two 乙", "Options: one first, two second")


def test_each_carrier_needs_every_month() -> None:
    given = energy(*year_of("coal", "2 t"), *year_of("gas", "3")[:10])
    found = problem(given)
    assert (found.code, found.severity.value, found.where) == ("months_missing", "warning", given.tables[0][1].where)
    assert (dict(found.params)["months"], dict(found.params)["count"]) == ("gas 2016-11, gas 2016-12", "2")
    assert causes(bound(given)[0].declared.tables["energy"]) == [("missing_rows", "energy[gas 2016-11, gas 2016-12]")]


def test_many_missing_months_are_named_in_part() -> None:
    assert dict(problem(energy(*year_of("gas", "3")[:8])).params)["months"] == "gas 2016-09, gas 2016-10, gas 2016-11…"


def test_missing_months_mean_zero_where_the_ruleset_says_so() -> None:
    monthly = table("t", [column("month", type="month"), column("n")], ["month"], monthly=True, absent_means="zero")
    made = programme(tables=[monthly], criteria=[criterion("d.one", {"declare": {"value": "sum(t.n)"}})])
    result, problems = bound(dossier(tables={"t": rows({"month": "2016-01", "n": "3"})}), made)
    assert (len(result.declared.tables["t"]), problems) == (1, [])  # type: ignore[arg-type]
    assert bound(dossier(), made)[0].declared.tables["t"] == ()


def test_a_month_outside_the_statistics_year_is_refused() -> None:
    given = energy(*year_of("coal", "1"), {"month": "2017-01", "carrier": "coal", "quantity": "1"})
    found = problem(given)
    assert (found.code, dict(found.params)) == ("month_outside_year", {"text": "2017-01", "year": "2016"})
    assert found.where == given.tables[0][1].rows[12].where


def test_a_month_of_another_year_in_place_of_ones_own_is_one_mistake() -> None:
    months = year_of("coal", "1")
    assert problem(energy({**months[0], "month": "2015-01"}, *months[1:])).code == "month_outside_year"


def waste(*filled: dict[str, Any], **more: Any) -> Dossier:
    return dossier(tables={"waste": rows(*filled, **more)})


def test_a_row_that_repeats_another_counts_once() -> None:
    given = waste({"kind": "a", "amount": "1 t"}, {"kind": "b", "amount": "1 t"}, {"kind": "a", "amount": "1,000 kg"})
    found = problem(given)
    first, repeated = given.tables[0][1].rows[0], given.tables[0][1].rows[2]
    assert (found.code, found.severity.value, found.where) == ("row_repeated", "warning", repeated.where)
    assert dict(found.params) == {"key": "a", "first": str(first.where)}
    assert len(bound(given)[0].declared.tables["waste"]) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["one, two, one", "one；second；甲"])
def test_a_code_named_twice_counts_once(text: str) -> None:
    given = dossier({"set": text})
    found = problem(given)
    assert (found.code, found.severity.value, found.where) == ("code_repeated", "warning", given.inputs[0][1].where)
    assert dict(found.params)["text"] == "one"
    assert bound(given)[0].declared.values["set"] == frozenset({"one", "two"})


def test_a_row_that_contradicts_another_is_refused() -> None:
    given = waste({"kind": "a", "amount": "1 t"}, {"kind": "a", "amount": "2 t"})
    found = problem(given)
    assert (found.code, found.severity.value, found.where) == ("row_contradicts", "error", given.tables[0][1].rows[1].where)


def test_a_row_without_a_required_cell_is_refused_and_without_another_is_not() -> None:
    given = waste({"kind": "a"})
    found = problem(given)
    assert (found.code, found.where, dict(found.params)["name"]) == (
        "cell_missing",
        given.tables[0][1].rows[0].where,
        "amount waste.amount",
    )
    result, problems = bound(waste({"kind": "a", "amount": "1 t"}))
    assert (result.declared.tables["waste"], problems) == (({"kind": "a", "amount": Fraction(1000)},), [])


def test_a_negative_cell_is_refused() -> None:
    assert problem(waste({"kind": "a", "amount": "-1 t"})).code == "negative_value"


def test_the_verified_side_of_a_table() -> None:
    filled = rows({"kind": "a", "amount": ("1 t", "2 t")}, {"kind": "b", "amount": "3 t"}, verified=True)
    result, _ = bound(dossier(tables={"waste": filled}))
    amounts = [[row["amount"] for row in side.tables["waste"]] for side in (result.declared, result.verified)]  # type: ignore[union-attr]
    assert amounts == [[1000, 3000], [2000, 3000]]


def test_a_table_that_was_not_confirmed_is_not_verified() -> None:
    result, _ = bound(waste({"kind": "a", "amount": ("1 t", "2 t")}))
    assert causes(result.verified.tables["waste"]) == [("not_verified", "waste")]


# --- answers ---


@pytest.mark.parametrize(
    ("name", "answer", "code", "severity"),
    [
        ("d.plain", {"declared": "not_applicable", "reason": "无"}, "na_not_allowed", "warning"),
        ("d.skip", {"declared": "not_applicable"}, "na_without_reason", "warning"),
        ("d.judged", {"declared": "3"}, "points_without_reason", "warning"),
        ("d.judged", {"declared": "3", "verified": "2"}, "points_without_reason", "warning"),
        ("d.judged", {"verified": "2"}, "points_without_reason", "warning"),
        ("d.computed", {"declared": "yes"}, "answer_is_computed", "warning"),
        ("d.plain", {"declared": "5"}, "answer_not_understood", "error"),
        ("gate", {"declared": "5"}, "answer_not_understood", "error"),
        ("d.judged", {"declared": "5.01", "reason": "见"}, "points_out_of_range", "error"),
        ("d.judged", {"declared": "-1", "reason": "见"}, "points_out_of_range", "error"),
        ("d.judged", {"declared": "3 kg", "reason": "见"}, "unit_dimension_mismatch", "error"),
        ("d.judged", {"declared": "5", "verified": "6", "reason": "见"}, "points_out_of_range", "error"),
    ],
)
def test_an_answer_that_does_not_fit_its_item(name: str, answer: dict[str, str], code: str, severity: str) -> None:
    given = dossier(answers={name: answer})
    found = problem(given)
    entry = given.answers[0][1]
    assert (found.code, found.severity.value) == (code, severity)
    assert found.where in [cell.where for cell in (entry.declared, entry.verified) if cell is not None]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("d.plain", {"declared": "yes", "verified": "as_declared"}),
        ("d.skip", {"declared": "not_applicable", "reason": "无此工序"}),
        ("d.judged", {"declared": "0", "verified": "5", "reason": "见"}),
        ("gate", {"declared": "no"}),
    ],
)
def test_an_answer_that_fits(name: str, answer: dict[str, str]) -> None:
    assert bound(dossier(answers={name: answer}))[1] == []


def test_the_industry_and_the_district_are_texts_of_the_applicant() -> None:
    values = bound(dossier())[0].declared.values
    assert (values["industry"], values["district"]) == ("1713", "xiuzhou")


def test_every_mistake_comes_at_once() -> None:
    given = dossier({"mass": "12 m", "share": "120 %", "mas": "1"}, {"d.plain": "5"}, {"waste": rows({"kind": "a"})})
    codes = sorted(found.code for found in bound(given)[1])
    assert codes == ["answer_not_understood", "cell_missing", "input_unknown", "share_above_one", "unit_dimension_mismatch"]


def test_a_mistake_on_both_sides_is_said_of_both_cells() -> None:
    given = dossier({"mass": {"declared": "1 m", "verified": "2 m"}})
    entry = given.inputs[0][1]
    cells = (entry.declared, entry.verified)
    assert [found.where for found in bound(given)[1]] == [cell.where for cell in cells if isinstance(cell, Cell)]


def test_every_problem_of_binding_is_triggered_here() -> None:
    section = re.split(r"^# --- (.+) ---$", TEXTS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = dict(zip(section[1::2], section[2::2], strict=True))
    source = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in re.findall(r"^(\w+):$", named["binding"], re.MULTILINE) if f'"{code}"' not in source] == []
