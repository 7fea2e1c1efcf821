from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.assess import tiny
from tests.cli.demo import Run, put

# --- select ---


def test_select_says_which_standard_and_scheme_apply_and_why(run: Run) -> None:
    ran = run("rules", "select", "--kind", "green_park", "--date", "2017-09-15")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert "标准：适用 green_park/demo" in lines
    assert "评价方案：适用 twice → green_park/demo" in lines
    assert "自 2000-01-01 起施行，无终止日" in ran.out


def test_several_schemes_are_said_plainly(run: Run) -> None:
    assert "Schemes: 2 apply at once (demo → green_factory/demo, twice → green_factory/demo)" in run(
        "rules", "select", "--kind", "green_factory", "--date", "2017-09-15", "--lang", "en"
    ).out.replace("、", ", ")


def test_none_is_said_plainly(run: Run) -> None:
    out = run("rules", "select", "--kind", "green_factory", "--date", "1999-12-31").out
    assert "标准：当日没有适用的" in out
    assert "2000-01-01 起才施行" in out


def test_one_scheme_can_be_asked_about(run: Run, demo_library: Path) -> None:
    for scheme in ("demo", demo_library / "schemes" / "demo.yaml"):
        out = run("rules", "select", "--kind", "green_factory", "--date", "2017-09-15", "--scheme", scheme).out
        assert "评价方案：适用 demo → green_factory/demo" in out
        assert "twice" not in out
    assert "twice" in run("rules", "select", "--kind", "green_factory", "--date", "2017-09-15", "--scheme", "all").out


def test_select_as_json(run: Run) -> None:
    ran = run("rules", "select", "--kind", "green_factory", "--date", "2017-09-15", "--sector", "1713", "--district", "haining", "--json")
    plain = json.loads(ran.out)
    assert plain["asked"] == {"kind": "green_factory", "day": "2017-09-15", "sector": "1713", "district": "haining"}
    assert plain["programmes"]["verdict"] == "several"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--kind", "green_factory", "--date", "2017-02-29"), "“2017-02-29”不是日期"),
        (("--kind", "green_dog", "--date", "2017-02-28"), "green_factory, green_park"),
        (("--kind", "green_factory"), "--date"),
        (("--kind", "green_factory", "--date", "20170228"), "“20170228”不是日期"),
        (("--kind", "green_factory", "--date", "2017-02-28", "--scheme", "nothing"), "demo, twice"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(run: Run, options: tuple[str, ...], said: str) -> None:
    ran = run("rules", "select", *options)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_ruleset_that_cannot_be_read_is_shown_and_the_rest_answered(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny.library(tmp_path, {"criteria": [tiny.criterion("it")]}, {})
    tiny.write(tmp_path, "green_factory/wrong/ruleset", tiny.standard(in_force={"since": "2017-13"}))
    monkeypatch.setenv("GREENCERT_RULESETS", str(tmp_path))
    ran = run("rules", "select", "--kind", "green_factory", "--date", "2017-09-15")
    assert ran.code == 2
    assert "标准：适用 green_factory/tiny" in ran.out
    assert "validity_malformed" in ran.err


# --- lint of the whole ---


def test_lint_of_everything_looks_between_the_editions(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "规则库（版本之间）：没有发现问题" in run("rules", "lint").out
    tiny.library(tmp_path, {"criteria": [tiny.criterion("it")], "superseded_by": "green_factory/gone"}, {})
    monkeypatch.setenv("GREENCERT_RULESETS", str(tmp_path))
    ran = run("rules", "lint", "--fail")
    assert ran.code == 1
    assert "successor_unknown" in ran.out
    assert run("rules", "lint", "green_factory/tiny", "--fail").code == 0


# --- diff ---


@pytest.fixture
def stricter(demo_library: Path, tmp_path: Path) -> Path:
    """The demo standard as a file, with a higher limit, more points for it, and one criterion less."""
    text = (demo_library / "green_factory/demo/ruleset.yaml").read_text(encoding="utf-8")
    changed = text.replace("30 %", "45 %").replace("version: 1.0.0", "version: 1.1.0")
    assert changed != text
    path = tmp_path / "drafts" / "ruleset.yaml"
    path.parent.mkdir()
    path.write_text(changed, encoding="utf-8")
    return path


def test_diff_shows_changes_and_their_effect(run: Run, stricter: Path, tmp_path: Path) -> None:
    ran = run("rules", "diff", "green_factory/demo", stricter, "--samples", put(tmp_path))
    assert ran.code == 0
    lines = [line.split() for line in ran.out.splitlines()]
    assert lines[0] == ["green_factory/demo", "1.0.0", "→", "green_factory/demo", "1.1.0"]
    assert ["~", "修改", "A-02", "密度达标", "限值", "不低于", "30", "%", "→", "45", "%"] in lines
    assert "20.00 → 10.00" in ran.out
    assert "符合 10.00" in ran.out and "不符合 0.00" in ran.out
    assert "已评分（方案未设通过线） → 未通过" in ran.out


def test_closed_words_of_a_comparison_are_said_in_the_readers_language(run: Run, demo_library: Path, tmp_path: Path) -> None:
    text = (demo_library / "green_factory/demo/ruleset.yaml").read_text(encoding="utf-8")
    draft = tmp_path / "drafts" / "ruleset.yaml"
    draft.parent.mkdir()
    draft.write_text(text.replace("kind: required", "kind: optional").replace("since: '2000-01-01'", "since: '2001'"), encoding="utf-8")
    out = run("rules", "diff", "green_factory/demo", draft, "--samples", put(tmp_path)).out
    assert "施行日期 起  2000-01-01 → 2001" in out
    assert "必选或可选  必选 → 可选" in out


def test_diff_as_json(run: Run, stricter: Path, tmp_path: Path) -> None:
    plain = json.loads(run("rules", "diff", "green_factory/demo", stricter, "--samples", put(tmp_path), "--json").out)
    assert plain["before"]["version"] == "1.0.0"
    assert [c["what"] for e in plain["entries"] for c in e["changes"]] == ["version", "limit"]
    (sample,) = plain["samples"]
    assert (sample["dossier"], sample["before"]["outcome"], sample["after"]["outcome"]) == ("T-1", "scored", "fails")


def test_diff_of_a_ruleset_with_itself_finds_nothing(run: Run) -> None:
    ran = run("rules", "diff", "demo", "demo", "--lang", "en")
    assert ran.code == 0
    assert "Nothing differs" in ran.out
    assert "Effect on dossiers: 0" in ran.out


def test_the_samples_beside_the_library_are_taken(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tiny.library(tmp_path / "rulesets", {"criteria": [tiny.criterion("plain")]}, {})
    monkeypatch.setenv("GREENCERT_RULESETS", str(root))
    put(tmp_path / "samples", inputs=None, answers={"lawful": None, "extra": None})
    out = run("rules", "diff", "tiny", "tiny").out
    assert "对申报材料的影响：1 份" in out
    assert "逐项相同" in out


def test_a_sample_that_lacks_what_is_new_is_not_compared(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tiny.library(tmp_path / "rulesets", {"criteria": [tiny.criterion("plain")]}, {})
    more = tiny.standard(criteria=[tiny.criterion("plain"), tiny.criterion("fresh", title={"zh": "新要求", "en": "fresh"})])
    draft = tiny.write(tmp_path, "draft", more)
    monkeypatch.setenv("GREENCERT_RULESETS", str(root))
    out = run("rules", "diff", "green_factory/tiny", draft, "--samples", put(tmp_path, inputs=None)).out
    assert "不能比较：缺之后的规则才要求的 1 项（新要求）" in out


def test_a_sample_that_cannot_be_read_is_shown(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("dossier: [", encoding="utf-8")
    ran = run("rules", "diff", "demo", "demo", "--samples", tmp_path)
    assert ran.code == 2
    assert "没有不同" in ran.out
    assert "yaml_syntax" in ran.err


@pytest.mark.parametrize(
    ("names", "options", "said"),
    [
        (("green_factory/demo", "green_park/demo"), (), "diff_kinds"),
        (("twice", "twice"), (), "kind_needed"),
        (("demo", "twice"), ("--kind", "green_park"), "diff_kinds"),
        (("demo", "nothing"), (), "scheme_unknown"),
        (("demo", "green_factory/nothing"), (), "standard_unknown"),
        (("demo", "nothing.yaml"), (), "file_unreadable"),
    ],
)
def test_what_cannot_be_compared_is_refused(run: Run, names: tuple[str, ...], options: tuple[str, ...], said: str) -> None:
    ran = run("rules", "diff", *names, *options)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_schemes_with_several_kinds_are_compared_by_the_one_asked_for(run: Run) -> None:
    assert run("rules", "diff", "twice", "twice", "--kind", "green_park").code == 0
