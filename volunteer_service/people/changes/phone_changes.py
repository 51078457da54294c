"""Consequences of a changed phone: it opens only its new owner's account, and ties end later.

Sessions, tokens, known devices and codes of the account end, so the holder of the old phone has no
access. A phone that only the person states is unconfirmed; staff who see it confirm it.
"""

from datetime import datetime, timedelta

from sqlalchemy import exists, select

from volunteer_service import policies
from volunteer_service.db import db
from volunteer_service.people.authentication import (
    phone_confirmation,
    sessions,
)
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes import person_values
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.changes.contact_numbers import phone_key
from volunteer_service.people.changes.person_values import Value
from volunteer_service.people.models import Volunteer
from volunteer_service.people.search import people_lists


def key_of(value: Value | None) -> str | None:
    """Return the keyed hash of a new phone."""
    return phone_key(value["phone"]) if value else None


def follow(volunteer: Volunteer, *, by: Actor, at: datetime, in_hand: bool) -> None:
    """End the access of the old phone; tell anybody who already has the new one."""
    account = people_lists.account_of(volunteer.id)
    if account is not None:
        sessions.end_everything(account, at=at)
    if volunteer.phone_key is None:
        return
    for holder in phone_confirmation.others_with_phone(volunteer):
        phone_confirmation.tell_once(holder.id, "phone_given_again", at=at)
    if in_hand:
        confirm(volunteer, by=by, at=at)


def confirm(volunteer: Volunteer, *, by: Actor, at: datetime) -> None:
    """Record that staff saw the phone in the person's hand."""
    volunteer.phone_confirmed_at, volunteer.phone_confirmed_by = at, by.account_id


def keep_ties(row: PersonChange, volunteer: Volunteer, *, at: datetime) -> None:
    """Keep the old phone for some days: it still ties the people who share it.

    A phone that only the person stated a short while ago is not kept: otherwise people could choose
    who decides about them by taking others' numbers one after the other.
    """
    if row.field == "phone" and volunteer.phone_key and not _is_said(volunteer, at):
        row.was_key = volunteer.phone_key
    if row.field == "guardian":
        _keep_merged_guardians(row, volunteer, at)
        guardian = people_lists.guardian_of(volunteer.id)
        row.was_key = phone_key(guardian.phone) if guardian and guardian.phone else None


def _keep_merged_guardians(row: PersonChange, volunteer: Volunteer, at: datetime) -> None:
    """Keep the phone of a guardian whom a merged entry brought, where the guardianship ends."""
    if row.now is not None:
        return
    for guardian in people_lists.guardians_of_entries(volunteer.id):
        if guardian.volunteer_id != volunteer.id and guardian.phone:
            ended = PersonChange(
                volunteer_id=guardian.volunteer_id,
                field="guardian",
                format=row.format,
                was=person_values.written(person_values.guardian(guardian)),
                was_key=phone_key(guardian.phone),
                reason=row.reason,
                asked_at=at,
                asked_by_id=row.asked_by_id,
                state="done",
                decided_at=at,
            )
            db.session.add(ended)


def _is_said(volunteer: Volunteer, at: datetime) -> bool:
    if volunteer.phone_confirmed_at is not None:
        return False
    since = at - timedelta(days=policies.guarding(at).independence_days)
    lately = exists().where(
        PersonChange.volunteer_id == volunteer.id,
        PersonChange.own_key == volunteer.phone_key,
        PersonChange.asked_at > since,
    )
    return bool(db.session.scalar(select(lately)))
