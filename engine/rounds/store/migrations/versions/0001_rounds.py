"""Rounds, applications and what is decided on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ledger",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger")),
    )
    op.create_table(
        "measures",
        sa.Column("plan", sa.String(length=80), nullable=False),
        sa.Column("measure", sa.String(length=80), nullable=False),
        sa.Column("district", sa.String(length=80), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("plan", "measure", "district", "year", "quarter", name=op.f("pk_measures")),
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("scheme", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=80), nullable=False),
        sa.Column("opened_on", sa.String(length=10), nullable=False),
        sa.Column("changed_on", sa.String(length=10), nullable=False),
        sa.Column("seed", sa.String(length=80), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("published_from", sa.String(length=10), nullable=False),
        sa.Column("published_until", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    op.create_table(
        "applications",
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("credit_code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("standard", sa.String(length=80), nullable=False),
        sa.Column("district", sa.String(length=80), nullable=False),
        sa.Column("industry", sa.String(length=80), nullable=False),
        sa.Column("third_party", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("ranked_by", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_applications_round_rounds")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_applications")),
    )
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applications_credit_code"), ["credit_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_applications_round"), ["round"], unique=False)

    op.create_table(
        "schemes",
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("standard", sa.String(length=80), nullable=False),
        sa.Column("ruleset", sa.String(length=80), nullable=False),
        sa.Column("ruleset_version", sa.String(length=80), nullable=False),
        sa.Column("ruleset_sha256", sa.String(length=64), nullable=False),
        sa.Column("scheme", sa.String(length=80), nullable=False),
        sa.Column("scheme_version", sa.String(length=80), nullable=False),
        sa.Column("scheme_sha256", sa.String(length=64), nullable=False),
        sa.Column("compose", sa.Text(), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_schemes_round_rounds")),
        sa.PrimaryKeyConstraint("round", "kind", "standard", name=op.f("pk_schemes")),
    )
    op.create_table(
        "submissions",
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=80), nullable=False),
        sa.Column("applicant", sa.Text(), nullable=False),
        sa.Column("credit_code", sa.String(length=80), nullable=False),
        sa.Column("application", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_submissions_round_rounds")),
        sa.PrimaryKeyConstraint("round", "seq", name=op.f("pk_submissions")),
    )
    op.create_table(
        "assignments",
        sa.Column("application", sa.String(length=80), nullable=False),
        sa.Column("reviewer", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["application"], ["applications.number"], name=op.f("fk_assignments_application_applications")),
        sa.PrimaryKeyConstraint("application", "reviewer", name=op.f("pk_assignments")),
    )
    op.create_table(
        "attestations",
        sa.Column("round", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("standard", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["round", "kind", "standard"], ["schemes.round", "schemes.kind", "schemes.standard"], name=op.f("fk_attestations_round_schemes")
        ),
        sa.PrimaryKeyConstraint("round", "kind", "standard", "seq", name=op.f("pk_attestations")),
    )
    op.create_table(
        "certificates",
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("application", sa.String(length=80), nullable=False),
        sa.Column("issued_on", sa.String(length=10), nullable=False),
        sa.Column("valid_until", sa.String(length=10), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["application"], ["applications.number"], name=op.f("fk_certificates_application_applications")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_certificates")),
        sa.UniqueConstraint("application", name=op.f("uq_certificates_application")),
    )
    op.create_table(
        "dossiers",
        sa.Column("application", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["application"], ["applications.number"], name=op.f("fk_dossiers_application_applications")),
        sa.PrimaryKeyConstraint("application", "version", name=op.f("pk_dossiers")),
    )
    with op.batch_alter_table("dossiers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossiers_sha256"), ["sha256"], unique=False)

    op.create_table(
        "objections",
        sa.Column("application", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=80), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["application"], ["applications.number"], name=op.f("fk_objections_application_applications")),
        sa.PrimaryKeyConstraint("application", "seq", name=op.f("pk_objections")),
    )
    op.create_table(
        "rechecks",
        sa.Column("application", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("check", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("differences", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["application"], ["applications.number"], name=op.f("fk_rechecks_application_applications")),
        sa.PrimaryKeyConstraint("application", "version", "check", name=op.f("pk_rechecks")),
    )
    op.create_table(
        "assessments",
        sa.Column("application", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("check", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=80), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=80), nullable=False),
        sa.Column("tier", sa.String(length=80), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("low", sa.Text(), nullable=False),
        sa.Column("high", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("report_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["application", "version"], ["dossiers.application", "dossiers.version"], name=op.f("fk_assessments_application_dossiers")
        ),
        sa.PrimaryKeyConstraint("application", "version", "check", name=op.f("pk_assessments")),
    )
    op.create_table(
        "events",
        sa.Column("certificate", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["certificate"], ["certificates.number"], name=op.f("fk_events_certificate_certificates")),
        sa.PrimaryKeyConstraint("certificate", "seq", name=op.f("pk_events")),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("events")
    op.drop_table("assessments")
    op.drop_table("rechecks")
    op.drop_table("objections")
    with op.batch_alter_table("dossiers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossiers_sha256"))

    op.drop_table("dossiers")
    op.drop_table("certificates")
    op.drop_table("attestations")
    op.drop_table("assignments")
    op.drop_table("submissions")
    op.drop_table("schemes")
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_applications_round"))
        batch_op.drop_index(batch_op.f("ix_applications_credit_code"))

    op.drop_table("applications")
    op.drop_table("rounds")
    op.drop_table("measures")
    op.drop_table("ledger")
