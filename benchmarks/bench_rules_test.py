"""How long `greencert rules test` computes: every example of every ruleset, from reading the files on, on one core.

It has to stay below 20 s. The machine's speed drifts, so the figure stands beside a fixed piece of exact arithmetic timed in the same
run; their ratio is what compares between machines and versions. Run: ``make bench``.
"""

from __future__ import annotations

import time

from bench_scoring import calibration

from commands.coverage import examples_of
from engine import rulesets_root
from engine.ruleset.library import scheme_ids, standard_ids

PROMISE = 20
ROUNDS = 5


def main() -> None:
    """Print seconds of processor time, the slowest rulesets, and the ratio to the calibration before and after."""
    base = [calibration() for _ in range(ROUNDS)]
    root = rulesets_root()
    took: dict[str, float] = {}
    examples = 0
    for name in [*standard_ids(root), *scheme_ids(root)]:
        start = time.process_time()
        examples += len(examples_of(name).runs)
        took[name] = time.process_time() - start
    base += [calibration() for _ in range(ROUNDS)]
    seconds = sum(took.values())
    slowest = sorted(took, key=lambda name: took[name], reverse=True)[:5]
    print(f"rules test: {examples} examples of {len(took)} rulesets in {seconds:.1f} s of one core (at most {PROMISE})")
    print("slowest: " + ", ".join(f"{name} {took[name]:.2f} s" for name in slowest))
    print(f"ratio to 20,000 fraction additions: {seconds / sorted(base)[len(base) // 2]:.0f}")


if __name__ == "__main__":
    main()
