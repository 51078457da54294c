"""The table of an event's photos."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_service.db import Base, Identity, SealedBytes
from volunteer_service.events.models import Event

CONSENTS = ("asked", "nobody")


class EventPhoto(Base):
    """A photo of an event, re-encoded and sealed; of one that was taken down only the hash stays.

    The hash prevents adding it again after somebody on it took it down.
    """

    __tablename__ = "event_photos"
    __table_args__ = (
        CheckConstraint("consent IN ('asked', 'nobody')", name="consent"),
        CheckConstraint("(taken_down_at IS NULL) = (jpeg IS NOT NULL)", name="erased"),
        UniqueConstraint("event_id", "sha256"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    jpeg: Mapped[bytes | None] = mapped_column(SealedBytes("event_photos.jpeg"), deferred=True)
    thumb: Mapped[bytes | None] = mapped_column(SealedBytes("event_photos.thumb"), deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    caption: Mapped[str | None] = mapped_column(String(80))
    #: ``asked``: everybody who can be recognised agreed; ``nobody``: nobody can be recognised.
    consent: Mapped[str] = mapped_column(String(6))
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    taken_down_at: Mapped[datetime | None]
    #: True if somebody on it took it down, not a leader.
    is_refused: Mapped[bool] = mapped_column(default=False)

    event: Mapped[Event] = relationship()
