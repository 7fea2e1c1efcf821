"""The scheme under which a standard stands by itself: no mark, nothing local."""

from __future__ import annotations

from engine.ruleset.schema import Scheme, Standard

BARE = "bare"
"""Its id."""

_OPEN = ["gate_open", "veto_open", "required_open", "mark_open", "year_open", "level_open", "proxy_only"]


def bare_scheme(standard: Standard) -> Scheme:
    """A scheme of one programme that applies a standard as it is. What meets a product's standard is eligible by it."""
    policy = {"value": "renormalise", "source": {"basis": "policy"}}
    lines = [
        {"outcome": "not_eligible", "any_of": ["gate_not_met", "veto", "floor_not_met"]},
        {"outcome": "fails", "any_of": ["required_not_met", "below_mark", "below_levels"]},
        {"outcome": "incomplete", "any_of": _OPEN},
        {"outcome": "eligible", "any_of": ["at_level", *(["no_mark"] if standard.layer else [])]},
        {"outcome": "scored", "any_of": ["no_mark"]},
    ]
    programme = {
        "programme": standard.kind,
        "standard": standard.ruleset,
        "in_force": standard.in_force,
        "na_policy": policy,
        "class_policy": policy if standard.levels else None,
        "determination": lines,
    }
    return Scheme.model_validate(
        {
            "scheme": BARE,
            "version": standard.version,
            "title": standard.title,
            "document": standard.document,
            "issuer": standard.issuer,
            "owner": standard.issuer,
            "programmes": [programme],
        }
    )
