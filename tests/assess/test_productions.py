"""The production engine: what fires, and that nothing of its measured behaviour comes through."""

from __future__ import annotations

import gc
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assess import productions
from engine.assess.productions import Production, ProductionSet


def production(name: str, conditions: str, conclusions: str = "") -> Production:
    return Production(name, tuple(conditions.split()), tuple(conclusions.split()))


CHAIN = [production("one", "a", "b"), production("two", "b c", "d"), production("three", "d", "e"), production("other", "z")]


def test_productions_chain_to_the_end() -> None:
    assert ProductionSet(CHAIN).run(["a", "c"]) == {"one", "two", "three"}


def test_nothing_fires_without_its_facts() -> None:
    assert ProductionSet(CHAIN).run(["c"]) == set()
    assert ProductionSet(CHAIN).run([]) == set()
    assert ProductionSet([]).run(["a"]) == set()


def test_facts_that_no_production_mentions_are_no_matter() -> None:
    assert ProductionSet(CHAIN).run(["a", "nobody asks for this", "c", "nor this"]) == {"one", "two", "three"}


@pytest.mark.parametrize("facts", list(permutations(["a", "c", "z", "a"])))
def test_the_order_of_facts_and_their_repetition_change_nothing(facts: tuple[str, ...]) -> None:
    assert ProductionSet(CHAIN).run(facts) == {"one", "two", "three", "other"}


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_order_of_productions_changes_nothing(order: tuple[int, ...]) -> None:
    assert ProductionSet([CHAIN[i] for i in order]).run(["a", "c"]) == {"one", "two", "three"}


def test_a_circle_comes_to_its_end() -> None:
    circle = [production("one", "a", "b"), production("two", "b", "a"), production("three", "b a")]
    assert ProductionSet(circle).run(["b"]) == {"one", "two", "three"}


def test_two_productions_of_one_conclusion() -> None:
    both = [production("one", "a", "x"), production("two", "b", "x"), production("three", "x")]
    assert ProductionSet(both).run(["a", "b"]) == {"one", "two", "three"}


@pytest.mark.parametrize("fact", ['industry == "1713"', "它说“是”", "a\\b", "not it's", "x" * 300, "{}", "a, b"])
def test_facts_are_texts_of_any_kind(fact: str) -> None:
    compiled = ProductionSet([Production("one", (fact, "a"), (f"after {fact}",)), Production("two", (f"after {fact}",), ())])
    assert compiled.run([fact, "a"]) == {"one", "two"}


def test_sixteen_conditions_in_one_production() -> None:
    facts = [f"f{i}" for i in range(16)]
    compiled = ProductionSet([Production("one", tuple(facts), ("x",)), production("two", "x")])
    assert compiled.run(facts) == {"one", "two"}
    assert compiled.run(facts[:-1]) == set()


def test_runs_do_not_see_each_other() -> None:
    compiled = ProductionSet(CHAIN)
    assert compiled.run(["a", "c"]) == {"one", "two", "three"}
    assert compiled.run(["c"]) == set()
    assert ProductionSet(CHAIN).run(["z"]) == {"other"}


class _Broken:
    """What a run would remember, except that looking at it fails."""

    failure: BaseException | None = None

    def __init__(self, *parts: set[str]) -> None:
        self.fired, self.known = set[str](), self

    def __contains__(self, fact: str) -> bool:
        raise ArithmeticError("broken on purpose")


def test_an_exception_in_an_action_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = ProductionSet(CHAIN)
    with monkeypatch.context() as patched:
        patched.setattr(productions, "_Run", _Broken)
        with pytest.raises(ArithmeticError, match="broken on purpose"):
            compiled.run(["a", "c"])
    assert compiled.run(["a", "c"]) == {"one", "two", "three"}


def resident() -> float:
    """Resident memory in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_two_thousand_runs_keep_nothing() -> None:
    compiled = ProductionSet(CHAIN)
    for facts in (["a", "c"], []) * 50:
        compiled.run(facts)
    gc.collect()
    before = resident()
    for _ in range(1000):
        assert compiled.run(["a", "c", "z"]) == {"one", "two", "three", "other"}
        assert compiled.run(["c"]) == set()
    gc.collect()
    # each working memory would keep half a megabyte
    assert resident() - before < 20


def fixpoint(productions: list[Production], facts: set[str]) -> set[str]:
    """What fires, the plain way."""
    known, fired = set(facts), set[str]()
    while True:
        now = {p.id for p in productions if known.issuperset(p.conditions)}
        if now == fired:
            return fired
        fired = now
        known |= {conclusion for p in productions if p.id in fired for conclusion in p.conclusions}


FACTS = st.sampled_from("abcdefg")


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sets(FACTS, min_size=1, max_size=3), st.sets(FACTS, max_size=2)), max_size=8),
    st.lists(st.sets(FACTS), min_size=1, max_size=4),
)
def test_what_fires_is_the_fixpoint(shapes: list[tuple[set[str], set[str]]], runs: list[set[str]]) -> None:
    listed = [Production(f"p{i}", tuple(sorted(when)), tuple(sorted(then))) for i, (when, then) in enumerate(shapes)]
    compiled = ProductionSet(listed)
    for facts in runs:
        assert compiled.run(facts) == fixpoint(listed, facts)
