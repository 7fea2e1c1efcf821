"""Looks at a workbook's zip directory before anything is unpacked: a small file may hold a very large one."""

from __future__ import annotations

import stat
import struct
import zipfile
from pathlib import Path, PurePosixPath

from engine.dossier.fields import quoted
from engine.problems import ProblemList, Where, system_reason

MEBI = 2**20
MAX_FILE = 20 * MEBI
MAX_ENTRIES = 200
MAX_UNPACKED = 100 * MEBI
MAX_RATIO = 100
RATIO_COUNTS_FROM = MEBI

_OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SUFFIXES = {"xml", "rels", "vml", "png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "emf", "wmf", "svg"}
_PRINTER_SETTINGS = "xl/printerSettings/"
_WORKBOOK_PARTS = {"[Content_Types].xml", "xl/workbook.xml"}


def check_zip(path: Path, problems: ProblemList) -> bool:
    """Whether a workbook may be opened; every reason against it goes to ``problems``."""
    found = ProblemList()
    _check_file(path, Where(file=str(path)), found)
    problems.problems += [problem for problem in found if problem not in problems.problems]
    return not found.has_errors


def _check_file(path: Path, where: Where, problems: ProblemList) -> None:
    try:
        if (size := path.stat().st_size) > MAX_FILE:
            problems.error("file_too_large", where, size=_mebi(size), limit=MAX_FILE // MEBI)
            return
        with path.open("rb") as file:
            magic = file.read(len(_OLE_MAGIC))
        if magic == _OLE_MAGIC:
            problems.error("workbook_old_or_locked", where)
            return
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except OSError as err:
        problems.error("file_unreadable", where, reason=system_reason(err))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, struct.error):
        # A damaged directory makes zipfile stumble in each of these ways.
        problems.error("workbook_not_zip", where)
    else:
        _check_directory(entries, where, problems)


def _check_directory(entries: list[zipfile.ZipInfo], where: Where, problems: ProblemList) -> None:
    if len(entries) > MAX_ENTRIES:
        problems.error("zip_entries", where, count=len(entries), limit=MAX_ENTRIES)
        return
    if (unpacked := sum(entry.file_size for entry in entries)) > MAX_UNPACKED:
        problems.error("zip_unpacked", where, size=_mebi(unpacked), limit=MAX_UNPACKED // MEBI)
    names: set[str] = set()
    for entry in entries:
        if entry.filename in names:
            problems.error("zip_twice", where, name=quoted(entry.filename))
        names.add(entry.filename)
        _check_entry(entry, where, problems)
    if lacking := sorted(_WORKBOOK_PARTS - names):
        problems.error("workbook_parts", where, names=", ".join(lacking))


def _check_entry(entry: zipfile.ZipInfo, where: Where, problems: ProblemList) -> None:
    name = quoted(entry.filename)
    # orig_filename still has what follows a NUL and the backslashes that filename lost.
    path = PurePosixPath(entry.orig_filename)
    escapes = path.is_absolute() or ".." in path.parts
    if not entry.filename or escapes or set(entry.orig_filename) & {"\\", ":", "\0"} or stat.S_ISLNK(entry.external_attr >> 16):
        problems.error("zip_path", where, name=quoted(entry.orig_filename))
    if entry.flag_bits & 0x1:
        problems.error("zip_encrypted", where, name=name)
    if entry.compress_type not in _METHODS:
        problems.error("zip_method", where, name=name)
    if entry.file_size > RATIO_COUNTS_FROM and entry.file_size > MAX_RATIO * entry.compress_size:
        problems.error("zip_ratio", where, name=name, size=_mebi(entry.file_size), limit=MAX_RATIO)
    suffix = entry.filename.rpartition(".")[2].lower()
    printer = entry.filename.startswith(_PRINTER_SETTINGS) and suffix == "bin"
    if not entry.filename.endswith("/") and suffix not in _SUFFIXES and not printer:
        problems.error("zip_foreign", where, name=name)


def _mebi(size: int) -> str:
    return f"{size / MEBI:.1f}"
