"""What a report carries so that anybody can recompute it: the dossier, the rules, the assessment, and a manifest of their hashes."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.assess.export import assessment_json, interval_plain
from engine.assess.json_text import json_text
from engine.assess.physics.shared import shared_plain
from engine.assess.results import Assessment
from engine.dossier.places import places_plain
from engine.dossier.schema import Dossier, to_plain
from engine.ruleset.archive import ARCHIVE, packed
from engine.ruleset.programme import Programme
from engine.version import VERSION

FORMAT = "greencert-manifest/1"
REPORT, CERTIFICATE = "report", "certificate"
"""The kinds of documents that carry what they were made from."""
MANIFEST, DOSSIER, PLACES, RULES, ASSESSMENT = "manifest.json", "dossier.json", "places.json", ARCHIVE, "assessment.json"

_JSON, _ZIP = "application/json", "application/zip"
_LEVEL = 3
"""Deflating three times as hard would make a report 1 % smaller."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One file inside a report. ``relationship`` is to the report, in the words of PDF/A-3; ``packed`` the content deflated."""

    name: str
    media_type: str
    relationship: str
    content: bytes
    packed: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Everything that one report carries, the manifest last."""

    enclosures: tuple[Enclosure, ...]
    assessment_id: str
    outcome: str
    day: str

    @property
    def manifest_sha256(self) -> str:
        """The hash that stands for the whole: that of the manifest, which has those of all others."""
        return self.enclosures[-1].sha256

    @property
    def code(self) -> str:
        """What the QR code says: the outcome, the hash of the manifest, and the id of the assessment."""
        return f"{CODE_HEAD}:{self.outcome}:{self.manifest_sha256}:{self.assessment_id}"


CODE_HEAD = "greencert:1"


def enclose(
    assessment: Assessment, dossier: Dossier, programme: Programme, lang: str, *, document: str = REPORT, options: Mapping[str, Any]
) -> Enclosed:
    """What a document on an assessment carries; ``options`` are those by which it is rendered again, as plain data."""
    rules, library = _rules(programme)
    found = [
        _enclosure(DOSSIER, _JSON, "Source", _json(to_plain(dossier))),
        _enclosure(PLACES, _JSON, "Supplement", _json({**places_plain(dossier), "shared": shared_plain(assessment.checks)})),
        rules,
        _enclosure(ASSESSMENT, _JSON, "Data", assessment_json(assessment, programme).encode()),
    ]
    made = assessment.determination
    manifest = {
        "format": FORMAT,
        "document": document,
        "engine": VERSION,
        "lang": lang,
        "basis": assessment.basis,
        "closed": assessment.closed,
        "day": assessment.as_of,
        "options": dict(options),
        "assessment": assessment.id,
        "determination": {"outcome": made.outcome, "tier": made.tier, "settled": made.settled, "provisional": made.provisional},
        "score": interval_plain(assessment.score),
        "dossier": {"id": dossier.id, "sha256": assessment.dossier.sha256},
        **{
            name: {"id": origin.id, "version": origin.version, "sha256": origin.sha256}
            for name, origin in (("ruleset", assessment.ruleset), ("scheme", assessment.scheme))
        },
        "rules": library,
        "files": [
            {"name": one.name, "type": one.media_type, "relationship": one.relationship, "size": len(one.content), "sha256": one.sha256}
            for one in found
        ],
    }
    found.append(_enclosure(MANIFEST, _JSON, "Supplement", json_text(manifest).encode()))
    return Enclosed(tuple(found), assessment.id, made.outcome, assessment.as_of)


def _json(value: Any) -> bytes:
    """Plain data in the order it has: one line, for no other form is as fast to write."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _enclosure(name: str, media_type: str, relationship: str, content: bytes, level: int = _LEVEL) -> Enclosure:
    return Enclosure(name, media_type, relationship, content, zlib.compress(content, level), hashlib.sha256(content).hexdigest())


@lru_cache(maxsize=32)
def _rules(programme: Programme) -> tuple[Enclosure, dict[str, Any]]:
    """The archive of a programme's rules, with what tells how to compose it again; made once for a programme."""
    archive, how = packed(programme)
    return _enclosure(RULES, _ZIP, "Source", archive, level=9), how
