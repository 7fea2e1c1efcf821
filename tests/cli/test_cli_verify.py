from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.demo import Run, put


@pytest.fixture
def report(run: Run, tmp_path: Path) -> Path:
    assert run("assess", put(tmp_path), "-o", tmp_path / "out").code == 0
    return tmp_path / "out" / "T-1.pdf"


def test_a_report_is_identical(run: Run, report: Path) -> None:
    ran = run("verify", report)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("一致")
    assert "T-1/demo/declared" in ran.out and "通过" in ran.out


def test_a_report_without_advice_is_identical_too(run: Run, tmp_path: Path) -> None:
    assert run("assess", put(tmp_path), "-o", tmp_path, "--no-advice").code == 0
    assert run("verify", tmp_path / "T-1.pdf", "--lang", "en").out.startswith("Identical")


def test_a_changed_report_ends_with_one_and_names_the_difference(run: Run, report: Path) -> None:
    report.write_bytes(report.read_bytes() + b"% more\n")
    ran = run("verify", report, "--lang", "en")
    assert ran.code == 1
    assert ran.out.startswith("Not identical: Something was appended after the report")


def test_the_verification_as_json(run: Run, report: Path) -> None:
    ran = run("verify", report, "--json")
    found = json.loads(ran.out)
    assert (ran.code, found["identical"], found["method"], found["outcome"]) == (0, True, "bytes", "eligible")
    assert set(found["text"]) == {"zh", "en"} and found["differences"] == []


def test_a_difference_as_json(run: Run, report: Path) -> None:
    report.write_bytes(report.read_bytes() + b"% more\n")
    ran = run("verify", report, "--json")
    (difference,) = json.loads(ran.out)["differences"]
    assert (ran.code, difference["code"]) == (1, "appended")
    assert difference["zh"] and difference["en"]


def test_the_code_of_page_one_is_checked(run: Run, report: Path) -> None:
    found = json.loads(run("verify", report, "--json").out)
    code = f"greencert:1:{found['outcome']}:{found['manifest_sha256']}:{found['assessment']}"
    ran = run("verify", report, "--qr", code)
    assert (ran.code, "与文件相符" in ran.out) == (0, True)
    ran = run("verify", report, "--qr", code.replace("eligible", "fails"))
    assert ran.code == 1
    assert "二维码上的结论是“fails”" in ran.out


def test_what_is_no_report_is_refused(run: Run, tmp_path: Path) -> None:
    path = put(tmp_path)
    ran = run("verify", path)
    assert (ran.code, "report_unreadable" in ran.err) == (2, True)


def test_a_file_that_is_not_there_is_refused(run: Run, tmp_path: Path) -> None:
    ran = run("verify", tmp_path / "none.pdf")
    assert (ran.code, "file_unreadable" in ran.err) == (2, True)
