"""Running a round: the results are those of each dossier alone, what was stopped goes on, and one bad dossier spoils no other."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import text

from engine import (
    Refused,
    Store,
    add_files,
    assess_dossier,
    assessment_json,
    audit,
    backup_bytes,
    book_of,
    handed_in,
    load_programme,
    open_round,
    read_dossier,
    recheck,
    run_round,
    setting_of,
    stated_otherwise,
    waiting,
)
from engine.rounds.frozen import FrozenFiles
from engine.rounds.running import Done
from engine.ruleset.programme import Programme
from tests.rounds.store.dossiers import DAY, SCHEME, act, written

ROUND = "2026Q2"
ROOT = Path(__file__).parents[3]


def opened(store: Store, tmp_path: Path, count: int) -> list[Path]:
    open_round(store, act("open", ROUND), ROUND, SCHEME, DAY)
    paths = written(tmp_path / "in", *range(1, count + 1))
    add_files(store, act("add", ROUND), ROUND, handed_in(paths, tmp_path), DAY)
    return paths


def ran(store: Store, folder: Path | None, processes: int = 2) -> list[Done]:
    return list(run_round(store, act("run", ROUND), ROUND, waiting(store, ROUND), setting_of(store, ROUND, folder, "zh"), processes))


def test_each_result_is_that_of_its_dossier_alone(store: Store, tmp_path: Path) -> None:
    paths = opened(store, tmp_path, 3)
    assert sorted(done.number for done in ran(store, tmp_path / "out")) == ["2026Q2-0001", "2026Q2-0002", "2026Q2-0003"]
    book = book_of(store, ROUND)
    assert book.state == "assessed"
    programme = load_programme(SCHEME, "green_park")
    for path, application in zip(paths, book.applications, strict=True):
        alone = assess_dossier(programme, read_dossier(path, today=DAY), "verified")
        assert application.result == json.loads(assessment_json(alone, programme))
        assert (application.outcome, application.score) == (alone.determination.outcome, alone.score)
        report = (tmp_path / "out" / f"{application.number}.pdf").read_bytes()
        assert hashlib.sha256(report).hexdigest() == application.report_sha256
    found = audit(store)
    assert (found.problems, found.assessments) == ((), 3)


def test_a_second_run_does_nothing(store: Store, tmp_path: Path) -> None:
    opened(store, tmp_path, 1)
    ran(store, None)
    before = backup_bytes(store)
    assert ran(store, None) == []
    assert backup_bytes(store) == before


@dataclass(frozen=True, slots=True)
class Deadly(FrozenFiles):
    """Rules that take their process down."""

    def programme(self) -> Programme:
        os._exit(1)


def test_a_dossier_that_takes_its_process_down_spoils_no_other(store: Store, tmp_path: Path) -> None:
    opened(store, tmp_path, 6)
    setting = setting_of(store, ROUND, None, "zh")
    files = setting.programmes["green_park", next(standard for _, standard in setting.programmes)]
    jobs = waiting(store, ROUND)
    deadly = [replace(job, standard="deadly") if job.number.endswith("3") else job for job in jobs]
    programmes = {**setting.programmes, ("green_park", "deadly"): Deadly(files.files, files.compose)}
    done = list(run_round(store, act("run", ROUND), ROUND, deadly, replace(setting, programmes=programmes), 2))
    assert [one.number for one in done if one.result is None] == ["2026Q2-0003"]
    assert [problem.code for one in done for problem in one.problems] == ["round_fault"]
    book = book_of(store, ROUND)
    assert [one.state for one in book.applications] == ["assessed"] * 2 + ["received"] + ["assessed"] * 3
    assert book.state == "open"
    ran(store, None)
    assert book_of(store, ROUND).state == "assessed"


def test_what_the_office_finds_stands_and_both_values_are_kept(store: Store, tmp_path: Path) -> None:
    opened(store, tmp_path, 1)
    ran(store, None)
    number = "2026Q2-0001"
    before = book_of(store, ROUND).applications[0]
    made = recheck(
        store,
        act("recheck", number, why="现场核查"),
        number,
        lambda dossier, programme: stated_otherwise(dossier, {"co2_total": "60000 tCO2"}, programme),
        DAY,
    )
    after = book_of(store, ROUND).applications[0]
    assert (before.outcome, made.determination.outcome, after.outcome) == ("eligible", "fails", "fails")
    assert [(one.name, one.before, one.after, one.reason, one.by) for one in after.rechecks] == [
        ("co2_total", "53680 tCO2", "60000 tCO2", "现场核查", "甲")
    ]
    found = audit(store)
    assert (found.problems, found.assessments) == ((), 2)


def test_the_audit_finds_a_result_that_does_not_recompute(store: Store, tmp_path: Path) -> None:
    """Somebody who rewrites a result together with the whole ledger is found by computing it again."""
    opened(store, tmp_path, 1)
    ran(store, None)
    with store.change(act("run", ROUND)) as session:
        session.execute(text("UPDATE assessments SET content = replace(content, '\"eligible\"', '\"fails\"')"))
    codes = [problem.code for problem in audit(store).problems]
    assert codes == ["row_changed", "recomputed_otherwise"]


def test_a_folder_that_takes_no_reports_stops_the_run_and_loses_nothing(store: Store, tmp_path: Path) -> None:
    opened(store, tmp_path, 1)
    (tmp_path / "file").write_text("x")
    with pytest.raises(Refused) as refused:
        ran(store, tmp_path / "file")
    assert [problem.code for problem in refused.value.problems] == ["file_unwritable"]
    assert book_of(store, ROUND).applications[0].state == "received"
    ran(store, tmp_path / "out")
    assert book_of(store, ROUND).applications[0].state == "assessed"
