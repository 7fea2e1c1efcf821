"""A scheme laid over a standard: points, weights, parameters and local elements, each with the source it is answerable to."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from engine.problems import ProblemList
from engine.ruleset.compile import compile_programme, compiled
from engine.ruleset.lint import load_programme, load_standard_alone
from tests.assess import tiny
from tests.assess.tiny import column, criterion, dimension, gate, number, programme, reference, rule, words

RECALLED = {"basis": "recalled", "confidence": "low"}
POLICY = {"basis": "policy"}
PARAMETER = {"parameter": "p", "title": words("p"), "unit": "t", "figure": None}
LIMIT = {"threshold": {"value": "x", "at_least": "p"}}


def test_points_come_from_the_standard_unless_the_scheme_sets_them() -> None:
    made = programme(
        {"na_policy": {"value": "zero", "source": POLICY}, "points": {"d.two": "7"}},
        points_source=RECALLED,
        criteria=[criterion("d.one", points="4"), criterion("d.two", points="6")],
    )
    one, two = made.points["d.one"], made.points["d.two"]
    assert (one.value, one.source.basis.value, one.document) == (4, "recalled", "T 1")
    assert (two.value, two.source.basis.value, two.document) == (7, "policy", "S 1")


def test_a_figure_with_its_own_source_keeps_it() -> None:
    own = {"value": "4", "source": {"basis": "seen", "document": "D 9", "clause": "9.9"}}
    made = programme(points_source=RECALLED, criteria=[criterion("d.one", points=own)])
    points = made.points["d.one"]
    assert (points.source.basis.value, points.document, points.clause) == ("seen", "D 9", "9.9")


def test_weights_of_the_standard_and_of_the_scheme() -> None:
    parts = {"aggregate": "weighted", "dimensions": [dimension("d", weight="60"), dimension("e", weight="40")]}
    criteria = [criterion("d.one"), criterion("e.one", dimension="e")]
    made = programme({"weights": {"d": "30", "e": "70"}}, weights_source=RECALLED, criteria=criteria, **parts)
    assert [(figure.value, figure.document) for figure in made.weights.values()] == [(30, "S 1"), (70, "S 1")]
    made = programme(weights_source=RECALLED, criteria=criteria, **parts)
    assert [(figure.value, figure.source.basis.value) for figure in made.weights.values()] == [(60, "recalled"), (40, "recalled")]


def test_a_parameter_is_null_until_the_scheme_sets_it_in_its_unit() -> None:
    parts = {"inputs": [number("x", "kg")], "parameters": [PARAMETER], "criteria": [criterion("it", LIMIT)]}
    assert programme(**parts).parameter_figures["p"].value is None
    assert programme({"set_parameters": {"p": "2.5"}}, **parts).parameter_figures["p"].value == 2500


@pytest.mark.parametrize(
    ("figure", "x", "expected"), [(None, "5 t", "no_benchmark"), ("2", "1999 kg", "limit_broken"), ("2", "2 t", "limit_kept")]
)
def test_an_unset_parameter_leaves_what_needs_it_open(figure: str | None, x: str, expected: str) -> None:
    made = programme(
        {"set_parameters": {"p": figure}}, inputs=[number("x", "kg")], parameters=[PARAMETER], criteria=[criterion("it", LIMIT)]
    )
    assert tiny.item(tiny.assess(made, inputs={"x": x})).reason.code == expected


def test_local_elements_stand_behind_those_of_the_standard() -> None:
    local = {
        "gates": [gate("local.g")],
        "dimensions": [dimension("local")],
        "criteria": [criterion("local.c", points="0", dimension="local")],
    }
    made = programme(
        {**local, "rules": [rule("r", "met(local.c)")]}, gates=[gate("g")], criteria=[criterion("d.one")], rules=[rule("s", "met(d.one)")]
    )
    assert (list(made.gates), list(made.criteria), list(made.dimensions)) == (["g", "local.g"], ["d.one", "local.c"], ["d", "local"])
    assert [found.rule for found in made.rules] == ["s", "r"]
    assert made.local == {"local.g", "local", "local.c", "r"}


def test_a_common_file_used_twice_counts_once() -> None:
    made = programme({"uses": ["common/tiny"]}, criteria=[criterion("d.one")])
    assert made.units.parse("tce").factor == 1000


def test_a_standard_alone_has_no_mark_and_nothing_local(tmp_path: Path) -> None:
    root = tiny.library(tmp_path, {"criteria": [criterion("d.one")]}, {"mark": "5", "points": {"d.one": "7"}})
    alone, within = load_standard_alone("green_factory/tiny", rulesets=root), load_programme("tiny", rulesets=root)
    assert (alone.mark.value, alone.local, alone.points_of("d.one")) == (None, frozenset(), 10)
    assert (within.mark.value, within.points_of("d.one")) == (5, 7)


def test_titles_in_both_languages() -> None:
    both = {"zh": "甲", "en": "first"}
    made = programme(
        references=[reference("r", [column("c", title=both)], [], title=both)],
        tables=[{"table": "t", "title": both, "columns": [column("c", title=both)], "per": ["c"]}],
        criteria=[criterion("d.one", title=both)],
    )
    assert [made.title(name, lang) for name in ("d.one", "t", "t.c", "r") for lang in ("zh", "en")] == ["甲", "first"] * 4
    assert made.title("r.c", "en") == "first·first"
    assert made.title("nobody") == "nobody"


# --- reference tables ---

ROWS = [
    {"code": "a", "figure": "1", "until": "2015-12-31"},
    {"code": "a", "figure": "2", "since": "2016-01-01", "until": "2016-12-31", "basis": "recalled", "confidence": "low", "title_zh": "甲"},
    {"code": "a", "figure": "3", "since": "2017-01-01"},
    {"code": "ab", "figure": None},
    {"code": "abc", "figure": "5.0"},
]


def table(**more: str) -> tiny.Programme:
    return programme(references=[reference("r", [column("figure", unit="t")], ROWS, **more)], criteria=[criterion("d.one")])


@pytest.mark.parametrize(
    ("key", "day", "figure"),
    [
        ("a", "2015-12-31", 1000),
        ("a", "2016-01-01", 2000),
        ("a", "2016-12-31", 2000),
        ("a", "2017-01-01", 3000),
        ("abc", "2016-12-31", 5000),
        ("ab", "2016-12-31", None),
    ],
)
def test_the_row_in_force_on_the_day_is_taken(key: str, day: str, figure: int | None) -> None:
    row = table().references["r"].find(key, day)
    assert row is not None
    assert row.values["figure"] == figure


@pytest.mark.parametrize(
    ("match", "key", "found"),
    [("exact", "abcd", None), ("prefix", "abcd", "abc"), ("prefix", "abx", "ab"), ("prefix", "ax", "a"), ("prefix", "x", None)],
)
def test_the_longest_prefix_wins_where_the_table_matches_prefixes(match: str, key: str, found: str | None) -> None:
    row = table(match=match).references["r"].find(key, "2016-12-31")
    assert (row.key if row else None) == found


def test_rows_keep_what_is_written_and_their_own_provenance() -> None:
    first, second = (table().references["r"].find(key, "2016-06-30") for key in ("a", "abc"))
    assert first is not None and second is not None
    assert (first.written["figure"], first.source.basis.value, first.source.confidence) == ("2", "recalled", "low")
    assert (second.written["figure"], second.values["figure"], second.source.basis.value) == ("5.0", Fraction(5000), "seen")


def test_a_row_without_an_english_title_goes_by_its_chinese_one() -> None:
    assert table().references["r"].title_of("zz", "en") == "zz"
    row = table().references["r"].find("a", "2016-06-30")
    assert row is not None and row.title is not None
    assert (row.title.zh, row.title.en) == ("甲", "甲")


def test_a_programme_is_compiled_once_for_lint_and_assessment() -> None:
    made = programme(criteria=[criterion("d.one")])
    assert compile_programme(made, ProblemList()) is compiled(made)
