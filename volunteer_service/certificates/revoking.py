"""Revokes certificates: they stay in the register and show as revoked."""

from datetime import datetime

from sqlalchemy import update

from volunteer_service import journal
from volunteer_service.certificates.models import Certificate
from volunteer_service.certificates.register import by_number, need_in_care
from volunteer_service.db import db, fit
from volunteer_service.errors import Conflict
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.messages import messages
from volunteer_service.visible_text import said


@said("reason")
def revoke(number: str, *, reason: str, by: Actor, at: datetime) -> Certificate:
    """Revoke with a reason; the public page says so from now on. Revoking twice is a conflict."""
    certificate = by_number(number)
    need_in_care(certificate, Right.CERTIFICATE_REVOKE, by=by)
    revoked = db.session.scalar(
        update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.revoked_at.is_(None))
        .values(
            revoked_at=at,
            revoked_by_id=by.account_id,
            **fit(Certificate, revoke_reason=reason),
        )
        .returning(Certificate.id)
        .execution_options(synchronize_session=False)
    )
    if revoked is None:
        raise Conflict()
    db.session.refresh(certificate)
    messages.tell(certificate.volunteer_id, "certificate_revoked", at=at, number=certificate.number)
    journal.record(
        "certificates.revoke",
        certificate,
        account_id=by.account_id,
        door=by.door,
        at=at,
        reason=reason,
    )
    return certificate
