"""The facts of each person's first page: a few small queries over the packages below."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager, undefer

from volunteer_service import policies, settings
from volunteer_service.attendance.check_ins import check_out_undo, event_codes
from volunteer_service.attendance.check_ins.whereabouts import Here, whereabouts
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.events import event_teams
from volunteer_service.events.models import Attendance, Event, Shift, SignUp
from volunteer_service.figures import absences, counting
from volunteer_service.figures.counting import Count, Place
from volunteer_service.figures.periods import Period
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, places
from volunteer_service.scoring.points import balances
from volunteer_service.scoring.ratings import results as ratings
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.scoring.rewards import catalogue
from volunteer_service.scoring.rewards.models import Redemption
from volunteer_service.scoring.rules.recognised_minutes import Recognised
from volunteer_service.scoring.rules.stars import Rating
from volunteer_service.teams.models import Membership, Team
from volunteer_service.web.home import reads


@dataclass(frozen=True)
class Mine:
    """A volunteer's page: what is on, hours and the way to the next star, points, orders."""

    present: Here | None
    #: The presence that ended, of an event that is still open, and what it is worth so far.
    left: Attendance | None
    left_worth: Recognised | None
    coming: Sequence[SignUp]
    half_year: str
    minutes: int
    #: The half-year's star if it were rated now, and why: the same as on the page of stars.
    rating: Rating
    points: balances.Standing
    orders: Sequence[Redemption]


@dataclass(frozen=True)
class Running:
    """An event that runs now: its code to hold up, and who came and is there."""

    event: Event
    short_code: str
    signed_up: int
    came: int
    left: int


@dataclass(frozen=True)
class Gap:
    """A coming shift with places that nobody has taken."""

    shift: Shift
    free: int


@dataclass(frozen=True)
class Leading:
    """A leader's page: what runs, today's other events, those to close, and what waits."""

    running: Sequence[Running]
    today: Sequence[Event]
    to_close: Sequence[Event]
    #: The next shifts of two weeks that lack people.
    gaps: Sequence[Gap]
    waiting_records: int
    asked: int
    place: Place
    month: Period
    #: Of the running month, and who has not come for long.
    figures: Sequence[Count]
    #: The first of those who have not come for long, by the day on which they last came.
    absent: Sequence[absences.Absent]


def mine(volunteer_id: int, *, at: datetime) -> Mine:
    """Return what a volunteer came for."""
    progress = ratings.progress(volunteer_id, at=at)
    left = _left(volunteer_id, at)
    worth = check_out_undo.worth_so_far(left.event_id, volunteer_id) if left else None
    return Mine(
        present=whereabouts(volunteer_id, at=at),
        left=left,
        left_worth=worth,
        coming=coming(volunteer_id, at=at),
        half_year=str(progress.half_year),
        minutes=progress.minutes,
        rating=progress.rating,
        points=catalogue.purse(volunteer_id, at=at),
        orders=catalogue.orders_of(volunteer_id, limit=3),
    )


#: What a leader's page says of the running month, and of now.
_OF_TEAM = ("participations", "people_served_with", "minutes", "members_absent")


def leading(by: Actor, *, at: datetime) -> Leading:
    """Return what a leader came for, over the teams that they lead."""
    _paths, team_ids = places(by, Right.RECORD_CONFIRM)
    month = Period.of_month(settings.local_day(at))
    place = Place(team_ids=tuple(team_ids), team=_only_team(team_ids))
    ours = event_teams.run_by(team_ids)
    day = settings.local_day(at)
    begins, ends = settings.day_begins(day), settings.day_ends(day)
    today = reads.events(ours, Event.starts_at < ends, Event.ends_at >= begins)
    running = [each for each in today if _is_running(each, at)]
    return Leading(
        running=_running(running),
        today=[each for each in today if each not in running],
        to_close=reads.events(ours, Event.state == "published", Event.ends_at < at),
        gaps=_gaps(ours, at),
        waiting_records=reads.waiting(ServiceRecord.team_id.in_(team_ids)),
        asked=reads.count(
            select(Membership.id).where(
                Membership.team_id.in_(team_ids), Membership.state == "asked"
            )
        ),
        place=place,
        month=month,
        figures=counting.count(place, month, today=at, codes=_OF_TEAM),
        absent=absences.of_teams(place, month, today=at, limit=6),
    )


def _only_team(team_ids: Collection[int]) -> Team | None:
    return db.session.get(Team, next(iter(team_ids))) if len(team_ids) == 1 else None


def audited(by: Actor, *, limit: int = 3) -> Sequence[Round]:
    """Return the rounds that an auditor may look into."""
    paths, _teams = places(by, Right.RATING_SEE)
    return reads.rounds(paths, limit=limit)


def open_to_all(*, at: datetime) -> Sequence[Event]:
    """Return the next events that anybody may come to."""
    return reads.events(Event.state == "published", Event.ends_at >= at, limit=3)


def coming(volunteer_id: int, *, at: datetime, limit: int = 3) -> Sequence[SignUp]:
    """Return the places that a person holds or waits for on shifts still ahead, the next one
    first.
    """
    been = select(Attendance.sign_up_id).where(Attendance.volunteer_id == volunteer_id)
    query = (
        select(SignUp)
        .join(SignUp.shift)
        .join(Shift.event)
        .options(
            contains_eager(SignUp.shift).contains_eager(Shift.event),
            undefer(SignUp.waiting_position),
        )
        .where(
            SignUp.volunteer_id == volunteer_id,
            SignUp.state.in_(("confirmed", "waiting")),
            Event.state == "published",
            Shift.ends_at >= at,
            SignUp.id.not_in(been),
        )
    )
    return db.session.scalars(query.order_by(Shift.starts_at, SignUp.id).limit(limit)).all()


def _gaps(ours: ColumnElement[bool], at: datetime) -> list[Gap]:
    taken = (
        select(func.count())
        .where(SignUp.shift_id == Shift.id, SignUp.state == "confirmed")
        .correlate(Shift)
        .scalar_subquery()
    )
    query = (
        select(Shift, Shift.capacity - taken)
        .join(Shift.event)
        .options(contains_eager(Shift.event))
        .where(
            ours,
            Event.state == "published",
            Shift.starts_at > at,
            Shift.starts_at < at + timedelta(days=14),
            Shift.capacity > taken,
        )
        .order_by(Shift.starts_at, Shift.id)
        .limit(6)
    )
    return [Gap(shift, free) for shift, free in db.session.execute(query)]


def _is_running(event: Event, at: datetime) -> bool:
    # People come before the beginning, so the code is held up from the first check-in on.
    early = timedelta(minutes=policies.active().early_minutes)
    return event.state == "published" and event.starts_at - early <= at < event.ends_at


def _running(events: list[Event]) -> list[Running]:
    ids = [event.id for event in events]
    there = (
        select(
            Attendance.event_id,
            func.count(Attendance.sign_up_id.distinct()),
            func.count().filter(Attendance.checked_out_at.is_(None)),
        )
        .where(Attendance.event_id.in_(ids))
        .group_by(Attendance.event_id)
    )
    came = {event_id: (n, n - inside) for event_id, n, inside in db.session.execute(there)}
    places = (
        select(SignUp.event_id, func.count())
        .where(SignUp.event_id.in_(ids), SignUp.state == "confirmed")
        .group_by(SignUp.event_id)
    )
    taken = dict(db.session.execute(places).all())
    return [
        Running(
            event,
            event_codes.short_code(event),
            taken.get(event.id, 0),
            *came.get(event.id, (0, 0)),
        )
        for event in events
    ]


def _left(volunteer_id: int, at: datetime) -> Attendance | None:
    """Return the presence of today that ended last."""
    query = (
        select(Attendance)
        .join(Attendance.event)
        .join(Attendance.shift)
        .options(contains_eager(Attendance.event), contains_eager(Attendance.shift))
        .where(
            Attendance.volunteer_id == volunteer_id,
            Attendance.checked_out_at.is_not(None),
            Event.state == "published",
            Shift.closed_at.is_(None),
            Shift.ends_at > at - timedelta(hours=12),
        )
    )
    return db.session.scalars(query.order_by(Attendance.id.desc()).limit(1)).one_or_none()
