"""Accounts, transfers, lots, holds, seals: promises 1 to 8 of the ledger, as tables."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_service.db import Base, Identity
from volunteer_service.people.models import Volunteer

SYSTEM_ACCOUNTS = ("issued", "redeemed", "expired", "adjusted", "debts", "opening")
TRANSFER_KINDS = (
    "earn",
    #: Taken over from an earlier system.
    "opening",
    "reverse",
    "redeem",
    "expire",
    "adjust",
    #: ``debts`` lends what a claw-back could not find; ``repay`` returns it from later points.
    "debt",
    "repay",
    #: What a claw-back of points past their date could not find; they are gone, and nobody owes
    #: them.
    "waive",
)
#: Sweeps happen repeatedly for one lot or account; every other kind once for each source.
_ONCE = text("kind NOT IN ('expire', 'repay')")


class PointsAccount(Base):
    """A member's stored balance (hundredths), or a system account, which is only ever summed."""

    __tablename__ = "points_accounts"
    __table_args__ = (
        CheckConstraint("(volunteer_id IS NULL) OR (system_name IS NULL)", name="one_owner"),
        CheckConstraint("held >= 0", name="held"),
        CheckConstraint("debt >= 0", name="debt"),
        # Promise 4: spending never goes below zero. A claw-back of spent points becomes debt.
        CheckConstraint("system_name IS NOT NULL OR posted - held >= 0", name="never_below_zero"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    #: NULL after the undo of the import that brought the volunteer: the entries stay.
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"), unique=True)
    system_name: Mapped[str | None] = mapped_column(String(12), unique=True)
    posted: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    #: Points that were clawed back after being spent; the next earnings repay them first.
    debt: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)


class Transfer(Base):
    """One movement: debit pays, credit receives. One row, so it cannot be unbalanced."""

    __tablename__ = "transfers"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("debit_id <> credit_id", name="two_accounts"),
        CheckConstraint(f"kind IN {TRANSFER_KINDS}", name="kind"),
        # The natural key: a record earns once, whatever key the caller sent.
        Index(
            "uq_transfers_source",
            "source_type",
            "source_id",
            "kind",
            unique=True,
            sqlite_where=_ONCE,
            postgresql_where=_ONCE,
        ),
        Index("ix_transfers_debit_id_id", "debit_id", "id"),
        Index("ix_transfers_credit_id_id", "credit_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    debit_id: Mapped[int] = mapped_column(ForeignKey("points_accounts.id"))
    credit_id: Mapped[int] = mapped_column(ForeignKey("points_accounts.id"))
    amount: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    #: The type of its source: record, change, redemption, lot, transfer (of a reversal),
    #: adjustment, opening (a row of ``opening_points``), pass_out and pass_in (of a passing between
    #: two entries of one person).
    source_type: Mapped[str] = mapped_column(String(12))
    source_id: Mapped[int] = mapped_column(Identity)
    #: The last valid day of credited points, all in this one lot.
    expires_on: Mapped[date | None]
    #: The line of the statement, where the source alone does not give it.
    reason: Mapped[str | None] = mapped_column(String(120))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("transfers.id"), unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class Lot(Base):
    """Points of one account that expire on one day; spending takes the oldest first."""

    __tablename__ = "lots"
    __table_args__ = (
        UniqueConstraint("points_account_id", "expires_on"),
        CheckConstraint("remaining >= 0", name="remaining"),
        Index("ix_lots_expires_on", "expires_on"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    points_account_id: Mapped[int] = mapped_column(ForeignKey("points_accounts.id"))
    expires_on: Mapped[date]
    #: Not yet spent, held or expired.
    remaining: Mapped[int] = mapped_column(default=0)


class LotMove(Base):
    """What a transfer took from a lot (negative) or gave back to it; never changed (triggers)."""

    __tablename__ = "lot_moves"
    __table_args__ = (CheckConstraint("amount <> 0", name="amount"),)

    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfers.id"), primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), primary_key=True, index=True)
    amount: Mapped[int]


class Passing(Base):
    """Points or a debt that moved from one entry of a person to the other, by two transfers
    each.
    """

    __tablename__ = "points_passings"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("points_accounts.id"), index=True)
    taker_id: Mapped[int] = mapped_column(ForeignKey("points_accounts.id"), index=True)
    #: The last valid day, which the points keep; None for a debt.
    expires_on: Mapped[date | None]
    amount: Mapped[int]
    #: The hold of an open order that changed its account with these points.
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("holds.id"))
    merging_id: Mapped[int] = mapped_column(ForeignKey("mergings.id"), index=True)
    at: Mapped[datetime]


class Hold(Base):
    """Points reserved for an order, taken from these lots until captured or released."""

    __tablename__ = "holds"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'captured', 'released')", name="state"),
        CheckConstraint("amount > 0", name="amount"),
        UniqueConstraint("source_type", "source_id"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    points_account_id: Mapped[int] = mapped_column(ForeignKey("points_accounts.id"), index=True)
    amount: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default="open")
    source_type: Mapped[str] = mapped_column(String(12))
    source_id: Mapped[int] = mapped_column(Identity)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class HoldLot(Base):
    """The lots from which a hold took, so that a release returns the points to their own dates."""

    __tablename__ = "hold_lots"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    hold_id: Mapped[int] = mapped_column(ForeignKey("holds.id"), primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), primary_key=True)
    amount: Mapped[int]


class Adjustment(Base):
    """A coordinator's correction with its reason; above a limit a second person approves it."""

    __tablename__ = "adjustments"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount"),
        CheckConstraint("state IN ('waiting', 'done', 'refused')", name="state"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    #: Signed hundredths.
    amount: Mapped[int]
    reason: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(8))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    volunteer: Mapped[Volunteer] = relationship()


class Seal(Base):
    """A chained hash over the transfers up to ``upto_id``: a removed or edited end is detected."""

    __tablename__ = "seals"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    #: The seal before: unique, so that two jobs cannot fork the chain. 0 for the first.
    previous_id: Mapped[int] = mapped_column(Identity, unique=True)
    #: The transfers sealed by this row, in id order, hashed one over the other.
    from_id: Mapped[int] = mapped_column(Identity)
    upto_id: Mapped[int] = mapped_column(Identity)
    count: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))
    #: Highest transfer seen while sealing, and PostgreSQL's next transaction id at that time: once
    #: all older transactions have ended, nothing can appear at or below ``mark_id`` any more.
    mark_id: Mapped[int] = mapped_column(Identity)
    mark_xid: Mapped[int | None] = mapped_column(Identity)
    #: Which columns of a transfer were hashed, and how (``seals.COLUMNS``).
    format: Mapped[int] = mapped_column(server_default="1")
    at: Mapped[datetime]
