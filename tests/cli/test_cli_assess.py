from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine.report.outputs
from commands.dossiers import report_name
from tests.cli.demo import OPEN, Run, dossier, put


def test_each_dossier_gets_a_report_named_by_its_id(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "one.yaml")
    put(tmp_path, "two.yaml", dossier="T-2")
    ran = run("assess", tmp_path / "one.yaml", tmp_path / "two.yaml", "-o", tmp_path / "out")
    assert ran.code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["T-1.pdf", "T-2.pdf"]
    assert all(path.read_bytes().startswith(b"%PDF-") for path in (tmp_path / "out").iterdir())


def test_the_summary_names_dossier_applicant_outcome_score_and_report(run: Run, tmp_path: Path) -> None:
    ran = run("assess", put(tmp_path), "-o", tmp_path / "out")
    row = next(line for line in ran.out.splitlines() if line.startswith("T-1"))
    assert row.split() == ["T-1", "嘉兴示例有限公司", "✓", "通过", "20.00", "是", "否", str(tmp_path / "out" / "T-1.pdf")]


def test_an_open_score_prints_as_an_interval(run: Run, tmp_path: Path) -> None:
    ran = run("assess", put(tmp_path, answers=OPEN), "-o", tmp_path / "out")
    assert "10.00 ~ 20.00" in ran.out


def test_folders_give_their_dossiers_in_order_and_leave_other_files_alone(run: Run, tmp_path: Path) -> None:
    for name, number in (("b.yaml", "T-2"), ("a.yml", "T-1"), (".hidden.yaml", "T-8"), ("sub/c.yaml", "T-9")):
        put(tmp_path / "in", name, dossier=number)
    (tmp_path / "in" / "notes.txt").write_text("nothing", encoding="utf-8")
    (tmp_path / "in" / "~$open.xlsx").write_bytes(b"")
    ran = run("assess", tmp_path / "in", "-o", tmp_path / "out")
    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.splitlines() if line.startswith("T-")] == ["T-1", "T-2"]


def test_a_file_that_is_given_twice_is_assessed_once(run: Run, tmp_path: Path) -> None:
    path = put(tmp_path)
    ran = run("assess", path, tmp_path, "-o", tmp_path / "out")
    assert (ran.code, ran.out.count("T-1 ")) == (0, 1)


def test_an_empty_folder_is_refused(run: Run, tmp_path: Path) -> None:
    ran = run("assess", tmp_path, "-o", tmp_path / "out")
    assert ran.code == 2
    assert "文件夹里没有申报材料" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="making links takes a privilege there")
def test_a_link_to_itself_cannot_be_opened(run: Run, tmp_path: Path) -> None:
    link = tmp_path / "loop.yaml"
    link.symlink_to(link)
    ran = run("assess", link, "-o", tmp_path / "out")
    assert (ran.code, "file_unreadable" in ran.err) == (2, True)


def test_a_folder_that_may_not_be_read_is_refused(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(Path, "iterdir", closed)
    ran = run("assess", tmp_path, "-o", tmp_path / "out")
    assert (ran.code, "folder_unreadable" in ran.err) == (2, True)


LONG = "x" * 5000


@pytest.mark.parametrize(
    "args",
    [
        ("assess", f"{LONG}.yaml", "-o", "out"),
        ("assess", "DOSSIER", "-o", LONG),
        ("assess", "DOSSIER", "-o", "out", "--scheme", f"{LONG}.yaml"),
        ("check", f"{LONG}.yaml"),
        ("template", "demo", "--kind", "green_factory", "-o", f"{LONG}.xlsx"),
        ("rules", "lint", LONG),
        ("rules", "show", LONG),
    ],
)
def test_a_name_too_long_for_any_file_is_the_users_mistake(run: Run, tmp_path: Path, args: tuple[str, ...]) -> None:
    ran = run(*(put(tmp_path) if arg == "DOSSIER" else arg for arg in args))
    assert ran.code == 2
    assert "→" in ran.err


def test_reports_say_nothing_of_the_folder_their_dossier_lies_in(run: Run, tmp_path: Path) -> None:
    answers = {"extra": {"declared": "not_applicable"}}
    for folder in ("one", "two/deeper"):
        ran = run("assess", put(tmp_path / folder, answers=answers), "-o", tmp_path / folder / "out", "--json-file")
        assert (ran.code, "1 条警告" in ran.out) == (0, True)
    for name in ("T-1.pdf", "T-1.json"):
        one, two = (tmp_path / folder / "out" / name for folder in ("one", "two/deeper"))
        assert one.read_bytes() == two.read_bytes()


# --- JSON ---


def test_json_of_one_file_is_one_object_and_the_only_thing_on_standard_output(run: Run, tmp_path: Path) -> None:
    ran = run("assess", put(tmp_path), "--json")
    assert json.loads(ran.out)["determination"]["outcome"] == "eligible"
    assert "嘉兴示例有限公司" in ran.err


def test_json_of_several_files_is_a_list(run: Run, tmp_path: Path) -> None:
    ran = run("assess", put(tmp_path, "a.yaml"), put(tmp_path, "b.yaml", dossier="T-2"), "--json")
    assert [made["assessment"]["dossier"]["id"] for made in json.loads(ran.out)] == ["T-1", "T-2"]


def test_json_of_a_folder_is_a_list_even_of_one(run: Run, tmp_path: Path) -> None:
    put(tmp_path / "in")
    assert len(json.loads(run("assess", tmp_path / "in", "--json").out)) == 1


def test_json_without_a_folder_writes_no_file(run: Run, tmp_path: Path) -> None:
    put(tmp_path)
    run("assess", tmp_path / "a.yaml", "--json")
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]


def test_json_files_lie_beside_the_reports(run: Run, tmp_path: Path) -> None:
    ran = run("assess", put(tmp_path), "-o", tmp_path / "out", "--json-file")
    assert ran.code == 0
    assert json.loads((tmp_path / "out" / "T-1.json").read_text(encoding="utf-8"))["score"]["low"] == "20"


def test_without_folder_and_without_json_there_is_nothing_to_do(run: Run, tmp_path: Path) -> None:
    ran = run("assess", put(tmp_path))
    assert (ran.code, ran.out) == (2, "")
    assert "没有说报告写到哪里" in ran.err


# --- refusals ---


def test_one_refused_dossier_stops_the_run_before_anything_is_written(run: Run, tmp_path: Path) -> None:
    good = put(tmp_path, "good.yaml")
    bad = put(tmp_path, "bad.yaml", dossier="T-2", inputs={"built": "40 kg"})
    ran = run("assess", good, bad, "-o", tmp_path / "out")
    assert ran.code == 2
    assert ran.out == ""
    assert not (tmp_path / "out").exists()


def test_problems_of_all_files_are_shown_by_file_with_place_and_fix(run: Run, tmp_path: Path) -> None:
    first = put(tmp_path, "1.yaml", inputs={"built": "40 kg", "site": "many"})
    second = put(tmp_path, "2.yaml", answers={"no_such": {"declared": "yes"}})
    lines = run("assess", first, second, "-o", tmp_path / "out").err.splitlines()
    assert [line for line in lines if line.startswith(str(tmp_path))] == [str(first), str(second)]
    assert [line.strip() for line in lines if "✗" in line] == [
        "✗ 错误  第 10 行  inputs.built  unit_dimension_mismatch",
        "✗ 错误  第 11 行  inputs.site  number_malformed",
        "✗ 错误  第 31 行  answers.no_such  answer_unknown",
    ]
    assert len([line for line in lines if line.startswith("    → ")]) == 3
    assert lines[-1] == "3 个错误"


def test_keep_going_assesses_the_good_ones_and_still_says_that_input_was_wrong(run: Run, tmp_path: Path) -> None:
    good = put(tmp_path, "good.yaml")
    bad = put(tmp_path, "bad.yaml", dossier="T-2", inputs={"built": "40 kg"})
    ran = run("assess", good, bad, "-o", tmp_path / "out", "--keep-going")
    assert ran.code == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["T-1.pdf"]
    assert "T-1" in ran.out
    assert "kg" in ran.err


@pytest.mark.parametrize("other", ["T-1", "t-1"])
def test_two_dossiers_whose_reports_would_have_one_name_are_refused(run: Run, tmp_path: Path, other: str) -> None:
    put(tmp_path, "a.yaml")
    put(tmp_path, "b.yaml", dossier=other)
    ran = run("assess", tmp_path, "-o", tmp_path / "out")
    assert ran.code == 2
    assert f"“{other}”用了两次，第一次在 {tmp_path / 'a.yaml'}" in ran.err
    assert not (tmp_path / "out").exists()


def test_an_application_of_tomorrow_is_refused_by_the_day_of_the_run(run: Run, tmp_path: Path) -> None:
    path = put(tmp_path)
    assert run("assess", path, "--json", "--today", "2017-06-29").code == 2
    assert run("assess", path, "--json", "--today", "2017-06-30").code == 0


# --- scheme, basis, closing ---


def test_a_dossier_without_scheme_is_told_which_there_are(run: Run, tmp_path: Path) -> None:
    ran = run("assess", put(tmp_path, scheme=None), "--json")
    assert ran.code == 2
    assert "现有：demo, twice" in ran.err


def test_the_option_names_the_scheme_where_the_dossier_does_not(run: Run, tmp_path: Path) -> None:
    ran = run("assess", put(tmp_path, scheme=None), "--json", "--scheme", "twice")
    assert json.loads(ran.out)["assessment"]["scheme"]["id"] == "twice"


def test_the_option_may_name_a_file(run: Run, tmp_path: Path, demo_library: Path) -> None:
    ran = run("assess", put(tmp_path), "--json", "--scheme", demo_library / "schemes" / "twice.yaml")
    assert json.loads(ran.out)["assessment"]["scheme"]["id"] == "twice"


def test_a_dossier_cannot_point_at_a_scheme_file(run: Run, tmp_path: Path, demo_library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(demo_library / "schemes")
    ran = run("assess", put(tmp_path, scheme="demo.yaml"), "--json")
    assert ran.code == 2
    assert "没有评价方案“demo.yaml”" in ran.err


def basis_of(out: str) -> str:
    basis: str = json.loads(out)["assessment"]["basis"]
    return basis


def test_what_was_verified_counts_by_default_where_anything_was(run: Run, tmp_path: Path) -> None:
    assert basis_of(run("assess", put(tmp_path), "--json").out) == "declared"
    checked = {"plain": {"declared": "yes", "verified": "no", "evidence": ["E1"]}}
    assert basis_of(run("assess", put(tmp_path, answers=checked), "--json").out) == "verified"


def test_the_option_names_the_basis(run: Run, tmp_path: Path) -> None:
    checked = {"plain": {"declared": "yes", "verified": "no", "evidence": ["E1"]}}
    assert basis_of(run("assess", put(tmp_path, answers=checked), "--json", "--basis", "declared").out) == "declared"


def test_closing_turns_what_was_not_supplied_into_not_met(run: Run, tmp_path: Path) -> None:
    path = put(tmp_path, answers={"plain": {"declared": "yes", "verified": "yes", "evidence": ["E1"]}})
    assert json.loads(run("assess", path, "--json").out)["determination"]["outcome"] == "incomplete"
    assert json.loads(run("assess", path, "--json", "--close").out)["determination"]["outcome"] == "not_eligible"


def test_closing_does_not_go_with_what_was_declared(run: Run, tmp_path: Path) -> None:
    ran = run("assess", put(tmp_path), "--json", "--close")
    assert ran.code == 2
    assert "--basis verified" in ran.err


# --- exit codes ---


@pytest.mark.parametrize(("answers", "code"), [({}, 0), ({"lawful": {"declared": "no"}}, 1), ({"lawful": None}, 1)])
def test_what_did_not_pass_is_an_exit_code_only_where_asked(run: Run, tmp_path: Path, answers: dict[str, object], code: int) -> None:
    path = put(tmp_path, answers=answers)
    assert run("assess", path, "--json").code == 0
    assert run("assess", path, "--json", "--fail-unless-passed").code == code


# --- files ---


def test_a_folder_that_cannot_be_made_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    ran = run("assess", put(tmp_path), "-o", tmp_path / "out")
    assert ran.code == 2
    assert "文件写不进去" in ran.err


def test_a_report_that_fails_half_way_leaves_nothing_behind(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(*_: object) -> None:
        raise RuntimeError("out of ink")

    monkeypatch.setattr(engine.report.outputs, "output_bytes", half)
    ran = run("assess", put(tmp_path), "-o", tmp_path / "out")
    assert ran.code == 3
    assert list((tmp_path / "out").iterdir()) == []


def test_a_character_that_the_fonts_lack_is_named_with_its_dossier(run: Run, tmp_path: Path) -> None:
    rare, plain = put(tmp_path, "rare.yaml", applicant={**dossier()["applicant"], "name": "𠮷厂"}), put(tmp_path, dossier="T-2")
    ran = run("assess", plain, rare, "-o", tmp_path / "out")
    assert ran.code == 0
    assert ran.err.index(str(rare)) < ran.err.index("U+20BB7")


def test_an_older_report_is_replaced(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "T-1.pdf").write_bytes(b"old")
    run("assess", put(tmp_path), "-o", tmp_path / "out")
    assert (tmp_path / "out" / "T-1.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("JX-2017-001", "JX-2017-001"),
        ("嘉兴 1/2", "嘉兴_1_2"),
        ("../../etc", "_.._etc"),
        ("...", "_"),
        ("a\\b:c", "a_b_c"),
        ("A（1）", "A（1）"),
    ],
)
def test_an_id_becomes_a_safe_file_name(number: str, name: str) -> None:
    assert report_name(number) == name


@given(st.text())
def test_no_id_leaves_its_folder_or_hides(number: str) -> None:
    name = report_name(number)
    assert name and "/" not in name and "\\" not in name and not name.startswith(".")
    assert len(f".{name}.1234567.json".encode()) <= 255


# --- looks ---


def test_a_pipe_gets_no_colours(run: Run, tmp_path: Path) -> None:
    ran = run("assess", put(tmp_path), "-o", tmp_path / "out")
    assert "\x1b" not in ran.out + ran.err


def test_warnings_are_counted(run: Run, tmp_path: Path) -> None:
    answers = {"dense": {"declared": "yes"}}
    ran = run("assess", put(tmp_path, answers=answers), "-o", tmp_path / "out")
    assert "共 1 条警告" in ran.out
    assert dossier()["dossier"] in ran.out


# --- formats ---


def test_each_format_asked_for_is_written_once(run: Run, tmp_path: Path) -> None:
    ran = run("assess", put(tmp_path), "-o", tmp_path / "out", "--format", "html, XLSX,json,html", "--json-file")
    assert ran.code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["T-1.html", "T-1.json", "T-1.xlsx"]
    assert (tmp_path / "out" / "T-1.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (tmp_path / "out" / "T-1.xlsx").read_bytes().startswith(b"PK")
    assert str(tmp_path / "out" / "T-1.xlsx") in ran.out


@pytest.mark.parametrize("asked", ["pdf,doc", "", "pdf,,html"])
def test_a_format_that_there_is_not_stops_the_run(run: Run, tmp_path: Path, asked: str) -> None:
    ran = run("assess", put(tmp_path), "-o", tmp_path / "out", "--format", asked)
    assert ran.code == 2 and not (tmp_path / "out").exists()
    assert "没有输出形式" in ran.err and "pdf, xlsx, html, json" in ran.err
