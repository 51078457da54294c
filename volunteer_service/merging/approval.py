"""Decides when a merging needs a second person: if identity, or many minutes or points, are at
stake.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select

from volunteer_service import policies
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.errors import Phrase
from volunteer_service.openings.taken_over import hours_of
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.people.models import Volunteer
from volunteer_service.people.search.person_names import folded
from volunteer_service.scoring.points.models import Passing, PointsAccount

#: Values that say who somebody is.
_IDENTITY = ("name", "identity", "born_on")


def reasons(
    kept: Volunteer, merged: Volunteer, taken: Collection[str], *, at: datetime
) -> list[Phrase]:
    """Return why one person alone may not merge these two; empty where one may."""
    return [*_of_identity(kept, merged, taken), *_of_worth(kept, merged, at)]


def minutes_of(volunteer_id: int) -> int:
    """Return the confirmed minutes of an entry."""
    query = select(func.sum(ServiceRecord.minutes)).where(
        ServiceRecord.volunteer_id == volunteer_id, ServiceRecord.state == "confirmed"
    )
    return int(db.session.scalar(query) or 0)


def weighed_minutes(volunteer_id: int) -> int:
    """Return what the policy weighs: confirmed minutes and those taken over, which count on."""
    return minutes_of(volunteer_id) + sum(row.minutes for row in hours_of(volunteer_id))


def _of_identity(kept: Volunteer, merged: Volunteer, taken: Collection[str]) -> list[Phrase]:
    found = []
    if folded(kept.name) != folded(merged.name):
        found.append(Phrase("姓名不同"))
    if kept.identity_key and merged.identity_key:
        found.append(Phrase("身份证号不同"))
    if kept.born_on and merged.born_on and kept.born_on != merged.born_on:
        found.append(Phrase("出生日期不同"))
    if not _share_something(kept, merged):
        found.append(Phrase("手机号和出生日期都对不上"))
    if set(taken) & set(_IDENTITY):
        found.append(Phrase("保留的登记会换上另一份的姓名、身份证号或出生日期"))
    return found


def _share_something(kept: Volunteer, merged: Volunteer) -> bool:
    phone = kept.phone_key is not None and kept.phone_key == merged.phone_key
    return phone or (kept.born_on is not None and kept.born_on == merged.born_on)


def _of_worth(kept: Volunteer, merged: Volunteer, at: datetime) -> list[Phrase]:
    policy = policies.guarding(at)
    found = []
    since = at - timedelta(days=policy.adjust_days)
    minutes, centi = _alone(kept.id, since)
    if weighed_minutes(merged.id) + minutes > policy.merge_alone_minutes:
        hours = f"{policy.merge_alone_minutes / 60:g}"
        found.append(Phrase("要并入的时长超过 %(hours)s 小时", hours=hours))
    points = select(PointsAccount.posted).where(PointsAccount.volunteer_id == merged.id)
    if (db.session.scalar(points) or 0) + centi > policy.adjust_alone_centi:
        worth = f"{policy.adjust_alone_centi / 100:g}"
        found.append(Phrase("要并入的积分超过 %(points)s 分", points=worth))
    return found


def _alone(kept_id: int, since: datetime) -> tuple[int, int]:
    """Return the minutes and points (in hundredths) that one person alone merged into this entry
    lately, so that splitting does not help.
    """
    lately = (
        Merging.kept_id == kept_id,
        Merging.state == "done",
        Merging.decided_at.is_(None),
        Merging.done_at > since,
    )
    minutes = select(func.sum(Merging.minutes)).where(*lately)
    # Points borrowed to pay a debt have no last day and no value.
    points = (
        select(func.sum(Passing.amount))
        .join(Merging, Merging.id == Passing.merging_id)
        .where(*lately, Passing.expires_on.is_not(None))
    )
    return int(db.session.scalar(minutes) or 0), int(db.session.scalar(points) or 0)
