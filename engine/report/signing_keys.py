"""Keys to sign with and certificates to trust, read from files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import keys, pem, pkcs12, x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12KeyAndCertificates, load_pkcs12

from engine.problems import ProblemList, Where, system_reason

_SIGNS = frozenset({"digital_signature", "non_repudiation"})


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its certificate, and those of the authorities above it."""

    private: keys.PrivateKeyInfo
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def signer(self) -> str:
        """Whom the certificate names."""
        return subject_of(self.certificate)[0]

    @property
    def organisation(self) -> str:
        """For which organisation, empty where the certificate names none."""
        return subject_of(self.certificate)[1]


def subject_of(certificate: x509.Certificate) -> tuple[str, str]:
    """Common name (the whole subject where there is none) and organisation of a certificate's subject, on one line each."""
    named = certificate.subject.native
    person, organisation = (_one_line(named.get(part, "")) for part in ("common_name", "organization_name"))
    return person or organisation or _one_line(certificate.subject.human_friendly), organisation


def _one_line(name: str | list[str]) -> str:
    return " ".join((name if isinstance(name, str) else ", ".join(name)).split())


def read_bytes(path: Path) -> bytes:
    """The content of a file. Raises Refused where it cannot be read."""
    problems = ProblemList()
    content = b""
    try:
        content = path.read_bytes()
    except OSError as err:
        problems.error("file_unreadable", Where(file=str(path)), reason=system_reason(err))
    problems.refuse_if_errors()
    return content


def needs_password(content: bytes) -> bool:
    """Whether a PKCS#12 file opens only with a password."""
    try:
        load_pkcs12(content, None)
    except (ValueError, UnsupportedAlgorithm):
        return _is_pkcs12(content)
    return False


def load_key(content: bytes, password: str | None, where: Where, *, now: datetime) -> SigningKey:
    """The key in a PKCS#12 file. Raises Refused where there is none that signs on this day, or the password is wrong."""
    problems = ProblemList()
    found: PKCS12KeyAndCertificates | None = None
    try:
        found = load_pkcs12(content, None if password is None else password.encode())
    except UnsupportedAlgorithm:
        problems.error("key_unsupported", where)
    except ValueError:
        problems.error("key_password" if _is_pkcs12(content) else "key_unreadable", where)
    problems.refuse_if_errors()
    assert found is not None
    if found.key is None or found.cert is None:
        problems.error("key_empty", where)
        problems.refuse_if_errors()
    assert found.key is not None and found.cert is not None
    if not isinstance(found.key, RSAPrivateKey | EllipticCurvePrivateKey):
        problems.error("key_unsupported", where)
        problems.refuse_if_errors()
    certificate, *chain = (_certificate(each.certificate.public_bytes(Encoding.DER)) for each in (found.cert, *found.additional_certs))
    _check(certificate, now, problems, where)
    problems.refuse_if_errors()
    private = found.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SigningKey(keys.PrivateKeyInfo.load(private), certificate, tuple(chain))


def _check(certificate: x509.Certificate, now: datetime, problems: ProblemList, where: Where) -> None:
    start, end = certificate.not_valid_before, certificate.not_valid_after
    if not start <= now <= end:
        problems.error("key_out_of_date", where, start=start.date(), end=end.date())
    usage = certificate.key_usage_value
    if usage is not None and not _SIGNS & usage.native:
        problems.error("key_not_for_signing", where, signer=subject_of(certificate)[0])


def _is_pkcs12(content: bytes) -> bool:
    try:
        return bool(pkcs12.Pfx.load(content)["version"].native == "v3")
    except (ValueError, TypeError):
        return False


def read_certificates(path: Path) -> tuple[x509.Certificate, ...]:
    """The certificates in a PEM file (one or more) or a DER file. Raises Refused where there are none."""
    content = read_bytes(path)
    try:
        found = tuple(_certificate(der) for der in _encoded(content))
    except (ValueError, TypeError):
        found = ()
    if not found:
        problems = ProblemList()
        problems.error("certificates_unreadable", Where(file=str(path)))
        problems.refuse_if_errors()
    return found


def _encoded(content: bytes) -> list[bytes]:
    """The certificates of a PEM file, or the file itself."""
    if not pem.detect(content):
        return [content]
    return [der for kind, _, der in pem.unarmor(content, multiple=True) if kind == "CERTIFICATE"]


def _certificate(der: bytes) -> x509.Certificate:
    """A certificate, read to its end so that what is damaged shows here. Raises ValueError."""
    certificate = x509.Certificate.load(der, strict=True)
    dict(certificate.native)
    return certificate
