"""Where a dossier stands: what is missing and worth, how far every value is from its edges, how stable the outcome is, when it lapses."""

from __future__ import annotations

from dataclasses import dataclass

from engine.advise.calendar import Calendar, expiry_calendar
from engine.advise.cliffs import Cliff, MarkDistance, cliffs, mark_distances
from engine.advise.information import Missing, missing_things
from engine.advise.scene import Scene
from engine.advise.stability import Margin, Stability, margin_of, stability
from engine.assess.results import Assessment
from engine.dossier.schema import Dossier
from engine.ruleset.programme import Programme


@dataclass(frozen=True, slots=True)
class Outlook:
    """The outlook of one dossier: the result as it is, and everything that may change it."""

    now: Assessment
    missing: tuple[Missing, ...]
    cliffs: tuple[Cliff, ...]
    marks: tuple[MarkDistance, ...]
    stability: Stability
    calendar: Calendar


def outlook(programme: Programme, dossier: Dossier, basis: str = "declared", *, close: bool | None = None, error: str = "") -> Outlook:
    """The outlook of a dossier; ``error`` is the metering error in per cent, by default that of the data file.

    Raises Refused where the dossier does not fit the programme, or the error is no such number.
    """
    margin: Margin | None = margin_of(error) if error else None
    scene = Scene(programme, dossier, basis, close)
    return Outlook(
        scene.now,
        missing_things(scene),
        cliffs(scene),
        mark_distances(scene.now, programme),
        stability(scene, margin),
        expiry_calendar(scene),
    )
