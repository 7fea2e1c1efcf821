"""The six situations of article 15 of MIIT 13/2024 from dates: who is barred on which day, and what is said of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.assess.assess import assess_dossier
from engine.assess.results import Assessment
from engine.assess.sentences import because_sentences, finding_sentence
from engine.dossier.schema import Dossier, Entry
from engine.ruleset.lint import load_programme
from tests.assess.tiny import dossier, entry, gate_of, rows

ON_DAY = [
    ("accident_or_violation", "local.no_accidents_or_violations", "accident_or_violation"),
    ("removed_from_list", "local.not_removed_from_list", "removed_from_list"),
    ("inspection_problem", "local.no_serious_inspection_problem", "serious_inspection_problem"),
]
BOUNDARIES = [
    ("2023-03-10", "2026-03-09", True),  # one day less than three years
    ("2023-03-10", "2026-03-10", True),  # exactly three years: the day still counts
    ("2023-03-10", "2026-03-11", False),  # one day more
    ("2024-02-29", "2027-02-28", True),  # there is no 29 February: the month's last day stands for it
    ("2024-02-29", "2027-03-01", False),
    ("2025-02-28", "2028-02-28", True),  # a leap year's 29th is a day more
    ("2025-02-28", "2028-02-29", False),
    ("2025-03-01", "2028-02-29", True),
    ("2023-12-31", "2026-12-31", True),
    ("2023-12-31", "2027-01-01", False),
]


def filed(day: str, *given: dict[str, str], verified: bool = False, **answers: str | dict[str, str]) -> Dossier:
    """A dossier of that day with those situations."""
    listed = rows(*given, verified=verified, evidence="E1")
    answered = {f"local.{name}": answer for name, answer in answers.items()}
    made = dossier(tables={"incidents": listed}, answers=answered, scheme="national_2025", year=2025, application_date=day)
    return replace(made, evidence=tuple(replace(each, valid_until="") for each in made.evidence))


def barred(result: Assessment, gate: str) -> tuple[str, list[str], bool]:
    vetoes = [one.rule for one in result.findings if one.severity == "veto" and not one.open]
    return gate_of(result, gate).status.value, vetoes, result.determination.outcome == "not_eligible"


@pytest.mark.parametrize(("situation", "gate", "rule"), ON_DAY)
@pytest.mark.parametrize(("happened", "applied", "counts"), BOUNDARIES)
def test_three_years_from_the_day_it_happened(situation: str, gate: str, rule: str, happened: str, applied: str, counts: bool) -> None:
    result = assess_dossier(load_programme("national_2025"), filed(applied, {"situation": situation, "day": happened}))
    assert barred(result, gate) == (("not_met", [rule], True) if counts else ("met", [], False))


@pytest.mark.parametrize(("happened", "applied", "counts"), BOUNDARIES)
def test_three_years_from_the_end_of_what_lasts(happened: str, applied: str, counts: bool) -> None:
    for situation, gate, rule in (
        ("defaulter_list", "local.not_defaulting", "defaulting"),
        ("production_stopped", "local.operating_normally", "not_operating_normally"),
    ):
        row = {"situation": situation, "day": "2019-01-01", "ended": happened}
        result = assess_dossier(load_programme("national_2025"), filed(applied, row))
        assert barred(result, gate) == (("not_met", [rule], True) if counts else ("met", [], False))


@pytest.mark.parametrize(
    ("row", "counts"),
    [
        ({"situation": "production_stopped", "day": "2024-02-29", "ended": "2025-02-28"}, True),  # twelve months
        ({"situation": "production_stopped", "day": "2024-02-29", "ended": "2025-02-27"}, False),
        ({"situation": "production_stopped", "day": "2025-06-30"}, True),  # twelve months on the day of application, not resumed
        ({"situation": "production_stopped", "day": "2025-07-01"}, False),
        ({"situation": "abnormal_list", "day": "2015-01-01"}, True),
        ({"situation": "abnormal_list", "day": "2026-01-01", "ended": "2026-06-30"}, False),
        ({"situation": "deregistered", "day": "2026-01-01"}, True),
    ],
)
def test_not_operating_normally(row: dict[str, str], counts: bool) -> None:
    result = assess_dossier(load_programme("national_2025"), filed("2026-06-30", row))
    expected = ("not_met", ["not_operating_normally"], True) if counts else ("met", [], False)
    assert barred(result, "local.operating_normally") == expected


def test_without_dates_a_person_answers() -> None:
    programme = load_programme("national_2025")
    for answer, expected in (("yes", "met"), ("no", "not_met"), (None, "undetermined")):
        given: dict[str, Entry] = {} if answer is None else {"local.not_defaulting": entry({"declared": answer, "evidence": "E1"})}
        made = dossier(scheme="national_2025", year=2025, application_date="2026-06-30", answers={})
        result = assess_dossier(programme, replace(made, answers=tuple(given.items())))
        assert gate_of(result, "local.not_defaulting").status.value == expected
        assert not [one for one in result.findings if one.severity == "veto"]


def test_each_situation_that_bars_is_a_finding_that_names_it() -> None:
    programme = load_programme("national_2025")
    given = [{"situation": "accident_or_violation", "day": day} for day in ("2024-05-01", "2025-08-09", "2020-01-01")]
    result = assess_dossier(programme, filed("2026-06-30", *given))
    found = [one for one in result.findings if one.rule == "accident_or_violation"]
    assert [finding_sentence(one, programme, "zh") for one in found] == [
        "近三年发生事故或违法违规（不得申请的情形：事故或违法违规、2024-05-01）",
        "近三年发生事故或违法违规（不得申请的情形：事故或违法违规、2025-08-09）",
    ]
    assert "2025-08-09" in because_sentences(found[1], programme, "en")[-1]
    assert [one.row.where.line for one in found if one.row] == sorted(one.row.where.line or 0 for one in found if one.row)


def test_on_the_verified_basis_only_a_table_that_was_confirmed_decides() -> None:
    programme = load_programme("national_2025")
    row = {"situation": "removed_from_list", "day": "2025-01-01"}
    answer = {"declared": "yes", "verified": "yes", "evidence": "E1"}
    confirmed = assess_dossier(programme, filed("2026-06-30", row, verified=True, not_removed_from_list=answer), "verified")
    unconfirmed = assess_dossier(programme, filed("2026-06-30", row, not_removed_from_list=answer), "verified")
    assert barred(confirmed, "local.not_removed_from_list") == ("not_met", ["removed_from_list"], True)
    assert barred(unconfirmed, "local.not_removed_from_list") == ("met", [], False)
