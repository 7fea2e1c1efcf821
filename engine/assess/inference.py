"""From statuses and values to classifications, obligations, findings and vetoes, layer by layer through the productions.

Every conclusion is drawn twice: *certain* from what is known, *possible* from what is known or still open. What is possible
and not certain is an open finding; "not X" is certain only where X is not even possible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

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
    return tuple(
        _finding(rule, known, layered) for rule, layered in _in_order(compiled) if rule.rule in known.certain or rule.rule in known.possible
    )


def _run_layer(layer: _Layer, truths: Mapping[str, Value], known: _Known) -> None:
    certain = {_fact(text, truth) for text, truth in truths.items() if isinstance(truth, bool)}
    open_ = {_fact(text, truth) for text, value in truths.items() if isinstance(value, Unknown) for truth in (True, False)}
    absent = {_fact(word, False) for word in layer.negated - known.words["possible"]}
    present = {_fact(word, True) for word in known.words["certain"]}
    fired = _fired(layer, certain | absent | present)
    _note(layer, fired, known, "certain")
    maybe = {_fact(word, True) for word in known.words["possible"]} | {_fact(w, False) for w in layer.negated - known.words["certain"]}
    if not open_ and known.words["possible"] == known.words["certain"]:
        _note(layer, fired, known, "possible")
        return
    _note(layer, _fired(layer, certain | open_ | maybe | present), known, "possible")


def _fired(layer: _Layer, facts: set[str]) -> dict[str, int]:
    """The rules that fire, each with the first of its alternatives that does."""
    fired: dict[str, int] = {}
    for production in sorted(layer.productions.run(facts)):
        rule, _, alternative = production.partition("#")
        fired[rule] = min(fired.get(rule, int(alternative)), int(alternative))
    return fired


def _note(layer: _Layer, fired: Mapping[str, int], known: _Known, which: str) -> None:
    getattr(known, which).update(fired)
    for layered in layer.rules:
        if layered.rule.rule in fired:
            known.words[which].update(words_of(layered.rule))
            if which == "certain":
                known.words["possible"].update(words_of(layered.rule))


def _fact(text: str, truth: bool) -> str:
    return text if truth else f"not {text}"


def _truth(ask: Callable[[Env], Value], counts: bool, env: Env, known: _Known, compiled: Compiled) -> Value:
    """A condition's truth; one that counts nonconformities is open where the certain and the possible count disagree."""
    if not counts:
        return ask(env)
    answers = [ask(_counted(env, compiled, getattr(known, which))) for which in ("certain", "possible")]
    return answers[0] if answers[0] == answers[1] else Unknown(())


def _counted(env: Env, compiled: Compiled, fired: Mapping[str, int]) -> Env:
    numbers = dict.fromkeys(COUNTED, 0)
    for rule in compiled.programme.rules:
        if rule.rule in fired and rule.then.nonconformity:
            numbers[f"nonconformities.{rule.then.nonconformity}"] += 1
    values: dict[str, Value] = {**env.values, **{name: Fraction(number) for name, number in numbers.items()}}
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
def _in_order(compiled: Compiled) -> tuple[tuple[Rule, LayeredRule], ...]:
    layered = {item.rule.rule: item for layer in strata(compiled).layers for item in layer}
    return tuple((rule, layered[rule.rule]) for rule in compiled.programme.rules)


def _finding(rule: Rule, known: _Known, layered: LayeredRule) -> Finding:
    is_open = rule.rule not in known.certain
    alternative = layered.alternatives[(known.possible if is_open else known.certain)[rule.rule]]
    because = tuple(_fact(literal.text, literal.positive) for literal in alternative)
    severity = rule.then.nonconformity or {"classify": "classification"}.get(rule.then.kind, rule.then.kind)
    name = rule.then.classify or rule.then.obligation or rule.rule
    return Finding(rule.rule, rule.clause, severity, name, because, is_open)
