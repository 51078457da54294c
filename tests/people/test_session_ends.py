"""A session ends at last, however much it is used: of staff in a week, of volunteers in a year."""

from datetime import datetime, timedelta

import pytest

from tests import make
from volunteer_service.db import db
from volunteer_service.errors import SignInNeeded
from volunteer_service.people.authentication import sessions
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Account, OpenSession

NOW = make.MORNING
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def _begun(account: Account) -> str:
    return sessions.begin(account, device="android/wechat", at=NOW)


def _used(key: str, at: datetime) -> Actor:
    """Used at this moment, as the page does after its commit."""
    found = sessions.resume(key, door="page", at=at)
    db.session.execute(db.update(OpenSession).values(seen_at=at))
    return found


def _lasts(account: Account, longest: timedelta, *, used_every: timedelta) -> None:
    """However often it is used, the session ends ``longest`` after signing in, and not before."""
    key, at = _begun(account), NOW + used_every
    while at < NOW + longest:
        assert _used(key, at).account_id == account.id
        at += used_every
    with pytest.raises(SignInNeeded):
        sessions.resume(key, door="page", at=NOW + longest)
    assert sessions.sessions_of(make.acting(account), at=NOW + longest) == []


def test_a_volunteer_who_comes_each_month_signs_in_once_a_year(session: None) -> None:
    cast = make.cast()
    for account in (cast.wang_account, cast.li_mei):
        _lasts(account, sessions.LONGEST, used_every=30 * DAY)


def test_staff_sign_in_each_week(session: None) -> None:
    cast = make.cast()
    for account in (cast.coordinator, cast.desk, cast.auditor, cast.admin):
        _lasts(account, sessions.STAFF_LONGEST, used_every=8 * HOUR)


def test_staff_sign_in_after_a_night_away(session: None) -> None:
    cast = make.cast()
    key = _begun(cast.coordinator)
    _used(key, NOW + 6 * HOUR)
    assert sessions.resume(key, door="page", at=NOW + 18 * HOUR - timedelta(seconds=1))
    with pytest.raises(SignInNeeded):
        sessions.resume(key, door="page", at=NOW + 18 * HOUR)
