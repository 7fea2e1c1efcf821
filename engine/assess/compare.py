"""Why two assessments differ: the difference of the totals split exactly into changes of values, of evidence and of rules.

Between the two stand all mixtures: the values of one with the evidence of the other under the rules of either. Each is assessed
as it stands, and :mod:`engine.assess.split` makes the parts from them, for the total and for every criterion's share of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.assess.assess import assess_dossier
from engine.assess.changed import Changed, changed
from engine.assess.effect import carried_over, fitted
from engine.assess.results import Assessment, CriterionResult, Interval, Judged
from engine.assess.shares import NOTHING, shares
from engine.assess.split import NO_CHANGE, PARTS, Made, Split, minus, plus, possible_orders, split
from engine.assess.statements import (
    EVIDENCE,
    VALUES,
    Key,
    Statements,
    Subject,
    assess_statements,
    different,
    dossier_of,
    statements,
    with_what_only_they_ask,
    without_misfits,
)
from engine.dossier.schema import Dossier
from engine.problems import ProblemList, Refused, Where
from engine.ruleset.diff import RulesetDiff, ruleset_diff
from engine.ruleset.matching import Pair
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Words


@dataclass(frozen=True, slots=True)
class ItemSplit:
    """A gate or criterion that differs: both sides (None where it does not stand there) and its share of the total's difference.

    ``alone`` is the status that each kind of change by itself gives, None where that cannot be said or the item does not stand.
    """

    before: str | None
    after: str | None
    number: str
    title: Words
    status: tuple[str | None, str | None]
    points: tuple[Interval | None, Interval | None]
    share: Split
    alone: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class State:
    """One mixture: which kinds of change are made, and what comes out."""

    made: tuple[str, ...]
    outcome: str
    tier: str | None
    score: Interval


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two assessments and what makes them differ.

    ``rest`` is what no criterion's share accounts for (levels without known weights). ``orders`` counts the orders that the parts
    are the mean of. ``unread`` are the statements that the other side's rules cannot read and that count as not made under them.
    """

    before: Assessment
    after: Assessment
    total: Split
    items: tuple[ItemSplit, ...]
    rest: Split
    states: tuple[State, ...]
    changed: tuple[Changed, ...]
    rules: RulesetDiff | None
    orders: int
    unread: tuple[str, ...]


def compare(before: Subject, after: Subject) -> Comparison:
    """The comparison of two dossiers, or of one on two bases or under two programmes.

    Raises Refused where a side does not fit its programme, where the kinds differ, or where no mixture can be assessed.
    """
    return _Mixtures(before, after).comparison()


class _Mixtures:
    """All mixtures of two sides; each is assessed once."""

    def __init__(self, before: Subject, after: Subject) -> None:
        self.before, self.after = before, after
        self.unread: dict[str, None] = {}
        self._states: dict[Made, Assessment | None] = {}
        self._shares: dict[Made, Mapping[str, Interval]] = {}
        self.rules = ruleset_diff(before.programme, after.programme) if _rules(before) != _rules(after) else None
        self.renames = carried_over(before.programme, after.programme, self.rules) if self.rules else {}

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of change that there are; what both say alike in the words of either ruleset is no change."""
        sides = (self.after, self.before) if self.rules else (self.after,)
        pairs = [(self.stated(False, rules), self.stated(True, rules)) for rules in sides]
        there = (*(all(different(*pair, groups) for pair in pairs) for groups in (VALUES, EVIDENCE)), self.rules is not None)
        return tuple(part for part, found in zip(PARTS, there, strict=True) if found)

    def at(self, made: Made) -> Assessment | None:
        """The assessment of a mixture; None where its rules cannot take it."""
        if made not in self._states:
            self._states[made] = self._assessed(made)
        return self._states[made]

    def _assessed(self, made: Made) -> Assessment | None:
        side = self.after if self.later(made) else self.before
        values, evidence = (self.stated(part in made, side) for part in ("values", "evidence"))
        mixed = {key: content for key, content in values.items() if key.group in VALUES}
        mixed |= {key: content for key, content in evidence.items() if key.group in EVIDENCE}
        if made == NO_CHANGE or made == frozenset(self.kinds):
            return assess_statements(mixed, side.dossier, side.programme)
        try:
            return assess_dossier(side.programme, self.readable(dossier_of(mixed, side.dossier), side.programme), "verified")
        except Refused:
            return None

    def readable(self, dossier: Dossier, programme: Programme) -> Dossier:
        """A dossier without what a programme cannot read of it, which is noted."""
        read, unread = without_misfits(dossier, programme)
        self.unread |= dict.fromkeys(unread)
        return read

    def stated(self, later: bool, rules: Subject) -> Statements:
        """What one of the two dossiers states, in the words of one of the two rulesets.

        What only those rules ask for could not have been stated under the others, so it comes with the rules, from the other side.
        """
        side = self.after if later else self.before
        if self.rules is None or side is rules:
            return statements(side.dossier, side.basis, side.closed)
        renames = {new: old for old, new in self.renames.items()} if later else self.renames
        dossier = self.readable(fitted(side.dossier, rules.programme, renames), rules.programme)
        own = statements(dossier, side.basis, side.closed)
        back = {new: old for old, new in renames.items()}
        return with_what_only_they_ask(own, statements(rules.dossier, rules.basis, rules.closed), side.programme, back)

    def known(self, made: Made) -> bool:
        """Whether a mixture can be assessed."""
        return self.at(made) is not None

    def assessed(self, made: Made) -> Assessment:
        """The assessment of a mixture that can be assessed."""
        found = self.at(made)
        assert found is not None
        return found

    def share(self, pair: Pair | None, made: Made) -> Interval:
        """What a criterion contributes to the total in a mixture."""
        if made not in self._shares:
            self._shares[made] = shares(self.assessed(made), self.programme(made))
        name = "" if pair is None else pair.after if self.later(made) else pair.before
        return self._shares[made].get(name, NOTHING)

    def later(self, made: Made) -> bool:
        """Whether a mixture is under the later rules; without a change of rules they are the earlier ones too."""
        return "rules" in made or self.rules is None

    def programme(self, made: Made) -> Programme:
        """The programme of a mixture."""
        return (self.after if self.later(made) else self.before).programme

    # --- putting together ---------------------------------------------------------------------------------------------

    def comparison(self) -> Comparison:
        """Everything that differs."""
        before, after = self.before.assessed(), self.after.assessed()
        orders = possible_orders(self.kinds, self.known)
        if not orders:
            problems = ProblemList()
            problems.error("compare_no_order", Where(path=after.scheme.id), before=before.scheme.id, after=after.scheme.id)
            problems.refuse_if_errors()

        def apart(value: Callable[[Made], Interval]) -> Split:
            return split(value, orders, self.known)

        total = apart(lambda made: self.assessed(made).score)
        items = [self.item(pair, apart) for pair in self.pairs()]
        return Comparison(
            before=before,
            after=after,
            total=total,
            items=tuple(item for item in items if _differs(item)),
            rest=_rest(total, [item.share for item in items]),
            states=tuple(self.state(made) for made in self.made() if self.known(made)),
            changed=self.changed(),
            rules=self.rules,
            orders=len(orders),
            unread=tuple(self.unread),
        )

    def made(self) -> list[Made]:
        """All mixtures, those with fewer changes first."""
        found: list[Made] = [NO_CHANGE]
        for part in self.kinds:
            found += [made | {part} for made in found]
        return sorted(found, key=len)

    def state(self, made: Made) -> State:
        """A mixture as it is reported."""
        found = self.assessed(made)
        parts = tuple(part for part in PARTS if part in made)
        return State(parts, found.determination.outcome, found.determination.tier, found.score)

    def pairs(self) -> list[Pair]:
        """Gates and criteria of both sides; one that stands on one side only has no name on the other."""
        names = {side: [item.id for item in made.judged] for side, made in (("before", self.at(NO_CHANGE)), ("after", self.last)) if made}
        if self.rules is None:
            return [Pair(name, name, "id") for name in names["after"]]
        known = {pair.after: pair for pair in self.rules.pairs["demands"]}
        taken = {pair.before for pair in known.values()}
        found = [known.get(name, Pair("", name, "")) for name in names["after"]]
        return [*found, *(Pair(name, "", "") for name in names["before"] if name not in taken)]

    @property
    def last(self) -> Assessment:
        """Everything changed."""
        return self.assessed(frozenset(self.kinds))

    def item(self, pair: Pair, apart: Callable[[Callable[[Made], Interval]], Split]) -> ItemSplit:
        """A gate or criterion with its share of the difference."""
        old, new = self.result(pair, NO_CHANGE), self.result(pair, frozenset(self.kinds))
        programme, name = (self.after.programme, pair.after) if pair.after else (self.before.programme, pair.before)
        demand = programme.gates.get(name) or programme.criteria[name]
        return ItemSplit(
            before=pair.before or None,
            after=pair.after or None,
            number=demand.number or "",
            title=demand.title,
            status=(_status(old), _status(new)),
            points=(_points(old), _points(new)),
            share=apart(lambda made: self.share(pair, made)),
            alone={part: self.alone(pair, part) for part in PARTS},
        )

    def alone(self, pair: Pair, part: str) -> str | None:
        """The status that a kind of change by itself gives."""
        made = frozenset({part} & set(self.kinds))
        return _status(self.result(pair, made)) if self.known(made) else None

    def result(self, pair: Pair, made: Made) -> Judged | None:
        """A gate or criterion in a mixture."""
        name = pair.after if self.later(made) else pair.before
        return next((item for item in self.assessed(made).judged if item.id == name), None)

    def changed(self) -> tuple[Changed, ...]:
        """The statements that differ, in the words of the later rules."""
        first, last = self.stated(False, self.after), self.stated(True, self.after)
        programme = self.after.programme
        keys: list[Key] = different(first, last, (*VALUES, *EVIDENCE))
        return tuple(one for key in keys for one in changed(key, first.get(key), last.get(key), programme))


def _rules(side: Subject) -> tuple[object, ...]:
    programme = side.programme
    return (programme.ruleset_identity, programme.scheme_identity)


def _status(item: Judged | None) -> str | None:
    return item.status.value if item else None


def _points(item: Judged | None) -> Interval | None:
    return item.points if isinstance(item, CriterionResult) else None


def _differs(item: ItemSplit) -> bool:
    return item.status[0] != item.status[1] or item.points[0] != item.points[1] or not item.share.nothing


def _rest(total: Split, items: list[Split]) -> Split:
    """What the shares of the criteria do not account for."""
    alone = {}
    for part, whole in total.alone.items():
        single = [item.alone[part] for item in items]
        alone[part] = None if whole is None else minus(whole, plus(one for one in single if one is not None))
    parts = {part: minus(whole, plus(item.parts[part] for item in items)) for part, whole in total.parts.items()}
    return Split(minus(total.total, plus(item.total for item in items)), parts, alone)


def dossier_under(dossier: Dossier, own: Programme, other: Programme) -> tuple[Dossier, tuple[str, ...]]:
    """A dossier as far as another programme than its own can read it, and the names of what it cannot.

    What the dossier states follows renamed elements. Raises Refused where the kinds differ.
    """
    renames = carried_over(own, other, ruleset_diff(own, other))
    return without_misfits(fitted(dossier, other, renames), other)
