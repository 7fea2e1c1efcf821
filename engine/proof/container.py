"""A report opened as a file that somebody may have changed: its pages, what it carries, and its manifest, under limits."""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from dataclasses import dataclass
from typing import Any

import pikepdf

from engine.problems import Bilingual, ProblemList, Refused, Where
from engine.report.enclosures import DOSSIER, FORMAT, MANIFEST, PLACES, RULES
from engine.texts import LANGUAGES, say

MEBI = 2**20
MAX_FILE = 64 * MEBI
MAX_UNPACKED = 64 * MEBI
_MANIFEST_KEYS = {
    "engine": str,
    "document": str,
    "lang": str,
    "basis": str,
    "closed": bool,
    "options": dict,
    "assessment": str,
    "determination": dict,
    "rules": dict,
    "files": list,
}
_START, _END, _NEAR = b"%PDF-", b"%%EOF", 1024
"""What a PDF begins and ends with, and how near to its edges."""
DAMAGED = (pikepdf.PdfError, ValueError, TypeError, LookupError, AttributeError, RuntimeError, OverflowError)
"""What looking into a damaged file may raise; a Python object of a PDF is not what its name promises then."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A report's bytes, the document, the files it carries by name, which more are damaged, and the manifest."""

    content: bytes
    document: Any
    files: dict[str, bytes]
    damaged: frozenset[str]
    manifest: dict[str, Any]

    @property
    def manifest_sha256(self) -> str:
        """The hash of the manifest as it stands in the file."""
        return hashlib.sha256(self.files[MANIFEST]).hexdigest()

    @property
    def manifest_is_witnessed(self) -> bool:
        """Whether the file's identifier is the one that goes with this manifest: then whatever disagrees with it was changed."""
        try:
            return bytes(self.document.trailer.ID[0]).hex() == self.manifest_sha256[:32]
        except DAMAGED:
            return False


def open_report(content: bytes, name: str) -> Opened:
    """Open a report. Raises Refused for what is none: no PDF, or one without a manifest that this engine understands."""
    problems, where = ProblemList(), Where(file=name)
    if len(content) > MAX_FILE:
        problems.error("report_too_large", where, size=f"{len(content) / MEBI:.0f}", limit=MAX_FILE // MEBI)
        problems.refuse_if_errors()
    document, files = _read(content, where)
    manifest = files.get(MANIFEST)
    if manifest is None:
        cut = _END not in content[-_NEAR:]
        problems.error("manifest_damaged" if MANIFEST in files else "report_cut" if cut else "report_without_manifest", where)
        raise Refused(list(problems))
    whole = {name: held for name, held in files.items() if held is not None}
    return Opened(content, document, whole, frozenset(files) - whole.keys(), _manifest(manifest, where))


def _read(content: bytes, where: Where) -> tuple[Any, dict[str, bytes | None]]:
    """A PDF and the files that it carries. Raises Refused for what is no PDF, is cut off, or opens with a password only."""
    problems = ProblemList()
    try:
        document = pikepdf.open(io.BytesIO(content))
        if document.is_encrypted:
            raise pikepdf.PasswordError
        return document, _files(document)
    except pikepdf.PasswordError as err:
        problems.error("report_encrypted", where)
        raise Refused(list(problems)) from err
    except DAMAGED as err:
        kind = "empty" if not content else "no_pdf" if _START not in content[:_NEAR] else ""
        if kind:
            reason: str = Bilingual(*(say(f"proof.unreadable.{kind}", lang) for lang in LANGUAGES))
            problems.error("report_unreadable", where, reason=reason)
        elif _END not in content[-_NEAR:]:
            problems.error("report_cut", where)
        else:
            problems.error("report_unreadable", where, reason=reason_of(err))
        raise Refused(list(problems)) from err


def reason_of(error: Exception) -> str:
    """What the reader of PDFs says, without the name it gives to a file that it was handed as bytes."""
    return str(error).rpartition(">: ")[2] or type(error).__name__


def _files(document: Any) -> dict[str, bytes | None]:
    """The files that a document carries; None for one that is damaged."""
    if "/Names" not in document.Root or "/EmbeddedFiles" not in document.Root.Names:
        return {}
    tree = pikepdf.NameTree(document.Root.Names.EmbeddedFiles)
    return {str(name): _file(specification) for name, specification in tree.items()}


def _file(specification: Any) -> bytes | None:
    try:
        return stream_bytes(specification.EF.F)
    except DAMAGED:
        return None


def stream_bytes(stream: Any) -> bytes:
    """The bytes of a stream, which may be deflated but in no other way packed. Raises ValueError where it is, or holds too much."""
    raw = bytes(stream.read_raw_bytes())
    filters = stream.get("/Filter")
    if filters is None:
        return raw
    if isinstance(filters, pikepdf.Array) and len(filters) == 1:
        filters = filters[0]
    if filters != pikepdf.Name.FlateDecode or "/DecodeParms" in stream:
        raise ValueError(f"filter {filters!r}")
    return inflated(raw)


def inflated(raw: bytes) -> bytes:
    """Deflated bytes as they were. Raises ValueError for bytes that are damaged, or hold more than anybody needs."""
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(raw, MAX_UNPACKED)
    except zlib.error as err:
        raise ValueError(str(err)) from err
    if not unpacker.eof:
        raise ValueError("incomplete stream")
    return content


def _manifest(raw: bytes, where: Where) -> dict[str, Any]:
    """The manifest, which must be of this form. Raises Refused."""
    problems = ProblemList()
    try:
        plain = json.loads(raw)
    except (ValueError, RecursionError):
        plain = None
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        stated = plain.get("format") if isinstance(plain, dict) else None
        problems.error("manifest_unknown", where, format=stated or "—", known=FORMAT)
    else:
        wrong = [key for key, kind in _MANIFEST_KEYS.items() if not isinstance(plain.get(key), kind)]
        wrong += ["files"] if "files" not in wrong and not all(_is_entry(entry) for entry in plain["files"]) else []
        if wrong:
            problems.error("manifest_malformed", where, keys=", ".join(wrong))
    problems.refuse_if_errors()
    assert isinstance(plain, dict)
    return plain


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("name"), str) and isinstance(entry.get("sha256"), str)


NEEDED = (DOSSIER, PLACES, RULES)
"""What a recomputation starts from."""
