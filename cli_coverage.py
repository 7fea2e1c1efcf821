"""What is shown of rulesets: what their examples show, and which clauses of their texts they cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from cli_screen import Screen, prose

if TYPE_CHECKING:
    from engine import ExampleCoverage, ExampleRun


class Tested(NamedTuple):
    """The runs of a ruleset's examples, and what they show of each of its programmes."""

    runs: Sequence[ExampleRun]
    coverages: Sequence[ExampleCoverage]


def examples_of(name: str) -> Tested:
    """The runs of a ruleset's examples, of a scheme for each kind it has a programme for. Raises Refused."""
    from engine import example_coverage, names_standard, run_examples, scheme_kinds

    kinds = ("",) if names_standard(name) else scheme_kinds(name)
    runs = [run_examples(name, kind) for kind in kinds]
    coverages = [example_coverage(found, name, kind) for found, kind in zip(runs, kinds, strict=True)]
    return Tested([run for found in runs for run in found], coverages)


class CoverageTables(Screen):
    """Draws coverage."""

    def examples(self, tested: Mapping[str, Tested]) -> None:
        """How many examples of each ruleset hold and how much they show; then each that does not hold, and what none shows."""
        heads = ("ruleset", "examples", "passed", "failed", "shown")
        self.table(heads, [_counts(name, found) for name, found in tested.items()], right=heads[1:])
        for run in (run for found in tested.values() for run in found.runs if not run.passed):
            self.line(f"✗ {run.title}", "red")
            self.line(f"{run.file}:{run.line}", "dim", indent=2)
            for difference in run.differences:
                self.line(difference, indent=2)
        for name, found in tested.items():
            for coverage in found.coverages:
                self.lacking(name, coverage)

    def lacking(self, name: str, coverage: ExampleCoverage) -> None:
        """What no example of a programme shows, by element, each with its place in the ruleset."""
        if not coverage.lacking:
            return
        self.heading("rules.not_shown", name=name, kind=coverage.programme.standard.kind, count=len(coverage.lacking))
        branches: dict[str, list[str]] = {}
        for branch in coverage.lacking:
            branches.setdefault(branch.element, []).append(branch.text(self.lang))
        rows = []
        for element, found in branches.items():
            where = coverage.programme.where(element)
            title = prose(f"{coverage.title(element, self.lang)}\n").append(f"{element} {where.file}:{where.line}", "dim")
            rows.append((title, self.say("comma").join(found)))
        self.table(("item", "not_shown"), rows)


def _counts(name: str, tested: Tested) -> tuple[str, ...]:
    passed = sum(run.passed for run in tested.runs)
    covered, wanted = (sum(getattr(coverage, part) for coverage in tested.coverages) for part in ("covered", "wanted"))
    return (name, str(len(tested.runs)), str(passed), str(len(tested.runs) - passed), f"{covered}/{wanted}")
