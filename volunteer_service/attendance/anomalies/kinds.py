"""The kinds of anomalies: a declared table, one query a kind.

No kind judges by an address alone, and none keeps anybody from checking in.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from volunteer_service import policies, settings
from volunteer_service.attendance.models import Scan, ServiceRecord
from volunteer_service.db import db
from volunteer_service.errors import Phrase
from volunteer_service.events.models import Attendance, Event
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Account, Device, HouseholdTie

#: So many entries within so many seconds look like one person's scans.
BURST, WITHIN = 5, timedelta(seconds=2)
#: The codes that people scan themselves.
_OWN_HAND = ("poster", "screen", "spoken")


@dataclass(frozen=True)
class Found:
    """One anomaly as its query found it."""

    key: str
    team_id: int
    happened_on: date
    event_id: int | None = None
    volunteer_id: int | None = None
    account_id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """The words of a kind, who decides, and the query that finds its anomalies since an instant;
    late scans need no query, their requests report them.
    """

    word: Phrase
    #: What looks wrong, and the question to ask.
    meaning: Phrase
    right: Right
    find: Callable[[datetime], Iterator[Found]] | None = None


def _one_device(since: datetime) -> Iterator[Found]:
    """Find several people who checked themselves in at one event from one browser."""
    query = (
        select(Scan.event_id, Event.team_id, Device.browser_hash, Scan.volunteer_id)
        .join(Event, Event.id == Scan.event_id)
        .join(Account, and_(Account.id == Scan.account_id, _is_own()))
        .join(Device, and_(Device.account_id == Account.id, Device.seen_at >= since))
        .add_columns(func.min(Scan.scanned_at))
        .where(Scan.scanned_at >= since, Scan.kind == "in", Scan.outcome == "accepted")
        .group_by(Scan.event_id, Event.team_id, Device.browser_hash, Scan.volunteer_id)
        .order_by(Scan.event_id, Device.browser_hash, Scan.volunteer_id)
    )
    rows = db.session.execute(query)
    for (event_id, team_id, browser), group in itertools.groupby(rows, key=lambda row: row[:3]):
        same = list(group)
        if len(same) > 1:
            people = [row[3] for row in same]
            # A family's phone makes one anomaly, not one for each event.
            key = sha256(f"{browser}{people}".encode()).hexdigest()
            day = settings.local_day(min(row[4] for row in same))
            yield Found(key, team_id, day, event_id, facts={"people": people})


def _is_own() -> Any:
    return and_(Account.volunteer_id == Scan.volunteer_id, Scan.source.in_(_OWN_HAND))


def _at_once(since: datetime) -> Iterator[Found]:
    """Find five people's entries by their own scans within two seconds, once for each event."""
    query = (
        select(Scan.event_id, Event.team_id, Scan.scanned_at, Scan.volunteer_id)
        .join(Event, Event.id == Scan.event_id)
        .where(Scan.scanned_at >= since, Scan.kind == "in", Scan.outcome == "accepted")
        .where(Scan.source.in_(_OWN_HAND), Scan.scanned_at == Scan.received_at)
        .order_by(Scan.event_id, Scan.scanned_at, Scan.id)
    )
    rows = db.session.execute(query)
    for (event_id, team_id), group in itertools.groupby(rows, key=lambda row: row[:2]):
        scans = list(group)
        ends = zip(scans, scans[BURST - 1 :], strict=False)
        bursts = [n for n, (first, last) in enumerate(ends) if last[2] - first[2] <= WITHIN]
        if bursts:
            most = scans[bursts[0] : bursts[0] + BURST]
            facts = {"people": [row[3] for row in most], "times": len(bursts)}
            day = settings.local_day(most[0][2])
            yield Found(str(event_id), team_id, day, event_id, facts=facts)


def _two_places(since: datetime) -> Iterator[Found]:
    """Find a person who is inside at two events at the same time."""
    one, other = aliased(Attendance), aliased(Attendance)
    query = (
        select(one.id, other.id, Event.team_id, one.event_id, one.volunteer_id, other.event_id)
        .add_columns(one.checked_in_at, other.checked_in_at)
        .join(other, and_(other.volunteer_id == one.volunteer_id, other.id > one.id))
        .join(Event, Event.id == one.event_id)
        .where(or_(one.checked_in_at >= since, other.checked_in_at >= since))
        .where(one.event_id != other.event_id)
        .where(one.checked_in_at < func.coalesce(other.checked_out_at, other.checked_in_at))
        .where(other.checked_in_at < func.coalesce(one.checked_out_at, one.checked_in_at))
        .order_by(one.id, other.id)
    )
    for one_id, other_id, team_id, event_id, who, elsewhere, *came in db.session.execute(query):
        facts = {"event": elsewhere}
        day = settings.local_day(max(came))
        yield Found(f"{one_id}/{other_id}", team_id, day, event_id, who, facts=facts)


def _own_household(since: datetime) -> Iterator[Found]:
    """Find a record confirmed by somebody whose household with the volunteer was declared later."""
    confirmer = aliased(Account)
    tie = or_(
        and_(HouseholdTie.one_id == confirmer.volunteer_id, _is_of(HouseholdTie.other_id)),
        and_(HouseholdTie.other_id == confirmer.volunteer_id, _is_of(HouseholdTie.one_id)),
    )
    query = (
        select(ServiceRecord, confirmer.id)
        .join(confirmer, confirmer.id == ServiceRecord.confirmed_by_id)
        .join(HouseholdTie, tie)
        .where(ServiceRecord.state == "confirmed", HouseholdTie.never_at.is_(None))
        .where(or_(ServiceRecord.confirmed_at >= since, HouseholdTie.declared_at >= since))
        .order_by(ServiceRecord.id)
    )
    for record, account_id in db.session.execute(query):
        facts = {"record": record.id, "minutes": record.minutes}
        whose = (record.event_id, record.volunteer_id, account_id)
        yield Found(str(record.id), record.team_id, record.served_on, *whose, facts=facts)


def _is_of(column: Any) -> Any:
    return column == ServiceRecord.volunteer_id


def _week(since: datetime) -> Iterator[Found]:
    """Find a person with more hours in a week, Monday to Sunday, than are plausible (policy)."""
    most = policies.active().plausible_week_minutes
    day = settings.local_day(since)
    query = (
        select(ServiceRecord.volunteer_id, ServiceRecord.served_on, ServiceRecord.team_id)
        .add_columns(func.sum(ServiceRecord.minutes))
        .where(ServiceRecord.served_on >= day - timedelta(days=day.weekday()))
        .where(ServiceRecord.state.in_(("waiting", "confirmed")))
        .group_by(ServiceRecord.volunteer_id, ServiceRecord.served_on, ServiceRecord.team_id)
        .order_by(ServiceRecord.volunteer_id, ServiceRecord.served_on, ServiceRecord.team_id)
    )
    weeks: Counter[tuple[int, date]] = Counter()
    teams: dict[tuple[int, date], Counter[int]] = defaultdict(Counter)
    for who, on, team_id, minutes in db.session.execute(query):
        week = (who, on - timedelta(days=on.weekday()))
        weeks[week] += int(minutes)
        teams[week][team_id] += int(minutes)
    for week, minutes in weeks.items():
        if minutes > most:
            team_id = teams[week].most_common(1)[0][0]
            facts = {"minutes": minutes, "most": most, "until": str(week[1] + timedelta(days=6))}
            key = f"{week[0]}/{week[1]}"
            yield Found(key, team_id, week[1], volunteer_id=week[0], facts=facts)


KINDS: dict[str, Kind] = {
    "scan_time": Kind(
        Phrase("扫码时间不可信"),
        Phrase("手机上记的时间在将来，或超过 24 小时。请核对这个人当时在不在，再定算哪个时间。"),
        Right.RECORD_CONFIRM,
    ),
    "scan_closed": Kind(
        Phrase("结束登记以后才送到的扫码"),
        Phrase(
            "手机当时没有网络。同意后更正这条记录；没有记录的，按负责人的说明补一条待确认的记录。"
        ),
        Right.RECORD_CONFIRM,
    ),
    "one_device": Kind(
        Phrase("一部手机为几个人签到"),
        Phrase("同一个浏览器登录过几个人的账号，都在这次活动签到。一家人共用手机是正常的。"),
        Right.RECORD_DECIDE,
        _one_device,
    ),
    "at_once": Kind(
        Phrase("两秒内有五个人签到"),
        Phrase("可能有人替别人扫码；人多排队时也会这样。请看名单，问问负责人。"),
        Right.RECORD_DECIDE,
        _at_once,
    ),
    "two_places": Kind(
        Phrase("同一时间在两个活动"),
        Phrase("一个人不能同时在两处。请核对哪一处是真的，再更正另一条记录。"),
        Right.RECORD_DECIDE,
        _two_places,
    ),
    "own_household": Kind(
        Phrase("确认了家人的记录"),
        Phrase("确认这条记录的人，和志愿者是一家人。请由别人重新核对。"),
        Right.RECORD_DECIDE,
        _own_household,
    ),
    "week_hours": Kind(
        Phrase("一周的时长太多"),
        Phrase("一周累计的时长超过规则里认为可能的。请核对这一周的记录。"),
        Right.RECORD_DECIDE,
        _week,
    ),
}
