"""Which items and values each veto rule looks at, through all rules between."""

from __future__ import annotations

from collections.abc import Mapping

from engine.language.typed import TypedExpr
from engine.ruleset.compile import COUNTED, ROWS, Compiled, words_of
from engine.ruleset.programme import Programme


def veto_support(ready: Compiled) -> Mapping[str, frozenset[str]]:
    """By veto rule: the gates, criteria, inputs, tables and indicators that decide whether it fires."""
    makers: dict[str, set[str]] = {}
    for rule in ready.programme.rules:
        for word in words_of(rule):
            makers.setdefault(word, set()).add(rule.rule)
            makers.setdefault(ROWS + word, set()).add(rule.rule)
        if rule.then.nonconformity:
            makers.setdefault(f"nonconformities.{rule.then.nonconformity}", set()).add(rule.rule)
    return {rule.rule: _support(rule.rule, ready, makers) for rule in ready.programme.rules if rule.then.veto}


def _support(veto: str, ready: Compiled, makers: Mapping[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting, seen = [veto], {veto}
    while waiting:
        typed = ready.formulas[waiting.pop(), "when"].typed
        found |= _named(typed, ready.programme)
        later = {rule for name in typed.names for rule in makers.get(name, ())} - seen
        seen |= later
        waiting += sorted(later)
    return frozenset(found)


def _named(typed: TypedExpr, programme: Programme) -> set[str]:
    return {*typed.statuses, *typed.tables, *(name for name in typed.names if name in programme.inputs and name not in COUNTED)}
