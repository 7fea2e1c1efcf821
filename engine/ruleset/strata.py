"""Rules into layers: negation and counting only look at what lower layers have concluded for good."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from engine.language import Node, to_source
from engine.language.typed import Cell, Input, Operation, Outer, walk
from engine.problems import ProblemList
from engine.ruleset.compile import COUNTED, ROWS, Compiled, conclusions, words_of
from engine.ruleset.programme import Programme
from engine.ruleset.schema import Rule

MAX_ALTERNATIVES = 64
MAX_CONDITIONS = 16
"""More than this the production engine does not hold in one rule."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A fact or its opposite: a conclusion by name, or anything else a condition asks, by its source text.

    ``of_row`` marks what is asked of the row that the rule is about.
    """

    text: str
    positive: bool
    derived: bool
    node: Node
    of_row: bool = False

    @property
    def counted(self) -> tuple[str, ...]:
        """What it counts: nonconformities, or the rows of which a conclusion holds."""
        return tuple(dict.fromkeys(node.name for node in walk(self.node) if isinstance(node, Input) and is_count(node.name)))


@dataclass(frozen=True, slots=True)
class LayeredRule:
    """A rule as alternatives, each a conjunction of literals."""

    rule: Rule
    alternatives: tuple[tuple[Literal, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """Layers in the order in which they run, each in the order of the programme."""

    layers: tuple[tuple[LayeredRule, ...], ...]


def is_count(name: str) -> bool:
    """Whether a name of a condition counts conclusions."""
    return name in COUNTED or name.startswith(ROWS)


@lru_cache(maxsize=64)
def strata(compiled: Compiled) -> Strata:
    """The layers of a programme that has been linted."""
    problems = ProblemList()
    layered = stratify(compiled, problems)
    problems.refuse_if_errors()
    assert layered is not None
    return layered


def stratify(compiled: Compiled, problems: ProblemList) -> Strata | None:
    """Layer the rules; a cycle through negation or counting, or a condition with too many alternatives, is a Problem.

    What is concluded of rows is final before another rule than those about the same rows asks for it, and the other way round:
    a cycle through both is a Problem too.
    """
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
    makers: dict[str, list[str]] = {}
    for rule in programme.rules:
        for word in words_of(rule):
            makers.setdefault(word, []).append(rule.rule)
    needs = [need for layered in rules for need in _needs(layered, makers, programme)]
    levels, stuck = _levels(programme, [(need.rule, need.maker, need.final or need.crosses) for need in needs])
    if stuck:
        _, circular = _levels(programme, [(need.rule, need.maker, need.final) for need in needs])
        problems.error("negation_cycle" if circular else "rows_cycle", programme.where(stuck), rule=stuck)
        return None
    layers = [tuple(r for r in rules if levels[r.rule.rule] == level) for level in range(max(levels.values(), default=-1) + 1)]
    return Strata(tuple(layers))


class _Need(NamedTuple):
    """A rule asks for what another concludes: only once that is ``final``, or from rows to elsewhere and back (``crosses``)."""

    rule: str
    maker: str
    final: bool
    crosses: bool


def _levels(programme: Programme, edges: Iterable[tuple[str, str, bool]]) -> tuple[dict[str, int], str]:
    """The layer of every rule, each above those it waits for, and a rule that waits for itself, or nothing."""
    levels = dict.fromkeys((rule.rule for rule in programme.rules), 0)
    listed = list(edges)
    for _ in range(len(levels) + 1):
        raised = False
        for rule_id, maker, above in listed:
            least = levels[maker] + above
            if levels[rule_id] < least:
                levels[rule_id], raised = least, True
        if not raised:
            return levels, ""
    return levels, max(levels, key=lambda name: levels[name])


def _needs(layered: LayeredRule, makers: dict[str, list[str]], programme: Programme) -> set[_Need]:
    found: set[_Need] = set()
    rule = layered.rule
    about = {each.rule: each.each for each in programme.rules}
    for literal in (literal for alternative in layered.alternatives for literal in alternative):
        if literal.derived:
            asked = makers.get(literal.text, ())
            found |= {_Need(rule.rule, maker, not literal.positive, about[maker] != rule.each) for maker in asked}
        for name in literal.counted:
            found |= {_Need(rule.rule, each.rule, True, False) for each in programme.rules if counts_in(each, name)}
    return found


def counts_in(rule: Rule, name: str) -> bool:
    """Whether what a rule concludes is counted under a name."""
    if name.startswith(ROWS):
        return rule.each is not None and name.removeprefix(ROWS) in words_of(rule)
    return rule.then.nonconformity == name.rpartition(".")[2]


def _hidden(layered: LayeredRule, derived: frozenset[str]) -> tuple[str, ...]:
    """Conclusions that a condition compares or computes with: only ``and``, ``or`` and ``not`` can wait for a conclusion."""
    asked = (literal.node for alternative in layered.alternatives for literal in alternative if not literal.derived)
    return tuple(dict.fromkeys(node.name for part in asked for node in walk(part) if isinstance(node, Input) and node.name in derived))


def _layered(rule: Rule, compiled: Compiled, derived: frozenset[str]) -> LayeredRule:
    root = compiled.formulas[rule.rule, "when"].typed.root
    return LayeredRule(rule, tuple(_alternatives(root, True, derived, rule.each or "")))


def _alternatives(node: Node, positive: bool, derived: frozenset[str], each: str) -> list[tuple[Literal, ...]]:
    """The condition as "any of these conjunctions", with negation pushed down to single facts."""
    if isinstance(node, Operation) and node.operator == "not":
        return _alternatives(node.operands[0], not positive, derived, each)
    if isinstance(node, Operation) and node.operator in ("and", "or"):
        left, right = (_alternatives(operand, positive, derived, each) for operand in node.operands)
        if (node.operator == "or") == positive:
            return left + right
        return [tuple(dict.fromkeys(one + other)) for one in left for other in right]
    name = node.name if isinstance(node, Input) else None
    is_derived = name in derived
    of_row = any(isinstance(part, Cell | Outer) and part.table == each for part in walk(node))
    return [(Literal(name if is_derived and name else to_source(node.syntax), positive, is_derived, node, of_row),)]
