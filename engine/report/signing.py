"""Signing a report: a PAdES signature (baseline B-B, or B-T with a time stamp) into the field of a role, in the order of the roles.

The file is only added to: its unsigned bytes stay at its beginning, and every earlier signature stays whole.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import cms, tsp, x509
from pyhanko.pdf_utils.content import AppearanceContent
from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.attributes import CMSAttributeProvider, SigningCertificateV2Provider
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_byterange import BuildProps
from pyhanko.sign.signers.pdf_cms import CAdESSignedAttributeProviderSpec, PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper, TimestampRequestError
from pyhanko.stamp import BaseStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from engine.problems import Problem, ProblemList, Where
from engine.report.document import glyph_warnings
from engine.report.signature_container import above
from engine.report.signature_fields import ROLES
from engine.report.signature_look import Inscription, person_page, seal_page
from engine.report.signature_words import signature_role
from engine.report.signatures import DAMAGE, check_signatures, empty_fields, open_pdf, signed_fields
from engine.report.signing_keys import SigningKey
from engine.texts import say
from engine.version import VERSION

_SECONDS = 20
"""So long a time-stamp authority may take."""


class _Authority(HTTPTimeStamper):
    """A time-stamp authority whose answers are read to their end before they are believed."""

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            dict(token.native)
        except DAMAGE as err:
            raise TimestampRequestError(f"{self.url}: {type(err).__name__}") from err
        return token


def time_stamper(url: str) -> TimeStamper:
    """The time-stamp authority (RFC 3161) at an address."""
    return _Authority(url, timeout=_SECONDS)


def sign_report(
    content: bytes, key: SigningKey, role: str, *, now: datetime, stamper: TimeStamper | None = None, where: Where | None = None
) -> tuple[bytes, list[Problem]]:
    """The report with one more signature, and a warning for each character of the signer's names that the fonts lack.

    ``now`` is the time that the signature states, with its offset from UTC. Raises Refused where the report has no free place for
    the role, an earlier role has not signed, a signature there already does not hold, or the time-stamp authority does not answer.
    """
    where = where or Where()
    reader = open_pdf(content, where)
    signed = list(signed_fields(reader, where))
    _check_turn(role, signed, empty_fields(reader, where), where)
    _check_signatures(content, where)
    look = _Look(told=_inscription(key, now), role=role, lang="en" if str(reader.root.get("/Lang", "")).startswith("en") else "zh")
    result = _signed(content, key, look, now, stamper, where, first=not signed)
    _check_signatures(result, where)
    return result, glyph_warnings(look.missing, where)


def _check_turn(role: str, signed: Sequence[str], empty: Sequence[str], where: Where) -> None:
    """Whether it is a role's turn: its place is there and free, and every earlier role that has a place has signed."""
    problems = ProblemList()
    title = signature_role(role)
    if role in signed:
        problems.error("sign_twice", where, role=title)
    elif role not in empty:
        problems.error("sign_no_place", where, role=title, places=", ".join(name for name in ROLES if name in empty) or "—")
    else:
        for earlier in ROLES[: ROLES.index(role)]:
            if earlier in empty:
                problems.error("sign_order", where, role=title, earlier=signature_role(earlier))
        for later in ROLES[ROLES.index(role) + 1 :]:
            if later in signed:
                problems.error("sign_late", where, role=title, later=signature_role(later))
    problems.refuse_if_errors()


def _check_signatures(content: bytes, where: Where) -> None:
    problems = ProblemList()
    for status in check_signatures(content, where=where):
        if not status.intact:
            problems.error("sign_broken", where, role=signature_role(status.role), signer=status.signer or "—")
    problems.refuse_if_errors()


def _inscription(key: SigningKey, now: datetime) -> Inscription:
    day, offset = now.strftime("%Y-%m-%d %H:%M:%S"), now.strftime("%z")
    return Inscription(key.signer, key.organisation, f"{day} {offset[:3]}:{offset[3:5]}")


def _signed(
    content: bytes, key: SigningKey, look: _Look, now: datetime, stamper: TimeStamper | None, where: Where, *, first: bool
) -> bytes:
    chain = above(key.certificate, key.chain)
    meta = PdfSignatureMetadata(
        field_name=look.role,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=key.signer,
        reason=say(f"signatures.role.{look.role}", look.lang),
        certify=first,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        app_build_props=BuildProps("greencert", VERSION),
    )
    maker = SimpleSigner(key.certificate, key.private, SimpleCertificateStore.from_certs(chain))
    maker.signed_attr_prov_spec = _Attributes(PdfCMSSignedAttributes(), key.certificate, is_pades=True, timestamper=stamper)
    maker.signed_attr_prov_spec.chain = chain
    signer = _Signer(meta, maker, timestamper=stamper, stamp_style=look)
    signer.moment = now
    problems = ProblemList()
    try:
        output: io.BytesIO = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)), existing_fields_only=True)
        return output.getvalue()
    except TimestampRequestError as err:
        problems.error("stamp_refused", where, reason=err.__cause__ if isinstance(err.__cause__, OSError) else err)
        problems.refuse_if_errors()
        raise


class _Signer(PdfSigner):
    """A signer who states a given time, the same in the signature and on the page."""

    moment: datetime

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.moment
        return session


class _Attributes(CAdESSignedAttributeProviderSpec):
    """What the signer signs beside the report: the certificates too, its own first and those above it, so that none can be exchanged."""

    chain: Sequence[x509.Certificate] = ()

    def signed_attr_providers(self, data_digest: bytes, digest_algorithm: str) -> Iterable[CMSAttributeProvider]:
        for provider in super().signed_attr_providers(data_digest, digest_algorithm):
            if isinstance(provider, SigningCertificateV2Provider):
                yield _Certificates(self.signing_cert, self.chain)
            else:
                yield provider


class _Certificates(SigningCertificateV2Provider):
    """The identities of a certificate and those above it (RFC 5035)."""

    def __init__(self, own: x509.Certificate, chain: Sequence[x509.Certificate]) -> None:
        super().__init__(own)
        self._all = (own, *chain)

    async def build_attr_value(self, dry_run: bool = False) -> tsp.SigningCertificateV2:
        return tsp.SigningCertificateV2({"certs": [as_signing_certificate_v2(each)["certs"][0] for each in self._all]})


@dataclass(frozen=True)
class _Look(BaseStampStyle):
    """How a role's signature looks in its field; ``missing`` collects what the fonts lack."""

    told: Inscription = field(kw_only=True)
    role: str = field(kw_only=True)
    lang: str = field(kw_only=True)
    missing: dict[str, tuple[str, str]] = field(default_factory=dict, kw_only=True)

    def create_stamp(self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: dict[str, Any]) -> Any:
        draw = seal_page if self.role == ROLES[-1] else person_page
        page, missing = draw(self.told, box.width, box.height, self.lang)
        self.missing.update(missing)
        return _Page(writer, box, page)


class _Page(AppearanceContent):
    """A page of another PDF as the appearance of a field."""

    def __init__(self, writer: BasePdfFileWriter, box: BoxConstraints, page: bytes) -> None:
        super().__init__(writer, box)
        self._page = page

    def register(self) -> IndirectObject:
        """The page as a form of the signed document."""
        form: IndirectObject = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._page)))
        return form
