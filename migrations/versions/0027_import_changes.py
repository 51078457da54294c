"""The changes that a list handed in again would make, and their states."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "import_changes"
STATES = ("offered", "agreed", "done", "waiting", "refused", "kept")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("import_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("target_id", ID, nullable=False),
        sa.Column("field", sa.String(length=14), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("was", sa.LargeBinary(), nullable=True),
        sa.Column("now", sa.LargeBinary(), nullable=True),
        sa.Column("file", sa.String(length=120), nullable=False),
        sa.Column("sheet", sa.String(length=60), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("problem", sa.String(length=400), nullable=True),
        sa.Column("person_change_id", ID, nullable=True),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_import_changes_state")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_changes_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_changes")),
    )
    op.create_index("ix_import_changes_import_id_id", TABLE, ["import_id", "id"])


def downgrade() -> None:
    """Drop the table; what was changed stays, and stays in the histories of its people."""
    op.drop_table(TABLE)
