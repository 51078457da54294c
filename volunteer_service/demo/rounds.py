"""The rating: the last half-year from its opening to certificates, and the next one open.

The notice of a supplement to it is over, so the second person may sign it off.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select

from volunteer_service import policies, working_days
from volunteer_service.attendance import complaints
from volunteer_service.attendance.backfills import backfill
from volunteer_service.attendance.backfills.backfill import Backfill
from volunteer_service.attendance.models import Complaint, ServiceRecord
from volunteer_service.certificates import issuing, revoking
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.demo import history, names
from volunteer_service.demo.stage import Act, Town
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.ratings import objections, round_steps, sign_off, supplements
from volunteer_service.scoring.ratings.models import Objection, Round, RoundResult

SATURDAY = 5


def acts(town: Town) -> Iterator[Act]:
    """Yield each step on its own day after the half-year's end; a second person signs off."""
    steps = (
        (-30, _complain),
        (-28, _reply),
        (-26, _uphold),
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
    published, over = _notice(town.days.today)
    late = ((-9, _enter_paper), (-7, _approve), (-1, _supplement), (0, _publish_supplement))
    for days, step in late:
        at = town.days.on(published + timedelta(days=days), 10)
        yield Act(at, partial(step, town, at))
    # The hourly job ends it.
    midnight = town.days.on(over, 0)
    yield Act(midnight, partial(round_steps.close_due, by=Actor.system("job"), at=midnight))


def _notice(today: date) -> tuple[date, date]:
    """Return the latest notice that is over by now: when it was published, the first day
    after it.
    """
    day, lasts = today, policies.active().notice_working_days
    while (ends_on := working_days.after_working_days(day, lasts)) >= today:
        day -= timedelta(days=1)
    return day, ends_on + timedelta(days=1)


def _complain(town: Town, at: datetime) -> None:
    """Write down a complaint of residents about a volunteer who left his post."""
    complaints.complain(
        town.people[names.COMPLAINED_OF].id,
        happened_on=at.date() - timedelta(days=3),
        words="巡逻时中途离开岗位去办私事，居民反映。",
        by=town.staff["coordinator"],
        at=at,
    )


def _reply(town: Town, at: datetime) -> None:
    """Reply as the person whom it is about."""
    words = "家里老人突然不舒服，我回去了一趟，忘了跟队长说，是我不对。"
    actor = town.actors[names.COMPLAINED_OF]
    complaints.reply(_complaint(town).id, words=words, by=actor, at=at)


def _uphold(town: Town, at: datetime) -> None:
    """Uphold it as a third person, which costs the half-year's star."""
    by = town.staff["coordinator2"]
    complaints.decide_complaint(_complaint(town).id, upheld=True, by=by, at=at)


def _open(town: Town, at: datetime) -> None:
    named = str(town.days.finished)
    round_steps.open_round(town.root.id, named, by=town.staff["coordinator"], at=at)


def _freeze_and_draft(town: Town, at: datetime) -> None:
    by = town.staff["coordinator"]
    round_steps.freeze(_round(town).id, by=by, at=at)
    round_steps.draft(_round(town).id, by=by, at=at + timedelta(hours=1))


def _publish(town: Town, at: datetime) -> None:
    round_steps.publish_notice(_round(town).id, by=town.staff["coordinator"], at=at)


def _object(town: Town, at: datetime) -> None:
    """Object as somebody who registered too late for this half-year's star and asks why there is
    none.
    """
    objections.object_to(
        _result(town, names.LATE).id,
        "我这半年参加了好几次活动，为什么没有星级？",
        by=town.actors[names.LATE],
        at=at,
    )


def _answer(town: Town, at: datetime) -> None:
    result = _result(town, names.LATE)
    said = select(Objection).where(Objection.result_id == result.id)
    objections.decide_objection(
        db.session.scalars(said).one().id,
        upheld=False,
        answer="按规则，半年结束前须注册满 90 天。下个半年的评定会计入您的时长。",
        by=town.staff["coordinator"],
        at=at,
    )


def _sign_off(town: Town, at: datetime) -> None:
    round_steps.close_notice(_round(town).id, by=town.staff["coordinator"], at=at)
    sign_off.sign_off(_round(town).id, by=town.staff["coordinator2"], at=at + timedelta(hours=1))


def _certify(town: Town, at: datetime) -> None:
    issuing.issue_round(_round(town).id, by=town.staff["coordinator"], at=at)


def _revoke(town: Town, at: datetime) -> None:
    """Revoke one certificate: its page says so to everybody who scans it."""
    result = _result(town, names.REVOKED)
    query = select(Certificate).where(Certificate.result_id == result.id)
    revoking.revoke(
        db.session.scalars(query).one().number,
        reason="姓名登记有误，本人申请更正后重发。",
        by=town.staff["coordinator"],
        at=at,
    )


def _open_next(town: Town, at: datetime) -> None:
    named = str(town.days.finished.next)
    round_steps.open_round(town.root.id, named, by=town.staff["coordinator"], at=at)


def _enter_paper(town: Town, at: datetime) -> None:
    """Enter a paper list that was found later: three people kept order at a sports day of the
    half-year.
    """
    first = town.days.finished.starts_on + timedelta(days=90)
    # A Saturday on which the town's teams held no event.
    held = set(history.days(town.days))
    days = (first + timedelta(days=n) for n in range(60))
    day = next(each for each in days if each.weekday() == SATURDAY and each not in held)
    for n in names.UNRECORDED:
        backfill.backfill(
            Backfill(
                team_id=town.teams[names.PEOPLE[n].team].id,
                volunteer_id=town.people[n].id,
                event_name="社区运动会志愿保障",
                place="临江体育公园",
                content="维持秩序，分发饮水，照看老人和孩子",
                starts_at=town.days.on(day, 8),
                ends_at=town.days.on(day, 13),
                minutes=300,
                leader_name="周静",
                reason="当天只有纸质签到表，现已找到，有照片为证。",
            ),
            by=town.staff["coordinator"],
            at=at,
        )


def _approve(town: Town, at: datetime) -> None:
    waiting = select(ServiceRecord.id).where(ServiceRecord.waits_for == "second")
    for record_id in db.session.scalars(waiting.order_by(ServiceRecord.id)).all():
        backfill.approve_backfill(record_id, by=town.staff["coordinator2"], at=at)


def _supplement(town: Town, at: datetime) -> None:
    by = town.staff["coordinator"]
    people = [town.people[n].id for n in names.UNRECORDED]
    reason = "补录了社区运动会的服务记录，三人的时长有变化。"
    row = supplements.supplement(_round(town).id, people, reason=reason, by=by, at=at)
    round_steps.draft(row.id, by=by, at=at + timedelta(hours=1))


def _publish_supplement(town: Town, at: datetime) -> None:
    by = town.staff["coordinator"]
    round_steps.publish_notice(_round(town, supplement=1).id, by=by, at=at)


def _complaint(town: Town) -> Complaint:
    person = town.people[names.COMPLAINED_OF]
    return db.session.scalars(select(Complaint).where(Complaint.volunteer_id == person.id)).one()


def _round(town: Town, *, supplement: int = 0) -> Round:
    query = select(Round).where(
        Round.half_year == str(town.days.finished), Round.supplement == supplement
    )
    return db.session.scalars(query).one()


def _result(town: Town, person: int) -> RoundResult:
    query = select(RoundResult).where(
        RoundResult.round_id == _round(town).id,
        RoundResult.volunteer_id == town.people[person].id,
    )
    return db.session.scalars(query).one()
