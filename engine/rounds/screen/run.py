"""A whole round screened: every screen over its applications and those of earlier rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from engine.rounds.screen.case import Case, in_order
from engine.rounds.screen.conflict import Tie, conflict_signals
from engine.rounds.screen.copies import copies_signals
from engine.rounds.screen.digits import digits_signals
from engine.rounds.screen.inspection import Inspection, inspections
from engine.rounds.screen.jumps import jumps_signals
from engine.rounds.screen.lenient import lenient_signals
from engine.rounds.screen.sector import sector_signals
from engine.rounds.screen.settings import ScreenRatio, Settings, load_settings
from engine.rounds.screen.signal import Signal, listed
from engine.rounds.screen.yearly import yearly_signals


@dataclass(frozen=True, slots=True)
class Screening:
    """What screening found: signals, the heaviest first; what to inspect, in that order; the size of what was looked at; the version of
    the settings; the names of the round's applicants by application.
    """

    signals: tuple[Signal, ...]
    inspections: tuple[Inspection, ...]
    cases: int
    history: int
    version: str
    ratios: tuple[ScreenRatio, ...] = ()
    applicants: Mapping[str, str] = field(default_factory=dict)


def screen_round(
    cases: Sequence[Case],
    history: Sequence[Case] = (),
    *,
    settings: Settings | None = None,
    year_limit: int | None = None,
    ties: Sequence[Tie] = (),
    edges: Mapping[str, Fraction] | None = None,
    costs: Mapping[str, Fraction] | None = None,
) -> Screening:
    """Screen a round; ``history`` holds the applications of earlier rounds, in any order.

    ``year_limit`` is how many applications a third-party body may assess in a calendar year, None where there is no limit; ``ties`` are
    known ties between people or bodies and applicants; ``edges`` and ``costs`` are those of :func:`inspections`. Nothing of it changes a
    verdict. Raises Refused where the settings are wrong.
    """
    known = settings or load_settings()
    looked_at = in_order(cases)
    here = {case.key for case in looked_at}
    earlier = tuple(case for case in in_order(history) if case.key not in here)
    found: list[Signal] = [
        *conflict_signals(looked_at, ties),
        *copies_signals(looked_at, earlier, known),
        *lenient_signals(looked_at, earlier, known),
        *sector_signals(looked_at, earlier, known),
        *jumps_signals(looked_at, earlier, known),
        *digits_signals(looked_at, known),
    ]
    if year_limit is not None:
        found += yearly_signals(looked_at, earlier, year_limit)
    signals = listed(found)
    first = inspections(looked_at, signals, known, edges, costs)
    names = {case.number: case.dossier.applicant.name for case in looked_at}
    return Screening(signals, first, len(looked_at), len(earlier), known.version, known.ratios, names)
