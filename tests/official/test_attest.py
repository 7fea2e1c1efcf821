"""Attestations: what they make of a result, when they count, and what is refused to be recorded."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.assess.export import to_plain
from engine.official.edit import quoted
from engine.ruleset.lint import forget_rulesets
from tests.assess import tiny
from tests.report.reading import read

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
RECALLED = {"basis": "recalled", "confidence": "high"}
CHECK = engine.Attestation("张三", "嘉兴市经信委", "T 1", "第 3 页", "2017-03-01", "")
TODAY = "2026-01-01"
DAY = tiny.dossier().application_date


def library(root: Path, **changes: Any) -> Path:
    """One criterion of 10 points with a recalled limit, held against a looked-up figure of two editions, and an unknown parameter."""
    rows = [
        {"code": "c", "level": "5", "until": "2015-12-31", "basis": "recalled"},
        {"code": "c", "level": "5", "since": "2016-01-01", "basis": "recalled"},
    ]
    parts: dict[str, Any] = {
        "references": [tiny.reference("quotas", [tiny.column("level")], rows)],
        "inputs": [tiny.number("x")],
        "parameters": [{"parameter": "local", "title": tiny.words("local"), "figure": None}],
        "criteria": [
            tiny.criterion("it", {"threshold": {"value": "x", "at_least": "3"}}, source=RECALLED),
            tiny.criterion("quota", {"threshold": {"value": "x", "at_most": 'lookup(quotas, "c").level'}}),
            tiny.criterion("town", {"threshold": {"value": "x", "at_most": "local"}}),
        ],
    }
    return tiny.library(root, {**parts, **changes}, {})


def claims(*keys: str) -> list[engine.Claim]:
    return [engine.Claim(*key.split("=")) for key in keys]


def attest(root: Path, *keys: str, **changes: str) -> Any:
    return engine.attest("tiny", "green_factory", claims(*keys), replace(CHECK, **changes), today=TODAY, rulesets=root)


def result(root: Path, x: str = "4", day: str = DAY) -> engine.Assessment:
    made = engine.load_programme("tiny", "green_factory", root)
    return tiny.assess(made, inputs={"x": x}, application_date=day)


def keys_left(root: Path, **parts: str) -> list[str]:
    return [found.key for found in result(root, **parts).unattested]


def refused(root: Path, *keys: str, **changes: str) -> list[str]:
    with pytest.raises(engine.Refused) as caught:
        attest(root, *keys, **changes)
    assert not (root / "schemes" / "attestations").exists()
    return [problem.code for problem in caught.value.problems]


def test_what_is_unattested_is_listed_under_its_key_with_what_rests_on_it(tmp_path: Path) -> None:
    made = engine.load_programme("tiny", "green_factory", library(tmp_path))
    listed = {found.figure.key: (found.figure.text, found.used_by) for found in engine.unattested_figures(made, DAY)}
    assert listed == {
        "local": (None, ("town",)),
        "it:limits[0].at_least": ("3", ("it",)),
        "quotas[c].level": ("5", ("quota",)),
        "quotas[c 2016-01-01].level": ("5", ("quota",)),
    }


def test_a_figure_without_a_unit_is_listed_without_one(tmp_path: Path) -> None:
    made = engine.load_programme("tiny", "green_factory", library(tmp_path))
    assert {found.unit for found in engine.listed_figures(made)} == {""}


def test_a_result_names_the_same_keys(tmp_path: Path) -> None:
    assert keys_left(library(tmp_path)) == ["it:limits[0].at_least", "quotas[c 2016-01-01].level", "local"]


def test_an_attested_figure_is_unattested_no_longer(tmp_path: Path) -> None:
    recorded = attest(library(tmp_path), "it:limits[0].at_least")
    assert keys_left(tmp_path) == ["quotas[c 2016-01-01].level", "local"]
    assert recorded.figures == {"it:limits[0].at_least": "3"} and recorded.left == 3


def test_of_two_rows_with_one_value_only_the_one_that_was_checked_is_attested(tmp_path: Path) -> None:
    attest(library(tmp_path), "quotas[c].level")
    assert "quotas[c 2016-01-01].level" in keys_left(tmp_path)


def test_an_id_stands_for_all_unattested_figures_of_an_element(tmp_path: Path) -> None:
    assert attest(library(tmp_path), "it").figures == {"it:limits[0].at_least": "3"}


def test_basis_and_confidence_stay_what_they_are(tmp_path: Path) -> None:
    attest(library(tmp_path), "it")
    figure = next(f for f in tiny.item(result(tmp_path)).figures if f.key == "it:limits[0].at_least")
    assert (figure.basis, figure.confidence) == ("recalled", "high")
    assert figure.attestation is not None and figure.attestation.organisation == "嘉兴市经信委"


def test_a_figure_that_is_changed_afterwards_is_attested_no_longer_and_lint_says_so(tmp_path: Path) -> None:
    attest(library(tmp_path), "it")
    ruleset = tmp_path / "green_factory/tiny/ruleset.yaml"
    ruleset.write_text(ruleset.read_text(encoding="utf-8").replace("at_least: '3'", "at_least: '2'"), encoding="utf-8")
    forget_rulesets()
    assert "it:limits[0].at_least" in keys_left(tmp_path)
    (problem,) = [p for p in engine.lint("tiny", rulesets=tmp_path) if p.code.startswith("attestation")]
    assert (problem.code, problem.severity.value, problem.where.line) == ("attestation_outdated", "warning", 10)


def test_a_figure_that_is_gone_is_said_by_lint(tmp_path: Path) -> None:
    attest(library(tmp_path), "it")
    library(tmp_path, criteria=[tiny.criterion("other", {"threshold": {"value": "x", "at_most": "local"}})])
    assert "attestation_unknown" in [p.code for p in engine.lint("tiny", rulesets=tmp_path)]


@pytest.mark.parametrize(("until", "counts"), [(DAY, True), ("2017-06-29", False), ("", True)])
def test_an_attestation_counts_for_applications_to_its_last_day(tmp_path: Path, until: str, counts: bool) -> None:
    attest(library(tmp_path), "it", until=until)
    (left,) = [found for found in result(tmp_path).unattested if found.criterion == "it"] or [None]
    assert (left is None) == counts
    assert left is None or left.expired == until


def test_an_application_before_the_check_is_none_the_worse_for_it(tmp_path: Path) -> None:
    attest(library(tmp_path), "it", on="2020-01-01", until="2021-01-01")
    assert "it:limits[0].at_least" not in keys_left(tmp_path)


def test_of_several_attestations_the_longest_counts(tmp_path: Path) -> None:
    attest(library(tmp_path), "it", until="2017-04-01")
    attest(tmp_path, "it:limits[0].at_least", on="2020-01-01", until="2022-01-01")
    attest(tmp_path, "it:limits[0].at_least", on="2017-03-02", until="2017-05-01")
    assert "it:limits[0].at_least" not in keys_left(tmp_path)


def test_attestations_are_part_of_the_schemes_identity(tmp_path: Path) -> None:
    before = engine.load_programme("tiny", "green_factory", library(tmp_path))
    attest(tmp_path, "it")
    after = engine.load_programme("tiny", "green_factory", tmp_path)
    assert before.scheme_identity.sha256 != after.scheme_identity.sha256
    assert before.ruleset_identity == after.ruleset_identity


def test_what_one_scheme_attested_counts_for_it_alone(tmp_path: Path) -> None:
    attest(library(tmp_path), "it")
    tiny.write(tmp_path, "schemes/child", {"scheme": "child", "version": "1.0.0", "extends": "tiny"})
    child = engine.load_programme("child", "green_factory", tmp_path)
    assert "it:limits[0].at_least" in [found.key for found in tiny.assess(child, inputs={"x": "4"}).unattested]


def test_attestations_for_another_edition_count_for_nothing(tmp_path: Path) -> None:
    attest(library(tmp_path), "it")
    path = tmp_path / "schemes/attestations/tiny.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("green_factory/tiny", "green_factory/older"), encoding="utf-8")
    forget_rulesets()
    assert "it:limits[0].at_least" in keys_left(tmp_path)
    assert "attestation_standard" in [p.code for p in engine.lint("tiny", rulesets=tmp_path)]


def test_the_file_of_another_scheme_is_refused(tmp_path: Path) -> None:
    attest(library(tmp_path), "it")
    path = tmp_path / "schemes/attestations/tiny.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("attestations: tiny", "attestations: other"), encoding="utf-8")
    assert [p.code for p in engine.lint("tiny", rulesets=tmp_path)] == ["attestations_of_another"]


def test_what_somebody_wrote_into_the_file_stays(tmp_path: Path) -> None:
    attest(library(tmp_path), "it")
    path = tmp_path / "schemes/attestations/tiny.yaml"
    path.write_text("# kept\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    attest(tmp_path, "quotas[c].level")
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# kept\nattestations: tiny\n")
    assert len(yaml.safe_load(text)["records"]) == 2


# --- what is refused ---


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("local", "attest_null"),
        ("it:limits[0].at_least=4", "attest_differs"),
        ("it:limits[0].at_least=3 t", "attest_differs"),
        ("it:limits[0].at_lest", "attest_unknown"),
        ("nothing", "attest_unknown"),
        ("town", "attest_nothing"),
    ],
)
def test_what_cannot_be_attested(tmp_path: Path, key: str, code: str) -> None:
    assert refused(library(tmp_path), "it" if code != "attest_nothing" else key, key) == [code]


@pytest.mark.parametrize("value", ["3", "3.0", " 3 "])
def test_a_value_that_is_the_same_number_is_accepted_and_the_rulesets_text_recorded(tmp_path: Path, value: str) -> None:
    assert attest(library(tmp_path), f"it:limits[0].at_least={value.strip()}").figures == {"it:limits[0].at_least": "3"}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"by": "", "organisation": " ", "document": ""}, ["attest_missing"] * 3),
        ({"on": "2026-01-02"}, ["attest_in_future"]),
        ({"on": "2017-2-3"}, ["day_wrong"]),
        ({"until": "2017-02-28"}, ["attestation_reversed"]),
    ],
)
def test_a_check_says_who_against_what_and_when(tmp_path: Path, changes: dict[str, str], codes: list[str]) -> None:
    assert refused(library(tmp_path), "it", **changes) == codes


def test_every_mistake_is_said_at_once(tmp_path: Path) -> None:
    assert refused(library(tmp_path), "local", "nothing", by="") == ["attest_missing", "attest_null", "attest_unknown"]


def test_a_file_that_cannot_be_continued_is_left_alone(tmp_path: Path) -> None:
    attest(library(tmp_path), "it")
    path = tmp_path / "schemes/attestations/tiny.yaml"
    written = "attestations: tiny\nrecords: []\n"
    path.write_text(written, encoding="utf-8")
    forget_rulesets()
    with pytest.raises(engine.Refused) as caught:
        attest(tmp_path, "it")
    assert "attest_layout" in [problem.code for problem in caught.value.problems]
    assert path.read_text(encoding="utf-8") == written


@given(st.text())
def test_any_text_is_written_so_that_it_is_read_back(text: str) -> None:
    clean = "".join(c for c in text if c.isprintable())
    assert yaml.safe_load(f"k: {quoted(clean)}") == {"k": clean}


# --- lists ---


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_list_is_filled_in_and_handed_back(tmp_path: Path, suffix: str) -> None:
    made = engine.load_programme("tiny", "green_factory", library(tmp_path))
    path = tmp_path / f"list.{suffix}"
    engine.write_listing(made, engine.unattested_figures(made, DAY), path, "zh")
    fill(path, {"it:limits[0].at_least": "3", "quotas[c].level": "6"})
    problems = engine.ProblemList()
    found = engine.read_claims(path, problems)
    assert [(claim.key, claim.value) for claim in found] == [("it:limits[0].at_least", "3"), ("quotas[c].level", "6")]
    with pytest.raises(engine.Refused) as caught:
        engine.attest("tiny", "green_factory", found, CHECK, today=TODAY, rulesets=tmp_path)
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.cell or problem.where.line) == ("attest_differs", "H4" if suffix == "xlsx" else 4)


def fill(path: Path, values: dict[str, str]) -> None:
    """Enter values in the last column of a list, by key."""
    if path.suffix == ".csv":
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        path.write_text("\n".join(line + values.get(line.split(",")[0], "") for line in lines), encoding="gb18030")
        return
    import openpyxl

    book = openpyxl.load_workbook(path)
    for row in book.active.iter_rows(min_row=2):
        row[-1].value = values.get(row[0].value)
    book.save(path)


# --- a real factory ---


@pytest.fixture(scope="module")
def factory(tmp_path_factory: pytest.TempPathFactory) -> tuple[engine.Dossier, engine.Programme, Path]:
    """The dyeing mill under the library's rulesets, every figure of which was checked."""
    root = tmp_path_factory.mktemp("library") / "rulesets"
    shutil.copytree(engine.rulesets_root(), root)
    made = engine.load_programme("jiaxing_2017", "green_factory", root)
    everything = [engine.Claim(found.figure.key) for found in engine.unattested_figures(made, TODAY) if found.figure.text is not None]
    engine.attest("jiaxing_2017", "green_factory", everything, replace(CHECK, until="2019-12-31"), today=TODAY, rulesets=root)
    dossier = engine.read_dossier(SAMPLES / "dyeing_mill.yaml")
    return dossier, engine.load_programme("jiaxing_2017", "green_factory", root), root


Factory = tuple[engine.Dossier, engine.Programme, Path]


def test_a_factory_is_provisional_until_its_figures_are_attested(factory: Factory) -> None:
    dossier, attested, _ = factory
    before = engine.assess_dossier(engine.load_programme("jiaxing_2017"), dossier, "verified")
    after = engine.assess_dossier(attested, dossier, "verified")
    assert (before.determination.provisional, after.determination.provisional) == (True, False)
    assert before.score == after.score
    assert len(after.attested) == len(before.unattested)


def test_it_is_provisional_again_once_they_have_expired(factory: Factory) -> None:
    dossier, attested, _ = factory
    after = engine.assess_dossier(attested, replace(dossier, application_date="2020-01-01"), "verified")
    assert after.determination.provisional
    assert {found.expired for found in after.unattested} == {"2019-12-31"}


def test_json_says_whether_it_may_be_issued_and_on_whose_word(factory: Factory) -> None:
    dossier, attested, _ = factory
    plain = to_plain(engine.assess_dossier(attested, dossier, "verified"), attested)
    assert plain["determination"]["issuable"] is True
    (made,) = plain["attestations"]
    assert (made["by"], made["organisation"], made["checked_on"], made["until"]) == ("张三", "嘉兴市经信委", "2017-03-01", "2019-12-31")
    assert "infrastructure:weight" in made["figures"]


def test_the_report_says_on_whose_word_it_rests(factory: Factory) -> None:
    dossier, attested, _ = factory
    made = read(engine.output_bytes("pdf", engine.assess_dossier(attested, dossier, "verified"), dossier, attested)[0])
    cover = "".join(made.pages[0].split())
    assert "暂定" not in cover
    assert "由嘉兴市经信委对照文件核对确认" in cover
    assert "附录　经核对确认的数值".replace("　", "") in made.run.replace("　", "")
    assert "2017-03-01核对，2019-12-31失效" in made.run
