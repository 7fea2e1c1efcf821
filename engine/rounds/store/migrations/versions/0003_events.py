"""Events after certification that are about a holder as well as those about one certificate."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of events anew: nothing has ever written to the one that was there."""
    op.drop_table("events")
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("certificate", sa.String(length=80), nullable=False),
        sa.Column("credit_code", sa.String(length=80), nullable=False),
        sa.Column("about_kind", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_credit_code"), "events", ["credit_code"])


def downgrade() -> None:
    """Make the table as it was; what was entered in it is lost."""
    op.drop_table("events")
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
