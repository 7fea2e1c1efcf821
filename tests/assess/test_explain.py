from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.assess.describe import describe, elements, find_element
from engine.assess.explain import Explanation, explain
from engine.assess.sentences import formula_text
from engine.problems import Refused
from engine.ruleset.library import rulesets_root, scheme_ids
from engine.ruleset.lint import load_programme
from engine.ruleset.overview import scheme_programmes
from tests.assess import tiny

RATE = {"threshold": {"value": "rate", "at_least": "30 %"}}


def programme(**more: object) -> tiny.Programme:
    return tiny.programme(
        inputs=[tiny.number("part", "m2"), tiny.number("whole", "m2")],
        indicators=[tiny.indicator("rate", "part / whole", "%", number="F-1", symbol="r", title=tiny.words("density"))],
        gates=[tiny.gate("licence", number="G-1")],
        criteria=[
            tiny.criterion("it", RATE, "6", number="A-01", title=tiny.words("enough built"), evidence=[tiny.words("a plan")], **more),
            tiny.criterion("other", number="A-02"),
        ],
    )


def derivation(name: str, lang: str = "en", **parts: object) -> Explanation:
    dossier = tiny.dossier(**parts)  # type: ignore[arg-type]
    made = programme()
    return explain(tiny.assess_dossier(made, dossier), made, dossier, name, lang)


def steps(root: Explanation) -> Iterator[Explanation]:
    yield root
    for child in root.children:
        yield from steps(child)


def said(root: Explanation, label: str) -> list[str]:
    return [step.text for step in steps(root) if step.label == label]


GIVEN = {"inputs": {"part": {"declared": "40 m2", "evidence": "E1"}, "whole": {"declared": "100 m2", "evidence": "E1"}}}


# --- finding what is meant ---


@pytest.mark.parametrize("name", ["it", "IT", "A-01", "a-01", " A-01 ", "enough built", "Enough Built"])
def test_a_criterion_is_found_by_id_number_and_title_in_any_case(name: str) -> None:
    assert find_element(programme(), name) == "it"


@pytest.mark.parametrize(("name", "found"), [("g-1", "licence"), ("F-1", "rate"), ("density", "rate")])
def test_gates_and_indicators_are_found_too(name: str, found: str) -> None:
    assert find_element(programme(), name) == found


def test_an_unknown_name_is_refused_with_the_nearest_ones() -> None:
    with pytest.raises(Refused) as refused:
        find_element(programme(), "A-03")
    (problem,) = refused.value.problems
    assert problem.code == "element_unknown"
    assert "A-01 enough built" in dict(problem.params)["suggestion"]


def test_a_number_of_two_items_is_refused_with_their_ids() -> None:
    made = tiny.programme(criteria=[tiny.criterion("a", number="1"), tiny.criterion("b", number="1")])
    with pytest.raises(Refused) as refused:
        find_element(made, "1")
    assert dict(refused.value.problems[0].params)["known"] == "a, b"


def test_a_title_of_a_criterion_and_its_indicator_means_the_criterion() -> None:
    same = tiny.words("density")
    made = tiny.programme(
        inputs=[tiny.number("x")],
        indicators=[tiny.indicator("rate", "2 * x", title=same)],
        criteria=[tiny.criterion("it", {"threshold": {"value": "rate", "at_least": "1"}}, title=same)],
    )
    assert find_element(made, "density") == "it"


# --- derivations ---


def test_the_root_says_item_status_and_points() -> None:
    root = derivation("it", **GIVEN)
    assert (root.label, root.text) == ("A-01 enough built", "met; 6.00 of 6 points")


def test_a_formula_stands_in_words_and_in_numbers() -> None:
    root = derivation("it", **GIVEN)
    assert said(root, "Formula") == ["r = part ÷ whole"]
    assert said(root, "With numbers") == ["40 m2 ÷ 100 m2 = 40%"]


def test_an_input_gives_what_was_entered_and_where() -> None:
    dossier = tiny.dossier(**GIVEN)  # type: ignore[arg-type]
    place = dict(dossier.inputs)["part"].declared
    made = programme()
    root = explain(tiny.assess_dossier(made, dossier), made, dossier, "it", "en")
    assert place is not None
    assert said(root, "part") == [f'40 m2; entered as "40 m2" ← dossier.yaml:{place.where.line}']


def test_both_bases_stand_side_by_side() -> None:
    inputs = {"part": {"declared": "40 m2", "verified": "20 m2"}, "whole": {"declared": "100 m2", "verified": "as_declared"}}
    root = derivation("rate", inputs=inputs)
    part = next(step for step in steps(root) if step.label == "part")
    assert [(step.label, step.text.split(" ←")[0]) for step in part.children] == [
        ("Declared", 'entered as "40 m2"'),
        ("Verified", 'entered as "20 m2"'),
    ]


def test_a_missing_input_says_so() -> None:
    root = derivation("it", inputs={"part": "40 m2"})
    assert said(root, "whole") == ["not entered"]
    assert said(root, "Result") == ["Missing value: whole"]


def test_an_indicator_of_nothing_says_that_it_cannot_be_computed() -> None:
    assert derivation("rate").text == "cannot be computed from what was entered"


def test_limits_and_their_sources_are_given() -> None:
    root = derivation("it", **GIVEN)
    assert said(root, "Held against") == ["at least 30%"]
    assert "30%; seen in the text; T 1 1.1" in said(root, "at least")


def test_evidence_is_given_with_whether_it_counted() -> None:
    root = derivation("it", inputs={"part": {"declared": "40 m2", "evidence": "E1 E2"}, "whole": "100 m2"})
    assert said(root, "E1") == ["valid, valid until 2030-12-31"]
    assert said(root, "E2") == ["expired, valid until 2016-12-31 (not valid on the day of the assessment, not counted)"]


def test_evidence_that_is_asked_for_is_listed() -> None:
    root = derivation("it", **GIVEN)
    asked = next(step for step in steps(root) if step.label == "Evidence asked for")
    assert [child.label for child in asked.children] == ["a plan"]


def test_an_indicator_names_what_uses_it() -> None:
    assert said(derivation("rate", **GIVEN), "Used by") == ["A-01 enough built"]


def test_an_indicator_that_is_used_twice_is_told_once() -> None:
    made = tiny.programme(
        inputs=[tiny.number("x")],
        indicators=[tiny.indicator("base", "2 * x"), tiny.indicator("one", "base + 1"), tiny.indicator("two", "base + one")],
        criteria=[tiny.criterion("it", {"threshold": {"value": "two", "at_least": "1"}})],
    )
    dossier = tiny.dossier({"x": "3"})
    root = explain(tiny.assess_dossier(made, dossier), made, dossier, "it", "en")
    assert said(root, "Formula").count("2 × x") == 1
    assert said(root, "base") == ["6", "6 (calculated above)"]


def table_result(**more: object) -> Explanation:
    columns = [tiny.column("what", type="text"), tiny.column("mass", unit="t")]
    made = tiny.programme(
        tables=[tiny.table("waste", columns, ["what"])],
        indicators=[tiny.indicator("total", "sum(waste.mass)", "t")],
        criteria=[tiny.criterion("it", {"threshold": {"value": "total", "at_most": "9 t"}})],
    )
    rows = [{"what": f"w{i}", "mass": (f"{i} t", "8 t") if i == 1 else f"{i} t"} for i in range(1, 15)]
    dossier = tiny.dossier(tables={"waste": tiny.rows(*rows, verified=True)})
    return explain(tiny.assess_dossier(made, dossier), made, dossier, "it", "en")


def test_a_sum_shows_rows_with_their_places_and_counts_the_rest() -> None:
    root = table_result()
    rows = next(step for step in steps(root) if step.label == "Rows entered")
    assert rows.text.startswith("14 rows, confirmed by the assessor ← dossier.yaml:")
    assert [child.label for child in rows.children] == [*(f"w{i}" for i in range(1, 13)), "2 more rows"]
    assert rows.children[0].text.startswith("mass 1 t → verified 8 t ← dossier.yaml:")


def test_a_group_lists_its_members_with_their_verdicts() -> None:
    group = tiny.criterion("group", {"k_of": {"k": 1, "of": ["a", "b"]}})
    made = tiny.programme(criteria=[tiny.criterion("a"), tiny.criterion("b"), group])
    dossier = tiny.dossier(answers={"a": "yes"})
    root = explain(tiny.assess_dossier(made, dossier), made, dossier, "group", "en")
    members = next(step for step in steps(root) if step.label == "Items of the group")
    assert [(m.label, m.text) for m in members.children] == [
        ("a", "met; 10.00 of 10 points; Found to conform"),
        ("b", "undetermined; 0.00 ~ 10.00 of 10 points; Not answered yet"),
    ]


def test_what_people_said_is_kept() -> None:
    answers = {"other": {"declared": "yes", "verified": "no", "reason": "we think so"}}
    dossier = tiny.dossier(answers=answers)
    entry = dict(dossier.answers)["other"]
    dossier = replace(dossier, answers=(("other", replace(entry, remark="seen on site")),))
    made = programme()
    root = explain(tiny.assess_dossier(made, dossier, "verified"), made, dossier, "other", "en")
    assert said(root, "Reason given") == ["we think so"]
    assert said(root, "Assessor's remark") == ["seen on site"]
    assert said(root, "Effect of verification") == ["-10.00"]


# --- what rulesets demand ---


@pytest.mark.parametrize(
    ("method", "sentences"),
    [
        ("conform", []),
        ("judgement", []),
        ({"judgement": {"steps": ["0", "5", "10"]}}, ["points that may be given: 0; 5; 10"]),
        ({"declare": {"value": "x"}}, ["stating x earns all points"]),
        ({"threshold": {"value": "x", "at_least": "2", "at_most": "9"}}, ["x at least 2; at most 9"]),
        ({"threshold": {"value": "x", "limits": [{"when": "y > 1", "less_than": "2"}]}}, ["when y > 1: x less than 2"]),
        (
            {"threshold": {"value": "x", "at_least": "2", "comparison": "rounded"}},
            ["x at least 2", "compared after rounding to the places the limit is written with"],
        ),
        ({"bands": {"value": "x", "start": "1", "full": "2"}}, ["x: half the points at 1, all at 2, linear between"]),
        ({"bands": {"value": "x", "steps": [{"at": "1", "points": "3"}]}}, ["x at least 1: 3 points"]),
        ({"rank": {"value": "x", "start": "20 %", "full": "5 %"}}, ["x: half the points at 20%, all at 5%, linear between"]),
        (
            {"interpolate": {"value": "x", "lead": "1", "base": "y", "direction": "down"}},
            ["x: all points at the lead 1, none at the base y, linear between"],
        ),
        ({"count": {"value": "x", "lead": "8"}}, ["x: none at 0, all points at 8, linear between"]),
        ({"ratio": {"value": "x", "reference": "y", "direction": "up"}}, ["x ÷ y, times the points", "the ratio counts up to 1"]),
        (
            {"ratio": {"value": "x", "reference": "y", "direction": "down", "cap": None}},
            ["y ÷ x, times the points", "the ratio has no upper bound"],
        ),
        (
            {"membership": {"value": "x", "direction": "down", "levels": [{"level": "I", "limit": "1", "points": "10"}]}},
            ["level I: x at most 1, 10 points"],
        ),
        ({"all": {"of": ["a", "b"]}}, ["all of these are met: a; b"]),
        ({"k_of": {"k": 1, "of": ["a", "b"]}}, ["1 of these are met: a; b"]),
        ({"choose": {"n": 1, "of": ["a", "b"]}}, ["1 of these count: a; b"]),
    ],
)
def test_every_method_has_words(method: object, sentences: list[str]) -> None:
    made = tiny.programme(
        inputs=[tiny.number("x"), tiny.number("y")], criteria=[tiny.criterion("a"), tiny.criterion("b"), tiny.criterion("it", method)]
    )
    node = next(step for step in steps(describe(made, "it", "en")) if step.label == "Method")
    assert [child.label for child in node.children] == sentences


def test_a_choice_is_named_by_its_title_not_its_code() -> None:
    basis = {"input": "basis", "title": tiny.words("basis"), "type": "choice", "choices": {"quota": tiny.words("the quota")}}
    limits = [{"when": 'basis == "quota"', "at_least": "2"}]
    made = tiny.programme(
        inputs=[basis, tiny.number("x")], criteria=[tiny.criterion("it", {"threshold": {"value": "x", "limits": limits}})]
    )
    assert 'when basis = "the quota": x at least 2' in [step.label for step in steps(describe(made, "it", "en"))]


def test_figures_of_methods_have_their_units_by_name_and_keep_their_places() -> None:
    shared = {"units": [*tiny.UNITS, "人 = [person]"], "unit_names": {"人": {"zh": "人", "en": "persons"}}}
    threshold = {"threshold": {"value": "x", "at_least": "2.0 人"}}
    made = tiny.programme(common_parts=shared, inputs=[tiny.number("x", "人")], criteria=[tiny.criterion("it", threshold)])
    root = describe(made, "it", "en")
    assert "x at least 2 persons" in [step.label for step in steps(root)]
    assert said(root, "at least") == ["2.0 persons; seen in the text; T 1 1.1"]


def test_a_looked_up_figure_is_named_by_its_table_row_and_column() -> None:
    table = tiny.reference("quotas", [tiny.column("level")], [{"code": "c1", "level": "7", "title_zh": "织造", "title_en": "weaving"}])
    made = tiny.programme(
        references=[table],
        inputs=[tiny.number("x")],
        criteria=[tiny.criterion("it", {"threshold": {"value": "x", "at_most": 'lookup(quotas, "c1").level'}})],
    )
    dossier = tiny.dossier({"x": "3"})
    root = explain(tiny.assess_dossier(made, dossier), made, dossier, "it", "en")
    assert said(root, "quotas［weaving］level") == ["7; seen in the text"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("scheme", scheme_ids(rulesets_root()))
def test_everything_in_the_library_can_be_described(scheme: str, lang: str) -> None:
    for kind, standard in scheme_programmes(scheme):
        made = load_programme(scheme, kind, standard=standard)
        for name in elements(made):
            assert describe(made, name, lang).children


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ('kind == "a"', 'kind = "first"'),
        ('first(kind, "a") != "b"', 'first known of (kind, "first") ≠ "second"'),
        ('if(kind == "b", 1, 2)', 'by condition(kind = "second", 1, 2)'),
        ('lookup(trades, industry).listed == "yes"', 'trades.listed[industry] = "yes"'),
        ('lookup(trades, "a").listed == "no"', 'trades.listed["a"] = "no"'),
    ],
)
def test_formulas_name_what_a_choice_means(formula: str, text: str) -> None:
    kinds = {"a": tiny.words("first"), "b": tiny.words("second")}
    made = tiny.programme(inputs=[{"input": "kind", "title": tiny.words("kind"), "type": "choice", "choices": kinds}])
    assert formula_text(formula, made, "en") == text


# --- points, totals, findings and the determination ---

CUT = "(limited to the ends of the range)"


def explained(made: tiny.Programme, name: str, **parts: object) -> Explanation:
    dossier = tiny.dossier(**parts)  # type: ignore[arg-type]
    return explain(tiny.assess_dossier(made, dossier), made, dossier, name, "en")


@pytest.mark.parametrize(
    ("method", "value", "calculated"),
    [
        ({"interpolate": {"value": "x", "lead": "2", "base": "6", "direction": "down"}}, "3", "(3 − 6) ÷ (2 − 6) × 10 = 7.50 points"),
        ({"bands": {"value": "x", "start": "2", "full": "6"}}, "3", "[1/2 + 1/2 × (3 − 2) ÷ (6 − 2)] × 10 = 6.25 points"),
        ({"ratio": {"value": "x", "reference": "4", "direction": "up"}}, "3", "3 ÷ 4 × 10 = 7.50 points"),
        ({"ratio": {"value": "x", "reference": "2", "direction": "down"}}, "4", "2 ÷ 4 × 10 = 5.00 points"),
        (
            {"ratio": {"value": "x", "reference": "2", "direction": "up"}},
            "3",
            "3 ÷ 2 × 10 = 10.00 points (limited to the ends of the range)",
        ),
    ],
)
def test_points_are_calculated_in_numbers(method: dict[str, object], value: str, calculated: str) -> None:
    made = tiny.programme(inputs=[tiny.number("x")], criteria=[tiny.criterion("it", method)])
    assert said(explained(made, "it", inputs={"x": value}), "Points") == [calculated]


def test_what_needs_no_calculation_has_none() -> None:
    made = tiny.programme(inputs=[tiny.number("x")], criteria=[tiny.criterion("it", {"threshold": {"value": "x", "at_least": "1"}})])
    assert said(explained(made, "it", inputs={"x": "3"}), "Points") == []


def test_an_item_says_what_it_contributes_to_the_total() -> None:
    dimensions = [tiny.dimension("d", weight="60"), tiny.dimension("e", weight="40")]
    criteria = [tiny.criterion("it", points="12"), tiny.criterion("other", points="12"), tiny.criterion("far", dimension="e")]
    made = tiny.programme(aggregate="weighted", dimensions=dimensions, criteria=criteria)
    assert said(explained(made, "it", answers={"it": "yes"}), "In the total") == ["12.00 × 2.5 = 30.00"]


CHAIN = {
    "inputs": [tiny.number("x")],
    "criteria": [tiny.criterion("online")],
    "rules": [
        tiny.rule("large", "x >= 5", classify="large_user"),
        tiny.rule("must_connect", "large_user", obligation="connection"),
        tiny.rule("not_connected", "connection and not_met(online)", veto=True),
    ],
}


def test_a_rule_is_derived_through_the_rules_it_rests_on_down_to_the_cells() -> None:
    root = explained(tiny.programme(**CHAIN), "not_connected", inputs={"x": "7"}, answers={"online": "no"})
    assert root.text == "veto; concluded"
    labels = [step.label for step in steps(root)]
    assert [labels.index(name) for name in ("must_connect", "large")] == sorted(labels.index(name) for name in ("must_connect", "large"))
    assert any("dossier.yaml:" in text for text in said(root, "x"))
    assert said(root, "online") == ["not met; 0.00 of 10 points"]


def test_a_rule_that_concluded_nothing_says_so() -> None:
    assert explained(tiny.programme(**CHAIN), "large", inputs={"x": "3"}, answers={"online": "no"}).text == "not concluded"


def test_without_a_name_the_determination_is_explained() -> None:
    root = explained(tiny.programme({"mark": "5"}, **CHAIN), "", inputs={"x": "7"}, answers={"online": "no"})
    assert (root.label, root.text) == ("Determination", "not eligible; settled: nothing that is open can change it")
    table = next(step for step in root.children if step.label.startswith("The scheme's table"))
    assert [(line.label, line.text) for line in table.children][:2] == [("not eligible", "decides"), ("fails", "")]
    assert said(root, "a veto") == ["holds; not_connected"]
    assert said(root, "Total") == ["0.00; mark 5"]


def test_the_determination_names_what_is_open() -> None:
    made = programme()
    dossier = tiny.dossier(**GIVEN)  # type: ignore[arg-type]
    root = explain(tiny.assess_dossier(made, dossier), made, dossier, "", "en")
    gates = next(step for step in root.children if step.label == "Gates not met or open")
    assert [(step.label, step.text) for step in gates.children] == [("G-1 licence", "undetermined; Not answered yet")]
