"""Reports that are written after the run: of a round without any, and of what the office found when it checked again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import text

from engine import (
    Refused,
    Store,
    add_files,
    audit,
    backup_bytes,
    book_of,
    close_round,
    handed_in,
    open_round,
    open_store,
    recheck,
    report_round,
    run_round,
    setting_of,
    stated_otherwise,
    verify_report,
    waiting,
    withdraw,
    without_report,
)
from engine.rounds.running import Done
from tests.rounds.store.dossiers import DAY, SCHEME, act, written

ROUND = "2026Q2"
FIRST, SECOND = "2026Q2-0001", "2026Q2-0002"


@pytest.fixture
def assessed(store: Store, tmp_path: Path) -> Store:
    """Two applications, assessed without reports."""
    open_round(store, act("open", ROUND), ROUND, SCHEME, DAY)
    add_files(store, act("add", ROUND), ROUND, handed_in(written(tmp_path / "in", 1, 2), tmp_path), DAY)
    ran(store, None)
    return store


def ran(store: Store, folder: Path | None) -> None:
    list(run_round(store, act("run", ROUND), ROUND, waiting(store, ROUND), setting_of(store, ROUND, folder, "zh"), 1))


def reported(store: Store, folder: Path, *numbers: str, again: bool = False) -> list[Done]:
    jobs = without_report(store, ROUND, numbers, again=again)
    return list(report_round(store, act("report", ROUND), ROUND, jobs, setting_of(store, ROUND, folder, "zh"), 1))


def found(store: Store, number: str, value: str) -> None:
    why = act("recheck", number, why="现场核查")
    recheck(store, why, number, lambda dossier, programme: stated_otherwise(dossier, {"co2_total": value}, programme), DAY)


def hashes(store: Store) -> dict[str, str]:
    return {one.number: one.report_sha256 for one in book_of(store, ROUND).applications}


def codes(refused: Refused) -> list[str]:
    return [problem.code for problem in refused.problems]


def test_reports_that_come_later_are_those_of_the_run(assessed: Store, tmp_path: Path) -> None:
    assert sorted(done.number for done in reported(assessed, tmp_path / "late")) == [FIRST, SECOND]
    late = {path.name: path.read_bytes() for path in (tmp_path / "late").iterdir()}
    assert hashes(assessed) == {name.removesuffix(".pdf"): hashlib.sha256(content).hexdigest() for name, content in late.items()}
    assert audit(assessed).problems == ()
    other = open_store(str(tmp_path / "other.db"))
    open_round(other, act("open", ROUND), ROUND, SCHEME, DAY)
    add_files(other, act("add", ROUND), ROUND, handed_in(written(tmp_path / "in", 1, 2), tmp_path), DAY)
    ran(other, tmp_path / "run")
    other.close()
    assert late == {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()}


def test_a_run_with_reports_leaves_nothing_to_write(store: Store, tmp_path: Path) -> None:
    open_round(store, act("open", ROUND), ROUND, SCHEME, DAY)
    add_files(store, act("add", ROUND), ROUND, handed_in(written(tmp_path / "in", 1), tmp_path), DAY)
    ran(store, tmp_path / "run")
    before = backup_bytes(store)
    assert reported(store, tmp_path / "late") == []
    assert len(reported(store, tmp_path / "late", again=True)) == 1
    assert (tmp_path / "late" / f"{FIRST}.pdf").read_bytes() == (tmp_path / "run" / f"{FIRST}.pdf").read_bytes()
    assert backup_bytes(store) == before


def test_a_re_checked_application_has_a_report_of_its_own_that_verifies(assessed: Store, tmp_path: Path) -> None:
    reported(assessed, tmp_path)
    found(assessed, FIRST, "60000 tCO2")
    found(assessed, FIRST, "61000 tCO2")
    assert hashes(assessed)[FIRST] == ""
    assert [done.number for done in reported(assessed, tmp_path)] == [FIRST]
    content = (tmp_path / f"{FIRST}-2.pdf").read_bytes()
    assert hashes(assessed)[FIRST] == hashlib.sha256(content).hexdigest()
    verified = verify_report(content, "a.pdf")
    assert (verified.differences, verified.outcome) == ((), "fails")
    assert (tmp_path / f"{FIRST}.pdf").exists()
    assert audit(assessed).problems == ()


def test_some_numbers_are_written_whether_they_have_a_report_or_not(assessed: Store, tmp_path: Path) -> None:
    reported(assessed, tmp_path / "a")
    assert [done.number for done in reported(assessed, tmp_path / "b", SECOND)] == [SECOND]
    assert [path.name for path in (tmp_path / "b").iterdir()] == [f"{SECOND}.pdf"]


def test_what_has_no_result_has_no_report(assessed: Store, tmp_path: Path) -> None:
    withdraw(assessed, act("withdraw", SECOND, why="企业申请"), SECOND, DAY)
    add_files(assessed, act("add", ROUND), ROUND, handed_in(written(tmp_path / "more", 3), tmp_path), DAY)
    assert [job.number for job in without_report(assessed, ROUND)] == [FIRST]
    for number in (SECOND, "2026Q2-0003", "2026Q2-0099"):
        with pytest.raises(Refused) as refused:
            without_report(assessed, ROUND, [number])
        assert codes(refused.value) == ["report_number"]


def test_a_result_that_does_not_come_out_again_gets_no_report(assessed: Store, tmp_path: Path) -> None:
    with assessed.change(act("x")) as session:
        session.execute(
            text(f"UPDATE assessments SET content = replace(content, '\"eligible\"', '\"fails\"') WHERE application = '{FIRST}'")
        )
    done = {one.number: [problem.code for problem in one.problems] for one in reported(assessed, tmp_path / "out")}
    assert done == {FIRST: ["report_otherwise"], SECOND: []}
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"{SECOND}.pdf"]
    assert hashes(assessed)[FIRST] == ""


def test_a_closed_round_is_not_written_to(assessed: Store) -> None:
    with assessed.change(act("x")) as session:
        session.execute(text("UPDATE rounds SET state = 'issued'"))
    close_round(assessed, act("close", ROUND), ROUND, DAY)
    with pytest.raises(Refused) as refused:
        without_report(assessed, ROUND)
    assert codes(refused.value) == ["move_out_of_order"]
