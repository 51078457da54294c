"""Restores a PostgreSQL database to its first state: no rows of other tests, the same sequences."""

import psycopg

#: Every change of the schema leaves a line in ``suite.changes``.
WATCH = """
CREATE SCHEMA suite;
CREATE TABLE suite.changes (tag text);
CREATE FUNCTION suite.note_change() RETURNS event_trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO suite.changes VALUES (tg_tag); END';
CREATE EVENT TRIGGER suite_changes ON ddl_command_end EXECUTE FUNCTION suite.note_change();
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
END_OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


class Wiper:
    """Takes the rows away that came since the migrations, and starts the sequences again."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        #: By world ("" is the database as it was first seen): what brings it back.
        self._wiping: dict[str, str] = {}
        self.remember("")
        self._connection.execute(WATCH)

    def wipe(self, world: str = "") -> bool:
        """Rows and numbers as they were remembered; False where somebody changed the schema."""
        self._connection.execute(END_OTHERS)
        (changed,) = self._connection.execute("SELECT EXISTS (TABLE suite.changes)").fetchone()
        if not changed:
            self._connection.execute(self._wiping[world])
        return not changed

    def remember(self, world: str) -> None:
        """Keep what the database says now beside its rows."""
        self._wiping[world] = self._remembered(f"remembered_{len(self._wiping)}")
        if world:
            # The copies are no change that a test made.
            self._connection.execute("DELETE FROM suite.changes")

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _remembered(self, schema: str) -> str:
        """One statement list, after which the database says again what it says now."""
        # A replica fires no triggers: no foreign key and no append-only table is in the way.
        said = ["BEGIN", "SET LOCAL session_replication_role = replica"]
        self._connection.execute(f"CREATE SCHEMA {schema}")
        for (table,) in self._connection.execute(TABLES).fetchall():
            said.append(f'DELETE FROM public."{table}"')
            made = self._connection.execute(
                f'CREATE TABLE {schema}."{table}" AS TABLE public."{table}"'
            )
            if made.rowcount:
                said.append(f'INSERT INTO public."{table}" TABLE {schema}."{table}"')
            else:
                self._connection.execute(f'DROP TABLE {schema}."{table}"')
        for sequence, last in self._connection.execute(SEQUENCES).fetchall():
            number = f"{last}, true" if last else "1, false"
            said.append(f"""SELECT setval('public."{sequence}"', {number})""")
        return ";".join([*said, "COMMIT"])
