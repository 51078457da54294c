"""Addresses under which a phone's calendar reads a person's places, or a team's events.

Anybody who knows the address reads the feed without signing in, so it contains 128 random bits, is
shown only to its owner, and ends when another one is made. The feed contains no name and no phone.
A person's address ends with the sessions and tokens of the account that made it.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, contains_eager, joinedload, mapped_column

from volunteer_service import crypto, journal, settings
from volunteer_service.db import Base, Identity, Sealed, db, fetch
from volunteer_service.errors import NotFound
from volunteer_service.events import event_teams, refusals
from volunteer_service.events.models import Event, Shift, SignUp
from volunteer_service.people.authorization import rights
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.teams.models import Team

#: How far back a feed reaches, and how many entries it has at most.
BACK = timedelta(days=60)
MOST = 500


class CalendarFeed(Base):
    """An address of a calendar: of one person, or of one team."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        CheckConstraint("(volunteer_id IS NULL) <> (team_id IS NULL)", name="owner"),
        Index("ix_calendar_feeds_volunteer_id", "volunteer_id"),
        Index("ix_calendar_feeds_team_id", "team_id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    #: The end of the address: sealed, to show it again, and hashed, to find it.
    secret_key: Mapped[str] = mapped_column(Sealed("calendar_feed.secret"))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: The account's epoch when a person's address was made; a higher one ends the address.
    epoch: Mapped[int | None]
    ended_at: Mapped[datetime | None]

    @property
    def address(self) -> str:
        """Return the whole address."""
        return f"{settings.current().base_url}/calendar/{self.secret_key}.ics"


@dataclass(frozen=True)
class Entry:
    """A line of a calendar: a shift, and the person's own sign-up in a person's feed."""

    shift: Shift
    sign_up: SignUp | None = None


def feed_of(team_id: int | None, *, by: Actor) -> CalendarFeed | None:
    """Return the valid feed of a team, or of the actor where no team is named."""
    owner = _owner(team_id, by)
    query = select(CalendarFeed).where(*_lives()).filter_by(**owner)
    return db.session.scalars(query.order_by(CalendarFeed.id.desc()).limit(1)).one_or_none()


def new_feed(team_id: int | None, *, by: Actor, at: datetime) -> CalendarFeed:
    """Make an address for a team's feed, or for the actor's own; the one before ends."""
    _end(_owner(team_id, by), at)
    secret = secrets.token_urlsafe(24)
    row = CalendarFeed(
        **_owner(team_id, by),
        secret_key=secret,
        secret_hash=crypto.token_hash(secret),
        created_at=at,
        account_id=by.account_id,
        epoch=None if team_id is not None else fetch(Account, by.account_id or 0).epoch,
    )
    db.session.add(row)
    db.session.flush()
    _record("new_feed", row, by, at)
    return row


def end_feed(team_id: int | None, *, by: Actor, at: datetime) -> None:
    """End the address; calendars that read it find nothing from now on."""
    row = feed_of(team_id, by=by)
    if row is None:
        raise refusals.NoCalendarFeed()
    _end(_owner(team_id, by), at)
    _record("end_feed", row, by, at)


def entries_at(secret: str, *, at: datetime) -> Sequence[Entry]:
    """Return the lines of the feed with this secret; raise ``NotFound`` for an unknown or ended
    one.

    A person's feed has the places that they hold, wait for or lost by a cancelled event; a team's
    feed has the shifts of the published, closed and cancelled events of the team and of the team
    that it was merged into.
    """
    query = select(CalendarFeed).where(
        CalendarFeed.secret_hash == crypto.token_hash(secret), *_lives()
    )
    feed = db.session.scalars(query).one_or_none()
    if feed is None:
        raise NotFound()
    return _of_team(feed.team_id, at) if feed.team_id else _of_person(feed.volunteer_id, at)


def _lives() -> tuple[ColumnElement[bool], ...]:
    opens = exists().where(
        Account.id == CalendarFeed.account_id,
        Account.epoch == CalendarFeed.epoch,
        Account.disabled_at.is_(None),
    )
    return CalendarFeed.ended_at.is_(None), or_(CalendarFeed.volunteer_id.is_(None), opens)


def _of_team(team_id: int, at: datetime) -> Sequence[Entry]:
    team = fetch(Team, team_id)
    query = (
        select(Shift)
        .join(Shift.event)
        .where(
            event_teams.run_by([id_ for id_ in (team.id, team.merged_into_id) if id_]),
            Event.state != "draft",
            Shift.removed_at.is_(None),
            Shift.ends_at > at - BACK,
        )
    )
    shifts = query.options(contains_eager(Shift.event), joinedload(Shift.post))
    found = db.session.scalars(shifts.order_by(Shift.starts_at, Shift.id).limit(MOST))
    return [Entry(row) for row in found]


def _of_person(volunteer_id: int | None, at: datetime) -> Sequence[Entry]:
    query = (
        select(SignUp)
        .join(SignUp.shift)
        .join(Shift.event)
        .join(SignUp.volunteer)
        .where(
            SignUp.volunteer_id == volunteer_id,
            # A person who left the register has no calendar.
            Volunteer.state == "active",
            or_(
                SignUp.state.in_(("confirmed", "waiting")),
                (SignUp.state == "cancelled") & (Event.state == "cancelled"),
            ),
            Shift.ends_at > at - BACK,
        )
    )
    places = query.options(
        contains_eager(SignUp.shift).options(contains_eager(Shift.event), joinedload(Shift.post))
    )
    found = db.session.scalars(places.order_by(Shift.starts_at, SignUp.id).limit(MOST))
    return [Entry(row.shift, row) for row in found]


def _owner(team_id: int | None, by: Actor) -> dict[str, int | None]:
    if team_id is not None:
        team = fetch(Team, team_id)
        rights.need(by, Right.EVENT_EDIT, area_path=team.area.path, team_id=team.id)
        return {"volunteer_id": None, "team_id": team.id}
    if by.volunteer_id is None:
        raise refusals.NotAVolunteer()
    return {"volunteer_id": by.volunteer_id, "team_id": None}


def _end(owner: dict[str, int | None], at: datetime) -> None:
    living = select(CalendarFeed).where(CalendarFeed.ended_at.is_(None)).filter_by(**owner)
    for row in db.session.scalars(living.with_for_update()):
        row.ended_at = at


def _record(verb: str, row: CalendarFeed, by: Actor, at: datetime) -> None:
    journal.record(
        f"events.{verb}",
        row,
        account_id=by.account_id,
        door=by.door,
        at=at,
        team=row.team_id,
    )
