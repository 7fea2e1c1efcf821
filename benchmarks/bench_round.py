"""How long a round of 1,000 dossiers takes, and how much memory: each command of ``greencert round`` as it is typed, from call to end.

    python benchmarks/bench_round.py               # 1,000 dossiers, as many processes as there are processors
    python benchmarks/bench_round.py --count 200 --no-reports

The dossiers are the sample factories of the 586 scheme, each with a name, a credit code and figures of its own. The store is an SQLite
file, and then a database of its own on the server that GREENCERT_TEST_POSTGRES names, where it names one. What a command takes once is
measured on a round of one dossier; the rate is that of the others. Memory is what the first process and all processes of a command have
resident at most, what they share counted for each; it is read from /proc. The machine's speed drifts: a fixed piece of exact arithmetic
is timed beside it.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from bench_scoring import SAMPLES, SCHEME, calibration

from engine.dossier.codes import inner_check, outer_check

ROOT = Path(__file__).resolve().parents[1]
CLI = "import sys; from cli import main; sys.exit(main())"
DAY = "2018-06-30"
POSTGRES = "GREENCERT_TEST_POSTGRES"
GOALS = {"run": 90, "run --no-reports": 3}
"""Seconds that 1,000 dossiers may take on two cores."""
MEGABYTES = 1024
_READING = ("status",)
_FIGURE = re.compile(r"(\d{2,}|\d+\.\d+)( [^\s%].*)")
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
_TICK = 0.05


# --- dossiers ---


def credit_code(number: int) -> str:
    """A constructed code with valid check digits whose organisation part begins with 0000."""
    organisation = f"0000{number:04d}"
    body = f"91330400{organisation}{inner_check(organisation)}"
    return body + outer_check(body)


def varied(value: Any, number: int) -> Any:
    """A figure with its unit, changed by a few thousandths; anything else as it is."""
    found = _FIGURE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    figure = Decimal(found[1])
    return f"{(figure * (1000 + number % 17 - 8) / 1000).quantize(figure)}{found[2]}"


def write_dossiers(folder: Path, count: int) -> None:
    """Write so many dossiers, the samples in turn."""
    loader, dumper = getattr(yaml, "CSafeLoader", yaml.SafeLoader), getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    read = [yaml.load(path.read_text(encoding="utf-8"), loader) for path in sorted(SAMPLES.glob("*.yaml"))]
    samples = [plain for plain in read if (plain.get("scheme"), plain["kind"]) == (SCHEME, "green_factory")]
    folder.mkdir()
    for number in range(count):
        plain = samples[number % len(samples)]
        applicant = {**plain["applicant"], "name": f"{plain['applicant']['name']}{number}", "credit_code": credit_code(number)}
        inputs = {
            name: {key: varied(value, number) for key, value in entry.items()} if isinstance(entry, dict) else varied(entry, number)
            for name, entry in plain["inputs"].items()
        }
        text = yaml.dump(
            {**plain, "dossier": f"BENCH-{number:05d}", "applicant": applicant, "inputs": inputs}, Dumper=dumper, allow_unicode=True
        )
        (folder / f"{number:05d}.yaml").write_text(text, encoding="utf-8")


# --- measuring ---


@dataclass(frozen=True)
class Taken:
    """Seconds from call to end, and the most that the first process and all together had resident, in MB."""

    seconds: float
    first: float
    together: float


def run(database: str, name: str, verb: str, *options: str) -> Taken:
    """What a command took. Ends the benchmark where it fails."""
    line = [sys.executable, "-c", CLI, "round", verb, name, *options, "--database", database]
    line += [] if verb in _READING else ["--by", "bench", "--today", DAY]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    first = together = 0.0
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(line, env=surroundings, stdout=said, stderr=said, start_new_session=True)
        while process.poll() is None:
            sizes = dict(resident(process.pid))
            first, together = max(first, sizes.get(process.pid, 0.0)), max(together, sum(sizes.values()))
            time.sleep(_TICK)
        seconds = time.perf_counter() - start
        if process.returncode:
            said.seek(0)
            sys.exit(said.read().decode())
    return Taken(seconds, first, together)


def resident(session: int) -> Iterator[tuple[int, float]]:
    """The processes of a session with what each has resident, in MB."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if int(fields[3]) == session:
            yield int(folder.name), int(fields[21]) * _PAGE / 2**20


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a new database on the server for tests."""
    from sqlalchemy import create_engine, text
    from sqlalchemy.engine import make_url

    url, name = make_url(os.environ[POSTGRES]).set(drivername="postgresql+psycopg"), f"bench_{uuid.uuid4().hex}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def both(database: str, quarter: str, words: str) -> tuple[Taken, Taken]:
    """What a command took on a round of one dossier and on that of all; ``{size}`` in its words names them."""
    one, many = (run(database, f"2018{quarter}-{size}", *words.format(size=size).split()) for size in ("one", "many"))
    return one, many


def measure(kind: str, database: str, folder: Path, count: int, reports: bool) -> None:
    """Take two rounds through their commands, the second with reports, and print what each took."""
    adding, reporting = f"add {folder}/{{size}}", f"run -o {folder}/{kind}-{{size}}"
    asked = [("Q2", adding), ("Q2", "run --no-reports"), ("Q2", "rank"), ("Q2", "status")]
    asked += [("Q3", adding), ("Q3", reporting)] if reports else []
    for quarter in dict.fromkeys(quarter for quarter, _ in asked):
        both(database, quarter, f"open --scheme {SCHEME}")
    for quarter, words in asked:
        one, many = both(database, quarter, words)
        what = words.partition(" -o ")[0].partition(f" {folder}")[0]
        goal = f" (goal for 1,000: {GOALS[what]} s, {MEGABYTES} MB)" if what in GOALS else ""
        print(
            f"{kind:10} {what:16} {many.seconds:6.2f} s; {one.seconds:4.2f} s for one, "
            f"then {(count - 1) / max(many.seconds - one.seconds, 1e-3):5.0f}/s; "
            f"{many.first:4.0f} MB, all processes {many.together:4.0f} MB{goal}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, metavar="N", default=1000)
    parser.add_argument("--no-reports", action="store_true")
    asked = parser.parse_args()
    base = statistics.median(calibration() for _ in range(7))
    print(f"20,000 fraction additions: {base * 1e3:.0f} ms; load: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_dossiers(folder / "one", 1)
        write_dossiers(folder / "many", asked.count)
        measure("SQLite", str(folder / "bench.db"), folder, asked.count, not asked.no_reports)
        if POSTGRES in os.environ:
            with postgresql() as address:
                measure("PostgreSQL", address, folder, asked.count, not asked.no_reports)
    print(f"20,000 fraction additions: {statistics.median(calibration() for _ in range(7)) * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
