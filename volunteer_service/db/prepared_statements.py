"""Statements of the hot paths: compiled once, then run by the driver itself.

A statement that SQLAlchemy runs costs some 60 µs more on PostgreSQL than its driver needs (25 on
SQLite): finding the compiled text, a context, a result that could do much more than be read once.
At a check-in, three statements long, that was a third of all our own work. SQLAlchemy still does
the compiling for each dialect, the types of values and columns, the errors and the listeners.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from volunteer_service import bounds
from volunteer_service.db import db

Convert = Callable[[Any], Any]


class Prepared:
    """A statement that returns rows; a mapping where each dialect has its own."""

    def __init__(self, statement: Executable | Mapping[str, Executable]) -> None:
        self._statement = statement
        self._worded: dict[tuple[str, ...], _Worded] = {}

    def rows(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it in the running transaction with ``values`` for its ``bindparam``s."""
        session = db.session()
        session.flush()
        connection = session.connection()
        # An INSERT or UPDATE sets the columns for which there are values.
        wording = (connection.dialect.name, *values)
        worded = self._worded.get(wording)
        if worded is None:
            worded = self._worded[wording] = self._word(connection.dialect, list(values))
        return worded.run(connection, values)

    def happens(self, values: Mapping[str, Any]) -> bool:
        """Run it; return whether it changed (or found) anything."""
        return bool(self.rows(values))

    def _word(self, dialect: Dialect, names: list[str]) -> "_Worded":
        statement: Any = self._statement
        if isinstance(statement, Mapping):
            statement = statement[dialect.name]
        return _Worded(statement, dialect, names)


class _Worded:
    """The statement in one dialect's words, for one set of values."""

    def __init__(self, statement: Any, dialect: Dialect, names: list[str]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=names)
        if compiled.insert_prefetch or compiled.update_prefetch:
            raise ValueError("a prepared statement makes no values of its own: give every column")
        self._sql = str(compiled)
        self._order: list[str] | None = compiled.positiontup
        self._constants = {
            name: bind.effective_value
            for bind, name in compiled.bind_names.items()
            if name not in names
        }
        self._to_driver = {
            name: convert
            for bind, name in compiled.bind_names.items()
            if (convert := _impl(bind.type, dialect).bind_processor(dialect)) is not None
        }
        self._from_driver = [
            (place, convert)
            for place, column in enumerate(statement.exported_columns)
            if (convert := _impl(column.type, dialect).result_processor(dialect, None)) is not None
        ]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows, each value as its column's type reads it."""
        given = {**self._constants, **values}
        for name, convert in self._to_driver.items():
            given[name] = convert(given[name])
        asked: Any = given if self._order is None else [given[name] for name in self._order]
        for listener in connection.dispatch.before_cursor_execute:
            listener(connection, None, self._sql, asked, None, False)
        return [self._read(row) for row in _fetch(connection, self._sql, asked)]

    def _read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        read = list(row)
        for place, convert in self._from_driver:
            read[place] = convert(read[place])
        return tuple(read)


def _fetch(connection: Connection, sql: str, asked: Any) -> list[tuple[Any, ...]]:
    driver: Any = connection.connection.driver_connection
    dialect = connection.dialect
    error_class = dialect.loaded_dbapi.Error
    try:
        found: list[tuple[Any, ...]] = driver.execute(sql, asked).fetchall()
    except (OverflowError, UnicodeEncodeError):
        raise bounds.Unstorable() from None
    except error_class as error:
        if bounds.unstorable(error):
            raise bounds.Unstorable() from None
        is_lost = bool(dialect.is_disconnect(error, driver, None))
        if is_lost:
            connection.invalidate(error)
            # Other connections in the pool are as old and as dead.
            connection.engine.dispose()
        # Without the values: they may be somebody's personal data.
        raise DBAPIError.instance(
            sql,
            None,
            error,
            error_class,
            hide_parameters=True,
            connection_invalidated=is_lost,
            dialect=dialect,
        ) from error
    return found


def _impl(type_: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return type_.dialect_impl(dialect)
