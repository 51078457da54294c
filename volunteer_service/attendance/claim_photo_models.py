"""The table of the photos of claims."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import Base, Identity, SealedBytes


class ClaimPhoto(Base):
    """A photo that goes with a claim: a clean JPEG, sealed like the page of a paper sheet."""

    __tablename__ = "claim_photos"
    # The same photo twice is one.
    __table_args__ = (UniqueConstraint("record_id", "sha256"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("service_records.id"))
    jpeg: Mapped[bytes] = mapped_column(SealedBytes("claim_photos.jpeg"), deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    added_at: Mapped[datetime]

    record: Mapped[ServiceRecord] = relationship()
