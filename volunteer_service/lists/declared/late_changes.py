"""The list «changed since sign-off»: whose facts of now would give another star or other hours."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, case

from volunteer_service.areas import lookup as areas
from volunteer_service.lists import expressions, shared_columns
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.filters import Choice, Exact, Search, Tree, called, words_of
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, places
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.ratings import late_counts
from volunteer_service.scoring.ratings.models import LateChange, Round

KINDS = {"star": (_l("星级会变"), "warn"), "hours": (_l("只有时长会变"), "plain")}
#: Another star stands above other hours alone.
_KIND = case((late_counts.is_other_star(), 1), else_=2)


def _seen_by(by: Actor) -> ColumnElement[bool]:
    here = areas.within(Round.area_id, places(by, Right.RATING_SEE)[0])
    return and_(here, late_counts.still_waits())


def _is(kind: str) -> ColumnElement[bool]:
    star = late_counts.is_other_star()
    return star if kind == "star" else ~star


LATE_CHANGES = StaffList(
    name="late_changes",
    title=_l("签发后有变化"),
    roles=("coordinator", "auditor"),
    id_=LateChange.id,
    joined=lambda query: query.join(LateChange.round).join(LateChange.volunteer),
    guard=_seen_by,
    order="kind",
    right=Right.RATING_SEE,
    area=Round.area_id,
    whose=LateChange.volunteer_id,
    lead=LateChange.round_id,
    columns=(
        Column(name="name", label=_l("姓名"), sql=Volunteer.name, sort=Volunteer.name_order),
        Column(name="number", label=_l("编号"), sql=Volunteer.number, sort=Volunteer.number),
        Column(name="team", label=_l("队伍"), sql=expressions.team_names(LateChange.volunteer_id)),
        Column(name="half_year", label=_l("半年"), sql=Round.half_year, sort=Round.half_year),
        shared_columns.street(Round.area_id),
        Column(
            name="kind",
            label=_l("变化"),
            sql=case((late_counts.is_other_star(), "star"), else_="hours"),
            kind="code",
            codes=KINDS,
            sort=(_KIND, Volunteer.name_order),
        ),
        Column(
            name="stars_before", label=_l("签发的星级"), sql=LateChange.stars_before, kind="stars"
        ),
        Column(name="stars_now", label=_l("现在会是"), sql=LateChange.stars_now, kind="stars"),
        Column(
            name="minutes_before",
            label=_l("签发的时长"),
            sql=LateChange.minutes_before,
            kind="hours",
        ),
        Column(
            name="minutes_now", label=_l("现在的时长"), sql=LateChange.minutes_now, kind="hours"
        ),
    ),
    filters=(
        Search(label=_l("姓名、拼音、编号或手机号"), person=LateChange.volunteer_id),
        Tree(label=_l("区域"), column=Round.area_id),
        Choice(name="kind", label=_l("变化"), choices=words_of(KINDS), by=_is),
        Exact(
            name="round_id",
            label=_l("半年"),
            column=LateChange.round_id,
            called=called(Round.half_year, Round.id),
        ),
    ),
    empty=_l("没有人的星级或时长会变。每天夜里核对一次。"),
)
