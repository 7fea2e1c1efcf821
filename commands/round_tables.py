"""What the commands of rounds draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from commands.tables import OUTCOMES, Tables
from engine import interval_text, ruleset_of, say

if TYPE_CHECKING:
    from pathlib import Path

    from engine import Application, Made, Names, Placing, RoundBook, Submission

_SUBMISSIONS = {"accepted": ("✓", "green"), "replaced": ("✓", "green"), "duplicate": ("=", "cyan"), "refused": ("✗", "red")}
_DECISIONS = {"certify": "round.decision_certify", "decline": "round.decision_decline", "": "round.decision_none"}


class RoundTables(Tables):
    """Draws what the commands of rounds show."""

    def submissions(self, found: Sequence[Submission]) -> None:
        """One row for each file that was handed in, then how many came to what."""
        rows = [(one.file, self._submission(one), one.number or "—", str(one.version or "—"), one.applicant or "—") for one in found]
        self.table(("file", "submission", "application", "version", "applicant"), rows, fixed=("application",))
        counts = Counter(one.outcome for one in found)
        words = [f"{say(f'rounds.submission.{outcome}', self.lang)} {counts[outcome]}" for outcome in _SUBMISSIONS if counts[outcome]]
        self.line(self.say("comma").join(words) or self.say("round.nothing"))

    def _submission(self, one: Submission) -> Text:
        mark, colour = _SUBMISSIONS[one.outcome]
        return Text(f"{mark} {say(f'rounds.submission.{one.outcome}', self.lang)}", f"bold {colour}")

    def rounds(self, found: Sequence[tuple[str, str, str, int]]) -> None:
        """One row for each round: name, scheme, state, how many applications."""
        rows = [(name, scheme, say(f"rounds.state.{state}", self.lang), str(count)) for name, scheme, state, count in found]
        self.table(("round", "scheme", "round_state", "applications"), rows, right=("applications",), fixed=("round",))

    def status(self, book: RoundBook, names: Names) -> None:
        """How a round stands, and each of its applications."""
        self.line(f"{book.round} · {book.scheme} · {say(f'rounds.state.{book.state}', self.lang)}", "bold")
        self.line(self.say("round.since", day=book.opened_on, applications=len(book.applications)), "dim")
        rows = [self._application(one, names) for one in book.applications]
        self.table(
            ("application", "applicant", "district", "round_state", "outcome", "score", "rank"),
            rows,
            right=("score", "rank"),
            fixed=("application", "score"),
        )

    def reviewers(self, book: RoundBook) -> None:
        """Who reviews each application."""
        rows = [
            (one.number, one.name, self.say("comma").join(one.reviewers) or "—") for one in book.applications if one.state != "withdrawn"
        ]
        self.table(("application", "applicant", "reviewers"), rows, fixed=("application",))

    def placings(self, found: Sequence[Placing], book: RoundBook, names: Names) -> None:
        """Each rank within its group, whether it is within the quota, and why."""
        applications = {one.number: one for one in book.applications}
        rows = []
        for placing in found:
            one = applications[placing.number]
            group = names.district(one.district, self.lang), names.tier(ruleset_of(one), one.tier, self.lang)
            why = self.say("separator").join(each.sentence(self.lang) for each in (placing.reason, *placing.notes))
            score = "—" if one.score is None else interval_text(one.score, lang=self.lang)
            rows.append((placing.number, one.name, " · ".join(filter(None, group)) or "—", str(placing.rank or "—"), score, why))
        self.table(
            ("application", "applicant", "district", "rank", "score", "why"),
            rows,
            right=("rank", "score"),
            fixed=("application", "rank", "score"),
        )

    def decisions(self, book: RoundBook, names: Names) -> None:
        """The list: who is certified, who is not, and what the office decided otherwise."""
        rows = []
        for one in book.applications:
            decision = self.say(_DECISIONS[one.decision])
            district = names.district(one.district, self.lang) or "—"
            rows.append((one.number, one.name, district, str(one.rank or "—"), decision, one.reason or "—"))
        self.table(("application", "applicant", "district", "rank", "decision", "why"), rows, right=("rank",), fixed=("application",))

    def certificates(self, made: Sequence[Made], folder: Path) -> None:
        """The certificates that were issued."""
        self.table(("application", "certificate", "until"), [(one.application, one.number, one.valid_until) for one in made])
        self.line(self.say("round.issued", count=len(made), folder=folder))

    def _application(self, one: Application, names: Names) -> tuple[str | Text, ...]:
        outcome: str | Text = "—"
        if one.outcome:
            mark, colour = OUTCOMES[one.outcome]
            outcome = Text(f"{mark} {say(f'statuses.outcome.{one.outcome}', self.lang)}", f"bold {colour}")
        score = "—" if one.score is None else interval_text(one.score, lang=self.lang)
        state = say(f"rounds.state.{one.state}", self.lang)
        return one.number, one.name, names.district(one.district, self.lang) or "—", state, outcome, score, str(one.rank or "—")
