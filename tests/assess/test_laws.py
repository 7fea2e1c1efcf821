"""Laws that hold for every dossier, on dossiers made by chance over the factory requirements of MIIT 586/2016 as Jiaxing applies them."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assess.assess import assess_bound, assess_dossier
from engine.assess.results import Assessment, CriterionResult, Interval, Status
from engine.dossier.bind import bind
from engine.dossier.schema import AS_DECLARED, Cell, Dossier, Entry, TableEntry
from engine.problems import ProblemList
from engine.ruleset.lint import load_programme
from engine.ruleset.programme import Programme
from tests.assess.tiny import EVIDENCE, dossier, rows

UNITS = {"product_unit": "万m", "material_unit": "t", "pollutant_unit": "kg", "gas_unit": "万m3"}
MONTHS = [f"2016-{month:02}" for month in range(1, 13)]
VALUES = {
    "land_area": ["66700 m2", "100 亩"],
    "building_floor_area": ["81000 m2", "40000 m2"],
    "structure_floor_area": ["2300.5 m2", "0"],
    "building_footprint": ["30015 m2", "12000 m2"],
    "structure_footprint": ["1200 m2"],
    "green_material_used": ["310 t"],
    "comparable_material_used": ["1020 t"],
    "main_material_used": ["9875.25 t", "1 t"],
    "main_pollutant": ["cod"],
    "waste_gas_generated": ["12 万m3"],
    "carbon_emission": ["8000 tCO2e"],
    "energy_basis": ["quota", "average"],
    "pollutant_rank": ["20 %", "5 %", "21 %"],
    "waste_gas_rank": ["12.5 %"],
    "wastewater_rank": ["3 %"],
    "material_rank": ["50 %"],
    "wastewater_reuse_rank": ["19 %"],
    "energy_rank": ["12 %", "16 %"],
    "carbon_rank": ["7 %"],
    "average_output_per_land": ["0.32 万元/m2", "0.1 万元/m2"],
    "industry_waste_gas_intensity": ["0.001 万m3/万m", "1 万m3/万m"],
    "industry_wastewater_intensity": ["50 t/万m", "40 t/万m"],
    "industry_material_intensity": ["1 t/万m"],
    "industry_wastewater_reuse_rate": ["35 %", "45 %"],
    "energy_limit": ["0.55 tce/万m", "0.1 tce/万m"],
    "industry_energy_intensity": ["0.55 tce/万m"],
    "industry_carbon_intensity": ["0.5 tCO2e/万m", "1 tCO2e/万m"],
    "mandatory_audit": ["yes", "no"],
    "above_scale": ["yes", "no"],
    "pv_conditions": ["yes", "no"],
    "discharge_permit": ["yes", "no"],
    "new_project": ["yes", "no"],
}
TABLES: dict[str, list[list[dict[str, str]]]] = {
    "energy": [
        [{"month": m, "carrier": c, "quantity": q} for c, q in carriers for m in months]
        for carriers, months in (
            ([("electricity", "812345 kWh"), ("natural_gas", "52000 m3")], MONTHS),
            ([("electricity", "4,000,000 kWh")], MONTHS),
            ([("electricity", "812345 kWh"), ("raw_coal", "10 t")], MONTHS[1:]),
        )
    ],
    "production": [[{"month": m, "output": "820 万m", "output_value": value} for m in MONTHS] for value in ("1650.5 万元", "3000 万元")],
    "water": [
        [{"month": m, "wastewater_generated": "42000 t", "treated_reused": "16800 m3", "discharged_volume": "25200 m3"} for m in MONTHS]
    ],
    "solid_waste": [
        [{"waste": "污泥", "generated": "820 t", "utilised": used}, {"waste": "边角料", "generated": "96 t", "utilised": "96 t"}]
        for used in ("610 t", "500 t")
    ],
    "pollutants": [[{"pollutant": "cod", "generated": "8000 kg", "industry_average": "1 kg/万m"}]],
}


def programme() -> Programme:
    return load_programme("jiaxing_2017")


def judged_names() -> list[str]:
    made = programme()
    demands: dict[str, Any] = {**made.gates, **made.criteria}
    return [name for name, demand in demands.items() if demand.method.method == "conform"]


@dataclass
class Draft:
    """A dossier in the making: what is filled in, by name, with the document brought for it."""

    inputs: dict[str, tuple[str, str]] = field(default_factory=dict)
    answers: dict[str, tuple[str, str]] = field(default_factory=dict)
    tables: dict[str, tuple[int, str]] = field(default_factory=dict)

    def dossier(self, verified: str = "") -> Dossier:
        checked = {"verified": verified} if verified else {}
        return dossier(
            inputs={name: {"declared": text, "evidence": paper, **checked} for name, (text, paper) in self.inputs.items()},
            answers={
                name: {"declared": word, "evidence": paper, "reason": "无", **checked} for name, (word, paper) in self.answers.items()
            },
            tables={name: rows(*TABLES[name][i], evidence=paper, verified=bool(verified)) for name, (i, paper) in self.tables.items()},
            units=UNITS,
        )

    def items(self) -> list[tuple[str, str]]:
        """Everything that is filled in: its part and its name."""
        parts = {"inputs": self.inputs, "answers": self.answers, "tables": self.tables}
        return [(part, name) for part, filled in parts.items() for name in filled]

    def without(self, part: str, name: str) -> Draft:
        """The draft with one item less."""
        return replace(self, **{part: {key: value for key, value in getattr(self, part).items() if key != name}})

    def unproven(self, part: str, name: str) -> Draft:
        """The draft with an item that lacks its document; a benchmark without its source counts as not given."""
        filled = dict(getattr(self, part))
        filled[name] = (filled[name][0], "")
        return replace(self, **{part: filled})


PAPERS = st.sampled_from(["E1", "E1", "E3", "E2", ""])


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """More often filled in than not, so that dossiers of every completeness come up."""
    chance = draw(st.randoms(use_true_random=False))
    share = draw(st.sampled_from([0.3, 0.8, 0.95, 1.0]))
    made = Draft()
    for name, texts in VALUES.items():
        if chance.random() < share:
            made.inputs[name] = (chance.choice(texts), chance.choice(["E1", "E1", "E1", "E3", "E2", ""]))
    demands: dict[str, Any] = {**programme().gates, **programme().criteria}
    for name in judged_names():
        if chance.random() < share:
            words = ["yes"] * 6 + ["no"] + (["not_applicable"] * 3 if demands[name].na_allowed else [])
            made.answers[name] = (chance.choice(words), chance.choice(["E1", "E1", "E1", "E3", "E2", ""]))
    for name, variants in TABLES.items():
        if chance.random() < share:
            made.tables[name] = (chance.randrange(len(variants)), chance.choice(["E1", "E1", ""]))
    return made


def assessed(draft: Draft, basis: str = "declared") -> Assessment:
    return assess_dossier(programme(), draft.dossier(), basis)


def within(inner: Interval, outer: Interval) -> bool:
    return inner.low >= outer.low and (outer.high is None or (inner.high is not None and inner.high <= outer.high))


# --- points ---


def sound(result: CriterionResult) -> bool:
    low, high = result.points
    if high is None or not 0 <= low <= high <= result.max:
        return False
    if result.status is Status.UNDETERMINED:
        return True
    expected = {Status.MET: result.max, Status.NOT_MET: Fraction(0), Status.NOT_APPLICABLE: Fraction(0)}.get(result.status, low)
    return low == high == expected


@settings(max_examples=40)
@given(drafts(), st.sampled_from(["declared", "verified"]), st.booleans())
def test_points_lie_between_nothing_and_all_and_intervals_are_the_right_way_round(draft: Draft, basis: str, closed: bool) -> None:
    result = assess_dossier(programme(), draft.dossier(AS_DECLARED), basis, close=closed)
    assert [criterion.id for criterion in result.criteria if not sound(criterion)] == []
    for dimension in result.dimensions:
        assert dimension.contribution.high is not None
        assert 0 <= dimension.contribution.low <= dimension.contribution.high <= dimension.max
    assert result.score.high is not None
    assert 0 <= result.score.low <= result.score.high <= result.score_max <= 100
    assert sum((dimension.contribution.low for dimension in result.dimensions), Fraction(0)) == result.score.low
    assert sum((dimension.contribution.high or 0 for dimension in result.dimensions), Fraction(0)) == result.score.high


@settings(max_examples=25)
@given(drafts())
def test_closing_leaves_open_only_what_nobody_could_supply(draft: Draft) -> None:
    made = draft.dossier(AS_DECLARED)
    before, after = (assess_dossier(programme(), made, "verified", close=close) for close in (False, True))
    assert within(after.score, before.score)
    assert {criterion.reason.code for criterion in after.criteria if criterion.status is Status.UNDETERMINED} <= {
        "no_benchmark",
        "group_open",
    }


# --- more of a good thing ---

DIRECTED = [name for name, definition in programme().indicators.items() if definition.direction != "none"]
STEPS = [Fraction(text) for text in ("0", "0.0001", "0.01", "0.3", "0.5", "0.65", "0.73", "0.9", "1", "1.2", "1.5", "2", "40", "1000")]


@settings(max_examples=40)
@given(drafts(), st.sampled_from(DIRECTED), st.lists(st.sampled_from(STEPS), min_size=2, max_size=3, unique=True))
def test_improving_an_indicator_in_its_direction_never_lowers_the_score(draft: Draft, indicator: str, values: list[Fraction]) -> None:
    bound = bind(draft.dossier(), programme(), ProblemList())
    ordered = sorted(values, reverse=programme().indicators[indicator].direction == "down")
    scores = [assess_bound(bound, evidence_given=True, overrides={indicator: value}).score for value in ordered]
    for worse, better in itertools.pairwise(scores):
        assert worse.low <= better.low
        assert worse.high is not None and better.high is not None
        assert worse.high <= better.high


@settings(max_examples=25)
@given(drafts(), st.sampled_from(judged_names()))
def test_yes_is_never_worth_less_than_no(draft: Draft, name: str) -> None:
    scores = []
    for word in ("no", "yes"):
        draft.answers[name] = (word, "E1")
        scores.append(assessed(draft).score)
    assert scores[0].low <= scores[1].low


# --- order ---


def differences(one: Assessment, other: Assessment) -> list[str]:
    """The parts in which two assessments differ, but for the hash of the text handed in and the places of Problems."""
    differing = [
        f"{part} {getattr(mine, 'id', '')}"
        for part in ("gates", "dimensions", "criteria", "indicators", "findings", "unattested", "policies")
        for mine, theirs in itertools.zip_longest(getattr(one, part), getattr(other, part))
        if mine != theirs
    ]
    differing += [part for part in ("determination", "score", "score_max", "years") if getattr(one, part) != getattr(other, part)]
    problems = [sorted((problem.code, problem.params) for problem in result.problems) for result in (one, other)]
    return differing + ["problems"] * (problems[0] != problems[1])


@settings(max_examples=25)
@given(drafts(), st.randoms(use_true_random=False))
def test_the_order_of_inputs_answers_rows_and_documents_changes_nothing(draft: Draft, chance: random.Random) -> None:
    made = draft.dossier(AS_DECLARED)

    def shuffled(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(chance.sample(items, len(items)))

    tables = tuple((name, replace(table, rows=shuffled(table.rows))) for name, table in made.tables)
    other = replace(
        made,
        inputs=shuffled(made.inputs),
        answers=shuffled(made.answers),
        tables=shuffled(tables),
        evidence=shuffled(EVIDENCE),
        units=shuffled(made.units),
    )
    for basis in ("declared", "verified"):
        assert differences(assess_dossier(programme(), made, basis), assess_dossier(programme(), other, basis)) == []


# --- what is supplied later ---


@settings(max_examples=40)
@given(drafts().filter(lambda draft: len(draft.items()) > 0), st.data())
def test_supplying_what_is_missing_keeps_the_score_inside_what_was_left_open(draft: Draft, data: st.DataObject) -> None:
    part, name = data.draw(st.sampled_from(draft.items()))
    after = assessed(draft)
    for lacking in (draft.without(part, name), draft.unproven(part, name)):
        before = assessed(lacking)
        assert within(after.score, before.score)
        points = {criterion.id: criterion.points for criterion in before.criteria}
        applicable = [criterion for criterion in after.criteria if criterion.status is not Status.NOT_APPLICABLE]
        assert [criterion.id for criterion in applicable if not within(criterion.points, points[criterion.id])] == []
        if before.determination.settled:
            assert (after.determination.outcome, after.determination.settled) == (before.determination.outcome, True)
        certain = {finding.rule for finding in before.findings if not finding.open}
        possible = {finding.rule for finding in before.findings}
        now = {finding.rule for finding in after.findings if not finding.open}
        assert certain <= now <= possible


# --- two bases ---


@settings(max_examples=25)
@given(drafts())
def test_what_is_confirmed_as_declared_gives_the_same_result_on_both_bases(draft: Draft) -> None:
    made = draft.dossier(AS_DECLARED)
    declared, verified = (assess_dossier(programme(), made, basis) for basis in ("declared", "verified"))
    assert [(c.id, c.points) for c in declared.criteria] == [(c.id, c.points) for c in verified.criteria]
    assert {c.effect for c in verified.criteria} == {0}
    assert (declared.score, declared.unattested) == (verified.score, verified.unattested)
    assert [finding.rule for finding in declared.findings] == [finding.rule for finding in verified.findings]
    # What nobody filled in has not been verified either; everything else has the same reason.
    assert {
        (one.reason.code, other.reason.code)
        for one, other in zip((*declared.gates, *declared.criteria), (*verified.gates, *verified.criteria), strict=True)
        if one.reason != other.reason
    } <= {("missing_value", "not_verified")}


@settings(max_examples=20)
@given(drafts(), st.sampled_from(judged_names()))
def test_the_effect_of_a_difference_is_what_it_changes_in_the_points(draft: Draft, name: str) -> None:
    draft.answers[name] = ("yes", "E1")
    made = draft.dossier(AS_DECLARED)
    answers = tuple((key, replace(entry, verified=Cell("no")) if key == name else entry) for key, entry in made.answers)
    on = {basis: assess_dossier(programme(), replace(made, answers=answers), basis) for basis in ("declared", "verified")}
    for one, other in zip(on["declared"].criteria, on["verified"].criteria, strict=True):
        assert one.effect == other.effect == other.points.low - one.points.low


# --- the same dossier again ---


def test_the_same_dossier_gives_an_equal_assessment_each_time() -> None:
    chance = random.Random(7)
    draft = Draft(
        inputs={name: (chance.choice(texts), "E1") for name, texts in VALUES.items()},
        answers=dict.fromkeys(judged_names(), ("yes", "E1")),
        tables=dict.fromkeys(TABLES, (0, "E1")),
    )
    first = assessed(draft)
    assert [differences(assessed(draft), first) for _ in range(3)] == [[], [], []]
    assert first.score.low > 0


@pytest.mark.parametrize("missing", [Entry(), TableEntry()])
def test_an_empty_entry_is_no_entry(missing: Any) -> None:
    part, name = ("inputs", "land_area") if isinstance(missing, Entry) else ("tables", "energy")
    made = replace(dossier(units=UNITS), **{part: ((name, missing),)})
    assert differences(assess_dossier(programme(), made), assess_dossier(programme(), dossier(units=UNITS))) == []
