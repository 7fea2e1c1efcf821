"""The rules of rounds as data: those delivered, what is wrong with a file at its line, and what follows from them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from engine import ProblemList, rulesets_root, scheme_ids
from engine.rounds.plan.load import load_plan
from engine.rounds.rules import (
    Breaker,
    Column,
    Count,
    Numbering,
    QuotaOf,
    Quotas,
    RoundRules,
    Ties,
    load_round_rules,
    quota_places,
    round_figures,
    round_rules_ids,
    unattested_figures,
)
from engine.ruleset.schema import Basis
from tests.rounds.ranked import delivered, rules

DELIVERED = rulesets_root() / "rounds" / "jiaxing_2017.yaml"


def written(text: str, folder: Path) -> Path:
    path = folder / "jiaxing_2017.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(text: str, folder: Path) -> list[tuple[str, int | None]]:
    problems = ProblemList()
    assert load_round_rules(written(text, folder), rulesets_root(), problems) is None
    return [(problem.code, problem.where.line) for problem in problems]


def changed(old: str, new: str) -> tuple[str, int]:
    """The delivered file with one text changed, and the line of the change."""
    text = DELIVERED.read_text(encoding="utf-8")
    assert text.count(old) == 1, text.count(old)
    return text.replace(old, new), text[: text.index(old)].count("\n") + 1


# --- what is delivered ---


@pytest.mark.parametrize("name", round_rules_ids(rulesets_root()))
def test_the_delivered_rules_are_sound(name: str) -> None:
    problems = ProblemList()
    loaded = load_round_rules(name, rulesets_root(), problems)
    assert loaded is not None and list(problems) == []
    assert loaded.rules.scheme in scheme_ids(rulesets_root())


def test_every_choice_says_where_it_comes_from_in_both_languages() -> None:
    figures = round_figures(delivered())
    assert len({figure.key for figure in figures}) == len(figures) == 15
    assert all(figure.source.note and figure.source.note.zh and figure.source.note.en for figure in figures)


def test_no_choice_of_the_city_was_read_in_a_document_of_its_own() -> None:
    """Its recognition rules were not obtained: nothing here may pass for seen."""
    assert {figure.source.basis for figure in round_figures(delivered())} == {Basis.POLICY, Basis.INFERRED}
    assert unattested_figures(delivered()) == round_figures(delivered())


def test_the_figures_of_the_city_as_the_issue_states_them() -> None:
    by = delivered()
    assert (by.publicity_days.value, by.validity_years.value, by.third_party_yearly_limit.value) == (15, 3, 15)
    assert [(quota.kind, quota.measure) for quota in by.quotas.by] == [
        ("green_factory", "green_factories"),
        ("green_park", "green_parks"),
        ("green_product", "green_design_products"),
    ]


def test_the_credit_code_is_no_tie_breaker() -> None:
    assert [breaker.id for breaker in delivered().ties.breakers] == ["dimension.performance", "major", "undetermined", "handed_in"]


def test_with_dashes_as_no_place_the_districts_add_up_to_the_city() -> None:
    """What the meaning of a dash is inferred from."""
    rows = {measure: row for row in load_plan("jiaxing_2017").breakdown.rows for measure in row.measures}
    sums = {}
    for quota in delivered().quotas.by:
        row = rows[quota.measure]
        sums[quota.measure] = [sum(int(cell.year or 0) for cell in row.districts.values()), int(row.city.year or 0)]
    assert sums == {"green_factories": [15, 15], "green_parks": [3, 3], "green_design_products": [33, 33]}


def test_every_key_of_the_rules_is_on_the_page() -> None:
    page = (rulesets_root().parent / "docs" / "rounds_ranking.md").read_text(encoding="utf-8")
    models = (RoundRules, Quotas, QuotaOf, Column, Ties, Breaker, Numbering, Count)
    assert {key for model in models for key in model.model_fields} - set(re.findall(r"\w+", page)) == set()


# --- the hash ---


def test_the_hash_is_that_of_the_content_wherever_the_library_lies(tmp_path: Path) -> None:
    shutil.copytree(rulesets_root(), tmp_path / "elsewhere")
    here, there = (load_round_rules("jiaxing_2017", root, ProblemList()) for root in (rulesets_root(), tmp_path / "elsewhere"))
    assert here is not None and there is not None and here.sha256 == there.sha256


def test_any_change_of_the_file_changes_the_hash(tmp_path: Path) -> None:
    text, _ = changed('"15"\n  source:\n    basis: policy\n    refs: [miit13]', '"16"\n  source:\n    basis: policy\n    refs: [miit13]')
    hashes = set()
    for content in (DELIVERED.read_text(encoding="utf-8"), text):
        loaded = load_round_rules(written(content, tmp_path), rulesets_root(), ProblemList())
        assert loaded is not None
        hashes.add(loaded.sha256)
    assert len(hashes) == 2


# --- wrong files ---


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("rounds: jiaxing_2017", "rounds: jiaxing_2018", "round_rules_id"),
        ("scheme: jiaxing_2017\n", "scheme: nowhere\n", "round_scheme_unknown"),
        ("value: stays", "value: lost", "value_not_allowed"),
        ("value: undecided", "value: lottery", "value_not_allowed"),
        ("- by: major", "- by: credit_code", "value_not_allowed"),
        ('validity_years:\n  value: "3"', 'validity_years:\n  value: "0"', "value_wrong"),
        ('validity_years:\n  value: "3"', 'validity_years:\n  value: "2.5"', "value_wrong"),
        ("  digits: ", "  colour: green\n  digits: ", "key_unknown"),
        ("value: [green_factory, green_park, green_product]", "value: []", "value_wrong"),
        (
            "value: [green_factory, green_park, green_product]",
            "value: [green_factory, green_park, green_product, green_park]",
            "round_named_twice",
        ),
        ("  - {kind: green_park, measure: green_parks}", "  - {kind: green_factory, measure: green_parks}", "round_named_twice"),
        ("kinds: [green_factory]", "kinds: [green_factory, green_supply_chain]", "round_kind_not_taken"),
        ("dimension: performance", "dimension: perfomance", "round_dimension_unknown"),
        ("since: 2017, until: 2019", "since: 2019, until: 2017", "round_years_reversed"),
        ("pattern: JX-{kind}-{year}-{serial}", "pattern: JX-{kind}-{serial}", "round_number_pattern"),
        ("pattern: JX-{kind}-{year}-{serial}", "pattern: JX-{kind}-{year}-{serial}-{day}", "round_number_pattern"),
        ("pattern: JX-{kind}-{year}-{serial}", "pattern: JX-{kind}-{year}-{serial}}", "round_number_pattern"),
        ("green_park: YQ", "green_park: GC", "round_number_letters"),
        (", green_product: CP", "", "round_letters_missing"),
        ("refs: [huzhou]", "refs: [hangzhou]", "round_source_unknown"),
    ],
)
def test_a_wrong_file_is_refused_at_the_place(old: str, new: str, code: str, tmp_path: Path) -> None:
    """The line is that of the change, or of what it stands in."""
    text, line = changed(old, new)
    ((found, at),) = problems_of(text, tmp_path)
    assert found == code
    assert at is not None and 0 <= line + old.count("\n") - at <= (2 if code == "round_number_letters" else 1)


def test_a_dimension_is_named_where_ties_are_broken_by_one_and_only_there(tmp_path: Path) -> None:
    without, _ = changed("    dimension: performance\n", "")
    needless, _ = changed("  - by: major\n", "  - by: major\n    dimension: performance\n")
    for text in (without, needless):
        assert [code for code, _ in problems_of(text, tmp_path)] == ["round_breaker_dimension"]


def test_a_kind_that_the_scheme_does_not_have(tmp_path: Path) -> None:
    text = DELIVERED.read_text(encoding="utf-8")
    text = text.replace("green_product]", "green_product, green_supply_chain]").replace(
        "green_product: CP", "green_product: CP, green_supply_chain: GY"
    )
    ((code, line),) = problems_of(text, tmp_path)
    assert code == "round_kind_unknown" and "value: [green_factory" in text.splitlines()[(line or 0) - 1]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text, _ = changed("value: stays", "value: lost")
    text = text.replace("value: undecided", "value: lottery")
    assert [code for code, _ in problems_of(text, tmp_path)] == ["value_not_allowed", "value_not_allowed"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    problems = ProblemList()
    assert load_round_rules("nowhere", tmp_path, problems) is None
    assert [problem.code for problem in problems] == ["file_unreadable"]


# --- quotas ---

FIGURES = {"haining": {"year": 3, "cumulative": 9}, "port": {"year": None, "cumulative": 1}}
"""The green factories of two districts, as annex 2 prints them."""


@pytest.mark.parametrize(
    ("year", "certified", "haining", "port"),
    [
        (2017, {}, 3, 0),
        (2017, {"haining": 1}, 2, 0),
        (2018, {"haining": 3}, 6, 1),
        (2019, {"haining": 10, "port": 1}, 0, 0),
    ],
)
def test_places_are_the_figure_of_the_year_less_what_was_certified(year: int, certified: dict[str, int], haining: int, port: int) -> None:
    found = quota_places(delivered(), "green_factory", year, FIGURES, certified)
    assert found == {("green_factory", "haining"): haining, ("green_factory", "port"): port}


def test_a_dash_may_mean_that_there_is_no_limit() -> None:
    plain = delivered().model_dump()
    plain["quotas"]["dash"]["value"] = "no_limit"
    by = type(delivered()).model_validate(plain)
    assert quota_places(by, "green_factory", 2017, FIGURES, {})["green_factory", "port"] is None


def test_in_a_year_that_no_column_counts_no_quota_is_stated() -> None:
    assert quota_places(delivered(), "green_factory", 2020, FIGURES, {}) == {}


def test_a_kind_without_a_measure_has_no_limit() -> None:
    assert quota_places(rules(), "green_supply_chain", 2017, {"port": {}}, {}) == {("green_supply_chain", "port"): None}


def test_the_narrowest_column_counts() -> None:
    columns = [delivered().quotas.column(year) for year in (2016, 2017, 2018)]
    assert [column and column.column for column in columns] == [None, "year", "cumulative"]


# --- numbers of certificates ---


def test_certificate_numbers_by_the_pattern() -> None:
    assert delivered().certificate_number("green_factory", 2017, 12) == "JX-GC-2017-0012"
    assert delivered().certificate_number("green_product", 2019, 12345) == "JX-CP-2019-12345"


def test_certificate_numbers_differ() -> None:
    made = [
        delivered().certificate_number(kind, year, n) for kind in delivered().kinds.value for year in (2017, 2018) for n in (1, 11, 111)
    ]
    assert len(set(made)) == len(made)
    assert all(re.fullmatch(r"JX-[A-Z]{2}-\d{4}-\d{4}", number) for number in made)
