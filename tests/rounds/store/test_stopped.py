"""Rounds that are stopped: killed at any moment, out of room, without their database. Nothing is lost, nothing is done twice.

Each round is taken from its call to its papers by the commands themselves, in processes of their own, beside one that nobody disturbed.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from engine import audit, open_store
from engine.rounds.store.models import ApplicationRow, LedgerRow, RoundRow
from tests.rounds.store.conftest import POSTGRES
from tests.rounds.store.dossiers import DAY, SCHEME, written
from tests.rounds.store.issued import park_rules

ROOT = Path(__file__).parents[3]
ROUND = "2026Q2"
DOSSIERS = 8
KILLS = {"open": 2, "add": 6, "run": 24, "rank": 3, "draft": 2, "freeze": 2, "publish": 2, "issue": 5, "export": 4}
"""At how many random moments each command is killed: fifty in all."""
AFTER = "2026-05-16"


@dataclass(frozen=True, slots=True)
class Desk:
    """An office with a folder and a store of its own, and the same dossiers as any other."""

    folder: Path
    address: str
    files: Path
    rules: str

    def words(self, step: str) -> list[str]:
        """A step of the round as its command."""
        papers = ["-o", str(self.folder / "papers"), "--office", "示例办公室（虚构）", "--today", AFTER]
        steps = {
            "open": ["open", ROUND, "--scheme", SCHEME, "--rules", self.rules, "--today", DAY],
            "add": ["add", ROUND, str(self.files), "--today", DAY],
            "run": ["run", ROUND, "-o", str(self.folder / "reports"), "--processes", "1", "--today", DAY],
            "rank": ["rank", ROUND, "--today", DAY],
            "draft": ["decide", ROUND, "--today", DAY],
            "freeze": ["decide", ROUND, "--freeze", "--today", DAY],
            "publish": ["publish", ROUND, "--today", "2026-05-01"],
            "issue": ["issue", ROUND, "--issuer", "示例办公室", "-o", str(self.folder / "certificates"), "--today", AFTER],
            "export": ["export", ROUND, *papers],
        }
        return ["round", *steps[step], "--database", self.address]

    def start(self, step: str, limit: int = resource.RLIM_INFINITY) -> subprocess.Popen[str]:
        """A step in a process of its own, which can write no file of more than ``limit`` bytes."""
        limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"
        code = f"{limited}; import sys; from cli import main; sys.exit(main())"
        surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "GREENCERT_OFFICER": "甲", "GREENCERT_WITNESS": str(self.folder / "witness")}
        return subprocess.Popen(
            [sys.executable, "-c", code, *self.words(step)],
            env=surroundings,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def do(self, step: str) -> None:
        """A step to its end."""
        process = self.start(step)
        _, said = process.communicate()
        assert process.returncode == 0, said

    def is_done(self, step: str) -> bool:
        """Whether a step has been taken to its end."""
        if step == "export":
            return (self.folder / "papers").exists()
        store = open_store(self.address, self.folder / "witness")
        with store.reading() as session:
            entered = set(session.scalars(select(LedgerRow.what)))
            waiting = session.scalars(select(ApplicationRow.number).where(ApplicationRow.state == "received")).all()
            state = session.scalars(select(RoundRow.state)).all()
        store.close()
        return step in entered and (step != "run" or (not waiting and state == ["assessed"]))

    def check(self) -> None:
        """Whatever has happened: what the store holds agrees, and computes again."""
        store = open_store(self.address, self.folder / "witness")
        found = audit(store)
        store.close()
        assert (found.problems, found.assessments) == ((), DOSSIERS)

    def made(self) -> dict[str, bytes]:
        """Every file that was made: reports, certificates and papers."""
        folders = [self.folder / name for name in ("reports", "certificates", "papers")]
        files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file() and path.name[0] != "."]
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The dossiers that are handed in, and the rules of the round."""
    folder = tmp_path_factory.mktemp("office")
    written(folder / "in", *range(1, DOSSIERS))
    written(folder / "in", DOSSIERS, co2_total="99999 tCO2")
    return folder / "in", park_rules(folder)


def desk(folder: Path, address: str, files: tuple[Path, str]) -> Desk:
    folder.mkdir(parents=True, exist_ok=True)
    return Desk(folder, address, *files)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, files: tuple[Path, str]) -> tuple[dict[str, bytes], dict[str, float]]:
    """Every file of a round that nobody disturbed, and how long each step took."""
    folder = tmp_path_factory.mktemp("undisturbed")
    office = desk(folder, str(folder / "rounds.db"), files)
    seconds = {}
    for step in KILLS:
        began = time.monotonic()
        office.do(step)
        seconds[step] = time.monotonic() - began
    made = office.made()
    assert len([name for name in made if name.startswith("reports/")]) == DOSSIERS
    assert len([name for name in made if name.startswith("certificates/")]) == DOSSIERS - 1
    return made, seconds


def killed(office: Desk, step: str, after: float) -> bool:
    """Begin a step and kill it and all it has begun after some seconds; whether it was still at work then."""
    process = office.start(step)
    time.sleep(after)
    living = process.poll() is None
    if living:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return living


def test_a_round_that_is_killed_at_fifty_moments_ends_like_one_that_was_not(
    address: str, tmp_path: Path, files: tuple[Path, str], undisturbed: tuple[dict[str, bytes], dict[str, float]]
) -> None:
    """Kills that a step does not take, because it has come to its end, are for the next; the papers are written until all are used up."""
    chance = random.Random(6)
    made, seconds = undisturbed
    office = desk(tmp_path / "killed", address, files)
    left, kills = 0, 0
    for step, times in KILLS.items():
        left += times
        while left and (step == "export" or not office.is_done(step)):
            if office.is_done("export"):
                shutil.rmtree(office.folder / "papers")
            hit = killed(office, step, chance.uniform(0, seconds[step]))
            left, kills = left - hit, kills + hit
        while not office.is_done(step):
            office.do(step)
    assert kills == sum(KILLS.values()) == 50
    office.check()
    assert office.made() == made


def test_a_round_that_runs_out_of_room_goes_on_when_there_is_some(
    tmp_path: Path, files: tuple[Path, str], undisturbed: tuple[dict[str, bytes], dict[str, float]]
) -> None:
    """No file can grow beyond so many bytes, neither papers nor the database: each command says so, and none is half done."""
    made, _ = undisturbed
    office = desk(tmp_path / "full", str(tmp_path / "rounds.db"), files)
    office.do("open")
    sizes = {"add": 40_000, "run": 50_000, "rank": 33_000, "issue": 40_000, "export": 4_000}
    for step in list(KILLS)[1:]:
        if step in sizes:
            process = office.start(step, sizes[step])
            _, said = process.communicate()
            assert (step, process.returncode, any(code in said for code in ("file_unwritable", "store_full", "store_lost"))) == (
                step,
                2,
                True,
            ), said
        office.do(step)
    office.check()
    assert office.made() == made


@pytest.fixture
def server() -> Iterator[tuple[Path, str]]:
    """A PostgreSQL server of its own, by its folder and its address; skipped where the tests have none."""
    if not os.environ.get(POSTGRES):
        pytest.skip(f"no PostgreSQL: {POSTGRES} is not set") if "CI" not in os.environ else pytest.fail(f"{POSTGRES} is not set")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)  # the server runs as another user, who must get in
    run = subprocess.run(
        [ROOT / ".ci/postgres", "start", folder / "pg"],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "GREENCERT_TEST_PORT": str(port)},
    )
    yield folder / "pg", run.stdout.strip()
    subprocess.run([ROOT / ".ci/postgres", "stop", folder / "pg"], check=True, capture_output=True)
    shutil.rmtree(folder)


def test_a_round_whose_database_crashes_in_the_middle_goes_on_when_it_is_back(
    server: tuple[Path, str], tmp_path: Path, files: tuple[Path, str], undisturbed: tuple[dict[str, bytes], dict[str, float]]
) -> None:
    made, seconds = undisturbed
    folder, address = server
    office = desk(tmp_path / "crashed", address, files)
    chance = random.Random(7)
    told = 0
    for step in KILLS:
        while step in ("add", "run", "rank", "issue") and not office.is_done(step):
            process = office.start(step)
            time.sleep(chance.uniform(0.3, 1) * seconds[step])
            subprocess.run([ROOT / ".ci/postgres", "crash", folder], check=True, capture_output=True)
            _, said = process.communicate()
            assert (process.returncode == 2 and "store_lost" in said) or process.returncode == 0, said
            told += process.returncode == 2
        if not office.is_done(step):
            office.do(step)
    assert told
    office.check()
    assert office.made() == made
