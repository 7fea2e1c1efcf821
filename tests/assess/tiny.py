"""Tiny rulesets for one test: a standard and a scheme written as files and read back by the loader that real ones go through.

Elements are plain data in the shape of their YAML form; what a test does not care for (titles, clauses, sources) is filled in.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from engine.assess.assess import assess_dossier
from engine.assess.results import Assessment, CriterionResult, GateResult, Interval
from engine.dossier.schema import Applicant, Cell, Dossier, Entry, Evidence, EvidenceRef, Row, TableEntry
from engine.problems import Where
from engine.ruleset.lint import load_programme
from engine.ruleset.programme import Programme

_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
Data = dict[str, Any]
STANDARD = "green_factory/tiny"
SEEN = {"basis": "seen"}
LINES = [
    {"outcome": "not_eligible", "any_of": ["gate_not_met", "veto"]},
    {"outcome": "fails", "any_of": ["required_not_met", "below_mark"]},
    {"outcome": "incomplete", "any_of": ["gate_open", "veto_open", "required_open", "mark_open"]},
    {"outcome": "eligible", "any_of": ["at_mark"]},
    {"outcome": "scored", "any_of": ["no_mark"]},
]
UNITS = [
    "kg = [mass]",
    "t = 1000 kg = _ = 吨",
    "m = [length]",
    "kgce = [standard_coal]",
    "tce = 1000 kgce",
    "product_unit = [product_unit]",
    "carrier_unit = [carrier_unit]",
]


def words(text: str) -> Data:
    return {"zh": text, "en": text}


# --- elements ---


def number(name: str, unit: str = "1", **more: Any) -> Data:
    return {"input": name, "title": words(name), "unit": unit, **more}


def indicator(name: str, formula: str, unit: str = "1", **more: Any) -> Data:
    return {"indicator": name, "clause": "A.1", "title": words(name), "formula": formula, "unit": unit, "source": SEEN, **more}


def gate(name: str, method: Any = "conform", **more: Any) -> Data:
    return {"gate": name, **_demand(name, method), **more}


def criterion(name: str, method: Any = "conform", points: str = "10", **more: Any) -> Data:
    return {"criterion": name, "dimension": "d", "kind": "optional", "points": points, **_demand(name, method), **more}


def _demand(name: str, method: Any) -> Data:
    return {"clause": "1.1", "title": words(name), "requirement": words(name), "method": method, "source": SEEN}


def dimension(name: str = "d", **more: Any) -> Data:
    return {"dimension": name, "title": words(name), **more}


def rule(name: str, when: str, **then: Any) -> Data:
    return {"rule": name, "clause": "9.9", "when": when, "then": then or {"observation": True}, "text": words(name), "source": SEEN}


def table(name: str, columns: list[Data], per: list[str], **more: Any) -> Data:
    return {"table": name, "title": words(name), "columns": columns, "per": per, **more}


def column(name: str, **more: Any) -> Data:
    return {"column": name, "title": words(name), **more}


def reference(name: str, columns: list[Data], rows: list[Data], **more: Any) -> Data:
    return {"reference": name, "title": words(name), "key": "code", "columns": columns, "rows": rows, "source": SEEN, **more}


# --- files ---


def standard(**parts: Any) -> Data:
    return {
        "ruleset": STANDARD,
        "version": "1.0.0",
        "kind": "green_factory",
        "title": words("tiny"),
        "document": "T 1",
        "issuer": words("nobody"),
        "in_force": {"since": "2000-01-01"},
        "aggregate": "sum",
        "points_source": SEEN,
        "uses": ["common/tiny"],
        "dimensions": [dimension()],
        **parts,
    }


def scheme(**parts: Any) -> Data:
    """A scheme with one programme; keys of the scheme itself stand under ``head``."""
    head = parts.pop("head", {})
    settings = {
        "programme": "green_factory",
        "standard": STANDARD,
        "in_force": {"since": "2000-01-01"},
        "na_policy": {"value": "renormalise", "source": SEEN},
        "determination": LINES,
        **parts,
    }
    return {
        "scheme": "tiny",
        "version": "1.0.0",
        "title": words("tiny scheme"),
        "document": "S 1",
        "issuer": words("nobody"),
        "owner": words("nobody"),
        "programmes": [settings],
        **head,
    }


def common(**parts: Any) -> Data:
    parameters = {name: words(name) for name in ("product_unit", "carrier_unit")}
    return {"common": "common/tiny", "version": "1.0.0", "title": words("tiny"), "units": UNITS, "unit_parameters": parameters, **parts}


def write(root: Path, name: str, data: Data | str) -> Path:
    """Write one file of a library of rulesets, ``name`` without suffix."""
    path = root / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not isinstance(data, str):
        apart = json.loads(json.dumps(data))  # what two elements share is written out twice, not as an alias
        data = yaml.dump(apart, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)
    path.write_text(data, encoding="utf-8")
    return path


def library(root: Path, standard_parts: Data, scheme_parts: Data, common_parts: Data | None = None) -> Path:
    """A whole library with one standard and one scheme."""
    write(root, f"{STANDARD}/ruleset", standard(**standard_parts))
    write(root, "schemes/tiny", scheme(**scheme_parts))
    write(root, "common/tiny", common(**(common_parts or {})))
    return root


def programme(scheme_parts: Data | None = None, /, *, common_parts: Data | None = None, **standard_parts: Any) -> Programme:
    """A loaded programme; one that was asked for before is not loaded again."""
    return _programme(json.dumps([standard_parts, scheme_parts or {}, common_parts or {}], sort_keys=True))


@lru_cache(maxsize=512)
def _programme(parts: str) -> Programme:
    standard_parts, scheme_parts, common_parts = json.loads(parts)
    with TemporaryDirectory() as folder:
        return load_programme("tiny", "green_factory", library(Path(folder), standard_parts, scheme_parts, common_parts))


# --- dossiers ---

EVIDENCE = (
    Evidence("E1", "valid", issued="2010-01-01", valid_until="2030-12-31"),
    Evidence("E2", "expired", issued="2010-01-01", valid_until="2016-12-31"),
    Evidence("E3", "without an end", issued="2010-01-01"),
)
_lines = itertools.count(1)


def entry(given: str | Mapping[str, str]) -> Entry:
    """An entry from its declared text, or from its parts; ``evidence`` is a list with spaces between."""
    parts = {"declared": given} if isinstance(given, str) else dict(given)
    where = Where("dossier.yaml", next(_lines))
    return Entry(
        declared=Cell(parts["declared"], where) if "declared" in parts else None,
        verified=Cell(parts["verified"], where) if "verified" in parts else None,
        evidence=tuple(EvidenceRef(name) for name in parts.get("evidence", "").split()),
        reason=parts.get("reason", ""),
        remark=parts.get("remark", ""),
        where=where,
    )


def rows(*given: Mapping[str, str | tuple[str, str]], verified: bool = False, evidence: str = "") -> TableEntry:
    """A filled table; a cell given twice is (declared, verified)."""
    made = []
    for row in given:
        where = Where("dossier.yaml", next(_lines))
        declared = tuple((name, Cell(cell if isinstance(cell, str) else cell[0], where)) for name, cell in row.items())
        checked = tuple((name, Cell(cell[1], where)) for name, cell in row.items() if not isinstance(cell, str))
        made.append(Row(declared, checked, where))
    refs = tuple(EvidenceRef(name) for name in evidence.split())
    return TableEntry(tuple(made), verified, refs, where=Where("dossier.yaml", next(_lines)))


def dossier(
    inputs: Mapping[str, str | Mapping[str, str]] | None = None,
    answers: Mapping[str, str | Mapping[str, str]] | None = None,
    tables: Mapping[str, TableEntry] | None = None,
    units: Mapping[str, str] | None = None,
    **more: Any,
) -> Dossier:
    return Dossier(
        **{
            "id": "T-1",
            "kind": "green_factory",
            "applicant": Applicant(name="示例", industry="1713", district="xiuzhou"),
            "year": 2016,
            "application_date": "2017-06-30",
            "evidence": EVIDENCE,
            "units": tuple((units or {}).items()),
            "inputs": tuple((name, entry(given)) for name, given in (inputs or {}).items()),
            "answers": tuple((name, entry(given)) for name, given in (answers or {}).items()),
            "tables": tuple((tables or {}).items()),
            **more,
        }
    )


# --- results ---


def assess(made: Programme, basis: str = "declared", close: bool | None = None, **parts: Any) -> Assessment:
    return assess_dossier(made, dossier(**parts), basis, close=close)


def item(result: Assessment, name: str = "it") -> CriterionResult:
    return next(criterion for criterion in result.criteria if criterion.id == name)


def gate_of(result: Assessment, name: str = "it") -> GateResult:
    return next(found for found in result.gates if found.id == name)


def verdict(result: CriterionResult | GateResult) -> tuple[str, str]:
    return result.status.value, result.reason.code


def interval(low: str | int, high: str | int | None) -> Interval:
    return Interval(Fraction(low), None if high is None else Fraction(high))


def exactly(points: str | int) -> Interval:
    return interval(points, points)


def judged(method: Any, points: str = "10", inputs: list[Data] | None = None, /, **given: str) -> CriterionResult:
    """The one criterion of a ruleset with the inputs x, y and z, judged on declared values."""
    names = inputs or [number(name, may_be_negative=True) for name in ("x", "y", "z")]
    made = programme(inputs=names, criteria=[criterion("it", method, points)])
    return item(assess(made, inputs=given))
