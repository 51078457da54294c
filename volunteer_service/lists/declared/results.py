"""The list of the results of rounds: who was rated with how many stars."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, ScalarSelect, case, func, select
from sqlalchemy.orm import aliased

from volunteer_service.areas import lookup as areas
from volunteer_service.lists import expressions, shared_columns
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.figure_rows import Counted
from volunteer_service.lists.filters import (
    Amounts,
    Choice,
    Exact,
    Named,
    Search,
    Tree,
    called,
    words_of,
)
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, places
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.teams.models import Membership, Team


def _seen_by(by: Actor) -> ColumnElement[bool]:
    return areas.within(Round.area_id, places(by, Right.RATING_SEE)[0])


def _in_teams(named: ColumnElement[bool]) -> ColumnElement[bool]:
    members = select(Membership.volunteer_id).join(Team, Team.id == Membership.team_id)
    return RoundResult.volunteer_id.in_(members.where(Membership.state == "active", named))


#: As frozen, or as an upheld objection amended them.
_MINUTES = func.coalesce(
    RoundResult.amended["confirmed_minutes"].as_integer(),
    RoundResult.facts["confirmed_minutes"].as_integer(),
)

#: How a star compares with that of the last half-year that rated the person.
CHANGES = {
    "up": (_l("升"), "ok"),
    "down": (_l("降"), "warn"),
    "same": (_l("不变"), "plain"),
    "new": (_l("第一次评定"), "info"),
}


def _last_star() -> ScalarSelect[Any]:
    """Return the star of the last final round of an earlier half-year; None without one."""
    earlier, rated = aliased(Round), aliased(RoundResult)
    return (
        select(rated.stars)
        .join(earlier, earlier.id == rated.round_id)
        .where(
            rated.volunteer_id == RoundResult.volunteer_id,
            earlier.state == "final",
            earlier.half_year < Round.half_year,
        )
        .order_by(earlier.half_year.desc(), earlier.supplement.desc(), rated.id.desc())
        .limit(1)
        .correlate(RoundResult, Round)
        .scalar_subquery()
    )


_LAST = _last_star()
#: None before the draft: nothing is rated yet.
_compared: ColumnElement[Any] = case(
    (RoundResult.stars.is_(None), None),
    (_LAST.is_(None), "new"),
    (RoundResult.stars > _LAST, "up"),
    (RoundResult.stars < _LAST, "down"),
    else_="same",
)


def _changed(change: str) -> ColumnElement[bool]:
    is_so: ColumnElement[bool] = _compared == change
    return is_so


RESULTS = StaffList(
    name="results",
    title=_l("星级评定结果"),
    roles=("coordinator", "auditor"),
    id_=RoundResult.id,
    joined=lambda query: query.join(RoundResult.round).join(RoundResult.volunteer),
    guard=_seen_by,
    order="name",
    right=Right.RATING_SEE,
    area=Round.area_id,
    whose=RoundResult.volunteer_id,
    columns=(
        Column(name="name", label=_l("姓名"), sql=Volunteer.name, sort=Volunteer.name_order),
        Column(name="number", label=_l("编号"), sql=Volunteer.number, sort=Volunteer.number),
        Column(name="half_year", label=_l("半年"), sql=Round.half_year, sort=Round.half_year),
        Column(name="team", label=_l("队伍"), sql=expressions.team_names(RoundResult.volunteer_id)),
        shared_columns.street(Round.area_id),
        Column(
            name="stars",
            label=_l("星级"),
            sql=RoundResult.stars,
            kind="stars",
            sort=RoundResult.stars,
        ),
        Column(name="last_stars", label=_l("上次星级"), sql=_LAST, kind="stars", sort=_LAST),
        Column(name="change", label=_l("升降"), sql=_compared, kind="code", codes=CHANGES),
        Column(
            name="minutes",
            label=_l("已确认时长"),
            sql=_MINUTES,
            kind="hours",
            sort=_MINUTES,
            is_summed=True,
        ),
        Column(name="reasons", label=_l("说明"), sql=RoundResult.reasons, kind="reasons"),
    ),
    filters=(
        Counted(label=_l("指标"), list_name="results", id_=RoundResult.id),
        Search(label=_l("姓名、拼音、编号或手机号"), person=RoundResult.volunteer_id),
        Tree(label=_l("区域"), column=Round.area_id),
        Amounts(name="stars", label=_l("星级"), column=RoundResult.stars),
        Choice(name="change", label=_l("升降"), choices=words_of(CHANGES), by=_changed),
        Named(name="team", label=_l("队伍"), named=Team.name, matching=_in_teams),
        Exact(
            name="round_id",
            label=_l("半年"),
            column=RoundResult.round_id,
            called=called(Round.half_year, Round.id),
        ),
    ),
    empty=_l("没有符合条件的评定结果。"),
)
