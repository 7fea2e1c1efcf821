"""The command that shows which clauses of a text are judged by what."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.assess.tiny import words
from tests.cli.demo import Run, build_library, write

DEMO = "green_factory/demo"


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo library with the clauses of one standard."""
    root = build_library(tmp_path / "library")
    clauses = [
        {"clause": "1.1", "title": {"zh": "守法与密度", "en": "Lawful and dense"}},
        {"clause": "9.9", "title": {"zh": "粗心", "en": "Sloppy"}},
        {"clause": "A.1", "title": {"zh": "密度", "en": "Density"}},
        {
            "clause": "7",
            "title": {"zh": "全市目标", "en": "City target"},
            "not_covered": {"zh": "由市里统计", "en": "counted by the city"},
            "figures": [{"of": words("N"), "value": "50", "sense": "at_least", "period": "2019"}],
        },
    ]
    head = {"clauses_of": DEMO, "document": "D 1", "complete": True, "note": words("whole"), "source": {"basis": "seen"}}
    write(root, f"{DEMO}/clauses", {**head, "clauses": clauses})
    monkeypatch.setenv("GREENCERT_RULESETS", str(root))
    return root


@pytest.mark.usefixtures("listed")
def test_each_clause_is_shown_with_who_judges_it_by_what_and_how_much_the_examples_show(run: Run) -> None:
    out = run("rules", "coverage", DEMO, "--lang", "en").out
    assert re.search(r"^1\.1 +Lawful and dense +✓ by person and machine +lawful, plain, dense, extra +1/8$", out, re.MULTILINE)
    assert re.search(r"^9\.9 +Sloppy +✓ by machine +sloppy +0/2$", out, re.MULTILINE)
    assert re.search(r"^A\.1 +Density +✓ by machine +rate$", out, re.MULTILINE)
    assert re.search(r"^7 +City target +– not covered +counted by the city$", out, re.MULTILINE)
    assert "N: at least 50 (2019)" in out
    assert "4 clauses: 2 by machine, 0 by person, 1 by both, 1 not covered" in out


@pytest.mark.usefixtures("listed")
def test_without_a_name_the_sheets_are_summed_up(run: Run) -> None:
    lines = run("rules", "coverage").out.splitlines()
    assert [line.split() for line in lines[2:]] == [[DEMO, "4", "2", "0", "1", "1", "是"]]


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("names", [(DEMO,), ()])
def test_a_sheet_is_printed_as_json(run: Run, names: tuple[str, ...]) -> None:
    plain = json.loads(run("rules", "coverage", *names, "--json").out)
    sheet = plain if names else plain[0]
    assert sheet["counts"] == {"clauses": 4, "machine": 2, "person": 0, "both": 1, "none": 1}
    assert [clause["by"] for clause in sheet["clauses"]] == ["both", "machine", "machine", "none"]


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("name", ["demo", "green_factory/nothing"])
def test_a_ruleset_without_clauses_or_an_unknown_one_is_refused(run: Run, name: str) -> None:
    ran = run("rules", "coverage", name)
    assert ran.code == 2
    assert DEMO in ran.err


@pytest.mark.usefixtures("listed")
def test_the_json_of_one_sheet_says_what_the_examples_show(run: Run) -> None:
    (examples,) = json.loads(run("rules", "coverage", DEMO, "--json").out)["examples"]
    assert (examples["kind"], examples["branches"], examples["shown"], len(examples["not_shown"])) == ("green_factory", 10, 1, 9)
    assert examples["not_shown"][0] == {"element": "lawful", "branch": "met", "at": "", "text": {"zh": "符合", "en": "met"}}


def test_a_faulty_list_is_refused_with_place_and_fix_and_found_by_lint(run: Run, listed: Path) -> None:
    path = listed / DEMO / "clauses.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("9.9", "9.8"), encoding="utf-8")
    for command in ("coverage", "lint"):
        ran = run("rules", command, DEMO)
        assert "9.8" in ran.out + ran.err
        assert "9.9" in ran.out + ran.err
        assert "→" in ran.out + ran.err
    assert run("rules", "coverage", DEMO).code == 2
    assert run("rules", "lint", DEMO, "--fail").code == 1
