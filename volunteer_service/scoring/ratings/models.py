"""Rating rounds, each person's frozen facts and stars, objections."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_service.areas.models import Area
from volunteer_service.db import Base, Identity
from volunteer_service.people.models import Volunteer

ROUND_STATES = ("open", "frozen", "draft", "notice", "decided", "final", "withdrawn")


class Round(Base):
    """A rating round of one area's people for one half-year (supplements are numbered)."""

    __tablename__ = "rounds"
    __table_args__ = (
        # The number of a withdrawn round is free for the next one.
        Index(
            "uq_rounds_area_id_half_year_supplement",
            "area_id",
            "half_year",
            "supplement",
            unique=True,
            sqlite_where=text("state <> 'withdrawn'"),
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        CheckConstraint(f"state IN {ROUND_STATES}", name="state"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"))
    half_year: Mapped[str] = mapped_column(String(6))
    supplement: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(9), default="open")
    policy_version: Mapped[int | None] = mapped_column(ForeignKey("policies.version"))
    #: The format of its facts, and the version of the rules that rates them.
    facts_format: Mapped[int | None]
    rules_version: Mapped[int | None]
    #: Hash over the frozen facts and the policy, which a replay must match.
    facts_hash: Mapped[str | None] = mapped_column(String(64))
    #: The same over the facts as upheld objections left them, kept at sign-off.
    final_hash: Mapped[str | None] = mapped_column(String(64))
    #: Why a supplement was needed.
    reason: Mapped[str | None] = mapped_column(String(200))
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    frozen_at: Mapped[datetime | None]
    #: What was still to be done at the freeze, by kind, and the reason that waived it.
    readiness: Mapped[dict[str, Any] | None]
    lifted_reason: Mapped[str | None] = mapped_column(String(200))
    noticed_at: Mapped[datetime | None]
    #: Last local day of the public notice (5 working days).
    notice_ends_on: Mapped[date | None]
    signed_off_at: Mapped[datetime | None]
    #: The person who published the notice may not sign off.
    noticed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    signed_off_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    #: Who withdrew it before it counted, and why.
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    withdrawn_reason: Mapped[str | None] = mapped_column(String(200))
    #: When it was last counted whose facts of now differ; only first rounds that are final.
    late_counted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    area: Mapped[Area] = relationship()


class RoundResult(Base):
    """One person in a round: the frozen facts, and the stars and reasons computed from them.

    ``facts`` never change once frozen; an upheld objection writes ``amended`` beside them.
    """

    __tablename__ = "round_results"
    __table_args__ = (
        UniqueConstraint("round_id", "volunteer_id"),
        CheckConstraint("stars BETWEEN 0 AND 5", name="stars"),
        Index("ix_round_results_round_id_stars_id", "round_id", "stars", "id"),
        Index("ix_round_results_volunteer_id", "volunteer_id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    facts: Mapped[dict[str, Any]]
    amended: Mapped[dict[str, Any] | None]
    stars: Mapped[int | None]
    reasons: Mapped[list[Any]] = mapped_column(default=list)

    round: Mapped[Round] = relationship()
    volunteer: Mapped[Volunteer] = relationship()


class LateChange(Base):
    """A person of a final round whose facts of now give another star or other hours, as the last
    night counted them.

    ``before`` is the last final result of the half-year; 0 for a person without one.
    """

    __tablename__ = "late_changes"
    __table_args__ = (UniqueConstraint("round_id", "volunteer_id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    #: The first round of the half-year, whose supplement they need.
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    result_id: Mapped[int | None] = mapped_column(ForeignKey("round_results.id"), index=True)
    stars_before: Mapped[int]
    stars_now: Mapped[int]
    minutes_before: Mapped[int]
    minutes_now: Mapped[int]

    round: Mapped[Round] = relationship()
    volunteer: Mapped[Volunteer] = relationship()


class Objection(Base):
    """An objection to a draft star during the notice, and its decision."""

    __tablename__ = "objections"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name="state"),
        # A result has one open objection, however often the button is pressed.
        Index(
            "uq_objections_open_result_id",
            "result_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("round_results.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="open")
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answer: Mapped[str | None] = mapped_column(Text)
    #: The facts before and after, if it was upheld.
    facts_before: Mapped[dict[str, Any] | None]
    facts_after: Mapped[dict[str, Any] | None]
    #: True if its facts were typed in an earlier version of this program, so that no record has
    #: them.
    typed: Mapped[bool] = mapped_column(default=False)

    result: Mapped[RoundResult] = relationship()
