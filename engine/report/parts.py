"""The parts that reports are put together from, by the names that :mod:`engine.report.forms` calls them, and the sections made of them."""

from __future__ import annotations

from collections.abc import Callable

from reportlab.platypus import Flowable

from engine.report import closing, front, review, scores, workings, years
from engine.report.benchmarks import benchmarks
from engine.report.checks import checks
from engine.report.context import Context
from engine.report.energy import energy
from engine.report.flow import Para, Part, numbered, under_heading
from engine.report.forms import ordinal
from engine.report.levels import levels
from engine.report.losses import lost_points
from engine.texts import say

PARTS: dict[str, Callable[[Context], Part | list[Part] | None]] = {
    "overview": front.overview,
    "process": front.process,
    "method": front.method,
    "policies": front.policies,
    "identity": front.identity,
    "vetoes": review.vetoes,
    "preconditions": scores.preconditions,
    "levels": levels,
    "score_sheet": scores.score_sheet,
    "dimensions": scores.dimensions,
    "lost_points": lost_points,
    "benchmarks": benchmarks,
    "energy": energy,
    "year_scores": years.year_scores,
    "year_values": years.year_values,
    "year_sheets": years.year_sheets,
    "verification": review.verification,
    "differences": scores.differences,
    "indicators": workings.indicators,
    "findings": workings.findings,
    "checks": checks,
    "conclusion": closing.conclusion,
    "standing": review.standing,
    "practices": review.practices,
    "highlights": review.highlights,
    "not_met": closing.not_met,
    "undetermined": closing.undetermined,
    "uncertainty": closing.uncertainty,
    "advice": closing.advice,
    "documents": closing.documents,
    "evidence": closing.evidence,
    "qualification": review.qualification,
}


def sections(context: Context) -> list[Flowable]:
    """The sections of the report's form, each with those of its parts that have anything to say."""
    lang, flowables = context.lang, []
    for number, section in enumerate(context.form.sections, 1):
        found = [part for name in section.parts for part in _made(context, name)]
        title = say("report.section", lang, ordinal=ordinal(number, lang), title=section.title[lang])
        flowables += under_heading(title, 1, numbered(number, found, lang) or [Para(say("report.nothing_here", lang))])
    return flowables


def _made(context: Context, name: str) -> list[Part]:
    made = PARTS[name](context)
    return made if isinstance(made, list) else [made] if made else []
