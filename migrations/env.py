"""Alembic's environment: migrates the engine that the app (or a test) hands over."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from sqlalchemy import Connection

from volunteer_service import models
from volunteer_service.db import Base, Sealed, UtcDateTime


def _plain(kind: str, item: Any, context_: Any) -> str | bool:
    """Return the database's own type for a migration, because the code's types may change later."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Sealed):
        return "sa.LargeBinary()"
    if kind == "type" and isinstance(item, sa.JSON):
        return "JSON"
    if kind == "type" and isinstance(item, sa.BigInteger):
        return "ID"
    return False


def _configure(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=_plain,
        compare_type=True,
        compare_server_default=False,
        transaction_per_migration=True,
    )


assert models.teams  # The import fills the metadata  # noqa: S101
_configure(context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
