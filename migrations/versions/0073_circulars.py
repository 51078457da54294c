"""Circulars: what a leader or the office writes to many people, and who got it."""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0080"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AUDIENCES = "('members', 'signed_up', 'waiting', 'came', 'chosen')"


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "circulars",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=True),
        sa.Column("event_id", ID, nullable=True),
        sa.Column("audience", sa.String(10), nullable=False),
        sa.Column("on_behalf_of", sa.String(80), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"audience IN {AUDIENCES}", name=op.f("ck_circulars_audience")),
        sa.CheckConstraint(
            "team_id IS NULL OR event_id IS NULL", name=op.f("ck_circulars_one_place")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_circulars_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_circulars_team_id_teams")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_circulars_event_id_events")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circulars")),
    )
    op.create_index("ix_circulars_account_id_id", "circulars", ["account_id", "id"])
    op.create_index(op.f("ix_circulars_team_id"), "circulars", ["team_id"])
    op.create_index(op.f("ix_circulars_event_id"), "circulars", ["event_id"])
    op.create_table(
        "circular_receivers",
        sa.Column("message_id", ID, nullable=False, autoincrement=False),
        sa.Column("circular_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("fk_circular_receivers_message_id_messages"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["circular_id"],
            ["circulars.id"],
            name=op.f("fk_circular_receivers_circular_id_circulars"),
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_circular_receivers")),
    )
    op.create_index(
        op.f("ix_circular_receivers_circular_id"), "circular_receivers", ["circular_id"]
    )


def downgrade() -> None:
    """Drop both, and their messages, which would lead nowhere."""
    op.drop_table("circular_receivers")
    op.drop_table("circulars")
    # Their deliveries are deleted with them.
    op.execute("DELETE FROM messages WHERE kind = 'circular'")
