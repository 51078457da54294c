"""Tables of certificates: what was issued, to whom, on what ground, and whether it is
still valid.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_service.db import Base, Identity, SealedBytes
from volunteer_service.people.models import Account, Volunteer


class Certificate(Base):
    """An honour certificate (an award) or a service record certificate (facts)."""

    __tablename__ = "certificates"
    __table_args__ = (
        CheckConstraint("kind IN ('honour', 'service')", name="kind"),
        CheckConstraint("(kind = 'honour') = (result_id IS NOT NULL)", name="ground"),
        # One honour certificate for each result; a replacement after a revocation has the next
        # issue number.
        UniqueConstraint("result_id", "issue"),
        CheckConstraint("(kind = 'honour') = (half_year IS NOT NULL)", name="half_year"),
        CheckConstraint("(kind = 'honour') = (rated_id IS NOT NULL)", name="rated"),
        # One valid honour certificate for each rated entry and half-year, whatever the rounds.
        Index(
            "uq_certificates_standing_rated_id_half_year",
            "rated_id",
            "half_year",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    #: Printed number with a check character.
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), index=True)
    result_id: Mapped[int | None] = mapped_column(ForeignKey("round_results.id"))
    issue: Mapped[int] = mapped_column(default=1)
    #: Only for an honour certificate: the half-year, and the entry that was rated (merged since or
    #: not).
    half_year: Mapped[str | None] = mapped_column(String(6))
    rated_id: Mapped[int | None] = mapped_column(ForeignKey("volunteers.id"))
    #: What the paper says (name, stars, period, issuer, rule, records), frozen at issue.
    words: Mapped[dict[str, Any]]
    #: Over number and words, in hex: a row edited by hand no longer verifies.
    signature: Mapped[str] = mapped_column(String(128))
    #: The key that signed the paper; None if that key was gone before the ring existed.
    key_id: Mapped[int | None] = mapped_column(ForeignKey("paper_keys.id"))
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    revoke_reason: Mapped[str | None] = mapped_column(String(200))
    #: The certificate that replaced a revoked one.
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))

    key: Mapped["PaperKey | None"] = relationship()
    volunteer: Mapped[Volunteer] = relationship(foreign_keys=[volunteer_id])
    replaced_by: Mapped["Certificate | None"] = relationship(remote_side="Certificate.id")


class PaperKey(Base):
    """One key of the ring: ``id`` is the number on the papers that it signed. None is deleted.

    ``hmac`` is a key of an earlier version of this program and only verifies; of a retired
    ``ed25519`` key the public half stays.
    """

    __tablename__ = "paper_keys"
    __table_args__ = (
        CheckConstraint("algorithm IN ('hmac', 'ed25519')", name="algorithm"),
        CheckConstraint("(algorithm = 'ed25519') = (public_key IS NOT NULL)", name="public"),
        CheckConstraint(
            "algorithm = 'hmac' OR (secret IS NULL) = (retired_at IS NOT NULL)", name="retired"
        ),
        # One key signs at a time.
        Index(
            "uq_paper_keys_signing",
            "algorithm",
            unique=True,
            sqlite_where=text("secret IS NOT NULL AND algorithm = 'ed25519'"),
            postgresql_where=text("secret IS NOT NULL AND algorithm = 'ed25519'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    algorithm: Mapped[str] = mapped_column(String(7))
    #: 32 bytes in hex.
    public_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    #: The secret that signs (or, for ``hmac``, verifies), sealed under ``PERSONAL_DATA_KEY``.
    secret: Mapped[bytes | None] = mapped_column(SealedBytes("paper_key.secret"))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    #: From this instant on nothing that the key signed counts.
    revoked_from: Mapped[datetime | None]
    revoke_reason: Mapped[str | None] = mapped_column(String(200))


class CertificatePrint(Base):
    """One print of a paper by staff; a second one has a reason."""

    __tablename__ = "certificate_prints"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(String(120))

    account: Mapped[Account | None] = relationship()


class Serial(Base):
    """The last number given in a series; a series is a year and a kind of paper."""

    __tablename__ = "certificate_serials"

    series: Mapped[str] = mapped_column(String(5), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
