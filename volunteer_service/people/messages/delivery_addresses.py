"""The present recipient of a delivery: address and language, or why or until when it is not
sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from volunteer_service import settings
from volunteer_service.db import db
from volunteer_service.outbox import queueing
from volunteer_service.outbox.models import Delivery
from volunteer_service.outbox.sending import Dropped, Postponed
from volunteer_service.people.messages import message_doors, quiet_hours
from volunteer_service.people.messages.message_kinds import KINDS
from volunteer_service.people.messages.message_models import MessageSettings
from volunteer_service.people.messages.message_topics import topic_of
from volunteer_service.people.models import Account, Message, Volunteer


@dataclass(frozen=True)
class Recipient:
    """An address, the language of its reader, and the settings it comes from."""

    to: str
    language: str
    settings_id: int | None


Found = Recipient | Postponed | Dropped


def recipient_of(delivery: Delivery, message: Message | None, *, at: datetime) -> Found:
    """Return the recipient of a message through the delivery's door, by the reader's present
    choices.
    """
    if message is None:
        return Dropped("gone")
    chosen = settings_of(message.volunteer_id, message.account_id)
    kind = KINDS[message.kind]
    if message.read_at is not None:
        return Dropped("read")
    if kind.hours_good is not None and at - message.at > timedelta(hours=kind.hours_good):
        return Dropped("late")
    if not message_doors.is_on(chosen, topic_of(message.kind), delivery.door):
        return Dropped("left")
    to = _address(delivery.door, message, chosen)
    if to is None:
        return Dropped("no_address")
    until = None if kind.is_urgent else quiet_hours.quiet_until(chosen, at)
    return Postponed(until) if until else _recipient(to, chosen)


def confirmed_by(delivery: Delivery) -> Found:
    """Return the recipient of the link that confirms an address, or of the last letter to a former
    one.
    """
    chosen = db.session.get(MessageSettings, delivery.settings_id)
    former = queueing.replaced_address(delivery)
    if former is not None:
        return _recipient(former, chosen)
    if chosen is None or chosen.email is None or chosen.email_confirmed_at is not None:
        return Dropped("no_address")
    return _recipient(chosen.email, chosen)


def settings_of(volunteer_id: int | None, account_id: int | None) -> MessageSettings | None:
    """Return a reader's choices; those of the person take precedence over those of the account."""
    query = select(MessageSettings)
    if volunteer_id is not None:
        return db.session.scalar(query.where(MessageSettings.volunteer_id == volunteer_id))
    return db.session.scalar(query.where(MessageSettings.account_id == account_id))


def _address(door: str, message: Message, chosen: MessageSettings | None) -> str | None:
    if message.volunteer_id is None:
        account = db.session.get(Account, message.account_id)
        if account is None or account.disabled_at is not None:
            return None
    else:
        person = db.session.get(Volunteer, message.volunteer_id)
        if person is None or person.state != "active":
            return None
        if door == "sms":
            return person.phone if person.phone_confirmed_at is not None else None
    return chosen.email if door == "email" and chosen is not None else None


def _recipient(to: str, chosen: MessageSettings | None) -> Recipient:
    if chosen is None:
        return Recipient(to, settings.current().language, None)
    return Recipient(to, chosen.language, chosen.id)
