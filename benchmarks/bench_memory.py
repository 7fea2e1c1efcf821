"""How much a process grows that assesses 20,000 dossiers: the sample factories of the 586 scheme, and one whose rules name rows.

It has to stay below 20 MB after the first thousand, since the production engine keeps what is not given back. The peak is measured,
so what is freed in between hides nothing. Run: ``make bench``.
"""

from __future__ import annotations

import resource
import sys
from dataclasses import replace
from pathlib import Path

from bench_scoring import bound_samples

from engine import load_programme, read_dossier
from engine.assess.assess import assess_bound
from engine.dossier.bind import Bound, bind
from engine.dossier.schema import Cell, Row, TableEntry
from engine.problems import ProblemList

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
WARM_UP = 1_000
ASSESSMENTS = 20_000
PROMISE = 20


def peak() -> float:
    """The largest size of this process so far in MB."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 1024**2 if sys.platform == "darwin" else size / 1024


def with_situations() -> Bound:
    """A dossier under the scheme whose vetoes are rules about rows, with five situations listed."""
    dossier = read_dossier(SAMPLES / "cement_2025.yaml")
    found = tuple(Row((("situation", Cell("accident_or_violation")), ("day", Cell(f"202{i}-05-01")))) for i in range(5))
    dossier = replace(dossier, tables=(*dossier.tables, ("incidents", TableEntry(found, verified=True))))
    return bind(dossier, load_programme(dossier.scheme), ProblemList())


def main() -> None:
    """Print the growth after the warm-up, in steps, and in all."""
    listed = [*(bound for _, bound in bound_samples()), with_situations()]
    begun, steps = 0.0, []
    for number in range(WARM_UP + ASSESSMENTS):
        bound = listed[number % len(listed)]
        assess_bound(bound, "verified" if bound.has_verified else "declared")
        if number + 1 == WARM_UP:
            begun = peak()
        elif number >= WARM_UP and (number + 1 - WARM_UP) % (ASSESSMENTS // 4) == 0:
            steps.append(peak() - begun)
    print(
        f"memory: {begun:.0f} MB after {WARM_UP:,} assessments, grown by {steps[-1]:.1f} MB after {ASSESSMENTS:,} more (at most {PROMISE})"
    )
    print("grown by quarters: " + ", ".join(f"{step:.1f} MB" for step in steps))


if __name__ == "__main__":
    main()
