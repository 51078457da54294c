"""Events that several teams run together: who runs them, whose the hours are, who leaves."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from volunteer_service.attendance import closing
from volunteer_service.attendance.check_ins import check_in, gate
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import record_decisions, record_lists
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.events import (
    calendar_feeds,
    copying,
    event_lists,
    planning,
    refusals,
    rescheduling,
    rota,
    sharing,
    sign_ups,
)
from volunteer_service.events.event_lists import EventFilter
from volunteer_service.events.models import Attendance, Event
from volunteer_service.figures import counting
from volunteer_service.figures.periods import Period
from volunteer_service.lists import asking, reading, registry
from volunteer_service.people.models import Message
from volunteer_service.teams.models import Membership

BEFORE = make.MORNING - timedelta(days=7)
DAY = timedelta(days=1)


@pytest.fixture
def cast(session) -> make.Cast:
    return make.cast()


@pytest.fixture
def partner(cast):
    """The leader of the other team, an account without a volunteer."""
    return make.account("zhouqiang", "周强", role="leader", team=cast.other_team)


@pytest.fixture
def event(cast, partner) -> Event:
    row = make.event(team=cast.team, leader=cast.li_mei, published_at=BEFORE)
    return sharing.share(row.id, team_id=cast.other_team.id, by=make.acting(cast.li_mei), at=BEFORE)


def came(event: Event, *people) -> None:
    for person in people:
        place = make.sign_up(event, person)
        db.session.add(
            Attendance(
                event_id=event.id,
                shift_id=place.shift_id,
                sign_up_id=place.id,
                volunteer_id=person.id,
                checked_in_at=event.starts_at,
                checked_out_at=event.ends_at,
                grade="scanned",
            )
        )
    db.session.flush()


def test_hours_count_for_the_member_s_own_team(cast, partner, event) -> None:
    theirs = make.volunteer("钱多多", team=cast.other_team)
    nobody_s = make.volunteer("过路人")
    left = make.volunteer("早走了", team=cast.other_team)
    (membership,) = left_ones(left)
    membership.state, membership.left_at = "left", BEFORE
    came(event, cast.wang, theirs, nobody_s, left)
    closing.close(event.id, by=make.acting(partner), at=event.ends_at)
    found = {
        row.volunteer.name: (row.team_id, row.organising_unit, row.recording_unit)
        for row in db.session.scalars(select(ServiceRecord))
    }
    home, other = (
        (team.id, team.name, team.recording_unit) for team in (cast.team, cast.other_team)
    )
    assert found == {"王建国": home, "钱多多": other, "过路人": home, "早走了": home}


def left_ones(person):
    return db.session.scalars(select(Membership).where(Membership.volunteer_id == person.id)).all()


def test_both_leaders_run_it_and_see_and_confirm_what_came_of_it(cast, partner, event) -> None:
    theirs = make.volunteer("钱多多", team=cast.other_team)
    for leader in (make.acting(cast.li_mei), make.acting(partner)):
        assert planning.led(event.id, by=leader) is event
        assert event_lists.board(event.id, leader).may_edit
        assert event_lists.roster(event.id, by=leader) == []
    sign_ups.sign_up(event.shifts[0].id, volunteer_id=theirs.id, by=make.acting(partner), at=BEFORE)
    found = gate.found("钱多多", event.id, by=make.acting(partner), at=event.starts_at)
    assert [guest.person.name for guest in found.guests] == ["钱多多"]
    check_in.tick(
        event.id,
        volunteer_id=theirs.id,
        kind="in",
        scan_id="shared-event-in",
        by=make.acting(partner),
        at=event.starts_at,
    )
    came(event, cast.wang)
    closing.close(event.id, by=make.acting(cast.li_mei), at=event.ends_at + timedelta(hours=1))
    records = db.session.scalars(select(ServiceRecord).order_by(ServiceRecord.id)).all()
    filter_ = record_lists.RecordFilter(event_id=event.id)
    for leader in (cast.li_mei, partner):
        seen = record_lists.listing(make.acting(leader), filter_).items
        assert {row.id for row in seen} == {row.id for row in records}
    mine = next(row for row in records if row.volunteer_id == cast.wang.id)
    record_decisions.confirm([mine.id], by=make.acting(partner), at=event.ends_at + DAY)
    assert (mine.state, mine.team_id) == ("confirmed", cast.team.id)


def test_people_of_each_team_are_on_the_rota(cast, partner, event) -> None:
    theirs = make.volunteer("钱多多", team=cast.other_team)
    assert [rota.is_on(event, each.id) for each in (theirs, cast.wang, cast.zhao)] == [True] * 3
    names = {line.name for line in rota.week(event.id, by=make.acting(partner)).people}
    assert {"钱多多", "王建国"} <= names


def test_lists_feeds_and_figures_know_both_teams(cast, partner, event) -> None:
    mine = make.acting(partner)
    for team in (cast.team, cast.other_team):
        listed = event_lists.listing(mine, EventFilter(team_id=team.id)).items
        assert listed == [event]
        feed = calendar_feeds.new_feed(team.id, by=make.acting(cast.coordinator), at=BEFORE)
        entries = calendar_feeds.entries_at(feed.secret_key, at=BEFORE)
        assert [entry.shift.event_id for entry in entries] == [event.id]
    declared = registry.LISTS["events"]
    asked = asking.read(declared, {"team": cast.other_team.name}, ["title", "partners"], by=mine)
    (row,) = reading.rows(asked)
    assert row.values[-1] == cast.other_team.name
    came(event, cast.wang)
    closing.close(event.id, by=mine, at=event.ends_at + DAY)
    period = Period.of_month(event.starts_at.date())
    counts = [
        counting.count(place, period, today=event.ends_at + DAY, codes=["events"])[0].value
        for place in (
            counting.Place(team_ids=(cast.team.id,)),
            counting.Place(team_ids=(cast.other_team.id,)),
            counting.Place(team_ids=(cast.team.id, cast.other_team.id)),
            counting.Place(paths=(cast.town.path,)),
        )
    ]
    assert counts == [1, 1, 1, 1]


def test_the_leaders_of_the_other_team_are_told_and_may_leave(cast, partner, event) -> None:
    told = select(Message.kind).where(Message.account_id == partner.id)
    assert db.session.scalars(told).all() == ["event_shared"]
    sharing.stop_sharing(event.id, team_id=cast.other_team.id, by=make.acting(partner), at=BEFORE)
    assert event.partners == []
    li_mei = select(Message.kind).where(Message.volunteer_id == cast.li_mei.volunteer_id)
    assert db.session.scalars(li_mei).all() == ["event_unshared"]
    with pytest.raises(NotFound):
        planning.led(event.id, by=make.acting(partner))


def test_a_team_that_only_runs_it_too_gives_it_to_nobody_else(cast, partner, event) -> None:
    mine = make.acting(partner)
    third = make.team("第三队", area=cast.team.area)
    with pytest.raises(NotFound):
        sharing.share(event.id, team_id=third.id, by=mine, at=BEFORE)
    with pytest.raises(NotFound):
        rescheduling.hand_over(
            event.id, team_id=cast.other_team.id, reason="想要", by=mine, at=BEFORE
        )
    assert sharing.possible(event, by=mine) == ()


def test_only_teams_of_the_street_that_do_not_run_it_yet(cast, event) -> None:
    by = make.acting(cast.li_mei)
    far = make.team("外街道队", area=make.area("另一个街道"))
    with pytest.raises(refusals.OtherStreet):
        sharing.share(event.id, team_id=far.id, by=by, at=BEFORE)
    for team in (cast.team, cast.other_team):
        with pytest.raises(refusals.AlreadyShared):
            sharing.share(event.id, team_id=team.id, by=by, at=BEFORE)
    stranger = make.account("wairen", "外人", role="leader", team=far)
    with pytest.raises((NotFound, NotAllowed)):
        sharing.share(event.id, team_id=far.id, by=make.acting(stranger), at=BEFORE)


def test_a_copy_is_run_by_the_same_teams(cast, partner, event) -> None:
    row = copying.copy(
        event.id, starts_at=make.MORNING + 7 * DAY, by=make.acting(partner), at=BEFORE
    )
    assert [team.id for team in row.partners] == [cast.other_team.id]
