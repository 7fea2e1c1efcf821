from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from engine import rulesets_root
from tests.assess import tiny
from tests.cli.demo import Run, build_library, write


@pytest.fixture
def faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo library with two more standards: one with an error and a failing example, one with a warning only."""
    root = build_library(tmp_path / "library")
    wrong = tiny.standard(ruleset="green_factory/wrong", criteria=[tiny.criterion("it", {"threshold": {"value": "x", "at_least": "1"}})])
    write(root, "green_factory/wrong/ruleset", wrong)
    doubtful = tiny.standard(ruleset="green_factory/doubtful", criteria=[tiny.criterion("it")])
    write(root, "green_factory/doubtful/ruleset", doubtful)
    example = {"example": "claims too much", "given": {"it": "no"}, "expect": {"it": "met"}}
    write(root, "green_factory/doubtful/examples/one", {"ruleset": "green_factory/doubtful", "examples": [example]})
    monkeypatch.setenv("GREENCERT_RULESETS", str(root))
    return root


# --- list and show ---


def test_the_list_has_standards_and_schemes_with_version_and_counts(run: Run) -> None:
    lines = run("rules", "list").out.splitlines()
    assert next(line for line in lines if line.startswith("green_factory/demo")).split() == ["green_factory/demo", "1.0.0", "1", "3", "0/5"]
    # the scheme adds its mark to the figures
    assert next(line for line in lines if line.startswith("demo")).split() == ["demo", "1.0.0", "1", "3", "0/7"]
    assert "→ green_factory/demo" in lines
    assert "2000-01-01 起施行" in lines


def test_the_list_says_which_days_in_force_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    root = build_library(tmp_path / "library")
    said = {"both": "2000 至 2009", "last": "至 2009-12-31（起始日未知）", "none": "施行日期未知"}
    spans = {"both": {"since": "2000", "until": "2009"}, "last": {"since": None, "until": "2009-12-31"}, "none": {"since": None}}
    for name, in_force in spans.items():
        write(root, f"green_factory/{name}/ruleset", tiny.standard(ruleset=f"green_factory/{name}", in_force=in_force))
    monkeypatch.setenv("GREENCERT_RULESETS", str(root))
    lines = run("rules", "list").out.splitlines()
    heads = {name: next(i for i, line in enumerate(lines) if line.startswith(f"green_factory/{name}")) for name in spans}
    assert {name: lines[head + 2] for name, head in heads.items()} == said


def test_a_scheme_with_two_programmes_is_listed_with_both(run: Run) -> None:
    lines = run("rules", "list").out.splitlines()
    assert sum(line.startswith("twice") for line in lines) == 2


@pytest.mark.usefixtures("faulty")
def test_a_broken_ruleset_is_listed_as_broken(run: Run) -> None:
    ran = run("rules", "list")
    assert ran.code == 0
    assert "有 2 个问题" in ran.out  # the unknown name, and that no evidence is asked


def test_show_gives_gates_and_criteria_with_points_kind_and_method(run: Run) -> None:
    lines = run("rules", "show", "demo").out.splitlines()
    assert lines[:3] == ["demo 1.0.0", "示范方案", "通过线 12"]
    assert next(line for line in lines if line.startswith("G-1")).split() == ["G-1", "合规", "1.1"]
    assert next(line for line in lines if line.startswith("A-02")).split() == ["A-02", "密度达标", "必选", "10", "限值比较"]


@pytest.mark.parametrize(
    ("named", "beside"),
    [("green_park/miit_2024_13", "green_park/miit_2024_13/ruleset.yaml"), ("national_park_2024", "schemes/national_park_2024.yaml")],
)
def test_a_ruleset_by_its_file_is_the_one_by_its_id(run: Run, monkeypatch: pytest.MonkeyPatch, named: str, beside: str) -> None:
    monkeypatch.delenv("GREENCERT_RULESETS")
    file = str(rulesets_root() / beside)
    assert run("rules", "show", file).out == run("rules", "show", named).out
    assert run("rules", "lint", file).out.replace(file, named) == run("rules", "lint", named).out
    by_file, by_id = (counts_of(run("rules", "test", name).out) for name in (file, named))
    assert by_file == by_id
    assert by_id[0] == by_id[1] != "0"


def counts_of(out: str) -> list[str]:
    """The counts of the one ruleset that was tested: the row under the rule, without its name."""
    return out.splitlines()[2].split()[1:]


def test_show_of_a_standard_has_no_mark(run: Run) -> None:
    out = run("rules", "show", "green_factory/demo").out
    assert out.startswith("green_factory/demo 1.0.0")
    assert "通过线" not in out


def test_show_gives_one_criterion_in_full(run: Run) -> None:
    ran = run("rules", "show", "demo", "--criterion", "a-02")
    assert ran.out.splitlines()[0] == "A-02 密度达标  dense"
    assert "建筑密度 不低于 30%" in ran.out


def test_show_asks_for_the_kind_where_a_scheme_has_several(run: Run) -> None:
    ran = run("rules", "show", "twice")
    assert ran.code == 2
    assert "green_factory, green_park" in ran.err
    assert run("rules", "show", "twice", "--kind", "green_park").code == 0


@pytest.mark.parametrize("command", [("show",), ("lint",), ("test",)])
def test_an_unknown_ruleset_is_refused(run: Run, command: tuple[str, ...]) -> None:
    ran = run("rules", *command, "green_factory/nothing")
    assert ran.code == 2
    assert "green_factory/demo" in ran.err


# --- lint ---


def test_lint_looks_at_everything_and_says_what_is_sound(run: Run) -> None:
    ran = run("rules", "lint")
    assert ran.code == 0
    for name in ("green_factory/demo", "green_park/demo", "demo", "twice"):
        assert f"{name}：" in ran.out


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize(
    ("name", "options", "code"),
    [
        ("green_factory/wrong", (), 0),
        ("green_factory/wrong", ("--fail",), 1),
        ("green_factory/wrong", ("--strict",), 1),
        ("green_factory/doubtful", ("--fail",), 0),
        ("green_factory/doubtful", ("--strict",), 1),
    ],
)
def test_lint_fails_only_where_asked(run: Run, name: str, options: tuple[str, ...], code: int) -> None:
    ran = run("rules", "lint", name, *options)
    assert ran.code == code
    assert "错误" in ran.out or "警告" in ran.out


@pytest.mark.usefixtures("faulty")
def test_lint_names_the_place_and_the_fix(run: Run) -> None:
    out = run("rules", "lint", "green_factory/wrong").out
    assert "名称“x”不存在" in out
    assert "it.value" in out
    assert "→" in out


def test_lint_takes_a_scheme_file(run: Run, demo_library: Path) -> None:
    assert run("rules", "lint", demo_library / "schemes" / "twice.yaml", "--fail").code == 0


# --- examples ---


def test_examples_are_counted(run: Run) -> None:
    lines = run("rules", "test", "green_factory/demo").out.splitlines()
    assert next(line for line in lines if line.startswith("green_factory/demo")).split() == ["green_factory/demo", "1", "1", "0", "1/10"]


@pytest.mark.usefixtures("faulty")
def test_a_failing_example_is_shown_with_what_came_out(run: Run) -> None:
    ran = run("rules", "test", "green_factory/doubtful")
    assert ran.code == 0
    assert "✗ claims too much" in ran.out
    assert "not_met ≠ met" in ran.out
    assert run("rules", "test", "green_factory/doubtful", "--fail").code == 1


def test_sound_examples_do_not_fail_though_they_do_not_show_everything(run: Run) -> None:
    assert run("rules", "test", "green_factory/demo", "--fail").code == 0
    assert run("rules", "test", "green_factory/demo", "--strict").code == 1


def test_what_no_example_shows_is_listed_with_its_place(run: Run) -> None:
    out = run("rules", "test", "green_factory/demo", "--lang", "en").out
    assert "green_factory/demo (Green factories): not shown by any example: 9" in out
    assert re.search(r"^dense enough +not met$", out, re.MULTILINE)
    assert re.search(r"^lawful +met, not met$", out, re.MULTILINE)
    assert re.search(r"^sloppy +fires, does not fire$", out, re.MULTILINE)
    assert re.search(r"^dense library\d*/green_factory/demo/ruleset.yaml:\d+$", out, re.MULTILINE)


@pytest.mark.parametrize("name", ["demo", "twice"])
def test_a_scheme_shows_its_own_part_for_each_kind(run: Run, name: str) -> None:
    out = run("rules", "test", name).out
    kinds = re.findall(rf"^{name}（(\w+)）：", out, re.MULTILINE)
    assert kinds == {"demo": ["绿色工厂"], "twice": ["绿色工厂", "绿色园区"]}[name]


# --- schema ---


@pytest.mark.parametrize("form", ["standard", "scheme", "common", "examples", "attestations", "clauses"])
def test_the_json_schema_is_printed(run: Run, form: str) -> None:
    ran = run("rules", "schema", form)
    assert ran.code == 0
    assert json.loads(ran.out)["$schema"].startswith("https://json-schema.org/")


def test_an_unknown_form_is_refused_with_the_known_ones(run: Run) -> None:
    ran = run("rules", "schema", "dossier")
    assert ran.code == 2
    assert "standard, scheme, common, examples, attestations, clauses" in ran.err
