"""Public verification of certificates: whether this service issued it and it is still valid. Names
stay masked.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from volunteer_service.certificates import numbering, signing
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.identifiers.check_characters import normalise
from volunteer_service.identifiers.masks import mask_name
from volunteer_service.openings import taken_over

State = Literal["valid", "revoked", "key_revoked", "taken_over", "unknown", "incomplete"]


@dataclass(frozen=True)
class Verified:
    """The answer to the public; for an unknown certificate only ``state`` and ``number``.

    ``incomplete``: the check part is missing; nothing is said about the number. ``taken_over``:
    an earlier system issued it, this service only knows the number; ``issuer`` is that system.
    ``key_revoked``: it was signed after the day from which its key counts no more.
    """

    state: State
    number: str
    kind: str | None = None
    masked_name: str | None = None
    stars: int | None = None
    minutes: int | None = None
    begins_on: date | None = None
    ends_on: date | None = None
    issuer: str | None = None
    issued_on: date | None = None
    revoked_at: datetime | None = None
    #: The number of the certificate that replaced it.
    replaced_by: str | None = None
    #: The number of the key that signed it, and the day from which that key counts no more.
    key: int | None = None
    key_revoked_from: datetime | None = None
    #: The volunteer number on the paper, and that of the entry into which it was merged since.
    printed_no: str | None = None
    number_now: str | None = None


def verify(token: str) -> Verified:
    """Look a certificate up by what is printed on it: number, dash, eight characters.

    A wrong number, wrong characters and a row edited by hand all look the same: unknown.
    """
    typed = normalise(token)
    number, mac = typed[: numbering.LENGTH], typed[numbering.LENGTH :]
    if numbering.is_number(number) and mac:
        query = select(Certificate).where(Certificate.number == number)
        query = query.options(joinedload(Certificate.key))
        found = db.session.scalars(query).one_or_none()
        if found is not None and _genuine(found, mac):
            return _told(found)
    if (paper := taken_over.paper_numbered(token)) is not None:
        # Anybody can guess such a number, so nothing is told about the person.
        return Verified("taken_over", paper.number, issuer=paper.source, issued_on=paper.issued_on)
    is_half = numbering.is_number(number) and not mac
    return Verified("incomplete" if is_half else "unknown", number)


def _genuine(found: Certificate, mac: str) -> bool:
    signed = signing.is_signed(found)
    return signing.is_token(found.number, mac, found.signature) and signed


def _state(found: Certificate) -> State:
    if found.revoked_at is not None:
        return "revoked"
    revoked_from = found.key.revoked_from if found.key else None
    is_late = revoked_from is not None and found.issued_at >= revoked_from
    return "key_revoked" if is_late else "valid"


def _told(found: Certificate) -> Verified:
    words = signing.read(found.words)
    printed, now = words.get("volunteer_no"), found.volunteer.number
    return Verified(
        state=_state(found),
        number=found.number,
        kind=found.kind,
        masked_name=mask_name(words["name"]),
        stars=words.get("stars"),
        minutes=words["minutes"],
        begins_on=date.fromisoformat(words["begins_on"]),
        ends_on=date.fromisoformat(words["ends_on"]),
        issuer=words.get("issuer") or words.get("unit"),
        issued_on=date.fromisoformat(words["issued_on"]),
        revoked_at=found.revoked_at,
        replaced_by=found.replaced_by.number if found.replaced_by else None,
        key=found.key_id,
        key_revoked_from=found.key.revoked_from if found.key else None,
        printed_no=printed,
        number_now=now if printed not in (None, now) else None,
    )
