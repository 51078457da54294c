"""A street's answers about the sheets and columns of its workbooks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLE = "sheet_meanings"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("area_id", ID, nullable=False),
        sa.Column("about", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("word_key", sa.String(length=64), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("meaning", JSON, nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("said_by_id", ID, nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "about IN ('sheet', 'column', 'profile')", name=op.f("ck_sheet_meanings_about")
        ),
        sa.ForeignKeyConstraint(
            ["area_id"], ["areas.id"], name=op.f("fk_sheet_meanings_area_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["accounts.id"], name=op.f("fk_sheet_meanings_said_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_meanings")),
        sa.UniqueConstraint(
            "area_id",
            "about",
            "word_key",
            name=op.f("uq_sheet_meanings_area_id_about_word_key"),
        ),
    )


def downgrade() -> None:
    """Drop the table: the older program asks again."""
    op.drop_table(TABLE)
