"""Two teams are merged: people, coming events and leaders go along; the past stays; the undo."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import scan
from volunteer_service.attendance import closing
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import Base, db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.events.models import Event
from volunteer_service.journal import Entry
from volunteer_service.merging.teams import refusals, steps, tables
from volunteer_service.people.models import Grant, Message
from volunteer_service.stories import reading as stories
from volunteer_service.teams import founding, membership, placing, team_lists, team_robots
from volunteer_service.teams.models import Membership

NOW = make.MORNING
DAY = timedelta(days=1)
ROBOT = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7abc-4bc4-97a0-0ec25ifa5aaa"


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


def merge(cast: make.Cast, *, at=NOW):
    """Merge the cast's team into the other one."""
    by = make.acting(cast.coordinator)
    return steps.merge_teams(cast.other_team.id, cast.team.id, reason="人少了", by=by, at=at)


def join(person, team) -> None:
    db.session.add(Membership(team_id=team.id, volunteer_id=person.id, joined_at=NOW - DAY))
    db.session.flush()


def undo(cast: make.Cast, row, *, at=NOW + DAY):
    return steps.undo_team_merging(row.id, reason="弄错了", by=make.acting(cast.coordinator), at=at)


def places(person, team) -> list[tuple[str, object]]:
    query = select(Membership).where(
        Membership.volunteer_id == person.id, Membership.team_id == team.id
    )
    return [(row.state, row.left_at) for row in db.session.scalars(query)]


def told(person) -> list[str]:
    query = select(Message.kind).where(Message.volunteer_id == person.id).order_by(Message.id)
    return list(db.session.scalars(query))


def test_every_column_that_points_at_a_team_is_decided() -> None:
    found = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "teams"
    }
    assert found == tables.HOW.keys(), "say in merging/teams/tables.py what becomes of it"


def test_members_go_along_their_old_place_ends_and_is_kept_and_they_are_told(cast) -> None:
    row = merge(cast)
    assert places(cast.wang, cast.team) == [("left", NOW)]
    assert places(cast.wang, cast.other_team) == [("active", None)]
    assert told(cast.wang) == ["team_merged"]
    assert told(cast.zhao) == []
    assert row.counts["active"] == 2
    assert team_lists.standing(cast.team.id).state == "closed"
    assert cast.team.merged_into_id == cast.other_team.id


def test_who_is_in_both_has_one_place_and_who_asked_still_asks(cast) -> None:
    join(cast.zhao, cast.team)
    new = make.volunteer("新人")
    asking = make.acting(make.account("new", "新人", volunteer=new))
    membership.join(cast.team.id, by=asking, at=NOW - DAY)
    row = merge(cast)
    assert (row.counts["both"], row.counts["asked"]) == (1, 1)
    assert places(cast.zhao, cast.other_team) == [("active", None)]
    assert places(new, cast.other_team) == [("asked", None)]


def test_coming_events_go_along_and_hours_and_begun_events_stay(cast) -> None:
    past = make.event(team=cast.team, leader=cast.li_mei)
    make.sign_up(past, cast.wang)
    scan(past, cast.wang)
    coming = make.event(team=cast.team, leader=cast.li_mei, starts_at=NOW + 5 * DAY)
    merge(cast, at=past.starts_at + timedelta(minutes=10))
    db.session.expire_all()
    assert coming.team_id == cast.other_team.id
    assert past.team_id == cast.team.id
    # Its own leader closes the events that had begun; the hours belong to the team that served.
    closing.close(past.id, by=make.acting(cast.li_mei), at=past.ends_at)
    assert db.session.scalars(select(ServiceRecord.team_id)).all() == [cast.team.id]


def test_a_leader_becomes_deputy_and_keeps_the_past_of_the_old_team(cast) -> None:
    merge(cast)
    held = db.session.scalars(select(Grant).where(Grant.account_id == cast.li_mei.id)).all()
    assert {(each.team_id, each.is_deputy) for each in held} == {
        (cast.team.id, False),
        (cast.other_team.id, True),
    }


def test_a_leader_whom_one_may_not_name_is_counted_and_told_beforehand(cast) -> None:
    """The coordinator leads the team too: nobody gives a role to themself."""
    db.session.add(Grant(account_id=cast.coordinator.id, role="leader", team_id=cast.team.id))
    db.session.flush()
    by = make.acting(cast.coordinator)
    found = steps.preview_teams(cast.other_team.id, cast.team.id, by=by, at=NOW)
    assert [(each.name, each.refused is None) for each in found.leads] == [
        ("周静", False),
        ("李梅", True),
    ]
    row = merge(cast)
    assert (row.counts["leads"], row.counts["leads_refused"]) == (1, 1)


def test_the_preview_counts_what_the_merging_then_does(cast) -> None:
    join(cast.zhao, cast.team)
    make.event(team=cast.team, leader=cast.li_mei, starts_at=NOW + DAY)
    by = make.acting(cast.coordinator)
    found = steps.preview_teams(cast.other_team.id, cast.team.id, by=by, at=NOW)
    row = merge(cast)
    seen = (found.members, found.in_both, len(found.events), len(found.leads))
    assert seen == tuple(row.counts[name] for name in ("active", "both", "events", "leads"))


def test_the_robot_goes_along_where_the_other_team_has_none(cast) -> None:
    by = make.acting(cast.coordinator)
    team_robots.set_robot(cast.team.id, ROBOT, by=by, at=NOW)
    row = merge(cast)
    assert team_robots.robot_of(cast.other_team.id, by=by) is not None
    undo(cast, row)
    assert team_robots.robot_of(cast.other_team.id, by=by) is None
    assert team_robots.robot_of(cast.team.id, by=by) is not None


def test_a_merged_team_is_not_opened_beside_the_other_one(cast) -> None:
    merge(cast)
    plan = founding.TeamPlan("旧队", cast.community.id, "居委会")
    with pytest.raises(founding.TeamMerged):
        founding.edit(
            cast.team.id, plan, version=cast.team.version, by=make.acting(cast.admin), at=NOW
        )


def test_an_undo_puts_everything_back_that_nothing_happened_to_since(cast) -> None:
    coming = make.event(team=cast.team, leader=cast.li_mei, starts_at=NOW + 5 * DAY)
    begun = make.event(team=cast.team, leader=cast.li_mei, starts_at=NOW + timedelta(hours=1))
    stays = make.volunteer("留下的", team=cast.team)
    row = merge(cast)
    account = make.account("stays", "留下的", volunteer=stays)
    membership.leave(cast.other_team.id, by=make.acting(account), at=NOW)
    undo(cast, row)
    assert team_lists.standing(cast.team.id).state == "active"
    assert cast.team.merged_into_id is None
    assert places(cast.wang, cast.team) == [("active", None)]
    assert places(cast.wang, cast.other_team)[0][0] == "left"
    assert places(stays, cast.team)[0][0] == "left"
    assert (coming.team_id, begun.team_id) == (cast.team.id, cast.other_team.id)
    assert row.counts["back"] == {"people": 2, "events": 1, "leads": 1}
    assert row.counts["stay"] == 2
    assert told(cast.wang) == ["team_merged", "team_merging_undone"]
    held = select(Grant.team_id).where(Grant.account_id == cast.li_mei.id)
    assert db.session.scalars(held).all() == [cast.team.id]


def test_an_undo_comes_once_within_the_days_and_the_last_merging_first(cast) -> None:
    row = merge(cast)
    third = make.team("第三队", area=cast.community)
    by = make.acting(cast.coordinator)
    later = steps.merge_teams(third.id, cast.other_team.id, reason="再并", by=by, at=NOW)
    with pytest.raises(refusals.LaterTeamMerging):
        undo(cast, row)
    undo(cast, later)
    with pytest.raises(refusals.TeamUndoTooLate):
        undo(cast, row, at=NOW + 8 * DAY)
    undo(cast, row)
    with pytest.raises(refusals.TeamMergingUndone):
        undo(cast, row)
    assert merge(cast, at=NOW + 2 * DAY).state == "done"


def test_what_cannot_be_merged_is_refused_with_the_reason(cast) -> None:
    by = make.acting(cast.coordinator)
    with pytest.raises(refusals.SameTeamTwice):
        steps.merge_teams(cast.team.id, cast.team.id, reason="x", by=by, at=NOW)
    cast.other_team.state = "closed"
    with pytest.raises(refusals.NotBothActive):
        merge(cast)
    street = make.area("另一个街道")
    far = make.team("远方队", area=make.area("远方社区", parent=street, kind="community"))
    with pytest.raises(NotFound):
        steps.merge_teams(far.id, cast.team.id, reason="x", by=by, at=NOW)
    both = make.account("two", "两街管理员", role="admin", area=street)
    db.session.add(Grant(account_id=both.id, role="admin", area_id=cast.town.id))
    db.session.flush()
    with pytest.raises(refusals.TeamsOfTwoStreets):
        steps.merge_teams(far.id, cast.team.id, reason="x", by=make.acting(both), at=NOW)


def test_a_leader_of_both_does_not_merge_them(cast) -> None:
    db.session.add(Grant(account_id=cast.li_mei.id, role="leader", team_id=cast.other_team.id))
    db.session.flush()
    with pytest.raises(NotAllowed):
        steps.merge_teams(
            cast.other_team.id, cast.team.id, reason="x", by=make.acting(cast.li_mei), at=NOW
        )


def test_both_teams_tell_it_in_their_story_and_each_thing_has_its_row(cast) -> None:
    make.event(team=cast.team, leader=cast.li_mei, starts_at=NOW + DAY)
    undo(cast, merge(cast))
    by = make.acting(cast.coordinator)
    for team in (cast.team, cast.other_team):
        told = stories.story("team", team.id, by=by, at=NOW + DAY)
        assert [str(act.words) for act in told.acts.items][:2] == ["撤销并入", "并入另一支队伍"]
    verbs = db.session.scalars(select(Entry.verb)).all()
    assert verbs.count("teams.move") == 2
    assert verbs.count("events.hand_over") == 1


def test_a_place_that_is_to_begin_begins_in_the_team_that_goes_on(cast) -> None:
    row = Membership(
        team_id=cast.team.id, volunteer_id=cast.zhao.id, state="coming", joined_at=NOW + DAY
    )
    new = make.volunteer("将来的")
    row.volunteer_id = new.id
    db.session.add(row)
    db.session.flush()
    merge(cast)
    placing.begin_due(at=NOW + 2 * DAY)
    assert places(new, cast.other_team) == [("active", None)]
    assert places(new, cast.team) == [("left", NOW)]


def test_an_event_of_both_is_of_one(cast) -> None:
    event = make.event(team=cast.other_team, leader=cast.li_mei, starts_at=NOW + DAY)
    assert merge(cast).counts["events"] == 0
    assert db.session.get_one(Event, event.id).team_id == cast.other_team.id
