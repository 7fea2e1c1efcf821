from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.ruleset.lint import forget_rulesets
from tests.assess import tiny
from tests.cli import demo

DAY = "--today=2020-06-30"
WHO = ("--by", "张三", "--organisation", "嘉兴市经信委", "--document", "T 1", DAY)


def forget() -> None:
    """Programmes are kept for the process, in which a test is one of many."""
    forget_rulesets()


@pytest.fixture
def recalled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The demo library with points that were only recalled."""
    root = demo.build_library(tmp_path / "library")
    path = root / "green_factory/demo/ruleset.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("points_source:\n  basis: seen", "points_source:\n  basis: recalled"), encoding="utf-8")
    monkeypatch.setenv("GREENCERT_RULESETS", str(root))
    forget()
    yield root
    forget()


@pytest.mark.usefixtures("recalled")
def test_the_list_names_figure_value_and_what_rests_on_it(run: demo.Run) -> None:
    made = run("rules", "attest", "demo", "--list", DAY)
    assert made.code == 0 and "未经核对确认的数值 3 个" in made.out
    assert "extra:points" in made.out and "加分项" in made.out
    listed = json.loads(run("rules", "attest", "demo", "--list", "--json", DAY).out)
    assert [(one["key"], one["value"], one["used_by"]) for one in listed][2] == ("extra:points", "6", ["extra"])


def test_attested_figures_make_a_determination_final(run: demo.Run, recalled: Path, tmp_path: Path) -> None:
    dossier = demo.put(tmp_path)
    before = run("check", dossier)
    assert "暂定，不得据此发证：依据了 3 个未经核对确认的数值" in before.out
    made = run("rules", "attest", "demo", "--all", *WHO)
    assert (made.code, made.err) == (0, "")
    assert "已记录 3 个数值" in made.out and "尚有 0 个" in made.out
    assert (recalled / "schemes/attestations/demo.yaml").is_file()
    after = run("check", dossier)
    assert "暂定" not in after.out and "依据了 3 个由嘉兴市经信委核对确认的数值" in after.out
    assert "attestation" not in run("rules", "lint", "demo").out
    assert "全部数值都已查见原文或核对确认" in run("rules", "attest", "demo", "--list", DAY).out


@pytest.mark.usefixtures("recalled")
def test_expired_ones_are_said_to_be(run: demo.Run, tmp_path: Path) -> None:
    run("rules", "attest", "demo", "--all", *WHO, "--on=2010-01-01", "--until=2017-06-29")
    assert "其中 3 个的核对确认已经失效" in run("check", demo.put(tmp_path)).out
    assert "曾核对确认，2017-06-29 失效" in run("rules", "attest", "demo", "--list", DAY).out


@pytest.mark.usefixtures("recalled")
def test_a_value_that_was_read_differently_is_refused(run: demo.Run) -> None:
    made = run("rules", "attest", "demo", "extra:points=5", "plain:points", *WHO)
    assert made.code == 2 and "核对所见为 5，而规则集中为 6" in made.err
    assert "5" in run("rules", "attest", "demo", "extra:points=5", "--lang", "en", *WHO).err


@pytest.mark.usefixtures("recalled")
def test_a_list_goes_out_and_comes_back(run: demo.Run, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    assert run("rules", "attest", "demo", "-o", path, DAY).code == 0
    assert run("rules", "attest", "demo", "-o", path, DAY).code == 2
    path.write_text("key,checked\nextra:points,6\n", encoding="utf-8")
    assert "已记录 1 个数值" in run("rules", "attest", "demo", "--from", path, *WHO).out
    path.write_text("nothing,here\n", encoding="utf-8")
    assert "table_head_missing" in run("rules", "attest", "demo", "--from", path, *WHO).err


def test_nothing_to_record_is_an_error(run: demo.Run) -> None:
    made = run("rules", "attest", "demo", *WHO)
    assert made.code == 2 and "attest_nothing" in made.err


def test_a_scheme_of_several_kinds_needs_one(run: demo.Run) -> None:
    assert "kind_needed" in run("rules", "attest", "twice", "--list").err
    assert run("rules", "attest", "twice", "--list", "--kind", "green_park").code == 0


def test_a_file_of_attestations_has_a_schema(run: demo.Run) -> None:
    assert "records" in json.loads(run("rules", "schema", "attestations").out)["properties"]


def test_a_list_is_a_table(run: demo.Run, tmp_path: Path) -> None:
    assert "table_name" in run("rules", "attest", "demo", "-o", tmp_path / "list.pdf").err


def test_unattested_figures_are_counted_by_the_day(run: demo.Run, recalled: Path) -> None:
    record = {"standard": "green_factory/demo", "document": "T 1", "by": "x", "organisation": "y", "checked_on": "2000-01-01"}
    figures = {"plain:points": "4", "dense:points": "10", "extra:points": "6"}
    for until, left in (("2001-01-01", "3/7"), ("2999-01-01", "0/7")):
        data = {"attestations": "demo", "records": [{**record, "until": until, "figures": figures}]}
        tiny.write(recalled, "schemes/attestations/demo", data)
        forget()
        assert left in run("rules", "list").out
