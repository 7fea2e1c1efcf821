"""Which programme of a scheme is meant where several are of one kind: by the standard that is named, or by the day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.problems import Refused
from engine.ruleset.lint import load_programme
from engine.ruleset.overview import scheme_programmes
from tests.assess import tiny

OTHER = "green_factory/other"


def library(root: Path, *programmes: dict[str, Any]) -> Path:
    """A library of two standards and a scheme with a programme for each of the settings."""
    base = tiny.scheme()["programmes"][0]
    made = [{**base, **settings} for settings in programmes]
    tiny.library(root, {"criteria": [tiny.criterion("d.one")]}, {"head": {"programmes": made}})
    tiny.write(root, f"{OTHER}/ruleset", tiny.standard(criteria=[tiny.criterion("d.two")], ruleset=OTHER))
    return root


def two(root: Path) -> Path:
    return library(root, {"standard": tiny.STANDARD}, {"standard": OTHER})


def refused(root: Path, **asked: str) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Refused) as caught:
        load_programme("tiny", rulesets=root, **asked)
    (problem,) = caught.value.problems
    assert all(problem.what(lang) and problem.fix(lang) and "{" not in problem.what(lang) + problem.fix(lang) for lang in ("zh", "en"))
    return problem.code, dict(problem.params)


@pytest.mark.parametrize("named", [OTHER, "other"])
def test_a_standard_is_named_by_its_id_or_by_its_edition(tmp_path: Path, named: str) -> None:
    assert list(load_programme("tiny", rulesets=two(tmp_path), standard=named).criteria) == ["d.two"]


def test_several_standards_and_none_named_lists_them(tmp_path: Path) -> None:
    assert refused(two(tmp_path)) == ("standard_needed", {"scheme": "tiny", "kind": "green_factory", "known": "tiny, other"})


def test_a_standard_that_the_scheme_does_not_apply_lists_those_it_does(tmp_path: Path) -> None:
    assert refused(two(tmp_path), standard="third") == (
        "standard_not_in_scheme",
        {"standard": "third", "scheme": "tiny", "known": "tiny, other"},
    )


def test_a_single_standard_need_not_be_named(tmp_path: Path) -> None:
    root = library(tmp_path, {"standard": OTHER})
    assert list(load_programme("tiny", rulesets=root).criteria) == ["d.two"]
    assert scheme_programmes("tiny", root) == (("green_factory", ""),)


def test_the_day_chooses_between_standards_that_follow_each_other(tmp_path: Path) -> None:
    first = {"standard": tiny.STANDARD, "in_force": {"since": "2010-01-01", "until": "2019-12-31"}}
    root = library(tmp_path, first, {"standard": OTHER, "in_force": {"since": "2020-01-01"}})
    days = ("2019-12-31", "2020-01-01")
    assert [list(load_programme("tiny", rulesets=root, day=day).criteria) for day in days] == [["d.one"], ["d.two"]]


def test_a_standard_that_is_named_counts_before_the_day(tmp_path: Path) -> None:
    over = {"standard": tiny.STANDARD, "in_force": {"since": "2010-01-01", "until": "2019-12-31"}}
    root = library(tmp_path, over, {"standard": OTHER})
    assert list(load_programme("tiny", rulesets=root, standard="tiny", day="2024-01-01").criteria) == ["d.one"]


def test_the_programmes_of_a_scheme_are_told_apart_by_standard_where_needed(tmp_path: Path) -> None:
    assert scheme_programmes("tiny", two(tmp_path)) == (("green_factory", tiny.STANDARD), ("green_factory", OTHER))
