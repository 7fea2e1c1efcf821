"""Rules about the rows of a table: joins, counting, chaining, what is open, and findings that name their row."""

from __future__ import annotations

from typing import Any

import pytest

from engine.assess.assess import assess_dossier
from engine.assess.explain import explain
from engine.assess.export import to_plain
from engine.assess.results import Assessment, Finding
from engine.assess.sentences import because_sentences, finding_sentence
from engine.problems import Refused
from engine.ruleset.programme import Programme
from tests.assess.tiny import Data, assess, column, criterion, dossier, number, programme, rows, rule, table, words

LEVELS = table(
    "levels",
    [column("kind", type="text"), column("level", unit="kg"), column("limit", unit="kg", required=False),
     column("day", type="date", required=False)],
    ["kind"],
)  # fmt: skip
PERMITS = table(
    "permits", [column("kind", type="text"), column("allowed", unit="kg"), column("ends", type="date", required=False)], ["kind"]
)


def of_rows(name: str, when: str, each: str = "levels", **then: Any) -> Data:
    return {**rule(name, when, **then), "each": each}


def made(*rules: Data) -> Programme:
    used = "strict and most > 0 kg and any(levels.day < application_date) and any(permits.ends < application_date)"
    return programme(
        inputs=[{"input": "strict", "title": words("strict"), "type": "yes_no"}, number("most", "kg")],
        tables=[LEVELS, PERMITS],
        criteria=[criterion("d.one")],
        rules=[
            *rules,
            rule("used", used),
        ],
    )


def result(rules: list[Data], levels: Any = None, permits: Any = None, **inputs: Any) -> Assessment:
    given = {name: rows(*listed) for name, listed in (("levels", levels), ("permits", permits)) if listed is not None}
    answers = {"d.one": inputs.pop("one")} if "one" in inputs else {}
    return assess(made(*rules), tables=given, inputs=inputs, answers=answers)


def found(rules: list[Data], levels: Any = None, permits: Any = None, **inputs: Any) -> list[tuple[str, str, str]]:
    """Each finding of the rules as rule, row and state."""
    return [state(one) for one in result(rules, levels, permits, **inputs).findings if one.rule != "used"]


def state(one: Finding) -> tuple[str, str, str]:
    key = "" if one.row is None else " ".join(str(used.value.value) for used in one.row.key)
    return one.rule, key, "open" if one.open else "certain"


def level(kind: str, amount: str, limit: str = "", **more: str) -> dict[str, str]:
    return {"kind": kind, "level": amount, **({"limit": limit} if limit else {}), **more}


EXCEEDED = of_rows("exceeded", "levels.level > levels.limit", nonconformity="major")


def test_a_row_is_held_against_its_own_limit_and_named() -> None:
    listed = [level("cod", "51", "50"), level("nh3", "8", "8"), level("so2", "9", "1")]
    assert found([EXCEEDED], listed) == [("exceeded", "cod", "certain"), ("exceeded", "so2", "certain")]


def test_a_row_without_a_limit_is_open_and_the_others_are_not() -> None:
    listed = [level("cod", "51", "50"), level("nh3", "8"), level("so2", "1", "1")]
    assert found([EXCEEDED], listed) == [("exceeded", "cod", "certain"), ("exceeded", "nh3", "open")]


def test_a_table_that_is_not_there_leaves_the_rule_open_without_a_row() -> None:
    assert found([EXCEEDED]) == [("exceeded", "", "open")]


def test_without_its_table_not_even_what_needs_no_cell_is_certain() -> None:
    """There may be no row at all."""
    rules = [of_rows("strict_row", "strict or levels.level > most")]
    assert found(rules, strict="yes") == [("strict_row", "", "open")]
    assert found(rules, [level("cod", "1")], strict="yes") == [("strict_row", "cod", "certain")]


def test_a_row_is_held_against_values_of_the_whole() -> None:
    rules = [of_rows("above", "levels.level > most and strict")]
    listed = [level("cod", "51"), level("nh3", "8")]
    assert found(rules, listed, most="50", strict="yes") == [("above", "cod", "certain")]
    assert found(rules, listed, most="50") == [("above", "cod", "open")]
    assert found(rules, listed, most="50", strict="no") == []


JOINED = of_rows("not_allowed", "not any(permits.kind == levels.kind and permits.allowed >= levels.level)")


def test_a_row_is_joined_to_the_rows_of_another_table() -> None:
    listed = [level("cod", "51"), level("nh3", "8"), level("so2", "1")]
    permits = [{"kind": "cod", "allowed": "50"}, {"kind": "nh3", "allowed": "8"}]
    assert found([JOINED], listed, permits) == [("not_allowed", "cod", "certain"), ("not_allowed", "so2", "certain")]
    assert found([JOINED], listed) == [("not_allowed", kind, "open") for kind in ("cod", "nh3", "so2")]


def test_a_row_is_held_against_the_others_of_its_table() -> None:
    rules = [of_rows("largest", "levels.level == max(levels.level)")]
    assert found(rules, [level("cod", "5"), level("nh3", "8")]) == [("largest", "nh3", "certain")]


def test_conclusions_about_a_row_stay_with_the_row() -> None:
    rules = [
        of_rows("high", "levels.level > 10 kg", classify="high_row"),
        of_rows("high_and_unlimited", "high_row and not given(levels.limit)"),
        of_rows("low", "not high_row", classify="low_row"),
    ]
    listed = [level("a", "11"), level("b", "11", "20"), level("c", "1")]
    assert found(rules, listed) == [
        ("high", "a", "certain"), ("high", "b", "certain"), ("high_and_unlimited", "a", "certain"), ("low", "c", "certain"),
    ]  # fmt: skip


def test_the_whole_and_other_tables_see_that_there_is_such_a_row() -> None:
    rules = [
        of_rows("exceeded", "levels.level > levels.limit", classify="exceeding"),
        rule("any_exceeded", "exceeding", veto=True),
        rule("none_exceeded", "not exceeding"),
        of_rows("beside", "exceeding and permits.allowed > 1 kg", each="permits"),
    ]
    permits = [{"kind": "x", "allowed": "2"}, {"kind": "y", "allowed": "1"}]
    bad = found(rules, [level("a", "2", "1"), level("b", "1", "1")], permits)
    assert bad == [("exceeded", "a", "certain"), ("any_exceeded", "", "certain"), ("beside", "x", "certain")]
    assert found(rules, [level("b", "1", "1")], permits) == [("none_exceeded", "", "certain")]
    assert found(rules, [level("b", "1")], permits) == [
        ("exceeded", "b", "open"), ("any_exceeded", "", "open"), ("none_exceeded", "", "open"), ("beside", "x", "open"),
    ]  # fmt: skip


def test_what_holds_of_the_whole_holds_of_every_row() -> None:
    rules = [rule("watched", "strict", classify="under_watch"), of_rows("watched_row", "under_watch and levels.level > 1 kg")]
    assert found(rules, [level("a", "2")], strict="yes") == [("watched", "", "certain"), ("watched_row", "a", "certain")]


@pytest.mark.parametrize(
    ("when", "listed", "expected"),
    [
        ("nonconformities.major >= 2", ["2 1", "2 1"], "certain"),
        ("nonconformities.major >= 2", ["2 1", "1 1"], None),
        ("nonconformities.major >= 2", ["2 1", "2 ?"], "open"),
        ("nonconformities.major >= 2", None, "open"),  # a table not yet there may have any number of rows
        ("nonconformities.major >= 0", None, "certain"),
        ("nonconformities.major < 0", None, None),
        ("nonconformities.major * 2 >= 0", None, "open"),  # no plain comparison: it is not looked into
        ("rows.exceeding == 2", ["2 1", "1 1", "3 1"], "certain"),
        ("rows.exceeding == 2", ["2 1", "2 ?", "3 ?"], "open"),
        ("rows.exceeding > 3", ["2 1", "2 ?", "3 ?"], None),
    ],
)
def test_rows_are_counted(when: str, listed: list[str] | None, expected: str | None) -> None:
    rules = [
        EXCEEDED,
        of_rows("exceeding_row", "exceeded", classify="exceeding"),
        rule("many", when, veto=True),
    ]
    parts = [line.split() for line in listed or []]
    given = [level(f"k{i}", amount, "" if limit == "?" else limit) for i, (amount, limit) in enumerate(parts)]
    states = {rule: how for rule, _, how in found(rules, given if listed else None)}
    assert states.get("many") == expected


def test_a_permit_that_ends_before_three_years_are_over() -> None:
    rules = [of_rows("ends_early", "permits.ends < years_after(application_date, 3)", each="permits")]
    permits = [{"kind": name, "allowed": "1", "ends": day} for name, day in (("a", "2020-06-29"), ("b", "2020-06-30"))]
    assert found(rules, permits=permits) == [("ends_early", "a", "certain")]


# --- what is said of it ---


def test_a_finding_says_its_row_its_cells_and_where_they_were_entered() -> None:
    one = next(f for f in result([EXCEEDED], [level("cod", "51", "50 kg")]).findings if f.rule == "exceeded")
    assert one.row is not None
    assert (one.row.table, [(used.name, used.value.value) for used in one.row.key]) == ("levels", [("levels.kind", "cod")])
    (fact,) = one.facts
    assert (fact.kind, fact.holds, str(fact)) == ("row", True, "levels.level > levels.limit")
    assert [(used.name, used.value.number, used.value.unit, used.value.entered) for used in fact.used] == [
        ("levels.level", 51, "kg", "51"),
        ("levels.limit", 50, "kg", "50 kg"),
    ]
    assert all(used.where.file == "dossier.yaml" and used.where.line == one.row.where.line for used in fact.used)


@pytest.mark.parametrize(
    ("lang", "sentence", "because"),
    [
        ("zh", "exceeded（levels：cod）", "levels·level > levels·limit（level 51 kg，limit 50 kg）"),
        ("en", "exceeded (levels: cod)", "levels·level > levels·limit (level 51 kg, limit 50 kg)"),
    ],
)
def test_a_finding_about_a_row_in_words(lang: str, sentence: str, because: str) -> None:
    made_ = made(EXCEEDED)
    one = next(f for f in result([EXCEEDED], [level("cod", "51", "50")]).findings if f.rule == "exceeded")
    assert finding_sentence(one, made_, lang) == sentence
    (said,) = because_sentences(one, made_, lang)
    assert said.endswith(because.rpartition("limit")[2]) and "51 kg" in said


def test_the_derivation_of_a_rule_shows_each_row_with_its_cells() -> None:
    made_, filled = made(EXCEEDED), dossier(tables={"levels": rows(level("cod", "51", "50"), level("so2", "9", "1"))})
    tree = explain(assess_dossier(made_, filled), made_, filled, "exceeded", "en")
    shown = [node for node in tree.children if node.label == "Row"]
    assert [("cod" in node.text, "so2" in node.text, "dossier.yaml" in node.text) for node in shown] == [
        (True, False, True),
        (False, True, True),
    ]
    (fact,) = shown[0].children
    assert [node.text.startswith(value) for node, value in zip(fact.children, ("51 kg", "50 kg"), strict=True)] == [True, True]


def test_the_row_and_the_facts_stand_in_the_json() -> None:
    made_ = made(EXCEEDED)
    plain = to_plain(result([EXCEEDED], [level("cod", "51", "50")]), made_)
    one = next(f for f in plain["findings"] if f["rule"] == "exceeded")
    assert (one["row"]["table"], one["row"]["key"][0]["value"]) == ("levels", "cod")
    assert [(used["name"], used["value"]) for used in one["facts"][0]["used"]] == [("levels.level", "51"), ("levels.limit", "50")]
    assert set(one["facts"][0]["text"]) == {"zh", "en"}


# --- what is refused ---


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ([of_rows("x", "nowhere.level > 1", each="nowhere")], "rule_table_unknown"),
        ([of_rows("x", "strict")], "rule_asks_no_row"),
        ([of_rows("x", "levels.level > 3 m")], "expression_unit_clash"),
        ([of_rows("x", "permits.allowed > 3 kg and levels.level > 1 kg")], "expression_other_table"),
        ([of_rows("x", "any(permits.kind == levels.kind and any(permits.kind == levels.kind))")], "expression_nested_aggregate"),
        ([of_rows("x", "any(permits.allowed > levels.kind)")], "expression_kind"),
        ([rule("x", "levels.level > 3 kg")], "expression_column_outside"),
        ([rule("x", "rows.used > 1")], "expression_unknown_name"),
        ([of_rows("x", "levels.level > 1 kg and not y"), of_rows("y", "levels.level > 1 kg and x")], "negation_cycle"),
        ([of_rows("x", "levels.level > 1 kg and y"), rule("y", "x")], "rows_cycle"),
        ([of_rows("x", "levels.level > 1 kg and rows.x > 1")], "negation_cycle"),
        ([of_rows("x", "levels.level > 1 kg and y"), of_rows("y", "permits.allowed > 1 kg and x", each="permits")], "rows_cycle"),
    ],
)
def test_rules_about_rows_are_checked(rules: list[Data], code: str) -> None:
    with pytest.raises(Refused) as refused:
        made(*rules)
    assert code in {problem.code for problem in refused.value.problems}


def test_rules_that_ask_for_each_other_within_a_row_are_no_cycle() -> None:
    rules = [of_rows("x", "levels.level > 1 kg or y"), of_rows("y", "x")]
    assert found(rules, [level("a", "2"), level("b", "1")]) == [("x", "a", "certain"), ("y", "a", "certain")]
