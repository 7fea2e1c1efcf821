"""A programme's files as one archive, with what tells how to compose it again: what reports carry and rounds freeze."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.problems import ProblemList, Where
from engine.ruleset.compose import compose_programme, compose_standard
from engine.ruleset.lint import lint_programme
from engine.ruleset.programme import Programme

ARCHIVE = "rules.zip"
LIBRARY, GIVEN = "rulesets", "given"
"""The folders of the archive of rules: files of the library by their names in it, and files that were given by their path."""
MEBI = 1 << 20
MAX_RULE_FILES = 500
MAX_RULES = 48 * MEBI
_RULE_NAME = re.compile(rf"({LIBRARY}|{GIVEN})(/[^/\\:\0]+)+\.ya?ml")
_BEFORE_ALL = (1980, 1, 1, 0, 0, 0)
"""The earliest day that an archive can state: what a file of rules says, it says on any day."""


# --- packing ---


def packed(programme: Programme) -> tuple[bytes, dict[str, Any]]:
    """The files that a programme was composed of as an archive, and how to compose it from them again, as plain data.

    The archive is not deflated, so that its hash does not depend on who deflates it.
    """
    named = _names(programme)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(named.values()):
            entry = zipfile.ZipInfo(name, _BEFORE_ALL)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, content)
    settings = programme.settings
    first = named[str(programme.files[0].path)][0]
    return target.getvalue(), {"file": first, "kind": settings.programme, "standard": settings.standard, "alone": programme.bare}


def _names(programme: Programme) -> dict[str, tuple[str, bytes]]:
    """Every file's name in the archive and its content, by its path: files outside the library as they lie to each other."""
    outside = [file for file in programme.files if not file.inside]
    shared = _common_folder([file.path.resolve().parent.parts for file in outside])
    found: dict[str, tuple[str, bytes]] = {}
    for file in programme.files:
        if not file.inside:
            inner = "/".join(file.path.resolve().parts[shared:])
            found[str(file.path)] = (f"{GIVEN}/{inner}", file.content)
        else:
            found[str(file.path)] = (f"{LIBRARY}/{file.name}", file.content)
    return found


def _common_folder(folders: list[tuple[str, ...]]) -> int:
    """How many first parts some folders share."""
    return next((i for i, parts in enumerate(zip(*folders, strict=False)) if len(set(parts)) > 1), min(map(len, folders), default=0))


# --- unpacking ---


def unpacked_programme(archive: bytes, how: Mapping[str, Any], *, sound: bool = False) -> Programme:
    """The programme of an archive of rules, composed as is said how; kept for the process. Raises Refused.

    ``sound`` says that its rules were linted when they were packed, by whoever keeps the archive.
    """
    return _programme(archive, tuple(sorted(how.items())), sound)


def says_how(rules: Mapping[str, Any]) -> bool:
    """Whether plain data says how a programme is composed."""
    return all(isinstance(rules.get(key), str) for key in ("file", "kind", "standard")) and isinstance(rules.get("alone"), bool)


@lru_cache(maxsize=16)
def _programme(archive: bytes, how: tuple[tuple[str, Any], ...], sound: bool) -> Programme:
    wanted = dict(how)
    problems = ProblemList()
    files = _unpacked(archive, problems)
    problems.refuse_if_errors()
    if wanted["file"] not in files:
        problems.error("rules_file_missing", Where(file=ARCHIVE), name=wanted["file"])
        problems.refuse_if_errors()
    with TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        programme = _composed(root, wanted, problems)
    if programme is not None and not sound:
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
    where = Where(file=ARCHIVE)
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
