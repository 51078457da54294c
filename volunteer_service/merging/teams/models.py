"""Tables of mergings of teams."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_service.db import Base, Identity
from volunteer_service.teams.models import Team

_STANDS = text("state = 'done'")


class TeamMerging(Base):
    """A merging of a team into another one; undoing restores the earlier state."""

    __tablename__ = "team_mergings"
    __table_args__ = (
        CheckConstraint("state IN ('done', 'undone')", name="state"),
        CheckConstraint("kept_id <> merged_id", name="two_teams"),
        # A team is merged into one other, however often the button is pressed.
        Index(
            "uq_team_mergings_standing_merged_id",
            "merged_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(6), default="done")
    #: What moved (``steps.COUNTED``), and after an undo what stayed behind.
    counts: Mapped[dict[str, Any]]
    #: Roles that the merging gave; undoing takes them back.
    grant_ids: Mapped[list[Any]]
    done_at: Mapped[datetime]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    undo_reason: Mapped[str | None] = mapped_column(String(200))

    kept: Mapped[Team] = relationship(foreign_keys=[kept_id])
    merged: Mapped[Team] = relationship(foreign_keys=[merged_id])


class TeamMergingMove(Base):
    """A row that a merging of teams changed: before, after, and what undoing needs unchanged."""

    __tablename__ = "team_merging_moves"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    merging_id: Mapped[int] = mapped_column(ForeignKey("team_mergings.id"), index=True)
    table_name: Mapped[str] = mapped_column(String(30))
    row_id: Mapped[int] = mapped_column(Identity)
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    stood: Mapped[dict[str, Any]]
