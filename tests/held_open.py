"""One town for ten thousand requests: a transaction that is never committed, and its statements."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import marshmallow
from flask import Flask, request
from sqlalchemy import Connection, event, text

from volunteer_service.db import Base, db


@contextmanager
def held_open(app: Flask) -> Iterator[Connection]:
    """Every session of the app joins one connection, whose transaction is rolled back at the end.

    What the app commits is a savepoint's end.
    """
    with app.app_context():
        engine = db.engine
        engines: Any = db.engines
    with engine.connect() as connection, connection.begin() as outer, connection.begin_nested():
        # Who asks the engine for a connection gets this one too.
        connection.connect = lambda: nullcontext(connection)  # type: ignore[attr-defined]
        engines[None] = connection
        try:
            yield connection
        finally:
            engines[None] = engine
            outer.rollback()
    # As after every test: nobody is connected when the database is made new.
    engine.dispose()


@contextmanager
def taken_back(connection: Connection) -> Iterator[None]:
    """What is done inside leaves nothing behind."""
    point = connection.begin_nested()
    try:
        yield
    finally:
        point.rollback()


@contextmanager
def heard_writes(connection: Connection) -> Iterator[list[str]]:
    """The statements that change rows meanwhile, taken back or not."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.split(None, 1)[0] in ("INSERT", "UPDATE", "DELETE"):
            found.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(connection, "before_cursor_execute", note)


def contents(connection: Connection) -> dict[str, Any]:
    """Every row of every table but the stored answers: a refusal may be remembered."""
    return {
        # As it lies there: what is sealed needs no key to be compared.
        table.name: connection.execute(text(f"SELECT * FROM {table.name}")).all()
        for table in Base.metadata.sorted_tables
        if table.name != "idempotency_keys"
    }


@contextmanager
def heard_fields() -> Iterator[dict[str, set[str]]]:
    """The fields of every form that is read meanwhile, by method and rule."""
    found: dict[str, set[str]] = {}
    load = marshmallow.Schema.load

    def listening(schema: Any, *args: Any, **kwargs: Any) -> Any:
        is_form = request and request.method == "POST" and not request.path.startswith("/api/")
        if is_form and request.url_rule:
            key = f"{request.method} {request.url_rule.rule}"
            found.setdefault(key, set()).update(schema.fields)
        return load(schema, *args, **kwargs)

    marshmallow.Schema.load = listening  # type: ignore[assignment,method-assign]
    try:
        yield found
    finally:
        marshmallow.Schema.load = load  # type: ignore[method-assign]
