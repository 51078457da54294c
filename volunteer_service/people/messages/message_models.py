"""How a reader gets messages beside their page: address, language, quiet hours, unwanted topics."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Base, Identity, Sealed

LANGUAGES = ("zh", "en")


class MessageSettings(Base):
    """Choices of one reader: a volunteer, or an account of staff without one."""

    __tablename__ = "message_settings"
    __table_args__ = (
        CheckConstraint("(volunteer_id IS NULL) <> (account_id IS NULL)", name="one_reader"),
        CheckConstraint(f"language IN {LANGUAGES}", name="language"),
        CheckConstraint("quiet_from BETWEEN 0 AND 1439", name="quiet_from"),
        CheckConstraint("quiet_to BETWEEN 0 AND 1439", name="quiet_to"),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    volunteer_id: Mapped[int | None] = mapped_column(
        ForeignKey("volunteers.id", ondelete="CASCADE"), unique=True
    )
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), unique=True)
    email: Mapped[str | None] = mapped_column(Sealed("message.email"))
    #: When the reader of that mailbox confirmed it; nothing else is sent there before.
    email_confirmed_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(2), default="zh")
    #: Local minutes of the day; None means the policy's, equal ones mean no quiet hours.
    quiet_from: Mapped[int | None]
    quiet_to: Mapped[int | None]
    #: Unwanted topics: ``topic:door``.
    off: Mapped[list[Any]] = mapped_column(default=list)
    #: When the reader stopped all e-mail with one click; a new choice ends that.
    left_at: Mapped[datetime | None]
