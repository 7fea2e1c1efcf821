"""An assessment as JSON: a contract whose names stay. Numbers are decimal strings, at most twelve places."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engine.assess.json_text import json_text
from engine.assess.physics.words import check_advice, check_sentence
from engine.assess.results import (
    Assessment,
    Attestation,
    CheckResult,
    CriterionResult,
    DimensionResult,
    EvidenceUsed,
    Fact,
    FigureUsed,
    FindingRow,
    GateResult,
    IndicatorResult,
    Judged,
    LevelResult,
    Place,
    Reason,
    Shown,
    Used,
    YearResult,
)
from engine.assess.sentences import because_sentences, fact_sentence, finding_sentence, reason_sentence, row_text
from engine.assess.standing import by_attestation
from engine.dossier.cells import NotDetected
from engine.language import exact_text, to_json_number
from engine.language.numbers import JSON_PLACES, ends_within
from engine.ruleset.programme import Origin, Programme
from engine.texts import LANGUAGES


def assessment_json(assessment: Assessment, programme: Programme) -> str:
    """The assessment as JSON text; the same assessment gives the same text."""
    return json_text(to_plain(assessment, programme))


def to_plain(assessment: Assessment, programme: Programme) -> dict[str, Any]:
    """The assessment as plain data for JSON."""
    a = assessment
    return {
        "assessment": {
            "id": a.id,
            "basis": a.basis,
            "as_of": a.as_of,
            "closed": a.closed,
            "engine_version": a.engine_version,
            "ruleset": _origin(a.ruleset),
            "scheme": _origin(a.scheme),
            "dossier": {"id": a.dossier.id, "sha256": a.dossier.sha256},
        },
        "determination": {
            "outcome": a.determination.outcome,
            "tier": a.determination.tier,
            "settled": a.determination.settled,
            "provisional": a.determination.provisional,
            "issuable": not a.determination.provisional,
            "reasons": [_reason(reason, programme) for reason in a.determination.reasons],
        },
        "score": {**interval_plain(a.score), "max": number(a.score_max), "mark": None if a.mark is None else number(a.mark)},
        "years": [_year(year, a.basis) for year in a.years],
        "gates": [_gate(gate, programme) for gate in a.gates],
        "dimensions": [_dimension(dimension, programme) for dimension in a.dimensions],
        "criteria": [_criterion(criterion, programme) for criterion in a.criteria],
        "levels": [_level(level, programme) for level in a.levels],
        "indicators": [_indicator(indicator, programme) for indicator in a.indicators],
        "findings": [
            {
                "rule": f.rule,
                "clause": f.clause,
                "severity": f.severity,
                "open": f.open,
                "text": _both(lambda lang, f=f: finding_sentence(f, programme, lang)),
                "row": _finding_row(f.row, programme),
                "facts": [_fact(fact, programme) for fact in f.facts],
                "because": list(f.because),
                "because_text": {lang: list(because_sentences(f, programme, lang)) for lang in LANGUAGES},
            }
            for f in a.findings
        ],
        "checks": [check_plain(found, programme) for found in a.checks],
        "unattested": [
            {"criterion": u.criterion, "figure": u.figure, "key": u.key, "basis": u.basis, "expired": u.expired or None}
            for u in a.unattested
        ],
        "attestations": [{**_attestation(made), "figures": keys} for made, keys in by_attestation(a.attested).items()],
        "policies": [_figure(figure) for figure in a.policies],
        "problems": [problem.to_dict() for problem in a.problems],
    }


def check_plain(found: CheckResult, programme: Programme) -> dict[str, Any]:
    """What a check found as plain data: both statements with every cell, and what they were held to."""
    slip = programme.slips.get(found.slip)
    return {
        "check": found.check,
        "form": found.form,
        "severity": found.severity,
        "title": _both(lambda lang: programme.title(found.check, lang)),
        "row": found.row or None,
        "text": _both(lambda lang: check_sentence(found, programme, lang)),
        "advice": _both(lambda lang: check_advice(found, programme, lang)),
        "statements": [
            {**(_stated(statement.value)), "places": [_place(place) for place in statement.places]} for statement in found.statements
        ],
        "limit": _shown(found.limit),
        "source": None if found.figure is None else _figure(found.figure),
        "slip": None if slip is None else {"slip": slip.slip, "factor": slip.factor},
        "other_dossier": found.dossier or None,
    }


def _stated(shown: Shown) -> dict[str, Any]:
    return _shown(shown) or {"value": None, "unit": "", **({"entered": shown.entered} if shown.entered else {})}


def _place(place: Place) -> dict[str, str | None]:
    return {"name": place.name, "where": str(place.first), "until": None if place.last is None else str(place.last)}


def _finding_row(row: FindingRow | None, programme: Programme) -> dict[str, Any] | None:
    if row is None:
        return None
    text = _both(lambda lang: row_text(row, programme, lang))
    return {"table": row.table, "key": [_used(used) for used in row.key], "at": str(row.where), "text": text}


def _fact(fact: Fact, programme: Programme) -> dict[str, Any]:
    text = _both(lambda lang: fact_sentence(fact, programme, lang))
    return {"asked": fact.text, "holds": fact.holds, "kind": fact.kind, "used": [_used(used) for used in fact.used], "text": text}


def _used(used: Used) -> dict[str, Any]:
    return {"name": used.name, **(_shown(used.value) or {}), "at": str(used.where) or None}


def number(value: Fraction) -> str:
    """A number as its decimal string."""
    return to_json_number(value)


def _both(sentence: Any) -> dict[str, str]:
    return {lang: sentence(lang) for lang in LANGUAGES}


def _origin(origin: Origin) -> dict[str, str]:
    return {"id": origin.id, "version": origin.version, "sha256": origin.sha256}


def interval_plain(ends: tuple[Fraction, Fraction | None]) -> dict[str, Any]:
    """Both ends; an exact ``p/q`` beside an end whose decimal form does not end within twelve places."""
    low, high = ends
    out: dict[str, Any] = {"low": number(low), "high": None if high is None else number(high)}
    exact = {
        end: exact_text(value) for end, value in (("low", low), ("high", high)) if value is not None and not ends_within(value, JSON_PLACES)
    }
    return {**out, "exact": exact} if exact else out


def _shown(shown: Shown | None) -> dict[str, Any] | None:
    if shown is None or shown.value is None:
        return None
    exact, limit = shown.number, shown.reporting_limit
    out: dict[str, Any] = {
        "value": "not_detected" if isinstance(shown.value, NotDetected) else shown.value if exact is None else number(exact),
        "unit": shown.unit,
    }
    if limit is not None:
        out["reporting_limit"] = number(limit)
    if shown.entered:
        out["entered"] = shown.entered
    return out


def _reason(reason: Reason, programme: Programme) -> dict[str, Any]:
    return {"code": reason.code, **_both(lambda lang: reason_sentence(reason, programme, lang))}


def _evidence(items: tuple[EvidenceUsed, ...]) -> list[dict[str, Any]]:
    return [{"id": e.id, "title": e.title, "pages": e.pages, "valid_until": e.valid_until, "counted": e.counted} for e in items]


def _figure(figure: FigureUsed) -> dict[str, Any]:
    return {
        "figure": figure.name,
        "value": figure.text,
        "basis": figure.basis,
        "confidence": figure.confidence,
        "document": figure.document,
        "clause": figure.clause,
        **({"attestation": _attestation(figure.attestation)} if figure.attestation else {}),
    }


def _attestation(made: Attestation) -> dict[str, Any]:
    return {
        "by": made.by,
        "organisation": made.organisation,
        "document": made.document,
        "page": made.page or None,
        "checked_on": made.on,
        "until": made.until or None,
    }


def _judged(result: Judged, programme: Programme) -> dict[str, Any]:
    return {
        "id": result.id,
        "number": result.number,
        "clause": result.clause,
        "status": result.status.value,
        "reason": result.reason.code,
        "sentence": _both(lambda lang: reason_sentence(result.reason, programme, lang)),
        "declared": _shown(result.declared),
        "verified": _shown(result.verified),
        "evidence": _evidence(result.evidence),
        "remark": result.remark,
        "local": result.local,
        "sources": [_figure(figure) for figure in result.figures],
    }


def _gate(gate: GateResult, programme: Programme) -> dict[str, Any]:
    return {**_judged(gate, programme), "title": _both(lambda lang: programme.title(gate.id, lang))}


def _criterion(criterion: CriterionResult, programme: Programme) -> dict[str, Any]:
    return {
        **_judged(criterion, programme),
        "title": _both(lambda lang: programme.title(criterion.id, lang)),
        "dimension": criterion.dimension,
        "kind": criterion.kind,
        "method": criterion.method,
        "points": {**interval_plain(criterion.points), "max": number(criterion.max)},
        "effect": None if criterion.effect is None else number(criterion.effect),
        "limits": {name: _shown(shown) for name, shown in criterion.limits},
        "level": criterion.level or None,
        **_levelled(criterion, programme),
        "indicators": list(criterion.indicators),
    }


def _levelled(criterion: CriterionResult, programme: Programme) -> dict[str, Any]:
    """What a criterion has where levels are assessed: its share of the whole index, and whether it is limiting."""
    if criterion.id not in programme.indexed:
        return {}
    weight = None if criterion.weight is None else _number_exactly(criterion.weight)
    return {"weight": weight, "limiting": programme.criteria[criterion.id].limiting}


def _level(level: LevelResult, programme: Programme) -> dict[str, Any]:
    return {
        "level": level.level,
        "title": _both(lambda lang: programme.tier_title(level.level, lang)),
        **interval_plain(level.index),
        "mark": None if level.mark is None else number(level.mark),
        "reached": level.reached,
        "possible": level.possible,
        "barred_by": list(level.barred_by),
        "open_by": list(level.open_by),
        "dimensions": {name: interval_plain(index) for name, index in level.dimensions},
    }


def _number_exactly(value: Fraction) -> dict[str, str]:
    """A number, with its exact ``p/q`` where its decimal form does not end within twelve places."""
    return {"value": number(value), **({} if ends_within(value, JSON_PLACES) else {"exact": exact_text(value)})}


def _dimension(dimension: DimensionResult, programme: Programme) -> dict[str, Any]:
    return {
        "id": dimension.id,
        "number": dimension.number,
        "title": _both(lambda lang: programme.title(dimension.id, lang)),
        "weight": None if dimension.weight is None else number(dimension.weight),
        **interval_plain(dimension.contribution),
        "max": number(dimension.max),
        "raw": {**interval_plain(dimension.raw), "max": number(dimension.raw_max)},
        "not_applicable": dimension.not_applicable,
    }


def _year(year: YearResult, basis: str) -> dict[str, Any]:
    return {
        "year": str(year.year),
        **interval_plain(year.score),
        "capped": interval_plain(year.capped),
        "complete": year.complete,
        "lacking": list(year.lacking),
        "criteria": [
            {"id": c.id, "status": c.status.value, "value": _shown(getattr(c, basis)), **interval_plain(c.points)} for c in year.criteria
        ],
    }


def _indicator(indicator: IndicatorResult, programme: Programme) -> dict[str, Any]:
    shown = _shown(indicator.value) or {"value": None, "unit": indicator.value.unit}
    return {
        "id": indicator.id,
        "number": indicator.number,
        "title": _both(lambda lang: programme.title(indicator.id, lang)),
        "clause": indicator.clause,
        "formula": indicator.formula,
        "value": shown["value"],
        "unit": shown["unit"],
        "inputs": {name: _shown(value) for name, value in indicator.inputs},
        "declared": _shown(indicator.declared),
        "verified": _shown(indicator.verified),
        "reason": None if indicator.reason is None else _reason(indicator.reason, programme),
        "sources": [_figure(figure) for figure in indicator.figures],
    }
