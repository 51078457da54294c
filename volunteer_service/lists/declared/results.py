"""The list of the results of rounds: who was rated with how many stars."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select

from volunteer_service.areas import lookup as areas
from volunteer_service.lists import shared_columns
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.figure_rows import Counted
from volunteer_service.lists.filters import Amounts, Exact, Named, Search, Tree, called
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
        shared_columns.street(Round.area_id),
        Column(
            name="stars",
            label=_l("星级"),
            sql=RoundResult.stars,
            kind="stars",
            sort=RoundResult.stars,
        ),
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
