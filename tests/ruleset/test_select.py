from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.problems import ProblemList, Refused
from engine.ruleset.editions import read_editions
from engine.ruleset.select import Row, Selection, known_codes, select, selection_plain
from tests.assess import tiny
from tests.ruleset.editions import build, edition, read, use

TWO = {"old": edition("2016-09", "2018-11-30", "new"), "new": edition("2018-12-01")}
TEXTILE_HAINING = {"sectors": ["17", "1810"], "districts": ["haining", "tongxiang"]}


def asked(root: Path, day: str, **more: str) -> Selection:
    return select(read(root), "green_factory", date.fromisoformat(day), **more)


def states(rows: tuple[Row, ...]) -> dict[str, str]:
    return {row.id.removeprefix("green_factory/"): row.state for row in rows}


def codes(row: Row) -> list[str]:
    return [why.code for why in row.why]


@pytest.mark.parametrize(
    ("day", "applies"),
    [
        ("2016-08-31", []),
        ("2016-09-01", ["old"]),
        ("2018-11-30", ["old"]),
        ("2018-12-01", ["new"]),
    ],
)
def test_the_edition_of_the_day_is_chosen_to_the_day(tmp_path: Path, day: str, applies: list[str]) -> None:
    made = asked(build(tmp_path, TWO), day)
    assert [name for name, state in states(made.standards).items() if state == "applies"] == applies


def test_every_edition_says_why(tmp_path: Path) -> None:
    old, new = asked(build(tmp_path, TWO), "2017-06-01").standards
    assert codes(old) == ["in_force_until", "successor"]
    assert codes(new) == ["not_yet"]
    assert new.why[0].text("en") == "In force only from 2018-12-01 on"
    gone = asked(tmp_path, "2019-01-01").standards[1]
    assert codes(gone) == ["ended", "successor"]
    assert gone.why[0].text("zh") == "施行至 2018-11-30 止"


def test_in_a_month_that_is_all_that_is_known_the_first_day_is_told(tmp_path: Path) -> None:
    build(tmp_path, TWO)
    assert "counts_from" in codes(asked(tmp_path, "2016-09-15").standards[0])
    assert "counts_from" not in codes(asked(tmp_path, "2016-10-01").standards[0])


def test_an_edition_with_an_unknown_end_stops_where_its_successor_begins(tmp_path: Path) -> None:
    build(tmp_path, {"old": edition("2016-09", None, "middle"), "middle": edition(None, None, "new"), "new": edition("2018-12-01")})
    assert states(asked(tmp_path, "2017-01-01").standards) == {"old": "applies", "middle": "open", "new": "does_not"}
    after = asked(tmp_path, "2018-12-01")
    assert states(after.standards) == {"new": "applies", "middle": "does_not", "old": "does_not"}
    assert after.standards[-1].why[-1].text("en") == (
        "Superseded by green_factory/new (in force since 2018-12-01); its own last day is not known"
    )


def test_an_unknown_beginning_leaves_the_answer_open(tmp_path: Path) -> None:
    made = asked(build(tmp_path, {"only": edition(None)}), "2017-01-01")
    assert made.verdict("standards") == "open"
    assert codes(made.standards[0]) == ["start_unknown"]


def test_several_and_none_are_told_apart(tmp_path: Path) -> None:
    build(tmp_path, {"a": edition(), "b": edition(since="2010-01-01")})
    assert asked(tmp_path, "2005-01-01").verdict("standards") == "one"
    assert asked(tmp_path, "2015-01-01").verdict("standards") == "several"
    assert asked(tmp_path, "1999-01-01").verdict("standards") == "none"
    assert asked(tmp_path, "2015-01-01").verdict("programmes") == "none"


def test_a_programme_needs_its_standard_in_force(tmp_path: Path) -> None:
    build(tmp_path, TWO, {"mine": [use("old", "2016-09", "2020-12-31")], "lost": [use("gone")]})
    mine = next(row for row in asked(tmp_path, "2019-01-01").programmes if row.id == "mine")
    assert (mine.state, codes(mine)) == ("does_not", ["in_force_until", "standard_does_not"])
    lost = next(row for row in asked(tmp_path, "2017-01-01").programmes if row.id == "lost")
    assert (lost.state, codes(lost)) == ("does_not", ["in_force", "standard_missing"])


@pytest.mark.parametrize(
    ("sector", "district", "state", "why"),
    [
        ("1713", "haining", "applies", ["sector_in", "district_in"]),
        ("1713", "tongxiang", "applies", ["sector_in", "district_in"]),
        ("1713", "nanhu", "does_not", ["sector_in", "district_out"]),
        ("2221", "haining", "does_not", ["sector_out", "district_in"]),
        ("18", "haining", "open", ["sector_open", "district_in"]),
        ("", "haining", "open", ["sector_open", "district_in"]),
        ("1713", "", "open", ["sector_in", "district_open"]),
        ("", "nanhu", "does_not", ["sector_open", "district_out"]),
    ],
)
def test_sector_and_district_decide(tmp_path: Path, sector: str, district: str, state: str, why: list[str]) -> None:
    build(tmp_path, {"a": edition()}, {"mine": [use("a", applies=TEXTILE_HAINING)]})
    (row,) = asked(tmp_path, "2017-01-01", sector=sector, district=district).programmes
    assert row.state == state
    assert codes(row) == ["in_force", *why]


def test_one_scheme_by_id_or_file_stands_for_all(tmp_path: Path) -> None:
    build(tmp_path, {"a": edition()}, {"mine": [use("a")], "other": [use("a")]})
    for name in ("mine", tmp_path / "schemes" / "mine.yaml"):
        editions = read_editions(ProblemList(), tmp_path, scheme=name)
        assert [use.scheme.scheme for use in editions.uses] == ["mine"]


def test_other_kinds_are_left_out(tmp_path: Path) -> None:
    build(tmp_path, {"a": edition()})
    tiny.write(tmp_path, "green_park/b/ruleset", tiny.standard(ruleset="green_park/b", kind="green_park"))
    assert list(states(asked(tmp_path, "2017-01-01").standards)) == ["a"]


def test_a_file_that_cannot_be_read_is_reported_and_left_out(tmp_path: Path) -> None:
    build(tmp_path, {"a": edition(), "broken": edition("2017-02-29")})
    problems = ProblemList()
    editions = read_editions(problems, tmp_path)
    assert list(editions.standards) == ["green_factory/a"]
    (problem,) = problems
    assert problem.code == "validity_malformed"
    line = (tmp_path / "green_factory/broken/ruleset.yaml").read_text(encoding="utf-8").splitlines()[(problem.where.line or 0) - 1]
    assert line.strip() == "since: '2017-02-29'"


def test_the_json_form_has_both_languages_and_null_for_what_is_not_known(tmp_path: Path) -> None:
    plain = selection_plain(asked(build(tmp_path, TWO, {"mine": [use("old", "2016-09", "2018-11-30")]}), "2017-06-01", sector="1713"))
    assert plain["asked"] == {"kind": "green_factory", "day": "2017-06-01", "sector": "1713", "district": ""}
    assert plain["standards"]["verdict"] == "one"
    new = plain["standards"]["rows"][1]
    assert (new["id"], new["until"], new["state"]) == ("green_factory/new", None, "does_not")
    assert set(new["why"][0]) == {"code", "zh", "en"}
    assert plain["programmes"]["rows"][0]["standard"] == "green_factory/old"


# --- industries and districts by their names ---


def coded(root: Path) -> Path:
    """A library that lists one district and one industry."""
    districts = [{"code": "haining", "title_zh": "海宁市", "title_en": "Haining City"}]
    industries = [{"code": "17", "title_zh": "纺织业", "title_en": "Textiles"}]
    tables = [tiny.reference("districts", [], districts), tiny.reference("industries", [], industries, match="prefix")]
    tiny.write(root, "common/tiny", tiny.common(references=tables))
    return root


@pytest.mark.parametrize(
    ("sector", "district", "codes"),
    [
        ("", "", ("", "")),
        ("17", "haining", ("17", "haining")),
        ("纺织业", "海宁市", ("17", "haining")),
        ("textiles", "Haining city", ("17", "haining")),
        ("1", "", ("1", "")),
        ("0610", "", ("0610", "")),
    ],
)
def test_codes_are_known_by_themselves_and_by_their_titles(tmp_path: Path, sector: str, district: str, codes: tuple[str, str]) -> None:
    assert known_codes(sector, district, coded(tmp_path)) == codes


def test_what_is_no_code_is_refused_not_taken_for_one_that_is_not_covered(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        known_codes("17xx", "nowhere", coded(tmp_path))
    assert [(p.code, p.where.path) for p in caught.value.problems] == [
        ("applicant_code_unknown", "--sector"),
        ("applicant_code_unknown", "--district"),
    ]
    assert "haining" in caught.value.problems[1].fix("zh")


def test_without_such_tables_every_code_is_taken(tmp_path: Path) -> None:
    assert known_codes("17xx", "nowhere", build(tmp_path, TWO)) == ("17xx", "nowhere")
