"""The signatures in a report: whether each is whole, what it covers, who made it and when, and whether that person is to be trusted.

Nothing is fetched: trust rests on the certificates handed in, and whether a certificate was revoked is not looked up.
"""

from __future__ import annotations

import asyncio
import io
import logging
import struct
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from asn1crypto import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import DuplicateExtension, ExtensionNotFound, InvalidVersion, UnsupportedGeneralNameType
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import CMSExtractionError, CMSStructuralError, MultivaluedAttributeError, NonexistentAttributeError
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from engine.problems import ProblemList, Where
from engine.report.signature_container import container_faults
from engine.report.signing_keys import subject_of

Covers = Literal["file", "revision", "part"]

for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    # What it would log, a status says.

DAMAGE = (
    PdfError,
    SignatureValidationError,
    CMSExtractionError,
    CMSStructuralError,
    MultivaluedAttributeError,
    NonexistentAttributeError,
    UnsupportedAlgorithm,
    DuplicateExtension,
    ExtensionNotFound,
    InvalidVersion,
    UnsupportedGeneralNameType,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What reading a damaged file ends in: the parsers of PDF and ASN.1 meet their damage in all these ways."""

_SIGNED = b"/ByteRange"
"""What every signature in a file has in the clear."""
_SIGNS = frozenset({"digital_signature", "non_repudiation"})


@dataclass(frozen=True, slots=True)
class SignatureStatus:
    """One signature of a file. Days and times are ISO 8601 with their offset from UTC."""

    role: str
    """The name of its field: a role of ``signature_fields.ROLES``, or any other for a field that no report has."""
    signer: str
    organisation: str
    signed_at: str
    """When it was signed by the signer's own clock; empty where that is not said."""
    stamped_at: str
    """When a time-stamp authority saw the signature; empty where none did."""
    covers: Covers
    """The whole file, the whole file as it was then, or only a part of it."""
    faults: tuple[str, ...]
    """What is wrong with it, by codes that ``texts/signatures.yaml`` explains; nothing where it is intact."""
    trusted: bool | None
    """Whether the signer's certificate leads to a trusted one; None where none was handed in."""

    @property
    def intact(self) -> bool:
        """Whether the signature holds: made with the key of its certificate, over what is there, and nothing but signatures since."""
        return not self.faults

    def to_plain(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return {**asdict(self), "faults": list(self.faults), "intact": self.intact}


def check_signatures(
    content: bytes, trust: Sequence[x509.Certificate] = (), *, now: datetime | None = None, where: Where | None = None
) -> tuple[SignatureStatus, ...]:
    """Every signature of a PDF in the order in which they were made. Raises Refused where the file cannot be read as PDF.

    ``now`` is the time at which certificates must be valid, unless a trusted time stamp says when the signature was there already.
    """
    reader = open_pdf(content, where or Where())
    signed = signed_fields(reader, where or Where())
    order = sorted(signed, key=lambda name: _revision(reader, signed[name]))
    found = [_status(reader, content, name, signed[name], tuple(trust), now or datetime.now(UTC)) for name in order]
    if found and found[-1].covers != "file" and found[-1].intact:
        found[-1] = _with_fault(found[-1], "bytes_after")
    lost = max(0, content.count(_SIGNED) - len(found))
    return (*found, *[_illegible("", "lost")] * lost)


def open_pdf(content: bytes, where: Where) -> PdfFileReader:
    """A PDF opened for reading. Raises Refused where it is none."""
    problems = ProblemList()
    try:
        reader = PdfFileReader(io.BytesIO(content))
        dict(reader.root)
        return reader
    except DAMAGE as err:
        problems.error("pdf_unreadable", where, reason=str(err) or type(err).__name__)
        problems.refuse_if_errors()
        raise


def signed_fields(reader: PdfFileReader, where: Where) -> dict[str, Any]:
    """The signature fields that hold a signature, by name. Raises Refused where the fields cannot be read."""
    return {name: field for name, value, field in _fields(reader, where) if value is not None}


def empty_fields(reader: PdfFileReader, where: Where) -> list[str]:
    """The names of the signature fields that hold none. Raises Refused where the fields cannot be read."""
    return [name for name, value, _ in _fields(reader, where) if value is None]


def _fields(reader: PdfFileReader, where: Where) -> list[tuple[str, Any, Any]]:
    problems = ProblemList()
    try:
        return list(enumerate_sig_fields(reader))
    except DAMAGE as err:
        problems.error("pdf_unreadable", where, reason=str(err) or type(err).__name__)
        problems.refuse_if_errors()
        raise


def _revision(reader: PdfFileReader, field: Any) -> int:
    """In which update of the file a signature came; the last where that cannot be read."""
    try:
        return int(reader.xrefs.get_last_change(field.get_object().raw_get("/V").reference))
    except DAMAGE:
        return int(reader.xrefs.total_revisions)


def _with_fault(status: SignatureStatus, fault: str) -> SignatureStatus:
    return SignatureStatus(**{**asdict(status), "faults": (*status.faults, fault)})


def _illegible(role: str, fault: str) -> SignatureStatus:
    """What is said of a signature that cannot be read."""
    return SignatureStatus(role, "", "", "", "", "part", (fault,), None)


def _status(
    reader: PdfFileReader, content: bytes, name: str, field: Any, trust: tuple[x509.Certificate, ...], now: datetime
) -> SignatureStatus:
    try:
        embedded = EmbeddedPdfSignature(reader, field, name)
        signer, organisation = subject_of(embedded.signer_cert)
        claimed = embedded.self_reported_timestamp
        made = _validated(embedded, trust, now)
        faults = (*_faults(embedded, made), *_structure(embedded, content))
    except DAMAGE:
        return _illegible(name, "unreadable")
    stamp = made.timestamp_validity
    return SignatureStatus(
        role=name,
        signer=signer,
        organisation=organisation,
        signed_at=claimed.isoformat() if claimed else "",
        stamped_at=stamp.timestamp.isoformat() if stamp else "",
        covers=_covers(made.coverage),
        faults=tuple(dict.fromkeys(faults)),
        trusted=bool(made.trusted) if trust else None,
    )


def _covers(level: SignatureCoverageLevel | None) -> Covers:
    known: dict[SignatureCoverageLevel | None, Covers] = {
        SignatureCoverageLevel.ENTIRE_FILE: "file",
        SignatureCoverageLevel.ENTIRE_REVISION: "revision",
    }
    return known.get(level, "part")


def _validated(embedded: EmbeddedPdfSignature, trust: tuple[x509.Certificate, ...], now: datetime) -> PdfSignatureStatus:
    """The library's findings, at the time of a trusted time stamp where the certificate has ended since."""
    made = asyncio.run(_validate(embedded, trust, now))
    stamp = made.timestamp_validity
    if trust and not made.trusted and stamp and stamp.trusted:
        made = asyncio.run(_validate(embedded, trust, stamp.timestamp))
    return made


async def _validate(embedded: EmbeddedPdfSignature, trust: tuple[x509.Certificate, ...], moment: datetime) -> PdfSignatureStatus:
    usage = _SIGNS if embedded.signer_cert.key_usage_value is not None else frozenset()
    return await async_validate_pdf_signature(
        embedded,
        signer_validation_context=_context(trust, moment),
        ts_validation_context=_context(trust, moment),
        key_usage_settings=KeyUsageConstraints(key_usage=usage),
    )


def _context(trust: tuple[x509.Certificate, ...], moment: datetime) -> ValidationContext:
    return ValidationContext(trust_roots=list(trust), allow_fetching=False, moment=moment, revocation_mode="soft-fail")


def _faults(embedded: EmbeddedPdfSignature, made: PdfSignatureStatus) -> list[str]:
    """What is wrong by the signature's own mathematics."""
    faults = []
    if not made.intact:
        faults.append("content")
    if not made.valid:
        faults.append("signature")
    if made.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        faults.append("part")
    elif not made.docmdp_ok:
        faults.append("changed_after")
    stamps = made.timestamp_validity
    if stamps and not (stamps.intact and stamps.valid):
        faults.append("stamp")
    return faults


def _structure(embedded: EmbeddedPdfSignature, content: bytes) -> list[str]:
    """What is wrong with the field's content: it fills the gap in what is signed, and is sound."""
    start, first, second, _ = (int(part) for part in embedded.byte_range)
    gap, held = content[first:second], embedded.pkcs7_content
    filled = start == 0 and gap[:1] == b"<" and gap[-1:] == b">" and gap[1:-1] in (held.hex().encode(), held.hex().upper().encode())
    return [*container_faults(held), *(() if filled else ("part",))]
