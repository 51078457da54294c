"""The service record certificate 志愿服务记录证明 (order 67 art. 14-17): free and verifiable."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from volunteer_service import journal, settings
from volunteer_service.areas import lookup as areas
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.certificates import numbering, paper_keys, signing
from volunteer_service.certificates.models import Certificate
from volunteer_service.certificates.refusals import (
    NameNotDrawn,
    NothingToCertify,
    PeriodInvalid,
    RecordNotDrawn,
)
from volunteer_service.db import db, fetch
from volunteer_service.identifiers.masks import mask_identity
from volunteer_service.paper import faces
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import need_to_act_on
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Volunteer

LONGEST_YEARS = 10
#: The words of a line, and the column of the record.
_TEXTS = {
    "activity": "event_name",
    "place": "place",
    "content": "content",
    "organiser": "organising_unit",
    "leader": "leader_name",
    "unit": "recording_unit",
}


def certify_service(
    volunteer_id: int, begins_on: date, ends_on: date, *, by: Actor, at: datetime
) -> Certificate:
    """State the confirmed records of these local days, for the volunteer or staff who see records.

    Raises ``NothingToCertify`` for a period without any.
    """
    volunteer = fetch(Volunteer, volunteer_id)
    need_to_act_on(by, Right.PERSONAL_SEE, volunteer, own=True)
    if ends_on < begins_on or ends_on.year - begins_on.year > LONGEST_YEARS:
        raise PeriodInvalid(field="ends_on")
    records = _records(volunteer.id, begins_on, ends_on)
    if not records:
        raise NothingToCertify(field="begins_on")
    _need_drawn(volunteer, records)
    today = settings.local_day(at)
    words = _words(volunteer, records, (begins_on, ends_on), today)
    certificate = _signed(volunteer, words, by, at)
    if by.volunteer_id != volunteer.id:
        messages.tell(volunteer.id, "certificate_issued", at=at, number=certificate.number)
    return certificate


def _signed(volunteer: Volunteer, words: dict[str, Any], by: Actor, at: datetime) -> Certificate:
    year = date.fromisoformat(words["issued_on"]).year
    (number,) = numbering.take(numbering.service_series(year), 1)
    key = paper_keys.signing_key(at)
    certificate = Certificate(
        number=number,
        kind="service",
        volunteer_id=volunteer.id,
        **signing.signed(key, number, words),
        issued_at=at,
        issued_by_id=by.account_id,
    )
    db.session.add(certificate)
    db.session.flush()
    journal.record(
        "certificates.certify_service",
        certificate,
        account_id=by.account_id,
        door=by.door,
        at=at,
        records=len(words["lines"]),
    )
    return certificate


def _need_drawn(volunteer: Volunteer, records: Sequence[ServiceRecord]) -> None:
    """Refuse a paper that would show a box in place of a character; pictures such as emoji are
    left out of it instead.
    """
    if missing := faces.undrawn(volunteer.name):
        raise NameNotDrawn(name=volunteer.name, missing=missing)
    for record in records:
        for text in (_said(record, name) for name in _TEXTS.values()):
            if missing := faces.undrawn(text):
                day = record.served_on.isoformat()
                raise RecordNotDrawn(day=day, text=text, missing=missing)


def _said(record: ServiceRecord, name: str) -> str:
    """Return a text of a record as the paper has it: without pictures that no font draws."""
    text: str = getattr(record, name)
    gone = {char for char in faces.undrawn(text) if unicodedata.category(char).startswith("S")}
    return "".join(char for char in text if char not in gone).strip()


def _records(volunteer_id: int, begins_on: date, ends_on: date) -> Sequence[ServiceRecord]:
    query = (
        select(ServiceRecord)
        .where(
            ServiceRecord.volunteer_id == volunteer_id,
            ServiceRecord.state == "confirmed",
            ServiceRecord.served_on.between(begins_on, ends_on),
        )
        .order_by(ServiceRecord.served_on, ServiceRecord.id)
    )
    return db.session.scalars(query).all()


def _words(
    volunteer: Volunteer, records: Sequence[ServiceRecord], period: tuple[date, date], today: date
) -> dict[str, Any]:
    return signing.written(
        name=volunteer.name,
        masked_id=mask_identity(volunteer.identity) if volunteer.identity else "",
        volunteer_no=volunteer.number,
        begins_on=period[0].isoformat(),
        ends_on=period[1].isoformat(),
        minutes=sum(record.minutes for record in records),
        lines=[
            {
                "on": record.served_on.isoformat(),
                **{word: _said(record, name) for word, name in _TEXTS.items()},
                "minutes": record.minutes,
            }
            for record in records
        ],
        unit=_attesting(volunteer, records),
        issued_on=today.isoformat(),
    )


def _attesting(volunteer: Volunteer, records: Sequence[ServiceRecord]) -> str:
    """Return the sub-district that attests the paper: that of the person's home, else that of the
    most minutes. Each line names the unit that recorded it.
    """
    if volunteer.area_id is not None:
        return areas.root_of(areas.of(volunteer.area_id)).name
    minutes: Counter[int] = Counter()
    for record in records:
        minutes[record.team.area_id] += record.minutes
    most = min(minutes, key=lambda area_id: (-minutes[area_id], area_id))
    return areas.root_of(areas.of(most)).name
