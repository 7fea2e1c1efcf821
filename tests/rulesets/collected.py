"""What the tests of rulesets share: the collected standards as texts, and a ruleset's profile, provenance and examples."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.assess.examples import ExampleRun, run_examples
from engine.ruleset.lint import load_standard_alone
from engine.ruleset.schema import Criterion, Gate, Indicator

STANDARDS = Path(__file__).resolve().parents[3] / "shared" / "standards"
GOLDEN = Path(__file__).parent / "golden"

Item = dict[str, Any]


class _Texts(yaml.SafeLoader):
    """Leaves numbers and dates the text they are written as."""


_Texts.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag.rpartition(":")[2] in ("null", "bool", "merge")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@cache
def collected(name: str) -> dict[str, Any]:
    """One file of the project's collected standards, its figures as texts."""
    path = STANDARDS / f"{name}.yaml"
    if not path.is_file():
        pytest.skip("the collected standards (shared/standards beside the repository) are not here")
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_Texts)
    return loaded


def provenance(element: Gate | Criterion | Indicator) -> tuple[str, str | None, tuple[str, ...]]:
    """How an element is known: basis, confidence and sources."""
    return element.source.basis.value, element.source.confidence, element.source.refs


def profile(ruleset: str) -> str:
    """What an edition demands, one line an item: id, number, kind, points, weight of its dimension, method."""
    programme = load_standard_alone(ruleset)
    lines = [f"{name} {gate.number} gate - - {gate.method.method}" for name, gate in programme.gates.items()]
    for name, criterion in programme.criteria.items():
        weight = programme.dimensions[criterion.dimension].weight
        parts = (name, criterion.number, criterion.kind, criterion.points.value, weight and weight.value, criterion.method.method)
        lines.append(" ".join(str(part) for part in parts))
    return "\n".join(lines) + "\n"


def differences(runs: tuple[ExampleRun, ...]) -> list[str]:
    """What came out otherwise than the examples expect."""
    return [f"{run.file}:{run.line}: {run.title}: {difference}" for run in runs for difference in run.differences]


def shown(ruleset: str) -> list[str]:
    """Everything that the examples of a standard expect something of, once for each of them."""
    return [name for run in run_examples(ruleset) for name in run.expected]


def statuses_shown(ruleset: str) -> dict[str, set[str]]:
    """The statuses that the examples of a standard expect of each gate and criterion."""
    found: dict[str, set[str]] = {}
    for run in run_examples(ruleset):
        for name in run.expected:
            if name in run.statuses:
                found.setdefault(name, set()).add(run.statuses[name])
    return found
