"""A comparison as plain data for JSON; its names are part of the contract of results."""

from __future__ import annotations

from typing import Any

from engine.assess.changed import Changed
from engine.assess.compare import Comparison, ItemSplit
from engine.assess.compare_words import about, statement_title
from engine.assess.export import interval_plain
from engine.assess.results import Assessment
from engine.assess.split import Split
from engine.assess.statements import Key
from engine.assess.views import Effect, Said, Views
from engine.ruleset.programme import Origin, Programme
from engine.ruleset.schema import Words
from engine.texts import LANGUAGES


def comparison_plain(found: Comparison, programme: Programme) -> dict[str, Any]:
    """The comparison; ``programme`` is the later one, for the titles of statements."""
    return {
        "before": side_plain(found.before),
        "after": side_plain(found.after),
        "total": _split(found.total),
        "items": [_item(item) for item in found.items],
        "rest": _split(found.rest),
        "states": [
            {"made": list(state.made), "outcome": state.outcome, "tier": state.tier, "score": interval_plain(state.score)}
            for state in found.states
        ],
        "orders": str(found.orders),
        "changed": [changed_plain(one, programme) for one in found.changed],
        "rule_changes": str(len(found.rules.entries)) if found.rules else "0",
        "unread": list(found.unread),
    }


def side_plain(made: Assessment) -> dict[str, Any]:
    """What is compared of an assessment: what it is of, and what came out."""
    return {
        "dossier": _origin(made.dossier),
        "ruleset": _origin(made.ruleset),
        "scheme": _origin(made.scheme),
        "basis": made.basis,
        "closed": made.closed,
        "outcome": made.determination.outcome,
        "tier": made.determination.tier,
        "score": interval_plain(made.score),
    }


def _origin(origin: Origin) -> dict[str, str]:
    return {"id": origin.id, "version": origin.version, "sha256": origin.sha256}


def _split(split: Split) -> dict[str, Any]:
    return {
        "total": interval_plain(split.total),
        "parts": {part: interval_plain(moved) for part, moved in split.parts.items()},
        "alone": {part: None if moved is None else interval_plain(moved) for part, moved in split.alone.items()},
        "together": None if split.together is None else interval_plain(split.together),
    }


def _item(item: ItemSplit) -> dict[str, Any]:
    return {
        "before": item.before,
        "after": item.after,
        "number": item.number,
        "title": _words(item.title),
        "status": list(item.status),
        "points": [None if points is None else interval_plain(points) for points in item.points],
        "share": _split(item.share),
        "status_alone": dict(item.alone),
    }


def changed_plain(one: Changed, programme: Programme) -> dict[str, Any]:
    """One differing statement with both of its places."""
    return {
        "group": one.key.group,
        "name": one.key.name,
        "title": {lang: statement_title(one, programme, lang) for lang in LANGUAGES},
        "row": one.row,
        "field": one.field,
        "before": one.before,
        "after": one.after,
        "where": [str(where.short()) for where in one.where],
    }


def _words(words: Words) -> dict[str, str]:
    return {lang: words.in_(lang) for lang in LANGUAGES}


def views_plain(found: Views, programme: Programme) -> dict[str, Any]:
    """Three views of one application side by side."""
    return {
        "views": {view: side_plain(made) for view, made in found.assessments.items()},
        "disputed": [
            {
                "group": one.key.group,
                "name": one.key.name,
                "flips": one.flips,
                "said": [
                    {
                        "title": _words_of(one.key, said, programme),
                        "row": said.row,
                        "field": said.field,
                        "texts": dict(said.texts),
                        "where": {view: str(where.short()) for view, where in said.where.items()},
                    }
                    for said in one.said
                ],
                "alone": {view: _effect(effect) for view, effect in one.alone.items()},
                "together": _effect(one.together),
            }
            for one in found.disputed
        ],
        "items": [
            {
                "id": item.id,
                "title": {lang: programme.title(item.id, lang) for lang in LANGUAGES},
                "status": dict(item.status),
                "points": {view: interval_plain(points) for view, points in item.points.items()},
                "share": {view: interval_plain(share) for view, share in item.share.items()},
            }
            for item in found.items
        ],
    }


def _words_of(key: Key, said: Said, programme: Programme) -> dict[str, str]:
    return {lang: about(key, said.row, said.field, programme, lang) for lang in LANGUAGES}


def _effect(effect: Effect) -> dict[str, Any]:
    return {"outcome": effect.outcome, "tier": effect.tier, "moved": interval_plain(effect.moved)}
