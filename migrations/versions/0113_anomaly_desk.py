"""What looks wrong about check-ins and hours is kept with its facts and its answer.

Down drops what was found and answered.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0113"
down_revision = "0125"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
STATES = ("open", "accepted", "rejected")
_KEYS = {
    "team_id": "teams.id",
    "event_id": "events.id",
    "volunteer_id": "volunteers.id",
    "account_id": "accounts.id",
    "scan_id": "scans.id",
    "decided_by_id": "accounts.id",
}


def upgrade() -> None:
    """Make the table."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "anomalies",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=True),
        sa.Column("volunteer_id", ID, nullable=True),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("scan_id", ID, nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("found_at", moment, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("answer", sa.String(200), nullable=True),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_anomalies_state")),
        *(
            sa.ForeignKeyConstraint([name], [to], name=op.f(f"fk_anomalies_{name}"))
            for name, to in _KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anomalies")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_anomalies_kind_key")),
    )
    op.create_index("ix_anomalies_team_id_state", "anomalies", ["team_id", "state"])
    op.create_index(op.f("ix_anomalies_event_id"), "anomalies", ["event_id"])
    op.create_index(op.f("ix_anomalies_volunteer_id"), "anomalies", ["volunteer_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("anomalies")
