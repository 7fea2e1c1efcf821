"""From statuses and values to classifications, obligations, findings and vetoes, layer by layer through the productions.

Every conclusion is drawn twice: *certain* from what is known, *possible* from what is known or still open. What is possible
and not certain is an open finding; "not X" is certain only where X is not even possible.

Rules about the rows of a table run once for each row, with the facts of that row. Where the table itself is not known, they run
for one row of which nothing is known: what follows is open and names no row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from engine.assess.counting import counted_truth
from engine.assess.facts import Asked, FactBook, asked_of
from engine.assess.productions import Production, ProductionSet
from engine.assess.results import Finding
from engine.language import Env, Row, Unknown, Value, compile_row_node
from engine.ruleset.compile import ROWS, Compiled, words_of
from engine.ruleset.schema import Rule
from engine.ruleset.strata import LayeredRule, Literal, counts_in, strata

CERTAIN, POSSIBLE = "certain", "possible"
WHOLE, UNLISTED = -1, -2
"""In place of a row's number: no row at all, and the row of a table that is not known."""

_Words = dict[str, set[str]]


@dataclass(slots=True)
class _Known:
    """What has been concluded so far, for certain and possibly, and how: the alternative of each rule that fired, by row.

    ``words`` holds what was concluded of anything: under the table whose rows the rule is about, or under nothing.
    """

    fired: dict[str, dict[str, dict[int, int]]] = field(default_factory=lambda: {CERTAIN: {}, POSSIBLE: {}})
    words: dict[str, _Words] = field(default_factory=lambda: {CERTAIN: {}, POSSIBLE: {}})
    of_row: dict[str, dict[tuple[str, int], set[str]]] = field(default_factory=lambda: {CERTAIN: {}, POSSIBLE: {}})

    def seen(self, which: str, table: str, row: int) -> set[str]:
        """The conclusions that a rule sees: of its own row, and what holds of anything else."""
        if not table:
            return set().union(*self.words[which].values())
        elsewhere = (words for scope, words in self.words[which].items() if scope != table)
        return self.of_row[which].get((table, row), set()).union(*elsewhere)

    def note(self, which: str, rule: Rule, row: int, alternative: int) -> None:
        """Remember that a rule fired by an alternative; the first one of them is kept."""
        table = rule.each or ""
        by_row = self.fired[which].setdefault(rule.rule, {})
        by_row[row] = min(by_row.get(row, alternative), alternative)
        self.words[which].setdefault(table, set()).update(words_of(rule))
        if table:
            self.of_row[which].setdefault((table, row), set()).update(words_of(rule))

    def count(self, name: str, compiled: Compiled, which: str) -> tuple[int, bool]:
        """How many nonconformities, or rows of which a conclusion holds; whether there may be any number of them."""
        rows = [(rule, row) for rule in _makers(compiled, name) for row in self.fired[which].get(rule.rule, ())]
        open_ended = any(row == UNLISTED for _, row in rows)
        if name.startswith(ROWS):
            return len({(rule.each, row) for rule, row in rows if row != UNLISTED}), open_ended
        return sum(row != UNLISTED for _, row in rows), open_ended


class _Ask(NamedTuple):
    """A condition that is computed before its rules run: of the row, or of the whole; what it counts, if it does."""

    run: Callable[[Env, Row], Value]
    literal: Literal
    counted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Rules of a layer that are about the same, ready to run: the rows of one table, or the dossier as a whole."""

    table: str
    rules: Mapping[str, Rule]
    productions: ProductionSet
    asked: Mapping[str, _Ask]
    negated: frozenset[str]


def infer(compiled: Compiled, env: Env, book: FactBook) -> tuple[Finding, ...]:
    """All findings in the order of the programme's rules and of the rows that they are about.

    ``env`` holds values and statuses of the assessment's basis, ``book`` says what its facts were read from.
    """
    known = _Known()
    for group in _groups(compiled):
        whole = {text: _truth(ask, env, known, compiled) for text, ask in group.asked.items() if not ask.literal.of_row}
        for number, row in _rows(group.table, env):
            truths = whole | {text: _of_row(ask, env, number, row) for text, ask in group.asked.items() if ask.literal.of_row}
            _run(group, number, truths, known)
    return tuple(_findings(compiled, known, book))


def _rows(table: str, env: Env) -> Iterator[tuple[int, Row]]:
    """The rows that the rules of a group run for, by number."""
    if not table:
        yield WHOLE, {}
        return
    rows = env.tables.get(table)
    if rows is None or isinstance(rows, Unknown):
        yield UNLISTED, {}
    else:
        yield from enumerate(rows)


def _of_row(ask: _Ask, env: Env, number: int, row: Row) -> Value:
    return Unknown(()) if number == UNLISTED else ask.run(env, row)


def _truth(ask: _Ask, env: Env, known: _Known, compiled: Compiled) -> Value:
    """A condition's truth; one that counts conclusions is open where the counts from the certain to the possible disagree."""
    if not ask.counted:
        return ask.run(env, {})
    counts = []
    for name in ask.counted:
        (least, _), (most, open_ended) = known.count(name, compiled, CERTAIN), known.count(name, compiled, POSSIBLE)
        counts.append((name, least, most, open_ended))
    return counted_truth(ask.literal.node, ask.run, env, counts)


def _run(group: _Group, row: int, truths: Mapping[str, Value], known: _Known) -> None:
    """Run the rules of a group on the facts of one row, or of the whole dossier."""
    certain = {_fact(text, truth) for text, truth in truths.items() if isinstance(truth, bool)}
    open_ = {_fact(text, truth) for text, value in truths.items() if isinstance(value, Unknown) for truth in (True, False)}
    sure, maybe = (known.seen(which, group.table, row) for which in (CERTAIN, POSSIBLE))
    fired: frozenset[str] = frozenset()
    if row != UNLISTED:
        absent = {_fact(word, False) for word in group.negated - maybe}
        fired = group.productions.run(certain | absent | sure)
        _note(group, row, fired, known, (CERTAIN, POSSIBLE))
        sure, maybe = (known.seen(which, group.table, row) for which in (CERTAIN, POSSIBLE))
    if open_ or maybe != sure or row == UNLISTED:
        absent = {_fact(word, False) for word in group.negated - sure}
        _note(group, row, group.productions.run(certain | open_ | maybe | absent, fired), known, (POSSIBLE,))


def _note(group: _Group, row: int, fired: frozenset[str], known: _Known, kinds: tuple[str, ...]) -> None:
    for production in fired:
        rule, _, number = production.partition("#")
        for which in kinds:
            known.note(which, group.rules[rule], row, int(number))


def _fact(text: str, truth: bool) -> str:
    return text if truth else f"not {text}"


@lru_cache(maxsize=64)
def _groups(compiled: Compiled) -> tuple[_Group, ...]:
    """The rules in the order in which they run, those of a layer by what they are about."""
    found = []
    for layer in strata(compiled).layers:
        for table in dict.fromkeys(layered.rule.each or "" for layered in layer):
            found.append(_group(table, tuple(layered for layered in layer if (layered.rule.each or "") == table)))
    return tuple(found)


def _group(table: str, rules: tuple[LayeredRule, ...]) -> _Group:
    productions = []
    asked: dict[str, _Ask] = {}
    negated: set[str] = set()
    for layered in rules:
        for i, alternative in enumerate(layered.alternatives):
            conditions = tuple(_fact(literal.text, literal.positive) for literal in alternative)
            conclusions = tuple(_fact(word, True) for word in words_of(layered.rule))
            productions.append(Production(f"{layered.rule.rule}#{i}", conditions, conclusions))
            for literal in alternative:
                if not literal.derived:
                    asked[literal.text] = _Ask(compile_row_node(literal.node), literal, literal.counted)
                elif not literal.positive:
                    negated.add(literal.text)
    by_name = {layered.rule.rule: layered.rule for layered in rules}
    return _Group(table, by_name, ProductionSet(productions), asked, frozenset(negated))


class _Concludes(NamedTuple):
    """What a rule comes to: the rule, how grave it is, its name, and what each of its alternatives asks."""

    rule: Rule
    severity: str
    name: str
    alternatives: tuple[tuple[Asked, ...], ...]


@lru_cache(maxsize=64)
def _concludes(compiled: Compiled) -> tuple[_Concludes, ...]:
    """Every rule of a programme in its order."""
    layered = {each.rule.rule: each.alternatives for layer in strata(compiled).layers for each in layer}
    return tuple(
        _Concludes(
            rule,
            rule.then.nonconformity or {"classify": "classification"}.get(rule.then.kind, rule.then.kind),
            rule.then.classify or rule.then.obligation or rule.rule,
            tuple(tuple(asked_of(each, rule.each or "", compiled.programme) for each in literals) for literals in layered[rule.rule]),
        )
        for rule in compiled.programme.rules
    )


@lru_cache(maxsize=1024)
def _makers(compiled: Compiled, name: str) -> tuple[Rule, ...]:
    """The rules whose conclusions are counted under a name."""
    return tuple(rule for rule in compiled.programme.rules if counts_in(rule, name))


def _findings(compiled: Compiled, known: _Known, book: FactBook) -> Iterator[Finding]:
    certain, possible = known.fired[CERTAIN], known.fired[POSSIBLE]
    for rule, severity, name, alternatives in _concludes(compiled):
        sure = certain.get(rule.rule, {})
        for row, alternative in sorted(possible.get(rule.rule, {}).items()):
            facts = book.facts(alternatives[sure.get(row, alternative)], row)
            yield Finding(rule.rule, rule.clause, severity, name, facts, row not in sure, book.row(rule.each or "", row))
