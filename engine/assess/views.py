"""One application as three see it: the applicant, the third party, the office that checks again; and which difference decides.

Everything is assessed by the same rules as of the same day. A difference is one statement (an input, a table, an answer, a document
or what documents are brought for). Its effect is what comes out when it alone is taken over into the applicant's own view; differences
are ordered by that, those that change the outcome first, and then taken over one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.assess.changed import NOWHERE, cells_of
from engine.assess.results import Assessment, CriterionResult, Interval, Judged
from engine.assess.shares import shares
from engine.assess.split import Difference, moved
from engine.assess.statements import EVIDENCE, VALUES, Key, Statements, Subject, assess_statements, different, statements
from engine.dossier.bind import has_verified
from engine.dossier.schema import Dossier, Entry, TableEntry
from engine.problems import Where
from engine.ruleset.programme import Programme

SELF, THIRD_PARTY, OFFICE = "self", "third_party", "office"


@dataclass(frozen=True, slots=True)
class Said:
    """One cell of a statement that the views do not agree on: its row and field, and by view its text (None: not stated) and place."""

    row: str
    field: str
    texts: Mapping[str, str | None]
    where: Mapping[str, Where]


@dataclass(frozen=True, slots=True)
class Effect:
    """What comes out of the applicant's view with something taken over: the outcome, and by how much the total moves."""

    outcome: str
    tier: str | None
    moved: Difference


@dataclass(frozen=True, slots=True)
class Disputed:
    """A statement that the views do not agree on.

    ``alone`` is its effect by reviewing view; ``together`` that of it and all before it, as the last view has them.
    """

    key: Key
    said: tuple[Said, ...]
    alone: Mapping[str, Effect]
    together: Effect
    flips: bool


@dataclass(frozen=True, slots=True)
class ItemViews:
    """A gate or criterion that the views judge differently: status, points and share of the total by view."""

    id: str
    status: Mapping[str, str]
    points: Mapping[str, Interval]
    share: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Views:
    """The assessments by view, the statements in dispute in the order of their effect, the items that come out differently."""

    assessments: Mapping[str, Assessment]
    disputed: tuple[Disputed, ...]
    items: tuple[ItemViews, ...]

    @property
    def last(self) -> str:
        """The view that has the last word."""
        return list(self.assessments)[-1]


def side_by_side(programme: Programme, dossier: Dossier, rechecks: Sequence[Dossier] = (), *, close: bool | None = None) -> Views:
    """The applicant's, the third party's and the office's view of one dossier; without their entries, a view is missing.

    ``rechecks`` are what the office found, in its order: what they do not speak of stays as it was seen before. Raises Refused.
    """
    return _Views(programme, dossier, stated_views(programme, dossier, rechecks, close)).views()


def stated_views(
    programme: Programme, dossier: Dossier, rechecks: Sequence[Dossier] = (), close: bool | None = None
) -> dict[str, Statements]:
    """What each of the three states of one dossier, in their order."""
    stated: dict[str, Statements] = {SELF: statements(dossier, "declared", closed=False)}
    if has_verified(dossier):
        stated[THIRD_PARTY] = statements(dossier, "verified", Subject(programme, dossier, "verified", close).closed)
    for recheck in rechecks:
        stated[OFFICE] = rechecked(list(stated.values())[-1], recheck)
    return stated


def rechecked(before: Statements, recheck: Dossier) -> Statements:
    """What stands after a re-check: what the office found, and everything else as it was."""
    found = dict(before)
    for key, content in statements(recheck, "verified" if has_verified(recheck) else "declared", closed=False).items():
        match content:
            case Entry():
                speaks = content.verified is not None or (content.declared is None and bool(content.reason))
            case TableEntry():
                speaks = content.verified and bool(content.rows)
            case _:
                speaks = key.group in EVIDENCE and key.group != "standing" and bool(content)
        if speaks:
            found[key] = content
    return found


class _Views:
    """All views of one dossier."""

    def __init__(self, programme: Programme, dossier: Dossier, stated: Mapping[str, Statements]) -> None:
        self.programme, self.dossier, self.stated = programme, dossier, stated
        self.assessments = {view: self.assessed(one) for view, one in stated.items()}
        self.own, self.last = stated[SELF], list(stated)[-1]

    def assessed(self, stated: Statements) -> Assessment:
        """What comes out of some statements."""
        return assess_statements(stated, self.dossier, self.programme)

    def views(self) -> Views:
        """Everything side by side."""
        return Views(self.assessments, self.disputed(), self.items())

    def disputed(self) -> tuple[Disputed, ...]:
        """The statements that the views do not agree on, ordered by their effect."""
        keys = dict.fromkeys(key for one in self.stated.values() for key in different(self.own, one, (*VALUES, *EVIDENCE)))
        alone = {key: self.alone(key) for key in keys}
        ordered = sorted(keys, key=lambda key: self.weight(list(alone[key].values())))
        found: list[Disputed] = []
        standing = self.own
        for key in ordered:
            standing = taken_over(standing, self.stated[self.last], key)
            flips = any(effect.outcome != self.outcome for effect in alone[key].values())
            found.append(Disputed(key, self.said(key), alone[key], self.effect(standing), flips))
        return tuple(found)

    @property
    def outcome(self) -> str:
        """What the applicant's own view comes to."""
        return self.assessments[SELF].determination.outcome

    def alone(self, key: Key) -> dict[str, Effect]:
        """The effect of one statement by the views that do not agree with the applicant about it."""
        others = {view: one for view, one in self.stated.items() if one.get(key) != self.own.get(key)}
        return {view: self.effect(taken_over(self.own, one, key)) for view, one in others.items()}

    def effect(self, stated: Statements) -> Effect:
        """What some statements come to, against the applicant's view."""
        made = self.assessed(stated)
        return Effect(made.determination.outcome, made.determination.tier, moved(self.assessments[SELF].score, made.score))

    def weight(self, effects: Sequence[Effect]) -> tuple[bool, Fraction, Fraction]:
        """Those that change the outcome first, then those that move the total most."""
        lows = [abs(effect.moved.low) for effect in effects]
        highs = [abs(effect.moved.high) for effect in effects if effect.moved.high is not None]
        return all(effect.outcome == self.outcome for effect in effects), -max(lows), -max(highs, default=Fraction(0))

    def said(self, key: Key) -> tuple[Said, ...]:
        """The cells of a statement that the views do not agree on."""
        cells = {view: cells_of(key, one.get(key), self.programme) for view, one in self.stated.items()}
        found = []
        for place in dict.fromkeys(place for one in cells.values() for place in one):
            both = {view: one.get(place, (None, NOWHERE)) for view, one in cells.items()}
            texts = {view: text for view, (text, _) in both.items()}
            if len(set(texts.values())) > 1:
                found.append(Said(*place, texts, {view: where for view, (_, where) in both.items()}))
        return tuple(found)

    def items(self) -> tuple[ItemViews, ...]:
        """Gates, then criteria by how far their shares of the total lie apart, where the views judge them differently."""
        judged = {view: {item.id: item for item in made.judged} for view, made in self.assessments.items()}
        parts = {view: shares(made, self.programme) for view, made in self.assessments.items()}
        found = []
        for name in judged[SELF]:
            seen = {view: items[name] for view, items in judged.items()}
            if len({(item.status, _points(item)) for item in seen.values()}) > 1:
                status = {view: item.status.value for view, item in seen.items()}
                points = {view: item.points for view, item in seen.items() if isinstance(item, CriterionResult)}
                found.append(ItemViews(name, status, points, {view: part[name] for view, part in parts.items() if name in part}))
        return tuple(sorted(found, key=_apart))


def _points(item: Judged) -> Interval | None:
    return item.points if isinstance(item, CriterionResult) else None


def _apart(item: ItemViews) -> tuple[bool, Fraction]:
    lows = [share.low for share in item.share.values()]
    return bool(item.points), min(lows) - max(lows) if lows else Fraction(0)


def taken_over(stated: Statements, other: Statements, key: Key) -> Statements:
    """Some statements with one as another view has it, together with the documents it needs."""
    found = {name: content for name, content in stated.items() if name != key}
    if key not in other:
        return found
    cited = (Key("document", ref.id) for ref in other[key]) if key.group.endswith("_evidence") else ()
    documents = {name: other[name] for name in cited if name not in found and name in other}
    return {**found, **documents, key: other[key]}
