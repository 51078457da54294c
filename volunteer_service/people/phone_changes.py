"""What follows a changed phone: it opens its new owner's account alone, and ties end with a delay.

Sessions, tokens, known devices and codes of the account end: whoever holds the old phone has
nothing in hand. What a person says alone is not confirmed; staff who see the phone confirm it.
"""

from datetime import datetime, timedelta

from sqlalchemy import exists, select

from volunteer_service import policies
from volunteer_service.db import db
from volunteer_service.people import people_lists
from volunteer_service.people.authentication import (
    one_time_codes,
    phone_confirmation,
    sessions,
)
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.change_models import PersonChange
from volunteer_service.people.contact_numbers import phone_key
from volunteer_service.people.models import Volunteer
from volunteer_service.people.person_values import Value


def key_of(value: Value | None) -> str | None:
    """The keyed hash of a phone that is to be."""
    return phone_key(value["phone"]) if value else None


def follow(volunteer: Volunteer, *, by: Actor, at: datetime, in_hand: bool) -> None:
    """End what the old phone may hold open; tell who has the new one already."""
    account = people_lists.account_of(volunteer.id)
    if account is not None:
        sessions.end_everything(account, at=at)
        one_time_codes.end_codes(account.id, at=at)
    if volunteer.phone_key is None:
        return
    for holder in phone_confirmation.others_with_phone(volunteer):
        phone_confirmation.tell_once(holder.id, "phone_given_again", at=at)
    if in_hand:
        confirm(volunteer, by=by, at=at)


def confirm(volunteer: Volunteer, *, by: Actor, at: datetime) -> None:
    """Staff saw the phone in the person's hand."""
    volunteer.phone_confirmed_at, volunteer.phone_confirmed_by = at, by.account_id


def keep_ties(row: PersonChange, volunteer: Volunteer, *, at: datetime) -> None:
    """Remember the phone that goes: whom it tied to the person it ties for some days more.

    Not one that the person gave alone a short while ago: nobody chooses who decides about them by
    taking others' numbers one after the other.
    """
    if row.field == "phone" and volunteer.phone_key and not _is_said(volunteer, at):
        row.was_key = volunteer.phone_key
    if row.field == "guardian":
        guardian = people_lists.guardian_of(volunteer.id)
        row.was_key = phone_key(guardian.phone) if guardian and guardian.phone else None


def _is_said(volunteer: Volunteer, at: datetime) -> bool:
    if volunteer.phone_confirmed_at is not None:
        return False
    since = at - timedelta(days=policies.active().independence_days)
    lately = exists().where(
        PersonChange.volunteer_id == volunteer.id,
        PersonChange.own_key == volunteer.phone_key,
        PersonChange.asked_at > since,
    )
    return bool(db.session.scalar(select(lately)))
