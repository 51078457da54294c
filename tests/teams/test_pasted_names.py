"""A pasted list finds no more people than one field does: counted, bounded, and told."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.make import MORNING
from tests.signing import token_for
from volunteer_service.attendance.backfills import backfill_sheets
from volunteer_service.db import db, transaction
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Look
from volunteer_service.teams import findable, pasted_names
from volunteer_service.teams.models import Team

DAY = timedelta(days=1)


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


def test_no_more_names_are_looked_for_than_a_list_may_hold(cast) -> None:
    many = "\n".join(f"生人{n}" for n in range(pasted_names.MOST_NAMES + 50))
    by = make.acting(cast.li_mei)
    lines = pasted_names.judged(many, cast.team, by=by, at=MORNING)
    assert len(lines) == pasted_names.MOST_NAMES + 1
    with pytest.raises(pasted_names.TooManyNames):
        pasted_names.chosen(lines, dict.fromkeys(line.typed for line in lines))
    whole = lines[: pasted_names.MOST_NAMES]
    assert pasted_names.chosen(whole, dict.fromkeys(line.typed for line in whole)) == []


def test_blanks_without_end_are_read_once() -> None:
    blanks = " " * pasted_names.LONGEST_LIST
    assert pasted_names.names_in(f"张三{blanks[:7000]}2. 李四") == ["张三", "李四"]
    assert pasted_names.names_in(f"{blanks}张三") == []
    assert pasted_names.names_in("1. 张三   2. 李四,  3. 赵芳\n \u3000 4. 钱伟") == [
        "张三",
        "李四",
        "赵芳",
        "钱伟",
    ]


def test_who_is_counted(cast) -> None:
    """Others than the team's own, and nobody for who sees the whole street anyway."""
    text = f"王建国\n周远\n{cast.wang.number}\n孙晓"
    leader, coordinator = make.acting(cast.li_mei), make.acting(cast.coordinator)
    assert pasted_names.count_looked_for(text, cast.team, by=leader) == 2
    assert pasted_names.count_looked_for(text, cast.team, is_joining=True, by=leader) == 4
    assert pasted_names.count_looked_for(text, cast.team, by=coordinator) == 0


@pytest.mark.parametrize("door", ["team", "sheet", "api"])
def test_who_is_not_in_the_team_is_told_of_the_look(app: Flask, door: str) -> None:
    """Once a day for each team; nobody is told whom the actor sees anyway."""
    with app.app_context(), transaction():
        cast = make.cast()
        far = make.volunteer("周远", area_id=make.area("东街", parent=cast.town).id)
        team_id, far_id, why = cast.team.id, far.id, f"{findable.LOOKED}：{cast.team.name}"
        by, coordinator = make.acting(cast.li_mei), make.acting(cast.coordinator)
        headers = token_for(cast.li_mei, "read")

    def look(typed: str, actor: Actor, at=MORNING) -> list[tuple[int, str, str, int]]:
        if door == "api":
            find = f"/api/v1/teams/{team_id}/candidates"
            asked = {"q": typed}
            assert app.test_client().get(find, query_string=asked, headers=headers).json["items"]
        with app.app_context(), transaction(write=False):
            if door == "team":
                team = db.session.get(Team, team_id)
                pasted_names.judged(typed, team, by=actor, at=at)
            if door == "sheet":
                backfill_sheets.judged(typed, team_id=team_id, by=actor, at=at)
        with app.app_context():
            kept = db.session.scalars(select(Look).order_by(Look.id))
            return [(each.volunteer_id, each.field, each.why, each.account_id) for each in kept]

    assert look("王建国", by) == []
    for _again in range(2):
        kept = look("周远", by)
    assert kept == [(far_id, "search", why, by.account_id)]
    if door != "api":
        assert look("周远", coordinator) == kept
        assert len(look("周远", by, MORNING + DAY)) == 2
