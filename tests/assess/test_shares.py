from __future__ import annotations

from pathlib import Path

import pytest

from engine.assess.assess import assess_dossier
from engine.assess.score import add
from engine.assess.shares import shares
from engine.dossier.read import read_dossier
from engine.ruleset.lint import load_programme
from tests.assess import tiny
from tests.assess.tiny import interval

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@pytest.mark.parametrize("basis", ["declared", "verified"])
@pytest.mark.parametrize("sample", ["leather", "half_filled", "park_three_years", "supply_chain", "electroplating_cp", "pv_glass_2025"])
def test_the_shares_of_the_criteria_add_up_to_the_total(sample: str, basis: str) -> None:
    dossier = read_dossier(SAMPLES / f"{sample}.yaml")
    programme = load_programme(dossier.scheme, dossier.kind, standard=dossier.standard, day=dossier.application_date)
    made = assess_dossier(programme, dossier, basis)
    assert add(shares(made, programme).values()) == made.score


def weighted(policy: str) -> tiny.Programme:
    return tiny.programme(
        {"na_policy": {"value": policy, "source": tiny.SEEN}},
        aggregate="weighted",
        dimensions=[tiny.dimension("d", weight="60"), tiny.dimension("e", weight="40")],
        criteria=[
            tiny.criterion("a", "conform", "6"),
            tiny.criterion("b", "conform", "4", na_allowed=True),
            tiny.criterion("c", dimension="e"),
        ],
    )


@pytest.mark.parametrize(("policy", "a", "b"), [("renormalise", 60, 0), ("full_marks", 36, 24), ("zero", 36, 0)])
def test_what_does_not_apply_leaves_its_share_by_the_policy(policy: str, a: int, b: int) -> None:
    answers = {"a": "yes", "b": {"declared": "not_applicable", "reason": "none"}, "c": "no"}
    programme = weighted(policy)
    found = shares(tiny.assess(programme, answers=answers), programme)
    assert found == {"a": interval(a, a), "b": interval(b, b), "c": interval(0, 0)}


def test_a_dimension_that_does_not_apply_hands_its_share_on() -> None:
    programme = tiny.programme(
        aggregate="weighted",
        dimensions=[tiny.dimension("d", weight="60"), tiny.dimension("e", weight="40")],
        criteria=[tiny.criterion("a", na_allowed=True), tiny.criterion("c", dimension="e")],
    )
    found = shares(tiny.assess(programme, answers={"a": {"declared": "not_applicable", "reason": "none"}, "c": "yes"}), programme)
    assert found == {"a": interval(0, 0), "c": interval(100, 100)}
