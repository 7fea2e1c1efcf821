"""The message that holds a signature (CMS SignedData): what the signer's own mathematics does not reach in it must fit the rest.

The signed part of such a message is safe by itself. Around it stand version numbers, names of algorithms and certificates of
authorities, which nobody signed there: each is held against what it has to be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from asn1crypto import cms, parser
from asn1crypto import x509 as asn1
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509 import AuthorityKeyIdentifier, Certificate, ExtensionNotFound, SubjectKeyIdentifier, load_der_x509_certificate
from pyhanko.sign.general import check_ess_certid, extract_certificate_info
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter, get_signing_cert_attr

_STAMP = "signature_time_stamp_token"
_NULL = b"\x05\x00"
_LAST_OF_SIGNER = ((0, 0, 4), (2, 1, 1))
"""Class, method and tag of what a signer's part ends with: the signature, or what is not signed."""


def container_faults(held: bytes) -> list[str]:
    """What is wrong with the content of a signature's field: its message, padded with zeros, and nothing else.

    Raises what the parsers of damaged messages raise, see ``signatures.DAMAGE``.
    """
    message = held[: _length(held)]
    content = cms.ContentInfo.load(message)
    signed = content["content"]
    stamps = list(extract_tst_data_iter(signed["signer_infos"][0], signed=False))
    faults = []
    sound = not held[len(message) :].strip(b"\0") and _is_exact(message)
    if not sound or _unknown(signed) or not all(_consistent(each) for each in (signed, *stamps)):
        faults.append("container")
    if not all(_hang_together(each) for each in (signed, *stamps)):
        faults.append("certificates")
    return faults


def _length(message: bytes) -> int:
    """The length of the first ASN.1 value."""
    _, _, _, header, body, trailer = parser.parse(message)
    return len(header) + len(body) + len(trailer)


def _is_exact(value: bytes) -> bool:
    """Whether every length in an ASN.1 value is written in its one shortest form, and what is inside fills what it stands in."""
    pending = [value]
    while pending:
        for kind, method, tag, header, content, trailer in _parts(pending.pop()):
            if not (kind or tag) or header + content + trailer != parser.emit(kind, method, tag, content):
                return False
            if method:
                pending.append(content)
    return True


def _parts(body: bytes) -> Iterator[tuple[int, int, int, bytes, bytes, bytes]]:
    """The values that follow each other in a body: class, method, tag, header, content and trailer of each."""
    at = 0
    while at < len(body):
        part = parser.parse(body[at:])
        yield part
        at += sum(map(len, part[3:]))


def _unknown(signed: Any) -> bool:
    """Whether what the signer did not sign holds anything but time stamps."""
    (signer,) = signed["signer_infos"]
    return any(attribute["type"].native != _STAMP for attribute in signer["unsigned_attrs"] or ())


def _consistent(signed: Any) -> bool:
    """Whether version numbers and algorithms are those that RFC 5652 (section 5.1 and 5.3) asks for."""
    (signer,) = signed["signer_infos"]
    by_number = signer["sid"].name == "issuer_and_serial_number"
    plain = by_number and signed["encap_content_info"]["content_type"].native == "data"
    wanted = "v1" if plain else "v3", "v1" if by_number else "v3"
    digests = [*signed["digest_algorithms"], signer["digest_algorithm"]]
    *_, last = _parts(signer.contents)
    return (
        (signed["version"].native, signer["version"].native) == wanted
        and len(digests) == 2
        and all(_is_plain(digest, digests[-1]) for digest in digests)
        and last[:3] in _LAST_OF_SIGNER
    )


def _is_plain(digest: Any, wanted: Any) -> bool:
    """Whether a digest algorithm is the one wanted, without parameters (absent or NULL)."""
    name = digest["algorithm"].dump()
    return name == wanted["algorithm"].dump() and digest.contents in (name, name + _NULL)


def _hang_together(signed: Any) -> bool:
    """Whether the certificates are the signer's and those above it, each signed by the next, and those that the signer named."""
    found = extract_certificate_info(signed)
    held = [found.signer_cert, *found.other_certs]
    if len(held) != len(signed["certificates"]) or len(above(held[0], held[1:])) != len(held) - 1:
        return False
    attribute = get_signing_cert_attr(signed["signer_infos"][0]["signed_attrs"])
    named = [] if attribute is None else list(attribute["certs"])
    if len(named) > 1:
        return all(any(check_ess_certid(each, one) for one in named) for each in held)
    return not any(_lost_its_name(load_der_x509_certificate(each.dump())) for each in held[1:])


def above(certificate: asn1.Certificate, others: Sequence[asn1.Certificate]) -> list[asn1.Certificate]:
    """Those of some certificates that lead upwards from one: whose keys signed it, or one of those above it.

    One that bears its own name as issuer's must be signed by its own key.
    """
    found: list[asn1.Certificate] = []
    pending = [certificate]
    while pending:
        below = load_der_x509_certificate(pending.pop().dump())
        for other in others:
            issuer = load_der_x509_certificate(other.dump())
            fits = other not in found and issuer.subject == below.issuer and _issued(below, issuer)
            if fits and (issuer.issuer != issuer.subject or _issued(issuer, issuer)):
                found.append(other)
                pending.append(other)
    return found


def _issued(certificate: Certificate, issuer: Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _lost_its_name(certificate: Certificate) -> bool:
    """Whether a certificate says that its own key signed it, but gives its issuer another name (RFC 5280, section 4.2.1.1)."""
    try:
        authority = certificate.extensions.get_extension_for_class(AuthorityKeyIdentifier).value
        own = certificate.extensions.get_extension_for_class(SubjectKeyIdentifier).value
    except ExtensionNotFound:
        return False
    return authority.key_identifier == own.key_identifier and certificate.issuer != certificate.subject
