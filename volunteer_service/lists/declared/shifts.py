"""The list of shifts: how many places each has, and how many are taken."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, func, select

from volunteer_service.events import event_lists
from volunteer_service.events.models import Event, Post, Shift, SignUp
from volunteer_service.lists import shared_columns
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.filters import (
    Amounts,
    Choice,
    Days,
    Exact,
    Search,
    Tree,
    called,
    words_of,
)
from volunteer_service.people.authorization.rights import Right
from volunteer_service.teams.models import Team

STATES = {
    "open": (_l("未结束"), "ok"),
    "closed": (_l("已结束"), "plain"),
    "removed": (_l("已取消"), "bad"),
}
_STATE = case(
    (Shift.removed_at.is_not(None), "removed"),
    (Shift.closed_at.is_not(None), "closed"),
    else_="open",
)
_TAKEN = (
    select(func.count(SignUp.id))
    .where(SignUp.shift_id == Shift.id, SignUp.state == "confirmed")
    .correlate(Shift)
    .scalar_subquery()
)
_LEFT = Shift.capacity - _TAKEN

SHIFTS = StaffList(
    name="shifts",
    title=_l("班次"),
    roles=("leader", "coordinator", "auditor"),
    id_=Shift.id,
    joined=lambda query: query.join(Shift.event).join(Shift.post).join(Event.team).join(Team.area),
    guard=event_lists.visible_to,
    order="-starts_at",
    right=Right.TEAM_SEE,
    area=Team.area_id,
    lead=Shift.event_id,
    columns=(
        Column(name="event", label=_l("活动"), sql=Event.title),
        Column(name="post", label=_l("岗位"), sql=Post.name),
        Column(
            name="starts_at",
            label=_l("开始"),
            sql=Shift.starts_at,
            kind="when",
            sort=Shift.starts_at,
        ),
        Column(
            name="ends_at",
            label=_l("结束"),
            sql=Shift.ends_at,
            kind="when",
            sort=Shift.ends_at,
            is_first=False,
        ),
        shared_columns.street(Team.area_id),
        Column(name="team", label=_l("队伍"), sql=Team.name, sort=Team.name_order),
        Column(
            name="capacity",
            label=_l("名额"),
            sql=Shift.capacity,
            kind="number",
            sort=Shift.capacity,
            is_summed=True,
        ),
        Column(
            name="taken", label=_l("已报名"), sql=_TAKEN, kind="number", sort=_TAKEN, is_summed=True
        ),
        Column(name="left", label=_l("还差"), sql=_LEFT, kind="number", sort=_LEFT),
        Column(name="state", label=_l("状态"), sql=_STATE, kind="code", codes=STATES),
    ),
    filters=(
        Search(label=_l("活动名称或岗位"), texts=(Event.title, Post.name)),
        Tree(label=_l("区域"), column=Team.area_id),
        shared_columns.run_by(),
        Choice(name="state", label=_l("状态"), choices=words_of(STATES), column=_STATE),
        Days(label=_l("班次日期"), column=Shift.starts_at, is_instant=True),
        Amounts(name="left", label=_l("还差"), column=_LEFT),
        Exact(
            name="event_id",
            label=_l("活动"),
            column=Shift.event_id,
            called=called(Event.code, Event.id),
        ),
    ),
    empty=_l("没有符合条件的班次。"),
)
