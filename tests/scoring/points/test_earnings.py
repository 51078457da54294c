"""A source earns once; many at once give the same as one by one."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from tests import make
from tests.statements import counted
from volunteer_service.db import db
from volunteer_service.scoring.points import balances, bulk_reversals, earnings
from volunteer_service.scoring.points.models import PointsAccount, Transfer

NOW = datetime(2026, 5, 16, 4, 0, tzinfo=UTC)
TODAY = date(2026, 5, 16)
NEXT_YEAR = date(2027, 12, 31)


def test_a_record_earns_its_points(session):
    wang = make.cast().wang
    earnings.grant(wang.id, 200, NEXT_YEAR, "record", 7, at=NOW, reason="庆丰小学门前护学")
    assert balances.standing(wang.id, TODAY) == balances.Standing(
        available=200, earned=200, expiring=[(NEXT_YEAR, 200)]
    )
    line = balances.statement(wang.id).items[0]
    assert (line.amount, line.balance, line.transfer.reason) == (200, 200, "庆丰小学门前护学")


def test_the_same_record_earns_once(session):
    wang = make.cast().wang
    first = earnings.grant(wang.id, 200, NEXT_YEAR, "record", 7, at=NOW)
    again = earnings.grant(wang.id, 200, NEXT_YEAR, "record", 7, at=NOW + timedelta(days=1))
    assert first == again
    assert balances.standing(wang.id, TODAY).available == 200
    assert db.session.scalar(select(func.count()).select_from(Transfer)) == 1


def test_nothing_is_granted_for_nothing(session):
    wang = make.cast().wang
    assert earnings.grant(wang.id, 0, NEXT_YEAR, "record", 7, at=NOW) is None
    assert db.session.scalar(select(func.count()).select_from(PointsAccount)) == 0


def test_an_import_of_14_000_records_is_a_few_statements(app, session):
    cast = make.cast()
    people = [make.volunteer(f"志愿者{n}", team=cast.team).id for n in range(200)]
    rows = [
        earnings.Grant(people[n % 200], 100 + n % 7, date(2026 + n % 2, 12, 31), "record", n + 1)
        for n in range(14_000)
    ]
    with counted(app) as granting:
        assert earnings.grant_many(rows, at=NOW) == 14_000
    assert len(granting) < 140, len(granting)
    assert earnings.grant_many(rows[:500], at=NOW) == 0
    mine = [row for row in rows if row.volunteer_id == people[3]]
    assert balances.standing(people[3], TODAY).available == sum(row.amount for row in mine)
    by = make.acting(cast.admin)
    with counted(app) as taking:
        taken = bulk_reversals.reverse_many(
            "record", range(1, 14_001), reason="撤销导入", by=by, at=NOW
        )
    assert taken == 14_000
    assert len(taking) < 140, len(taking)
    assert balances.standing(people[3], TODAY).available == 0
