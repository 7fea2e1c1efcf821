"""Jumps from one year to the next, against the applicant's own earlier dossier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from engine.assess.results import Names
from engine.language import parse_number
from engine.rounds.screen.case import Case, in_order
from engine.rounds.screen.exact import factor_from
from engine.rounds.screen.measures import Key, Measured, measures, plain_values
from engine.rounds.screen.settings import Settings
from engine.rounds.screen.signal import LOOK, NOTE, STRONG, Said, Signal, count


def jumps_signals(cases: Sequence[Case], history: Sequence[Case], settings: Settings) -> Iterator[Signal]:
    """Indicators, ratios and inputs that changed by more than the stated factor a year since the last earlier dossier."""
    looked_at = in_order(cases)
    own: dict[tuple[str, tuple[str, str]], list[Case]] = {}
    for case in in_order((*history, *looked_at)):
        own.setdefault((case.applicant, case.kind), []).append(case)
    for case in looked_at:
        before = earlier(case, own[case.applicant, case.kind])
        if before is not None:
            yield from _between(before, case, settings)


def earlier(case: Case, own: Sequence[Case]) -> Case | None:
    """The applicant's dossier of the latest year before; of several of that year the last one."""
    years = [other for other in own if other.dossier.year < case.dossier.year]
    return max(years, key=lambda other: (other.dossier.year, other.day, other.round, other.number), default=None)


def _between(before: Case, case: Case, settings: Settings) -> Iterator[Signal]:
    gap = case.dossier.year - before.dossier.year
    judged, then_judged = measures(case, settings.ratios), measures(before, settings.ratios)
    now, then = plain_values(case) | judged, plain_values(before) | then_judged
    for key in sorted(now.keys() & then.keys()):
        one, other = now[key], then[key]
        if one.value > 0 and other.value > 0:
            factor = factor_from(one.value, other.value)
            if factor > settings["jumps_look"] ** gap:
                severity = _severity(one, other, factor > settings["jumps_strong"] ** gap, key in judged)
                yield _signal(case, before, key, factor, severity, settings)


def _severity(now: Measured, then: Measured, strong: bool, judged: bool) -> str:
    """What gains by the jump weighs most; mere size, such as energy or output, may simply grow with the business."""
    if not judged:
        return LOOK if strong else NOTE
    if now.better and now.better != ("up" if now.value > then.value else "down"):
        return NOTE
    return STRONG if strong else LOOK


def _signal(case: Case, before: Case, key: Key, factor: Fraction, severity: str, settings: Settings) -> Signal:
    now = measures(case, settings.ratios).get(key) or plain_values(case)[key]
    then = measures(before, settings.ratios).get(key) or plain_values(before)[key]
    slip = _slip(case, factor, settings)
    said: tuple[tuple[str, Said], ...] = (
        ("value", now.shown()),
        ("before", then.shown()),
        ("factor", factor),
        ("year", str(before.dossier.year)),
        ("earlier", before.number),
        ("gap", count(case.dossier.year - before.dossier.year)),
    )
    code = "jumps_slip" if slip else "jumps_up" if now.value > then.value else "jumps_down"
    if slip:
        said = (*said, ("slip", Names((slip,))))
    return Signal("jumps", code, severity, (case.number,), (key[0],), said, "real_change", case.programme)


def _slip(case: Case, factor: Fraction, settings: Settings) -> str:
    """The mistake of units whose factor the jump comes close to, if any: the closest."""
    close = ((abs(factor / parse_number(slip.factor) - 1), name) for name, slip in case.programme.slips.items())
    return min((each for each in close if each[0] <= settings["jumps_slip"]), default=(Fraction(0), ""))[1]
