"""People who sign, made for the tests: keys, certificates and a small document with places to sign at. Nothing of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from engine.problems import Where
from engine.report.document import Furniture, build
from engine.report.flow import Place, Signatures
from engine.report.signing import sign_report
from engine.report.signing_keys import SigningKey, load_key

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

ORGANISATION = "浙江示例节能评价有限公司（虚构）"
ROOT = "示例根 CA"
PASSWORD = "密码 with spaces"
NAMES = {"assessor": "赵六", "reviewer": "吴十", "body": ORGANISATION}
NOW = datetime(2026, 11, 23, 9, 30, 5, tzinfo=timezone(timedelta(hours=8)))
START, END, LATER = (datetime(year, 1, 1, tzinfo=UTC) for year in (2026, 2027, 2040))
"""The certificates of people end before those of authorities."""


@dataclass(frozen=True)
class Authority:
    """Who issues certificates."""

    key: Private
    certificate: x509.Certificate

    @property
    def trust(self) -> tuple[asn1.Certificate, ...]:
        """Its certificate as one to trust."""
        return (asn1.Certificate.load(self.der),)

    @property
    def der(self) -> bytes:
        """Its certificate."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        """Its certificate as text."""
        return self.certificate.public_bytes(Encoding.PEM)


def subject(name: str, organisation: str = ORGANISATION) -> x509.Name:
    """A name as certificates have it."""
    parts = ((NameOID.COUNTRY_NAME, "CN"), (NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, name))
    return x509.Name([x509.NameAttribute(part, text) for part, text in parts if text])


def certified(
    name: x509.Name,
    key: Private,
    issuer: Authority | None = None,
    *,
    ends: datetime = END,
    extensions: tuple[x509.ExtensionType, ...] = (),
) -> x509.Certificate:
    """A certificate; without an issuer it is an authority's own."""
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer.certificate.subject if issuer else name)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number()).not_valid_before(START).not_valid_after(ends)
    builder = builder.add_extension(x509.BasicConstraints(issuer is None, None), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    above = (issuer.key if issuer else key).public_key()
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above), critical=False)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=True)
    return builder.sign(issuer.key if issuer else key, hashes.SHA256())


@cache
def authority(name: str = ROOT) -> Authority:
    """An authority of its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(key, certified(subject(name, "示例证书机构"), key, ends=LATER))


@cache
def private(role: str) -> Private:
    """A role's key: RSA for the body, elliptic curves for people."""
    return rsa.generate_private_key(65537, 2048) if role == "body" else ec.generate_private_key(ec.SECP256R1())


def usage(*allowed: str) -> x509.KeyUsage:
    """What a key may be used for."""
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
    )
    return x509.KeyUsage(**{name: name in allowed for name in names}, encipher_only=False, decipher_only=False)


@cache
def packed(role: str = "assessor", *, name: str = "", password: str = PASSWORD, ends: datetime = END, uses: tuple[str, ...] = ()) -> bytes:
    """A PKCS#12 file: the key of a role, its certificate and the authority's."""
    extensions = (usage(*uses),) if uses else ()
    made = certified(subject(name or NAMES[role]), private(role), authority(ROOT), ends=ends, extensions=extensions)
    sealed = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return serialize_key_and_certificates(b"key", private(role), made, [authority(ROOT).certificate], sealed)


@cache
def key(role: str = "assessor", name: str = "") -> SigningKey:
    """A role's key, opened."""
    return load_key(packed(role, name=name), PASSWORD, Where(), now=NOW)


@cache
def stamper_of(issuer: str = ROOT) -> DummyTimeStamper:
    """A time-stamp authority without a network, whose clock stands still."""
    own = rsa.generate_private_key(65537, 2048)
    purposes = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]),)
    made = certified(subject("示例时间戳服务", "示例证书机构"), own, authority(issuer), ends=LATER, extensions=purposes)
    der = own.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        asn1.Certificate.load(made.public_bytes(Encoding.DER)), keys.PrivateKeyInfo.load(der), fixed_dt=NOW + timedelta(seconds=3)
    )


@cache
def unsigned(lang: str = "zh", roles: tuple[str, ...] = ("assessor", "reviewer", "body")) -> bytes:
    """A page with nothing on it but places to sign at."""
    places = [Place(role, "某人", role) for role in roles if role != "body"] or [Place("-")]
    look = Furniture(lang, "签署", "甲", "乙", "丙", "丁", "左", "右", "", "足")
    return build([Signatures(places, "（盖章）", "body" if "body" in roles else "")], look)[0]


@cache
def signed(*roles: str) -> bytes:
    """That page, signed by roles in turn."""
    if not roles:
        return unsigned()
    return sign_report(signed(*roles[:-1]), key(roles[-1]), roles[-1], now=NOW)[0]
