"""Every form in which one result can be written; each says the same, and none recounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from engine.assess.export import assessment_json
from engine.assess.results import Assessment
from engine.dossier.notes import Note
from engine.dossier.schema import Dossier
from engine.problems import Problem
from engine.report.context import context_of
from engine.ruleset.programme import Programme

Format = Literal["pdf", "xlsx", "html", "json"]
FORMATS: tuple[Format, ...] = ("pdf", "xlsx", "html", "json")


def output_bytes(
    form: Format,
    assessment: Assessment,
    dossier: Dossier,
    programme: Programme,
    lang: str = "zh",
    notes: Sequence[Note] = (),
    stability: str = "",
) -> tuple[bytes, list[Problem]]:
    """The report as PDF or HTML, the scored workbook, or the JSON, the same bytes for the same assessment; warnings where there are any.

    ``notes`` of advice and the sentence about ``stability`` are in all but the JSON.
    """
    match form:  # each form loads its own library
        case "json":
            return assessment_json(assessment, programme).encode(), []
        case "pdf":
            from engine.report.report import report_bytes

            return report_bytes(assessment, dossier, programme, lang, notes, stability)
        case "xlsx":
            from engine.report.scored_workbook import scored_workbook

            return scored_workbook(context_of(assessment, dossier, programme, lang, notes, stability)), []
        case "html":
            from engine.report.report_html import report_html

            return report_html(context_of(assessment, dossier, programme, lang, notes, stability)).encode(), []
