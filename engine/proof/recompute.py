"""A report made again from what it carries: the rules composed, the dossier read and assessed, the document rendered."""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.advise.notes import advice_notes
from engine.assess.assess import assess_dossier
from engine.assess.export import assessment_json
from engine.assess.physics.shared import shared_again
from engine.assess.results import Assessment
from engine.dossier.check import check_dossier
from engine.dossier.parse import parse_dossier
from engine.dossier.places import with_places
from engine.dossier.schema import Dossier
from engine.located import read_bytes
from engine.problems import ProblemList, Where
from engine.proof.container import MEBI, Opened
from engine.report.certificate import Certificate, certificate_bytes
from engine.report.enclosures import CERTIFICATE, DOSSIER, GIVEN, LIBRARY, PLACES, REPORT, RULES
from engine.report.report import report_bytes
from engine.ruleset.compose import compose_programme, compose_standard
from engine.ruleset.lint import lint_programme
from engine.ruleset.programme import Programme
from engine.texts import LANGUAGES

MAX_RULE_FILES = 500
MAX_RULES = 48 * MEBI
_RULE_NAME = re.compile(rf"({LIBRARY}|{GIVEN})(/[^/\\:\0]+)+\.ya?ml")
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
    if not known or not _says_how(manifest["rules"]):
        problems.error("manifest_malformed", Where(), keys="document, basis, lang, rules")
        problems.refuse_if_errors()
    programme = _programme(opened.files[RULES], tuple(sorted(manifest["rules"].items())))
    places = _plain(opened.files[PLACES])
    dossier = with_places(_dossier(opened.files[DOSSIER]), places)
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


def _says_how(rules: Mapping[str, Any]) -> bool:
    return all(isinstance(rules.get(key), str) for key in ("file", "kind", "standard")) and isinstance(rules.get("alone"), bool)


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


def _dossier(raw: bytes) -> Dossier:
    """The dossier that a report carries. Raises Refused."""
    problems = ProblemList()
    source = read_bytes(raw, DOSSIER, problems, is_json=True)
    problems.refuse_if_errors()
    dossier = parse_dossier(source.data, source.where, problems)
    check_dossier(dossier, problems, None)
    problems.refuse_if_errors()
    return dossier


# --- rules ---


@lru_cache(maxsize=8)
def _programme(archive: bytes, how: tuple[tuple[str, Any], ...]) -> Programme:
    """The programme of an archive of rules, composed as the manifest says. Raises Refused."""
    wanted = dict(how)
    problems = ProblemList()
    files = _unpacked(archive, problems)
    problems.refuse_if_errors()
    if wanted["file"] not in files:
        problems.error("rules_file_missing", Where(file=RULES), name=wanted["file"])
        problems.refuse_if_errors()
    with TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        programme = _composed(root, wanted, problems)
    if programme is not None:
        lint_programme(programme, problems)
    problems.refuse_if_errors()
    assert programme is not None
    return programme


def _composed(root: Path, wanted: Mapping[str, Any], problems: ProblemList) -> Programme | None:
    """Compose what is named by its place in the archive: by id in the library, by its file where it was given as one."""
    library = root / LIBRARY
    name = wanted["file"].removeprefix(f"{LIBRARY}/")
    if wanted["alone"]:
        inside = wanted["file"] != name
        return compose_standard(name.removesuffix("/ruleset.yaml") if inside else root / name, problems, library)
    scheme = Path(name).stem if wanted["file"] == f"{LIBRARY}/schemes/{Path(name).name}" else root / wanted["file"]
    return compose_programme(scheme, wanted["kind"], problems, library, wanted["standard"])


def _unpacked(archive: bytes, problems: ProblemList) -> dict[str, bytes]:
    """The files of an archive of rules; whatever is not as the engine writes it goes to ``problems``."""
    where = Where(file=RULES)
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            entries = opened.infolist()
            if len(entries) > MAX_RULE_FILES or sum(entry.file_size for entry in entries) > MAX_RULES:
                problems.error("rules_too_large", where, count=len(entries), limit=MAX_RULE_FILES, size=MAX_RULES // MEBI)
                return {}
            for entry in entries:
                if not _is_sound(entry):
                    problems.error("rules_foreign", where, name=entry.orig_filename)
            return {} if problems.has_errors else {entry.filename: opened.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError, RuntimeError) as err:
        problems.error("rules_not_zip", where, reason=str(err))
    return {}


def _is_sound(entry: zipfile.ZipInfo) -> bool:
    named = entry.filename == entry.orig_filename and _RULE_NAME.fullmatch(entry.filename) and ".." not in entry.filename.split("/")
    plain = entry.compress_type == zipfile.ZIP_STORED and not entry.flag_bits & 1 and entry.file_size == entry.compress_size
    return bool(named and plain and not stat.S_ISLNK(entry.external_attr >> 16))
