"""Events, posts, shifts, sign-ups."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    case,
    func,
    select,
    text,
    true,
    tuple_,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from volunteer_service.db import Base, Identity
from volunteer_service.events import planned_breaks
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.teams.models import Project, Team


class Event(Base):
    """What a team does on a day at a place."""

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published', 'closed', 'cancelled')", name="state"),
        CheckConstraint("ends_at > starts_at", name="order"),
        CheckConstraint("accepted_codes IN ('all', 'live', 'leader')", name="accepted_codes"),
        Index("ix_events_team_id_starts_at", "team_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    leader_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    title: Mapped[str] = mapped_column(String(80))
    content: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(80))
    #: Whom to call; shown only to people who hold a place (``event_lists.EventBoard.contact``).
    contact_name: Mapped[str | None] = mapped_column(String(40))
    contact_phone: Mapped[str | None] = mapped_column(String(40))
    #: Where people meet before the work begins, if elsewhere than at the place.
    meeting_point: Mapped[str | None] = mapped_column(String(60))
    #: What to bring or wear.
    bring: Mapped[str | None] = mapped_column(String(120))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="draft")
    #: Opaque code of the printed poster; it is no secret and deserves the least trust.
    code: Mapped[str] = mapped_column(String(12), unique=True)
    #: Which codes check people in (``attendance.check_ins.accepted_codes``).
    accepted_codes: Mapped[str] = mapped_column(String(6), default="all", server_default="all")
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None] = mapped_column(String(120))
    version: Mapped[int] = mapped_column(default=1)

    team: Mapped[Team] = relationship()
    #: Teams that run it too, in the order of joining; the team that got it later may be among them.
    invited: Mapped[list[Team]] = relationship(
        secondary="event_teams", order_by="EventTeam.id", viewonly=True
    )
    project: Mapped[Project | None] = relationship()
    leader: Mapped[Account] = relationship()
    posts: Mapped[list["Post"]] = relationship(back_populates="event", order_by="Post.id")
    #: Shifts that people sign up for; a removed one stays in its table with its sign-ups.
    shifts: Mapped[list["Shift"]] = relationship(
        back_populates="event",
        order_by="Shift.starts_at",
        primaryjoin="and_(Event.id == Shift.event_id, Shift.removed_at.is_(None))",
    )

    @property
    def partners(self) -> list[Team]:
        """Return the teams that run it together with the organising one."""
        return [team for team in self.invited if team.id != self.team_id]


class EventTeam(Base):
    """A team that runs an event together with the one that organises it (``Event.team_id``)."""

    __tablename__ = "event_teams"
    __table_args__ = (UniqueConstraint("event_id", "team_id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    since: Mapped[datetime]


class Post(Base):
    """A kind of work at an event; its coefficient weighs the points of an hour."""

    __tablename__ = "posts"
    __table_args__ = (
        CheckConstraint("coefficient_centi BETWEEN 10 AND 1000", name="coefficient"),
        UniqueConstraint("event_id", "name"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    #: Hundredths: 100 is 1.00 points an hour.
    coefficient_centi: Mapped[int] = mapped_column(default=100)
    dangerous: Mapped[bool] = mapped_column(default=False)
    #: False where people only take part (pupils of a class, members at a meeting, job seekers):
    #: their presence is kept, but is no service (order 67, art. 19).
    serves: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: The requirements (``post_requirements.Requirements``); 0 asks nothing.
    min_age: Mapped[int] = mapped_column(default=0, server_default="0")
    max_age: Mapped[int] = mapped_column(default=0, server_default="0")
    min_stars: Mapped[int] = mapped_column(default=0, server_default="0")
    skills: Mapped[str | None] = mapped_column(String(120))
    #: How people are insured on it.
    cover: Mapped[str | None] = mapped_column(String(200))

    event: Mapped[Event] = relationship(back_populates="posts")


class Shift(Base):
    """A span of time at a post that people sign up for."""

    __tablename__ = "shifts"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="order"),
        CheckConstraint("capacity > 0", name="capacity"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int]
    #: Planned breaks, by time: pairs of ISO instants (``planned_breaks.kept``).
    breaks: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    #: When its check-in ended: its records are made, and absent people are no-shows.
    closed_at: Mapped[datetime | None]
    #: For a reopened shift, when the service closes it again.
    open_until: Mapped[datetime | None]
    #: When it was removed from the event; nobody came, and its sign-ups ended then.
    removed_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship(back_populates="shifts")
    post: Mapped[Post] = relationship()

    @property
    def planned_breaks(self) -> tuple[tuple[datetime, datetime], ...]:
        """Return its breaks: beginnings and ends."""
        return planned_breaks.of(self.breaks)


class EventChange(Base):
    """A change of a published event that people had signed up for: before, after, who, why."""

    __tablename__ = "event_changes"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('edit_shift', 'remove_shift', 'put_off', 'hand_over')", name="kind"
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str] = mapped_column(String(120))
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    #: In which format ``before`` and ``after`` are (``event_states.FORMAT``).
    format: Mapped[int] = mapped_column(server_default="1")
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class SignUp(Base):
    """A volunteer's place on a shift, or on its waiting list."""

    __tablename__ = "sign_ups"
    __table_args__ = (
        UniqueConstraint("shift_id", "volunteer_id"),
        CheckConstraint("state IN ('confirmed', 'waiting', 'cancelled', 'no_show')", name="state"),
        Index("ix_sign_ups_event_id_volunteer_id", "event_id", "volunteer_id"),
        Index("ix_sign_ups_volunteer_id", "volunteer_id"),
        Index(
            "ix_sign_ups_offered_until",
            "offered_until",
            sqlite_where=text("offered_until IS NOT NULL"),
            postgresql_where=text("offered_until IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    state: Mapped[str] = mapped_column(String(10))
    #: How the sign-up was made: page, api, walk_in (at the scan), leader, swap.
    source: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    #: Until when a free place is kept for this person of the waiting list (``place_offers``).
    offered_until: Mapped[datetime | None]

    shift: Mapped[Shift] = relationship()
    volunteer: Mapped[Volunteer] = relationship()

    if TYPE_CHECKING:
        waiting_position: Mapped[int | None]


_other = SignUp.__table__.alias("others")
_before = select(func.count()).where(
    _other.c.shift_id == SignUp.shift_id,
    _other.c.state == "waiting",
    tuple_(_other.c.created_at, _other.c.id) <= tuple_(SignUp.created_at, SignUp.id),
)
#: 1 for the first on the waiting list; None for a person who does not wait. Lists load it.
SignUp.waiting_position = column_property(
    case((SignUp.state == "waiting", _before.correlate(SignUp.__table__).scalar_subquery())),
    deferred=True,
)


class Attendance(Base):
    """One pair of entry and exit on a shift; a person who goes out and comes back has several.

    ``attendance`` writes it; it is defined here because changes of an event must know who is there.
    The service record of a place is named by its first pair.
    """

    __tablename__ = "attendances"
    __table_args__ = (
        # Nobody is inside twice on one place, however many phones scan at once.
        Index(
            "uq_attendances_inside_sign_up_id",
            "sign_up_id",
            unique=True,
            sqlite_where=text("checked_out_at IS NULL"),
            postgresql_where=text("checked_out_at IS NULL"),
        ),
        CheckConstraint("checked_out_at IS NULL OR checked_out_at >= checked_in_at", name="order"),
        Index("ix_attendances_event_id_volunteer_id", "event_id", "volunteer_id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id"))
    sign_up_id: Mapped[int] = mapped_column(ForeignKey("sign_ups.id"), index=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    checked_in_at: Mapped[datetime]
    checked_out_at: Mapped[datetime | None]
    #: Evidence grade so far: ``scanned`` until a leader ticked one end.
    grade: Mapped[str] = mapped_column(String(10))

    event: Mapped[Event] = relationship()
    shift: Mapped[Shift] = relationship()
    sign_up: Mapped[SignUp] = relationship()
    volunteer: Mapped[Volunteer] = relationship()
