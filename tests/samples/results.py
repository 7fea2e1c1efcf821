"""The sample dossiers, how each is assessed, and what of a result the golden files hold."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import engine
from engine.language import exact_text

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
GOLDEN = Path(__file__).parent / "golden"
DEMO_MARK = "samples/schemes/demo_mark.yaml"
NAMES = tuple(sorted(path.stem for path in SAMPLES.glob("*.yaml")))
IN_WORKBOOKS = ("dyeing_mill", "paper_mill", "pv_glass_2025")
"""The samples that are kept as workbooks too: one verified, one with much missing, one of the 2025 edition."""


@cache
def dossier(name: str) -> engine.Dossier:
    return engine.read_dossier(SAMPLES / f"{name}.yaml")


@cache
def programme(scheme: str, kind: str = "green_factory", standard: str = "") -> engine.Programme:
    return engine.load_programme(ROOT / scheme if scheme.endswith(".yaml") else scheme, kind, standard=standard)


def own_programme(name: str) -> engine.Programme:
    return programme(dossier(name).scheme, dossier(name).kind, dossier(name).standard)


@cache
def assess(name: str, basis: str, *, scheme: str = "", close: bool | None = None) -> engine.Assessment:
    given = dossier(name)
    return engine.assess_dossier(programme(scheme or given.scheme, given.kind, given.standard), given, basis, close=close)


def main_basis(name: str) -> str:
    """The assessor's basis where there is one."""
    return "verified" if engine.has_verified(dossier(name)) else "declared"


def runs(name: str) -> dict[str, engine.Assessment]:
    """Every run of a sample by what it is called: both bases, and what its story needs besides."""
    found = {"declared": assess(name, "declared")}
    if main_basis(name) == "verified":
        found["verified"] = assess(name, "verified")
    if name == "pv_modules":
        found["verified, demo_mark"] = assess(name, "verified", scheme=DEMO_MARK)
    if name == "cement_grinding":
        found["verified, closed"] = assess(name, "verified", close=True)
    return found


def essential(assessment: engine.Assessment) -> dict[str, Any]:
    """Outcome, tier, exact score, the status of every gate and criterion (with its reason unless simply met), findings."""
    determination, score = assessment.determination, assessment.score
    return {
        "outcome": determination.outcome,
        "tier": determination.tier,
        "settled": determination.settled,
        "provisional": determination.provisional,
        "score": _ends(score),
        **({"years": {str(year.year): _year(year) for year in assessment.years}} if assessment.years else {}),
        **({"levels": {level.level: _level(level) for level in assessment.levels}} if assessment.levels else {}),
        "statuses": {result.id: _status(result) for result in (*assessment.gates, *assessment.criteria)},
        "findings": [f"{finding.severity}: {finding.rule}{' (open)' if finding.open else ''}" for finding in assessment.findings],
        "problems": [problem.code for problem in assessment.problems],
    }


def _ends(interval: Any) -> dict[str, str | None]:
    return {"low": exact_text(interval.low), "high": None if interval.high is None else exact_text(interval.high)}


def _level(level: Any) -> dict[str, Any]:
    return {**_ends(level.index), "reached": level.reached, "barred_by": list(level.barred_by)}


def _year(year: Any) -> dict[str, Any]:
    return {**_ends(year.score), "capped": _ends(year.capped), "complete": year.complete}


def _status(result: Any) -> str:
    return "met" if result.status is engine.Status.MET else f"{result.status.value}: {result.reason.code}"


def golden_text(name: str) -> str:
    """What the golden file of a sample says."""
    return json.dumps({run: essential(result) for run, result in runs(name).items()}, ensure_ascii=False, indent=1) + "\n"
