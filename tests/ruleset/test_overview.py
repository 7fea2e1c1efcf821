from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.problems import Refused
from engine.ruleset.listing import listed_figures
from engine.ruleset.overview import ruleset_overview, scheme_kinds
from tests.assess import tiny

SEEN_AND_NOT = {
    "parameters": [
        {"parameter": "known", "title": tiny.words("known"), "figure": {"value": "3", "source": {"basis": "recalled"}}},
        {"parameter": "unknown", "title": tiny.words("unknown"), "figure": None},
    ],
    "inputs": [tiny.number("x")],
    "criteria": [tiny.criterion("it", {"threshold": {"value": "x", "at_least": "first(known, unknown)"}})],
}


def library(root: Path, standard: tiny.Data, scheme: tiny.Data) -> Path:
    """A library whose files share nothing, for aliases are refused."""
    return tiny.library(root, *json.loads(json.dumps([standard, scheme])))


def test_standards_and_programmes_are_listed_with_what_they_hold(tmp_path: Path) -> None:
    root = library(tmp_path, {"gates": [tiny.gate("g")], "criteria": [tiny.criterion("a"), tiny.criterion("b")]}, {"mark": "15"})
    (standard,), (scheme,) = ruleset_overview(root)
    assert (standard.id, standard.version, standard.gates, standard.criteria) == ("green_factory/tiny", "1.0.0", 1, 2)
    assert (scheme.id, scheme.standard, scheme.since, scheme.until) == ("tiny", "green_factory/tiny", "2000-01-01", "")
    # the points of a and b; the scheme's mark and its policy besides
    assert (standard.figures, scheme.figures) == (2, 4)


def test_figures_that_nobody_attested_are_counted(tmp_path: Path) -> None:
    root = library(tmp_path, SEEN_AND_NOT, {})
    (standard,), _ = ruleset_overview(root)
    # points are seen; the recalled and the unknown parameter are not
    assert (standard.figures, standard.unattested) == (3, 2)


def test_a_broken_ruleset_carries_its_problems(tmp_path: Path) -> None:
    root = library(tmp_path, {"criteria": [tiny.criterion("it", {"declare": {"value": "nothing"}}, evidence=[tiny.words("paper")])]}, {})
    (standard,), (scheme,) = ruleset_overview(root)
    assert [p.code for p in standard.problems] == ["expression_unknown_name"]
    assert standard.title is None and scheme.problems


def test_looked_up_figures_count_only_where_something_looks(tmp_path: Path) -> None:
    table = tiny.reference("quotas", [tiny.column("level"), tiny.column("name", type="text")], [{"code": "c", "level": None, "name": "n"}])
    method = {"threshold": {"value": "x", "at_most": 'lookup(quotas, "c").level'}}
    parts = {"references": [table], "inputs": [tiny.number("x")]}
    unused = tiny.programme(**parts, criteria=[tiny.criterion("it", {"declare": {"value": "x"}})])
    used = tiny.programme(**parts, criteria=[tiny.criterion("it", method)])
    assert [found.figure.name for found in listed_figures(unused)] == ["na_policy", "points"]
    assert [(found.figure.name, found.figure.basis) for found in listed_figures(used)][1:] == [
        ("points", "seen"),
        ("quotas[c].level", "null"),
    ]


def test_the_kinds_of_a_scheme_are_those_of_its_programmes(tmp_path: Path) -> None:
    library(tmp_path, {"criteria": [tiny.criterion("a")]}, {})
    assert scheme_kinds("tiny", tmp_path) == ("green_factory",)


def test_an_unknown_scheme_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        scheme_kinds("nothing", tmp_path)
