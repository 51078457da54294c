"""The list of teams. Everybody signed in reads all of them, to find a team to join."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import true

from volunteer_service.lists import expressions, shared_columns
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.figure_rows import Counted
from volunteer_service.lists.filters import Amounts, Choice, Days, Search, Tree, named_by, words_of
from volunteer_service.people.authorization.rights import Right
from volunteer_service.teams.models import Brand, Project, Team

STATES = {"active": (_l("在活动"), "ok"), "closed": (_l("已停止"), "plain")}
_MEMBERS = expressions.members(Team.id)

TEAMS = StaffList(
    name="teams",
    title=_l("队伍"),
    roles=(),
    is_for_all=True,
    id_=Team.id,
    joined=lambda query: query.outerjoin(Team.brand).outerjoin(Team.project),
    guard=lambda _by: true(),
    order="name",
    right=Right.TEAM_SEE,
    area=Team.area_id,
    columns=(
        Column(name="name", label=_l("名称"), sql=Team.name, sort=Team.name_order),
        shared_columns.street(Team.area_id),
        Column(name="area", label=_l("区域"), sql=expressions.area_name(Team.area_id)),
        Column(
            name="recording_unit",
            label=_l("记录单位"),
            sql=Team.recording_unit,
            sort=Team.recording_unit,
        ),
        Column(name="brand", label=_l("服务品牌"), sql=Brand.name, is_first=False),
        Column(name="project", label=_l("服务项目"), sql=Project.name, is_first=False),
        Column(
            name="members",
            label=_l("人数"),
            sql=_MEMBERS,
            kind="number",
            sort=_MEMBERS,
            is_summed=True,
        ),
        Column(
            name="founded_on",
            label=_l("成立日期"),
            sql=Team.founded_on,
            kind="day",
            sort=Team.founded_on,
            is_first=False,
        ),
        Column(
            name="state",
            label=_l("状态"),
            sql=Team.state,
            kind="code",
            codes=STATES,
            is_first=False,
        ),
    ),
    filters=(
        Counted(label=_l("指标"), list_name="teams", id_=Team.id),
        Search(label=_l("队伍名称"), texts=(Team.name,)),
        Tree(label=_l("区域"), column=Team.area_id),
        Choice(
            name="state",
            label=_l("状态"),
            choices=words_of(STATES),
            column=Team.state,
            default="active",
        ),
        named_by("brand", _l("服务品牌"), Team.brand_id, Brand),
        named_by("project", _l("服务项目"), Team.project_id, Project),
        Amounts(name="members", label=_l("人数"), column=_MEMBERS),
        Days(name="founded", label=_l("成立日期"), column=Team.founded_on),
    ),
    empty=_l("没有找到队伍。"),
)
