"""What was declared and what was verified, side by side, each difference with its effect."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess.results import Assessment
from tests.assess.tiny import assess, column, criterion, exactly, gate, indicator, interval, item, number, programme, rows, table, verdict

RATE = {
    "inputs": [number("x", "t"), number("y", "t")],
    "indicators": [indicator("rate", "x / y", "%")],
    "criteria": [criterion("it", {"bands": {"value": "rate", "start": "20 %", "full": "40 %"}})],
}


def shown(result: Any) -> tuple[Any, Any]:
    return tuple(None if side is None else side.number for side in (result.declared, result.verified))  # type: ignore[return-value]


def rate(basis: str, x: dict[str, str] | str, y: dict[str, str] | str) -> Assessment:
    return assess(programme(**RATE), basis, inputs={"x": x, "y": y})


def test_both_values_and_the_effect_of_their_difference() -> None:
    result = item(rate("verified", {"declared": "40 t", "verified": "30,000 kg"}, {"declared": "100 t", "verified": "as_declared"}))
    assert shown(result) == (40, 30)  # per cent
    assert (result.points, result.effect) == (exactly("7.5"), -exactly("2.5").low)


def test_the_declared_basis_shows_the_same_difference() -> None:
    result = item(rate("declared", {"declared": "40 t", "verified": "30 t"}, {"declared": "100 t", "verified": "as_declared"}))
    assert shown(result) == (40, 30)
    assert (result.points, result.effect) == (exactly(10), -exactly("2.5").low)


def test_as_declared_confirms_the_declared_value() -> None:
    result = item(rate("verified", {"declared": "40 t", "verified": "as_declared"}, {"declared": "100 t", "verified": "as_declared"}))
    assert (result.points, result.effect, shown(result)) == (exactly(10), 0, (40, 40))


def test_what_an_assessor_has_not_looked_at_is_not_verified() -> None:
    result = rate("verified", {"declared": "40 t", "verified": "as_declared"}, "100 t")
    assert verdict(item(result)) == ("undetermined", "not_verified")
    assert (item(result).points, item(result).effect) == (interval(0, 10), -10)
    assert result.indicators[0].reason is not None
    assert (result.indicators[0].reason.code, result.indicators[0].declared.number) == ("not_verified", 40)  # type: ignore[union-attr]


def test_where_nobody_verified_anything_there_is_one_side() -> None:
    result = item(rate("declared", "40 t", "100 t"))
    assert (shown(result), result.effect) == ((40, None), None)


def test_a_verified_basis_that_nobody_filled_still_shows_what_was_declared() -> None:
    result = item(rate("verified", "40 t", "100 t"))
    assert verdict(result) == ("undetermined", "not_verified")
    assert result.declared is not None
    assert (result.declared.number, result.effect) == (40, -10)


def test_an_answer_overruled() -> None:
    made = programme(criteria=[criterion("it")], gates=[gate("gate")])
    answers = {"it": {"declared": "yes", "verified": "no"}, "gate": {"declared": "no", "verified": "yes"}}
    result = assess(made, "verified", answers=answers)
    assert verdict(item(result)) == ("not_met", "does_not_conform")
    assert (item(result).declared.value, item(result).verified.value, item(result).effect) == (True, False, -10)  # type: ignore[union-attr]
    assert (result.gates[0].declared.value, result.gates[0].verified.value) == (False, True)  # type: ignore[union-attr]
    assert assess(made, "declared", answers=answers).score == exactly(10)


def test_whether_an_item_applies_is_judged_on_each_basis() -> None:
    made = programme(inputs=[number("x")], criteria=[criterion("it", applies_when="x > 1"), criterion("other")])
    given = {"inputs": {"x": {"declared": "2", "verified": "1"}}, "answers": {"it": {"declared": "yes", "verified": "as_declared"}}}
    on = {basis: item(assess(made, basis, **given)) for basis in ("declared", "verified")}
    assert (verdict(on["declared"]), on["declared"].effect) == (("met", "conforms"), -10)
    assert (verdict(on["verified"]), on["verified"].effect) == (("not_applicable", "does_not_apply"), -10)


def test_whether_an_item_applies_is_judged_on_each_basis_through_an_indicator() -> None:
    made = programme(inputs=[number("x")], indicators=[indicator("twice", "2 * x")], criteria=[criterion("it", applies_when="twice > 3")])
    given = {"inputs": {"x": {"declared": "2", "verified": "1"}}, "answers": {"it": {"declared": "yes", "verified": "as_declared"}}}
    assert item(assess(made, "declared", **given)).effect == -10


def test_a_member_overruled_changes_its_group() -> None:
    made = programme(criteria=[criterion("d.a", points="1"), criterion("it", {"all": {"of": ["d.a"]}})])
    result = item(assess(made, "declared", answers={"d.a": {"declared": "yes", "verified": "no"}}))
    assert (verdict(result), result.effect) == (("met", "group_met"), -10)


def test_an_assessors_remark_stands_beside_the_item() -> None:
    made = programme(criteria=[criterion("it")])
    result = assess(made, "verified", answers={"it": {"declared": "yes", "verified": "as_declared", "remark": "现场核对"}})
    assert item(result).remark == "现场核对"


# --- tables ---

TABLE = {
    "tables": [table("t", [column("name", type="text"), column("n", unit="t")], ["name"])],
    "indicators": [indicator("total", "sum(t.n)", "t")],
    "criteria": [criterion("it", {"ratio": {"value": "total", "reference": "100 t", "direction": "up"}})],
}


def test_a_confirmed_table_counts_with_the_cells_that_were_overruled() -> None:
    filled = rows({"name": "甲", "n": ("40 t", "30 t")}, {"name": "乙", "n": "20 t"}, verified=True)
    result = item(assess(programme(**TABLE), "verified", tables={"t": filled}))
    assert (result.points, result.effect) == (exactly(5), -1)


def test_a_cell_confirmed_as_declared() -> None:
    filled = rows({"name": "甲", "n": ("40 t", "as_declared")}, verified=True)
    assert item(assess(programme(**TABLE), "verified", tables={"t": filled})).points == exactly(4)


def test_a_table_that_was_not_confirmed_is_not_verified() -> None:
    filled = rows({"name": "甲", "n": ("40 t", "30 t")})
    result = item(assess(programme(**TABLE), "verified", tables={"t": filled}))
    assert verdict(result) == ("undetermined", "not_verified")
    assert item(assess(programme(**TABLE), "declared", tables={"t": filled})).points == exactly(4)


@pytest.mark.parametrize("basis", ["declared", "verified"])
def test_looked_up_figures_belong_to_the_basis_that_uses_them(basis: str) -> None:
    reference = {
        "reference": "quota",
        "title": {"zh": "限额", "en": "quota"},
        "key": "code",
        "columns": [column("figure")],
        "rows": [{"code": "a", "figure": "1"}, {"code": "b", "figure": "3"}],
        "source": {"basis": "recalled"},
    }
    kind = {"input": "kind", "title": {"zh": "k", "en": "k"}, "type": "code", "choices": {c: {"zh": c, "en": c} for c in "ab"}}
    made = programme(
        references=[reference],
        inputs=[kind, number("x")],
        criteria=[criterion("it", {"threshold": {"value": "x", "at_least": "lookup(quota, kind).figure"}})],
    )
    given = {"kind": {"declared": "a", "verified": "b"}, "x": {"declared": "2", "verified": "as_declared"}}
    result = item(assess(made, basis, inputs=given))
    assert result.effect == -10
    name, status = {"declared": ("quota[a].figure", "met"), "verified": ("quota[b].figure", "not_met")}[basis]
    assert (result.status.value, [figure.name for figure in result.figures]) == (status, ["points", name])
