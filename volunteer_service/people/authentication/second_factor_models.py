"""The tables of the second factor (:mod:`authentication.second_factors`)."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from volunteer_service.db import Base, Identity, Sealed


class SecondFactor(Base):
    """An account's authenticator: the secret in force, and one that is being set up."""

    __tablename__ = "second_factors"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id"), primary_key=True, autoincrement=False
    )
    secret: Mapped[str | None] = mapped_column(Sealed("account.second_factor"), deferred=True)
    #: Shown as a QR code; it replaces ``secret`` once a first code of it was typed.
    pending: Mapped[str | None] = mapped_column(Sealed("account.second_factor"), deferred=True)
    #: Since when ``secret`` is in force; None if there is none yet.
    confirmed_at: Mapped[datetime | None]
    #: The 30-second step of the last accepted code, so that no code is accepted twice.
    last_step: Mapped[int] = mapped_column(Identity, default=0)

    @property
    def id(self) -> int:
        """Return the account's id, by which the journal names it."""
        return self.account_id


class RecoveryCode(Base):
    """A code for somebody who has lost the authenticator; only its argon2 hash is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(128))
    used_at: Mapped[datetime | None]
