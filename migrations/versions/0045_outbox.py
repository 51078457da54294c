"""The outbox, its doors, and how each reader gets messages; the policy's quiet hours."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
STATES = ("waiting", "sent", "dead", "dropped", "given_up")
PURPOSES = ("message", "confirm", "digest")
DOORS = ("email", "sms", "robot")
LANGUAGES = ("zh", "en")


def upgrade() -> None:
    """Make the tables; a person who chose nothing has no row."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "message_settings",
        sa.Column("id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=True),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_confirmed_at", instant, nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_to", sa.Integer(), nullable=True),
        sa.Column("off", JSON, nullable=False),
        sa.Column("left_at", instant, nullable=True),
        sa.CheckConstraint(
            "(volunteer_id IS NULL) <> (account_id IS NULL)",
            name=op.f("ck_message_settings_one_reader"),
        ),
        sa.CheckConstraint(f"language IN {LANGUAGES}", name=op.f("ck_message_settings_language")),
        sa.CheckConstraint(
            "quiet_from BETWEEN 0 AND 1439", name=op.f("ck_message_settings_quiet_from")
        ),
        sa.CheckConstraint(
            "quiet_to BETWEEN 0 AND 1439", name=op.f("ck_message_settings_quiet_to")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"],
            ["volunteers.id"],
            name=op.f("fk_message_settings_volunteer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_message_settings_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_settings")),
        sa.UniqueConstraint("volunteer_id", name=op.f("uq_message_settings_volunteer_id")),
        sa.UniqueConstraint("account_id", name=op.f("uq_message_settings_account_id")),
    )
    op.create_table(
        "message_doors",
        sa.Column("door", sa.String(length=8), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", instant, nullable=True),
        sa.Column("next_at", instant, nullable=True),
        sa.Column("paused_at", instant, nullable=True),
        sa.Column("sent_at", instant, nullable=True),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("door", name=op.f("pk_message_doors")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", ID, nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("door", sa.String(length=8), nullable=False),
        sa.Column("message_id", ID, nullable=True),
        sa.Column("settings_id", ID, nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("once_key", sa.String(length=60), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("unsure", sa.Integer(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("next_at", instant, nullable=False),
        sa.Column("asked_at", instant, nullable=True),
        sa.Column("tried_at", instant, nullable=True),
        sa.Column("ended_at", instant, nullable=True),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_deliveries_state")),
        sa.CheckConstraint(f"door IN {DOORS}", name=op.f("ck_deliveries_door")),
        sa.CheckConstraint(f"purpose IN {PURPOSES}", name=op.f("ck_deliveries_purpose")),
        sa.CheckConstraint(
            "(state = 'waiting') = (ended_at IS NULL)", name=op.f("ck_deliveries_ended")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("fk_deliveries_message_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["settings_id"],
            ["message_settings.id"],
            name=op.f("fk_deliveries_settings_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("message_id", "door", name=op.f("uq_deliveries_message_id_door")),
        sa.UniqueConstraint("once_key", name=op.f("uq_deliveries_once_key")),
    )
    op.create_index("ix_deliveries_settings_id", "deliveries", ["settings_id"])
    op.create_index("ix_deliveries_state_door_next_at", "deliveries", ["state", "door", "next_at"])


def downgrade() -> None:
    """Drop them: what was not sent stays on people's pages, where all of it is."""
    for table in ("deliveries", "message_doors", "message_settings"):
        op.drop_table(table)
