"""The evaluation report of one assessment, from its values to the PDF's bytes. It reads the assessment and recounts nothing."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import Flowable

from engine.assess.results import Assessment
from engine.dossier.notes import Note
from engine.dossier.schema import Dossier
from engine.problems import Problem
from engine.report.closing import closing
from engine.report.contents import contents_page
from engine.report.context import Context, context_of
from engine.report.cover import cover
from engine.report.document import Furniture, build
from engine.report.enclosures import enclose
from engine.report.front import front
from engine.report.parts import sections
from engine.ruleset.programme import Programme
from engine.texts import say

_HASH_SHOWN = 12


def report_bytes(
    assessment: Assessment,
    dossier: Dossier,
    programme: Programme,
    lang: str = "zh",
    notes: Sequence[Note] = (),
    stability: str = "",
) -> tuple[bytes, list[Problem]]:
    """The report as a PDF, byte for byte the same for the same assessment, and a warning for each character the fonts lack.

    ``notes`` of advice come into its section on advice, and the sentence about ``stability`` onto page one.
    """
    enclosed = enclose(assessment, dossier, programme, lang, options={"advice": bool(notes)})
    context = context_of(assessment, dossier, programme, lang, notes, stability, enclosed.code)
    body = body_of(context)
    story = [*cover(context), *contents_page(body, lang), *body]
    return build(story, furniture_of(context), enclosed)


def body_of(context: Context) -> list[Flowable]:
    """All that a report says after page one and the contents."""
    return [*front(context), *sections(context), *closing(context)]


def furniture_of(context: Context) -> Furniture:
    """What every page carries and what the file says of itself."""
    made, lang = context.assessment, context.lang
    name = context.dossier.applicant.name or context.dossier.id
    ruleset = f"{made.ruleset.id} {made.ruleset.version} · {made.ruleset.sha256[:_HASH_SHOWN]}"
    author = context.dossier.assessor.organisation if context.verified else name
    return Furniture(
        lang=lang,
        title=f"{context.title} · {name}",
        author=author or name,
        subject=context.programme.standard.title.in_(lang),
        keywords=f"{made.id}; ruleset {made.ruleset.sha256}; scheme {made.scheme.sha256}; dossier {made.dossier.sha256}",
        creator=f"greencert {made.engine_version}",
        head_left=context.dossier.id,
        head_right=ruleset,
        warning=say("report.head_provisional", lang) if made.determination.provisional else "",
        foot=f"{context.title} · {name}",
        linked=frozenset(context.linked),
    )
