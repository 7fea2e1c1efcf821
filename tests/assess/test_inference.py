"""Rules: chaining, negation, counting, what is open, and the facts that each conclusion came from."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assess import inference
from engine.assess.results import Assessment, Finding
from engine.assess.sentences import because_sentences
from engine.ruleset.compile import compiled
from engine.ruleset.programme import Programme
from tests.assess.tiny import Data, assess, column, criterion, number, programme, rows, rule, table, words


def truth(name: str) -> Data:
    return {"input": name, "title": words(name), "type": "yes_no"}


def concluded(rules: list[Data], /, more: Data | None = None, **given: Any) -> dict[str, Finding]:
    """Findings by rule, from yes-or-no inputs a to c, a number x and the answers to three criteria."""
    made = programme(
        inputs=[*(truth(name) for name in "abc"), number("x", "t")],
        criteria=[criterion(name, na_allowed=True) for name in ("d.one", "d.two", "d.three")],
        rules=rules,
        **(more or {}),
    )
    answers = {name: given.pop(name) for name in list(given) if name in ("one", "two", "three")}
    result = assess(made, inputs=given, answers={f"d.{name}": answer for name, answer in answers.items()})
    return {finding.rule: finding for finding in result.findings}


def states(found: dict[str, Finding]) -> dict[str, str]:
    return {name: "open" if finding.open else "certain" for name, finding in found.items()}


CHAIN = [
    rule("key_user", "x >= 5000 t", classify="key_energy_user"),
    rule("monitoring_due", "key_energy_user", obligation="connect"),
    rule("monitoring_missing", "connect and not_met(d.one)", nonconformity="major"),
    rule("blocked", "nonconformities.major >= 1", veto=True),
]


def test_rules_chain_from_a_value_to_a_veto() -> None:
    found = concluded(CHAIN, x="5000", one="no")
    assert list(found) == ["key_user", "monitoring_due", "monitoring_missing", "blocked"]
    assert [finding.severity for finding in found.values()] == ["classification", "obligation", "major", "veto"]
    assert [finding.name for finding in found.values()] == ["key_energy_user", "connect", "monitoring_missing", "blocked"]


def test_each_conclusion_names_the_facts_it_came_from() -> None:
    found = concluded(CHAIN, x="5000", one="no")
    assert [finding.because for finding in found.values()] == [
        ("x >= 5000 t",),
        ("key_energy_user",),
        ("connect", "not_met(d.one)"),
        ("nonconformities.major >= 1",),
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"x": "4999.999", "one": "no"}, {}),
        ({"x": "5000", "one": "yes"}, {"key_user": "certain", "monitoring_due": "certain"}),
        ({"x": "5000"}, {"key_user": "certain", "monitoring_due": "certain", "monitoring_missing": "open", "blocked": "open"}),
        ({"one": "no"}, dict.fromkeys(["key_user", "monitoring_due", "monitoring_missing", "blocked"], "open")),
        ({"one": "yes"}, {"key_user": "open", "monitoring_due": "open"}),
        ({"x": "1"}, {}),
    ],
)
def test_what_is_open_stays_open_along_the_chain(given: dict[str, str], expected: dict[str, str]) -> None:
    assert states(concluded(CHAIN, **given)) == expected


NEGATION = [
    rule("listed", "a", classify="listed_firm"),
    rule("large", "b", classify="large_firm"),
    rule("voluntary", "large_firm and not listed_firm"),
    rule("neither", "not large_firm and not listed_firm"),
]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"a": "no", "b": "yes"}, {"large": "certain", "voluntary": "certain"}),
        ({"a": "yes", "b": "yes"}, {"listed": "certain", "large": "certain"}),
        ({"a": "no", "b": "no"}, {"neither": "certain"}),
        ({"b": "yes"}, {"listed": "open", "large": "certain", "voluntary": "open"}),
        ({"a": "no"}, {"large": "open", "voluntary": "open", "neither": "open"}),
    ],
)
def test_what_is_not_concluded_is_certain_only_where_it_is_not_even_possible(given: dict[str, str], expected: dict[str, str]) -> None:
    assert states(concluded(NEGATION, **given)) == expected


def test_negation_waits_for_rules_that_stand_later_in_the_file() -> None:
    rules = [
        rule("voluntary", "b and not listed_firm"),
        rule("listed", "a or registered", classify="listed_firm"),
        rule("register", "c", classify="registered"),
    ]
    assert states(concluded(rules, a="no", b="yes", c="yes")) == {"listed": "certain", "register": "certain"}
    assert states(concluded(rules, a="no", b="yes", c="no")) == {"voluntary": "certain"}


MAJORS = [rule(f"major_{i}", f"not_met(d.{name})", nonconformity="major") for i, name in enumerate(("one", "two", "three"))]


@pytest.mark.parametrize(
    ("when", "given", "expected"),
    [
        ("nonconformities.major >= 3", "nnn", "certain"),
        ("nonconformities.major >= 3", "nny", None),
        ("nonconformities.major >= 3", "nn?", "open"),
        ("nonconformities.major >= 3", "n??", "open"),
        ("nonconformities.major >= 3", "ny?", None),
        ("nonconformities.major >= 2", "nn?", "certain"),
        ("nonconformities.major == 1", "nyy", "certain"),
        ("nonconformities.major == 1", "y??", "open"),  # none, one or two
        ("nonconformities.major == 2", "n??", "open"),  # one, two or three: neither end is two
        ("nonconformities.major != 2", "n??", "open"),
        ("nonconformities.major != 2", "nyy", "certain"),
        ("not (nonconformities.major >= 2)", "nyy", "certain"),
        ("not (nonconformities.major >= 2)", "n?y", "open"),
        ("nonconformities.minor == 0", "nnn", "certain"),
        ("nonconformities.major + nonconformities.minor >= 3", "nnn", "certain"),
    ],
)
def test_counting_nonconformities(when: str, given: str, expected: str | None) -> None:
    answers = {name: {"y": "yes", "n": "no"}[letter] for name, letter in zip(("one", "two", "three"), given, strict=True) if letter != "?"}
    found = states(concluded([*MAJORS, rule("many", when, veto=True)], **answers))
    assert found.get("many") == expected


def test_each_severity_is_counted_by_itself() -> None:
    rules = [
        MAJORS[0],
        rule("minor", "a", nonconformity="minor"),
        rule("both", "nonconformities.major == 1 and nonconformities.minor == 1"),
    ]
    assert states(concluded(rules, one="no", a="yes"))["both"] == "certain"


STATUSES = [rule(f"is_{status}", f"{status}(d.one)") for status in ("met", "not_met", "scored", "undetermined", "not_applicable")]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("yes", {"is_met": "certain"}),
        ("no", {"is_not_met": "certain"}),
        ({"declared": "not_applicable", "reason": "无"}, {"is_not_applicable": "certain"}),
        (
            None,
            {"is_undetermined": "certain", "is_met": "open", "is_not_met": "open", "is_scored": "open", "is_not_applicable": "open"},
        ),
    ],
)
def test_rules_ask_for_statuses(answer: Any, expected: dict[str, str]) -> None:
    assert states(concluded(STATUSES, **({} if answer is None else {"one": answer}))) == expected


def test_of_several_alternatives_the_first_that_holds_is_named() -> None:
    rules = [rule("some", "a or b or not_met(d.one)")]
    assert concluded(rules, a="no", b="yes", one="no")["some"].because == ("b",)
    assert concluded(rules, a="no", b="no", one="no")["some"].because == ("not_met(d.one)",)
    assert concluded(rules, a="no", one="yes")["some"].because == ("b",)


def test_negated_facts_are_named_as_such() -> None:
    found = concluded([*NEGATION[:2], rule("plain", "not (a or large_firm)")], a="no", b="no")["plain"]
    assert found.because == ("not a", "not large_firm")
    made = programme(
        inputs=[*(truth(name) for name in "abc"), number("x", "t")],
        criteria=[criterion(name, na_allowed=True) for name in ("d.one", "d.two", "d.three")],
        rules=[*NEGATION[:2], rule("plain", "not (a or large_firm)")],
    )
    assert because_sentences(found, made, "en") == ("not: a", "not: large")


def test_a_rules_own_name_is_a_truth_too() -> None:
    assert states(concluded([rule("first_one", "a"), rule("second_one", "first_one")], a="yes")) == {
        "first_one": "certain",
        "second_one": "certain",
    }


def test_one_word_from_two_rules() -> None:
    rules = [rule("by_a", "a", classify="watched"), rule("by_b", "b", classify="watched"), rule("then", "watched and c")]
    for known in ({"a": "yes", "b": "no"}, {"a": "no", "b": "yes"}, {"a": "yes", "b": "yes"}):
        assert states(concluded(rules, c="yes", **known))["then"] == "certain"


def test_codes_of_the_applicant_are_asked_as_texts() -> None:
    rules = [
        rule("dyeing", 'industry == "1713"'),
        rule("there", 'district in ("nanhu", "xiuzhou")'),
        rule("elsewhere", 'industry == "9999"'),
    ]
    assert states(concluded(rules)) == {"dyeing": "certain", "there": "certain"}


def test_facts_are_joined_over_rows() -> None:
    measured = table("levels", [column("kind", type="text"), column("level"), column("limit")], ["kind"])
    rules = [rule("exceeded", "any(levels.level > levels.limit)", nonconformity="minor")]
    made = programme(tables=[measured], criteria=[criterion("d.one")], rules=rules)
    found = [
        [finding.rule for finding in assess(made, tables={"levels": rows(*lines)}).findings]
        for lines in (
            [{"kind": "cod", "level": "50", "limit": "50"}, {"kind": "nh3", "level": "9", "limit": "8"}],
            [{"kind": "cod", "level": "50", "limit": "50"}, {"kind": "nh3", "level": "8", "limit": "8"}],
        )
    ]
    assert found == [["exceeded"], []]


@pytest.mark.parametrize(("safe", "outcome"), [("no", "not_eligible"), ("yes", "scored"), (None, "incomplete")])
def test_a_veto_makes_the_applicant_not_eligible(safe: str | None, outcome: str) -> None:
    made = programme(criteria=[criterion("d.one", points="0")], rules=[rule("unsafe", "not_met(d.one)", veto=True)])
    result = assess(made, answers={} if safe is None else {"d.one": safe})
    assert result.determination.outcome == outcome


def test_rules_without_conditions_that_could_hold_and_rulesets_without_rules() -> None:
    assert concluded([]) == {}
    assert states(concluded([rule("always", "true"), rule("never", "false")])) == {"always": "certain"}


# --- once per process ---


def test_rules_are_compiled_once_for_a_programme() -> None:
    made = programme(inputs=[truth("a")], criteria=[criterion("d.one")], rules=[rule("one", "a")])
    assess(made, inputs={"a": "yes"})
    before = inference._groups(compiled(made))
    for _ in range(3):
        assess(made, inputs={"a": "yes"})
    assert inference._groups(compiled(made)) is before


# --- against a plain evaluator ---


@dataclass(frozen=True)
class Plain:
    """A generated rule: its condition as a nested tuple, its word, and how grave it is."""

    condition: Any
    word: str
    severity: str | None


UNKNOWN, INPUTS = None, "abc"
LEVELS = {"w0": 0, "w1": 0, "w2": 1, "w3": 2}


def atoms(level: int) -> st.SearchStrategy[Any]:
    """What a rule of a level may ask: inputs, words of its own level or below, and below it their absence and counts."""
    below = [word for word, at in LEVELS.items() if at < level]
    options = [
        st.tuples(st.just("input"), st.sampled_from(INPUTS)),
        st.tuples(st.just("word"), st.sampled_from([w for w, at in LEVELS.items() if at <= level])),
    ]
    options.append(st.tuples(st.just("not input"), st.sampled_from(INPUTS)))
    if below:
        options.append(st.tuples(st.just("not word"), st.sampled_from(below)))
        options.append(st.tuples(st.just("count"), st.sampled_from(["<", ">=", "=="]), st.integers(0, 3)))
    return st.one_of(options)


def conditions(level: int) -> st.SearchStrategy[Any]:
    return st.recursive(atoms(level), lambda inner: st.tuples(st.sampled_from(["and", "or"]), inner, inner), max_leaves=4)


@st.composite
def plain_rules(draw: st.DrawFn) -> list[Plain]:
    made = []
    for _ in range(draw(st.integers(1, 6))):
        word = draw(st.sampled_from(sorted(LEVELS)))
        # only rules of the lowest level are counted, so that counting never runs in a circle
        severity = draw(st.sampled_from(["major", None])) if LEVELS[word] == 0 else None
        made.append(Plain(draw(conditions(LEVELS[word])), word, severity))
    return made


def source(condition: Any) -> str:
    match condition:
        case ("input" | "word", name):
            return str(name)
        case ("not input" | "not word", name):
            return f"not {name}"
        case ("count", operator, number):
            return f"nonconformities.major {operator} {number}"
    return f"({source(condition[1])} {condition[0]} {source(condition[2])})"


def three(condition: Any, inputs: dict[str, bool | None], truths: dict[str, bool | None], counts: range) -> bool | None:
    """Kleene's truth of a condition: true, false, or not known."""
    match condition:
        case ("input", name):
            return inputs[name]
        case ("word", name):
            return truths[name]
        case ("not input", name):
            return None if inputs[name] is None else not inputs[name]
        case ("not word", name):
            return None if truths[name] is None else not truths[name]
        case ("count", operator, number):
            answers = {{"<": n < number, ">=": n >= number, "==": n == number}[operator] for n in counts}
            return answers.pop() if len(answers) == 1 else None
    sides = {three(side, inputs, truths, counts) for side in condition[1:]}
    decisive = condition[0] == "or"
    return decisive if decisive in sides else None if None in sides else not decisive


def evaluated(rules: list[Plain], inputs: dict[str, bool | None]) -> dict[int, bool | None]:
    """The truth of every rule: level by level, from "nothing follows" upwards until nothing changes."""
    fired: dict[int, bool | None] = dict.fromkeys(range(len(rules)), False)
    truths: dict[str, bool | None] = dict.fromkeys(LEVELS, False)
    for level in range(3):
        majors = [fired[i] for i, each in enumerate(rules) if each.severity == "major"]
        counts = range(majors.count(True), len(majors) - majors.count(False) + 1)
        while True:
            now = {i: three(r.condition, inputs, truths, counts) for i, r in enumerate(rules) if LEVELS[r.word] == level}
            if all(fired[i] == truth for i, truth in now.items()):
                break
            fired |= now
            for word in (word for word, at in LEVELS.items() if at == level):
                makers = [fired[i] for i, r in enumerate(rules) if r.word == word]
                truths[word] = True if True in makers else None if None in makers else False
    return fired


@cache
def with_rules(listed: tuple[tuple[str, str, str | None, str], ...]) -> Programme:
    made = []
    for name, when, severity, word in listed:
        # a rule that counts says its word through a second rule, for it concludes one thing only
        if severity:
            made += [rule(name, when, nonconformity=severity), rule(f"{name}_word", name, classify=word)]
        else:
            made.append(rule(name, when, classify=word))
    words_ = [rule(f"{word}_never", "false", classify=word) for word in LEVELS]
    return programme(inputs=[truth(name) for name in INPUTS], criteria=[criterion("d.one")], rules=[*made, *words_])


TRUTHS = {True: "yes", False: "no"}


def inferred(rules: list[Plain], inputs: dict[str, bool | None], order: list[int], names: list[str]) -> dict[int, bool | None]:
    made = with_rules(tuple((f"r{i}", source(rules[i].condition), rules[i].severity, rules[i].word) for i in order))
    result: Assessment = assess(made, inputs={name: TRUTHS[inputs[name]] for name in names if inputs[name] is not None})  # type: ignore[index]
    found = {finding.rule: not finding.open or None for finding in result.findings}
    return {i: found.get(f"r{i}", False) for i in range(len(rules))}


@settings(max_examples=50)
@given(plain_rules(), st.randoms(use_true_random=False))
def test_conclusions_are_those_of_a_plain_three_valued_evaluator_in_every_order(rules: list[Plain], chance: random.Random) -> None:
    everything = list(itertools.product([True, False, None], repeat=len(INPUTS)))
    order = list(range(len(rules)))
    for shuffled in (order, chance.sample(order, len(order))):
        for values in chance.sample(everything, 5):
            inputs = dict(zip(INPUTS, values, strict=True))
            names = chance.sample(list(INPUTS), len(INPUTS))
            assert inferred(rules, inputs, shuffled, names) == evaluated(rules, inputs)
