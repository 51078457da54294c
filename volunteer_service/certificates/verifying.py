"""Public verification of certificates: whether this service issued it and it is still valid. Names
stay masked.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select

from volunteer_service.certificates import numbering, signing
from volunteer_service.certificates.models import Certificate
from volunteer_service.db import db
from volunteer_service.identifiers.check_characters import normalise
from volunteer_service.identifiers.masks import mask_name
from volunteer_service.openings import taken_over


@dataclass(frozen=True)
class Verified:
    """What the public is told; of an unknown certificate only ``state`` and ``number``.

    ``incomplete``: the check part is missing; nothing is said about the number. ``taken_over``:
    an earlier system issued it, this service only knows the number; ``issuer`` is that system.
    """

    state: Literal["valid", "revoked", "taken_over", "unknown", "incomplete"]
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
        found = db.session.scalars(query).one_or_none()
        if found is not None and _genuine(found, mac):
            return _told(found)
    if (paper := taken_over.paper_numbered(token)) is not None:
        # Anybody can guess such a number, so nothing is told about the person.
        return Verified("taken_over", paper.number, issuer=paper.source, issued_on=paper.issued_on)
    is_half = numbering.is_number(number) and not mac
    return Verified("incomplete" if is_half else "unknown", number)


def _genuine(found: Certificate, mac: str) -> bool:
    signed = signing.is_signed(found.number, found.words, found.signature)
    return signing.is_token(found.number, mac, found.signature) and signed


def _told(found: Certificate) -> Verified:
    words = signing.read(found.words)
    printed, now = words.get("volunteer_no"), found.volunteer.number
    return Verified(
        state="valid" if found.revoked_at is None else "revoked",
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
        printed_no=printed,
        number_now=now if printed not in (None, now) else None,
    )
