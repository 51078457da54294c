"""Known devices of an account: browsers on which somebody signed in with it before.

The browser keeps a random key in a signed cookie; only its hash is stored. A known device can still
sign in while others guess. A revoked device is no longer known, but its row stays as evidence of
whose browser it was: nobody may use a code that they handed out themselves.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from volunteer_service.db import db, insert_new
from volunteer_service.people.models import Account, Device

#: A device without a sign-in for this long is deleted; the cookie lives as long.
LIFE_DAYS = 400


def remember_device(account: Account, browser: str | None, *, at: datetime) -> None:
    """Remember this browser, which has just signed in as this account."""
    if browser is None:
        return
    row = {"account_id": account.id, "browser_hash": browser, "made_at": at, "seen_at": at}
    again = {"seen_at": at, "revoked_at": None}
    statement = insert_new(Device).values(row)
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["account_id", "browser_hash"], set_=again)
    )


def knows(account_id: int, browser: str | None) -> bool:
    """Tell whether this account knows this browser."""
    return account_id in known_on(browser)


def known_on(browser: str | None) -> set[int]:
    """Return the accounts that know this browser; a family's device has several."""
    query = select(Device.account_id).where(
        Device.browser_hash == browser, Device.revoked_at.is_(None)
    )
    return set(db.session.scalars(query))


def was_used_by(account_id: int, browser: str | None) -> bool:
    """Tell whether this account ever signed in on this browser, revoked or not."""
    query = select(Device.id).where(Device.account_id == account_id, Device.browser_hash == browser)
    return db.session.scalar(query) is not None


def revoke_devices(account_id: int, *, at: datetime) -> None:
    """Revoke all of the account's devices."""
    mine = Device.account_id == account_id, Device.revoked_at.is_(None)
    db.session.execute(update(Device).where(*mine).values(revoked_at=at, trusted_until=None))


def trust(account_id: int, browser: str | None, *, until: datetime) -> None:
    """Let this account skip the second factor in this browser until then."""
    here = Device.account_id == account_id, Device.browser_hash == browser
    db.session.execute(update(Device).where(*here).values(trusted_until=until))


def is_trusted(account_id: int, browser: str | None, *, at: datetime) -> bool:
    """Tell whether this browser skips the second factor."""
    query = select(Device.id).where(
        Device.account_id == account_id,
        Device.browser_hash == browser,
        Device.revoked_at.is_(None),
        Device.trusted_until > at,
    )
    return db.session.scalar(query) is not None


def trusted(account_id: int, *, at: datetime) -> int:
    """Count the browsers in which this account skips the second factor."""
    query = select(func.count(Device.id)).where(
        Device.account_id == account_id, Device.trusted_until > at
    )
    return db.session.scalar(query) or 0


def distrust(account_id: int) -> None:
    """Ask for the second factor everywhere again."""
    mine = Device.account_id == account_id
    db.session.execute(update(Device).where(mine).values(trusted_until=None))


def forget_devices(at: datetime) -> int:
    """Delete the devices on which nobody signed in for their lifetime; return how many."""
    old = Device.seen_at < at - timedelta(days=LIFE_DAYS)
    return len(db.session.execute(delete(Device).where(old).returning(Device.id)).all())
