"""How much of an assessment inference takes: warm, bound, one core, every sample factory of the 586 scheme of Jiaxing.

It has to stay below 2 ms. The machine's speed drifts, so the figure stands beside a fixed piece of exact arithmetic timed in the same
run; their ratio is what compares between machines and versions. Run: ``make bench``.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench_scoring import bound_samples, calibration

from engine.assess import assess as assessing
from engine.assess.assess import assess_bound
from engine.assess.inference import infer

PROMISE = 2.0
"""Milliseconds that inference may add to an assessment."""
ROUNDS = 7
REPEAT = 20


def asked() -> list[tuple[str, bool, tuple[Any, ...]]]:
    """What inference is given for every sample, and whether both bases are filled."""
    found = []
    for name, bound in bound_samples():
        given: list[tuple[Any, ...]] = []
        assessing.infer = _keeping(given)  # type: ignore[assignment]
        assess_bound(bound, "verified" if bound.has_verified else "declared")
        found.append((name, bound.has_verified, given[0]))
    assessing.infer = infer
    return found


def _keeping(given: list[tuple[Any, ...]]) -> Callable[..., Any]:
    def kept(*arguments: Any) -> Any:
        given.append(arguments)
        return infer(*arguments)

    return kept


def taken(arguments: tuple[Any, ...]) -> float:
    """Seconds of processor time for one run of the rules."""
    start = time.process_time()
    for _ in range(REPEAT):
        infer(*arguments)
    return (time.process_time() - start) / REPEAT


def main() -> None:
    """Print milliseconds of the mean and of the slowest sample, medians of several rounds, and the ratio to the calibration."""
    samples = asked()
    for _, _, arguments in samples:
        taken(arguments)
    gc.collect()
    gc.freeze()
    base = statistics.median(calibration() for _ in range(ROUNDS))
    took = {name: statistics.median(taken(arguments) for _ in range(ROUNDS)) for name, _, arguments in samples}
    slowest = max(took, key=lambda name: took[name])
    mean = statistics.mean(took.values())
    print(
        f"inference: {mean * 1000:.2f} ms each over {len(took)} samples, {took[slowest] * 1000:.2f} ms for {slowest} (at most {PROMISE} ms)"
    )
    print(f"ratio to 20,000 fraction additions: {mean / base:.4f}, slowest {took[slowest] / base:.4f}")


if __name__ == "__main__":
    main()
