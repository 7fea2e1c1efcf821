"""The one module that runs durable-rules: sets of when/then productions over propositional facts, to their fixpoint.

What has been measured of it, and is contained here:

- a compiled set is kept for ever, so each is compiled once per process and content; each working memory is kept until deleted,
  so every run has its own and deletes it;
- deleting a working memory in which no action has run frees memory that was never set and ends the process sooner or later, so
  every set has one production more, which fires in every run;
- its host starts two threads that may take over actions of a run under way, so that the run returns before they are done; the
  host here starts none;
- an action must take exactly one argument; an exception inside it is swallowed into the state, so it is kept and raised after
  the run;
- a fact that no condition mentions raises MessageNotHandled and leaves what came with it undone, so only mentioned facts are
  handed over, by short codes, since quotes inside a text break its reader; each has its own id, or it may pass for a duplicate;
- a rule takes sixteen conditions at most (the linter sees to that);
- negation sees only what is already there, so there is none here: strata and negative facts are the caller's work.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.problems import Problem, Refused, Severity, Where


@dataclass(frozen=True, slots=True)
class Production:
    """When all facts hold, the conclusions hold."""

    id: str
    conditions: tuple[str, ...]
    conclusions: tuple[str, ...]


class ProductionSet:
    """Productions compiled together. Raises Refused where durable-rules cannot be imported."""

    def __init__(self, productions: Iterable[Production]) -> None:
        listed = tuple(productions)
        mentioned = sorted({condition for production in listed for condition in production.conditions})
        self._codes = {fact: f"f{i}" for i, fact in enumerate(mentioned)}
        self._conditions = [(production.id, frozenset(production.conditions)) for production in listed]
        self._concluded = frozenset(fact for production in listed for fact in production.conclusions)
        self._runs: dict[str, _Run] = {}
        rules: dict[str, Any] = {"begin": {"all": [{"m": {"fact": _BEGIN}}], "run": _nothing}}
        for number, production in enumerate(listed):
            conditions = [{f"c{i}": {"fact": self._codes[fact]}} for i, fact in enumerate(production.conditions)]
            rules[f"p{number}"] = {"all": conditions, "run": self._action(production)}
        self._host = _quiet_host()({_NAME: rules})

    def run(self, facts: Iterable[str], fired: Iterable[str] = ()) -> frozenset[str]:
        """The ids of all productions that fire from the facts, chaining to the fixpoint.

        ``fired`` are productions whose conclusions are among the facts already. What no production could use is not handed over.
        """
        given = frozenset(facts)
        reach = given | self._concluded
        done = frozenset(fired)
        needed = [conditions for name, conditions in self._conditions if conditions <= reach and name not in done]
        if not needed:
            return frozenset()
        codes = [_BEGIN, *sorted(self._codes[fact] for fact in given.intersection(frozenset().union(*needed)))]
        sid = f"s{next(_sids)}"
        run = self._runs[sid] = _Run(set(), set(codes))
        try:
            self._host.assert_facts(_NAME, [{"sid": sid, "id": code, "fact": code} for code in codes])
        finally:
            del self._runs[sid]
            self._host.delete_state(_NAME, sid)
        if run.failure is not None:
            raise run.failure
        return frozenset(run.fired)

    def _action(self, production: Production) -> Callable[[Any], None]:
        conclusions = [self._codes[fact] for fact in production.conclusions if fact in self._codes]

        def fire(c: Any) -> None:  # exactly one parameter: two would make it asynchronous
            run = self._runs[str(c.s.sid)]
            run.fired.add(production.id)
            try:
                for code in conclusions:
                    if code not in run.known:
                        run.known.add(code)
                        c.assert_fact({"id": code, "fact": code})
            except BaseException as err:
                run.failure = err  # the library swallows what is raised here; the run raises it again
                raise

        return fire


_NAME = "productions"
_BEGIN = "begin"
_sids = itertools.count()


@dataclass(slots=True)
class _Run:
    """What one run has fired and derived so far."""

    fired: set[str]
    known: set[str]
    failure: BaseException | None = None


def _nothing(c: Any) -> None:
    """The action of the production that fires in every run."""


@lru_cache(maxsize=1)
def _quiet_host() -> Any:
    """The library's host without its threads, or one Problem with the command that mends an installation that does not import."""
    try:
        from durable.engine import Host
    except ImportError as err:
        raise Refused([Problem("durable_rules_missing", Severity.ERROR, Where(), (("reason", str(err)),))]) from err

    class QuietHost(Host):  # type: ignore[misc]
        def _run(self) -> None:
            """Where the library starts its threads."""

    return QuietHost
