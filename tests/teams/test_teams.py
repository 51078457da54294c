"""Teams: founding, editing, joining, and whose roster one may see."""

from dataclasses import replace

import pytest

from tests import make
from volunteer_service.errors import Conflict, Invalid, NotAllowed, NotFound
from volunteer_service.teams import service as teams
from volunteer_service.teams.membership import AlreadyInTeam

NOW = make.MORNING


def _plan(cast: make.Cast) -> teams.TeamPlan:
    return teams.TeamPlan(
        "庆丰助老队", cast.community.id, "庆丰社区居民委员会", brand="银龄", project="助老"
    )


def test_a_coordinator_founds_a_team(session: None) -> None:
    cast = make.cast()
    team = teams.create(_plan(cast), by=make.acting(cast.coordinator), at=NOW)
    standing = teams.standing(team.id)
    assert (standing.area, standing.brand, standing.project, standing.members) == (
        "市西街道 › 庆丰社区",
        "银龄",
        "助老",
        0,
    )


def test_a_name_stands_once_in_an_area(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.coordinator)
    team = teams.create(_plan(cast), by=by, at=NOW)
    with pytest.raises(teams.TeamExists):
        teams.create(_plan(cast), by=by, at=NOW)
    plan = replace(_plan(cast), name=cast.team.name)
    with pytest.raises(teams.TeamExists):
        teams.edit(team.id, plan, version=1, by=by, at=NOW)


def test_an_edit_of_an_old_version_is_refused(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.coordinator)
    edited = teams.edit(cast.team.id, _plan(cast), version=1, by=by, at=NOW)
    assert (edited.name, edited.version) == ("庆丰助老队", 2)
    with pytest.raises(Conflict):
        teams.edit(cast.team.id, _plan(cast), version=1, by=by, at=NOW)


def test_a_person_asks_and_the_leader_accepts(session: None) -> None:
    cast = make.cast()
    asked = teams.join(cast.team.id, by=make.acting(cast.zhao_account), at=NOW)
    assert asked.state == "asked"
    with pytest.raises(AlreadyInTeam):
        teams.join(cast.team.id, by=make.acting(cast.zhao_account), at=NOW)
    with pytest.raises(NotFound):
        teams.accept(asked.id, by=make.acting(cast.zhao_account), at=NOW)
    teams.accept(asked.id, by=make.acting(cast.li_mei), at=NOW)
    assert teams.standing(cast.team.id).members == 3
    teams.leave(cast.team.id, by=make.acting(cast.zhao_account), at=NOW)
    assert teams.join(cast.team.id, by=make.acting(cast.zhao_account), at=NOW).state == "asked"


def test_a_leader_sees_her_roster_and_no_other(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.li_mei)
    names = [row.volunteer.name for row in teams.roster(cast.team.id, by=by).items]
    assert names == ["王建国", "李梅"]
    with pytest.raises(NotFound):
        teams.roster(cast.other_team.id, by=by)


def test_an_auditor_sees_teams_but_no_roster(session: None) -> None:
    cast = make.cast()
    with pytest.raises(NotAllowed):
        teams.roster(cast.team.id, by=make.acting(cast.auditor))


def test_a_roster_pages(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.coordinator)
    first = teams.roster(cast.team.id, by=by, limit=1)
    second = teams.roster(cast.team.id, by=by, limit=1, cursor=first.next)
    assert [row.volunteer.name for row in (*first.items, *second.items)] == ["王建国", "李梅"]
    assert second.next is None


def test_an_admin_is_named_for_a_whole_sub_district_only(session: None) -> None:
    cast = make.cast()
    by = make.acting(cast.admin)
    for place in ({"area_id": cast.community.id}, {"team_id": cast.team.id}):
        with pytest.raises(Invalid):
            teams.grant(cast.second.id, "admin", **place, by=by, at=make.MORNING)
    assert teams.grant(cast.second.id, "admin", area_id=cast.town.id, by=by, at=make.MORNING).id
