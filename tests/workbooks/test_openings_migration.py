"""The migration of opening balances: up with a ledger in it, down only while nothing is there."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests import make
from tests.workbooks import openings, town
from volunteer_service.db import db, schema, transaction
from volunteer_service.scoring.points import doctor, earnings
from volunteer_service.scoring.points.models import Transfer
from volunteer_service.workbooks.taking_back import undoing

#: The revision under the one that brought opening balances.
BEFORE = "0028"
_OPENING = db.text(
    "INSERT INTO transfers (debit_id, credit_id, amount, kind, source_type, source_id, at)"
    " SELECT debit_id, credit_id, amount, 'opening', 'opening', 77, at FROM transfers LIMIT 1"
)


@pytest.fixture
def inside(app: Flask):
    """An app context without a transaction."""
    with app.app_context():
        yield


def test_a_ledger_goes_up_and_down_and_keeps_its_guards(inside: None) -> None:
    with transaction():
        cast = make.cast()
        earnings.grant(cast.wang.id, 500, date(2027, 12, 31), "record", 1, at=make.MORNING)
    schema.downgrade(db.engine, BEFORE)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(_OPENING)
    schema.upgrade(db.engine)
    assert schema.differences(db.engine) == []
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        db.session.execute(db.text("UPDATE transfers SET amount = 1"))
    with transaction():
        db.session.execute(_OPENING)
        kinds = db.session.scalars(select(Transfer.kind).order_by(Transfer.id)).all()
        assert kinds == ["earn", "opening"]
        db.session.rollback()


def test_what_was_taken_over_stays_up(inside: None, tmp_path: Path) -> None:
    with transaction():
        cast = make.cast()
        row = openings.taken(cast, tmp_path, cast.wang).id
    with pytest.raises(RuntimeError, match="opening balances are kept"):
        schema.downgrade(db.engine, BEFORE)
    with transaction():
        undoing.undo(row, by=town.SYSTEM, at=town.NOON)
    # The ledger keeps what was booked and taken back.
    with pytest.raises(RuntimeError, match="opening balances are kept"):
        schema.downgrade(db.engine, BEFORE)
    assert schema.current(db.engine) == schema.head()
    with transaction(write=False):
        assert doctor.doctor() == []
