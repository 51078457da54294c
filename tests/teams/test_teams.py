"""Teams: founding, editing, joining, and whose roster one may see."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from volunteer_service.db import db
from volunteer_service.errors import Conflict, Invalid, NotAllowed, NotFound
from volunteer_service.people.authentication import accounts, one_time_codes
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import OwnCase, SecondPersonNeeded
from volunteer_service.people.models import Message
from volunteer_service.teams import founding, membership, role_grants, team_lists
from volunteer_service.teams.membership import AlreadyInTeam

NOW = make.MORNING


def _plan(cast: make.Cast) -> founding.TeamPlan:
    return founding.TeamPlan(
        "庆丰助老队", cast.community.id, "庆丰社区居民委员会", brand="银龄", project="助老"
    )


def test_a_coordinator_founds_a_team(session: None) -> None:
    cast = make.cast()
    team = founding.create(_plan(cast), by=make.acting(cast.coordinator), at=NOW)
    standing = team_lists.standing(team.id)
    assert (standing.area, standing.brand, standing.project, standing.members) == (
        "市西街道 › 庆丰社区",
        "银龄",
        "助老",
        0,
    )


def test_a_name_stands_once_in_an_area(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.coordinator)
    team = founding.create(_plan(cast), by=by, at=NOW)
    with pytest.raises(founding.TeamExists):
        founding.create(_plan(cast), by=by, at=NOW)
    plan = replace(_plan(cast), name=cast.team.name)
    with pytest.raises(founding.TeamExists):
        founding.edit(team.id, plan, version=1, by=by, at=NOW)


def test_an_edit_of_an_old_version_is_refused(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.coordinator)
    edited = founding.edit(cast.team.id, _plan(cast), version=1, by=by, at=NOW)
    assert (edited.name, edited.version) == ("庆丰助老队", 2)
    with pytest.raises(Conflict):
        founding.edit(cast.team.id, _plan(cast), version=1, by=by, at=NOW)


def test_a_person_asks_and_the_leader_accepts(session: None) -> None:
    cast = make.cast()
    asked = membership.join(cast.team.id, by=make.acting(cast.zhao_account), at=NOW)
    assert asked.state == "asked"
    with pytest.raises(AlreadyInTeam):
        membership.join(cast.team.id, by=make.acting(cast.zhao_account), at=NOW)
    with pytest.raises(NotFound):
        membership.accept(asked.id, by=make.acting(cast.zhao_account), at=NOW)
    membership.accept(asked.id, by=make.acting(cast.li_mei), at=NOW)
    assert team_lists.standing(cast.team.id).members == 3
    membership.leave(cast.team.id, by=make.acting(cast.zhao_account), at=NOW)
    assert membership.join(cast.team.id, by=make.acting(cast.zhao_account), at=NOW).state == "asked"


def test_a_leader_sees_her_roster_and_no_other(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.li_mei)
    names = [row.volunteer.name for row in team_lists.roster(cast.team.id, by=by).items]
    assert names == ["王建国", "李梅"]
    with pytest.raises(NotFound):
        team_lists.roster(cast.other_team.id, by=by)


def test_an_auditor_sees_teams_but_no_roster(session: None) -> None:
    cast = make.cast()
    with pytest.raises(NotAllowed):
        team_lists.roster(cast.team.id, by=make.acting(cast.auditor))


def test_a_roster_pages(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.coordinator)
    first = team_lists.roster(cast.team.id, by=by, limit=1)
    second = team_lists.roster(cast.team.id, by=by, limit=1, cursor=first.next)
    assert [row.volunteer.name for row in (*first.items, *second.items)] == ["王建国", "李梅"]
    assert second.next is None


def test_an_admin_is_named_for_a_whole_sub_district_only(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.admin)
    for place in ({"area_id": cast.community.id}, {"team_id": cast.team.id}):
        with pytest.raises(Invalid):
            role_grants.grant(cast.second.id, "admin", **place, by=by, at=make.MORNING)
    assert role_grants.grant(
        cast.second.id, "admin", area_id=cast.town.id, by=by, at=make.MORNING
    ).id


def test_nobody_gives_a_role_to_themself(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.coordinator)
    with pytest.raises(OwnCase) as refused:
        role_grants.grant(cast.coordinator.id, "auditor", area_id=cast.town.id, by=by, at=NOW)
    assert "可以办理的人：钱伟" in str(refused.value)
    # Nor to the account of their own person, nor through an account that they hold the password of.
    cast.coordinator.volunteer_id = make.volunteer("周静", team=cast.team).id
    db.session.flush()
    puppet, _plain = one_time_codes.issue_code_to(
        cast.wang.id, by=make.acting(cast.coordinator), at=NOW
    )
    role_grants.grant(
        puppet.id, "coordinator", area_id=cast.town.id, by=Actor.system("cli"), at=NOW
    )
    with pytest.raises(SecondPersonNeeded):
        role_grants.grant(
            cast.coordinator.id,
            "auditor",
            area_id=cast.town.id,
            by=make.acting(puppet),
            at=NOW,
        )
    assert len(role_grants.grants_of(cast.coordinator.id, by=Actor.system("cli"))) == 1


def test_whose_password_one_set_gets_a_role_from_somebody_else(session: None) -> None:
    cast = make.cast()
    by, where = make.acting(cast.coordinator), {"area_id": cast.community.id}
    account, _plain = one_time_codes.issue_code_to(cast.wang.id, by=by, at=NOW)
    with pytest.raises(SecondPersonNeeded) as refused:
        role_grants.grant(account.id, "coordinator", **where, by=by, at=NOW + timedelta(days=29))
    assert "可以办理的人：钱伟" in str(refused.value)
    assert role_grants.grants_of(account.id, by=by) == []
    assert role_grants.grant(account.id, "leader", **where, by=make.acting(cast.second), at=NOW)
    assert role_grants.grant(account.id, "coordinator", **where, by=by, at=NOW + timedelta(days=30))
    sent = select(Message).where(Message.kind == "role_granted").order_by(Message.id)
    told = db.session.scalars(sent).all()
    assert [row.facts for row in told] == [
        {"role": "leader", "place": "庆丰社区"},
        {"role": "coordinator", "place": "庆丰社区"},
    ]


def test_an_admin_opens_accounts_and_gives_them_their_roles(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.admin)
    opened = accounts.open_account(
        "new", "a new long password", name="新来的", volunteer=None, by=by, at=NOW
    )
    assert role_grants.grant(opened.id, "desk", area_id=cast.town.id, by=by, at=NOW).id
