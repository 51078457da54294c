"""Verbs of one's own choices: address and its confirmation, topics, quiet hours, unsubscribing."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.headerregistry import Address

from sqlalchemy import func, select

from volunteer_service import crypto, journal
from volunteer_service import db as database
from volunteer_service.db import db
from volunteer_service.errors import Conflict, Invalid, NotFound, Refused
from volunteer_service.outbox import queueing
from volunteer_service.outbox.models import Delivery
from volunteer_service.people.authentication import accounts, sign_in_codes
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.messages import delivery_addresses, messages
from volunteer_service.people.messages.message_models import LANGUAGES, MessageSettings
from volunteer_service.people.messages.message_topics import TOPICS
from volunteer_service.people.models import Account

#: The most links that confirm an address, for one reader in a day.
LINKS_A_DAY = 5
LONGEST_ADDRESS = 254
#: The channels that a reader chooses for each topic.
DOORS = ("email", "sms")
_PLAIN = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class TooManyLinks(Refused):
    """A reader gets a limited number of confirmation links a day."""

    status = 429
    message = "今天已经发过 %(most)s 次确认邮件。请查看收件箱和垃圾邮件，明天再试。"


class LinkOfBefore(Refused):
    """A link confirms the address to which it was sent, as long as that is the present one."""

    status = 409
    message = "这个链接对应的邮箱已经换掉了。请在“消息设置”里再发一次确认邮件。"


def choices_of(by: Actor) -> MessageSettings:
    """Return one's own choices; those of a reader who chose nothing are not stored."""
    found = _stored(by)
    return found or MessageSettings(language="zh", off=[], **_reader(by))


def set_email(email: str, present: str, *, by: Actor, at: datetime) -> MessageSettings:
    """Set an e-mail address, or none; it is used once the link sent to it was followed.

    A mailbox can set a new password (:mod:`password_resets`), so the present password is needed;
    the person is told on their page, and a confirmed mailbox that is replaced gets one last letter
    and no more password links.
    """
    row = _own(by)
    email = email.strip()
    if email:
        _need_address(email)
    account = database.fetch(Account, by.account_id or 0)
    accounts.need_present(account, present, at=at)
    if email == (row.email or "") and (row.email_confirmed_at is not None or not email):
        row.left_at = None
        return row
    if email:
        _need_links_left(row, at)
    if row.email is not None and row.email_confirmed_at is not None:
        queueing.queue_replaced(row.id, row.email, at=at)
    sign_in_codes.end_links(account.id, at=at)
    row.email, row.email_confirmed_at = email or None, None
    if email:
        row.left_at = None
        db.session.flush()
        queueing.queue_confirmation(row.id, at=at)
    _record("set_email" if email else "remove_email", row, by, at)
    _tell(row, "email_given" if email else "email_removed", at)
    return row


def confirm_email(settings_id: int, key: str, *, at: datetime) -> MessageSettings:
    """Record that the reader of the mailbox confirmed it; having the link is enough."""
    row = database.fetch(MessageSettings, settings_id, lock=True)
    if row.email is None or crypto.vault().key_of(row.email, "message.email") != key:
        raise LinkOfBefore()
    if row.email_confirmed_at is None:
        # Told before it is in force, because afterwards the letter would only warn the mailbox's
        # own reader.
        _tell(row, "email_confirmed", at)
        row.email_confirmed_at = at
        _record("confirm_email", row, Actor.system("page"), at)
    return row


def choose(
    *,
    language: str,
    on: Iterable[str],
    quiet_from: int | None,
    quiet_to: int | None,
    by: Actor,
    at: datetime,
) -> MessageSettings:
    """Choose the language, which topics come by which channel (``topic:door``), and quiet hours."""
    if language not in LANGUAGES:
        raise Invalid(field="language", why="请选中文或英文")
    if (quiet_from is None) != (quiet_to is None):
        raise Invalid(field="quiet_to", why="请把开始和结束都填上，或都不填")
    for name, minute in (("quiet_from", quiet_from), ("quiet_to", quiet_to)):
        if minute is not None and not 0 <= minute < 24 * 60:
            raise Invalid(field=name, why="请填 00:00 到 23:59 的时间")
    row, wanted = _own(by), set(on)
    row.language, row.quiet_from, row.quiet_to = language, quiet_from, quiet_to
    row.off = [name for name in choosable() if name not in wanted]
    _record("choose", row, by, at, off=len(row.off))
    return row


def leave_mail(settings_id: int, *, at: datetime) -> MessageSettings:
    """Stop all e-mail; having a letter's link is enough. The person's page turns it on again."""
    row = database.fetch(MessageSettings, settings_id, lock=True)
    if row.left_at is None:
        row.left_at = at
        _record("leave_mail", row, Actor.system("page"), at)
    return row


def leave(*, by: Actor, at: datetime) -> MessageSettings:
    """Stop all e-mail as its reader; a second time changes nothing."""
    row = _own(by)
    if row.left_at is None:
        row.left_at = at
        _record("leave_mail", row, by, at)
    return row


def come_back(*, by: Actor, at: datetime) -> MessageSettings:
    """Resume e-mail after stopping it."""
    row = _stored(by)
    if row is None or row.left_at is None:
        raise Conflict()
    row.left_at = None
    _record("come_back", row, by, at)
    return row


def choosable() -> list[str]:
    """Return every ``topic:door`` that a reader may turn off."""
    return [
        f"{topic}:{door}" for topic, said in TOPICS.items() if not said.is_needed for door in DOORS
    ]


def _need_address(email: str) -> None:
    try:
        good = len(email) <= LONGEST_ADDRESS and email.isascii() and _PLAIN.fullmatch(email)
        if good and Address(addr_spec=email).addr_spec == email:
            return
    except (ValueError, IndexError, AttributeError):
        pass
    raise Invalid(field="email", why="邮箱地址不对。请写成 name@example.cn 这样")


def _need_links_left(row: MessageSettings, at: datetime) -> None:
    query = select(func.count()).where(
        Delivery.settings_id == row.id,
        # Without the last letters to replaced mailboxes.
        Delivery.once_key.is_(None),
        Delivery.created_at > at - timedelta(days=1),
    )
    if row.id is not None and (db.session.scalar(query) or 0) >= LINKS_A_DAY:
        raise TooManyLinks(most=LINKS_A_DAY)


def _reader(by: Actor) -> dict[str, int]:
    if by.volunteer_id is not None:
        return {"volunteer_id": by.volunteer_id}
    if by.account_id is None:
        raise NotFound()
    return {"account_id": by.account_id}


def _stored(by: Actor) -> MessageSettings | None:
    reader = _reader(by)
    return delivery_addresses.settings_of(reader.get("volunteer_id"), reader.get("account_id"))


def _own(by: Actor) -> MessageSettings:
    row = _stored(by)
    if row is None:
        row = MessageSettings(language="zh", off=[], **_reader(by))
        db.session.add(row)
        db.session.flush()
    return row


def _tell(row: MessageSettings, kind: str, at: datetime) -> None:
    if row.volunteer_id is not None:
        messages.tell(row.volunteer_id, kind, at=at)
    elif row.account_id is not None:
        messages.tell_account(row.account_id, kind, at=at)


def _record(verb: str, row: MessageSettings, by: Actor, at: datetime, **facts: int) -> None:
    db.session.flush()
    journal.record(f"messages.{verb}", row, account_id=by.account_id, door=by.door, at=at, **facts)
