from __future__ import annotations

import pytest

from engine.language import Day, InvalidExpression, Number, Text, Truth, Type, check
from engine.language.typed import Aggregate, Operation
from tests.language.world import SCOPE, UNITS, errors, number


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("energy_total + 5 kgce", number("tce")),
        ("energy_total / output", number("tce/t")),
        ("sum(energy.amount * energy.factor)", number("tce")),
        ("sum(energy.tce, energy.carrier == 'coal') / energy_total", Number()),
        ("max(0, energy_total - 5 tce)", number("tce")),
        ("max(energy.tce)", number("tce")),
        ("max(energy.tce, energy.sold)", number("tce")),
        ("sum(max(energy.tce, 1 tce))", number("tce")),
        ("count(energy)", Number()),
        ("any(energy.tce > 1 tce and not energy.sold)", Truth()),
        ("energy_total >= 5000 tce", Truth()),
        ("key_user and not met(energy.online_monitoring)", Truth()),
        ("lookup(quotas, word, year - 1).level_1", number("tce/t")),
        ("lookup(quotas, word, year(-1)).scope", Text()),
        ("word in ('a', 'b') or word in codes", Truth()),
        ("first(quota.level_1, 30 [kgce/t])", number("tce/t")),
        ("用地面积 + 3 亩", number("m2")),
        ("given(energy) and given(a) and count(given(energy.tce)) > 0", Truth()),
        ("abs(a) + min(a, b, c)", Number()),
        ("begun <= ended and first_month < last_month and begun != ended", Truth()),
        ("months_between(begun, last_month) + 1", Number()),
        ("same_text(word, 'coal') or any(same_text(energy.carrier, word))", Truth()),
        ("first(begun, ended)", Day()),
        ("if(key_user, 1 tce, energy_total)", number("tce")),
        ("if(p, word, 'a')", Text()),
        ("opening(lookup(quotas, word, 2020).level_1)", number("tce/t")),
        ("reached(energy_total, 1 tce, 2 tce)", Number()),
        ("level(energy_total, 1 tce, 0, 3 tce)", Number()),
        ("sum(energy.tce, rank(energy.tce) <= 3)", number("tce")),
    ],
)
def test_types(text: str, kind: Type) -> None:
    assert check(text, SCOPE, UNITS, kind).type == kind


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("energy_total + power", [("expression_unit_clash", 13)]),
        ("site.area > output", [("expression_unit_clash", 10)]),
        ("energy_total > 5000", [("expression_unit_clash", 13)]),
        ("word == a", [("expression_kind_clash", 5)]),
        ("first(a, word)", [("expression_kind_clash", 0)]),
        ("if(p, a, word)", [("expression_kind_clash", 0)]),
        ("if(p, power, energy_total)", [("expression_unit_clash", 0)]),
        ("if(a, b, c)", [("expression_kind", 3)]),
        ("if(p, a)", [("expression_argument_count", 0)]),
        ("level(power, energy_total)", [("expression_unit_clash", 0)]),
        ("level(p, q)", [("expression_kind", 6), ("expression_kind", 9)]),
        ("level(a)", [("expression_argument_count", 0)]),
        ("reached(power, energy_total, power)", [("expression_unit_clash", 0)]),
        ("reached(a, b)", [("expression_argument_count", 0)]),
        ("opening(a)", [("expression_lookup_wanted", 8)]),
        ("a + rank(b)", [("expression_rank_outside", 4)]),
        ("sum(energy.tce * rank(a))", [("expression_no_table", 17)]),
        ("sum(energy.tce, rank(energy.carrier) < 2)", [("expression_kind", 21)]),
        ("sum(a)", [("expression_no_table", 0)]),
        ("any(p)", [("expression_no_table", 0)]),
        ("energy.tce", [("expression_column_outside", 0)]),
        ("max(energy.tce, product.output)", [("expression_column_outside", 4), ("expression_column_outside", 16)]),
        ("sum(energy.tce / product.output)", [("expression_two_tables", 0)]),
        ("sum(energy.tce, energy.tce > max(energy.tce))", [("expression_nested_aggregate", 29)]),
        ("sum(energy.carrier)", [("expression_kind", 4)]),
        ("sum(energy.tce, energy.amount)", [("expression_kind", 16)]),
        ("count(energy.tce)", [("expression_kind", 6)]),
        ("a and p", [("expression_kind", 0)]),
        ("not a", [("expression_kind", 4)]),
        ("-p", [("expression_kind", 1)]),
        ("word < word", [("expression_kind", 0), ("expression_kind", 7)]),
        ("a in ('x')", [("expression_kind", 0)]),
        ("word in word", [("expression_kind", 8)]),
        ("energy_totl", [("expression_unknown_name", 0)]),
        ("energy", [("expression_unknown_name", 0)]),
        ("sum(energy.tc)", [("expression_unknown_column", 4)]),
        ("lookup(quota, word, year).level_1", [("expression_unknown_reference", 7)]),
        ("lookup(quotas, word, year).level_9", [("expression_unknown_column", 0)]),
        ("lookup(quotas, word).level_1", [("expression_lookup_keys", 0)]),
        ("lookup(quotas, year, word).level_1", [("expression_lookup_keys", 0)]),
        ("met(energy.intensty)", [("expression_unknown_criterion", 4)]),
        ("met(1)", [("expression_name_wanted", 4)]),
        ("given(year)", [("expression_name_wanted", 6)]),
        ("mean(energy.tce)", [("expression_unknown_function", 0)]),
        ("abs(a, b)", [("expression_argument_count", 0)]),
        ("begun < first_month", [("expression_kind_clash", 6)]),
        ("begun <= 2017", [("expression_kind_clash", 6)]),
        ("begun == '2017-01-01'", [("expression_kind_clash", 6)]),
        ("ended - begun", [("expression_kind", 0), ("expression_kind", 8)]),
        ("years_after(begun)", [("expression_argument_count", 0)]),
        ("years_after(begun, a)", [("expression_year_offset", 19)]),
        ("years_after(begun, 1.5)", [("expression_year_offset", 19)]),
        ("years_after(first_month, 3)", [("expression_kind", 12)]),
        ("months_between(begun)", [("expression_argument_count", 0)]),
        ("months_between(begun, year)", [("expression_kind", 22)]),
        ("months_between(word, a)", [("expression_kind", 15), ("expression_kind", 21)]),
        ("same_text(word, begun)", [("expression_kind", 16)]),
        ("same_text(word, nothing)", [("expression_unknown_name", 16)]),
        ("sum(energy.tce, energy.sold, p)", [("expression_argument_count", 0)]),
        ("year(1.5)", [("expression_year_offset", 5)]),
        ("year(a)", [("expression_year_offset", 5)]),
        ("5 tcee", [("unit_unknown", 0)]),
        ("5 [kgce/kW·h]", [("unit_ambiguous", 0)]),
        ("0.03 kgce/t", [("expression_unknown_name", 10)]),
    ],
)
def test_each_mistake_has_its_own_code(text: str, found: list[tuple[str, int]]) -> None:
    assert errors(text) == found


def test_all_mistakes_are_reported_at_once_and_none_twice() -> None:
    assert errors("energy_total + power > 3 furlong and (nothing or sum(a) > 0)") == [
        ("expression_unit_clash", 13),
        ("unit_unknown", 23),
        ("expression_unknown_name", 38),
        ("expression_no_table", 49),
    ]


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(InvalidExpression) as refused:
        check("energy_totl * 2", SCOPE, UNITS)
    found = refused.value.errors[0].parameters
    assert (found["column"], found["name"]) == ("1", "energy_totl")
    assert found["close"].split(", ")[0] == "energy_total"


def test_a_clash_names_both_units() -> None:
    with pytest.raises(InvalidExpression) as refused:
        check("energy_total + power", SCOPE, UNITS)
    assert refused.value.errors[0].parameters == {
        "column": "14", "part": "+", "left": "数值 number [gce]", "right": "数值 number [J]",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "unit", "found"),
    [
        ("energy_total / output", "kgce/t", []),
        ("energy_total / output", "kWh/t", [("expression_expected", 13)]),
        ("p", "t", [("expression_expected", 0)]),
        ("0", "t", []),
        ("a / b", "%", []),
        ("a / b * 100", "%", [("expression_percent_twice", 8)]),
        ("100 * (a - b) / c", "%", [("expression_percent_twice", 0)]),
        ("100 - a", "%", [("expression_percent_twice", 0)]),
        ("min(a * 100, 100)", "%", [("expression_percent_twice", 8), ("expression_percent_twice", 13)]),
        ("sum(energy.x * 100) / a", "%", [("expression_percent_twice", 15)]),
        ("a / 100", "%", []),
        ("a * 100 %", "%", []),
        ("a * 100", "1", []),
    ],
)
def test_the_expected_unit(text: str, unit: str, found: list[tuple[str, int]]) -> None:
    assert errors(text, UNITS.parse(unit)) == found


def test_a_share_taken_times_100_is_refused_beside_a_percentage() -> None:
    assert errors("a / b * 100 >= 30 %") == [("expression_percent_twice", 8)]
    assert errors("30 % <= a / b") == []


def test_expected_truth() -> None:
    assert errors("a > 1", Truth()) == []
    assert errors("a", Truth()) == [("expression_expected", 0)]


def test_what_an_expression_uses() -> None:
    typed = check(
        "sum(energy.amount * energy.factor, energy.carrier == word) / output + lookup(quotas, word, year).level_1 * count(product)",
        SCOPE,
        UNITS,
    )
    assert typed.names == ("output", "word")
    assert typed.tables == {"energy": ("amount", "carrier", "factor"), "product": ()}
    assert typed.references == ("quotas",)
    assert check("met(energy.intensity) and p", SCOPE, UNITS).statuses == ("energy.intensity",)


def test_terms_are_the_parts_a_trace_shows() -> None:
    typed = check("sum(energy.tce * a) / output + quota.level_1", SCOPE, UNITS)
    assert [type(term).__name__ for term in typed.terms] == ["Aggregate", "Input", "Input"]
    assert isinstance(typed.root, Operation)
    assert isinstance(typed.terms[0], Aggregate)
    assert typed.terms[0].table == "energy"
