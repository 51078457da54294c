"""Circulars and who got them; the message of each receiver says whether it was read."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_service.db import Base, Identity, Sealed
from volunteer_service.events.models import Event
from volunteer_service.people.models import Account, Message
from volunteer_service.teams.models import Team

#: Members of a team; people who have a place, wait for one, or came; rows ticked in a staff list.
AUDIENCES = ("members", "signed_up", "waiting", "came", "chosen")
#: The audiences of an event.
OF_EVENT = ("signed_up", "waiting", "came")


class Circular(Base):
    """One text to many people; only its writer sees it until it is sent."""

    __tablename__ = "circulars"
    __table_args__ = (
        CheckConstraint(f"audience IN {AUDIENCES}", name="audience"),
        CheckConstraint("team_id IS NULL OR event_id IS NULL", name="one_place"),
        Index("ix_circulars_account_id_id", "account_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    audience: Mapped[str] = mapped_column(String(10))
    #: The team, the event or the office in whose name it is written, as receivers read it.
    on_behalf_of: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Sealed("circular.text"))
    #: None for one that was chosen from a list and not yet sent to anybody.
    created_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()
    team: Mapped[Team | None] = relationship()
    event: Mapped[Event | None] = relationship()


class CircularReceiver(Base):
    """One receiver, by their message, whose reader stays the same after a merging."""

    __tablename__ = "circular_receivers"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    circular_id: Mapped[int] = mapped_column(ForeignKey("circulars.id"), index=True)

    message: Mapped[Message] = relationship()
