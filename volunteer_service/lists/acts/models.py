"""Tables of acts on many rows: the batch, and each of its rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Base, Identity

STATES = ("judging", "judged", "running", "done", "undoing", "undone", "stopped")
ROW_STATES = ("open", "fit", "unfit", "done", "refused", "undone", "kept")


class Batch(Base):
    """One act on many rows of a list, under one number.

    ``judging``: each row is tried and rolled back; ``judged``: shown to the actor, nothing is done;
    ``stopped``: the rest is not done.
    """

    __tablename__ = "batches"
    __table_args__ = (CheckConstraint(f"state IN {STATES}", name="state"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    list_name: Mapped[str] = mapped_column(String(32))
    act: Mapped[str] = mapped_column(String(32))
    #: The values of the act's form, as the verb takes them.
    values: Mapped[dict[str, Any]] = mapped_column("asked", default=dict)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    state: Mapped[str] = mapped_column(String(8))
    total: Mapped[int]
    created_at: Mapped[datetime]
    #: When a step last made progress.
    moved_at: Mapped[datetime]


class BatchRow(Base):
    """One row of a batch: what was judged, what was done, and why not."""

    __tablename__ = "batch_rows"
    __table_args__ = (CheckConstraint(f"state IN {ROW_STATES}", name="state"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    row_id: Mapped[int] = mapped_column(Identity, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(7))
    #: The refusal, or a remark on a row that succeeded (a place on the waiting list): message,
    #: facts and a refusal's code; worded in the reader's language.
    trouble: Mapped[dict[str, Any] | None]
    #: The id of the row that the act made, by which it is undone.
    made_id: Mapped[int | None] = mapped_column(Identity)
