"""Changes of a person's registered data, done or waiting for somebody."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "person_changes"
FIELDS = "('phone', 'name', 'identity', 'born_on', 'sex', 'home', 'guardian', 'consent')"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("volunteer_id", ID, nullable=False),
        sa.Column("field", sa.String(length=10), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("was", sa.LargeBinary(), nullable=True),
        sa.Column("now", sa.LargeBinary(), nullable=True),
        sa.Column("was_key", sa.String(length=43), nullable=True),
        sa.Column("own_key", sa.String(length=43), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", ID, nullable=True),
        sa.Column("area_id", ID, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=True),
        sa.CheckConstraint(f"field IN {FIELDS}", name=op.f("ck_person_changes_field")),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'refused', 'withdrawn')",
            name=op.f("ck_person_changes_state"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_person_changes_{column}"))
            for column, target in (
                ("volunteer_id", "volunteers.id"),
                ("asked_by_id", "accounts.id"),
                ("area_id", "areas.id"),
                ("decided_by_id", "accounts.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_changes")),
    )
    op.create_index("ix_person_changes_volunteer_id", TABLE, ["volunteer_id"])
    op.create_index(
        "uq_person_changes_waiting_volunteer_id_field",
        TABLE,
        ["volunteer_id", "field"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    """Drop the table; what the people are now stays."""
    op.drop_table(TABLE)
