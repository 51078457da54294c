"""The log of printed papers: who printed which one when, and why a second time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from volunteer_service import settings
from volunteer_service.certificates import register
from volunteer_service.certificates.models import Certificate, CertificatePrint
from volunteer_service.certificates.refusals import CertificateRevoked, PrintedBefore
from volunteer_service.db import db, fetch
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.visible_text import said


@said("reason")
def print_paper(
    certificate_id: int, *, reason: str | None = None, by: Actor, at: datetime
) -> Certificate:
    """Note that staff print a paper; its owner prints it as often as they like, unnoted.

    Raises ``PrintedBefore`` for a second print without a reason, ``CertificateRevoked`` for a paper
    that does not count.
    """
    paper = register.readable(fetch(Certificate, certificate_id, lock=True).number, by)
    if paper.revoked_at is not None:
        raise CertificateRevoked()
    if by.volunteer_id == paper.volunteer_id:
        return paper
    before = prints_of(paper.id)
    if before and not reason:
        day = settings.local_day(before[0].at).isoformat()
        raise PrintedBefore(field="reason", number=paper.number, day=day)
    note = CertificatePrint(
        certificate_id=paper.id,
        account_id=by.account_id,
        at=at,
        reason=reason if before else None,
    )
    db.session.add(note)
    db.session.flush()
    return paper


def prints_of(certificate_id: int) -> Sequence[CertificatePrint]:
    """Return the prints of a paper, newest first."""
    query = (
        select(CertificatePrint)
        .options(joinedload(CertificatePrint.account))
        .where(CertificatePrint.certificate_id == certificate_id)
        .order_by(CertificatePrint.id.desc())
    )
    return db.session.scalars(query).all()
