"""Refreshes PostgreSQL's statistics after many rows were written at once.

Its planner goes by statistics that a background process takes once a minute at best, and never of
rows that are not committed. Right after a large import it would still plan for tables that are
empty, with nested loops over all that has just come.
"""

from sqlalchemy import text

from volunteer_service.db import Base, db


def refresh() -> None:
    """Take the statistics of every table anew, in the running transaction and for it too.

    They are dropped if it rolls back. A table that somebody else is analyzing is left to them:
    nobody waits. SQLite plans by the indexes alone.
    """
    connection = db.session.connection()
    if connection.dialect.name != "postgresql":
        return
    db.session.flush()
    quote = connection.dialect.identifier_preparer.format_table
    tables = ", ".join(quote(table) for table in Base.metadata.sorted_tables)
    connection.execute(text(f"ANALYZE (SKIP_LOCKED) {tables}"))
