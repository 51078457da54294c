"""The table of findings about who is behind an account."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Base, Identity

#: Findings about who is behind an account: it was linked to a volunteer; it belongs to no
#: volunteer; this namesake is another person; the link is to be ended.
FINDINGS = ("linked", "nobody", "another", "unlinked")


class AccountFinding(Base):
    """A finding about who is behind an account, with its reason; it is kept for good.

    All take effect at once, except ending a link, which waits for a second person.
    """

    __tablename__ = "account_findings"
    __table_args__ = (
        CheckConstraint(f"finding IN {FINDINGS}", name="finding"),
        CheckConstraint("state IN ('done', 'waiting', 'refused')", name="state"),
        CheckConstraint("state = 'done' OR finding = 'unlinked'", name="only_unlinking_waits"),
        Index(
            "uq_account_findings_waiting_account_id",
            "account_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    finding: Mapped[str] = mapped_column(String(8))
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"), index=True)
    #: The other of two accounts with the same name that belong to two people.
    other_account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    reason: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8), default="done")
    said_at: Mapped[datetime]
    #: The account that recorded it; None for the operator.
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
