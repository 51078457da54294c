"""Builds a volunteer's days from words: shifts, acts and their results, for tests and drills."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select

from tests import make
from tests.make_attendance import scanning
from volunteer_service.attendance import closing, reopening
from volunteer_service.attendance.check_ins import check_in, event_codes
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import record_decisions
from volunteer_service.db import db
from volunteer_service.errors import Refused
from volunteer_service.events import (
    planned_breaks,
    rescheduling,
    serving_posts,
    sharing,
    sign_ups,
)
from volunteer_service.events.models import Attendance, Event, Post, Shift, SignUp
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.scoring.points import balances
from volunteer_service.teams.models import Membership, Team

#: The drill plays days in other zones too.
ZONE = ZoneInfo(os.environ.get("DAYS_ZONE", "Asia/Shanghai"))
DAY = date(2026, 5, 16)
SHIFTS = {
    "A": ("09:00", "11:00"),
    "B": ("11:00", "13:00"),
    "C": ("14:00", "16:00"),
    "E": ("09:00", "17:00"),
    "F": ("18:00", "20:00"),
    "N": ("22:00", "+02:00"),
    "M": ("22:00", "+02:00"),
    "D": ("+09:00", "+11:00"),
    "K": ("09:00", "11:00"),
    "L": ("09:00", "17:00"),
}
#: Shifts of another day: the last of a half-year.
DAYS = {"M": date(2026, 6, 30)}
#: Planned breaks of a shift.
BREAKS = {"L": (("12:00", "13:00"),)}
#: Shifts of a class: who comes takes part and does not serve.
CLASSES = "K"
#: When what a phone kept without network comes in.
LATE = "22:00"


def instant(words: str, day: date = DAY) -> datetime:
    """The instant of ``09:00``, or of ``+09:00`` on the day after."""
    plus, hours, minutes = re.fullmatch(r"(\+?)(\d\d):(\d\d)", words).groups()
    at = datetime(day.year, day.month, day.day, int(hours), int(minutes), tzinfo=ZONE)
    return at + timedelta(days=1 if plus else 0)


@dataclass
class Day:
    """One event with its shifts, its leader, and the volunteer whose day it is.

    ``partner`` leads the other team, which may run the event later too; ``by_partner`` says which
    leader acts next.
    """

    cast: make.Cast
    event: Event
    who: Volunteer
    shifts: Mapping[str, Shift]
    partner: Account
    on: date = DAY
    by_partner: bool = False
    service: Actor = field(default_factory=lambda: Actor.system("jobs"))

    @property
    def leader(self) -> Actor:
        return make.acting(self.partner if self.by_partner else self.cast.li_mei)

    @property
    def teams(self) -> dict[str, Team]:
        """The two teams, by the names that the model has for them."""
        return {"home": self.cast.team, "other": self.cast.other_team}

    def belong(self, teams: Sequence[str]) -> None:
        """The volunteer is a member of these teams, and of no other."""
        mine = select(Membership).where(Membership.volunteer_id == self.who.id)
        for row in db.session.scalars(mine).all():
            db.session.delete(row)
        for name in teams:
            team_id = self.teams[name].id
            db.session.add(
                Membership(team_id=team_id, volunteer_id=self.who.id, joined_at=make.MORNING)
            )
        db.session.flush()

    def share(self, team: str, at: datetime) -> None:
        """Another team runs the event too, by a leader."""
        sharing.share(self.event.id, team_id=self.teams[team].id, by=self.leader, at=at)

    def stop_sharing(self, team: str, at: datetime) -> None:
        """A team no longer runs it, by a leader."""
        sharing.stop_sharing(self.event.id, team_id=self.teams[team].id, by=self.leader, at=at)

    def hand_over(self, team: str, at: datetime) -> None:
        """Another team organises the event, by a coordinator."""
        by = make.acting(self.cast.coordinator)
        team_id = self.teams[team].id
        rescheduling.hand_over(self.event.id, team_id=team_id, reason="换队伍", by=by, at=at)

    def instant(self, words: str) -> datetime:
        """The instant of a clock time on this day."""
        return instant(words, self.on)

    def act(self, words: str) -> str | None:
        """Do one act; the code of its refusal, if it is refused."""
        *verb, last = words.split()
        at = self.instant(last)
        named = verb.pop() if verb[-1] in self.shifts else ""
        return refusal(lambda: _ACTS[" ".join(verb)](self, at, named))

    def edit(self, name: str, starts_at: datetime, ends_at: datetime, at: datetime) -> None:
        """Other times of a shift, by its leader."""
        shift = self.shifts[name]
        times = {"starts_at": starts_at, "ends_at": ends_at, "capacity": shift.capacity}
        rescheduling.edit_shift(shift.id, **times, reason="改时间", by=self.leader, at=at)

    def serve(self, name: str, serves: bool, at: datetime) -> None:
        """Whether the post of a shift serves, by its leader."""
        serving_posts.change_serves(
            self.shifts[name].post_id, serves=serves, reason="改岗位", by=self.leader, at=at
        )

    def put_off(self, starts_at: datetime, at: datetime) -> None:
        """Another beginning of the whole event, by its leader."""
        rescheduling.put_off(
            self.event.id, starts_at=starts_at, reason="改时间", by=self.leader, at=at
        )

    def scan(self, at: datetime, kind: str | None = None, late: bool = False) -> None:
        came = self.instant(LATE) if late else at
        times = {"tapped_at": at, "sent_at": came} if late else {}
        token = event_codes.token(self.event)
        key, by = uuid4().hex, scanning(self.who)
        check_in.scan(token, scan_id=key, kind=kind, **times, by=by, at=came)

    def tick(self, at: datetime, kind: str) -> None:
        key = uuid4().hex
        fields = {"volunteer_id": self.who.id, "kind": kind, "scan_id": key}
        check_in.tick(self.event.id, **fields, by=self.leader, at=at)

    def close_all(self) -> None:
        """What the service closes by itself, and the leader's confirmation of all that waits."""
        last = max(shift.ends_at for shift in self.shifts.values())
        while closing.close_due(by=self.service, at=last + timedelta(days=2)):
            pass

    def confirm(self) -> None:
        waiting = [r.id for r in self.records() if (r.state, r.waits_for) == ("waiting", "leader")]
        if waiting:
            at = max(shift.ends_at for shift in self.shifts.values()) + timedelta(days=2)
            record_decisions.confirm(waiting, by=self.leader, at=at)

    def confirm_one(self, record: ServiceRecord) -> None:
        """The leader's confirmation of one record."""
        at = max(shift.ends_at for shift in self.shifts.values()) + timedelta(days=2)
        record_decisions.confirm([record.id], by=self.leader, at=at)

    def set_end(self, name: str, at: datetime) -> None:
        """The leader's word for the end of a shift whose check-out was forgotten."""
        after = max(shift.ends_at for shift in self.shifts.values()) + timedelta(days=2)
        record = next(r for n, r in self.by_shift().items() if n == name)
        key = uuid4().hex
        record_decisions.set_end(record.id, ends_at=at, scan_id=key, by=self.leader, at=after)

    def records(self) -> Sequence[ServiceRecord]:
        query = select(ServiceRecord).where(ServiceRecord.event_id == self.event.id)
        return db.session.scalars(query.order_by(ServiceRecord.starts_at, ServiceRecord.id)).all()

    def by_shift(self) -> dict[str, ServiceRecord]:
        """The volunteer's records by the letter of their shift."""
        names = {shift.id: name for name, shift in self.shifts.items()}
        found = {}
        for record in self.records():
            pair = db.session.get_one(Attendance, int(record.source_key))
            if record.volunteer_id == self.who.id:
                found[names[pair.shift_id]] = record
        return dict(sorted(found.items(), key=lambda each: list(SHIFTS).index(each[0])))

    def no_shows(self) -> list[str]:
        query = select(SignUp.shift_id).where(
            SignUp.volunteer_id == self.who.id, SignUp.state == "no_show"
        )
        missed = set(db.session.scalars(query))
        return [name for name, shift in self.shifts.items() if shift.id in missed]

    def points(self) -> int:
        return balances.standing(self.who.id, self.on).available


def refusal(act: Callable[[], object]) -> str | None:
    """Do it; the code of its refusal, with all that it did taken back."""
    try:
        with db.session.begin_nested():
            act()
    except Refused as refused:
        return refused.code()
    return None


def _place_of(day: Day, name: str) -> SignUp:
    query = select(SignUp).where(
        SignUp.shift_id == day.shifts[name].id, SignUp.volunteer_id == day.who.id
    )
    return db.session.scalars(query).one()


_ACTS: dict[str, Callable[[Day, datetime, str], object]] = {
    "in": lambda day, at, _name: day.scan(at, "in"),
    "out": lambda day, at, _name: day.scan(at, "out"),
    "scan": lambda day, at, _name: day.scan(at),
    "late in": lambda day, at, _name: day.scan(at, "in", late=True),
    "late out": lambda day, at, _name: day.scan(at, "out", late=True),
    "tick in": lambda day, at, _name: day.tick(at, "in"),
    "tick out": lambda day, at, _name: day.tick(at, "out"),
    "close": lambda day, at, _name: closing.close(day.event.id, by=day.leader, at=at),
    "reopen": lambda day, at, _name: reopening.reopen(
        day.event.id, reason="还有人没签退", by=day.leader, at=at
    ),
    "give": lambda day, at, name: sign_ups.give_away(_place_of(day, name).id, by=day.leader, at=at),
}


def day(places: str) -> Day:
    """A day with these shifts: held (``A``), waited for (``[A]``), or with room (``(A)``)."""
    cast = make.cast()
    named = re.findall(r"[A-Z]", places)
    on = DAYS.get(named[0], DAY)
    spans = {name: tuple(instant(each, on) for each in SHIFTS[name]) for name in named}
    first, last = min(s for s, _e in spans.values()), max(e for _s, e in spans.values())
    minutes = int((last - first).total_seconds()) // 60
    event = make.event(team=cast.team, leader=cast.li_mei, starts_at=first, minutes=minutes)
    post = db.session.scalars(select(Post).where(Post.event_id == event.id)).one()
    lesson = Post(event_id=event.id, name="听课", serves=False)
    db.session.add(lesson)
    db.session.delete(event.shifts[0])
    db.session.flush()
    shifts = {}
    for name, (starts_at, ends_at) in spans.items():
        at_post = lesson if name in CLASSES else post
        shift = Shift(
            event_id=event.id, post_id=at_post.id, starts_at=starts_at, ends_at=ends_at, capacity=9
        )
        breaks = [tuple(instant(each, on) for each in span) for span in BREAKS.get(name, ())]
        shift.breaks = planned_breaks.kept(breaks)
        db.session.add(shift)
        db.session.flush()
        shifts[name] = shift
        if f"({name})" not in places:
            state = "waiting" if f"[{name}]" in places else "confirmed"
            make.sign_up(event, cast.wang, state=state, shift=shift)
    db.session.expire_all()
    partner = make.account("zhouqiang", "周强", role="leader", team=cast.other_team)
    return Day(cast, event, cast.wang, shifts, partner, on)
