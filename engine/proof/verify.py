"""Whether a report is what it says: its enclosures against the manifest, then everything computed and rendered again."""

from __future__ import annotations

import hashlib
import io
import json
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import pikepdf

from engine.problems import Problem, Refused, Where
from engine.proof.container import NEEDED, Opened, open_report
from engine.proof.differences import Difference, difference, first_of_values, numbers_beyond, of_documents
from engine.proof.recompute import Recomputed, recompute, render
from engine.proof.unpacked import unpacked
from engine.report.enclosures import ASSESSMENT, CODE_HEAD, MANIFEST
from engine.report.signature_words import fault_words, signature_role
from engine.version import VERSION

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

    from engine.report.signatures import SignatureStatus

_PACKED = difference("packed")
"""No difference of what is in the file: it was deflated in another way."""
_SIGNED = b"/ByteRange"
"""What every signature states, in plain letters: without it there is none."""
_END = rb"startxref\n\d+\n%%EOF\n"
_ADDITIONS = 12
"""So many ends of what may be the report are looked at: attachments could have some too."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found of one report.

    ``method`` says how it was compared: ``bytes``, ``unpacked`` where the same bytes were deflated in another way, or ``values`` where
    another version of the engine made it. Without
    ``differences`` it is what it says; the first one comes first. ``problems`` are those for which the rest could not be looked at.
    ``signatures`` are those of the file, in their order; one that does not hold is a difference.
    """

    assessment: str
    outcome: str
    engine: str
    manifest_sha256: str
    method: str
    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...] = ()
    signatures: tuple[SignatureStatus, ...] = ()

    @property
    def identical(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def verify_report(content: bytes, name: str, code: str = "", trust: Sequence[Certificate] = ()) -> Verification:
    """Verify a report from its bytes; ``code`` is the text of its QR code, where that is to be checked too.

    ``trust`` are the certificates of authorities whose signers are to be trusted.
    Raises Refused for a file that is no report at all.
    """
    opened = open_report(content, name)
    method = "bytes" if opened.manifest["engine"] == VERSION else "values"
    problems: tuple[Problem, ...] = ()
    signatures, broken = _signatures(content, name, trust)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of pages that are damaged, which is said of them anyway
            differences = tuple(_differences(opened, code, method, bool(signatures)))
    except Refused as refused:
        problems = tuple(refused.problems)
        changed = () if opened.manifest_is_witnessed else (difference("manifest_alone"),)
        differences = (difference("not_recomputed"), *changed)
    if differences == (_PACKED,):
        method, differences = "unpacked", ()
    manifest = opened.manifest
    outcome = str(manifest["determination"].get("outcome"))
    return Verification(
        assessment=manifest["assessment"],
        outcome=outcome,
        engine=manifest["engine"],
        manifest_sha256=opened.manifest_sha256,
        method=method,
        differences=(*differences, *broken),
        problems=problems,
        signatures=signatures,
    )


def _signatures(content: bytes, name: str, trust: Sequence[Certificate]) -> tuple[tuple[SignatureStatus, ...], tuple[Difference, ...]]:
    """The signatures of a file, and those that do not hold."""
    if _SIGNED not in content:
        return (), ()
    from engine.report.signatures import check_signatures  # takes a third of a second to import

    try:
        found = check_signatures(content, trust, where=Where(file=name))
    except Refused:
        return (), (difference("signatures_unreadable"),)
    return found, tuple(
        difference("signature", role=signature_role(status.role), signer=status.signer or "—", faults=fault_words(status))
        for status in found
        if not status.intact
    )


def _differences(opened: Opened, code: str, method: str, signed: bool) -> Iterator[Difference]:
    """What differs, stage by stage: a later stage is not looked at where an earlier one found something."""
    for stage in (_of_code(opened, code), _of_enclosures(opened)):
        found = list(stage)
        yield from found
        if found:
            return
    if method == "values" and not opened.manifest_is_witnessed:
        yield difference("manifest_alone")
        return
    made = recompute(opened)
    found = list(_of_values(opened, made, method))
    yield from found
    if found:
        return
    wanted = render(opened.manifest, made)
    if opened.content == wanted:
        return
    found = list(_of_manifest(opened, wanted, method))
    yield from found
    if found:
        return
    if method == "bytes":
        yield from _of_bytes(opened, wanted, signed)
    else:
        yield from filter(None, [numbers_beyond(opened.document, _document(wanted))])


def _same_unpacked(one: bytes, other: bytes) -> bool:
    """Whether two reports are the same but for who deflated their streams."""
    try:
        return unpacked(one) == unpacked(other)
    except ValueError:
        return False


def _document(content: bytes) -> Any:
    return pikepdf.open(io.BytesIO(content))


# --- the code on page one ---


def _of_code(opened: Opened, code: str) -> Iterator[Difference]:
    if not code:
        return
    manifest = opened.manifest
    wanted = f"{CODE_HEAD}:{manifest['determination'].get('outcome')}:{opened.manifest_sha256}:{manifest['assessment']}"
    stated, expected = (text.removeprefix(f"{CODE_HEAD}:").split(":", 2) for text in (code.strip(), wanted))
    if not code.strip().startswith(f"{CODE_HEAD}:") or len(stated) != len(expected):
        yield difference("code_foreign", found=code.strip()[:80])
        return
    for key, one, other in zip(("outcome", "hash", "id"), stated, expected, strict=True):
        if one != other:
            yield difference(f"code_{key}", found=other, wanted=one)


# --- enclosures ---


def _of_enclosures(opened: Opened) -> Iterator[Difference]:
    """Files that are not as the manifest has them; where its own hash is witnessed the file was changed, otherwise either."""
    listed = {entry["name"]: entry["sha256"] for entry in opened.manifest["files"]}
    witnessed = opened.manifest_is_witnessed
    for name in dict.fromkeys((*NEEDED, ASSESSMENT, *listed)):
        if name in opened.damaged:
            yield difference("enclosure_damaged", name=name)
        elif name not in opened.files:
            yield difference("enclosure_missing", name=name)
        elif name not in listed:
            yield difference("enclosure_unlisted", name=name)
        elif hashlib.sha256(opened.files[name]).hexdigest() != listed[name]:
            yield difference("enclosure" if witnessed else "enclosure_or_manifest", name=name)
    for name in opened.files:
        if name not in listed and name not in (*NEEDED, ASSESSMENT, MANIFEST):
            yield difference("enclosure_unlisted", name=name)


# --- values ---


def _of_values(opened: Opened, made: Recomputed, method: str) -> Iterator[Difference]:
    """The assessment inside against the one computed again."""
    inside, again = opened.files[ASSESSMENT], made.json.encode()
    if inside == again:
        return
    try:
        stated, wanted = json.loads(inside), json.loads(again)
    except (ValueError, RecursionError):
        yield difference("enclosure_form", name=ASSESSMENT)
        return
    if method == "values" and isinstance(stated, dict) and isinstance(stated.get("assessment"), dict):
        stated["assessment"]["engine_version"] = VERSION
    hit = first_of_values(stated, wanted)
    if hit is not None:
        yield difference("value", path=hit[0], found=hit[1], wanted=hit[2])
    elif method == "bytes":
        yield difference("enclosure_form", name=ASSESSMENT)


def _of_manifest(opened: Opened, wanted: bytes, method: str) -> Iterator[Difference]:
    """The manifest inside against that of the report rendered again; by its values, whatever does not come from the engine's version."""
    left_out = ("engine", "files") if method == "values" else ()
    stated, again = (
        {key: value for key, value in each.items() if key not in left_out}
        for each in (opened.manifest, open_report(wanted, MANIFEST).manifest)
    )
    hit = first_of_values(stated, again)
    if hit is not None:
        yield difference("manifest", path=hit[0], found=hit[1], wanted=hit[2])


# --- bytes ---


def _of_bytes(opened: Opened, wanted: bytes, signed: bool) -> Iterator[Difference]:
    """The file against the one rendered again; where it was ``signed``, what was added after the report must be signatures."""
    content = opened.content
    length = _length_of_report(content, wanted)
    again = _document(wanted)
    if len(content) < len(wanted) and wanted.startswith(content):
        yield difference("cut", at=len(content), of=len(wanted))
        return
    found = list(of_documents(opened.document, again, signed=signed))
    yield from found
    if found:
        return
    if length is None:
        pairs = enumerate(zip(content, wanted, strict=False))
        yield difference("bytes", at=next((i for i, (one, other) in pairs if one != other), min(len(content), len(wanted))))
    elif length < len(content) and not signed:
        yield difference("appended", at=length)
    elif not content.startswith(wanted):
        yield _PACKED


def _length_of_report(content: bytes, wanted: bytes) -> int | None:
    """How much of a file is the report itself, before anything that was added; None where its beginning is another one."""
    if content.startswith(wanted):
        return len(wanted)
    ends = (found.end() for found in re.finditer(_END, content))
    return next((end for end in islice(ends, _ADDITIONS) if _same_unpacked(content[:end], wanted)), None)
