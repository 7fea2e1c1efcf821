"""A report made again from what it carries: the rules composed, the dossier read and assessed, the document rendered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.advise.notes import advice_notes
from engine.assess.assess import assess_dossier
from engine.assess.export import assessment_json
from engine.assess.physics.shared import shared_again
from engine.assess.results import Assessment
from engine.dossier.places import with_places
from engine.dossier.read import canonical_dossier
from engine.dossier.schema import Dossier
from engine.problems import ProblemList, Where
from engine.proof.container import Opened
from engine.report.certificate import Certificate, certificate_bytes
from engine.report.enclosures import CERTIFICATE, DOSSIER, PLACES, REPORT, RULES
from engine.report.report import report_bytes
from engine.ruleset.archive import says_how, unpacked_programme
from engine.ruleset.programme import Programme
from engine.texts import LANGUAGES

_BASES = ("declared", "verified")


@dataclass(frozen=True, slots=True)
class Recomputed:
    """An assessment computed again, with what it was computed from, and its JSON form."""

    programme: Programme
    dossier: Dossier
    assessment: Assessment
    json: str


def recompute(opened: Opened) -> Recomputed:
    """Compute the assessment of a report again from what it carries. Raises Refused where that cannot be used."""
    manifest = opened.manifest
    problems = ProblemList()
    known = manifest["document"] in (REPORT, CERTIFICATE) and manifest["basis"] in _BASES and manifest["lang"] in LANGUAGES
    if not known or not says_how(manifest["rules"]):
        problems.error("manifest_malformed", Where(), keys="document, basis, lang, rules")
        problems.refuse_if_errors()
    programme = unpacked_programme(opened.files[RULES], manifest["rules"])
    places = _plain(opened.files[PLACES])
    dossier = with_places(canonical_dossier(opened.files[DOSSIER], DOSSIER), places)
    made = assess_dossier(programme, dossier, manifest["basis"], close=manifest["closed"])
    made = replace(made, checks=(*made.checks, *shared_again(places.get("shared", ()), programme, dossier)))
    return Recomputed(programme, dossier, made, assessment_json(made, programme))


def render(manifest: Mapping[str, Any], made: Recomputed) -> bytes:
    """The document of a manifest, rendered again. Raises Refused for a certificate that may not be issued."""
    lang, assessment, options = manifest["lang"], made.assessment, manifest["options"]
    if manifest["document"] == CERTIFICATE:
        return certificate_bytes(assessment, made.dossier, made.programme, _certificate(options), lang)[0]
    advice = options.get("advice") is True
    notes, stability = advice_notes(made.programme, made.dossier, assessment.basis, assessment.closed, lang) if advice else ((), "")
    return report_bytes(assessment, made.dossier, made.programme, lang, notes, stability)[0]


def _certificate(options: Mapping[str, Any]) -> Certificate:
    """What the issuing office decided. Raises Refused where that is not in the manifest."""
    given = {name: options.get(name) for name in Certificate.__dataclass_fields__}
    problems = ProblemList()
    if not all(isinstance(text, str) for text in given.values()):
        problems.error("manifest_malformed", Where(), keys="options")
        problems.refuse_if_errors()
    return Certificate(**{name: str(text) for name, text in given.items()})


def _plain(raw: bytes) -> dict[str, Any]:
    """A mapping of JSON. Raises Refused."""
    problems = ProblemList()
    try:
        plain = json.loads(raw)
    except (ValueError, RecursionError):
        plain = None
    if not isinstance(plain, dict) or not isinstance(plain.get("shared", []), list):
        problems.error("places_malformed", Where(file=PLACES))
        problems.refuse_if_errors()
    assert isinstance(plain, dict)
    return plain
