"""The demo town has the promised people and waiting work."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from tests.demo.finding import AT, count, one, signed_in
from volunteer_service import demo
from volunteer_service.areas import desk_contacts
from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.attendance.models import Scan, ServiceRecord
from volunteer_service.attendance.records import rating_facts
from volunteer_service.db import db
from volunteer_service.events.models import Event
from volunteer_service.people.authentication import sign_in as people_sign_in
from volunteer_service.people.authentication.sessions import actor_of
from volunteer_service.people.authorization.rights import Right, may
from volunteer_service.people.models import Account, Guardian, Volunteer
from volunteer_service.people.registrations import registration
from volunteer_service.scoring.points import doctor
from volunteer_service.scoring.rewards import desk_search, pick_up_codes
from volunteer_service.scoring.rewards import doctor as rewards_doctor
from volunteer_service.scoring.rewards.models import Redemption
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.policy import STANDING
from volunteer_service.teams.models import Team

pytestmark = pytest.mark.xdist_group("demo")


def test_every_role_signs_in_with_the_one_password(town: None) -> None:
    roles = Counter()
    for sign_in in demo.SIGN_INS:
        account = people_sign_in.sign_in(sign_in.login, demo.PASSWORD, at=AT)
        assert account.name == sign_in.name
        held = {grant.role for grant in actor_of(account, door="page").grants}
        assert held == (set() if sign_in.role == "volunteer" else {sign_in.role})
        roles[sign_in.role] += 1
    assert roles == {
        "admin": 1, "coordinator": 2, "leader": 1, "volunteer": 2, "desk": 2, "auditor": 1,
    }  # fmt: skip


def test_every_desk_says_where_and_when_and_every_event_what_to_bring(town: None) -> None:
    ((street, inside),) = desk_contacts.desks()
    assert street.name == "临江街道"
    assert len(inside) == 12
    for desk in (street, *inside):
        assert desk.address
        assert desk.opening_hours
        assert desk.phone.startswith("1700000")
    told = db.session.execute(select(Event.meeting_point, Event.bring)).all()
    assert told
    assert all(meeting_point and bring for meeting_point, bring in told)


def test_the_doctor_finds_nothing(town: None) -> None:
    assert doctor.doctor() == []
    assert rewards_doctor.doctor() == []


def test_a_subdistrict_of_twelve_communities_with_teams_and_some_tens_of_people(
    town: None,
) -> None:
    assert Counter(db.session.scalars(select(Area.kind))) == {
        "subdistrict": 2,
        "community": 12,
        "grid": 36,
    }
    assert 12 <= count(Team) <= 20
    assert 30 <= count(Volunteer) <= 60


def test_the_street_of_the_example_is_empty_and_the_staffs_to_import_and_rate(town: None) -> None:
    street = db.session.scalars(select(Area).where(Area.name == "市西街道")).one()
    assert street.parent_id is None
    assert areas.subtree(street.path) == [street]
    for login in ("coordinator", "coordinator2", "admin"):
        for right in (Right.IMPORT, Right.RATING_RUN, Right.TEAM_SEE):
            assert may(signed_in(login), right, area_path=street.path)
    half_year = HalfYear.of(AT.date()).previous
    homes = {
        person.volunteer_id for person in rating_facts.facts_for(half_year, street.path, STANDING)
    }
    assert homes == set()


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
    assert (child.name, guarded.name) == ("刘小雨", "刘建明")
    assert registration.is_minor(child, AT)
    assert count(Volunteer, Volunteer.phone_key == child.phone_key) == 3


def test_orders_wait_at_the_desk_with_their_codes(town: None) -> None:
    desk = signed_in("desk")
    waiting = db.session.scalars(select(Redemption).where(Redemption.state == "ordered")).all()
    assert len(waiting) == 5
    for row in waiting:
        assert row.lapses_at > AT
        assert desk_search.find_by_code(pick_up_codes.code_of(row), by=desk).id == row.id
    states = Counter(db.session.scalars(select(Redemption.state)))
    assert states["handed_over"] > 5
    assert states["lapsed"] == 1


def test_nothing_happened_after_the_seeding(town: None) -> None:
    for instant in (Scan.received_at, ServiceRecord.created_at, Redemption.ordered_at):
        assert db.session.scalar(select(func.max(instant))) <= AT


def test_seeding_twice_is_refused(town: None) -> None:
    with pytest.raises(demo.NotEmpty):
        demo.seed(AT)
