"""Rows of the anomaly desk."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_service.attendance.models import Scan
from volunteer_service.db import Base, Identity
from volunteer_service.events.models import Event
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Team

STATES = ("open", "accepted", "rejected")


class Anomaly(Base):
    """Something that looks wrong: its kind, its facts, and the answer.

    It blocks nothing. ``accepted``: it is explained, or the late scan counts; ``rejected``: it is
    not explained, and the verbs of records correct them.
    """

    __tablename__ = "anomalies"
    __table_args__ = (
        # One row for one anomaly, even if several runs find it.
        UniqueConstraint("kind", "key"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_anomalies_team_id_state", "team_id", "state"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    #: The subject of the anomaly, in the form that its kind uses.
    key: Mapped[str] = mapped_column(String(64))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    #: The person concerned, if it is one person.
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"), index=True)
    #: The account whose act is in question; it does not decide.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: The late scan that waits for an answer.
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("scans.id"))
    happened_on: Mapped[date]
    #: Facts by the names of the kind (``people``: the ids of everybody concerned).
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    found_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), default="open")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answer: Mapped[str | None] = mapped_column(String(200))

    team: Mapped[Team] = relationship()
    event: Mapped[Event | None] = relationship()
    volunteer: Mapped[Volunteer | None] = relationship()
    scan: Mapped[Scan | None] = relationship()

    @property
    def people(self) -> list[int]:
        """Return the ids of everybody concerned."""
        some = [int(id_) for id_ in self.facts.get("people", [])]
        return some or ([self.volunteer_id] if self.volunteer_id is not None else [])
