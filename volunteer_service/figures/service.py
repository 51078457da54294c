"""Figures of service: participations, people, hours, events, teams, what waits."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import ColumnElement, FromClause, exists, join, select, union

from volunteer_service.attendance.check_ins import entry_deadline
from volunteer_service.attendance.models import Dispute, ServiceRecord
from volunteer_service.errors import Phrase
from volunteer_service.events.models import Event, EventTeam, Post, Shift
from volunteer_service.figures.figure import Asked, Figure, Source
from volunteer_service.teams.models import Team

#: A team without a confirmed record for so many days up to the end of the period is idle.
IDLE_DAYS = 365


def _records() -> FromClause:
    return join(ServiceRecord, Team, Team.id == ServiceRecord.team_id)


def _confirmed(_asked: Asked) -> list[ColumnElement[bool]]:
    return [ServiceRecord.state == "confirmed"]


def _is_waiting(_asked: Asked) -> list[ColumnElement[bool]]:
    return [ServiceRecord.state == "waiting"]


def _held(_asked: Asked) -> list[ColumnElement[bool]]:
    """Return the condition for closed events that had service; a class alone is none."""
    serves = exists().where(Shift.event_id == Event.id, Shift.post_id == Post.id, Post.serves)
    return [Event.state == "closed", serves]


def _overdue(asked: Asked) -> ColumnElement[bool]:
    return ServiceRecord.served_on <= entry_deadline.last_day_overdue(asked.today)


_BY_TEAM = {"brand": Team.brand_id, "project": Team.project_id}
CONFIRMED = Source(
    _records,
    _confirmed,
    area_id=Team.area_id,
    team_id=Team.id,
    day=ServiceRecord.served_on,
    keys={**_BY_TEAM, "grade": ServiceRecord.grade},
    listed=("records", ServiceRecord.id),
)
WAITING = replace(CONFIRMED, where=_is_waiting, counted="now")


def _run_events() -> FromClause:
    """Return events, once for each team that organises them or runs them too."""
    organised = select(Event.id.label("event_id"), Event.team_id)
    shared = select(EventTeam.event_id, EventTeam.team_id)
    # A team that got an event which it ran already is listed once.
    runs = union(organised, shared).subquery("runs")
    here = join(Event, runs, runs.c.event_id == Event.id)
    return join(here, Team, Team.id == runs.c.team_id)


EVENTS = Source(
    _run_events,
    _held,
    area_id=Team.area_id,
    team_id=Team.id,
    day=Event.starts_at,
    keys=_BY_TEAM,
    listed=("events", Event.id),
)
DISPUTES = Source(
    lambda: join(_records(), Dispute, Dispute.record_id == ServiceRecord.id),
    lambda _asked: [Dispute.state == "open"],
    area_id=Team.area_id,
    team_id=Team.id,
    counted="now",
    keys=_BY_TEAM,
    listed=("records", ServiceRecord.id),
)


def _idle(asked: Asked) -> ColumnElement[bool]:
    since = asked.period.until - timedelta(days=IDLE_DAYS - 1)
    served = exists().where(
        ServiceRecord.team_id == Team.id,
        ServiceRecord.state == "confirmed",
        ServiceRecord.served_on.between(since, asked.period.until),
    )
    return ~served


TEAMS = Source(
    lambda: Team.__table__,
    lambda _asked: [Team.state == "active"],
    area_id=Team.area_id,
    team_id=Team.id,
    day=Team.founded_on,
    counted="up_to",
    keys=_BY_TEAM,
    listed=("teams", Team.id),
)


FIGURES = (
    Figure(
        "participations",
        Phrase("服务人次"),
        Phrase("期内已确认的服务记录的条数：一人参加一次算一次。"),
        "participations",
        CONFIRMED,
    ),
    Figure(
        "people_served_with",
        Phrase("参加服务的人数"),
        Phrase("期内至少有一条已确认服务记录的志愿者人数，每人只算一次。"),
        "persons",
        CONFIRMED,
        distinct=ServiceRecord.volunteer_id,
    ),
    Figure(
        "minutes",
        Phrase("服务时长"),
        Phrase("期内已确认的服务记录的时长之和。"),
        "minutes",
        CONFIRMED,
        summed=ServiceRecord.minutes,
    ),
    Figure(
        "minutes_scanned",
        Phrase("其中扫码的时长"),
        Phrase("服务时长中证据等级为扫码的部分，包括导入文件注明扫码的。"),
        "minutes",
        CONFIRMED,
        only=lambda _asked: ServiceRecord.grade == "scanned",
        summed=ServiceRecord.minutes,
    ),
    Figure(
        "teams_serving",
        Phrase("开展服务的队伍"),
        Phrase("期内至少有一条已确认服务记录的队伍数。"),
        "teams",
        CONFIRMED,
        distinct=Team.id,
        listed=("teams", Team.id),
    ),
    Figure(
        "events",
        Phrase("办完的活动"),
        Phrase(
            "期内开始、已经结束登记的活动数；只有听课、开会等不服务岗位的活动不计，导入的记录没有活动，也不计。"
            "几支队伍合办的，每支队伍各有这一场，合计只算一场。"
        ),
        "events",
        EVENTS,
        distinct=Event.id,
        listed=("events", Event.id),
    ),
    Figure(
        "teams",
        Phrase("在册队伍"),
        Phrase("期末已成立、现在仍在活动的队伍数。"),
        "teams",
        TEAMS,
    ),
    Figure(
        "teams_idle",
        Phrase("一年没有服务的队伍"),
        Phrase("在册队伍中，到期末为止 365 天内没有已确认服务记录的。"),
        "teams",
        TEAMS,
        only=_idle,
    ),
    Figure(
        "records_waiting",
        Phrase("待处理的记录"),
        Phrase("现在等待确认或决定的服务记录，不论日期。"),
        "records",
        WAITING,
    ),
    Figure(
        "records_overdue",
        Phrase("超过 10 个工作日仍未处理的记录"),
        Phrase("待处理的记录中，服务日之后已过 10 个以上工作日的。"),
        "records",
        WAITING,
        only=_overdue,
    ),
    Figure(
        "disputes_open",
        Phrase("未答复的异议"),
        Phrase("志愿者对记录提出、现在还没有决定的异议。"),
        "records",
        DISPUTES,
    ),
)
