"""What is shown of rulesets: what their examples show, and which clauses of their texts they cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from commands.screen import Screen, prose
from engine import figures_text, say
from engine.ruleset.clauses import VERDICTS, why

if TYPE_CHECKING:
    from engine import CoverageSheet, ExampleCoverage, ExampleRun
    from engine.ruleset.clauses import ClauseRow

MARKS = {"machine": ("✓", "green"), "person": ("✓", "cyan"), "both": ("✓", "green"), "none": ("–", "yellow")}


class Tested(NamedTuple):
    """The runs of a ruleset's examples, and what they show of each of its programmes."""

    runs: Sequence[ExampleRun]
    coverages: Sequence[ExampleCoverage]


def examples_of(name: str) -> Tested:
    """The runs of a ruleset's examples, of a scheme for each of its programmes. Raises Refused."""
    from engine import example_coverage, names_standard, run_examples, scheme_programmes

    programmes = (("", ""),) if names_standard(name) else scheme_programmes(name)
    runs = [run_examples(name, kind, standard=standard) for kind, standard in programmes]
    covered = zip(runs, programmes, strict=True)
    coverages = [example_coverage(found, name, kind, standard=standard) for found, (kind, standard) in covered]
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

    def sheets(self, sheets: Sequence[CoverageSheet]) -> None:
        """How many clauses of each text are judged by whom."""
        heads = ("ruleset", "clauses", *(f"by_{by}" for by in VERDICTS), "complete")
        rows = []
        for sheet in sheets:
            whole = say("statuses.yes" if sheet.text.complete else "statuses.no", self.lang)
            rows.append((sheet.id, str(len(sheet.rows)), *(str(count) for count in sheet.counts.values()), whole))
        self.table(heads, rows, right=heads[1:-1], fixed=("ruleset",))

    def sheet(self, sheet: CoverageSheet, coverages: Sequence[ExampleCoverage]) -> None:
        """Every clause of a text: who judges it by what, how much of that the examples show, or why nothing judges it."""
        self.line(f"{sheet.id} {sheet.version}", "bold")
        self.line(f"{sheet.title.in_(self.lang)} · {sheet.text.document}")
        self.line(sheet.text.note.in_(self.lang), "dim")
        self.line()
        rows = [self.clause(row, coverages) for row in sheet.rows]
        self.table(("clause", "item", "judged_by", "cited_by", "shown"), rows, right=("shown",), fixed=("judged_by", "shown"))
        self.line(say("coverage.counts", self.lang, count=len(sheet.rows), **sheet.counts), "bold")
        self.line(say(f"coverage.{'whole' if sheet.text.complete else 'partial'}", self.lang), "dim")

    def clause(self, row: ClauseRow, coverages: Sequence[ExampleCoverage]) -> tuple[str | Text, ...]:
        """One clause in a row."""
        title = prose(row.clause.title.in_(self.lang))
        if row.clause.figures:
            title.append(f"\n{figures_text(row.clause, self.lang)}", "dim")
        mark, colour = MARKS[row.by]
        by = Text(f"{mark} {say(f'coverage.by.{row.by}', self.lang)}", colour)
        names = dict.fromkeys(cites.id for cites in row.cited_by if cites.by != "none")
        judges = prose(self.say("comma").join(names)).append("\n" if names and why(row) else "").append(why(row, self.lang), "dim")
        shown, wanted = _shown(row, coverages)
        return row.clause.clause, title, by, judges, f"{shown}/{wanted}" if wanted else ""

    def lacking(self, name: str, coverage: ExampleCoverage) -> None:
        """What no example of a programme shows, by element, each with its place in the ruleset."""
        if not coverage.lacking:
            return
        kind = say(f"statuses.subject.{coverage.programme.standard.kind}", self.lang)
        self.heading("rules.not_shown", name=name, kind=kind, count=len(coverage.lacking))
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


def _shown(row: ClauseRow, coverages: Sequence[ExampleCoverage]) -> tuple[int, int]:
    """How many branches of what judges a clause some example shows, and how many there are."""
    counts = []
    for coverage in coverages:
        kind = coverage.programme.standard.kind
        counts.append(coverage.of([cites.id for cites in row.cited_by if cites.kind == kind and cites.by != "none"]))
    return sum(shown for shown, _ in counts), sum(wanted for _, wanted in counts)
