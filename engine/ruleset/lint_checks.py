"""Lints of checks: what they speak of is there, and each has what its form needs."""

from __future__ import annotations

import re

from engine.problems import ProblemList
from engine.ruleset.compile import Compiled
from engine.ruleset.compile_checks import compile_checks
from engine.ruleset.programme import Programme

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def checks_are_sound(compiled: Compiled, problems: ProblemList) -> None:
    """Every check that takes part can be run."""
    compile_checks(compiled, problems)


def named_by_checks(programme: Programme) -> frozenset[str]:
    """What the checks speak of, whether or not they take part: a tolerance beside checks of tables that are not there is no mistake."""
    texts = (text for check in programme.checks.values() for text in (*check.test.operands().values(), *check.test.items()))
    return frozenset(name for text in texts for name in _NAME.findall(text))
