"""The table of requests about admins and auditors (:mod:`authentication.watchers`)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Base, Identity

#: What is done to an admin or an auditor by two admins: a role taken back, the account disabled, a
#: one-time code handed out, the registration or phone changed; the role given back, the account
#: enabled; and, of any account, the second factor taken off.
WATCHER_ACTS = ("role", "disable", "code", "registration", "grant", "enable", "factor")


class WatcherRequest(Base):
    """One admin's request to act on another admin or an auditor; a second admin acts."""

    __tablename__ = "watcher_requests"
    __table_args__ = (CheckConstraint(f"act IN {WATCHER_ACTS}", name="act"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    act: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    #: When another admin carried it out, or the asker withdrew it.
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
