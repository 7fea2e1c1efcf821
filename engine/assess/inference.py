"""From statuses and values to classifications, obligations, findings and vetoes, layer by layer through the productions.

Every conclusion is drawn twice: *certain* from what is known, *possible* from what is known or still open. What is possible
and not certain is an open finding; "not X" is certain only where X is not even possible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import product

from engine.assess.productions import Production, ProductionSet
from engine.assess.results import Finding
from engine.language import Env, Unknown, Value, compile_node
from engine.language.typed import Input, walk
from engine.ruleset.compile import COUNTED, Compiled
from engine.ruleset.schema import Rule
from engine.ruleset.strata import LayeredRule, Literal, strata, words_of


@dataclass(slots=True)
class _Known:
    """What has been concluded so far, for certain and possibly, and how: the alternative of each rule that fired."""

    certain: dict[str, int] = field(default_factory=dict)
    possible: dict[str, int] = field(default_factory=dict)
    words: dict[str, set[str]] = field(default_factory=lambda: {"certain": set(), "possible": set()})


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer ready to run: its rules, their productions, and the conditions that are computed before it runs."""

    rules: tuple[LayeredRule, ...]
    productions: ProductionSet
    asked: Mapping[str, tuple[Callable[[Env], Value], bool]]
    negated: frozenset[str]


def infer(compiled: Compiled, env: Env) -> tuple[Finding, ...]:
    """All findings in the order of the programme's rules; ``env`` holds values and statuses of the assessment's basis."""
    known = _Known()
    for layer in _layers(compiled):
        truths = {text: _truth(ask, counts, env, known, compiled) for text, (ask, counts) in layer.asked.items()}
        _run_layer(layer, truths, known)
    findings = _findings(compiled)
    return tuple(
        findings[rule.rule, alternative, rule.rule not in known.certain]
        for rule in compiled.programme.rules
        if (alternative := known.certain.get(rule.rule, known.possible.get(rule.rule))) is not None
    )


def _run_layer(layer: _Layer, truths: Mapping[str, Value], known: _Known) -> None:
    certain = {_fact(text, truth) for text, truth in truths.items() if isinstance(truth, bool)}
    open_ = {_fact(text, truth) for text, value in truths.items() if isinstance(value, Unknown) for truth in (True, False)}
    absent = {_fact(word, False) for word in layer.negated - known.words["possible"]}
    present = {_fact(word, True) for word in known.words["certain"]}
    fired = layer.productions.run(certain | absent | present)
    _note(layer, fired, known, "certain")
    if open_ or known.words["possible"] != known.words["certain"]:
        maybe = {_fact(word, True) for word in known.words["possible"]}
        maybe |= {_fact(word, False) for word in layer.negated - known.words["certain"]}
        fired |= layer.productions.run(certain | open_ | maybe, fired)
    _note(layer, fired, known, "possible")


def _note(layer: _Layer, fired: frozenset[str], known: _Known, which: str) -> None:
    """Remember the rules that fired, each with the first of its alternatives that did, and the words they conclude."""
    alternatives: dict[str, int] = getattr(known, which)
    for production in fired:
        rule, _, number = production.partition("#")
        alternatives[rule] = min(alternatives.get(rule, int(number)), int(number))
    for layered in layer.rules:
        if layered.rule.rule in alternatives:
            known.words[which].update(words_of(layered.rule))
            if which == "certain":
                known.words["possible"].update(words_of(layered.rule))


def _fact(text: str, truth: bool) -> str:
    return text if truth else f"not {text}"


def _truth(ask: Callable[[Env], Value], counts: bool, env: Env, known: _Known, compiled: Compiled) -> Value:
    """A condition's truth; one that counts nonconformities is open where the counts from the certain to the possible disagree."""
    if not counts:
        return ask(env)
    ranges = [range(_count(name, compiled, known.certain), _count(name, compiled, known.possible) + 1) for name in COUNTED]
    answers = {ask(_counted(env, numbers)) for numbers in product(*ranges)}
    return answers.pop() if len(answers) == 1 else Unknown(())


def _count(name: str, compiled: Compiled, fired: Mapping[str, int]) -> int:
    severity = name.rpartition(".")[2]
    return sum(rule.rule in fired and rule.then.nonconformity == severity for rule in compiled.programme.rules)


def _counted(env: Env, numbers: tuple[int, ...]) -> Env:
    values: dict[str, Value] = {**env.values, **{name: Fraction(number) for name, number in zip(COUNTED, numbers, strict=True)}}
    return Env(values, env.tables, env.lookup, env.status, env.year)


@lru_cache(maxsize=64)
def _layers(compiled: Compiled) -> tuple[_Layer, ...]:
    return tuple(_layer(rules) for rules in strata(compiled).layers)


def _layer(rules: tuple[LayeredRule, ...]) -> _Layer:
    productions = []
    asked: dict[str, tuple[Callable[[Env], Value], bool]] = {}
    negated: set[str] = set()
    for layered in rules:
        for i, alternative in enumerate(layered.alternatives):
            conditions = tuple(_fact(literal.text, literal.positive) for literal in alternative)
            conclusions = tuple(_fact(word, True) for word in words_of(layered.rule))
            productions.append(Production(f"{layered.rule.rule}#{i}", conditions, conclusions))
            for literal in alternative:
                if not literal.derived:
                    asked[literal.text] = (compile_node(literal.node), _counts(literal))
                elif not literal.positive:
                    negated.add(literal.text)
    return _Layer(rules, ProductionSet(productions), asked, frozenset(negated))


def _counts(literal: Literal) -> bool:
    return any(isinstance(node, Input) and node.name in COUNTED for node in walk(literal.node))


@lru_cache(maxsize=64)
def _findings(compiled: Compiled) -> dict[tuple[str, int, bool], Finding]:
    """Every finding that a programme can come to: by rule, by the alternative that fired, certain or open."""
    return {
        (layered.rule.rule, number, is_open): _finding(layered.rule, alternative, is_open)
        for layer in strata(compiled).layers
        for layered in layer
        for number, alternative in enumerate(layered.alternatives)
        for is_open in (False, True)
    }


def _finding(rule: Rule, alternative: tuple[Literal, ...], is_open: bool) -> Finding:
    because = tuple(_fact(literal.text, literal.positive) for literal in alternative)
    severity = rule.then.nonconformity or {"classify": "classification"}.get(rule.then.kind, rule.then.kind)
    name = rule.then.classify or rule.then.obligation or rule.rule
    return Finding(rule.rule, rule.clause, severity, name, because, is_open)
