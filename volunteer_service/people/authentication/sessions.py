"""Sessions and tokens: reads the actor from an account, a session or a bearer token; ends them."""

import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute

from volunteer_service import db as database
from volunteer_service import journal
from volunteer_service.areas.models import Area
from volunteer_service.crypto import token_hash
from volunteer_service.db import db
from volunteer_service.errors import NotFound, SignInNeeded
from volunteer_service.people.authentication import known_devices, sign_in_codes
from volunteer_service.people.authentication.required_factors import (
    SecondFactorNeeded,
    as_far_as_proven,
)
from volunteer_service.people.authentication.second_factor_models import SecondFactor
from volunteer_service.people.authorization.actor import Actor, Held
from volunteer_service.people.messages.message_models import MessageSettings
from volunteer_service.people.models import (
    ROLES,
    Account,
    Grant,
    OpenSession,
    Token,
    Volunteer,
)

#: A session unused for this long has ended; the cookie lives as long.
LIFE_DAYS = 90
#: A session ends this long after signing in, however much it is used: a volunteer signs in once a
#: year on their own phone.
LONGEST = timedelta(days=365)
#: Staff with roles beyond one team sign in each week, and after a night away.
STAFF_IDLE, STAFF_LONGEST = timedelta(hours=12), timedelta(days=7)
#: How often the last use of a session is recorded.
SEEN_EVERY, STAFF_SEEN_EVERY = timedelta(days=1), timedelta(minutes=15)

_STAFF = tuple(role for role in ROLES if role != "leader")

_HAS_FACTOR = (
    select(SecondFactor.account_id)
    .where(SecondFactor.account_id == Account.id, SecondFactor.confirmed_at.is_not(None))
    .exists()
)

_LIVES = (
    OpenSession.ended_at.is_(None),
    OpenSession.epoch == Account.epoch,
    Account.disabled_at.is_(None),
)


def actor_of(account: Account, *, door: str) -> Actor:
    """Return the actor of this account with all its grants (one query)."""
    rows = db.session.execute(
        select(Grant.role, Area.path, Grant.team_id)
        .outerjoin(Area, Area.id == Grant.area_id)
        .where(Grant.account_id == account.id)
    )
    held = tuple(Held(role, path, team_id) for role, path, team_id in rows)
    return Actor(account.id, account.volunteer_id, account.name, door, held)


def begin(account: Account, *, device: str, browser: str | None = None, at: datetime) -> str:
    """Open a session of this account; return its key, of which only a hash is kept.

    The browser becomes a known device of the account.
    """
    known_devices.remember_device(account, browser, at=at)
    key = secrets.token_urlsafe(24)
    row = OpenSession(
        account_id=account.id,
        key_hash=token_hash(key),
        epoch=account.epoch,
        device=device[:24],
        made_at=at,
        seen_at=at,
    )
    db.session.add(row)
    db.session.flush()
    return key


def has_signed_in(account_id: int) -> bool:
    """Tell whether this account had a session, as far back as they are kept."""
    query = select(OpenSession.id).where(OpenSession.account_id == account_id).limit(1)
    return db.session.scalar(query) is not None


def resume(key: str, *, door: str, at: datetime) -> Actor:
    """Return the actor of a running session; refuse one that has ended in any way.

    It ends after 90 days unused or 365 days after signing in; for staff 12 hours or 7 days.
    """
    found = db.session.execute(
        select(OpenSession, Account, Volunteer.state, _HAS_FACTOR)
        .join(Account, Account.id == OpenSession.account_id)
        .outerjoin(Volunteer, Volunteer.id == Account.volunteer_id)
        .where(
            OpenSession.key_hash == token_hash(key),
            OpenSession.seen_at > at - timedelta(days=LIFE_DAYS),
            OpenSession.made_at > at - LONGEST,
            *_LIVES,
        )
    ).one_or_none()
    if found is None:
        raise SignInNeeded()
    opened, account, state, has_factor = found
    actor = _with_purpose(account, state, door, has_factor=has_factor)
    is_staff = bool(actor.waiting_roles) or actor.has_role(*_STAFF)
    if is_staff and _is_over_for_staff(opened, at):
        raise SignInNeeded()
    if at - opened.seen_at >= (STAFF_SEEN_EVERY if is_staff else SEEN_EVERY):
        _note_use(opened.id, at)
    return actor


def _is_over_for_staff(opened: OpenSession, at: datetime) -> bool:
    return at - opened.seen_at >= STAFF_IDLE or at - opened.made_at >= STAFF_LONGEST


def lives(volunteer_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the SQL for «``session_hash`` is a running session of this volunteer»."""
    return (
        select(OpenSession.id)
        .join(Account, Account.id == OpenSession.account_id)
        .where(
            OpenSession.key_hash == bindparam("session_hash"),
            Account.volunteer_id == volunteer_id,
            *_LIVES,
        )
        .exists()
    )


def bearer(token: str, *, at: datetime) -> tuple[Actor, frozenset[str]]:
    """Return actor and scopes of an API token; unknown, expired and ended look the same.

    A token of roles that need a second factor works as long as the account has one.
    """
    found = db.session.execute(
        select(Token.scopes, Account, Volunteer.state, _HAS_FACTOR)
        .join(Account, Account.id == Token.account_id)
        .outerjoin(Volunteer, Volunteer.id == Account.volunteer_id)
        .where(
            Token.token_hash == token_hash(token),
            Token.revoked_at.is_(None),
            Token.expires_at > at,
            Token.epoch == Account.epoch,
            Account.disabled_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        raise SignInNeeded()
    scopes, account, state, has_factor = found
    actor = _with_purpose(account, state, "api", has_factor=has_factor)
    if actor.waiting_roles:
        raise SecondFactorNeeded()
    return actor, frozenset(scopes)


def end_everything(account: Account, *, at: datetime) -> None:
    """End every session and token of the account; everything that ends them calls this.

    Its known devices are revoked; codes and links that set a new password end too, so that nobody
    who found one undoes what the person just did.

    The raised epoch ends them, also those being opened at this moment; the rows record since when.
    """
    database.fetch(Account, account.id, lock=True).epoch += 1
    db.session.flush()
    known_devices.revoke_devices(account.id, at=at)
    for model, ended in ((OpenSession, "ended_at"), (Token, "revoked_at")):
        column = getattr(model, ended)
        mine = model.account_id == account.id
        db.session.execute(update(model).where(mine, column.is_(None)).values({ended: at}))
    sign_in_codes.end_codes(account.id, at=at)
    _drop_unconfirmed_address(account)


def _drop_unconfirmed_address(account: Account) -> None:
    """Drop an unconfirmed address, because anybody who held a session may have given it."""
    own = MessageSettings.account_id == account.id
    if account.volunteer_id is not None:
        own = own | (MessageSettings.volunteer_id == account.volunteer_id)
    waits = MessageSettings.email_confirmed_at.is_(None)
    db.session.execute(update(MessageSettings).where(own, waits).values(email=None))


def end(key: str, *, at: datetime) -> None:
    """End the session with this key, on signing out."""
    db.session.execute(
        update(OpenSession)
        .where(OpenSession.key_hash == token_hash(key), OpenSession.ended_at.is_(None))
        .values(ended_at=at)
    )


def end_session(session_id: int, *, by: Actor, at: datetime) -> None:
    """End one's own session on another device; ending it twice changes nothing."""
    row = database.fetch(OpenSession, session_id)
    if row.account_id != by.account_id:
        raise NotFound()
    if row.ended_at is None:
        row.ended_at = at
        journal.record("people.end_session", row, account_id=by.account_id, door=by.door, at=at)


def sessions_of(by: Actor, *, at: datetime) -> list[OpenSession]:
    """Return one's own running sessions, newest first."""
    query = (
        select(OpenSession)
        .join(Account, Account.id == OpenSession.account_id)
        .where(
            OpenSession.account_id == by.account_id,
            OpenSession.seen_at > at - timedelta(days=LIFE_DAYS),
            OpenSession.made_at > at - LONGEST,
            *_LIVES,
        )
    )
    found = db.session.scalars(query.order_by(OpenSession.id.desc()))
    is_staff = bool(by.waiting_roles) or by.has_role(*_STAFF)
    return [each for each in found if not (is_staff and _is_over_for_staff(each, at))]


def forget_sessions(before: datetime) -> int:
    """Delete the sessions unused since then; return how many."""
    # The last use is after the beginning and before the end.
    dropped = db.session.execute(
        delete(OpenSession).where(OpenSession.seen_at < before).returning(OpenSession.id)
    )
    return len(dropped.all())


def _with_purpose(account: Account, state: str | None, door: str, *, has_factor: bool) -> Actor:
    """Return the actor; refuse a person who has left and holds no role."""
    found = actor_of(account, door=door)
    if state not in (None, "active") and not found.grants:
        raise SignInNeeded()
    return as_far_as_proven(found, has_factor=has_factor)


def _note_use(session_id: int, at: datetime) -> None:
    def note() -> None:
        # A page that only reads must not fail because somebody else is writing.
        with suppress(DBAPIError):
            db.session.execute(
                update(OpenSession).where(OpenSession.id == session_id).values(seen_at=at)
            )

    database.after_commit(note)
