"""Tables of events that are held again and again: their series, and a street's school terms."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_service.areas.models import Area
from volunteer_service.db import Base, Identity
from volunteer_service.events.models import Event

#: Which days of a rule count: every one, working days, working days within a school term.
DAYS = ("every", "working", "school")


class EventSeries(Base):
    """A series of events: the rule of their days (RFC 5545 RRULE without its end)."""

    __tablename__ = "event_series"
    __table_args__ = (
        CheckConstraint("days IN ('every', 'working', 'school')", name="days"),
        CheckConstraint("ends_on >= starts_on", name="order"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    rule: Mapped[str] = mapped_column(String(120))
    days: Mapped[str] = mapped_column(String(8))
    #: The first and last local day of its events.
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    created_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class SeriesDay(Base):
    """A day of a series and its event: each day has one, however often the series is made."""

    __tablename__ = "series_days"

    series_id: Mapped[int] = mapped_column(ForeignKey("event_series.id"), primary_key=True)
    #: The local day for which the event was made; the event itself may be postponed.
    on: Mapped[date] = mapped_column("held_on", primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), unique=True)

    series: Mapped[EventSeries] = relationship()
    event: Mapped[Event] = relationship()


class SeriesChange(Base):
    """The state of a series' events before a change was carried over to them."""

    __tablename__ = "series_changes"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("event_series.id"), index=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: By event id (``series_snapshots``).
    before: Mapped[dict[str, Any]]
    format: Mapped[int] = mapped_column(server_default="1")
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class SchoolTerm(Base):
    """The first and last day of a school term in an area and below it."""

    __tablename__ = "school_terms"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="order"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    area: Mapped[Area] = relationship()
