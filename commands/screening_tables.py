"""What the command ``round screen`` draws."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.padding import Padding

from commands.screen import Screen, clean, prose
from engine import innocent_sentence, inspection_rows, say, signal_sentence

if TYPE_CHECKING:
    from engine import RoundScreening, Screening, Signal

_MARKS = {"strong": ("‼", "red"), "look": ("!", "yellow"), "note": ("·", "cyan")}
"""Mark and colour of each severity, the heaviest first."""
_NUMBERS = 6
"""So many applications of a signal are named; files have all of them."""


class ScreeningTables(Screen):
    """Draws what screening found."""

    def screening(self, found: RoundScreening, least: str, first: int) -> None:
        """Signals down to a severity, the heaviest first, then the first items to inspect."""
        screening = found.screening
        self.line(found.title(self.lang), "bold")
        self.line(self.say("screening.size", cases=screening.cases, history=screening.history, version=screening.version), "dim")
        if found.unassessed:
            self.line(self.say("screening.unassessed", count=len(found.unassessed)), "yellow")
        if found.year_limit is None:
            self.line(self.say("screening.no_limit"), "dim")
        self._signals(screening, least)
        self._inspections(screening, first)

    def _signals(self, screening: Screening, least: str) -> None:
        words = {severity: say(f"screening.severity.{severity}", self.lang) for severity in _MARKS}
        counts = Counter(signal.severity for signal in screening.signals)
        told = (self.say("screening.severity", severity=word, count=counts[severity]) for severity, word in words.items())
        self.heading("screening.signals", counts=self.say("separator").join(told))
        shown = list(_MARKS)[: list(_MARKS).index(least) + 1]
        for signal in screening.signals:
            if signal.severity in shown:
                self._signal(signal, screening, words[signal.severity])
        for severity in _MARKS:
            if severity not in shown and counts[severity]:
                left = {"severity": words[severity], "count": counts[severity], "option": severity}
                self.line(self.say("screening.left_out", **left), "dim")

    def _signal(self, signal: Signal, screening: Screening, word: str) -> None:
        mark, colour = _MARKS[signal.severity]
        head = prose(f"{mark} {word}  {say(f'screening.screen.{signal.screen}', self.lang)}", colour)
        head.append(f"  {clean(self._numbers(signal.numbers))}", "dim")
        self.draw(Padding(head, (0, 0, 0, 2)))
        self.line(signal_sentence(signal, screening.ratios, self.lang), indent=4)
        if innocent := innocent_sentence(signal, self.lang):
            self.line(self.say("screening.innocent", reason=innocent), "dim", indent=4)

    def _numbers(self, numbers: tuple[str, ...]) -> str:
        named = self.say("comma").join(numbers[:_NUMBERS])
        return named if len(numbers) <= _NUMBERS else self.say("screening.more_numbers", numbers=named, count=len(numbers))

    def _inspections(self, screening: Screening, first: int) -> None:
        self.heading("screening.inspections", count=len(screening.inspections))
        for place, number, applicant, item, _, _, reason in inspection_rows(screening, self.lang, first):
            head = prose(f"{place:>3}  {item}", "bold")
            head.append(f"  {clean(f'{number} {applicant}')}", "dim")
            self.draw(head)
            self.line(reason, indent=5)
        left = len(screening.inspections) - first
        if left > 0:
            self.line(self.say("screening.more", count=left), "dim")
