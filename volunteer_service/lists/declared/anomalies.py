"""The list of the anomaly desk: what looks wrong about check-ins and hours, with its answer."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, false, or_

from volunteer_service.areas.models import Area
from volunteer_service.attendance.anomalies.anomaly_models import Anomaly
from volunteer_service.attendance.anomalies.kinds import KINDS
from volunteer_service.events.models import Event
from volunteer_service.lists import shared_columns
from volunteer_service.lists.declaration import Column, StaffList
from volunteer_service.lists.filters import Choice, Days, Search, Tree, named_by, words_of
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Team

STATES = {
    "open": (_l("待处理"), "warn"),
    "accepted": (_l("已接受"), "ok"),
    "rejected": (_l("不接受"), "bad"),
}
KIND_WORDS = {code: (shared_columns.lazily(kind.word), "plain") for code, kind in KINDS.items()}


def _seen_by(by: Actor) -> ColumnElement[bool]:
    paths, teams = rights.places(by, Right.RECORD_SEE)
    if not teams and not paths:
        return false()
    below = [Area.path.startswith(path, autoescape=True) for path in paths]
    return or_(Anomaly.team_id.in_(teams), *below)


ANOMALIES = StaffList(
    name="anomalies",
    title=_l("待核对的异常"),
    roles=("leader", "coordinator", "auditor"),
    id_=Anomaly.id,
    joined=lambda query: (
        query.join(Team, Team.id == Anomaly.team_id)
        .join(Team.area)
        .outerjoin(Volunteer, Volunteer.id == Anomaly.volunteer_id)
        .outerjoin(Event, Event.id == Anomaly.event_id)
    ),
    guard=_seen_by,
    order="-happened_on",
    right=Right.RECORD_SEE,
    area=Team.area_id,
    whose=Anomaly.volunteer_id,
    columns=(
        Column(name="kind", label=_l("什么异常"), sql=Anomaly.kind, kind="code", codes=KIND_WORDS),
        Column(
            name="happened_on",
            label=_l("日期"),
            sql=Anomaly.happened_on,
            kind="day",
            sort=Anomaly.happened_on,
        ),
        Column(name="event", label=_l("活动"), sql=Event.title),
        *shared_columns.VOLUNTEER,
        shared_columns.street(Team.area_id),
        Column(name="team", label=_l("队伍"), sql=Team.name, sort=Team.name_order),
        Column(name="state", label=_l("状态"), sql=Anomaly.state, kind="code", codes=STATES),
        Column(
            name="found_at",
            label=_l("发现时间"),
            sql=Anomaly.found_at,
            kind="when",
            sort=Anomaly.found_at,
            is_first=False,
        ),
        Column(name="answer", label=_l("处理说明"), sql=Anomaly.answer, is_first=False),
    ),
    filters=(
        Search(label=_l("姓名、拼音、编号或手机号"), person=Anomaly.volunteer_id),
        Tree(label=_l("区域"), column=Team.area_id),
        named_by("team", _l("队伍"), Anomaly.team_id, Team),
        Choice(
            name="kind",
            label=_l("什么异常"),
            choices=words_of(KIND_WORDS),
            column=Anomaly.kind,
        ),
        Choice(
            name="state",
            label=_l("状态"),
            choices=words_of(STATES),
            column=Anomaly.state,
        ),
        Days(label=_l("日期"), column=Anomaly.happened_on),
    ),
    empty=_l("没有待核对的异常。"),
)
