"""The session cookie is signed anew every few minutes, not at each page, and so never runs out."""

import time

import pytest
from itsdangerous import TimestampSigner
from sqlalchemy import select

from tests import make
from volunteer_service import clock
from volunteer_service.db import db, transaction
from volunteer_service.people.authentication import sessions
from volunteer_service.people.models import Account
from volunteer_service.web.shared.guard import AHEAD_SECONDS, TRUST_SECONDS


@pytest.fixture
def visit(app):
    """Open 王建国's own page with a session seen so many seconds ago; the answer's new cookie."""
    with app.app_context(), transaction():
        account = make.cast().wang_account
        held = {
            "key": sessions.begin(account, device="android/wechat", at=clock.now()),
            "account": account.id,
            "volunteer": account.volunteer_id,
            "name": account.name,
        }

    def come(seconds_ago: int) -> str | None:
        client = app.test_client()
        seen = int(clock.now().timestamp()) - seconds_ago
        with client.session_transaction() as session:
            session.permanent = True
            # The page's forms would otherwise begin their token, and sign the cookie for it.
            session.update(held, seen=seen, csrf_token="0" * 40)
        answer = client.get("/me")
        assert answer.status_code == 200
        return answer.headers.get("Set-Cookie")

    return come


def test_a_fresh_session_is_left_alone(visit) -> None:
    assert visit(TRUST_SECONDS - 60) is None


def test_an_older_one_is_signed_anew_for_its_whole_life(visit) -> None:
    cookie = visit(TRUST_SECONDS + 60)
    assert cookie is not None
    assert "Expires=" in cookie


@pytest.mark.parametrize(("ahead", "status"), [(1, 200), (90, 200), (AHEAD_SECONDS + 60, 302)])
def test_a_clock_a_little_ahead_signs_nobody_out(app, visit, monkeypatch, ahead, status) -> None:
    client = app.test_client()
    with app.app_context(), transaction(write=False):
        account = db.session.scalars(select(Account).where(Account.login == "wang")).one()
        key = sessions.begin(account, device="android/wechat", at=clock.now())
        held = {"key": key, "account": account.id, "volunteer": account.volunteer_id}
        held |= {"name": account.name, "seen": int(clock.now().timestamp()) + ahead}
        db.session.commit()
    now = int(time.time())
    with monkeypatch.context() as patched:
        patched.setattr(TimestampSigner, "get_timestamp", lambda _self: now + ahead)
        cookie = app.session_interface.get_signing_serializer(app).dumps(held)
    client.set_cookie("session", cookie)
    assert client.get("/me").status_code == status
