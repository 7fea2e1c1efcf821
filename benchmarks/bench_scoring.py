"""How many dossiers a second are assessed on one core: warm, bound, the 586 scheme of Jiaxing with inference.

The machine's speed drifts, so the figure stands beside a fixed piece of exact arithmetic timed in the same run; their ratio is
what compares between machines and versions. Run: ``make bench``.
"""

from __future__ import annotations

import gc
import statistics
import time
from fractions import Fraction
from pathlib import Path

from engine import load_programme, read_dossier
from engine.assess.assess import assess_bound
from engine.dossier.bind import Bound, bind
from engine.problems import ProblemList

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
SCHEME = "jiaxing_2017"
ROUNDS = 7
REPEAT = 20


def bound_samples() -> list[tuple[str, Bound]]:
    """Every sample factory of the scheme, read and bound: what scoring starts from."""
    programme = load_programme(SCHEME)
    found = []
    for path in sorted(SAMPLES.glob("*.yaml")):
        dossier = read_dossier(path)
        if (dossier.scheme, dossier.kind) == (SCHEME, programme.standard.kind):
            found.append((path.stem, bind(dossier, programme, ProblemList())))
    return found


def calibration() -> float:
    """Seconds of processor time for a fixed sum of fractions."""
    start = time.process_time()
    total = Fraction(0)
    for i in range(1, 20_001):
        total += Fraction(i % 97, 100)
    return time.process_time() - start


def scoring(samples: list[tuple[str, Bound]]) -> float:
    """Seconds of processor time for one assessment, the mean over all samples."""
    start = time.process_time()
    for _ in range(REPEAT):
        for _, bound in samples:
            assess_bound(bound, "verified" if bound.has_verified else "declared")
    return (time.process_time() - start) / (REPEAT * len(samples))


def main() -> None:
    """Print dossiers a second and the ratio to the calibration, median of several rounds."""
    samples = bound_samples()
    scoring(samples)
    gc.collect()
    gc.freeze()
    rounds = [(scoring(samples), calibration()) for _ in range(ROUNDS)]
    seconds = statistics.median(one for one, _ in rounds)
    ratio = statistics.median(one / base for one, base in rounds)
    print(f"samples: {', '.join(name for name, _ in samples)}")
    print(f"scoring: {1 / seconds:.0f} dossiers/s on one core ({seconds * 1000:.2f} ms each)")
    print(f"ratio to 20,000 fraction additions: {ratio:.4f}")


if __name__ == "__main__":
    main()
