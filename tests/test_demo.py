"""The demo town keeps what the issue promises: every state that a visitor should meet is there."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import databases
from volunteer_service import demo, settings
from volunteer_service.areas.models import Area
from volunteer_service.attendance.models import Attendance, Dispute, Scan, ServiceRecord
from volunteer_service.certificates import service as certificates
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Event, SignUp
from volunteer_service.people import service as people
from volunteer_service.people.models import Account, Guardian, Volunteer
from volunteer_service.people.sessions import actor_of
from volunteer_service.scoring.points import service as points
from volunteer_service.scoring.ratings import service as ratings
from volunteer_service.scoring.ratings.models import Objection, Round, RoundResult
from volunteer_service.scoring.rewards import service as rewards
from volunteer_service.scoring.rewards.models import Redemption
from volunteer_service.teams.models import Team

#: A Sunday noon in Shanghai.
AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def seeded(app_of_run: Flask, databases_of_run: databases.Databases) -> Iterator[Flask]:
    """The app over the demo town; seeded once, the tests only look."""
    with app_of_run.app_context():
        db.engine.dispose()
        databases_of_run.refresh()
        with transaction():
            demo.seed(AT)
        db.session.remove()
    yield app_of_run
    with app_of_run.app_context():
        db.engine.dispose()


@pytest.fixture
def town(seeded: Flask) -> Iterator[None]:
    """Looking at the town."""
    with seeded.app_context():
        with transaction(write=False):
            yield
        db.session.remove()


def count(model: type, *where: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def one(name: str) -> Volunteer:
    return db.session.scalars(select(Volunteer).where(Volunteer.name == name)).one()


def test_every_role_signs_in_with_the_one_password(town: None) -> None:
    roles = Counter()
    for sign_in in demo.SIGN_INS:
        account = people.sign_in(sign_in.login, demo.PASSWORD, at=AT)
        assert account.name == sign_in.name
        held = {grant.role for grant in actor_of(account, door="page").grants}
        assert held == (set() if sign_in.role == "volunteer" else {sign_in.role})
        roles[sign_in.role] += 1
    assert roles == {
        "admin": 1, "coordinator": 2, "leader": 1, "volunteer": 2, "desk": 1, "auditor": 1,
    }  # fmt: skip


def test_the_doctor_finds_nothing(town: None) -> None:
    assert points.doctor() == []
    assert rewards.doctor() == []


def test_a_subdistrict_of_twelve_communities_with_teams_and_some_tens_of_people(
    town: None,
) -> None:
    assert Counter(db.session.scalars(select(Area.kind))) == {
        "subdistrict": 1,
        "community": 12,
        "grid": 36,
    }
    assert 12 <= count(Team) <= 20
    assert 30 <= count(Volunteer) <= 60


def test_the_faces_of_the_story(town: None) -> None:
    li, wang, zhao = one("李梅"), one("王建国"), one("赵芳")
    led = db.session.scalars(select(Account).where(Account.volunteer_id == li.id)).one()
    (grant,) = actor_of(led, door="page").grants
    team = db.session.get(Team, grant.team_id)
    assert (grant.role, team.name) == ("leader", "庆丰社区护学志愿服务队")
    assert wang.area_id == li.area_id != zhao.area_id
    assert one("王𬱖").state == "active"
    elder = one("陈桂英")
    assert elder.phone is None
    assert count(Account, Account.volunteer_id == elder.id) == 0
    guarded = db.session.scalars(select(Guardian)).one()
    child = db.session.get(Volunteer, guarded.volunteer_id)
    assert (child.name, guarded.name) == ("刘小雨", "刘洋")
    assert people.is_minor(child, AT)
    assert count(Volunteer, Volunteer.phone_key == child.phone_key) == 3


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


def test_one_event_of_yesterday_waits_for_its_leader(town: None) -> None:
    waiting = select(ServiceRecord).where(
        ServiceRecord.state == "waiting", ServiceRecord.event_id.is_not(None)
    )
    records = db.session.scalars(waiting).all()
    assert {record.event_id for record in records} == {records[0].event_id}
    assert records[0].event.state == "closed"
    assert records[0].event.leader.name == "李梅"
    assert Counter(record.waits_for for record in records) == {"leader": 5, "end": 1}


def test_a_finished_round_that_replays_with_certificates_one_revoked(town: None) -> None:
    final = db.session.scalars(select(Round).where(Round.state == "final")).one()
    assert final.half_year == "2026H1"
    assert final.noticed_by_id != final.signed_off_by_id
    assert ratings.replay(final).equal
    stars = Counter(
        db.session.scalars(select(RoundResult.stars).where(RoundResult.round_id == final.id))
    )
    assert set(stars) == {0, 1, 2, 3, 4, 5}
    assert count(Certificate) == stars.total() - stars[0]
    assert count(Certificate, Certificate.revoked_at.is_not(None)) == 1
    assert count(Objection, Objection.state == "dismissed") == 1


def test_certificates_verify_and_the_revoked_one_says_so(town: None) -> None:
    for certificate in db.session.scalars(select(Certificate)):
        token = certificates.verify_url(certificate).rpartition("/")[2]
        stands = certificate.revoked_at is None
        assert certificates.verify(token).state == ("valid" if stands else "revoked")


def test_the_running_half_year_has_an_open_round(town: None) -> None:
    rounds = select(Round.half_year).where(Round.state == "open")
    assert db.session.scalars(rounds).all() == ["2026H2"]


def test_orders_wait_at_the_desk_with_their_codes(town: None) -> None:
    desk = actor_of(
        db.session.scalars(select(Account).where(Account.login == "desk")).one(), door="page"
    )
    waiting = db.session.scalars(select(Redemption).where(Redemption.state == "ordered")).all()
    assert len(waiting) == 5
    for row in waiting:
        assert row.lapses_at > AT
        assert rewards.find_by_code(rewards.code_of(row.id), by=desk).id == row.id
    states = Counter(db.session.scalars(select(Redemption.state)))
    assert states["handed_over"] > 5
    assert states["lapsed"] == 1


def test_one_dispute_and_one_backfill_wait_for_a_decision(town: None) -> None:
    dispute = db.session.scalars(select(Dispute)).one()
    assert dispute.state == "open"
    assert dispute.volunteer_id == one("赵芳").id
    backfills = select(ServiceRecord).where(ServiceRecord.grade == "backfilled")
    record = db.session.scalars(backfills).one()
    assert (record.state, record.waits_for) == ("waiting", "second")


def test_every_confirmed_record_earned_what_it_is_worth(town: None) -> None:
    earned = points.standing(one("王建国").id, on=AT.date()).earned
    records = select(ServiceRecord).where(
        ServiceRecord.volunteer_id == one("王建国").id, ServiceRecord.state == "confirmed"
    )
    worth = sum(
        record.minutes * record.coefficient_centi // 60 for record in db.session.scalars(records)
    )
    assert earned == worth > 0


def test_nothing_happened_after_the_seeding(town: None) -> None:
    for instant in (Scan.received_at, ServiceRecord.created_at, Redemption.ordered_at):
        assert db.session.scalar(select(func.max(instant))) <= AT


def test_seeding_twice_is_refused(town: None) -> None:
    with pytest.raises(demo.NotEmpty):
        demo.seed(AT)


def test_production_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    production = replace(app.extensions["settings"], app_env="production")
    monkeypatch.setitem(app.extensions, "settings", production)
    with app.app_context(), transaction():
        with pytest.raises(demo.NotForProduction):
            demo.seed(AT)
        assert count(Area) == 0
