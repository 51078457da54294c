"""One valid honour certificate for each rated person and half-year; a revoked one names its
replacement.

The upgrade keeps the paper of the newest final result valid, and revokes earlier ones of the same
person and half-year. The downgrade leaves them revoked.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0122"
down_revision = "0086"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE, INDEX = "certificates", "uq_certificates_standing_rated_id_half_year"
ADDED = (("half_year", sa.String(6)), ("rated_id", ID), ("replaced_by_id", ID))
LINKS = {"rated_id": "volunteers", "replaced_by_id": TABLE}
STANDS = sa.text("revoked_at IS NULL")
NAMES = {"half_year": "half_year", "rated": "rated_id"}


def upgrade() -> None:
    """Fill the columns, revoke what was replaced, then add the constraints."""
    for name, kind in ADDED:
        op.add_column(TABLE, sa.Column(name, kind, nullable=True))
    for name, of_round in (("half_year", True), ("rated_id", False)):
        value = (
            "(SELECT r.half_year FROM round_results p JOIN rounds r ON r.id = p.round_id "
            "WHERE p.id = certificates.result_id)"
            if of_round
            else "(SELECT p.volunteer_id FROM round_results p WHERE p.id = certificates.result_id)"
        )
        op.execute(f"UPDATE certificates SET {name} = {value} WHERE kind = 'honour'")  # noqa: S608
    with op.batch_alter_table(TABLE) as batch:
        for name, to in LINKS.items():
            batch.create_foreign_key(op.f(f"fk_{TABLE}_{name}"), to, [name], ["id"])
        for check, name in NAMES.items():
            batch.create_check_constraint(
                op.f(f"ck_{TABLE}_{check}"), f"(kind = 'honour') = ({name} IS NOT NULL)"
            )
    # A row that refers to another of its table would stop SQLite from rewriting the table.
    _revoke_replaced(op.get_bind())
    op.create_index(
        INDEX,
        TABLE,
        ["rated_id", "half_year"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )


def downgrade() -> None:
    """Drop the columns and their constraints."""
    op.drop_index(INDEX, TABLE)
    op.execute("UPDATE certificates SET replaced_by_id = NULL")
    with op.batch_alter_table(TABLE) as batch:
        for check in NAMES:
            batch.drop_constraint(op.f(f"ck_{TABLE}_{check}"), type_="check")
        for name in LINKS:
            batch.drop_constraint(op.f(f"fk_{TABLE}_{name}"), type_="foreignkey")
        for name, _kind in ADDED:
            batch.drop_column(name)


def _revoke_replaced(connection: sa.Connection) -> None:
    """Revoke each valid paper whose person has a newer final result of the half-year."""
    found = connection.execute(
        sa.text(
            "SELECT c.id AS id, c.result_id AS result_id, n.id AS newest, n.supplement AS number "
            "FROM certificates c JOIN round_results p ON p.id = c.result_id "
            "JOIN (SELECT q.id, q.volunteer_id, r.half_year, r.supplement FROM round_results q "
            "      JOIN rounds r ON r.id = q.round_id WHERE r.state = 'final') n "
            "  ON n.volunteer_id = c.rated_id AND n.half_year = c.half_year "
            "WHERE c.kind = 'honour' AND c.revoked_at IS NULL "
            "ORDER BY c.id, n.supplement, n.id"
        )
    ).mappings()
    newest: dict[int, Any] = {row["id"]: row for row in found}
    by_result = {row["result_id"]: row["id"] for row in newest.values()}
    table = sa.table(
        TABLE,
        *(sa.column(name) for name in ("id", "revoke_reason", "replaced_by_id")),
        sa.column("revoked_at", sa.DateTime(timezone=True)),
    )
    for id_, row in newest.items():
        if row["newest"] != row["result_id"]:
            connection.execute(
                sa.update(table)
                .where(table.c.id == id_)
                .values(
                    revoked_at=datetime.now(UTC),
                    revoke_reason=f"由第{row['number']}次补充评定取代",
                    replaced_by_id=by_result.get(row["newest"]),
                )
            )
