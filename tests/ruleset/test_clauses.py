"""Which clauses of a text a ruleset covers: what cites each, who judges it, and the mistakes of a list of clauses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.problems import Problem, Refused
from engine.ruleset.clauses import CoverageSheet, coverage_sheet, figures_text, sheet_plain, why, with_clauses
from engine.ruleset.lint import lint
from tests.assess import tiny
from tests.assess.tiny import words

LIMIT = {"threshold": {"value": "x", "at_least": "1"}}
X = [tiny.number("x", clause="1")]


def listed(*clauses: Any, **parts: Any) -> dict[str, Any]:
    """A list of clauses; one given by its number alone has a title and nothing else."""
    made = [{"clause": c, "title": words(c)} if isinstance(c, str) else {"title": words(c["clause"]), **c} for c in clauses]
    return {
        "clauses_of": tiny.STANDARD,
        "document": "T 1",
        "complete": True,
        "note": words("all of it"),
        "source": {"basis": "seen"},
        "clauses": made,
        **parts,
    }


def library(root: Path, clauses: dict[str, Any], **parts: Any) -> Path:
    tiny.write(root, "common/tiny", tiny.common())
    tiny.write(root, f"{tiny.STANDARD}/ruleset", tiny.standard(**parts))
    tiny.write(root, f"{tiny.STANDARD}/clauses", clauses)
    return root


def sheet(root: Path, *clauses: Any, **parts: Any) -> CoverageSheet:
    return coverage_sheet(tiny.STANDARD, library(root, listed(*clauses), **parts))


def by(made: CoverageSheet) -> dict[str, str]:
    return {row.clause.clause: row.by for row in made.rows}


def mistakes(root: Path, *clauses: Any, **parts: Any) -> list[Problem]:
    found = lint(tiny.STANDARD, rulesets=library(root, listed(*clauses), **parts))
    return [problem for problem in found if problem.code.startswith("clause")]


def reason(clause: str) -> dict[str, Any]:
    return {"clause": clause, "not_covered": words("not obtained")}


@pytest.mark.parametrize(
    ("method", "more", "judge"),
    [
        ("conform", {}, "person"),
        ("judgement", {}, "person"),
        (LIMIT, {}, "machine"),
        ({"interpolate": {"value": "x", "lead": "2", "base": "1", "direction": "up"}}, {}, "machine"),
        (LIMIT, {"judged_when": "x > 2"}, "both"),
        ({"all": {"of": ["yes"]}}, {}, "person"),
        ({"all": {"of": ["more"]}}, {}, "machine"),
        ({"k_of": {"k": 1, "of": ["yes", "more"]}}, {}, "both"),
    ],
)
def test_who_judges_follows_from_the_method(tmp_path: Path, method: Any, more: dict[str, Any], judge: str) -> None:
    members = [tiny.criterion("yes", clause="9"), tiny.criterion("more", LIMIT, clause="9")]
    made = sheet(tmp_path, "1", "9", inputs=X, criteria=[*members, tiny.criterion("it", method, clause="1", **more)])
    assert by(made) == {"1": judge, "9": "both"}


def test_gates_indicators_and_rules_cover_clauses_too(tmp_path: Path) -> None:
    indicator = tiny.indicator("double", "x * 2", clause="A")
    rule = tiny.rule("late", "not_met(lawful)") | {"clause": "R"}
    made = sheet(tmp_path, "1", "A", "R", inputs=X, gates=[tiny.gate("lawful", clause="1")], indicators=[indicator], rules=[rule])
    assert by(made) == {"1": "person", "A": "machine", "R": "machine"}
    assert [(c.element, c.id) for row in made.rows for c in row.cited_by if c.by != "none"] == [
        ("gate", "lawful"),
        ("indicator", "double"),
        ("rule", "late"),
    ]


def test_an_input_alone_and_a_rule_without_a_condition_judge_nothing(tmp_path: Path) -> None:
    rule = tiny.rule("note", "true") | {"clause": "2"}
    found = mistakes(tmp_path, "1", "2", inputs=X, rules=[rule])
    assert [(problem.code, problem.params) for problem in found] == [
        ("clause_uncovered", (("clause", "1"),)),
        ("clause_uncovered", (("clause", "2"),)),
    ]


def test_an_element_may_cite_several_clauses_and_a_clause_be_cited_in_other_ways(tmp_path: Path) -> None:
    criteria = [
        tiny.criterion("both", clause="1 / 2"),
        tiny.criterion("range", LIMIT, clause="2—3"),
        tiny.criterion("list", LIMIT, clause="3、4"),
    ]
    second, third = ({"clause": name, "cited_as": ["2—3"]} for name in ("2", "3"))
    made = sheet(tmp_path, "1", second, third, "4", inputs=X, criteria=criteria)
    assert by(made) == {"1": "person", "2": "both", "3": "machine", "4": "machine"}
    assert [[c.id for c in row.cited_by if c.element == "criterion"] for row in made.rows] == [
        ["both"],
        ["both", "range"],
        ["range", "list"],
        ["list"],
    ]


def test_what_carries_a_clause_out_without_citing_it_covers_it(tmp_path: Path) -> None:
    carried = {"clause": "5", "carried_by": {"by": "machine", "zh": "由求和执行", "en": "by the sum"}}
    made = sheet(tmp_path, "1", carried, reason("7"), criteria=[tiny.criterion("it", clause="1")])
    assert by(made) == {"1": "person", "5": "machine", "7": "none"}
    assert [why(row, "en") for row in made.rows] == ["", "by the sum", "not obtained"]
    assert made.counts == {"machine": 1, "person": 1, "both": 0, "none": 1}


@pytest.mark.parametrize(
    ("clauses", "code", "at"),
    [
        (["2", reason("9")], "clause_unknown", "criteria[0].criterion"),
        (["1", "7"], "clause_uncovered", "clauses[1].clause"),
        ([reason("1")], "clause_covered_and_not", "clauses[0].clause"),
        (["1", reason("7"), reason("7")], "clause_twice", "clauses[2].clause"),
    ],
)
def test_mistakes_of_a_list_of_clauses(tmp_path: Path, clauses: list[Any], code: str, at: str) -> None:
    found = mistakes(tmp_path, *clauses, criteria=[tiny.criterion("it", clause="1")])
    problem = next(problem for problem in found if problem.code == code)
    assert problem.where.path == at
    assert problem.where.line
    assert problem.severity.value == "error"
    assert problem.what("zh") and problem.fix("en")


def test_a_list_says_whose_it_is(tmp_path: Path) -> None:
    root = library(tmp_path, listed("1", clauses_of="green_factory/other"), criteria=[tiny.criterion("it", clause="1")])
    assert "clauses_of_another" in {problem.code for problem in lint(tiny.STANDARD, rulesets=root)}


def test_mistakes_refuse_the_sheet_but_not_the_ruleset(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="clause_uncovered"):
        sheet(tmp_path, "1", "7", criteria=[tiny.criterion("it", clause="1")])


def test_without_a_list_there_is_no_sheet(tmp_path: Path) -> None:
    root = tiny.library(tmp_path, {"criteria": [tiny.criterion("it")]}, {})
    assert with_clauses(root) == []
    assert [problem.code for problem in lint(tiny.STANDARD, rulesets=root) if problem.code.startswith("clause")] == []
    with pytest.raises(Refused, match="clauses_missing"):
        coverage_sheet(tiny.STANDARD, root)


def test_a_scheme_covers_its_text_by_what_it_adds_in_all_its_programmes(tmp_path: Path) -> None:
    root = tiny.library(tmp_path, {"criteria": [tiny.criterion("it", clause="1")]}, {})
    tiny.write(
        root, "green_park/tiny/ruleset", tiny.standard(ruleset="green_park/tiny", kind="green_park", criteria=[tiny.criterion("it")])
    )
    settings = {"dimensions": [tiny.dimension("l")], "criteria": [tiny.criterion("local.a", dimension="l", points="0", clause="P1")]}
    scheme = tiny.scheme(**settings)
    other = {
        "programme": "green_park",
        "standard": "green_park/tiny",
        "criteria": [tiny.criterion("local.a", LIMIT, dimension="l", points="0", clause="P2")],
    }
    scheme["programmes"].append({**scheme["programmes"][0], **other, "inputs": [tiny.number("x")]})
    tiny.write(root, "schemes/tiny", scheme)
    tiny.write(root, "schemes/clauses/tiny", listed("P1", "P2", reason("P3"), clauses_of="tiny"))
    made = coverage_sheet("tiny", root)
    assert by(made) == {"P1": "person", "P2": "machine", "P3": "none"}
    assert [[(c.id, c.kind) for c in row.cited_by] for row in made.rows] == [
        [("local.a", "green_factory")],
        [("local.a", "green_park")],
        [],
    ]
    assert with_clauses(root) == ["tiny"]


def test_figures_are_said_by_what_they_are_of(tmp_path: Path) -> None:
    figures = [
        {"of": {"zh": "工厂", "en": "Factories"}, "value": "50", "sense": "at_least", "period": "2019"},
        {"of": {"zh": "工厂", "en": "Factories"}, "value": None, "period": "2017"},
        {"of": {"zh": "腾出", "en": "Freed"}, "value": "11", "unit": {"zh": "万吨", "en": "10,000 t"}},
    ]
    clause = sheet(tmp_path, {**reason("1"), "figures": figures}).rows[0].clause
    assert figures_text(clause) == "工厂：不少于 50（2019）、—（2017）；腾出：11 万吨"
    assert figures_text(clause, "en") == "Factories: at least 50 (2019), — (2017); Freed: 11 10,000 t"


def test_a_sheet_as_plain_data(tmp_path: Path) -> None:
    plain = sheet_plain(sheet(tmp_path, "1", reason("7"), criteria=[tiny.criterion("it", clause="1")]))
    assert plain["counts"] == {"clauses": 2, "machine": 0, "person": 1, "both": 0, "none": 1}
    assert plain["clauses"][0]["cited_by"] == [
        {"element": "criterion", "id": "it", "kind": "green_factory", "by": "person", "title": words("it")}
    ]
    assert (plain["clauses"][1]["by"], plain["clauses"][1]["not_covered"]) == ("none", words("not obtained"))
