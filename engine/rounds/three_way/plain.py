"""The comparison of a round as plain data for JSON; its names are part of the contract of results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.assess.export import interval_plain
from engine.assess.split import Difference
from engine.rounds.names import Both
from engine.rounds.three_way.case import Compared, Step, direction
from engine.rounds.three_way.tally import BodyTally, ItemTally, RoundComparison, StatementTally, Tally


def round_comparison_plain(found: RoundComparison) -> dict[str, Any]:
    """The whole comparison."""
    return {
        "round": found.round,
        "waiting": str(found.waiting),
        "compared": [
            {"ruleset": ruleset, "title": _both(found.standards[ruleset]), "reviewer": reviewer, "applications": str(count)}
            for (ruleset, reviewer), count in found.compared.items()
        ],
        "outcomes": [{"views": dict(outcomes), "applications": str(count)} for outcomes, count in found.outcomes.items()],
        "items": [_item(one) for one in found.items],
        "statements": [_statement(one) for one in found.statements],
        "bodies": [_body(one) for one in found.bodies],
        "applications": [_application(one) for one in found.applications],
    }


def _application(one: Compared) -> dict[str, Any]:
    return {
        "number": one.head.number,
        "name": one.head.name,
        "kind": one.head.kind,
        "ruleset": one.ruleset,
        "third_party": one.head.third_party,
        "views": {
            view: {"outcome": result.outcome, "tier": result.tier or None, "score": interval_plain(result.score) if result.most else None}
            for view, result in one.results.items()
        },
        "steps": [_step(step) for step in one.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "reviewer": step.reviewer,
        "before": step.before,
        "moved": interval_plain(step.moved),
        "items": [
            {
                "id": item.element,
                "status": list(item.status),
                "direction": direction(item.moved),
                "moved": _moved(item.moved),
            }
            for item in step.items
        ],
        "rest": interval_plain(step.rest),
        "statements": [
            {"group": said.group, "name": said.name, "confirmed": said.confirmed, "flips": said.flips, "moved": interval_plain(said.moved)}
            for said in step.statements
        ],
    }


def _item(one: ItemTally) -> dict[str, Any]:
    head = {"ruleset": one.ruleset, "id": one.element, "number": one.number, "title": _both(one.title), "gate": one.gate}
    statuses = {
        who: [{"before": before, "after": after, "changed": str(count)} for (before, after), count in pairs.items()]
        for who, pairs in one.statuses.items()
    }
    return {**head, "by": {who: {**plain, "statuses": statuses[who]} for who, plain in _tallies(one.by).items()}}


def _statement(one: StatementTally) -> dict[str, Any]:
    return {
        "ruleset": one.ruleset,
        "group": one.group,
        "name": one.name,
        "title": _both(one.title),
        "by": {
            who: {**plain, "unconfirmed": str(one.unconfirmed[who]), "flips": str(one.flips[who])}
            for who, plain in _tallies(one.by).items()
        },
    }


def _body(one: BodyTally) -> dict[str, Any]:
    return {
        "body": one.body,
        "by": {
            who: {
                "applications": str(count),
                "outcomes": str(one.outcomes[who]),
                "total": interval_plain(one.moved[who]),
                **_tally(one.items[who]),
            }
            for who, count in one.compared.items()
        },
        "items": [_item(item) for item in one.each],
    }


def _tallies(by: Mapping[str, Tally]) -> dict[str, Any]:
    return {who: _tally(tally) for who, tally in by.items()}


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "changed": str(tally.changed),
        "moved": interval_plain(tally.moved),
        "directions": {kind: {"changed": str(count), "moved": interval_plain(tally.sums[kind])} for kind, count in tally.counts.items()},
    }


def _moved(change: Difference | None) -> dict[str, Any] | None:
    return None if change is None else interval_plain(change)


def _both(words: Both) -> dict[str, str]:
    return {"zh": words[0], "en": words[1]}
