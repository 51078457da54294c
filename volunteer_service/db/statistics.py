"""Refreshes PostgreSQL's statistics after many rows were written at once.

Its planner uses statistics that a background process gathers at most once a minute, and never of
uncommitted rows. Right after a large import it would still plan for empty tables, with nested loops
over all the new rows.
"""

from sqlalchemy import text

from volunteer_service.db import Base, db


def refresh() -> None:
    """Refresh the statistics of every table, in the running transaction and for it too.

    They are dropped if it rolls back. A table that another session is analyzing is skipped, so that
    nobody waits. SQLite plans by the indexes alone.
    """
    connection = db.session.connection()
    if connection.dialect.name != "postgresql":
        return
    db.session.flush()
    quote = connection.dialect.identifier_preparer.format_table
    tables = ", ".join(quote(table) for table in Base.metadata.sorted_tables)
    connection.execute(text(f"ANALYZE (SKIP_LOCKED) {tables}"))
