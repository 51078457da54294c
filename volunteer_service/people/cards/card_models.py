"""The table of printed cards: only a hash of each is kept, so a stolen database cannot print
one.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Base, Identity, SealedBytes


class VolunteerCard(Base):
    """A card that was printed; each person has one in use, the others have ended."""

    __tablename__ = "volunteer_cards"
    __table_args__ = (
        Index(
            "uq_volunteer_cards_in_use_volunteer_id",
            "volunteer_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    #: SHA-256 of the 26 characters in its QR code.
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: The key that HKDF derives from the same characters; it seals the card's name on a phone
    #: without network. None for cards of earlier versions.
    name_key: Mapped[bytes | None] = mapped_column(
        SealedBytes("volunteer_cards.name_key"), deferred=True
    )
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
