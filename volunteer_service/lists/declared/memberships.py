"""The list of places in teams: who is in which team, since when."""

from flask_babel import lazy_gettext as _l

from volunteer_service.lists import shared_columns
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.figure_rows import Counted
from volunteer_service.lists.filters import (
    Choice,
    Days,
    Exact,
    Search,
    Tree,
    called,
    named_by,
    words_of,
)
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Volunteer
from volunteer_service.teams import team_lists
from volunteer_service.teams.models import Membership, Team

STATES = {
    "active": (_l("在队"), "ok"),
    "asked": (_l("申请中"), "warn"),
    "coming": (_l("将要加入"), "info"),
    "left": (_l("已离队"), "plain"),
}

MEMBERSHIPS = StaffList(
    name="memberships",
    title=_l("队员"),
    roles=("leader", "coordinator"),
    id_=Membership.id,
    joined=lambda query: query.join(Membership.team).join(Membership.volunteer),
    guard=team_lists.rosters_seen_by,
    order="name",
    right=Right.ROSTER_SEE,
    area=Team.area_id,
    whose=Membership.volunteer_id,
    columns=(
        Column(name="name", label=_l("姓名"), sql=Volunteer.name, sort=Volunteer.name_order),
        Column(name="number", label=_l("编号"), sql=Volunteer.number, sort=Volunteer.number),
        Column(name="phone", label=_l("手机号"), sql=Volunteer.phone, kind="phone"),
        shared_columns.street(Team.area_id),
        Column(name="team", label=_l("队伍"), sql=Team.name, sort=Team.name_order),
        Column(
            name="joined_at",
            label=_l("加入日期"),
            sql=Membership.joined_at,
            kind="day",
            sort=Membership.joined_at,
        ),
        Column(
            name="left_at",
            label=_l("离队日期"),
            sql=Membership.left_at,
            kind="day",
            sort=Membership.left_at,
            is_first=False,
        ),
        Column(name="state", label=_l("状态"), sql=Membership.state, kind="code", codes=STATES),
    ),
    filters=(
        Search(label=_l("姓名、拼音、编号或手机号"), person=Membership.volunteer_id),
        Tree(label=_l("区域"), column=Team.area_id),
        named_by("team", _l("队伍"), Membership.team_id, Team),
        Choice(
            name="state",
            label=_l("状态"),
            choices=words_of(STATES),
            column=Membership.state,
            default="active",
        ),
        Days(label=_l("加入日期"), column=Membership.joined_at, is_instant=True),
        Exact(
            name="team_id",
            label=_l("队伍"),
            column=Membership.team_id,
            called=called(Team.name, Team.id),
        ),
        Counted(label=_l("指标"), list_name="memberships", id_=Membership.id),
    ),
    empty=_l("没有符合条件的队员。"),
)
