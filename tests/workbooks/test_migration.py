"""The migration of imports: up and down with what they hold."""

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tests import make
from tests.make_attendance import record
from volunteer_service import journal
from volunteer_service.db import db, schema, transaction
from volunteer_service.workbooks.asked_sheets import sheet_memory
from volunteer_service.workbooks.models import Import, RefusedRow

#: The revision under the one that brought figures and second persons.
BEFORE = "0007"


def test_what_was_said_of_rows_goes_up_and_down(inside: None) -> None:
    with transaction():
        cast = make.cast()
        looks = {"hidden": {"come": "out", "said": None}}
        db.session.add(
            Import(
                state="applied",
                sub_district="市西街道",
                files=[],
                created_at=make.MORNING,
                row_looks=looks,
            )
        )
        by = make.acting(cast.coordinator)
        sheet_memory.keep_rows(cast.town.id, "hidden", "out", by=by, at=make.MORNING)
    schema.downgrade(db.engine, "0032")
    with transaction():
        assert db.session.scalar(text("SELECT count(*) FROM sheet_meanings")) == 0
        assert db.session.scalar(text("SELECT count(*) FROM imports")) == 1
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(
            text(
                "INSERT INTO sheet_meanings (area_id, about, kind, word_key, words, meaning,"
                " format, said_at) VALUES (1, 'rows', 'none', 'x', 'x', '{}', 1,"
                " '2026-11-20 00:00:00')"
            )
        )
    schema.upgrade(db.engine)
    assert schema.differences(db.engine) == []
    with transaction():
        assert db.session.scalars(select(Import)).one().row_looks is None


@pytest.fixture
def inside(app: Flask):
    """An app context without a transaction."""
    with app.app_context():
        yield


def test_imports_go_up_and_down_with_what_they_hold(inside: None) -> None:
    with transaction():
        cast = make.cast()
        who = cast.coordinator.id
        for state in ("applied", "asked", "refused"):
            row = Import(state=state, sub_district="市西街道", files=[], created_at=make.MORNING)
            db.session.add(row)
            db.session.flush()
        row.decided_at = make.MORNING
        refused = {"kind": "gifts", "file": "a", "sheet": "b", "row_number": 1, "reason": "x"}
        db.session.add(RefusedRow(import_id=row.id, sealed="[]", **refused))
        record(cast.wang, team=cast.team, import_id=1)
        by = {"account_id": who, "door": "page", "at": make.MORNING}
        journal.record("imports.apply", db.session.get_one(Import, 1), **by)
    schema.downgrade(db.engine, BEFORE)
    with transaction():
        states = db.session.execute(text("SELECT id, state FROM imports ORDER BY id")).all()
        assert [tuple(row) for row in states] == [(1, "applied"), (2, "previewed"), (3, "undone")]
        assert db.session.scalar(text("SELECT count(*) FROM refused_rows")) == 1
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(text("UPDATE imports SET state = 'asked'"))
    schema.upgrade(db.engine)
    assert schema.differences(db.engine) == []
    with transaction():
        brought, waiting, _ = db.session.scalars(select(Import).order_by(Import.id))
        assert (brought.records, brought.decided_by_id) == (1, who)
        assert (waiting.records, waiting.decided_by_id, waiting.figures) == (0, None, {})
        assert db.session.scalars(select(RefusedRow.sealed)).all() == ["[]"]
