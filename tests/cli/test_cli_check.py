from __future__ import annotations

import itertools
from pathlib import Path

import pytest
import yaml
from rich.cells import cell_len

from tests.cli.demo import ANSI, LONG, OPEN, Run, plain_text, put


def lines_of(out: str) -> list[str]:
    return [line.rstrip() for line in out.splitlines()]


def test_it_opens_with_who_is_assessed_by_what(run: Run, tmp_path: Path) -> None:
    ran = run("check", put(tmp_path))
    assert lines_of(ran.out)[:3] == ["嘉兴示例有限公司 · T-1", "示范方案 · T 1", "按自评内容，统计年度 2016，截至 2017-06-30"]


def test_a_passed_dossier_is_settled_and_misses_nothing(run: Run, tmp_path: Path) -> None:
    ran = run("check", put(tmp_path))
    assert "结论  ✓ 通过（已定：尚未确定的事项不会再改变它）" in ran.out
    assert "得分  20.00（满分 20）" in ran.out
    assert "还缺" not in ran.out


def test_an_open_score_is_an_interval_in_numbers_and_on_the_scale_with_the_mark(run: Run, tmp_path: Path) -> None:
    lines = lines_of(run("check", put(tmp_path, answers=OPEN)).out)
    at = lines.index("得分  10.00 ~ 20.00（满分 20）")
    # 50 cells for 20 points: 10 points are 25 cells, the mark of 12 stands behind cell 30
    assert lines[at + 1] == "  " + "█" * 25 + "▒" * 25
    assert lines[at + 2] == "  " + " " * 30 + "▲ 通过线 12"


def test_what_is_missing_is_ordered_by_its_worth_with_the_papers_that_would_do(run: Run, tmp_path: Path) -> None:
    ran = run("check", put(tmp_path, answers={**OPEN, "lawful": None}))
    lines = lines_of(ran.out)
    start = lines.index("还缺：3 项，按值多少分排列（补齐后总分区间缩小多少）")
    rows = [line for line in lines[start + 1 :] if line[:2] in ("G-", "A-")]
    assert [(row.split()[0], row.split()[-1]) for row in rows] == [("G-1", "尚未回答是否符合"), ("A-03", "+6.00"), ("A-01", "+4.00")]
    assert "可提供：营业执照" in ran.out


def test_a_failed_gate_is_shown_with_its_reason(run: Run, tmp_path: Path) -> None:
    ran = run("check", put(tmp_path, answers={"lawful": {"declared": "no"}}))
    lines = lines_of(ran.out)
    at = lines.index("不符合的基本要求：1 项")
    assert lines[at + 3].split() == ["G-1", "合规", "判定不符合"]
    assert "结论  ✗ 不具备资格" in ran.out


def test_a_failed_required_item_is_shown(run: Run, tmp_path: Path) -> None:
    ran = run("check", put(tmp_path, inputs={"built": {"declared": "29.9 m2", "evidence": ["E1"]}, "site": "100 m2"}))
    lines = lines_of(ran.out)
    at = lines.index("不符合的必选要求：1 项")
    assert lines[at + 3].startswith("A-02  密度达标  29.9%")


def test_findings_are_shown_with_what_they_come_from(run: Run, tmp_path: Path) -> None:
    ran = run("check", put(tmp_path, answers={"plain": {"declared": "no"}}))
    assert f"因为：不符合({LONG})" in ran.out
    assert "一般不符合" in ran.out


def test_warnings_come_with_place_and_advice(run: Run, tmp_path: Path) -> None:
    ran = run("check", put(tmp_path, answers={"dense": {"declared": "yes"}}))
    lines = lines_of(ran.out)
    assert any(line.startswith("  ! 警告  第 ") and line.endswith("answers.dense.declared  answer_is_computed") for line in lines)
    assert "1 个警告" in lines


def test_it_ends_with_how_to_go_on(run: Run, tmp_path: Path) -> None:
    path = put(tmp_path)
    assert lines_of(run("check", path).out)[-1] == f"逐项说明：greencert explain {path} 编号"


def test_english_is_complete(run: Run, tmp_path: Path) -> None:
    ran = run("check", put(tmp_path, answers={**OPEN, "lawful": {"declared": "no"}}), "--lang", "en")
    assert "Verdict  ✗ not eligible (settled: nothing still open can change it)" in ran.out
    assert "Score  10.00 ~ 20.00 of 20" in ran.out
    assert "Gates not met: 1" in ran.out


@pytest.mark.parametrize(("answers", "code"), [({}, 0), (OPEN, 1)])
def test_not_passing_is_an_exit_code_only_where_asked(run: Run, tmp_path: Path, answers: dict[str, object], code: int) -> None:
    path = put(tmp_path, answers={**answers, "lawful": None} if answers else {})
    assert run("check", path).code == 0
    assert run("check", path, "--fail-unless-passed").code == code


def test_an_empty_folder_is_no_dossier(run: Run, tmp_path: Path) -> None:
    ran = run("check", tmp_path)
    assert ran.code == 2
    assert str(tmp_path) in ran.err


# --- width ---


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_wider_than_the_terminal(run: Run, tmp_path: Path, lang: str) -> None:
    ran = run("check", put(tmp_path, answers={**OPEN, "lawful": {"declared": "no"}}), "--lang", lang)
    assert ANSI.search(ran.out)
    assert [line for line in plain_text(ran.out).splitlines() if cell_len(line) > 80] == []


@pytest.mark.usefixtures("terminal")
def test_a_long_title_is_wrapped_and_not_cut(run: Run, tmp_path: Path) -> None:
    text = plain_text(run("check", put(tmp_path, answers=OPEN)).out)
    assert "…" not in text
    first, *rest = text[text.index("A-01") :].splitlines()
    row = [first, *itertools.takewhile(lambda line: line.startswith(" "), rest)]
    start, end = (cell_len(first[: first.index(word)]) for word in (LONG[:4], "可选"))
    assert "".join(cut(line, start, end - start) for line in row) == LONG


def cut(line: str, start: int, width: int) -> str:
    """The part of a line between two cells."""
    out, at = "", 0
    for character in line:
        if start <= at < start + width and character != " ":
            out += character
        at += cell_len(character)
    return out


def test_a_pipe_gets_whole_lines_without_colours(run: Run, tmp_path: Path) -> None:
    ran = run("check", put(tmp_path, answers=OPEN))
    assert "\x1b" not in ran.out
    row = next(line for line in ran.out.splitlines() if line.startswith("A-01"))
    assert LONG in row


# --- several dossiers ---


@pytest.fixture
def real_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The delivered rulesets in place of the small ones."""
    monkeypatch.delenv("GREENCERT_RULESETS")


def sample(name: str) -> Path:
    return Path(__file__).resolve().parents[2] / "samples" / f"{name}.yaml"


def copy_of_the_mill(folder: Path) -> Path:
    """The leather maker's dossier with the water figures of the dyeing mill."""
    mill, leather = (yaml.load(sample(name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader) for name in ("dyeing_mill", "leather"))
    leather["tables"]["water"]["rows"] = mill["tables"]["water"]["rows"]
    path = folder / "leather.yaml"
    path.write_text(yaml.safe_dump(leather, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


@pytest.mark.usefixtures("real_library")
def test_several_dossiers_are_shown_one_after_the_other_and_held_against_each_other(run: Run, tmp_path: Path) -> None:
    ran = run("check", sample("dyeing_mill"), copy_of_the_mill(tmp_path))
    assert ran.code == 0
    heads = [line for line in ran.out.splitlines() if line.endswith(("JX-2017-001", "JX-2017-003"))]
    assert len(heads) == 2
    assert "与材料 JX-2017-003 有 " in ran.out and "与材料 JX-2017-001 有 " in ran.out


@pytest.mark.usefixtures("real_library")
def test_one_dossier_alone_is_held_against_no_other(run: Run, tmp_path: Path) -> None:
    assert "与材料" not in run("check", copy_of_the_mill(tmp_path)).out


def test_a_folder_gives_its_dossiers(run: Run, tmp_path: Path) -> None:
    for name in ("b", "a"):
        put(tmp_path, f"{name}.yaml", dossier=name)
    out = run("check", tmp_path).out
    assert out.index(" · a\n") < out.index(" · b\n")


def test_a_refused_dossier_stops_the_check_unless_it_is_to_go_on(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "good.yaml", dossier="good")
    put(tmp_path, "wrong.yaml", dossier="wrong", year="x")
    stopped = run("check", tmp_path)
    assert (stopped.code, stopped.out) == (2, "") and "wrong.yaml" in stopped.err
    went_on = run("check", tmp_path, "--keep-going")
    assert went_on.code == 2 and " · good\n" in went_on.out and "wrong.yaml" in went_on.err
