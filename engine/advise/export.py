"""A route as plain data, for JSON."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from engine.advise.blocking import Blocking
from engine.advise.changes import Change
from engine.advise.lifted import AtBest
from engine.advise.route import Route
from engine.advise.search import Plan
from engine.advise.sentences import change_sentence, change_title, condition_sentences, supply_sentence
from engine.advise.supplies import Supply
from engine.assess.results import Assessment
from engine.dossier.schema import Dossier
from engine.language import to_json_number
from engine.ruleset.programme import Programme


def route_plain(route: Route, programme: Programme, dossier: Dossier) -> dict[str, Any]:
    """A route with its plans: numbers as decimal text, sentences in both languages."""
    source = route.costs.source
    return {
        "target": {
            "outcomes": list(route.target.outcomes),
            "tier": route.target.tier,
            "score": None if route.target.score is None else to_json_number(route.target.score),
        },
        "now": {"basis": route.now.basis, "as_of": route.now.as_of, **_result(route.now)},
        "cost_unit": _both(route.costs.unit.in_),
        "default_costs": None if source is None else {"basis": source.basis.value, "confidence": source.confidence},
        "plan": None if route.plan is None else _plan(route.plan, programme, dossier),
        "others": [_plan(plan, programme, dossier) for plan in route.others],
        "next_point": None if route.next_point is None else to_json_number(route.next_point),
        "proven": route.proven,
        "not_all_tried": list(route.shortened),
        "blocking": None if route.blocking is None else _blocking(route.blocking),
        "at_best": None if route.at_best is None else _at_best(route.at_best, programme, dossier),
    }


def _result(assessment: Assessment) -> dict[str, Any]:
    determination, (low, high) = assessment.determination, assessment.score
    score = {"low": to_json_number(low), "high": None if high is None else to_json_number(high)}
    return {"outcome": determination.outcome, "tier": determination.tier, "score": score}


def _plan(plan: Plan, programme: Programme, dossier: Dossier) -> dict[str, Any]:
    changes = [_change(change, programme, dossier) for change in plan.changes]
    return {"cost": to_json_number(plan.cost), **_result(plan.assessment), "changes": changes}


def _change(change: Change, programme: Programme, dossier: Dossier) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "item": change.item,
        "number": change_title(change, programme, dossier, "zh")[0],
        "title": _both(lambda lang: change_title(change, programme, dossier, lang)[1]),
        "before": change.before,
        "after": change.text,
        "brings_evidence": change.brings,
        "span": None if change.span is None else {"least": change.span.least or None, "most": change.span.most or None},
        "cost": to_json_number(change.cost),
        "sentence": _both(lambda lang: change_sentence(change, programme, dossier, lang)),
    }


def _blocking(blocking: Blocking) -> dict[str, Any]:
    reachable: Fraction | None = blocking.reachable
    return {
        "items": list(blocking.items),
        "each": blocking.each,
        "vetoes": list(blocking.vetoes),
        "conditions": list(blocking.conditions),
        "sentences": [dict(zip(("zh", "en"), pair, strict=True)) for pair in _pairs(blocking)],
        "reachable": None if reachable is None else to_json_number(reachable),
    }


def _at_best(found: AtBest, programme: Programme, dossier: Dossier) -> dict[str, Any]:
    return {
        "items": list(found.items),
        "vetoes": list(found.vetoes),
        "supplies": [_supply(supply, programme) for supply in found.supplies],
        "changes": None if found.cost is None else [_change(change, programme, dossier) for change in found.changes],
        "cost": None if found.cost is None else to_json_number(found.cost),
        "score": None if found.score is None else to_json_number(found.score),
    }


def _supply(supply: Supply, programme: Programme) -> dict[str, Any]:
    return {
        "name": supply.name,
        "year": supply.year,
        "columns": list(supply.columns),
        "items": list(supply.items),
        "sentence": _both(lambda lang: supply_sentence(supply, programme, lang)),
    }


def _pairs(blocking: Blocking) -> list[tuple[str, str]]:
    return list(zip(condition_sentences(blocking, "zh"), condition_sentences(blocking, "en"), strict=True))


def _both(text: Callable[[str], str]) -> dict[str, str]:
    return {"zh": text("zh"), "en": text("en")}
