"""Acts that end every session, token and calendar address, on the check-in page too."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing
from volunteer_service import clock
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.attendance.models import Scan
from volunteer_service.db import db, transaction
from volunteer_service.events import calendar_feeds
from volunteer_service.people.authentication import (
    accounts,
    api_tokens,
    one_time_codes,
    password_resets,
    sessions,
)
from volunteer_service.people.authentication.sign_in_tries import Whence
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes import person_changes, person_values
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.people.messages import message_choices
from volunteer_service.people.messages.message_models import MessageSettings
from volunteer_service.people.models import SignInCode
from volunteer_service.people.registrations import consents, registration

Act = Callable[[make.Cast], object]
NEW = "a new long one"


def _change_password(cast: make.Cast) -> None:
    account, by = cast.wang_account, make.acting(cast.wang_account)
    accounts.change_password(account.id, make.PASSWORD, NEW, by=by, at=clock.now())


def _sign_out_everywhere(cast: make.Cast) -> None:
    by = make.acting(cast.wang_account)
    accounts.sign_out_everywhere(cast.wang_account.id, by=by, at=clock.now())


def _operator_sets_password(cast: make.Cast) -> None:
    accounts.set_password(cast.wang_account.id, NEW, by=Actor.system("cli"), at=clock.now())


def _disable(cast: make.Cast) -> None:
    accounts.disable(cast.wang_account.id, by=make.acting(cast.admin), at=clock.now())


def _withdraw(cast: make.Cast) -> None:
    by = make.acting(cast.wang_account)
    consents.withdraw_consent(cast.wang.id, "register", by=by, at=clock.now())


def _withdraw_at_the_counter(cast: make.Cast) -> None:
    by = make.acting(cast.coordinator)
    consents.withdraw_consent(cast.wang.id, "register", by=by, at=clock.now())


def _disown(cast: make.Cast) -> None:
    registration.disown(cast.wang.id, by=make.acting(cast.wang_account), at=clock.now())


def _change_phone(cast: make.Cast) -> None:
    seen = person_values.mark(cast.wang, "phone")
    edit = PersonEdit("phone", "本人来换", seen, phone="13900000088")
    person_changes.change_person(
        cast.wang.id, edit, by=make.acting(cast.coordinator), at=clock.now()
    )


def _use_a_code(cast: make.Cast) -> None:
    account, at = cast.wang_account, clock.now()
    code = one_time_codes.issue_code(account.id, by=make.acting(cast.coordinator), at=at)
    whence = Whence("192.0.2.7", None)
    one_time_codes.use_code(account.login, code, NEW, whence=whence, by=None, at=at)


ENDINGS = (
    _change_phone,
    _use_a_code,
    _change_password,
    _sign_out_everywhere,
    _operator_sets_password,
    _disable,
    _withdraw,
    _withdraw_at_the_counter,
    _disown,
)


class Street:
    """王建国 with a browser, a copy of its cookie, a token, and an event that runs now."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context(), transaction():
            self.cast = make.cast()
            event = make.event(
                team=self.cast.team,
                leader=self.cast.li_mei,
                starts_at=clock.now() - timedelta(minutes=5),
            )
            make.sign_up(event, self.cast.wang)
            by = make.acting(self.cast.wang_account)
            feed = calendar_feeds.new_feed(None, by=by, at=clock.now())
            self.calendar = f"/calendar/{feed.secret_key}.ics"
            self.poster = f"/c/{event_codes.token(event)}"
            self.token = signing.token_for(self.cast.wang_account)
        self.browser = app.test_client()
        signing.sign_in(self.browser, "wang")
        self.form = signing.hidden(self.browser, self.poster) | {"kind": "in"}

    def copied(self) -> FlaskClient:
        """Another browser with the cookie that this one had."""
        cookie = self.browser.get_cookie("session")
        assert cookie is not None
        other = self.app.test_client()
        other.set_cookie("session", cookie.value)
        return other

    def do(self, act: Act) -> None:
        with self.app.app_context(), transaction():
            act(make.again(self.cast))

    def scans(self) -> int:
        with self.app.app_context(), transaction(write=False):
            return db.session.scalar(db.select(db.func.count(Scan.id))) or 0

    def check_in(self, browser: FlaskClient) -> str | None:
        return browser.post(self.poster, data=self.form | {"scan_id": str(uuid4())}).location


@pytest.fixture
def street(app: Flask) -> Street:
    return Street(app)


@pytest.mark.parametrize("act", ENDINGS)
def test_every_session_and_token_ends(street: Street, act: Act) -> None:
    def opens() -> list[int]:
        api = street.app.test_client().get("/api/v1/accounts/me", headers=street.token)
        calendar = street.app.test_client().get(street.calendar)
        return [copy.get("/me").status_code, api.status_code, calendar.status_code]

    copy = street.copied()
    assert opens() == [200, 200, 200]
    street.do(act)
    assert opens() == [302, 401, 404]


@pytest.mark.parametrize("act", ENDINGS)
def test_a_dead_cookie_checks_nobody_in(street: Street, act: Act) -> None:
    copy = street.copied()
    street.do(act)
    assert street.check_in(copy) == f"/sign-in?next={street.poster}"
    assert street.scans() == 0
    assert "王建国" not in copy.get(street.poster).get_data(as_text=True)


def test_a_signed_out_cookie_is_dead_on_the_server(street: Street) -> None:
    copy = street.copied()
    street.browser.post("/sign-out", data=signing.hidden(street.browser, "/me/password"))
    assert street.check_in(copy) == f"/sign-in?next={street.poster}"
    assert copy.get("/me").status_code == 302
    assert street.scans() == 0


def test_the_living_cookie_checks_in(street: Street) -> None:
    assert street.check_in(street.copied()) == street.poster
    assert street.scans() == 1


def test_signing_out_here_leaves_the_other_device(street: Street) -> None:
    other = street.app.test_client()
    signing.sign_in(other, "wang")
    street.browser.post("/sign-out", data=signing.hidden(street.browser, "/me/password"))
    assert other.get("/me").status_code == 200


def test_a_role_keeps_its_account_and_loses_its_sessions(street: Street) -> None:
    """A leader who withdraws as a volunteer signs in anew, for the role."""
    leader = street.app.test_client()
    signing.sign_in(leader, "limei")

    def withdraw(cast: make.Cast) -> None:
        by = make.acting(cast.li_mei)
        consents.withdraw_consent(by.volunteer_id or 0, "register", by=by, at=clock.now())

    street.do(withdraw)
    assert leader.get("/me").status_code == 302
    signing.sign_in(leader, "limei")
    assert leader.get("/me").status_code == 200


def test_with_the_last_role_the_purpose_goes(street: Street) -> None:
    """Who left as a volunteer and then loses the role has nothing to do here any more."""
    leader = street.app.test_client()

    def leave(cast: make.Cast) -> None:
        cast.li_mei.volunteer.state = "left"

    street.do(leave)
    signing.sign_in(leader, "limei")
    assert leader.get("/me").status_code == 200
    street.do(lambda cast: db.session.delete(cast.li_mei.grants[0]))
    assert leader.get("/me").status_code == 302


def test_a_token_of_a_later_sign_in_is_not_touched(street: Street) -> None:
    street.do(_sign_out_everywhere)
    with street.app.app_context(), transaction():
        token = signing.token_for(make.again(street.cast).wang_account)
    fresh = street.app.test_client().get("/api/v1/accounts/me", headers=token)
    assert fresh.get_json()["name"] == "王建国"


def test_ended_tokens_are_listed_no_more(street: Street) -> None:
    def listed() -> int:
        with street.app.app_context(), transaction(write=False):
            return len(api_tokens.tokens_of(make.acting(make.again(street.cast).wang_account)))

    assert listed() == 1
    street.do(_change_password)
    assert listed() == 0


def test_a_session_that_nobody_used_for_ninety_days_is_forgotten(street: Street) -> None:
    at = clock.now()
    with street.app.app_context(), transaction():
        assert sessions.forget_sessions(at - timedelta(days=1)) == 0
        assert sessions.forget_sessions(at + timedelta(days=1)) == 1
    assert street.browser.get("/me").status_code == 302


@pytest.mark.parametrize("act", ENDINGS)
def test_codes_and_links_that_set_the_password_anew_end(street: Street, act: Act) -> None:
    """Whoever found one cannot undo what the person did because of it."""
    at = clock.now()
    with street.app.app_context(), transaction():
        cast = make.again(street.cast)
        one_time_codes.issue_code(cast.wang_account.id, by=make.acting(cast.coordinator), at=at)
        db.session.add(
            SignInCode(
                account_id=cast.wang_account.id,
                code_hash="of a letter",
                issued_at=at,
                expires_at=at + password_resets.LIFE,
                is_by_message=True,
            )
        )
    street.do(act)
    with street.app.app_context(), transaction(write=False):
        rows = db.session.scalars(db.select(SignInCode)).all()
        assert [row.ended_at is None for row in rows] == [False] * len(rows)
        assert len(rows) >= 2


@pytest.mark.parametrize("act", ENDINGS)
def test_an_address_that_waits_for_its_link_is_dropped(street: Street, act: Act) -> None:
    """Whoever held the phone may have given it."""
    with street.app.app_context(), transaction():
        by = make.acting(make.again(street.cast).wang_account)
        number = message_choices.set_email(
            "thief@example.cn", make.PASSWORD, by=by, at=clock.now()
        ).id
    street.do(act)
    with street.app.app_context(), transaction(write=False):
        assert db.session.get_one(MessageSettings, number).email is None
