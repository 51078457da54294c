"""Events state which codes they accept; earlier events accept all."""

from alembic import op

revision = "0089"
down_revision = "0084"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column with its constraint; what refers to events stays untouched."""
    op.execute(
        "ALTER TABLE events ADD COLUMN accepted_codes VARCHAR(6) DEFAULT 'all' NOT NULL"
        " CONSTRAINT ck_events_accepted_codes"
        " CHECK (accepted_codes IN ('all', 'live', 'leader'))"
    )


def downgrade() -> None:
    """Drop it with its constraint: every code is accepted again."""
    op.drop_column("events", "accepted_codes")
