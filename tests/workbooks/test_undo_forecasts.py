"""The forecast of an undo equals its result."""

from pathlib import Path

import pytest
from sqlalchemy import select

from tests import make
from tests.make_points import gift
from tests.workbooks import log, town
from volunteer_service.db import db
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points.models import PointsAccount
from volunteer_service.scoring.rewards import orders
from volunteer_service.workbooks import applying
from volunteer_service.workbooks.refusals import ImportNotReady
from volunteer_service.workbooks.taking_back import undo_forecasts, undoing


def debts() -> dict[int, int]:
    query = select(PointsAccount.volunteer_id, PointsAccount.debt).where(PointsAccount.debt > 0)
    return {int(row[0] or 0): row[1] for row in db.session.execute(query)}


def test_debts_and_open_orders_are_told_by_name(session: None, tmp_path: Path) -> None:
    cast = make.cast()
    rows = log.lines(cast.wang, cast.team, 3) + log.lines(cast.zhao, cast.team, 2)
    path = log.written(tmp_path / "log.xlsx", rows)
    row = town.previewed([path], area_id=cast.town.id)
    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)
    soap = gift(cast, price_centi=500, stock=5)
    by = make.acting(cast.wang_account)
    orders.order(soap.id, 1, cast.wang.id, stars=0, by=by, at=town.NOON)

    found = undo_forecasts.forecast(row.id, by=town.SYSTEM, at=town.NOON)

    assert (found.people, found.members, found.records, found.minutes) == (0, 2, 5, 600)
    assert (found.points, found.debt, found.in_debt, found.orders) == (1000, 500, 1, 1)
    assert [(who.name, who.points, who.debt, who.orders) for who in found.largest] == [
        (cast.wang.name, 600, 500, 1),
        (cast.zhao.name, 400, 0, 0),
    ]
    undoing.undo(row.id, by=town.SYSTEM, at=town.NOON)
    assert debts() == {cast.wang.id: 500}
    town.healthy()
    with pytest.raises(ImportNotReady):
        undo_forecasts.forecast(row.id, by=town.SYSTEM, at=town.NOON)


def test_of_a_whole_street_it_is_what_goes(session: None, tmp_path: Path) -> None:
    row = town.applied(town.files_of(tmp_path / "street"))
    there = town.counted()

    found = undo_forecasts.forecast(row.id, by=town.SYSTEM, at=town.NOON)

    assert (found.people, found.members) == (there["volunteers"], 0)
    assert found.records == there["service_records"]
    assert (found.debt, found.orders, len(found.largest)) == (0, 0, 10)
    assert found.changed_since == {}


def test_what_was_changed_since_and_stays_is_told(session: None, tmp_path: Path) -> None:
    row = town.applied(town.files_of(tmp_path / "street"))
    someone = db.session.scalars(select(Volunteer).where(Volunteer.import_id == row.id)).first()
    assert someone is not None
    someone.state = "left"
    db.session.flush()

    found = undo_forecasts.forecast(row.id, by=town.SYSTEM, at=town.NOON)

    assert found.changed_since == {"volunteers": 1}
