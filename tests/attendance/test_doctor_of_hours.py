"""What somebody changed with SQL about hours, points, places, orders and papers is named by row."""

from collections.abc import Callable

import pytest
from sqlalchemy import text, update

from tests import make, make_doors
from tests.make import MORNING
from tests.make_attendance import minute, record
from volunteer_service import jobs
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import corrections, record_decisions
from volunteer_service.attendance.records import doctor as hours
from volunteer_service.certificates import doctor as papers
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.events.models import Shift, SignUp
from volunteer_service.scoring.points import reversals
from volunteer_service.scoring.points.models import PointsAccount, Transfer
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.scoring.rewards import doctor as shelves
from volunteer_service.scoring.rewards.models import Redemption

AFTER = minute(400)


@pytest.fixture
def confirmed(cast) -> ServiceRecord:
    """A confirmed record of 120 minutes, which earned 200."""
    row = record(cast.wang, team=cast.team, state="waiting", waits_for="leader")
    record_decisions.confirm([row.id], by=make.acting(cast.li_mei), at=AFTER)
    assert hours.doctor() == []
    return row


def by_sql(row, **values) -> None:
    db.session.execute(update(type(row)).where(type(row).id == row.id).values(values))
    db.session.expire_all()


def named(doctor: Callable[[], list]) -> list[str]:
    return [each.subject for each in doctor()]


@pytest.mark.parametrize(
    "values",
    [
        *({"minutes": 1200}, {"state": "refused"}, {"state": "withdrawn"}, {"state": "waiting"}),
        *({"coefficient_centi": 200}, {"grade": "backfilled"}),
    ],
)
def test_a_record_that_is_not_worth_what_it_earned(cast, confirmed, values) -> None:
    by_sql(confirmed, **values)
    assert named(hours.doctor) == [f"service_records/{confirmed.id}"]


def test_a_record_that_counts_and_earned_nothing(cast) -> None:
    row = record(cast.wang, team=cast.team)
    assert named(hours.doctor) == [f"service_records/{row.id}"]


def test_a_record_of_somebody_else_than_who_has_the_points(cast, confirmed) -> None:
    by_sql(confirmed, volunteer_id=cast.zhao.id)
    assert named(hours.doctor) == [f"service_records/{confirmed.id}"]


def test_corrected_or_taken_back_with_a_reason_it_is_well(cast, confirmed) -> None:
    by, second = make.acting(cast.coordinator), make.acting(cast.second)
    for minutes in (60, 0, 90):
        corrections.correct(confirmed.id, minutes=minutes, reason="看了名单", by=by, at=AFTER)
        assert hours.doctor() == []
    earned = db.session.query(Transfer).filter_by(kind="earn").order_by(Transfer.id.desc()).first()
    reversals.reverse(earned.id, "重复", by=second, at=AFTER)
    assert hours.doctor() == []
    by_sql(confirmed, minutes=100)
    assert named(hours.doctor) == [f"service_records/{confirmed.id}"]


def test_more_people_than_places(cast, event) -> None:
    place = make.sign_up(event, cast.zhao)
    assert hours.doctor() == []
    by_sql(db.session.get_one(Shift, place.shift_id), capacity=1)
    assert named(hours.doctor) == [f"shifts/{place.shift_id}"]


def test_a_place_at_another_event(cast, event) -> None:
    other = make.event(team=cast.team, leader=cast.li_mei, title="别处")
    place = make.sign_up(event, cast.zhao)
    by_sql(db.session.get_one(SignUp, place.id), event_id=other.id)
    assert named(hours.doctor) == [f"sign_ups/{place.id}"]


def test_an_order_in_another_month_and_one_too_many(session: None) -> None:
    make_doors.things()
    order = db.session.query(Redemption).order_by(Redemption.id).first()
    db.session.execute(text("UPDATE redemptions SET state = 'lapsed'"))
    assert [each.check for each in shelves.doctor() if each.check in _MONTHLY] == []
    by_sql(order, month="2020-01")
    found = [each for each in shelves.doctor() if each.check in _MONTHLY]
    assert [(each.check, each.subject) for each in found] == [
        (shelves.MONTH, f"redemptions/{order.id}")
    ]
    for n in range(2):
        copied = {
            column.name: getattr(order, column.name)
            for column in Redemption.__table__.columns
            if column.name != "id"
        }
        db.session.add(Redemption(**copied | {"code_hash": f"{n}" * 64, "state": "handed_over"}))
    db.session.flush()
    found = [each for each in shelves.doctor() if each.check == shelves.QUOTA]
    assert [each.subject for each in found] == [f"volunteers/{order.volunteer_id}"]


_MONTHLY = (shelves.MONTH, shelves.QUOTA)


def _stars(paper: Certificate) -> None:
    by_sql(db.session.get_one(RoundResult, paper.result_id), stars=2)


def _round(paper: Certificate) -> None:
    result = db.session.get_one(RoundResult, paper.result_id)
    by_sql(db.session.get_one(Round, result.round_id), state="notice")


def _words(paper: Certificate) -> None:
    by_sql(paper, words=paper.words | {"stars": 5, "minutes": 99_999})


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        (_stars, {papers.AGREES}),
        (_round, {papers.AGREES}),
        (_words, {papers.AGREES, papers.SIGNED}),
    ],
)
def test_a_paper_that_is_not_its_result(session: None, change, checks) -> None:
    make_doors.things()
    assert papers.doctor() == []
    query = db.session.query(Certificate).filter_by(kind="honour", revoked_at=None)
    paper = query.order_by(Certificate.id).first()
    change(paper)
    found = papers.doctor()
    assert {each.check for each in found} == checks
    assert {each.subject for each in found} == {f"certificates/{paper.id}"}


def test_the_whole_doctor_asks_them_all(cast, confirmed) -> None:
    by_sql(confirmed, minutes=1200)
    assert [each.check for each in jobs.doctor()] == [hours.EARNED]
    assert db.session.query(PointsAccount).count()
    assert confirmed.starts_at == MORNING
