"""The examples of every delivered ruleset hold, and show every branch of what it demands and concludes."""

from __future__ import annotations

import pytest

from engine.assess.examples import example_coverage, run_examples
from engine.ruleset.library import rulesets_root, scheme_ids, standard_ids
from engine.ruleset.overview import scheme_programmes
from tests.rulesets.collected import differences

ROOT = rulesets_root()
PROGRAMMES = [
    *((name, "", "") for name in standard_ids(ROOT)),
    *((name, kind, standard) for name in scheme_ids(ROOT) for kind, standard in scheme_programmes(name)),
]


@pytest.mark.parametrize(("name", "kind", "standard"), PROGRAMMES)
def test_the_examples_hold_and_nothing_is_left_that_none_shows(name: str, kind: str, standard: str) -> None:
    runs = run_examples(name, kind, standard=standard)
    assert differences(runs) == []
    coverage = example_coverage(runs, name, kind, standard=standard)
    assert [f"{coverage.programme.where(branch.element)}: {branch.element}: {branch.text('en')}" for branch in coverage.lacking] == []
    assert coverage.wanted > 0
