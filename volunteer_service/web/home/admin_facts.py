"""The facts of an admin's first page: accounts, areas, imports, and whether the service runs
well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select, union

from volunteer_service import job_runs
from volunteer_service.areas import lookup as areas
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.job_runs import JobRun, ScheduledJob, Standing
from volunteer_service.people.authentication import sign_in_tries
from volunteer_service.people.authorization import account_scope
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, places
from volunteer_service.people.models import Account
from volunteer_service.workbooks import import_overviews
from volunteer_service.workbooks.models import Import

JOBS = {
    "seal": _l("给积分账本加封"),
    "find_anomalies": _l("找出异常的签到和时长"),
    "close_events": _l("结束到时间的活动"),
    "lapse_orders": _l("退回过期的订单"),
    "lapse_offers": _l("没有答复的名额给下一位"),
    "end_notices": _l("结束到期的公示"),
    "expire_points": _l("积分到期"),
    "send_messages": _l("发送邮件和短信"),
    "reminders": _l("提醒班次、订单和积分"),
    "digest": _l("每天早上告诉工作人员等着办的事"),
    "drop_papers": _l("清理没有用上的签到表照片"),
    "team_places": _l("入队和离队到期"),
    "forget_keys": _l("清理旧的请求记录"),
    "doctor": _l("核对全部账目"),
}
OUTCOMES = {
    "done": (_l("完成"), "ok"),
    "refused": (_l("没有做成"), "warn"),
    "failed": (_l("出错"), "bad"),
    "cut_off": (_l("中断"), "warn"),
}


_by_kind = select(Area.kind, func.count()).group_by(Area.kind)


@dataclass(frozen=True)
class ServiceFacts:
    """Counts, the last imports, the jobs, and what the last check of all figures found."""

    accounts: int
    locked: int
    areas: dict[str, int]
    imports: Sequence[Import]
    jobs: list[Standing]
    #: Whether the jobs process gives signs of life.
    is_alive: bool
    checked: Standing | None

    @property
    def differences(self) -> int:
        """Return stored figures that the last check computed differently."""
        return int(self.checked.result.get("differences", 0)) if self.checked else 0


def service_facts(*, by: Actor, at: datetime) -> ServiceFacts:
    """Return what an admin looks at first, of their own streets."""
    mine = account_scope.visible(by, Right.ACCOUNT_EDIT)
    paths, _teams = places(by, Right.ACCOUNT_EDIT)
    jobs = job_runs.standings(_job_names())
    return ServiceFacts(
        accounts=_count(select(func.count(Account.id)).where(mine)),
        locked=sign_in_tries.slow_accounts(at=at),
        areas=dict(db.session.execute(_by_kind.where(areas.within(Area.id, paths))).all()),
        imports=import_overviews.imports(by, limit=3).items,
        jobs=jobs,
        is_alive=job_runs.is_alive(at=at),
        checked=next((job for job in jobs if job.name == "doctor" and job.outcome), None),
    )


def _job_names() -> list[str]:
    known = union(select(ScheduledJob.id), select(JobRun.name))
    found = set(db.session.scalars(known))
    # In the order of the table above; an unknown job comes last.
    return [name for name in JOBS if name in found] + sorted(found - JOBS.keys())


def _count(query: Select[int]) -> int:
    return db.session.scalar(query) or 0
