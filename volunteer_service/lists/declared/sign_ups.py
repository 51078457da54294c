"""The list of sign-ups for shifts."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement

from volunteer_service.events import event_teams
from volunteer_service.events.models import Event, Post, Shift, SignUp
from volunteer_service.lists import shared_columns
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.filters import (
    Choice,
    Days,
    Exact,
    Search,
    Tree,
    called,
    words_of,
)
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Team

STATES = {
    "confirmed": (_l("已报名"), "ok"),
    "waiting": (_l("候补"), "warn"),
    "cancelled": (_l("已取消"), "plain"),
    "no_show": (_l("未到"), "bad"),
}


def _seen_by(by: Actor) -> ColumnElement[bool]:
    return event_teams.held_by(by, Right.ROSTER_SEE)


SIGN_UPS = StaffList(
    name="sign_ups",
    title=_l("报名"),
    roles=("leader", "coordinator"),
    id_=SignUp.id,
    joined=lambda query: (
        query.join(SignUp.shift)
        .join(Post, Post.id == Shift.post_id)
        .join(Event, Event.id == SignUp.event_id)
        .join(Event.team)
        .join(SignUp.volunteer)
    ),
    guard=_seen_by,
    order="-starts_at",
    right=Right.ROSTER_SEE,
    area=Team.area_id,
    whose=SignUp.volunteer_id,
    lead=SignUp.event_id,
    columns=(
        Column(name="event", label=_l("活动"), sql=Event.title),
        Column(name="name", label=_l("志愿者"), sql=Volunteer.name, sort=Volunteer.name_order),
        Column(name="phone", label=_l("手机号"), sql=Volunteer.phone, kind="phone"),
        Column(name="post", label=_l("岗位"), sql=Post.name),
        Column(
            name="starts_at",
            label=_l("班次"),
            sql=Shift.starts_at,
            kind="when",
            sort=Shift.starts_at,
        ),
        shared_columns.street(Team.area_id),
        Column(name="team", label=_l("队伍"), sql=Team.name, sort=Team.name_order, is_first=False),
        Column(
            name="created_at",
            label=_l("报名时间"),
            sql=SignUp.created_at,
            kind="when",
            sort=SignUp.created_at,
            is_first=False,
        ),
        Column(name="state", label=_l("状态"), sql=SignUp.state, kind="code", codes=STATES),
    ),
    filters=(
        Search(label=_l("姓名、拼音、编号或手机号"), person=SignUp.volunteer_id),
        Tree(label=_l("区域"), column=Team.area_id),
        shared_columns.run_by(),
        Choice(
            name="state",
            label=_l("状态"),
            choices=words_of(STATES),
            column=SignUp.state,
        ),
        Days(label=_l("班次日期"), column=Shift.starts_at, is_instant=True),
        Exact(
            name="event_id",
            label=_l("活动"),
            column=SignUp.event_id,
            called=called(Event.code, Event.id),
        ),
    ),
    empty=_l("没有符合条件的报名。"),
)
