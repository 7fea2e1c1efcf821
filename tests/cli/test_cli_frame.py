from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.cells import cell_len

import cli
import engine
from commands import tables
from commands.frame import localise, split_globals
from tests.cli.demo import Run, plain_text, put

ROOT = Path(cli.__file__).parent
HEAVY = ("pydantic", "pint", "durable", "reportlab", "openpyxl", "xlsxwriter", "pikepdf", "engine.ruleset", "engine.language")


def python(*args: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *args], check=False, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", **more)


# --- help ---


def test_help_is_chinese_by_default(run: Run) -> None:
    ran = run("--help")
    assert ran.code == 0
    assert ran.out.startswith("用法：greencert [选项] 命令 [参数]...")


def test_help_speaks_the_language_of_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENCERT_LANG", "en")
    assert run("--help").out.startswith("Usage: greencert [OPTIONS] COMMAND [ARGS]...")


@pytest.mark.parametrize(
    "args", [("--lang", "en", "check", "--help"), ("check", "--lang=en", "--help"), ("check", "--help", "--lang", "en")]
)
def test_the_language_may_be_named_anywhere(run: Run, args: tuple[str, ...]) -> None:
    assert run(*args).out.startswith("Usage: greencert check [OPTIONS] FILE...\n")


def test_the_option_goes_before_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENCERT_LANG", "en")
    assert run("--lang", "zh", "--help").out.startswith("用法")


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, child in getattr(command, "commands", {}).items():
        yield from commands(child, (*path, name))


ALL = sorted(commands(typer.main.get_command(cli.app)))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_has_help_that_fits_80_columns(run: Run, path: tuple[str, ...], lang: str) -> None:
    ran = run(*path, "--help", "--lang", lang)
    assert ran.code == 0
    assert "cli." not in ran.out
    assert [line for line in ran.out.splitlines() if cell_len(line) > 80] == []


def test_the_commands_are_those_of_the_issues() -> None:
    assert {" ".join(path) for path in ALL} == {
        "", "assess", "check", "explain", "compare", "advise", "verify", "sign", "template",
        "rules", "rules list", "rules show", "rules lint", "rules test", "rules coverage", "rules select", "rules diff", "rules schema",
        "rules attest", "rules handbook", "rules import-table",
        "round", "round open", "round add", "round run", "round report", "round recheck", "round status", "round list", "round compare",
        "round screen", "round assign", "round rank", "round decide", "round publish", "round object", "round answer", "round reopen",
        "round withdraw",
        "round issue", "round export", "round close", "round audit", "round backup", "round restore", "round upgrade",
        "surveillance", "surveillance enter", "surveillance record", "surveillance status", "surveillance notices",
        "surveillance calendar", "surveillance lowest",
        "plan", "plan list", "plan enter", "plan propose", "plan remove", "plan entries", "plan progress",
    }  # fmt: skip


def test_every_visible_option_has_help() -> None:
    def described(command: Any) -> None:
        assert all(param.help for param in command.params)
        for child in getattr(command, "commands", {}).values():
            described(child)

    described(localise(typer.main.get_command(cli.app), "en"))


@pytest.mark.parametrize("args", [(), ("rules",)])
def test_a_group_without_a_command_shows_its_help(run: Run, args: tuple[str, ...]) -> None:
    ran = run(*args)
    assert (ran.code, ran.err) == (2, "")
    assert "命令" in ran.out


def test_help_waits_for_no_heavy_library() -> None:
    ran = python("-c", "import sys, cli; cli.main(['--help']); print(sorted(sys.modules), file=sys.stderr)")
    assert ran.returncode == 0
    assert [name for name in HEAVY if f"'{name}" in ran.stderr] == []


def test_the_version_is_the_engines(run: Run) -> None:
    assert run("--version").out == f"greencert {engine.VERSION}\n"


# --- mistakes in the command line ---


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("asess",), "没有命令“asess”"),
        (("rules", "lit"), "没有命令“lit”"),
        (("check",), "缺少 FILE"),
        (("template", "demo"), "缺少 --out"),
        (("explain", "a", "b", "c"), "多出来的内容：c"),
        (("check", "a", "--bass", "x"), "没有选项“--bass”"),
        (("check", "a", "--basis", "x"), "--basis 没有这个取值"),
        (("check", "a", "--basis"), "选项 --basis 的写法不对"),
        (("--lang", "fr", "check", "a"), "没有语言“fr”"),
        (("check", "a", "--lang"), "没有语言“”"),
    ],
)
def test_a_mistake_in_the_command_line_is_a_problem_with_a_way_out(run: Run, args: tuple[str, ...], said: str) -> None:
    ran = run(*args)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "    → " in ran.err
    assert ran.err.splitlines()[-1] == "1 个错误"


def test_what_stands_behind_two_hyphens_is_no_option() -> None:
    assert split_globals(["check", "--", "--lang"]) == (["check", "--", "--lang"], None, False)


def test_globals_are_taken_out_wherever_they_stand() -> None:
    assert split_globals(["check", "--debug", "a", "--lang", "en"]) == (["check", "a"], "en", True)


# --- mistakes of ours ---


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def fall_over(*_: object) -> None:
        raise ZeroDivisionError("a wheel came off")

    monkeypatch.setattr(tables.Tables, "check", fall_over)


@pytest.mark.usefixtures("fault")
def test_an_internal_fault_is_one_sentence_and_how_to_report_it(run: Run, tmp_path: Path) -> None:
    ran = run("check", put(tmp_path))
    assert (ran.code, ran.out) == (3, "")
    what, fix = ran.err.splitlines()
    assert what.startswith("程序内部故障（不是您的输入有误）：ZeroDivisionError: a wheel came off（test_cli_frame.py:")
    assert "--debug" in fix


@pytest.mark.usefixtures("fault")
def test_the_traceback_is_there_for_those_who_ask(run: Run, tmp_path: Path) -> None:
    ran = run("check", put(tmp_path), "--debug")
    assert ran.code == 3
    assert "Traceback (most recent call last)" in ran.err


@pytest.mark.parametrize(("raised", "code"), [(KeyboardInterrupt(), 130), (typer.Abort(), 130), (MemoryError(), 3), (RecursionError(), 3)])
def test_interruptions_are_quiet_and_exhaustion_is_a_fault(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: int
) -> None:
    def stop(*_: object) -> None:
        raise raised

    monkeypatch.setattr(tables.Tables, "check", stop)
    ran = run("check", put(tmp_path))
    assert ran.code == code
    assert (ran.err == "") == (code == 130)


@pytest.mark.parametrize("args", [["rules", "schema", "standard"], ["rules", "show", "demo"]])
def test_a_reader_who_leaves_is_not_shouted_at(args: list[str]) -> None:
    command = [sys.executable, "cli.py", *args]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None and running.stderr is not None
        running.stdout.close()
        said = running.stderr.read()
        code = running.wait()
    assert (code, said) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the device that is always full is a Linux one")
@pytest.mark.parametrize("args", [["rules", "schema", "standard"], ["rules", "list"]])
def test_a_full_disk_behind_standard_output_is_no_internal_fault(args: list[str]) -> None:
    with open("/dev/full", "w") as full:
        ran = subprocess.run([sys.executable, "cli.py", *args], check=False, cwd=ROOT, stdout=full, stderr=subprocess.PIPE)
    assert ran.returncode == 2
    assert "output_unwritable" in ran.stderr.decode()


def test_what_cannot_be_encoded_does_not_stop_the_output(tmp_path: Path) -> None:
    surroundings = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ran = python("cli.py", "check", str(put(tmp_path)), env=surroundings)
    assert ran.returncode == 0
    assert "20.00" in ran.stdout


@pytest.mark.usefixtures("terminal")
def test_control_characters_of_a_file_do_not_reach_the_terminal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text('dossier: "T-1\\e]0;owned\\a"\nkind: green_factory\n', encoding="utf-8")
    ran = run("check", path)
    assert ran.code == 2
    assert "\x1b]" not in ran.err and "\a" not in ran.err
    assert plain_text(ran.err)
