"""Rules into layers: negation and counting only look at what lower layers have concluded for good."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from engine.language import Node, to_source
from engine.language.typed import Input, Operation, walk
from engine.problems import ProblemList
from engine.ruleset.compile import COUNTED, Compiled, conclusions
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Rule

MAX_ALTERNATIVES = 64
MAX_CONDITIONS = 16
"""More than this the production engine does not hold in one rule."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A fact or its opposite: a conclusion by name, or anything else a condition asks, by its source text."""

    text: str
    positive: bool
    derived: bool
    node: Node


@dataclass(frozen=True, slots=True)
class LayeredRule:
    """A rule as alternatives, each a conjunction of literals."""

    rule: Rule
    alternatives: tuple[tuple[Literal, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """Layers in the order in which they run, each in the order of the programme."""

    layers: tuple[tuple[LayeredRule, ...], ...]


def words_of(rule: Rule) -> tuple[str, ...]:
    """What a rule concludes, by name: its own id, and the word it classifies by or obliges to."""
    word = rule.then.classify or rule.then.obligation
    return (rule.rule, word) if word and word != rule.rule else (rule.rule,)


@lru_cache(maxsize=64)
def strata(compiled: Compiled) -> Strata:
    """The layers of a programme that has been linted."""
    problems = ProblemList()
    layered = stratify(compiled, problems)
    problems.refuse_if_errors()
    assert layered is not None
    return layered


def stratify(compiled: Compiled, problems: ProblemList) -> Strata | None:
    """Layer the rules; a cycle through negation or counting, or a condition with too many alternatives, is a Problem."""
    programme = compiled.programme
    derived = conclusions(programme)
    rules = [_layered(rule, compiled, derived) for rule in programme.rules]
    for layered in rules:
        if len(layered.alternatives) > MAX_ALTERNATIVES:
            problems.error("rule_too_many_alternatives", programme.where(layered.rule.rule), rule=layered.rule.rule, limit=MAX_ALTERNATIVES)
        if any(len(alternative) > MAX_CONDITIONS for alternative in layered.alternatives):
            problems.error("rule_too_many_conditions", programme.where(layered.rule.rule), rule=layered.rule.rule, limit=MAX_CONDITIONS)
        for name in _hidden(layered, derived):
            problems.error("conclusion_inside", programme.where(layered.rule.rule), rule=layered.rule.rule, name=name)
    levels = dict.fromkeys((rule.rule for rule in programme.rules), 0)
    makers: dict[str, list[str]] = {}
    for rule in programme.rules:
        for word in words_of(rule):
            makers.setdefault(word, []).append(rule.rule)
    edges = [(layered.rule.rule, maker, strict) for layered in rules for maker, strict in _needs(layered, makers, programme)]
    for _ in range(len(levels) + 1):
        raised = False
        for rule_id, maker, strict in edges:
            least = levels[maker] + strict
            if levels[rule_id] < least:
                levels[rule_id], raised = least, True
        if not raised:
            break
    else:
        stuck = max(levels, key=lambda name: levels[name])
        problems.error("negation_cycle", programme.where(stuck), rule=stuck)
        return None
    layers = [tuple(r for r in rules if levels[r.rule.rule] == level) for level in range(max(levels.values(), default=-1) + 1)]
    return Strata(tuple(layers))


def _needs(layered: LayeredRule, makers: dict[str, list[str]], programme: Programme) -> set[tuple[str, bool]]:
    found: set[tuple[str, bool]] = set()
    for literal in (literal for alternative in layered.alternatives for literal in alternative):
        if literal.derived:
            found |= {(maker, not literal.positive) for maker in makers.get(literal.text, ())}
        for node in walk(literal.node):
            if isinstance(node, Input) and node.name in COUNTED:
                severity = node.name.rpartition(".")[2]
                found |= {(rule.rule, True) for rule in programme.rules if rule.then.nonconformity == severity}
    return found


def _hidden(layered: LayeredRule, derived: frozenset[str]) -> tuple[str, ...]:
    """Conclusions that a condition compares or computes with: only ``and``, ``or`` and ``not`` can wait for a conclusion."""
    asked = (literal.node for alternative in layered.alternatives for literal in alternative if not literal.derived)
    return tuple(dict.fromkeys(node.name for part in asked for node in walk(part) if isinstance(node, Input) and node.name in derived))


def _layered(rule: Rule, compiled: Compiled, derived: frozenset[str]) -> LayeredRule:
    root = compiled.formulas[rule.rule, "when"].typed.root
    return LayeredRule(rule, tuple(_alternatives(root, True, derived)))


def _alternatives(node: Node, positive: bool, derived: frozenset[str]) -> list[tuple[Literal, ...]]:
    """The condition as "any of these conjunctions", with negation pushed down to single facts."""
    if isinstance(node, Operation) and node.operator == "not":
        return _alternatives(node.operands[0], not positive, derived)
    if isinstance(node, Operation) and node.operator in ("and", "or"):
        left, right = (_alternatives(operand, positive, derived) for operand in node.operands)
        if (node.operator == "or") == positive:
            return left + right
        return [tuple(dict.fromkeys(one + other)) for one in left for other in right]
    name = node.name if isinstance(node, Input) else None
    is_derived = name in derived
    return [(Literal(name if is_derived and name else to_source(node.syntax), positive, is_derived, node),)]
