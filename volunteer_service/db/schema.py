"""The schema's version: upgrade, downgrade, present revision."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from volunteer_service.db import Base, writing


def migrations_folder() -> Path:
    """Return ``migrations/``: beside the package in a checkout, inside it in an installed wheel."""
    package = Path(str(files("volunteer_service")))
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the schema up to ``to``."""
    with _writing(engine) as connection:
        command.upgrade(_config(connection), to)


def downgrade(engine: Engine, to: str) -> None:
    """Take the schema down to ``to`` (``base`` empties it)."""
    with _writing(engine) as connection:
        command.downgrade(_config(connection), to)


def current(engine: Engine) -> str | None:
    """Return the revision that the database is at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """Return the newest revision that this code knows."""
    found = ScriptDirectory.from_config(_config(None)).get_current_head()
    if found is None:
        raise LookupError("no migrations found")
    return found


def knows(revision: str) -> bool:
    """Tell whether this code has a migration for the revision."""
    scripts = ScriptDirectory.from_config(_config(None)).walk_revisions()
    return any(script.revision == revision for script in scripts)


def differences(engine: Engine) -> list[str]:
    """Return where the tables differ from the models; empty when migrations equal models."""
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    return [str(difference) for difference in found]


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    token = writing.set(True)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        writing.reset(token)


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
