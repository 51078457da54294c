"""Gifts with stock, redemptions (orders), stock moves, day sheets."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_service.areas.models import Area
from volunteer_service.db import Base, Identity
from volunteer_service.people.models import Volunteer

REDEMPTION_STATES = ("ordered", "handed_over", "cancelled", "lapsed", "returned")


class Gift(Base):
    """A gift of one area's desk: its price in hundredths of a point and its stock."""

    __tablename__ = "gifts"
    __table_args__ = (
        UniqueConstraint("area_id", "name"),
        CheckConstraint("price_centi > 0", name="price"),
        CheckConstraint("stock >= 0", name="stock"),
        CheckConstraint("reserved >= 0 AND reserved <= stock", name="reserved"),
        CheckConstraint("minimum_stars BETWEEN 0 AND 5", name="minimum_stars"),
        CheckConstraint("state IN ('offered', 'withdrawn')", name="state"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"))
    name: Mapped[str] = mapped_column(String(60))
    price_centi: Mapped[int]
    #: Pieces in stock, ordered ones included; equals the sum of the stock moves.
    stock: Mapped[int] = mapped_column(default=0)
    #: The pieces of these that are promised to open orders.
    reserved: Mapped[int] = mapped_column(default=0)
    minimum_stars: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default="offered")
    #: Key of the drawing; without one it is guessed from the name (``gift_pictures``).
    picture: Mapped[str | None] = mapped_column(String(12))
    import_id: Mapped[int | None] = mapped_column(Identity, index=True)
    version: Mapped[int] = mapped_column(default=1)

    area: Mapped[Area] = relationship()


#: States that use up the month's order.
COUNTED = ("ordered", "handed_over")


class Redemption(Base):
    """An order: points and stock reserved until handed over, cancelled or lapsed."""

    __tablename__ = "redemptions"
    __table_args__ = (
        CheckConstraint(f"state IN {REDEMPTION_STATES}", name="state"),
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_redemptions_volunteer_id_ordered_at", "volunteer_id", "ordered_at"),
        Index("ix_redemptions_state_lapses_at", "state", "lapses_at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    gift_id: Mapped[int] = mapped_column(ForeignKey("gifts.id"), index=True)
    quantity: Mapped[int]
    #: The price of the whole order when it was made, in hundredths.
    points_centi: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="ordered")
    #: Keyed hash of the pick-up code; the code itself is stored nowhere (see ``pick_up_codes``).
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: The local month of the order (``2026-11``), because the policy limits a volunteer's orders in
    #: a month.
    month: Mapped[str] = mapped_column(String(7))
    ordered_at: Mapped[datetime]
    lapses_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    proxy_name: Mapped[str | None] = mapped_column(String(60))

    volunteer: Mapped[Volunteer] = relationship()
    gift: Mapped[Gift] = relationship()

    @property
    def last_moment(self) -> datetime:
        """Return an instant within the last local day on which it can be picked up."""
        return self.lapses_at - timedelta(seconds=1)


class StockMove(Base):
    """A change of the stock; never updated or deleted (triggers)."""

    __tablename__ = "stock_moves"
    __table_args__ = (
        CheckConstraint("quantity <> 0", name="quantity"),
        CheckConstraint(
            "kind IN ('receive', 'hand_over', 'write_off', 'count', 'return')", name="kind"
        ),
        Index("ix_stock_moves_gift_id_at", "gift_id", "at"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    gift_id: Mapped[int] = mapped_column(ForeignKey("gifts.id"))
    kind: Mapped[str] = mapped_column(String(10))
    #: Signed: received positive, handed over negative.
    quantity: Mapped[int]
    redemption_id: Mapped[int | None] = mapped_column(ForeignKey("redemptions.id"))
    reason: Mapped[str | None] = mapped_column(String(120))
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class DaySheet(Base):
    """A closed desk day: opening, moves, closing and counted stock of each gift."""

    __tablename__ = "day_sheets"
    __table_args__ = (UniqueConstraint("area_id", "day"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"))
    day: Mapped[date]
    lines: Mapped[list[Any]]
    #: The format of the lines (``desk_days.FORMAT``).
    format: Mapped[int] = mapped_column(server_default="1")
    seal_head: Mapped[str | None] = mapped_column(String(64))
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))

    area: Mapped[Area] = relationship()
