"""Staff put people into teams, move them and end their place, from a day on."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make, make_attendance
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.jobs.work import run_job
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import OwnCase
from volunteer_service.people.models import Guardian, Message, Volunteer
from volunteer_service.people.registrations.registration_state import RegistrationEnded
from volunteer_service.people.search import person_search
from volunteer_service.teams import (
    findable,
    leading,
    membership,
    pasted_names,
    placing,
    role_grants,
    team_lists,
)
from volunteer_service.teams.models import Membership

NOW = make.MORNING
TODAY = date(2026, 5, 16)
DAY = timedelta(days=1)


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


def placed(cast: make.Cast, person: Volunteer, *, by: str = "li_mei", since: date | None = None):
    actor = make.acting(getattr(cast, by))
    (row,) = placing.place(cast.team.id, [person.id], since=since, by=actor, at=NOW)
    return row


def told(person: Volunteer) -> list[tuple[str, dict[str, object]]]:
    query = select(Message).where(Message.volunteer_id == person.id).order_by(Message.id)
    return [(row.kind, row.facts) for row in db.session.scalars(query)]


def test_a_leader_puts_somebody_without_a_phone_into_her_team(cast) -> None:
    alone = make.volunteer("孙奶奶", area_id=cast.elsewhere.id)
    row = placed(cast, alone)
    assert (row.state, row.joined_at) == ("active", NOW)
    assert told(alone) == [("team_placed", {"team": cast.team.name, "day": "2026-05-16"})]
    roster = team_lists.roster(cast.team.id, by=make.acting(cast.li_mei)).items
    assert alone.id in {each.volunteer_id for each in roster}


def test_who_asked_is_in_and_a_person_is_in_several_teams(cast) -> None:
    membership.join(cast.team.id, by=make.acting(cast.zhao_account), at=NOW)
    placed(cast, cast.zhao)
    teams = {row.team_id for row in team_lists.memberships_of(cast.zhao.id)}
    assert teams == {cast.team.id, cast.other_team.id}


def test_all_of_a_list_or_nobody(cast) -> None:
    new = make.volunteer("孙奶奶", area_id=cast.community.id)
    with pytest.raises(membership.AlreadyInTeam) as refused:
        placing.place(cast.team.id, [new.id, cast.wang.id], by=make.acting(cast.li_mei), at=NOW)
    assert "此人" in str(refused.value)
    rows = placing.place(
        cast.team.id, [new.id, cast.zhao.id], by=make.acting(cast.coordinator), at=NOW
    )
    assert {row.state for row in rows} == {"active"}
    with pytest.raises(placing.NobodyChosen):
        placing.place(cast.team.id, [], by=make.acting(cast.li_mei), at=NOW)


def test_who_may_put_whom_where(cast) -> None:
    new = make.volunteer("孙奶奶", area_id=cast.community.id)
    with pytest.raises(NotFound):
        placed(cast, new, by="zhao_account")
    with pytest.raises(NotAllowed):
        placed(cast, new, by="auditor")
    with pytest.raises(NotFound):
        placing.place(cast.other_team.id, [new.id], by=make.acting(cast.li_mei), at=NOW)
    cast.coordinator.volunteer_id = new.id
    db.session.flush()
    with pytest.raises(OwnCase):
        placed(cast, new, by="coordinator")
    assert (
        db.session.scalars(select(Membership).where(Membership.volunteer_id == new.id)).all() == []
    )


def test_of_another_street_nobody_is_taken_and_a_leader_learns_nothing(cast) -> None:
    far = make.volunteer("周远", area_id=make.area("东街").id)
    with pytest.raises(NotFound):
        placed(cast, far)
    nowhere = make.volunteer("无处")
    with pytest.raises(NotFound):
        placed(cast, nowhere)
    system = Actor.system("cli")
    with pytest.raises(placing.LivesElsewhere):
        placing.place(cast.team.id, [far.id], by=system, at=NOW)


def test_who_left_and_a_minor_without_guardian_are_refused_with_the_cure(cast) -> None:
    left = make.volunteer("钱退", area_id=cast.community.id, state="left")
    with pytest.raises(RegistrationEnded):
        placed(cast, left)
    child = make.volunteer("小明", area_id=cast.community.id, born_on=date(2012, 1, 1))
    with pytest.raises(placing.GuardianConsentMissing) as refused:
        placed(cast, child)
    assert "补登监护人" in str(refused.value)
    db.session.add(
        Guardian(volunteer_id=child.id, name="明妈", phone="17055500001", consented_at=NOW)
    )
    db.session.flush()
    assert placed(cast, child).state == "active"


def test_a_move_ends_one_place_and_begins_another_and_records_stay(cast) -> None:
    record = make_attendance.record(cast.wang, team=cast.team)
    (old,) = team_lists.memberships_of(cast.wang.id)
    by = make.acting(cast.coordinator)
    new = placing.move(old.id, cast.other_team.id, since=TODAY, by=by, at=NOW)
    assert (old.state, old.left_at, new.state) == ("left", NOW, "active")
    assert record.team_id == cast.team.id
    facts = {"was": cast.team.name, "team": cast.other_team.name, "day": "2026-05-16"}
    assert told(cast.wang) == [("team_moved", facts)]
    verbs = [entry.verb for entry, _name in team_lists.story_of(old.id, by=by)]
    assert verbs == ["teams.end_place"]
    with pytest.raises(NotFound):
        placing.move(old.id, cast.other_team.id, by=by, at=NOW)


def test_a_leader_moves_nobody_into_a_team_of_others(cast) -> None:
    (old,) = team_lists.memberships_of(cast.wang.id)
    with pytest.raises(NotFound):
        placing.move(old.id, cast.other_team.id, by=make.acting(cast.li_mei), at=NOW)
    assert old.state == "active"
    with pytest.raises(placing.SameTeam):
        placing.move(old.id, cast.team.id, by=make.acting(cast.li_mei), at=NOW)


def test_a_day_ahead_takes_effect_by_itself(cast) -> None:
    (old,) = team_lists.memberships_of(cast.wang.id)
    by = make.acting(cast.coordinator)
    new = placing.move(old.id, cast.other_team.id, since=TODAY + 3 * DAY, by=by, at=NOW)
    assert (old.state, new.state) == ("active", "coming")
    placing.begin_due(at=NOW + DAY)
    assert (old.state, new.state) == ("active", "coming")
    assert placing.begin_due(at=NOW + 3 * DAY) == {"begun": 1, "ended": 1}
    assert (old.state, new.state) == ("left", "active")
    assert placing.begin_due(at=NOW + 4 * DAY) == {"begun": 0, "ended": 0}


def test_who_never_began_was_never_in_it(cast) -> None:
    new = make.volunteer("孙奶奶", area_id=cast.community.id)
    row = placed(cast, new, since=TODAY + 3 * DAY)
    assert [each.state for each in team_lists.memberships_of(new.id)] == ["coming"]
    placing.end_place(row.id, by=make.acting(cast.li_mei), at=NOW)
    asked = membership.join(cast.team.id, by=make.acting(cast.zhao_account), at=NOW)
    membership.refuse(asked.id, by=make.acting(cast.li_mei), at=NOW + DAY)
    assert team_lists.former_of(new.id) == team_lists.former_of(cast.zhao.id) == []
    (old,) = team_lists.memberships_of(cast.wang.id)
    placing.end_place(old.id, by=make.acting(cast.li_mei), at=NOW + DAY)
    assert team_lists.former_of(cast.wang.id) == [old]
    assert told(cast.zhao)[-1][0] == "team_refused"


def test_who_leaves_the_programme_meanwhile_joins_nothing(cast) -> None:
    new = make.volunteer("孙奶奶", area_id=cast.community.id)
    row = placed(cast, new, since=TODAY + DAY)
    new.state = "left"
    placing.begin_due(at=NOW + 2 * DAY)
    assert row.state == "left"


def test_days_that_cannot_be(cast) -> None:
    new = make.volunteer("孙奶奶", area_id=cast.community.id, registered_on=date(2026, 3, 1))
    for day in (date(2026, 2, 28), TODAY + 400 * DAY):
        with pytest.raises(placing.DayImpossible):
            placed(cast, new, since=day)
    row = placed(cast, new, since=date(2026, 3, 1))
    with pytest.raises(placing.DayImpossible):
        placing.end_place(row.id, since=date(2026, 2, 1), by=make.acting(cast.li_mei), at=NOW)
    placing.end_place(row.id, since=date(2026, 4, 1), by=make.acting(cast.li_mei), at=NOW)
    assert row.state == "left"
    assert told(new)[-1] == ("team_left", {"team": cast.team.name, "day": "2026-04-01"})


def test_leader_and_deputy_are_named_from_the_members(cast) -> None:
    (row,) = team_lists.memberships_of(cast.wang.id)
    by = make.acting(cast.coordinator)
    with pytest.raises(NotAllowed):
        leading.name_lead(row.id, "deputy", by=make.acting(cast.li_mei), at=NOW)
    held = leading.name_lead(row.id, "deputy", by=by, at=NOW)
    standing = team_lists.standing(cast.team.id)
    assert (standing.leaders, standing.deputies) == (("李梅",), ("王建国",))
    # A deputy keeps the roster while deputy, and no longer.
    db.session.expire_all()
    deputy = make.acting(cast.wang_account)
    assert placing.place(cast.team.id, [cast.zhao.id], by=deputy, at=NOW)
    assert leading.name_lead(row.id, "leader", by=by, at=NOW).id == held.id
    assert team_lists.standing(cast.team.id).leaders == ("李梅", "王建国")
    roles = [facts["role"] for kind, facts in told(cast.wang) if kind == "role_granted"]
    assert roles == ["deputy", "leader"]
    role_grants.revoke_grant(held.id, by=by, at=NOW)
    db.session.expire_all()
    with pytest.raises(NotFound):
        placing.end_place(row.id, by=make.acting(cast.wang_account), at=NOW)


def test_nobody_puts_themself_into_the_lead_and_only_a_member_with_an_account_leads(cast) -> None:
    mine = make.volunteer("周静", team=cast.team)
    cast.coordinator.volunteer_id = mine.id
    db.session.flush()
    (row,) = team_lists.memberships_of(mine.id)
    with pytest.raises(OwnCase):
        leading.name_lead(row.id, "leader", by=make.acting(cast.coordinator), at=NOW)
    silent = make.volunteer("孙奶奶", team=cast.team)
    (row,) = team_lists.memberships_of(silent.id)
    with pytest.raises(leading.NoAccountYet):
        leading.name_lead(row.id, "leader", by=make.acting(cast.coordinator), at=NOW)
    asked = membership.join(cast.team.id, by=make.acting(cast.zhao_account), at=NOW)
    with pytest.raises(leading.NotAMember):
        leading.name_lead(asked.id, "leader", by=make.acting(cast.coordinator), at=NOW)


def test_who_leads_hands_it_on_before_leaving(cast) -> None:
    query = select(Membership).where(Membership.volunteer_id == cast.li_mei.volunteer_id)
    row = db.session.scalars(query).one()
    by = make.acting(cast.coordinator)
    for verb in (
        lambda: placing.end_place(row.id, by=by, at=NOW),
        lambda: placing.move(row.id, cast.other_team.id, by=by, at=NOW),
        lambda: membership.refuse(row.id, by=by, at=NOW),
        lambda: membership.leave(cast.team.id, by=make.acting(cast.li_mei), at=NOW),
    ):
        with pytest.raises(membership.StillLeads):
            verb()
        assert row.state == "active"


def test_outside_her_team_a_leader_finds_only_whom_she_can_name(cast) -> None:
    by, team = make.acting(cast.li_mei), cast.team
    far = make.volunteer("赵芳", area_id=make.area("东街").id)

    def names(typed: str) -> list[int]:
        return [row.id for row in findable.found(typed, team, by=by)]

    for typed in ("赵芳", "zhaofang", "zf", f"赵芳 {cast.zhao.number[-4:]}", cast.zhao.phone[-4:]):
        assert names(typed) == [cast.zhao.id], typed
    assert names("赵") == names("zhao") == names("z") == names("芳") == names("") == []
    assert names("王") == [cast.wang.id]
    assert far.id not in names("赵芳")
    assert [row.id for row in findable.found("赵", team, by=make.acting(cast.coordinator))] == [
        cast.zhao.id
    ]
    with pytest.raises(NotFound):
        findable.found("赵芳", team, by=make.acting(cast.zhao_account))
    assert findable.count("赵芳", team, by=by) == 1
    assert person_search.by_text("", is_whole=True) == []


def test_a_pasted_list_is_judged_line_by_line(cast) -> None:
    text = f"1. 王建国 2. 赵芳\n3. 没有此人\n4. {cast.zhao.number}"
    lines = pasted_names.judged(text, cast.team, by=make.acting(cast.li_mei), at=NOW)
    assert [line.only and line.only.name for line in lines] == ["王建国", "赵芳", None, "赵芳"]
    with pytest.raises(pasted_names.NamesUnclear):
        pasted_names.chosen(lines, {})
    assert pasted_names.chosen(lines, {"没有此人": None}) == [
        cast.wang.id,
        cast.zhao.id,
        cast.zhao.id,
    ]


def test_a_member_does_not_hide_a_namesake_who_joins(cast) -> None:
    team, by = cast.team, make.acting(cast.coordinator)
    others = [make.volunteer("王建国", area_id=cast.zhao.area_id).id for _n in range(26)]
    longer = make.volunteer("王建国庆", area_id=cast.zhao.area_id).id

    def likely(typed: str) -> list[int]:
        (line,) = pasted_names.judged(typed, team, is_joining=True, by=by, at=NOW)
        return [row.id for row in line.likely]

    assert sorted(likely("王建国")[:-1]) == sorted(others)
    assert likely("王建国")[-1] == cast.wang.id
    assert {*likely("wangjianguo")} == {*others, longer, cast.wang.id}
    assert likely(cast.wang.number) == [cast.wang.id]
    (line,) = pasted_names.judged("王建国", team, by=by, at=NOW)
    assert [row.id for row in line.likely] == [cast.wang.id]


def test_the_job_of_the_day_does_it(app: Flask) -> None:
    with app.app_context():
        run = run_job("team_places", at=NOW)
        assert (run.outcome, run.result) == ("done", {"begun": 0, "ended": 0})
        db.session.remove()
