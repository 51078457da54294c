"""The rating: the last half-year from its opening to certificates, and the next one open."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from volunteer_service.attendance import service as attendance
from volunteer_service.certificates import service as certificates
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.demo import names
from volunteer_service.demo.stage import Act, Town
from volunteer_service.scoring.ratings import service as ratings
from volunteer_service.scoring.ratings.models import Objection, Round, RoundResult


def acts(town: Town) -> Iterator[Act]:
    """Each step on its own day after the half-year's end; the second person signs off."""
    steps = (
        (-30, _complain),
        (1, _open),
        (3, _freeze_and_draft),
        (4, _publish),
        (5, _object),
        (6, _answer),
        (30, _sign_off),
        (31, _certify),
        (33, _revoke),
        (34, _open_next),
    )
    for days, step in steps:
        at = town.days.on(town.days.finished.ends_on + timedelta(days=days), 10)
        yield Act(at, partial(step, town, at))


def _complain(town: Town, at: datetime) -> None:
    """An upheld complaint costs its half-year's star."""
    by = town.staff["coordinator"]
    complaint = attendance.complain(
        town.people[names.COMPLAINED_OF].id,
        happened_on=at.date() - timedelta(days=3),
        words="巡逻时中途离开岗位去办私事，居民反映。",
        by=by,
        at=at,
    )
    decided_at = at + timedelta(days=4)
    attendance.decide_complaint(complaint.id, upheld=True, by=by, at=decided_at)


def _open(town: Town, at: datetime) -> None:
    named = str(town.days.finished)
    ratings.open_round(town.root.id, named, by=town.staff["coordinator"], at=at)


def _freeze_and_draft(town: Town, at: datetime) -> None:
    by = town.staff["coordinator"]
    ratings.freeze(_round(town).id, by=by, at=at)
    ratings.draft(_round(town).id, by=by, at=at + timedelta(hours=1))


def _publish(town: Town, at: datetime) -> None:
    ratings.publish_notice(_round(town).id, by=town.staff["coordinator"], at=at)


def _object(town: Town, at: datetime) -> None:
    """Somebody who registered too late for this half-year's star asks why there is none."""
    ratings.object_to(
        _result(town, names.LATE).id,
        "我这半年参加了好几次活动，为什么没有星级？",
        by=town.actors[names.LATE],
        at=at,
    )


def _answer(town: Town, at: datetime) -> None:
    result = _result(town, names.LATE)
    said = select(Objection).where(Objection.result_id == result.id)
    ratings.decide_objection(
        db.session.scalars(said).one().id,
        upheld=False,
        answer="按规则，半年结束前须注册满 90 天。下个半年的评定会计入您的时长。",
        by=town.staff["coordinator"],
        at=at,
    )


def _sign_off(town: Town, at: datetime) -> None:
    ratings.close_notice(_round(town).id, by=town.staff["coordinator"], at=at)
    ratings.sign_off(_round(town).id, by=town.staff["coordinator2"], at=at + timedelta(hours=1))


def _certify(town: Town, at: datetime) -> None:
    certificates.issue_round(_round(town).id, by=town.staff["coordinator"], at=at)


def _revoke(town: Town, at: datetime) -> None:
    """One certificate was asked back: its page says so to whoever scans it."""
    result = _result(town, names.REVOKED)
    query = select(Certificate).where(Certificate.result_id == result.id)
    certificates.revoke(
        db.session.scalars(query).one().number,
        reason="姓名登记有误，本人申请更正后重发。",
        by=town.staff["coordinator"],
        at=at,
    )


def _open_next(town: Town, at: datetime) -> None:
    named = str(town.days.finished.next)
    ratings.open_round(town.root.id, named, by=town.staff["coordinator"], at=at)


def _round(town: Town) -> Round:
    query = select(Round).where(Round.half_year == str(town.days.finished))
    return db.session.scalars(query).one()


def _result(town: Town, person: int) -> RoundResult:
    query = select(RoundResult).where(
        RoundResult.round_id == _round(town).id,
        RoundResult.volunteer_id == town.people[person].id,
    )
    return db.session.scalars(query).one()
