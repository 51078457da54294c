"""Look-ups for each row go by the person, however much the database holds."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.statements import counted
from volunteer_service.db import db
from volunteer_service.workbooks.judging.existing_data import DatabaseKnown

Ask = Callable[[DatabaseKnown], object]
#: What is asked for each row of a log.
ASKS: dict[str, Ask] = {
    "records": lambda known: known._find_spans("the hash of an identity number"),
    "records of somebody without an identity number": lambda known: known._find_spans("#12"),
    "people": lambda known: known._find_called("王建国", "13900000000"),
}
#: A person, or whoever has this identity number or this phone.
BY = {"rowid", "identity_key", "volunteer_id", "phone_key"}


@pytest.mark.parametrize("what", ASKS)
def test_no_question_walks_through_the_rows_of_others(app: Flask, what: str) -> None:
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("SQLite chooses its way without knowing how many rows there are")
        steps = plan(app, ASKS[what])
    assert steps
    assert [step for step in steps if step.partition("(")[2].partition("=")[0] not in BY] == []


def plan(app: Flask, ask: Ask) -> list[str]:
    """How the tables are looked through that this question reads."""
    known = DatabaseKnown(None)
    with counted(app) as asked:
        ask(known)
    steps: list[str] = []
    for statement in asked:
        values = ("",) * statement.count("?")
        rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        steps += [row.detail for row in rows if row.detail.startswith(("SEARCH", "SCAN"))]
    return steps
