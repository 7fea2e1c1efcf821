"""The last sheet of the scored workbook: by which versions it was computed and which figures it rests on."""

from __future__ import annotations

from engine.assess.results import Unattested
from engine.dossier.workbook_sheet import Book, Column, Page
from engine.report.closing import weight_text
from engine.report.context import Context, capitalised, figures_used
from engine.report.scored_cells import Head, Row, add_section, add_table, day, text
from engine.texts import say

_WIDTHS = (34, 40, 26, 44, 16, 16)


def provenance(book: Book, context: Context) -> None:
    """Versions and hashes, choices, figures that nobody or somebody attested, and notes on the data."""
    lang, made = context.lang, context.assessment
    columns = [Column(f"c{i}", "", width) for i, width in enumerate(_WIDTHS)]
    page = Page(book, "provenance", say("scored.sheet.provenance", lang), columns, say("report.identity.intro", lang))
    identity = {"what": "report.identity.what", "id": "report.identity.id", "version": "report.identity.version"}
    _part(page, context, "report.identity.title", identity | {"hash": "report.identity.hash"}, _identities(context))
    if made.policies:
        policy = {"name": "report.policies.name", "value": "report.policies.value", "basis": "report.policies.basis"}
        _part(page, context, "report.policies.title", policy | {"document": "report.policies.source"}, _policies(context))
    if made.unattested:
        figure = {"item": "report.annex.item", "figure": "scored.column.figure", "basis": "report.policies.basis"}
        unattested = figure | {"document": "scored.column.document", "until": "scored.column.until"}
        _part(page, context, "scored.part.unattested", unattested, _unattested(context))
    if made.attested:
        checked = {"item": "report.annex.item", "figure": "scored.column.figure", "by": "report.annex.attested_by"}
        heads = checked | {"document": "report.annex.attested_document", "on": "report.cover.date", "until": "scored.column.until"}
        _part(page, context, "scored.part.attested", heads, _attested(context))
    if made.problems:
        heads = {"where": "report.annex.where", "problem": "scored.column.problem", "fix": "scored.column.fix"}
        _part(page, context, "scored.part.problems", heads, _problems(context))


def _part(page: Page, context: Context, title: str, heads: dict[str, str], rows: list[Row]) -> None:
    add_section(page, say(title, context.lang))
    add_table(page, [Head(key, say(head, context.lang), 0) for key, head in heads.items()], rows)


def _identities(context: Context) -> list[Row]:
    lang, made = context.lang, context.assessment
    parts = (("ruleset", made.ruleset), ("scheme", made.scheme), ("dossier", made.dossier))
    rows: list[Row] = [
        {
            "what": text(say(f"report.identity.{name}", lang)),
            "id": text(part.id),
            "version": text(part.version or "—"),
            "hash": text(part.sha256),
        }
        for name, part in parts
    ]
    engine = {"what": text(say("report.identity.engine", lang)), "id": text("greencert"), "version": text(made.engine_version)}
    return [*rows, engine | {"hash": text("—")}]


def _policies(context: Context) -> list[Row]:
    return [
        {
            "name": text(capitalised(context.figure_name(policy.name))),
            "value": text(context.figure_value(policy)),
            "basis": text(context.word(f"figure_basis.{policy.basis}")),
            "document": text(policy.document),
        }
        for policy in context.assessment.policies
    ]


def _unattested(context: Context) -> list[Row]:
    used = figures_used(context.assessment)

    def row(entry: Unattested) -> Row:
        figure = used.get((entry.criterion, entry.figure))
        return {
            "item": text(context.numbered(entry.criterion) if entry.criterion else say("report.annex.whole", context.lang)),
            "figure": text(context.figure(figure) if figure else weight_text(context, entry.criterion, entry.figure, entry.basis)),
            "basis": text(context.word(f"figure_basis.{entry.basis}"), "undetermined"),
            "document": text(f"{figure.document}　{figure.clause}".strip() if figure else ""),
            "until": day(entry.expired),
        }

    return [row(entry) for entry in context.assessment.unattested]


def _attested(context: Context) -> list[Row]:
    return [
        {
            "item": text(context.numbered(found.criterion) if found.criterion else say("report.annex.whole", context.lang)),
            "figure": text(context.figure_name(found.figure)),
            "by": text(f"{found.attestation.organisation}　{found.attestation.by}".strip()),
            "document": text(f"{found.attestation.document}　{found.attestation.page}".strip()),
            "on": day(found.attestation.on),
            "until": day(found.attestation.until),
        }
        for found in context.assessment.attested
    ]


def _problems(context: Context) -> list[Row]:
    return [
        {
            "where": text(str(problem.where.short()) or "—"),
            "problem": text(problem.what(context.lang)),
            "fix": text(problem.fix(context.lang)),
        }
        for problem in context.assessment.problems
    ]
