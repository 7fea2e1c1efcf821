"""The tables of the store. What is immutable is kept whole as text; days are ISO text, exact numbers ``p/q``; empty text means none."""

from __future__ import annotations

from sqlalchemy import ForeignKey, ForeignKeyConstraint, LargeBinary, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
_Key = String(80)
_Hash = String(64)


class Base(DeclarativeBase):
    """The base of all tables."""

    metadata = MetaData(naming_convention=_NAMING)


class RoundRow(Base):
    """A round. ``seed`` makes its draws repeatable; ``rules`` are those of rounds as they were when it was opened.

    ``quotas`` are those that it was ranked against, as JSON.
    """

    __tablename__ = "rounds"

    id: Mapped[str] = mapped_column(_Key, primary_key=True)
    scheme: Mapped[str] = mapped_column(_Key)
    state: Mapped[str] = mapped_column(_Key)
    opened_on: Mapped[str] = mapped_column(String(10))
    changed_on: Mapped[str] = mapped_column(String(10))
    seed: Mapped[str] = mapped_column(_Key)
    rules: Mapped[str] = mapped_column(Text, default="")
    quotas: Mapped[str] = mapped_column(Text, default="")
    published_from: Mapped[str] = mapped_column(String(10), default="")
    published_until: Mapped[str] = mapped_column(String(10), default="")


class SchemeRow(Base):
    """One programme of a scheme as a round has frozen it: the files it was composed of, and how to compose it from them again."""

    __tablename__ = "schemes"

    round: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(_Key, primary_key=True)
    standard: Mapped[str] = mapped_column(_Key, primary_key=True)
    ruleset: Mapped[str] = mapped_column(_Key)
    ruleset_version: Mapped[str] = mapped_column(_Key)
    ruleset_sha256: Mapped[str] = mapped_column(_Hash)
    scheme: Mapped[str] = mapped_column(_Key)
    scheme_version: Mapped[str] = mapped_column(_Key)
    scheme_sha256: Mapped[str] = mapped_column(_Hash)
    compose: Mapped[str] = mapped_column(Text)
    files: Mapped[bytes] = mapped_column(LargeBinary)


class AttestationRow(Base):
    """A figure that somebody had attested when the round was opened."""

    __tablename__ = "attestations"

    round: Mapped[str] = mapped_column(_Key, primary_key=True)
    kind: Mapped[str] = mapped_column(_Key, primary_key=True)
    standard: Mapped[str] = mapped_column(_Key, primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    page: Mapped[str] = mapped_column(Text)
    day: Mapped[str] = mapped_column(String(10))
    until: Mapped[str] = mapped_column(String(10))

    __table_args__ = (ForeignKeyConstraint(["round", "kind", "standard"], ["schemes.round", "schemes.kind", "schemes.standard"]),)


class SubmissionRow(Base):
    """A file that was handed in, and what became of it."""

    __tablename__ = "submissions"

    round: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(_Hash)
    day: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(_Key)
    applicant: Mapped[str] = mapped_column(Text, default="")
    credit_code: Mapped[str] = mapped_column(_Key, default="")
    application: Mapped[str] = mapped_column(_Key, default="")
    version: Mapped[int] = mapped_column(default=0)
    problems: Mapped[str] = mapped_column(Text, default="[]")


class ApplicationRow(Base):
    """An application; ``version`` is that of its dossier which counts. Ranks count within kind, district and tier.

    ``revision`` grows with whatever is entered on it elsewhere, so that two who work on it at once notice each other.
    """

    __tablename__ = "applications"

    number: Mapped[str] = mapped_column(_Key, primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("rounds.id"), index=True)
    credit_code: Mapped[str] = mapped_column(_Key, index=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(_Key)
    standard: Mapped[str] = mapped_column(_Key)
    district: Mapped[str] = mapped_column(_Key)
    industry: Mapped[str] = mapped_column(_Key)
    third_party: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(_Key)
    version: Mapped[int]
    revision: Mapped[int] = mapped_column(default=0)
    rank: Mapped[int | None] = mapped_column(default=None)
    place: Mapped[str] = mapped_column(_Key, default="")
    ranked_by: Mapped[str] = mapped_column(Text, default="")
    placing: Mapped[str] = mapped_column(Text, default="")
    decision: Mapped[str] = mapped_column(_Key, default="")
    reason: Mapped[str] = mapped_column(Text, default="")


class DossierRow(Base):
    """A version of an application's dossier: its canonical form, and where its entries stood in the applicant's file."""

    __tablename__ = "dossiers"

    application: Mapped[str] = mapped_column(ForeignKey("applications.number"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    dossier: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(_Hash, index=True)
    content: Mapped[str] = mapped_column(Text)
    places: Mapped[str] = mapped_column(Text)
    day: Mapped[str] = mapped_column(String(10))


class AssessmentRow(Base):
    """The assessment of a version of a dossier: as submitted (``check`` 0), and after each of the office's checks."""

    __tablename__ = "assessments"

    application: Mapped[str] = mapped_column(_Key, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    check: Mapped[int] = mapped_column(primary_key=True)
    basis: Mapped[str] = mapped_column(_Key)
    content: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(_Key)
    tier: Mapped[str] = mapped_column(_Key)
    settled: Mapped[bool]
    provisional: Mapped[bool]
    low: Mapped[str] = mapped_column(Text)
    high: Mapped[str] = mapped_column(Text)
    report: Mapped[str] = mapped_column(Text)
    report_sha256: Mapped[str] = mapped_column(_Hash)

    __table_args__ = (ForeignKeyConstraint(["application", "version"], ["dossiers.application", "dossiers.version"]),)


class RecheckRow(Base):
    """What the office found when it checked again: what it states (``content``, like a dossier), and where that differs from before."""

    __tablename__ = "rechecks"

    application: Mapped[str] = mapped_column(ForeignKey("applications.number"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    check: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    differences: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)
    day: Mapped[str] = mapped_column(String(10))


class AssignmentRow(Base):
    """Who reviews an application."""

    __tablename__ = "assignments"

    application: Mapped[str] = mapped_column(ForeignKey("applications.number"), primary_key=True)
    reviewer: Mapped[str] = mapped_column(_Key, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(_Key)


class ObjectionRow(Base):
    """What somebody held against an application while it was published. ``outcome``: open, upheld, heeded, rejected."""

    __tablename__ = "objections"

    application: Mapped[str] = mapped_column(ForeignKey("applications.number"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    by: Mapped[str] = mapped_column(Text)
    day: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(_Key)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(Text, default="")
    answered_on: Mapped[str] = mapped_column(String(10), default="")


class CertificateRow(Base):
    """A certificate that was issued."""

    __tablename__ = "certificates"

    number: Mapped[str] = mapped_column(_Key, primary_key=True)
    application: Mapped[str] = mapped_column(ForeignKey("applications.number"), unique=True)
    issued_on: Mapped[str] = mapped_column(String(10))
    valid_until: Mapped[str] = mapped_column(String(10))
    file: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(_Hash)


class EventRow(Base):
    """What happened to the holder of a certificate afterwards, in the order in which it was entered; ``details`` is JSON.

    Without a certificate it is about all of the holder's, or those of one kind. ``by`` is who it says has
    entered it; who did so in the store stands in the ledger.
    """

    __tablename__ = "events"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    certificate: Mapped[str] = mapped_column(_Key)
    credit_code: Mapped[str] = mapped_column(_Key, index=True)
    about_kind: Mapped[str] = mapped_column(_Key)
    kind: Mapped[str] = mapped_column(_Key)
    day: Mapped[str] = mapped_column(String(10))
    document: Mapped[str] = mapped_column(Text)
    details: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)


class MeasureRow(Base):
    """What was entered for one of a plan's other measures, of one place and time; ``district`` is empty for the whole city, ``quarter`` 0
    for a year.

    ``value`` is JSON: each single value with what it is of (``item``), its document (``source``) and who states it (``by``). The
    columns ``source`` and ``by`` are the file that the row was last entered from, and who did that.
    """

    __tablename__ = "measures"

    plan: Mapped[str] = mapped_column(_Key, primary_key=True)
    measure: Mapped[str] = mapped_column(_Key, primary_key=True)
    district: Mapped[str] = mapped_column(_Key, primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(Text)


class LedgerRow(Base):
    """A change: who, when, what and why, the hashes of the rows it wrote (JSON), and the hash of the entry before."""

    __tablename__ = "ledger"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(_Key)
    subject: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    rows: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(_Hash)
    hash: Mapped[str] = mapped_column(_Hash)
