"""One application as its applicant, the third party and the office see it: what came out, and what each reviewer changed.

A reviewer is held against who spoke before: the third party against the applicant, the office against the third party, or against
the applicant where no third party verified anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from engine.assess.compare_words import about
from engine.assess.results import Assessment, CriterionResult, Interval, Judged
from engine.assess.shares import shares
from engine.assess.split import NONE, Difference, minus, moved, plus
from engine.assess.statements import EVIDENCE, VALUES, Key, Statements, assess_statements, different
from engine.assess.views import stated_views, taken_over
from engine.dossier.schema import Dossier, Entry
from engine.rounds.names import Both
from engine.ruleset.programme import Programme

RAISED, CUT, SETTLED, OPENED, OTHER = "raised", "cut", "settled", "opened", "other"
DIRECTIONS = (CUT, OPENED, RAISED, SETTLED, OTHER)
"""What becomes of points: the most that can be reached falls or grows; more or less of it is certain; neither (a status alone)."""


@dataclass(frozen=True, slots=True)
class Head:
    """Whose application it is, as the store has it."""

    number: str
    name: str
    kind: str
    third_party: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came out in one view; ``most`` is the most the score can be, 0 where nothing is scored."""

    outcome: str
    tier: str
    tier_title: Both
    score: Interval
    most: Fraction
    mark: Fraction | None

    @property
    def verdict(self) -> tuple[str, str]:
        """Outcome and tier."""
        return self.outcome, self.tier


@dataclass(frozen=True, slots=True)
class ItemChange:
    """A gate or criterion that a reviewer judges otherwise; ``moved`` is its part of the total, None for gates and where none is known."""

    element: str
    number: str
    title: Both
    gate: bool
    status: tuple[str, str]
    moved: Difference | None


@dataclass(frozen=True, slots=True)
class StatementChange:
    """A statement on which a reviewer says something else, and what that alone does to the total.

    ``confirmed`` is False where the reviewer says nothing else but does not confirm what was declared. ``flips``: alone, it changes
    the outcome.
    """

    group: str
    name: str
    title: Both
    confirmed: bool
    moved: Difference
    flips: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What a reviewer changed of what was said before: of the total, of each item, of each statement."""

    reviewer: str
    before: str
    moved: Difference
    items: tuple[ItemChange, ...]
    statements: tuple[StatementChange, ...]

    @property
    def rest(self) -> Difference:
        """What of the total's difference no listed item accounts for: points that move because others do not apply any more."""
        return minus(self.moved, plus(item.moved for item in self.items if item.moved is not None))


@dataclass(frozen=True, slots=True)
class Compared:
    """An application: its results by view (those that there are, in order) and a step for each reviewer."""

    head: Head
    ruleset: str
    standard: Both
    results: Mapping[str, Result]
    steps: tuple[Step, ...]

    @property
    def outcomes(self) -> tuple[tuple[str, str], ...]:
        """The views with their outcomes, one after the other."""
        return tuple((view, result.outcome) for view, result in self.results.items())

    @property
    def differs(self) -> bool:
        """Whether the views do not all come to the same, in any item, the total, the outcome or the tier."""
        return any(step.items or step.moved != NONE for step in self.steps) or len({one.verdict for one in self.results.values()}) > 1


def compared(programme: Programme, dossier: Dossier, rechecks: Sequence[Dossier], head: Head) -> Compared:
    """An application with the office's checks of it, in their order. Raises Refused."""
    stated = stated_views(programme, dossier, rechecks)
    made = {view: assess_statements(one, dossier, programme) for view, one in stated.items()}
    steps = tuple(_Step(programme, dossier, stated, made, pair).step() for pair in pairwise(stated))
    title = programme.standard.title
    standard = title.in_("zh"), title.in_("en")
    results = {view: _result(one, programme) for view, one in made.items()}
    return Compared(head, programme.ruleset_identity.id, standard, results, steps)


def direction(change: Difference | None) -> str:
    """What becomes of the points of an item: by the most that can be reached, then by what is certain."""
    if change is None:
        return OTHER
    low, high = change
    if high is None or not high:
        up, down = (RAISED, CUT) if high is None else (SETTLED, OPENED)
        return up if low > 0 else down if low < 0 else OTHER
    return RAISED if high > 0 else CUT


def _result(made: Assessment, programme: Programme) -> Result:
    found = made.determination
    title = programme.tier_title(found.tier, "zh"), programme.tier_title(found.tier, "en")
    return Result(found.outcome, found.tier or "", title, made.score, made.score_max, made.mark)


class _Step:
    """From one view of a dossier to the next."""

    def __init__(
        self,
        programme: Programme,
        dossier: Dossier,
        stated: Mapping[str, Statements],
        made: Mapping[str, Assessment],
        pair: tuple[str, str],
    ) -> None:
        self.programme, self.dossier, self.pair = programme, dossier, pair
        self.stated = [stated[view] for view in pair]
        self.made = [made[view] for view in pair]

    def step(self) -> Step:
        """Everything that the later view changes."""
        before, reviewer = self.pair
        one, other = self.made
        return Step(reviewer, before, moved(one.score, other.score), tuple(self.items()), tuple(self.statements()))

    def items(self) -> list[ItemChange]:
        """The gates and criteria that are judged otherwise, in the order of the ruleset."""
        one, other = ({item.id: item for item in made.judged} for made in self.made)
        parts = [shares(made, self.programme) for made in self.made]
        found = []
        for name, was in one.items():
            is_ = other[name]
            if _judged(was) != _judged(is_):
                known = all(name in part for part in parts)
                change = moved(parts[0][name], parts[1][name]) if known else None
                gate = name in self.programme.gates
                number = (self.programme.gates.get(name) or self.programme.criteria[name]).number or ""
                found.append(ItemChange(name, number, self._title(name), gate, (was.status.value, is_.status.value), change))
        return found

    def statements(self) -> list[StatementChange]:
        """The statements that are not the same, each with its effect alone."""
        one, other = self.stated
        return [self.statement(key) for key in different(one, other, (*VALUES, *EVIDENCE))]

    def statement(self, key: Key) -> StatementChange:
        """A statement of the later view taken over into the earlier."""
        before, content = self.made[0], self.stated[1].get(key)
        made = assess_statements(taken_over(self.stated[0], self.stated[1], key), self.dossier, self.programme)
        unsaid = isinstance(content, Entry) and content.declared is not None and content.verified is None
        flips = made.determination.outcome != before.determination.outcome
        return StatementChange(key.group, key.name, self._about(key), not unsaid, moved(before.score, made.score), flips)

    def _title(self, name: str) -> Both:
        return self.programme.title(name, "zh"), self.programme.title(name, "en")

    def _about(self, key: Key) -> Both:
        """What a statement is about; a document by its own id."""
        if key.group == "document":
            return key.name, key.name
        return about(key, "", "", self.programme, "zh"), about(key, "", "", self.programme, "en")


def _judged(item: Judged) -> tuple[object, Interval | None]:
    return item.status, item.points if isinstance(item, CriterionResult) else None
