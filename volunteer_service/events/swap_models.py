"""The table of requested swaps: somebody wants another place on the rota, or a stand-in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_service.db import Base, Identity
from volunteer_service.events.models import SignUp

STATES = ("asked", "agreed", "declined", "taken_back")


class Swap(Base):
    """What the holder of a place asks for: another person's place, or anybody who stands in.

    The people are those of the places. A request is over once the place has another holder or its
    shift has begun, whatever its state.
    """

    __tablename__ = "shift_swaps"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'agreed', 'declined', 'taken_back')", name="state"),
        CheckConstraint("wanted_id IS NULL OR wanted_id != sign_up_id", name="two_places"),
        # One request about a place at a time.
        Index(
            "uq_shift_swaps_asked_sign_up_id",
            "sign_up_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    sign_up_id: Mapped[int] = mapped_column(ForeignKey("sign_ups.id"), index=True)
    #: The place that is wanted for it; None asks for a stand-in.
    wanted_id: Mapped[int | None] = mapped_column(ForeignKey("sign_ups.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="asked")
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    sign_up: Mapped[SignUp] = relationship(foreign_keys=[sign_up_id])
    wanted: Mapped[SignUp | None] = relationship(foreign_keys=[wanted_id])
