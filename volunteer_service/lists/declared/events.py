"""The list of events."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from volunteer_service.events import event_lists
from volunteer_service.events.models import Event, SignUp
from volunteer_service.lists import shared_columns
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.figure_rows import Counted
from volunteer_service.lists.filters import Amounts, Choice, Days, Search, Tree, named_by, words_of
from volunteer_service.people.authorization.rights import Right
from volunteer_service.teams.models import Project, Team

STATES = {
    "draft": (_l("草稿"), "info"),
    "published": (_l("已发布"), "ok"),
    "closed": (_l("已结束"), "plain"),
    "cancelled": (_l("已取消"), "bad"),
}
_PLACES = (
    select(func.count(SignUp.id))
    .where(SignUp.event_id == Event.id, SignUp.state == "confirmed")
    .scalar_subquery()
)

EVENTS = StaffList(
    name="events",
    title=_l("活动"),
    roles=("leader", "coordinator", "auditor"),
    id_=Event.id,
    joined=lambda query: query.join(Event.team).join(Team.area),
    guard=event_lists.visible_to,
    order="-starts_at",
    right=Right.TEAM_SEE,
    area=Team.area_id,
    columns=(
        Column(name="title", label=_l("活动"), sql=Event.title),
        Column(
            name="starts_at",
            label=_l("开始"),
            sql=Event.starts_at,
            kind="when",
            sort=Event.starts_at,
        ),
        Column(
            name="ends_at",
            label=_l("结束"),
            sql=Event.ends_at,
            kind="when",
            sort=Event.ends_at,
            is_first=False,
        ),
        shared_columns.street(Team.area_id),
        Column(name="team", label=_l("队伍"), sql=Team.name, sort=Team.name_order),
        shared_columns.PARTNERS,
        Column(name="place", label=_l("地点"), sql=Event.place),
        Column(
            name="places",
            label=_l("报名人数"),
            sql=_PLACES,
            kind="number",
            sort=_PLACES,
            is_summed=True,
        ),
        Column(name="state", label=_l("状态"), sql=Event.state, kind="code", codes=STATES),
    ),
    filters=(
        Counted(label=_l("指标"), list_name="events", id_=Event.id),
        Search(label=_l("活动名称或地点"), texts=(Event.title, Event.place)),
        Tree(label=_l("区域"), column=Team.area_id),
        shared_columns.run_by(),
        named_by("project", _l("服务项目"), Event.project_id, Project),
        Choice(
            name="state",
            label=_l("状态"),
            choices=words_of(STATES),
            column=Event.state,
        ),
        Days(label=_l("开始日期"), column=Event.starts_at, is_instant=True),
        Amounts(name="places", label=_l("报名人数"), column=_PLACES),
    ),
    empty=_l("没有符合条件的活动。"),
)
