"""The lists of service records: all of them, and those that wait for somebody."""

from dataclasses import replace

from flask_babel import lazy_gettext as _l
from sqlalchemy import case

from volunteer_service import clock, settings
from volunteer_service.attendance.check_ins import entry_deadline
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import record_lists
from volunteer_service.events.models import Event
from volunteer_service.lists import shared_columns
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.figure_rows import Counted
from volunteer_service.lists.filters import (
    Amounts,
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
from volunteer_service.teams.models import Brand, Project, Team

STATES = {
    "confirmed": (_l("已确认"), "ok"),
    "refused": (_l("不计入"), "bad"),
    "withdrawn": (_l("已撤回"), "plain"),
    "leader": (_l("待负责人确认"), "warn"),
    "end": (_l("待补离开时间"), "warn"),
    "coordinator": (_l("待管理员核定"), "warn"),
    "second": (_l("待另一人审批"), "warn"),
    "waiting": (_l("待处理"), "warn"),
}
GRADES = {
    "scanned": (_l("扫码"), "plain"),
    "leader": (_l("负责人确认"), "plain"),
    "imported": (_l("导入"), "plain"),
    "backfilled": (_l("补录"), "plain"),
}
_ASKED_STATES = ("waiting", "confirmed", "refused", "withdrawn")
_WAITS = ("leader", "end", "coordinator", "second")
_STANDS = case(
    (
        (ServiceRecord.state == "waiting") & ServiceRecord.waits_for.is_not(None),
        ServiceRecord.waits_for,
    ),
    else_=ServiceRecord.state,
)

RECORDS = StaffList(
    name="records",
    title=_l("服务记录"),
    roles=("leader", "coordinator", "auditor"),
    id_=ServiceRecord.id,
    joined=lambda query: (
        query.join(ServiceRecord.team).join(Team.area).join(ServiceRecord.volunteer)
    ),
    guard=record_lists.seen_by,
    order="-served_on",
    right=Right.RECORD_SEE,
    area=Team.area_id,
    whose=ServiceRecord.volunteer_id,
    columns=(
        Column(name="event", label=_l("活动"), sql=ServiceRecord.event_name),
        *shared_columns.VOLUNTEER,
        Column(
            name="served_on",
            label=_l("日期"),
            sql=ServiceRecord.served_on,
            kind="day",
            sort=ServiceRecord.served_on,
        ),
        Column(
            name="minutes",
            label=_l("时长"),
            sql=ServiceRecord.minutes,
            kind="hours",
            sort=ServiceRecord.minutes,
            is_summed=True,
        ),
        shared_columns.street(Team.area_id),
        Column(name="team", label=_l("队伍"), sql=Team.name, sort=Team.name_order),
        Column(name="place", label=_l("地点"), sql=ServiceRecord.place, is_first=False),
        Column(
            name="grade",
            label=_l("认定方式"),
            sql=ServiceRecord.grade,
            kind="code",
            codes=GRADES,
            is_first=False,
        ),
        Column(name="state", label=_l("状态"), sql=_STANDS, kind="code", codes=STATES),
    ),
    filters=(
        Counted(label=_l("指标"), list_name="records", id_=ServiceRecord.id),
        Search(label=_l("姓名、拼音、编号或手机号"), person=ServiceRecord.volunteer_id),
        Tree(label=_l("区域"), column=Team.area_id),
        Choice(
            name="state",
            label=_l("状态"),
            choices={code: STATES[code][0] for code in _ASKED_STATES},
            column=ServiceRecord.state,
        ),
        Choice(
            name="waits_for",
            label=_l("等什么"),
            choices={code: STATES[code][0] for code in _WAITS},
            column=ServiceRecord.waits_for,
        ),
        Days(label=_l("日期"), column=ServiceRecord.served_on),
        Amounts(name="hours", label=_l("小时数"), column=ServiceRecord.minutes, unit=60),
        Choice(
            name="grade",
            label=_l("认定方式"),
            choices=words_of(GRADES),
            column=ServiceRecord.grade,
        ),
        named_by("team", _l("队伍"), ServiceRecord.team_id, Team),
        named_by("brand", _l("服务品牌"), Team.brand_id, Brand),
        named_by("project", _l("服务项目"), Team.project_id, Project),
        Exact(
            name="volunteer_id",
            label=_l("志愿者"),
            column=ServiceRecord.volunteer_id,
            called=called(Volunteer.number, Volunteer.id),
        ),
        Exact(
            name="team_id",
            label=_l("队伍"),
            column=ServiceRecord.team_id,
            called=called(Team.name, Team.id),
        ),
        Exact(
            name="event_id",
            label=_l("活动"),
            column=ServiceRecord.event_id,
            called=called(Event.code, Event.id),
        ),
    ),
    empty=_l("没有符合条件的服务记录。"),
)

_STARTS = Column(
    name="starts_at",
    label=_l("开始"),
    sql=ServiceRecord.starts_at,
    kind="when",
    sort=ServiceRecord.starts_at,
)
_ENDS = Column(name="ends_at", label=_l("结束"), sql=ServiceRecord.ends_at, kind="when")
WAITING = replace(
    RECORDS,
    name="waiting",
    title=_l("待处理的服务记录"),
    guard=lambda by: record_lists.seen_by(by) & (ServiceRecord.state == "waiting"),
    # The record that waits longest comes first.
    order="served_on",
    columns=(*RECORDS.columns[:3], _STARTS, _ENDS, *RECORDS.columns[3:]),
    filters=(
        *(each for each in RECORDS.filters if each.name not in ("figure", "state")),
        Choice(
            name="due",
            label=_l("十个工作日的期限"),
            choices={"over": _l("已过期"), "soon": _l("三个工作日内到期"), "later": _l("还早")},
            by=lambda code: entry_deadline.by_due(code, settings.local_day(clock.now())),
        ),
    ),
    empty=_l("没有待处理的记录。"),
)
