"""The list of people."""

from functools import partial

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, case, exists, func, select

from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.lists import expressions, shared_columns
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.figure_rows import Counted
from volunteer_service.lists.filters import (
    Amounts,
    Choice,
    Days,
    Flag,
    Named,
    Search,
    Tree,
    words_of,
)
from volunteer_service.lists.forecast_stars import ForecastStars
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import living_under
from volunteer_service.people.models import Consent, Volunteer
from volunteer_service.people.search import people_lists
from volunteer_service.teams.models import Membership, Team

STATES = {
    "active": (_l("在册"), "ok"),
    "merged": (_l("已并入另一份"), "plain"),
    "left": (_l("已退出"), "plain"),
    "deceased": (_l("已去世"), "plain"),
    "moved": (_l("已迁走"), "plain"),
    "disowned": (_l("非本人登记"), "bad"),
}
#: A person has records of several grades, so each grade is a checkbox of its own.
_WITH_GRADE = {
    "scanned": _l("有扫码的记录"),
    "leader": _l("有负责人确认的记录"),
    "imported": _l("有导入的记录"),
    "backfilled": _l("有补录的记录"),
}
_STATE = case(
    (Volunteer.merged_into_id.is_not(None), "merged"),
    (Volunteer.departed_as.is_not(None), Volunteer.departed_as),
    else_=Volunteer.state,
)
_OF_PERSON = ServiceRecord.volunteer_id == Volunteer.id
_MINUTES = expressions.confirmed_minutes(_OF_PERSON)
_STARS = expressions.last_stars(Volunteer.id)
_LAST = expressions.last_served(_OF_PERSON)


def _in_teams(named: ColumnElement[bool]) -> ColumnElement[bool]:
    members = select(Membership.volunteer_id).join(Team, Team.id == Membership.team_id)
    return Volunteer.id.in_(members.where(Membership.state == "active", named))


def _has_grade(grade: str) -> ColumnElement[bool]:
    return exists().where(
        _OF_PERSON, ServiceRecord.state == "confirmed", ServiceRecord.grade == grade
    )


def _agreed(answer: str) -> ColumnElement[bool]:
    given = exists().where(
        Consent.volunteer_id == Volunteer.id,
        Consent.purpose == "publish",
        Consent.withdrawn_at.is_(None),
    )
    return given if answer == "given" else ~given


PEOPLE = StaffList(
    name="people",
    title=_l("志愿者"),
    roles=("coordinator", "auditor"),
    id_=Volunteer.id,
    joined=lambda query: query,
    guard=lambda by: living_under(by, Right.PERSON_SEE),
    order="name",
    right=Right.PERSON_SEE,
    area=Volunteer.area_id,
    whose=Volunteer.id,
    columns=(
        Column(name="name", label=_l("姓名"), sql=Volunteer.name, sort=Volunteer.name_order),
        Column(name="number", label=_l("编号"), sql=Volunteer.number, sort=Volunteer.number),
        Column(name="phone", label=_l("手机号"), sql=Volunteer.phone, kind="phone"),
        shared_columns.street(Volunteer.area_id),
        Column(name="area", label=_l("社区"), sql=expressions.area_name(Volunteer.area_id)),
        Column(
            name="teams",
            label=_l("队伍"),
            sql=expressions.team_names(Volunteer.id),
            is_first=False,
        ),
        Column(
            name="hours",
            label=_l("已确认时长"),
            sql=_MINUTES,
            kind="hours",
            sort=_MINUTES,
            is_summed=True,
        ),
        Column(
            name="stars",
            label=_l("最近一轮的星级"),
            sql=_STARS,
            kind="stars",
            sort=func.coalesce(_STARS, 0),
            is_first=False,
        ),
        Column(name="last", label=_l("最近服务"), sql=_LAST, kind="day", is_first=False),
        Column(
            name="registered_on",
            label=_l("登记日期"),
            sql=Volunteer.registered_on,
            kind="day",
            sort=Volunteer.registered_on,
        ),
        Column(name="state", label=_l("状态"), sql=_STATE, kind="code", codes=STATES),
    ),
    filters=(
        ForecastStars(label=_l("预计星级"), id_=Volunteer.id),
        Counted(label=_l("指标"), list_name="people", id_=Volunteer.id),
        Search(label=_l("姓名、拼音、编号或手机号"), person=Volunteer.id),
        Tree(label=_l("区域"), column=Volunteer.area_id),
        Named(name="team", label=_l("队伍"), named=Team.name, matching=_in_teams),
        Choice(
            name="state",
            label=_l("状态"),
            choices=words_of(STATES),
            column=_STATE,
        ),
        Days(label=_l("登记日期"), column=Volunteer.registered_on),
        Amounts(name="hours", label=_l("已确认小时数"), column=_MINUTES, unit=60),
        Amounts(name="stars", label=_l("最近一轮的星级"), column=func.coalesce(_STARS, 0)),
        *(
            Flag(name=f"has_{code}", label=label, matches=partial(_has_grade, code))
            for code, label in _WITH_GRADE.items()
        ),
        Days(name="last", label=_l("最近服务"), column=_LAST),
        Choice(
            name="publish",
            label=_l("同意公开姓名"),
            choices={"given": _l("已同意"), "none": _l("没有同意")},
            by=_agreed,
        ),
        Flag(name="homeless", label=_l("社区未定"), matches=people_lists.lives_nowhere),
    ),
    empty=_l(
        "没有找到。可以输入姓名、拼音或拼音首字母，编号或手机号的后四位，也可以一起输：赵芳 0003。"
    ),
)
