"""The table of exports that are written beside a request."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Base, Identity, Sealed

STATES = ("running", "done", "cancelled", "failed", "expired")
KINDS = ("xlsx", "csv", "pdf")


class ListExport(Base):
    """One export: what was asked of which list, its progress, until when its file is kept.

    Only ``done`` has a file; ``cancelled``, ``failed`` and ``expired`` have none.
    """

    __tablename__ = "list_exports"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    list_name: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(4))
    #: The language of headings and codes.
    language: Mapped[str] = mapped_column(String(16))
    #: Parameters as pairs, sealed because a searched text may name somebody; None without a file.
    asked: Mapped[str | None] = mapped_column(Sealed("list_exports.asked"))
    state: Mapped[str] = mapped_column(String(9))
    #: Rows that matched when it began.
    total: Mapped[int]
    #: Rows that are written.
    written: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    #: When it last made progress.
    moved_at: Mapped[datetime]
    #: When its file is deleted.
    kept_until: Mapped[datetime]
