"""Rules about rows against a plain evaluator: levels from below, three truths, until nothing changes; rules, rows and facts shuffled."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ruleset.programme import Programme
from tests.assess.tiny import Data, assess, column, criterion, programme, rows, rule, table, words

Truth = bool | None
"""Yes, no, or not known."""
SCALARS = ("a", "b")
COLUMNS = {"left": ("p", "q"), "right": ("p", "r")}
OTHER = {"left": "right", "right": "left"}
WORDS = {"w0": (0, "left"), "w1": (0, ""), "w2": (1, "left"), "w3": (1, "right"), "w4": (2, ""), "w5": (2, "left"), "w6": (3, "")}
"""By word its level and the table whose rows it is said of; of the same level and table a rule may ask for it only as it is."""


@dataclass(frozen=True)
class Plain:
    """A generated rule: its condition as a nested tuple, and the word it concludes."""

    condition: Any
    word: str


@dataclass(frozen=True)
class World:
    """What a dossier says: truths by name, and for each table its rows (key, join key, truths), or that it is not there."""

    scalars: dict[str, Truth]
    tables: dict[str, list[dict[str, Any]] | None]


# --- what is generated ---


def atoms(word: str) -> st.SearchStrategy[Any]:
    level, each = WORDS[word]
    below = [name for name, (at, _) in WORDS.items() if at < level]
    asked = [name for name in WORDS if name in below or WORDS[name] == (level, each)]
    counted = [name for name in below if WORDS[name][1]]
    options = [
        st.tuples(st.just("scalar"), st.sampled_from(SCALARS), st.booleans()),
        st.tuples(st.just("word"), st.sampled_from(asked), st.just(True)),
    ]
    if below:
        options.append(st.tuples(st.just("word"), st.sampled_from(below), st.just(False)))
    if counted:
        options.append(st.tuples(st.just("count"), st.sampled_from(counted), st.sampled_from(["<", ">=", "=="]), st.integers(0, 3)))
    if each:
        options += [
            st.tuples(st.just("cell"), st.just(each), st.sampled_from(COLUMNS[each]), st.booleans()),
            st.tuples(st.just("join"), st.just(each), st.sampled_from(COLUMNS[OTHER[each]]), st.booleans()),
        ]
    return st.one_of(options)


@st.composite
def plain_rules(draw: st.DrawFn) -> list[Plain]:
    made = []
    for _ in range(draw(st.integers(2, 6))):
        word = draw(st.sampled_from(sorted(WORDS)))
        tree = st.recursive(atoms(word), lambda inner: st.tuples(st.sampled_from(["and", "or"]), inner, inner), max_leaves=3)
        made.append(Plain(draw(tree), word))
    return made


truths = st.sampled_from([True, False, None])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    def row(number: int, names: tuple[str, ...]) -> dict[str, Any]:
        return {"key": f"k{number}", "group": draw(st.sampled_from(["x", "y"])), **{name: draw(truths) for name in names}}

    tables = {name: [row(i, columns) for i in range(draw(st.integers(0, 3)))] or None for name, columns in COLUMNS.items()}
    return World({name: draw(truths) for name in SCALARS}, tables)


# --- the plain evaluator ---


def negated(truth: Truth) -> Truth:
    return None if truth is None else not truth


def some(found: list[Truth]) -> Truth:
    return True if True in found else None if None in found else False


def every(found: list[Truth]) -> Truth:
    return negated(some([negated(truth) for truth in found]))


class Evaluator:
    """Says of every rule and row whether it fires. A table that is not there is one row of which nothing is known, not even that it is."""

    def __init__(self, rules: list[Plain], world: World) -> None:
        self.rules, self.world = rules, world
        self.fired: dict[tuple[int, str], Truth] = {
            (i, key): False for i, each in enumerate(rules) for key in self.keys(WORDS[each.word][1])
        }
        for level in sorted({level for level, _ in WORDS.values()}):
            while self.step(level):
                pass

    def keys(self, each: str) -> list[str]:
        if not each:
            return [""]
        listed = self.world.tables[each]
        return ["?"] if listed is None else [str(row["key"]) for row in listed]

    def step(self, level: int) -> bool:
        now = {}
        for (i, key), before in self.fired.items():
            at, each = WORDS[self.rules[i].word]
            if at == level:
                truth = self.truth(self.rules[i].condition, each, key)
                now[i, key] = None if key == "?" and truth else truth
                assert before is False or now[i, key] is not False
        changed = any(self.fired[name] != truth for name, truth in now.items())
        self.fired |= now
        return changed

    def says(self, word: str, key: str) -> Truth:
        """Whether a word holds of one row of its own table."""
        return some([truth for (i, at), truth in self.fired.items() if self.rules[i].word == word and at == key])

    def truth(self, condition: Any, each: str, key: str) -> Truth:
        match condition:
            case ("scalar", name, wanted):
                return self.world.scalars[name] if wanted else negated(self.world.scalars[name])
            case ("word", word, wanted):
                own = WORDS[word][1]
                found = self.says(word, key) if own == each else some([self.says(word, at) for at in self.keys(own)])
                return found if wanted else negated(found)
            case ("cell", table_, name, wanted):
                if key == "?":
                    return None
                found = next(row for row in self.world.tables[table_] or () if row["key"] == key)[name]
                return found if wanted else negated(found)
            case ("join", table_, name, wanted):
                found = self.joined(table_, key, name)
                return found if wanted else negated(found)
            case ("count", word, operator, number):
                return self.counted(word, operator, number)
        sides = [self.truth(side, each, key) for side in condition[1:]]
        return every(sides) if condition[0] == "and" else some(sides)

    def joined(self, table_: str, key: str, name: str) -> Truth:
        others = self.world.tables[OTHER[table_]]
        if key == "?" or others is None:
            return None
        group = next(row for row in self.world.tables[table_] or () if row["key"] == key)["group"]
        return some([other[name] for other in others if other["group"] == group])

    def counted(self, word: str, operator: str, number: int) -> Truth:
        own = WORDS[word][1]
        said = [self.says(word, key) for key in self.keys(own)]
        most = number + 5 if self.world.tables[own] is None and None in said else len(said) - said.count(False)
        compare: dict[str, Callable[[int], bool]] = {"<": number.__gt__, ">=": number.__le__, "==": number.__eq__}
        answers = {compare[operator](n) for n in range(said.count(True), most + 1)}
        return answers.pop() if len(answers) == 1 else None


# --- the engine ---


def source(condition: Any) -> str:
    match condition:
        case ("scalar" | "word", name, wanted):
            return str(name) if wanted else f"not {name}"
        case ("cell", table_, name, wanted):
            return f"{table_}.{name}" if wanted else f"not {table_}.{name}"
        case ("join", table_, name, wanted):
            other = OTHER[table_]
            return ("" if wanted else "not ") + f"any({other}.group == {table_}.group and {other}.{name})"
        case ("count", word, operator, number):
            return f"rows.{word} {operator} {number}"
    return f"({source(condition[1])} {condition[0]} {source(condition[2])})"


def with_rules(rules: list[tuple[int, Plain]]) -> Programme:
    def of(each: str, made: Data) -> Data:
        return {**made, "each": each} if each else made

    made = [of(WORDS[each.word][1], rule(f"r{i}", source_of_row(each), classify=each.word)) for i, each in rules]
    never = []
    for word, (_, each) in WORDS.items():
        when = f'false and {each}.key == "never"' if each else "false"
        never.append(of(each, rule(f"{word}_never", when, classify=word)))
    tables = []
    for name, columns in COLUMNS.items():
        held = [column(each, type="yes_no", required=False) for each in columns]
        tables.append(table(name, [column("key", type="text"), column("group", type="text"), *held], ["key"]))
    return programme(
        inputs=[{"input": name, "title": words(name), "type": "yes_no"} for name in SCALARS],
        tables=tables,
        criteria=[criterion("d.one")],
        rules=[*made, *never],
    )


def source_of_row(each: Plain) -> str:
    """The condition; one of a rule about rows asks something of the row in any case."""
    table_ = WORDS[each.word][1]
    return f'{source(each.condition)} and {table_}.key != "never"' if table_ else source(each.condition)


TEXTS = {True: "yes", False: "no"}


def inferred(rules: list[tuple[int, Plain]], world: World, chance: random.Random) -> dict[tuple[int, str], Truth]:
    filled = {}
    for name, listed in world.tables.items():
        if listed is not None:
            cells = [{k: TEXTS[v] if isinstance(v, bool) else v for k, v in row.items() if v is not None} for row in listed]
            filled[name] = rows(*chance.sample(cells, len(cells)))
    known = [name for name in SCALARS if world.scalars[name] is not None]
    inputs = {name: TEXTS[world.scalars[name] is True] for name in chance.sample(known, len(known))}
    found: dict[tuple[int, str], Truth] = {}
    for one in assess(with_rules(rules), inputs=inputs, tables=filled).findings:
        if not one.rule.endswith("_never"):
            each = WORDS[dict(rules)[int(one.rule[1:])].word][1]
            key = "" if not each else "?" if one.row is None else str(one.row.key[0].value.value)
            found[int(one.rule[1:]), key] = None if one.open else True
    return found


@settings(max_examples=60)
@given(plain_rules(), st.lists(worlds(), min_size=3, max_size=3), st.randoms(use_true_random=False))
def test_conclusions_about_rows_are_those_of_a_plain_evaluator_in_every_order(
    rules: list[Plain], given_worlds: list[World], chance: random.Random
) -> None:
    numbered = list(enumerate(rules))
    for order in (numbered, chance.sample(numbered, len(numbered))):
        for world in given_worlds:
            expected = {name: truth for name, truth in Evaluator(rules, world).fired.items() if truth is not False}
            assert inferred(order, world, chance) == expected


@settings(max_examples=40)
@given(plain_rules(), worlds(), st.randoms(use_true_random=False))
def test_what_is_certain_stays_and_what_is_not_possible_never_comes(rules: list[Plain], world: World, chance: random.Random) -> None:
    """Filling in what is missing makes open findings certain or takes them away, and touches no other, of the rows that are there."""
    numbered = list(enumerate(rules))
    before = inferred(numbered, world, chance)
    scalars = {name: chance.choice([True, False]) if truth is None else truth for name, truth in world.scalars.items()}
    tables = {
        name: None if listed is None else [{k: chance.choice([True, False]) if v is None else v for k, v in row.items()} for row in listed]
        for name, listed in world.tables.items()
    }
    after = inferred(numbered, World(scalars, tables), chance)
    assert {name for name, truth in before.items() if truth} <= {name for name, truth in after.items() if truth}
    assert set(after) <= set(before)
