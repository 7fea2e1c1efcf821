"""The rules of rounds as a round freezes them at its opening: what the office decides by, the plan's quotas, what holds after the issue."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.problems import ProblemList, Where
from engine.rounds.plan.load import load_plan
from engine.rounds.plan.schema import cell_id
from engine.rounds.rules import RoundRules, load_round_rules, round_rules_ids
from engine.rounds.surveillance.rules import Surveillance, load_surveillance
from engine.ruleset.library import RuleFile, hash_of

Figures = Mapping[str, Mapping[str, Mapping[str, int | None]]]
"""Quota figures by kind, district and column of the rules."""


@dataclass(frozen=True, slots=True)
class FrozenSurveillance:
    """Rules of surveillance with their hash: by these the certificates of a round are judged as long as they live."""

    rules: Surveillance
    sha256: str


@dataclass(frozen=True, slots=True)
class FrozenRules:
    """Rules of rounds with their hash, the figures of the plan and the rules of surveillance that they name."""

    rules: RoundRules
    sha256: str
    figures: Figures
    surveillance: FrozenSurveillance | None = None


def rules_to_freeze(name: str, scheme: str, root: Path) -> FrozenRules | None:
    """The rules of a name, by default those of the scheme's own name; None where the library has none for it. Raises Refused."""
    if not name and scheme not in round_rules_ids(root):
        return None
    problems = ProblemList()
    loaded = load_round_rules(name or scheme, root, problems)
    problems.refuse_if_errors()
    assert loaded is not None
    if loaded.rules.scheme != scheme:
        problems.error("round_rules_scheme", Where(path=name or scheme), found=loaded.rules.scheme, wanted=scheme)
        problems.refuse_if_errors()
    return FrozenRules(loaded.rules, loaded.sha256, _figures(loaded.rules, root), _surveillance(loaded.rules.surveillance, root))


def _surveillance(name: str | None, root: Path) -> FrozenSurveillance | None:
    if name is None:
        return None
    inside = f"surveillance/{name}.yaml"
    path = root / inside
    return FrozenSurveillance(load_surveillance(name, root), hash_of((RuleFile(path, inside, True, path.read_bytes()),)))


def _figures(rules: RoundRules, root: Path) -> Figures:
    if rules.plan is None:
        return {}
    plan = load_plan(rules.plan, root)
    cells = plan.all_targets
    found: dict[str, dict[str, dict[str, int | None]]] = {}
    for quota in rules.quotas.by:
        for district in plan.districts:
            for column in rules.quotas.columns:
                target = cells[cell_id(quota.measure, district.district, column.column)]
                figure = target.figure
                cell = found.setdefault(quota.kind, {}).setdefault(district.district, {})
                cell[column.column] = None if figure is None else int(figure)
    return found


def rules_text(frozen: FrozenRules | None) -> str:
    """Frozen rules as the store keeps them."""
    if frozen is None:
        return ""
    plain: dict[str, Any] = {"rules": frozen.rules.model_dump(mode="json"), "sha256": frozen.sha256, "figures": frozen.figures}
    if (kept := frozen.surveillance) is not None:
        # A condition is the one key that is stated, so that what is not stated must stay so.
        plain["surveillance"] = {"rules": kept.rules.model_dump(mode="json", exclude_unset=True), "sha256": kept.sha256}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def rules_again(text: str, round_id: str) -> FrozenRules:
    """Frozen rules from the store. Raises Refused where the round was opened without any."""
    if not text:
        problems = ProblemList()
        problems.error("round_without_rules", Where(path=round_id))
        problems.refuse_if_errors()
    plain = json.loads(text)
    return FrozenRules(RoundRules.model_validate(plain["rules"]), plain["sha256"], plain["figures"], surveillance_again(text))


def surveillance_again(text: str) -> FrozenSurveillance | None:
    """The frozen rules of surveillance from the store; None where a round was opened without any."""
    plain = json.loads(text).get("surveillance") if text else None
    return None if plain is None else FrozenSurveillance(Surveillance.model_validate(plain["rules"]), plain["sha256"])
