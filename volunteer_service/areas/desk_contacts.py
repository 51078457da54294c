"""Where people find the staff of an area: its desk's address, opening hours and phone.

An area without its own contact has that of the area above it, so people always get an answer while
somebody above can be reached.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select

from volunteer_service import journal
from volunteer_service.areas.lookup import of
from volunteer_service.areas.models import Area
from volunteer_service.areas.refusals import ContactPhoneWrong
from volunteer_service.bounds import text
from volunteer_service.db import db, fetch
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right, need
from volunteer_service.people.models import Volunteer
from volunteer_service.visible_text import said

FIELDS = ("address", "opening_hours", "phone")
_LENGTHS = {"address": 120, "opening_hours": 120, "phone": 40}
#: One or two numbers, with extension: «0856-5221234 转 8001、13800000000».
_PHONE = re.compile(r"[0-9+()（）\-\s转、,，/]+")


@dataclass(frozen=True)
class Contact:
    """Address, opening hours and phone of a desk; each may be missing."""

    address: str | None = None
    opening_hours: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class Desk:
    """A contact and whose it is."""

    area_id: int
    name: str
    address: str | None
    opening_hours: str | None
    phone: str | None


@said("contact.address", "contact.opening_hours", "contact.phone")
def set_contact(area_id: int, contact: Contact, *, by: Actor, at: datetime) -> Area:
    """Set the address, hours and phone of an area's staff; all three are public.

    The area's desk and coordinators may. The phone must be a number that can be called.
    """
    area = fetch(Area, area_id, lock=True)
    need(by, Right.GIFT_EDIT, area_path=area.path)
    for name, longest in _LENGTHS.items():
        text(getattr(contact, name) or "", longest, name)
    need_callable(contact.phone, "phone")
    changed = [name for name in FIELDS if getattr(area, name) != getattr(contact, name)]
    if not changed:
        return area
    was = {f"desk_{name}": getattr(area, name) for name in changed}
    for name in changed:
        setattr(area, name, getattr(contact, name))
    values = journal.changes(was, {f"desk_{name}": getattr(area, name) for name in changed})
    journal.record(
        "areas.set_contact", area, account_id=by.account_id, door=by.door, at=at, values=values
    )
    return area


def desk_of(area_id: int | None) -> Desk | None:
    """Return the nearest desk with a contact, from the area upwards."""
    return _nearest(of(area_id).path) if area_id is not None else None


def desk_of_person(volunteer_id: int) -> Desk | None:
    """Return the nearest desk with a contact, from a person's home upwards."""
    home = select(Area.path).join(Volunteer, Volunteer.area_id == Area.id)
    path = db.session.scalar(home.where(Volunteer.id == volunteer_id))
    return _nearest(path) if path is not None else None


def _nearest(path: str) -> Desk | None:
    ids = [int(step) for step in path.strip("/").split("/")]
    found = {area.id: area for area in db.session.scalars(_reachable().where(Area.id.in_(ids)))}
    return next((_desk(found[id_]) for id_ in reversed(ids) if id_ in found), None)


def desks() -> list[tuple[Desk, list[Desk]]]:
    """Return every desk with a contact: sub-districts, each with the desks below it, by name.

    A sub-district without a contact of its own is listed without an address.
    """
    streets = select(Area).where(Area.parent_id.is_(None), Area.closed_at.is_(None))
    below = list(db.session.scalars(_reachable().order_by(Area.name_order)))
    found = []
    for street in db.session.scalars(streets.order_by(Area.name_order)):
        inside = [each for each in below if each.parent_id and each.path.startswith(street.path)]
        desk = _desk(street)
        if inside or any(getattr(desk, name) for name in FIELDS):
            found.append((desk, [_desk(each) for each in inside]))
    return found


def _reachable() -> Select[Area]:
    return select(Area).where(
        Area.closed_at.is_(None), or_(*(getattr(Area, name).is_not(None) for name in FIELDS))
    )


def _desk(area: Area) -> Desk:
    return Desk(area.id, area.name, area.address, area.opening_hours, area.phone)


def need_callable(phone: str | None, field: str) -> None:
    """Refuse a text that is not one or two phone numbers, extensions included; None passes."""
    digits = sum(char.isdigit() for char in phone or "")
    if phone is not None and (_PHONE.fullmatch(phone) is None or not 3 <= digits <= 30):
        raise ContactPhoneWrong(field=field)
