"""How long the cheapest way takes: the factory samples of the 586 scheme, each to a pass and to 90 points, in this process.

The machine's speed drifts, so the times stand beside one assessment timed in the same run: their ratio is what compares.
Run: ``make bench``.
"""

from __future__ import annotations

import time
from pathlib import Path

from engine import assess_dossier, cheapest_route, has_verified, load_programme, read_dossier

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
SCHEME = "jiaxing_2017"
TARGETS = ("pass", "90")
LIMIT = 2.0
"""Seconds that an answer may take."""


def main() -> None:
    """Print seconds by sample and target, the slowest one, and its ratio to one assessment."""
    programme = load_programme(SCHEME, "green_factory")
    slowest, assessing = 0.0, 0.0
    for path in sorted(SAMPLES.glob("*.yaml")):
        dossier = read_dossier(path)
        if (dossier.scheme, dossier.kind) != (SCHEME, "green_factory"):
            continue
        basis = "verified" if has_verified(dossier) else "declared"
        assess_dossier(programme, dossier, basis)
        start = time.process_time()
        assess_dossier(programme, dossier, basis)
        assessing = max(assessing, time.process_time() - start)
        for target in TARGETS:
            start = time.process_time()
            route = cheapest_route(programme, dossier, basis, target=target)
            taken = time.process_time() - start
            slowest = max(slowest, taken)
            said = "no way" if route.plan is None else f"{len(route.plan.changes)} change(s)"
            print(f"{path.stem}, {target}: {taken:.2f} s, {len(route.levers)} levers, {said}, proven: {route.proven}")
    print(f"slowest: {slowest:.2f} s of {LIMIT:.0f} s; {slowest / assessing:.0f} times one assessment ({assessing * 1000:.1f} ms)")


if __name__ == "__main__":
    main()
