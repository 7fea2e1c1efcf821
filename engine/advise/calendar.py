"""When documents end, which items lapse with them, and from which day today's outcome would no longer stand.

Each day on which something ends is assessed for real: the same dossier under the same rules, as of that day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from engine.advise.scene import Scene
from engine.advise.stability import same
from engine.assess.assess import assess_bound
from engine.assess.results import Assessment, CriterionResult, Interval, Judged, Status
from engine.dossier.bind import Bound


@dataclass(frozen=True, slots=True)
class Lapse:
    """The first day on which some documents no longer count: the items that turn on that day, and what then comes out."""

    day: str
    documents: tuple[str, ...]
    items: tuple[str, ...]
    outcome: str
    tier: str | None
    score: Interval
    stands: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """Every day on which a document ends, in order; ``expired`` are the documents that have ended already."""

    lapses: tuple[Lapse, ...]
    expired: tuple[str, ...]

    @property
    def first(self) -> Lapse | None:
        """The first day on which today's outcome no longer stands; None where no document's end changes it."""
        return next((lapse for lapse in self.lapses if not lapse.stands), None)


def expiry_calendar(scene: Scene) -> Calendar:
    """The calendar of a dossier, from the day of its application on."""
    today = scene.dossier.application_date
    ends: dict[str, list[str]] = {}
    for document in scene.dossier.evidence:
        if document.valid_until and document.valid_until >= today and document.valid_until < date.max.isoformat():
            ends.setdefault(_day_after(document.valid_until), []).append(document.id)
    expired = tuple(document.id for document in scene.dossier.evidence if document.valid_until and document.valid_until < today)
    found: list[Lapse] = []
    before = scene.now
    for day in sorted(ends):
        then = assess_bound(_as_of(scene, day), scene.basis, close=scene.close, like=scene.run)
        outcome = then.determination
        found.append(Lapse(day, tuple(ends[day]), _turned(before, then), outcome.outcome, outcome.tier, then.score, same(scene.now, then)))
        before = then
    return Calendar(tuple(found), expired)


def _as_of(scene: Scene, day: str) -> Bound:
    """The dossier as if it were handed in on another day."""
    side = scene.bound.side(scene.basis)
    return scene.bound_with(replace(side, values={**side.values, "application_date": day}), replace(scene.dossier, application_date=day))


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _turned(before: Assessment, then: Assessment) -> tuple[str, ...]:
    """The items that stood before and do so no longer."""
    earlier = {result.id: result for result in before.judged}
    return tuple(result.id for result in then.judged if _worse(earlier[result.id], result))


def _worse(one: Judged, other: Judged) -> bool:
    if isinstance(one, CriterionResult) and isinstance(other, CriterionResult) and other.points.low < one.points.low:
        return True
    return one.status is Status.MET and other.status is not Status.MET
