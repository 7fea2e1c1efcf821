"""The one module that runs durable-rules: sets of when/then productions over propositional facts, to their fixpoint.

What has been measured of it, and is contained here:

- a compiled set is kept for ever, so each is compiled once per process and content; each working memory is kept until deleted,
  so every run has its own and deletes it;
- deleting a working memory in which no action has run frees memory that was never set and ends the process sooner or later, so
  every set has one production more, which fires in every run;
- an action must take exactly one argument; an exception inside it is swallowed into the state, so it is looked for after a run;
- a fact that no condition mentions raises MessageNotHandled and leaves what came with it undone, so only mentioned facts are
  handed over, by short codes, since quotes inside a text break its reader; each has its own id, or it may pass for a duplicate;
- a rule takes sixteen conditions at most (the linter sees to that);
- negation sees only what is already there, so there is none here: strata and negative facts are the caller's work.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.problems import Problem, Refused, Severity, Where


@dataclass(frozen=True, slots=True, order=True)
class Production:
    """When all facts hold, the conclusions hold."""

    id: str
    conditions: tuple[str, ...]
    conclusions: tuple[str, ...]


_sids = itertools.count()
_BEGIN = "begin"


def _nothing(c: Any) -> None:
    """The action of the production that fires in every run."""


class _Host:
    """One compiled set of productions with the facts that the current runs have derived."""

    def __init__(self, productions: Sequence[Production]) -> None:
        lang = _durable()
        name = "greencert_" + hashlib.sha256(repr(productions).encode()).hexdigest()
        self._lang, self._name = lang, name
        mentioned = sorted({condition for production in productions for condition in production.conditions})
        self._codes = {fact: f"f{i}" for i, fact in enumerate(mentioned)}
        self._fired: dict[str, set[str]] = {}
        self._known: dict[str, set[str]] = {}
        with lang.ruleset(name):
            lang.when_all(lang.m.fact == _BEGIN)(_nothing)
            for production in productions:
                codes = [self._codes[condition] for condition in production.conditions]
                captures = [getattr(lang.c, f"f{i}") << (lang.m.fact == code) for i, code in enumerate(codes)]
                lang.when_all(*captures)(self._action(production))

    def _action(self, production: Production) -> Any:
        conclusions = [self._codes[fact] for fact in production.conclusions if fact in self._codes]

        def fire(c: Any) -> None:  # exactly one parameter: two would make it asynchronous
            sid = str(c.s.sid)
            self._fired[sid].add(production.id)
            for code in conclusions:
                if code not in self._known[sid]:
                    self._known[sid].add(code)
                    c.assert_fact({"id": code, "fact": code})

        return fire

    def run(self, facts: Iterable[str]) -> frozenset[str]:
        given = [_BEGIN, *sorted(self._codes[fact] for fact in set(facts) if fact in self._codes)]
        sid = f"s{next(_sids)}"
        self._fired[sid], self._known[sid] = set(), set(given)
        try:
            self._assert([{"sid": sid, "id": code, "fact": code} for code in given])
            return frozenset(self._fired[sid])
        finally:
            del self._fired[sid], self._known[sid]
            self._lang.delete_state(self._name, sid)

    def _assert(self, messages: list[dict[str, str]]) -> None:
        self._lang.assert_facts(self._name, messages)
        failure = self._lang.get_state(self._name, messages[0]["sid"]).get("exception")
        if failure is not None:
            raise RuntimeError(f"a production failed: {failure}")


def _durable() -> Any:
    """The library, or one Problem with the command that mends it: built plainly it does not import on Python 3.13."""
    try:
        from durable import lang
    except ImportError as err:
        raise Refused([Problem("durable_rules_missing", Severity.ERROR, Where(), (("reason", str(err)),))]) from err
    return lang


@lru_cache(maxsize=256)
def _host(productions: tuple[Production, ...]) -> _Host:
    return _Host(productions)


def run(productions: tuple[Production, ...], facts: Iterable[str]) -> frozenset[str]:
    """The ids of all productions that fire from the facts, chaining to the fixpoint.

    Raises Refused where durable-rules cannot be imported.
    """
    return _host(productions).run(facts) if productions else frozenset()
