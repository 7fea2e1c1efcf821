"""Lints of checks: what they speak of is there, and each has what its form needs."""

from __future__ import annotations

from engine.problems import ProblemList
from engine.ruleset.compile import Compiled
from engine.ruleset.compile_checks import compile_checks


def checks_are_sound(compiled: Compiled, problems: ProblemList) -> None:
    """Every check that takes part can be run."""
    compile_checks(compiled, problems)
