"""Consents by purpose, given and withdrawn; withdrawing ``register`` is leaving. Rows stay, so that
«since when» can be shown.
"""

from datetime import datetime

from sqlalchemy import select

from volunteer_service import db as database
from volunteer_service import journal
from volunteer_service.areas import lookup as areas
from volunteer_service.db import db
from volunteer_service.errors import Invalid
from volunteer_service.people.authentication import staff_registrations
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.rights import Right
from volunteer_service.people.authorization.rights_over_people import (
    need_on_person,
    need_to_act_on,
    others_at_home,
)
from volunteer_service.people.changes.person_change_rows import keep_done
from volunteer_service.people.messages import messages
from volunteer_service.people.models import PURPOSES, Consent, Volunteer
from volunteer_service.people.registrations import ended_registrations
from volunteer_service.people.registrations.registration import end_sessions_of, is_minor
from volunteer_service.people.registrations.registration_state import RegistrationEnded
from volunteer_service.people.search import people_lists
from volunteer_service.visible_text import said

#: A purpose for which nobody is asked while nothing uses it; people who agreed see it and may
#: withdraw it.
UNUSED = frozenset({"location"})


@said("reason")
def give_consent(
    volunteer_id: int, purpose: str, *, reason: str | None = None, by: Actor, at: datetime
) -> Consent:
    """Record that the person (a minor's guardian) agrees; agreeing twice changes nothing.

    A consent on paper is stored in the person's history with the member of staff who saw it; the
    person is told.

    Purposes: ``register``, ``publish`` (masked name in public notices), ``location``. A person who
    said that the registration was never theirs is taken back by staff (:class:`RegistrationEnded`).
    """
    volunteer = _of(volunteer_id, purpose, by, at)
    if volunteer.state == "disowned":
        raise RegistrationEnded()
    had = _standing(volunteer_id, purpose)
    consent = record_consent(volunteer, purpose, by=by, at=at)
    if had is None:
        _keep_paper(volunteer, consent, reason, by, at)
    return consent


def record_consent(volunteer: Volunteer, purpose: str, *, by: Actor, at: datetime) -> Consent:
    """Record a consent; the caller has passed the guard. A valid one stays."""
    standing = _standing(volunteer.id, purpose)
    if standing is not None:
        return standing
    consent = Consent(
        volunteer_id=volunteer.id,
        purpose=purpose,
        how="page" if by.volunteer_id == volunteer.id else "paper",
        by_guardian=is_minor(volunteer, at),
        given_at=at,
    )
    db.session.add(consent)
    if purpose == "register":
        volunteer.state = "active"
        # The home may have been closed meanwhile; the staff above then set a new one.
        volunteer.area_id = areas.nearest_open(volunteer.area_id)
    db.session.flush()
    _journal("people.give_consent", consent, by, at)
    return consent


def judge_as_minor(volunteer: Volunteer, reason: str, *, by: Actor, at: datetime) -> int:
    """End the consents that a person who turns out to be under 18 gave as an adult; return how
    many.

    The guardian named in the change agreed to the registration, which continues with that consent.
    Any other purpose waits until the guardian is asked.
    """
    guardian = people_lists.guardian_of(volunteer.id)
    has_agreed = guardian is not None and guardian.consented_at is not None
    query = select(Consent).where(
        Consent.volunteer_id == volunteer.id,
        Consent.withdrawn_at.is_(None),
        Consent.by_guardian.is_(False),
    )
    ended = 0
    for consent in db.session.scalars(query.order_by(Consent.id)).all():
        if consent.purpose == "register":
            if has_agreed:
                consent.withdrawn_at = at
                db.session.flush()
                record_consent(volunteer, "register", by=by, at=at)
            continue
        consent.withdrawn_at = at
        _keep_paper(volunteer, consent, reason, by, at)
        _journal("people.withdraw_consent", consent, by, at)
        ended += 1
    return ended


@said("reason")
def withdraw_consent(
    volunteer_id: int, purpose: str, *, reason: str | None = None, by: Actor, at: datetime
) -> None:
    """End a consent from now on; without ``register`` the person has left, records stay frozen.

    Leaving ends the person's sessions and tokens too. For a person with a role over an area this
    takes themself or an admin (:class:`StaffOfOthers`).
    """
    volunteer = _of(volunteer_id, purpose, by, at)
    staff_registrations.need_to_change_alone(volunteer_id, by=by, at=at)
    consent = _standing(volunteer_id, purpose)
    if consent is None:
        return
    consent.withdrawn_at = at
    if purpose == "register":
        volunteer.state = "left"
        end_sessions_of(volunteer_id, at=at)
        ended_registrations.tell_followers(volunteer, by=by, at=at)
    _keep_paper(volunteer, consent, reason, by, at)
    _journal("people.withdraw_consent", consent, by, at)


def consents_of(volunteer_id: int, *, by: Actor) -> list[Consent]:
    """Return every consent of a person, newest first, withdrawn ones too."""
    volunteer = database.fetch(Volunteer, volunteer_id)
    need_on_person(by, Right.VOLUNTEER_EDIT, volunteer, own=True)
    query = select(Consent).where(Consent.volunteer_id == volunteer_id)
    return list(db.session.scalars(query.order_by(Consent.id.desc())))


def _of(volunteer_id: int, purpose: str, by: Actor, at: datetime) -> Volunteer:
    if purpose not in PURPOSES:
        raise Invalid(field="purpose", why="没有这一项")
    # Held until the commit, so that two taps do not agree twice.
    volunteer = database.fetch(Volunteer, volunteer_id, lock=True)
    need_to_act_on(by, Right.VOLUNTEER_EDIT, volunteer, own=True)
    if by.volunteer_id != volunteer_id:
        who = others_at_home(Right.VOLUNTEER_EDIT, [volunteer_id], at=at)
        conflicts.need_other(by, [volunteer_id], at=at, who=who)
    return volunteer


def _keep_paper(
    volunteer: Volunteer, consent: Consent, reason: str | None, by: Actor, at: datetime
) -> None:
    """Record what staff saw; the person's own taps are kept with the consent itself."""
    if by.volunteer_id == volunteer.id:
        return
    is_given = consent.withdrawn_at is None
    was, now = ({"purpose": consent.purpose, "given": given} for given in (not is_given, is_given))
    keep_done(volunteer, "consent", was=was, now=now, reason=reason or "", by=by, at=at)
    messages.tell(volunteer.id, "person_changed", at=at, field="consent")


def stands(volunteer_id: int, purpose: str) -> bool:
    """Tell whether a person agrees to this purpose now."""
    return _standing(volunteer_id, purpose) is not None


def _standing(volunteer_id: int, purpose: str) -> Consent | None:
    query = select(Consent).where(
        Consent.volunteer_id == volunteer_id,
        Consent.purpose == purpose,
        Consent.withdrawn_at.is_(None),
    )
    return db.session.scalars(query.order_by(Consent.id).limit(1)).one_or_none()


def _journal(verb: str, consent: Consent, by: Actor, at: datetime) -> None:
    journal.record(
        verb, consent, account_id=by.account_id, door=by.door, at=at, purpose=consent.purpose
    )
