"""Deliveries that wait for their door, and the state of each door."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Base, Identity

#: ``dropped``: the reader no longer exists; ``given_up``: an admin ended it.
STATES = ("waiting", "sent", "dead", "dropped", "given_up")
#: A message to a person; a letter about an address (the link that confirms it, or the news that it
#: was replaced); a digest for a group.
PURPOSES = ("message", "confirm", "digest")
DOORS = ("email", "sms", "robot")


class Delivery(Base):
    """One message to one reader through one door; the address is read when it is sent."""

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"door IN {DOORS}", name="door"),
        CheckConstraint(f"purpose IN {PURPOSES}", name="purpose"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended"),
        UniqueConstraint("message_id", "door"),
        UniqueConstraint("once_key"),
        Index("ix_deliveries_state_door_next_at", "state", "door", "next_at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(8))
    door: Mapped[str] = mapped_column(String(8))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    #: The settings whose address is confirmed or replaced.
    settings_id: Mapped[int | None] = mapped_column(
        ForeignKey("message_settings.id", ondelete="CASCADE"), index=True
    )
    #: For a digest: codes and counts, no personal data. For the last letter to a replaced mailbox:
    #: its sealed address.
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: The key of a delivery that is written only once, for example one digest of one day.
    once_key: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    #: How often the door was tried.
    tries: Mapped[int] = mapped_column(default=0)
    #: How often the process ended after the door was tried and before its answer was stored.
    unsure: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    #: Set while the door is tried.
    asked_at: Mapped[datetime | None]
    #: When the door was tried for the first time.
    tried_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    #: The code of the last answer that did not accept it; never words of the other side.
    error: Mapped[str | None] = mapped_column(String(40))


class DoorState(Base):
    """The state of a door: failing since when, tried again when, paused since when."""

    __tablename__ = "message_doors"

    #: One of :data:`DOORS`.
    door: Mapped[str] = mapped_column(String(8), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    #: When it last accepted something.
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(40))

    @property
    def id(self) -> None:
        """Return 0, because a door has no number: the journal names it in the facts."""
        return None
