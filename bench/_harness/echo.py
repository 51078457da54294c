"""The product's statements for one request, to run them again for other requests.

Two requests are recorded. A value that is equal in both is part of the statement; a value that
differs came with the request or from an earlier answer of the database, and both recordings
together show from which. So the peer's SQL is the product's own, and cannot become outdated.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import psycopg
from flask import Flask
from psycopg.types.json import Jsonb
from sqlalchemy import event

from volunteer_service.db import db

Values = Mapping[str, Any]
#: The forms of a value from elsewhere in a statement.
WORDINGS = ("{}", "account:{}")


@dataclass(frozen=True)
class Heard:
    """One statement, its values, and later the first row that the database answered."""

    sql: str
    values: dict[str, Any]
    row: tuple[Any, ...] = ()


@dataclass(frozen=True)
class From:
    """A value that came with the request (``name``) or from statement ``said``, ``column``."""

    name: str = ""
    said: int = -1
    column: int = -1
    wording: str = "{}"

    def value(self, given: Values, rows: Sequence[Sequence[Any]]) -> Any:
        """Return the value in this request."""
        found = given[self.name] if self.name else rows[self.said][self.column]
        return found if self.wording == "{}" else self.wording.format(found)


class Now:
    """The time of this request."""

    def value(self, _given: Values, _rows: Sequence[Sequence[Any]]) -> Any:
        """Now."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class Fresh:
    """Something random of this many characters: a hash or a key that no other request has."""

    length: int

    def value(self, _given: Values, _rows: Sequence[Sequence[Any]]) -> Any:
        """Hexadecimal digits."""
        return token_hex(self.length // 2 + 1)[: self.length]


@dataclass(frozen=True)
class Echo:
    """The statements in order: text, fixed values, and where the others come from."""

    said: list[tuple[str, dict[str, Any], dict[str, From | Now | Fresh]]]

    def say(self, connection: psycopg.Connection[Any], given: Values) -> list[tuple[Any, ...]]:
        """Run them all for one request, whose own values are ``given``; the first row of each."""
        rows: list[tuple[Any, ...]] = []
        for sql, fixed, sources in self.said:
            more = {name: source.value(given, rows) for name, source in sources.items()}
            rows.append(_first(connection.execute(sql, {**fixed, **more})))
        return rows


def heard(app: Flask, work: Callable[[], None]) -> list[Heard]:
    """Return every statement that ``work`` has the product say, BEGIN and COMMIT aside."""
    said: list[Heard] = []

    def hear(_conn: Any, _cursor: Any, sql: str, values: Any, _context: Any, _many: bool) -> None:
        row = values[0] if isinstance(values, list) else values
        plain = {name: _plain(value) for name, value in dict(row or {}).items()}
        said.append(Heard(sql, plain))

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", hear)
    work()
    with app.app_context():
        event.remove(db.engine, "before_cursor_execute", hear)
        db.engine.dispose()
    return said


def learn(url: str, first: list[Heard], given: Values, second: list[Heard], also: Values) -> Echo:
    """From two requests and a database as it was before them, the echo of all such requests."""
    if [each.sql for each in first] != [each.sql for each in second]:
        raise SystemExit("The product says one thing to one and another thing to the next.")
    with psycopg.connect(url) as connection:
        first, second = _rehearsed(connection, first), _rehearsed(connection, second)
    said = []
    for number, (one, other) in enumerate(zip(first, second, strict=True)):
        differ = [
            name
            for name, value in one.values.items()
            if value != other.values[name] and not isinstance(value, Jsonb)
        ]
        sources = {
            name: _source(
                (one.values[name], other.values[name]),
                (given, also),
                (first[:number], second[:number]),
            )
            for name in differ
        }
        fixed = {name: value for name, value in one.values.items() if name not in sources}
        said.append((one.sql, fixed, sources))
    return Echo(said)


def _rehearsed(connection: psycopg.Connection[Any], said: list[Heard]) -> list[Heard]:
    return [
        Heard(each.sql, each.values, _first(connection.execute(each.sql, each.values)))
        for each in said
    ]


def _source(
    values: tuple[Any, Any],
    given: tuple[Values, Values],
    before: tuple[list[Heard], list[Heard]],
) -> From | Now | Fresh:
    places = [(From(name), given[0][name], given[1][name]) for name in given[0]] + [
        (From(said=said, column=column), one.row[column], other.row[column])
        for said, (one, other) in enumerate(zip(*before, strict=True))
        for column in range(min(len(one.row), len(other.row)))
    ]
    for wording in WORDINGS:
        for place, one, other in places:
            worded = (one, other) if wording == "{}" else map(wording.format, (one, other))
            if tuple(worded) == values:
                return From(place.name, place.said, place.column, wording)
    if isinstance(values[0], datetime):
        return Now()
    if isinstance(values[0], str):
        return Fresh(len(values[0]))
    raise SystemExit(f"Nobody knows where the product has {values} from.")


def _plain(value: Any) -> Any:
    """SQLAlchemy's JSON values take their dialect along; psycopg's own travel between processes."""
    return Jsonb(value.obj) if isinstance(value, Jsonb) else value


def _first(cursor: psycopg.Cursor[Any]) -> tuple[Any, ...]:
    return (cursor.fetchone() or ()) if cursor.description else ()
