"""What the commands draw: tables and trees, for a terminal of 80 columns as well as for a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from commands.screen import Screen, clean, prose
from engine import (
    because_sentences,
    check_advice,
    check_sentence,
    finding_sentence,
    gaps,
    interval_text,
    number_text,
    place_title,
    reason_sentence,
    say,
    score_text,
)

if TYPE_CHECKING:
    from commands.dossiers import Case
    from engine import Explanation, Programme, YearResult

BAR = 50
ITEMS_NAMED = 3
"""So many items that rest on unattested figures are named; the report and ``rules attest --list`` have all of them."""
WIDE = 110
"""From so many columns on, the reports stand beside the results instead of below them."""
OUTCOMES = {
    "eligible": ("✓", "green"),
    "scored": ("✓", "green"),
    "incomplete": ("?", "yellow"),
    "fails": ("✗", "red"),
    "not_eligible": ("✗", "red"),
}
CHECK_MARKS = {"doubt": ("!", "yellow"), "observation": ("·", "cyan")}
AGAINST = ("veto", "major", "minor")
SEVERITIES = (*AGAINST, "observation", "obligation", "classification")
WITHOUT_PAPER = ("missing_evidence", "missing_answer", "evidence_expired")
"""Reasons that the documents asked for are an answer to."""


class Tables(Screen):
    """Draws what the commands show."""

    # --- assessments ----------------------------------------------------------------------------------------------

    def outcome(self, case: Case) -> Text:
        """The conclusion as mark and word, with the tier where there is one."""
        determination = case.assessment.determination
        mark, colour = OUTCOMES[determination.outcome]
        word = say(f"statuses.outcome.{determination.outcome}", self.lang)
        tier = case.programme.tier_title(determination.tier, self.lang)
        return Text(" · ".join(filter(None, (f"{mark} {word}", tier))), f"bold {colour}")

    def summary(self, cases: Sequence[Case], reports: Mapping[Path, Path]) -> None:
        """One row per dossier, after a run."""
        beside = bool(reports) and self.console.width >= WIDE
        heads = ("dossier", "applicant", "outcome", "score", "settled", "provisional", *(("report",) if beside else ()))
        rows: list[tuple[str | Text, ...]] = []
        for case in cases:
            made = case.assessment
            flags = (made.determination.settled, made.determination.provisional)
            yes_no = [say("statuses.yes" if flag else "statuses.no", self.lang) for flag in flags]
            score = score_text(made.score, made.mark, self.lang) if made.score_max else "—"
            report = [str(reports[case.path])] if beside else []
            rows.append((case.dossier.id, case.dossier.applicant.name, self.outcome(case), score, *yes_no, *report))
        self.table(heads, rows, right=("score",), fixed=("score",))
        several = [case for case in cases if case.assessment.years]
        if several:
            self.heading("assess.years")
            heads = ("dossier", "year", "score", "capped", "complete")
            self.table(heads, [row for case in several for row in self.scored_years(case)], right=("score", "capped"), fixed=heads)
        if reports:
            self.line(self.say("assess.written", count=len(reports), folder=next(iter(reports.values())).parent))
            for path in reports.values() if not beside else ():
                self.line(str(path), indent=2)
        if warnings := sum(len(case.assessment.problems) for case in cases):
            self.line(self.say("assess.warnings", count=warnings), "yellow")
        for case in cases:
            self.checks(case, named=len(cases) > 1)

    def check(self, case: Case) -> None:
        """The enterprise's own view of one dossier."""
        made, lang = case.assessment, self.lang
        dossier, programme = case.dossier, case.programme
        self.line(" · ".join(filter(None, (dossier.applicant.name, dossier.id))), "bold")
        basis = say(f"statuses.basis.{made.basis}", lang)
        self.line(f"{programme.scheme.title.in_(lang)} · {programme.standard.document}", "dim")
        self.line(self.say("check.as_of", basis=basis, year=dossier.year, day=made.as_of), "dim")
        self.line()
        self.verdict(case)
        self.score(case)
        self.dimensions(case)
        self.years(case)
        self.failed(case)
        self.missing(case)
        self.findings(case)
        self.checks(case)
        if made.problems:
            self.heading("check.warnings")
            self.problems(made.problems)
        self.line()
        self.line(self.say("check.next", file=case.path), "dim")

    def verdict(self, case: Case) -> None:
        """The conclusion, whether it can still change, and why."""
        determination = case.assessment.determination
        head = prose(f"{self.say('check.verdict')}  ", "bold")
        head.append_text(self.outcome(case))
        head.append(self.say("check.settled" if determination.settled else "check.unsettled"))
        self.draw(head)
        for reason in determination.reasons:
            self.line(f"· {reason_sentence(reason, case.programme, self.lang)}", indent=2)
        for line in self.standing(case):
            self.line(f"· {line}", indent=2)
        self.levels(case)

    def standing(self, case: Case) -> list[str]:
        """What the conclusion rests on: figures that nobody attested, those whose attestation has ended, and those attested."""
        made, lines = case.assessment, []
        if made.unattested:
            items = list(dict.fromkeys((found.criterion, "" if found.criterion else found.figure) for found in made.unattested))
            named = [place_title(case.programme, element, place, self.lang) for element, place in items[:ITEMS_NAMED]]
            names = self.say("comma").join(named) + ("…" if len(items) > ITEMS_NAMED else "")
            scheme = "SCHEME" if case.programme.bare else made.scheme.id
            count = len(made.unattested)
            lines.append(self.say("check.provisional", count=count, names=names, scheme=scheme, which=options_for(case.programme)))
            if expired := sum(bool(found.expired) for found in made.unattested):
                lines.append(self.say("check.expired", count=expired))
        if made.attested:
            who = self.say("comma").join(dict.fromkeys(found.attestation.organisation for found in made.attested))
            lines.append(self.say("check.attested", count=len(made.attested), organisations=who))
        return lines

    def score(self, case: Case) -> None:
        """The score interval, in numbers and on a scale with the mark."""
        made = case.assessment
        self.line()
        if not made.score_max:
            self.line(self.say("check.nothing_scored"), "bold")
            return
        text = score_text(made.score, made.mark, self.lang)
        key = "check.index" if case.programme.standard.aggregate == "index" else "check.score"
        self.line(self.say(key, score=text, max=number_text(made.score_max)), "bold")
        low, high = (_cells(end, made.score_max) for end in made.score)
        bar = Text("█" * low, "green")
        bar.append("▒" * (high - low), "yellow")
        bar.append("░" * (BAR - high), "dim")
        self.draw(Padding(bar, (0, 0, 0, 2)))
        if made.mark is not None:
            at = _cells(made.mark, made.score_max)
            self.line(" " * at + self.say("check.mark", mark=number_text(made.mark)), indent=2)

    def dimensions(self, case: Case) -> None:
        """What each dimension contributes to the total."""
        rows = [
            (
                dimension.number,
                case.programme.title(dimension.id, self.lang),
                interval_text(dimension.contribution, 2, self.lang),
                number_text(dimension.max, 2),
            )
            for dimension in case.assessment.dimensions
            if dimension.max
        ]
        if rows:
            self.line()
            most = "at_reference" if case.programme.standard.aggregate == "index" else "of"
            self.table(("number", "dimension", "score", most), rows, right=("score", most), fixed=("number", "score", most))

    def scored_years(self, case: Case) -> list[tuple[str, ...]]:
        """Every scored year of a dossier: its score, the same with every ratio capped, whether anything is lacking."""
        return [
            (
                case.dossier.id,
                str(year.year),
                score_text(year.score, case.assessment.mark, self.lang),
                interval_text(year.capped, lang=self.lang),
                say("statuses.yes" if year.complete else "statuses.no", self.lang),
            )
            for year in case.assessment.years
        ]

    def years(self, case: Case) -> None:
        """Every scored year and what is lacking of it; nothing where only one is scored."""
        years = case.assessment.years
        if not years:
            return
        self.heading("check.years", count=len(years))
        rows = [(*row, self.lacking(case, year)) for (_, *row), year in zip(self.scored_years(case), years, strict=True)]
        self.table(("year", "score", "capped", "complete", "missing"), rows, right=("score", "capped"), fixed=("year", "complete"))

    def lacking(self, case: Case, year: YearResult) -> str:
        """The items of a year that are not known, each with its reason, a line each."""
        open_ = (criterion for criterion in year.criteria if criterion.id in year.lacking)
        programme, lang = case.programme, self.lang
        return "\n".join(f"{c.number} {programme.title(c.id, lang)}: {reason_sentence(c.reason, programme, lang)}" for c in open_)

    def failed(self, case: Case) -> None:
        """Gates and required items not met: what stands against the applicant. Where nothing is scored, the optional ones too."""
        made, lang = case.assessment, self.lang
        gates = [gate for gate in made.gates if gate.status.value == "not_met"]
        missed = [c for c in made.criteria if c.status.value == "not_met"]
        required = [c for c in missed if c.kind == "required"]
        optional = [] if made.score_max else [c for c in missed if c.kind != "required"]
        for key, items in (("check.gates_failed", gates), ("check.required_failed", required), ("check.optional_failed", optional)):
            if items:
                self.heading(key, count=len(items))
                self.table(
                    ("number", "item", "why"),
                    [
                        (item.number or item.id, case.programme.title(item.id, lang), reason_sentence(item.reason, case.programme, lang))
                        for item in items
                    ],
                    fixed=("number",),
                )

    def missing(self, case: Case) -> None:
        """Everything open, by how much of the total hangs on it."""
        programme, lang = case.programme, self.lang
        open_ = gaps(case.assessment, programme)
        if not open_:
            return
        scored = bool(case.assessment.score_max)
        self.heading("check.missing" if scored else "check.missing_unscored", count=len(open_))
        rows = []
        for gap in open_:
            demand = programme.gates.get(gap.id) or programme.criteria[gap.id]
            why = prose(reason_sentence(gap.reason, programme, lang))
            if gap.reason.code in WITHOUT_PAPER and demand.evidence:
                why.append("\n" + self.say("check.papers", papers=self.say("comma").join(w.in_(lang) for w in demand.evidence)), "dim")
            worth = self.say("check.unbounded") if gap.worth is None else f"+{number_text(gap.worth, 2)}" if gap.worth else ""
            kind = self.say("check.gate") if gap.kind == "gate" else say(f"statuses.kind.{gap.kind}", lang)
            rows.append((gap.number or gap.id, demand.title.in_(lang), kind, why, *((worth,) if scored else ())))
        heads = ("number", "item", "kind", "missing", *(("worth",) if scored else ()))
        self.table(heads, rows, right=("worth",), fixed=("number", "kind", "worth"))

    def findings(self, case: Case) -> None:
        """What the rules concluded: what stands against the applicant first, with the facts it came from; classifications last."""
        found = [f for f in case.assessment.findings if not f.open or f.severity in AGAINST]
        if not found:
            return
        self.heading("check.findings", count=len(found))
        rows = []
        for finding in sorted(found, key=lambda f: (SEVERITIES.index(f.severity), f.open)):
            text = prose(finding_sentence(finding, case.programme, self.lang))
            if finding.severity in AGAINST:
                because = self.say("separator").join(because_sentences(finding, case.programme, self.lang))
                text.append("\n" + self.say("check.because", because=clean(because)), "dim")
            rows.append((say(f"statuses.severity.{finding.severity}", self.lang), finding.clause, text))
        self.table(("severity", "clause", "finding"), rows, fixed=("severity",))
        if hidden := len(case.assessment.findings) - len(found):
            self.line(self.say("check.open_findings", count=hidden), "dim")

    def checks(self, case: Case, *, named: bool = False) -> None:
        """Statements of a dossier that do not go together, each with its cells and what to do; by its id where there are several."""
        found = case.assessment.checks
        if not found:
            return
        self.heading("check.checks", count=len(found))
        if named:
            self.line(case.dossier.id, "bold", indent=2)
        for one in found:
            mark, colour = CHECK_MARKS[one.severity]
            head = prose(f"{mark} {say(f'checks.severity.{one.severity}', self.lang)}  ", colour)
            head.append(clean(check_sentence(one, case.programme, self.lang)), "not bold default")
            self.draw(Padding(head, (0, 0, 0, 2)))
            self.line(f"→ {check_advice(one, case.programme, self.lang)}", "dim", indent=4)

    def levels(self, case: Case) -> None:
        """The index of each level beside what it takes, and the limiting items that bar it or may."""
        rows = [
            (
                level.level,
                score_text(level.index, level.mark, self.lang),
                "—" if level.mark is None else number_text(level.mark),
                self.limiting(case, level.barred_by, level.open_by),
                say(f"statuses.{'yes' if level.reached else 'undetermined' if level.possible else 'no'}", self.lang),
            )
            for level in case.assessment.levels
        ]
        if rows:
            self.heading("check.levels")
            fixed = ("level", "index", "takes", "holds")
            self.table(("level", "index", "takes", "limiting", "holds"), rows, right=("index", "takes"), fixed=fixed)

    def limiting(self, case: Case, barred: Sequence[str], open_: Sequence[str]) -> str:
        """The limiting items that miss a level or may."""
        parts = []
        for key, names in (("barred_by", barred), ("open_by", open_)):
            if names:
                titles = self.say("comma").join(case.programme.title(name, self.lang) for name in names)
                parts.append(self.say(f"check.{key}", names=titles))
        return self.say("separator").join(parts)

    # --- explanations ---------------------------------------------------------------------------------------------

    def explanation(self, root: Explanation) -> None:
        """A derivation as a tree."""
        tree = Tree(_said(root, "bold"), guide_style="dim")
        _grow(tree, root.children)
        self.draw(tree)


def options_for(programme: Programme) -> str:
    """The options that say which programme of its scheme one is."""
    kind = f"--kind {programme.standard.kind}"
    return f"{kind} --standard {programme.edition}" if programme.one_of_several else kind


def _cells(end: Fraction | None, most: Fraction) -> int:
    """How many cells of the bar a number reaches."""
    return BAR if end is None else max(0, min(BAR, round(end / most * BAR)))


def _said(step: Explanation, style: str = "") -> Text:
    text = prose(step.label, style)
    return text.append(f"  {clean(step.text)}", "not bold") if step.text else text


def _grow(tree: Tree, steps: Iterable[Explanation]) -> None:
    for step in steps:
        branch = tree.add(_said(step, "cyan" if step.text or step.children else ""))
        _grow(branch, step.children)
