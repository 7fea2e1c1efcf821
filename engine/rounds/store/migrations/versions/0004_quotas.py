"""The quotas that a round was ranked against."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the quotas; a round that was ranked before shows none."""
    op.add_column("rounds", sa.Column("quotas", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("rounds", "quotas")
