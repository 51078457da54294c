"""What readers keep of lists: saved views, and the columns and size that an account chose."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "list_views",
        sa.Column("id", ID, nullable=False),
        sa.Column("list_name", sa.String(32), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("area_id", ID, nullable=True),
        sa.Column("asked", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_list_views_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["area_id"], ["areas.id"], name=op.f("fk_list_views_area_id_areas")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_views")),
    )
    op.create_index(op.f("ix_list_views_account_id"), "list_views", ["account_id"])
    op.create_index("ix_list_views_list_name", "list_views", ["list_name", "account_id"])
    op.create_table(
        "list_displays",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("list_name", sa.String(32), nullable=False),
        sa.Column("shown", JSON, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("is_dense", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_list_displays_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_displays")),
        sa.UniqueConstraint(
            "account_id", "list_name", name=op.f("uq_list_displays_account_id_list_name")
        ),
    )


def downgrade() -> None:
    """Drop both: lists are shown as they are declared."""
    op.drop_table("list_displays")
    op.drop_table("list_views")
