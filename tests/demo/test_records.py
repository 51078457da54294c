"""The events of the demo, and the hours and cases that came of them."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.demo.finding import AT, count, one
from volunteer_service import settings
from volunteer_service.attendance.models import Dispute, Scan, ServiceRecord
from volunteer_service.db import db
from volunteer_service.events.models import Attendance, Event, SignUp
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.scoring.points import balances
from volunteer_service.scoring.rules.policy import STANDING

pytestmark = pytest.mark.xdist_group("demo")


def test_one_event_runs_now_with_people_checked_in_and_places_left(town: None) -> None:
    running = select(Event).where(
        Event.state == "published", Event.starts_at <= AT, Event.ends_at > AT
    )
    event = db.session.scalars(running).one()
    assert timedelta(minutes=40) <= AT - event.starts_at < timedelta(minutes=45)
    assert count(Attendance, Attendance.event_id == event.id) == 5
    assert count(Attendance, Attendance.event_id == event.id, Attendance.grade == "scanned") == 4
    held = count(SignUp, SignUp.event_id == event.id, SignUp.state == "confirmed")
    assert held < event.shifts[0].capacity
    latest = select(func.max(Scan.received_at)).where(Scan.event_id == event.id)
    assert db.session.scalar(latest) <= AT


def test_one_event_is_tomorrow_with_a_waiting_list(town: None) -> None:
    event = db.session.scalars(select(Event).where(Event.starts_at > AT)).one()
    assert event.state == "published"
    zone = settings.current().zone
    tomorrow = AT.astimezone(zone).date() + timedelta(days=1)
    assert event.starts_at.astimezone(zone).date() == tomorrow
    states = select(SignUp.state).where(SignUp.event_id == event.id)
    assert Counter(db.session.scalars(states)) == {"confirmed": 4, "waiting": 2}


def test_who_waits_for_tomorrow_can_sign_in_and_look_and_the_event_says_whom_to_call(
    town: None,
) -> None:
    event = db.session.scalars(select(Event).where(Event.starts_at > AT)).one()
    assert event.contact_name == event.leader.name
    leader = db.session.get(Volunteer, event.leader.volunteer_id)
    assert leader is not None
    assert event.contact_phone == leader.phone
    waiting = select(SignUp.volunteer_id).where(
        SignUp.event_id == event.id, SignUp.state == "waiting"
    )
    for person in db.session.scalars(waiting).all():
        assert count(Account, Account.volunteer_id == person) == 1


def test_one_event_of_yesterday_waits_for_its_leader(town: None) -> None:
    waiting = select(ServiceRecord).where(
        ServiceRecord.state == "waiting", ServiceRecord.event_id.is_not(None)
    )
    records = db.session.scalars(waiting).all()
    assert {record.event_id for record in records} == {records[0].event_id}
    assert records[0].event.state == "closed"
    assert records[0].event.leader.name == "李梅"
    assert Counter(record.waits_for for record in records) == {"leader": 5, "end": 1}


def test_hours_are_confirmed_while_people_are_up(town: None) -> None:
    zone = settings.current().zone
    confirmed = db.session.scalars(
        select(ServiceRecord.confirmed_at).where(ServiceRecord.state == "confirmed")
    ).all()
    hours = {at.astimezone(zone).hour for at in confirmed}
    assert hours <= {8, 10}


def test_nobody_confirmed_their_own_hours(town: None) -> None:
    own = (
        select(func.count())
        .select_from(ServiceRecord)
        .join(Account, Account.id == ServiceRecord.confirmed_by_id)
        .where(Account.volunteer_id == ServiceRecord.volunteer_id)
    )
    assert db.session.scalar(own) == 0


def test_one_dispute_and_one_backfill_wait_for_a_decision(town: None) -> None:
    dispute = db.session.scalars(select(Dispute)).one()
    assert dispute.state == "open"
    assert dispute.volunteer_id == one("赵芳").id
    backfills = select(ServiceRecord).where(
        ServiceRecord.grade == "backfilled", ServiceRecord.state == "waiting"
    )
    assert db.session.scalars(backfills).one().waits_for == "second"


def test_every_confirmed_record_earned_what_it_is_worth(town: None) -> None:
    earned = balances.standing(one("王建国").id, on=AT.date()).earned
    records = select(ServiceRecord).where(
        ServiceRecord.volunteer_id == one("王建国").id,
        ServiceRecord.state == "confirmed",
        ServiceRecord.grade.in_(STANDING.grades_for_points),
    )
    worth = sum(
        record.minutes * record.coefficient_centi // 60 for record in db.session.scalars(records)
    )
    assert earned == worth > 0
