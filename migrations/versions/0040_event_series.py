"""Events that are held again and again, and the school terms on which they depend."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; existing events belong to no series."""
    op.create_table(
        "event_series",
        sa.Column("id", ID, nullable=False),
        sa.Column("rule", sa.String(length=120), nullable=False),
        sa.Column("days", sa.String(length=8), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.CheckConstraint(
            "days IN ('every', 'working', 'school')", name=op.f("ck_event_series_days")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_event_series_order")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_event_series_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_series")),
    )
    op.create_table(
        "school_terms",
        sa.Column("id", ID, nullable=False),
        sa.Column("area_id", ID, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_school_terms_order")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_school_terms_area_id")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_school_terms_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_terms")),
    )
    op.create_index("ix_school_terms_area_id", "school_terms", ["area_id"])
    op.create_table(
        "series_days",
        sa.Column("series_id", ID, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["event_series.id"], name=op.f("fk_series_days_series_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_series_days_event_id")),
        sa.PrimaryKeyConstraint("series_id", "held_on", name=op.f("pk_series_days")),
        sa.UniqueConstraint("event_id", name=op.f("uq_series_days_event_id")),
    )


def downgrade() -> None:
    """Drop the tables; the events that a series made stay as single ones."""
    op.drop_table("series_days")
    op.drop_table("school_terms")
    op.drop_table("event_series")
