"""Teams, memberships, brands, projects."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_service.areas.models import Area
from volunteer_service.db import Base, Identity, Sealed
from volunteer_service.outbox.doors.robots import SCHEMES
from volunteer_service.people.models import Volunteer
from volunteer_service.people.search.ordered_names import OrderedByName


class Brand(Base):
    """A service brand under which several teams appear."""

    __tablename__ = "brands"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    import_id: Mapped[int | None] = mapped_column(Identity, index=True)


class Project(Base):
    """A service project that several teams carry out."""

    __tablename__ = "projects"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    import_id: Mapped[int | None] = mapped_column(Identity, index=True)


class Team(OrderedByName, Base):
    """A volunteer team of an area, with the recording unit above it."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("area_id", "name"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), index=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"), index=True)
    recording_unit: Mapped[str] = mapped_column(String(60))
    brand_id: Mapped[int | None] = mapped_column(ForeignKey("brands.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    founded_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(8), default="active")
    import_id: Mapped[int | None] = mapped_column(Identity, index=True)
    #: The team that it was merged into; its own past stays here.
    merged_into_id: Mapped[int | None] = mapped_column(Identity, index=True)
    #: Raised with every edit: the ETag.
    version: Mapped[int] = mapped_column(default=1)

    area: Mapped[Area] = relationship()
    brand: Mapped[Brand | None] = relationship()
    project: Mapped[Project | None] = relationship()


class Membership(Base):
    """A volunteer in a team; leaving keeps the row.

    ``coming``: in it from the day of ``joined_at`` on. An ``active`` one with a ``left_at`` in the
    future is in it until then.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("team_id", "volunteer_id"),
        CheckConstraint("state IN ('asked', 'coming', 'active', 'left')", name="state"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="active")
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    import_id: Mapped[int | None] = mapped_column(Identity, index=True)

    team: Mapped[Team] = relationship()
    volunteer: Mapped[Volunteer] = relationship()


class TeamRobot(Base):
    """The robot of a team's group chat: once each morning it posts what waits in the team."""

    __tablename__ = "team_robots"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), unique=True)
    #: One of ``outbox.doors.robots.SCHEMES``.
    kind: Mapped[str] = mapped_column(String(8))
    #: The secret with which anybody can post; it is never shown whole again.
    secret: Mapped[str] = mapped_column(Sealed("team.robot"))
    set_at: Mapped[datetime]
    #: Since when it has taken nothing.
    failing_since: Mapped[datetime | None]
    #: Nothing more is sent to it until its address is saved again.
    paused_at: Mapped[datetime | None]

    team: Mapped[Team] = relationship()

    @property
    def tail(self) -> str:
        """Return the last four characters, by which a leader recognises it."""
        return self.secret[-4:]

    @property
    def address(self) -> str:
        """Return the address that apprise reads."""
        return f"{SCHEMES[self.kind]}://{self.secret}"
