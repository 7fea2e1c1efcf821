"""The cleaner production tables are, figure for figure, what was collected; what is not known stays null; their examples hold."""

from __future__ import annotations

import re
from typing import Any

import pytest

from engine.assess.assess import assess_dossier
from engine.assess.examples import run_examples
from engine.dossier.schema import Applicant, Dossier
from engine.ruleset.lint import lint, load_programme, load_standard_alone
from engine.ruleset.methods import Conform, Membership
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Criterion
from tests.assess.tiny import dossier
from tests.rulesets.collected import GOLDEN, Item, collected, differences, provenance

WHOLE = "electroplating_2015"
PARTIAL = {"pcb": "pcb", "hjt_185_2006": "dyeing", "paper_2015": "paper"}
TRIAL = "trial_2005_2009"
EVERY_PARTIAL = pytest.mark.parametrize("edition", PARTIAL)
SCHEMES = ("national_cleaner_production", "national_cleaner_production_trial")
PRECHECK = "cleaner_production_precheck"
FOLLOW_COPPER = ("utilisation.tin", "utilisation.cyanide_free_silver")
DIRECTIONS = {"higher": "up", "lower": "down"}


def standard(edition: str) -> Programme:
    return load_standard_alone(f"cleaner_production/{edition}")


def sector(name: str) -> Item:
    return next(table for table in collected("clean_production")["sector_tables"] if table["sector"] == name)


def limits(criterion: Criterion) -> list[str]:
    """The limits of a criterion as bare numbers; those that grow with layers as ``0.14+0.08n``."""
    assert isinstance(criterion.method, Membership)
    texts = [level.limit or "" for level in criterion.method.levels]
    return [re.sub(r" \* \w+", "n", re.sub(r" ?(\[[^\]]*\]|%)", "", text)).replace(" ", "") for text in texts]


def unit(criterion: Criterion) -> str:
    assert isinstance(criterion.method, Membership) and criterion.method.levels[0].limit is not None
    found = re.search(r"\[(.*?)\]|(%)", criterion.method.levels[0].limit)
    return (found[1] or found[2]) if found else "qualitative"


def figures(criterion: Criterion) -> tuple[Any, ...]:
    """Title, weight, unit, limits, direction, limiting and provenance; rows judged by conditions or persons have no limits."""
    measured = isinstance(criterion.method, Membership) and criterion.method.value is not None
    assert isinstance(criterion.method, Membership | Conform)
    counted = measured and unit(criterion) == "qualitative"
    return (
        criterion.title.zh,
        (criterion.weight or "").replace(" ", ""),
        unit(criterion) if measured else "qualitative",
        limits(criterion) if measured and not counted else None,
        criterion.method.direction if measured and not counted and isinstance(criterion.method, Membership) else None,
        criterion.limiting,
        *provenance(criterion),
    )


def stated(row: Item) -> tuple[Any, ...]:
    measured = row["unit"] != "qualitative"
    return (
        row["name"],
        row["weight"],
        row["unit"],
        [row[f"level{i}"] for i in (1, 2, 3)] if measured else None,
        DIRECTIONS[row["better"]] if measured else None,
        row["limiting"] is True or row["limiting"] == "true",
        row["basis"],
        row["confidence"],
        tuple(row.get("src", ())),
    )


# --- electroplating ---


def test_electroplating_has_the_classes_with_their_weights() -> None:
    found = [(d.title.zh, d.weight.value if d.weight else None) for d in standard(WHOLE).dimensions.values()]
    assert found == [(c["name"], c["weight"]) for c in sector("electroplating")["classes"]]


def test_electroplating_has_every_row_of_the_table() -> None:
    criteria = [c for name, c in standard(WHOLE).criteria.items() if name not in FOLLOW_COPPER]
    rows = [row for each in sector("electroplating")["classes"] for row in each["indicators"]]
    assert [figures(criterion) for criterion in criteria] == [stated(row) for row in rows]


def test_tin_and_cyanide_free_silver_follow_copper_and_share_with_the_metals() -> None:
    criteria = standard(WHOLE).criteria
    for name in FOLLOW_COPPER:
        assert limits(criteria[name]) == limits(criteria["utilisation.copper"])
        assert criteria[name].weight == criteria["utilisation.copper"].weight
    assert {name for name, c in criteria.items() if c.group == "metals"} == {
        "utilisation.zinc", "utilisation.copper", "utilisation.nickel", "utilisation.decorative_chromium",
        "utilisation.hard_chromium", "utilisation.gold", "utilisation.silver", *FOLLOW_COPPER,
    }  # fmt: skip


def test_levels_are_those_of_the_decision() -> None:
    decision = collected("clean_production")["algorithm"]["decision"]
    wanted = [(line["result"], re.search(r"Y_I+ (?:>=|=) (\d+)", line["test"])[1]) for line in decision[:3]]  # type: ignore[index]
    for edition in (WHOLE, "pcb", "paper_2015"):
        assert [(level.level, level.index.value) for level in standard(edition).standard.levels] == wanted
    older = [level["older_name"].replace("（一般）", "") for level in collected("clean_production")["algorithm"]["levels"]]
    assert [re.search("（(.*)）", level.title.zh)[1] for level in standard(WHOLE).standard.levels] == older  # type: ignore[index]


def test_drag_out_counts_measures() -> None:
    assert limits(standard(WHOLE).criteria["pollution.drag_out"]) == ["4", "4", "3"]


# --- the tables that are not whole ---


def threshold_of(row: Item, edition: str) -> tuple[Any, ...]:
    unit_ = row["unit"].replace("kg/", "kgce/") if row["indicator"] == "耗标煤量" else row["unit"]
    return (
        unit_, [row[f"level{i}"] for i in (1, 2, 3)], DIRECTIONS[row["better"]], row["basis"], row["confidence"], tuple(row.get("src", ())),
    )  # fmt: skip


@EVERY_PARTIAL
def test_every_threshold_is_there(edition: str) -> None:
    criteria = standard(edition).criteria.values()
    found = [(unit(c), limits(c), getattr(c.method, "direction", None), *provenance(c)) for c in criteria]
    assert found == [threshold_of(row, edition) for row in sector(PARTIAL[edition])["thresholds"]]


@EVERY_PARTIAL
def test_weights_that_were_not_obtained_are_null(edition: str) -> None:
    assert sector(PARTIAL[edition])["weights_complete"] in (False, "false")
    programme = standard(edition)
    assert {criterion.weight for criterion in programme.criteria.values()} == {None}
    known = {name: figure.value for name, figure in programme.weights.items() if figure.text is not None}
    assert {name: str(weight) for name, weight in known.items()} == ({"water": "1/10"} if edition == "pcb" else {})
    assert [problem.code for problem in lint(f"cleaner_production/{edition}")] == ["index_weights_unknown"]


def at_its_best(edition: str) -> Dossier:
    """A dossier in which every indicator of a table stands at the best there can be."""
    programme = standard(edition)
    inputs = {name: "、".join(words.zh for words in found.choices.values()) or "2" for name, found in programme.inputs.items()}
    for criterion in programme.criteria.values():
        assert isinstance(criterion.method, Membership)
        inputs[criterion.method.value or ""] = "100 %" if criterion.method.direction == "up" else "0"
    return dossier(inputs=inputs, kind="cleaner_production", applicant=Applicant(name="示例"))


@EVERY_PARTIAL
def test_a_table_that_is_not_whole_never_yields_a_level(edition: str) -> None:
    result = assess_dossier(standard(edition), at_its_best(edition))
    assert (result.determination.outcome, result.determination.tier) == ("incomplete", None)
    assert {level.reached for level in result.levels} == {False}


def test_hjt_185_asks_every_item_for_the_level() -> None:
    programme = standard("hjt_185_2006")
    assert all(criterion.limiting for criterion in programme.criteria.values())
    assert [level.index.value for level in programme.standard.levels] == [None, None, None]


# --- all of them ---


@pytest.mark.parametrize("name", [f"cleaner_production/{WHOLE}", f"cleaner_production/{TRIAL}"])
def test_nothing_is_wrong_or_doubtful(name: str) -> None:
    assert [(problem.code, problem.where) for problem in lint(name)] == []


@pytest.mark.parametrize("name", SCHEMES)
def test_nothing_is_wrong_or_doubtful_about_the_schemes(name: str) -> None:
    assert [(problem.code, problem.where) for problem in lint(name, "cleaner_production")] == []
    assert load_programme(name, "cleaner_production").mark.value is None


@EVERY_PARTIAL
def test_tables_that_are_not_whole_can_be_looked_at_but_give_no_level(edition: str) -> None:
    programme = load_programme(PRECHECK, "cleaner_production", standard=edition)
    assert programme.precheck_only == ("partial",)
    [line] = [line for line in programme.settings.determination if "proxy_only" in line.any_of]
    assert line.outcome == "incomplete"
    assert {problem.code for problem in lint(PRECHECK, "cleaner_production", standard=edition)} == {"index_weights_unknown"}
    assert differences(run_examples(PRECHECK, "cleaner_production", standard=edition)) == []


@pytest.mark.parametrize("name", [*(f"cleaner_production/{edition}" for edition in (WHOLE, *PARTIAL, TRIAL)), SCHEMES[0]])
def test_the_examples_hold(name: str) -> None:
    runs = run_examples(name, "cleaner_production")
    assert runs
    assert differences(runs) == []


@pytest.mark.parametrize("edition", [WHOLE, *PARTIAL])
def test_every_criterion_has_examples_at_the_best_level_and_at_none(edition: str) -> None:
    runs = run_examples(f"cleaner_production/{edition}")
    programme = standard(edition)
    for name in programme.criteria:
        points = {run.statuses[name] for run in runs if name in run.expected}
        assert points & {"met", "scored"}, name
        assert sum(name in run.expected for run in runs) >= 2, name


def profile(edition: str) -> str:
    """One line an item: number, weight of its class and in it, group, limiting, method with its limits."""
    programme = standard(edition)
    lines = [f"level {level.level} {level.index.value} {level.floor}" for level in programme.standard.levels]
    for name, c in programme.criteria.items():
        weight = programme.weights[c.dimension].text
        ladder = " ".join(limits(c)) if isinstance(c.method, Membership) and c.method.value else ""
        flags = " ".join(filter(None, (c.group, "limiting" if c.limiting else "", c.method.method, ladder)))
        lines.append(f"{name} {c.number} {weight} {c.weight} {flags}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("edition", [WHOLE, *PARTIAL])
def test_the_profile_is_the_golden_one(edition: str) -> None:
    assert profile(edition) == (GOLDEN / f"cleaner_production_{edition}.txt").read_text(encoding="utf-8")


def test_the_trial_family_takes_every_figure_from_the_report_that_is_read() -> None:
    programme = standard(TRIAL)
    assert {name for name, definition in programme.inputs.items() if definition.role == "benchmark"} == set(programme.inputs)
    assert not programme.standard.parameters and not programme.settings.tiers


def test_levels_have_titles() -> None:
    assert standard(WHOLE).tier_title("I", "zh") == "I 级（国际清洁生产领先水平）"
