"""Rate limits: which callers a limit stops, which it lets through, and its message."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Thread

import pytest
from flask import Flask
from flask import session as flask_session
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests import make
from tests.limiting import limited
from tests.signing import hidden, sign_in, token_for
from volunteer_service import clock
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.db import db, transaction
from volunteer_service.identifiers import base32
from volunteer_service.people.models import Account
from volunteer_service.rate_limits import VENUE, Tally, caller, count_finds
from volunteer_service.teams.models import Team

Knock = Callable[..., TestResponse]

#: A weak password: nobody is registered by it, and the form comes back.
JOIN = {"name": "孙晓", "phone": "13900000001", "password": "12345678", "consent": "1"}
CLAIM = {"name": "孙晓", "phone": "13900000001", "identity": "x", "password": "a fine long one"}
SIGN_IN = {"login": "wang", "password": "not this one"}


@pytest.fixture
def code(app: Flask) -> str:
    """The short code of an event in 王建国's town."""
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei)
        event.code = base32.encode(2026)
        return event.code


def knocking(client: FlaskClient, path: str, form: dict[str, str]) -> Knock:
    """Sends the form of ``path`` with its token, other fields and another address at will."""
    token = hidden(client, path)

    def knock(address: str = "192.0.2.1", **fields: str) -> TestResponse:
        sent = form | token | fields
        return client.post(path, data=sent, environ_base={"REMOTE_ADDR": address})

    return knock


def tries_until_refused(knock: Callable[[int], TestResponse], most: int) -> int:
    """How many came through before the first 429."""
    for tried in range(most):
        if knock(tried).status_code == 429:
            return tried
    return most


def says_when(answer: TestResponse, most_seconds: int) -> bool:
    """One sentence with the minutes, and the seconds for a machine."""
    seconds = int(answer.headers["Retry-After"])
    minutes = -(-seconds // 60)
    assert 0 < seconds <= most_seconds
    return f"尝试次数太多。请 {minutes} 分钟后再试。" in answer.get_data(as_text=True)


def joining(client: FlaskClient, n: int) -> TestResponse:
    """One of many from the same address sends the form of joining."""
    sent = JOIN | hidden(client, "/join") | {"phone": f"1390000{n:04d}"}
    return client.post("/join", data=sent)


def leader() -> Account:
    """The leader of 王建国's town."""
    return db.session.scalars(select(Account).where(Account.login == "limei")).one()


@pytest.mark.parametrize(
    ("path", "form", "most", "seconds", "elsewhere"),
    [
        # Who tries an account from elsewhere does not use up what its owner has; the account's
        # own delay is sign_in_tries'.
        ("/sign-in", SIGN_IN, 10, 60, 422),
        # From elsewhere it is still the same phone that is tried.
        ("/join", JOIN, 10, 3600, 429),
        ("/claim", CLAIM, 5, 3600, 429),
    ],
)
def test_one_account_or_phone_is_tried_so_often(
    app: Flask,
    code: str,
    path: str,
    form: dict[str, str],
    most: int,
    seconds: int,
    elsewhere: int,
) -> None:
    with limited(app) as client:
        knock = knocking(client, path, form)
        assert tries_until_refused(lambda _n: knock(), most + 5) == most
        assert says_when(knock(), seconds)
        assert knock(address="198.51.100.7").status_code == elsewhere


@pytest.mark.parametrize(
    ("path", "form", "field", "spellings"),
    [
        ("/sign-in", SIGN_IN, "login", ["wang", " WANG ", "Wang"]),
        ("/sign-in", SIGN_IN, "login", ["13900000001", "139-0000-0001", "+86 13900000001"]),
        ("/join", JOIN, "phone", ["13900000001", "１３９０００００００１", "139 0000 0001"]),
        ("/claim", CLAIM, "phone", ["13900000001", "8613900000001", "(139)00000001"]),
    ],
)
def test_another_spelling_is_the_same_try(
    app: Flask, code: str, path: str, form: dict[str, str], field: str, spellings: list[str]
) -> None:
    with limited(app) as client:
        knock = knocking(client, path, form)
        tried = tries_until_refused(lambda n: knock(**{field: spellings[n % 3]}), 12)
        assert tried == (5 if path == "/claim" else 10)


def test_who_stands_behind_the_same_address_signs_in(app: Flask, code: str) -> None:
    with limited(app) as client:
        knock = knocking(client, "/sign-in", SIGN_IN)
        assert tries_until_refused(lambda _n: knock(), 20) == 10
        assert knock(login="zhao", password=make.PASSWORD).status_code == 303


def test_who_stands_behind_the_same_address_joins(app: Flask, code: str) -> None:
    with limited(app) as client:
        knock = knocking(client, "/join", JOIN)
        assert tries_until_refused(lambda _n: knock(), 20) == 10
        assert knock(phone="13900000002", password="a fine one").status_code == 303


@pytest.mark.parametrize(
    ("path", "form", "field", "most"),
    [
        ("/sign-in", SIGN_IN, "login", 120),
        ("/join", JOIN, "phone", 60),
        ("/claim", CLAIM, "phone", 30),
    ],
)
def test_one_address_tries_everybody_only_so_often(
    app: Flask, code: str, path: str, form: dict[str, str], field: str, most: int
) -> None:
    with limited(app) as client:
        knock = knocking(client, path, form)
        tried = tries_until_refused(lambda n: knock(**{field: f"1390000{n:04d}"}), most + 5)
        assert tried == most
        assert says_when(knock(**{field: "13911110000"}), 60)
        assert knock(address="198.51.100.7", **{field: "13911110000"}).status_code != 429


@pytest.fixture
def poster(app: Flask) -> str:
    """Where the poster of an event leads that runs now."""
    with app.app_context(), transaction():
        cast = make.cast()
        begins = clock.now() - timedelta(minutes=10)
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=begins)
        return f"/c/{event_codes.token(event)}"


def test_who_has_scanned_the_code_of_an_event_counts_apart_from_the_hall(
    app: Flask, poster: str
) -> None:
    with limited(app) as client:
        assert tries_until_refused(lambda n: joining(client, n), 65) == 60

        def arrive(n: int) -> TestResponse:
            phone = client.application.test_client()
            phone.get(poster)
            return joining(phone, n)

        assert tries_until_refused(arrive, 70) == 70
        # One grant is no way to guess.
        phone = client.application.test_client()
        phone.get(poster)
        assert tries_until_refused(lambda n: joining(phone, 100 + n), 15) == 10
        # And the code of an event that is over gives none.
        with client.application.app_context(), transaction():
            over = make.event(team=db.session.scalar(select(Team)), leader=leader(), minutes=60)
            old = f"/c/{event_codes.token(over)}"
        phone = client.application.test_client()
        phone.get(old)
        assert joining(phone, 999).status_code == 429


def test_a_crowd_with_grants_still_has_an_end(app: Flask) -> None:
    with limited(app) as client:
        form = CLAIM | hidden(client, "/claim")
        until = clock.now().timestamp() + 60

        def arrive(n: int) -> TestResponse:
            with client.session_transaction() as kept:
                kept[VENUE] = (f"phone-{n}", until)
            return client.post("/claim", data=form | {"phone": f"1390000{n:04d}"})

        assert tries_until_refused(arrive, 905) == 900


def test_whoever_is_signed_in_counts_by_the_account(app: Flask) -> None:
    address = {"REMOTE_ADDR": "192.0.2.1"}
    with app.test_request_context("/", environ_base=address):
        assert caller() == "192.0.2.1"
        flask_session[VENUE] = ("abc", clock.now().timestamp() - 1)
        assert caller() == "192.0.2.1"
        flask_session[VENUE] = ("abc", clock.now().timestamp() + 60)
        assert caller() == "venue:abc"
        flask_session["account"] = 7
        assert caller() == "account:7"


def test_event_codes_are_not_guessed(app: Flask, code: str) -> None:
    with limited(app) as client:
        right, wrong = (partial(client.get, f"/c?code={typed}") for typed in (code, "0000-0000-0"))
        # A crowd that types the right code is not held up.
        assert tries_until_refused(lambda _n: right(), 40) == 40
        miss = wrong()
        assert miss.status_code == 404
        assert "没有这个短码" in miss.get_data(as_text=True)
        assert 'value="0000-0000-0"' in miss.get_data(as_text=True)
        assert tries_until_refused(lambda _n: wrong(), 40) == 29
        assert says_when(wrong(), 60)
        elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
        assert client.get(f"/c?code={code}", environ_base=elsewhere).status_code == 303


@pytest.mark.parametrize("door", ["/e/{}/gate", "/api/v1/events/{}/gate"])
def test_nobody_counts_through_the_numbers_on_cards(app: Flask, door: str) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        events = [make.event(team=cast.team, leader=cast.li_mei).id for _n in range(2)]
        headers = token_for(cast.li_mei, "read")
    with limited(app) as client:
        if door.startswith("/e/"):
            sign_in(client, "limei")
            headers = {}

        def find(n: int, event: int = events[0]) -> TestResponse:
            return client.get(door.format(event), query_string={"q": f"{n:07d}"}, headers=headers)

        assert tries_until_refused(find, 70) == 60
        # Another event is another queue, and the empty page no search.
        assert find(1, events[1]).status_code == 200
        if not headers:
            assert client.get(door.format(events[0])).status_code == 200


@pytest.mark.parametrize("door", ["/teams/{}/add", "/records/sheets/new"])
def test_a_pasted_list_is_as_many_searches_as_it_has_strangers(app: Flask, door: str) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        path = door.format(cast.team.id)
    names = "\n".join(["王建国", *(f"生人{n}" for n in range(99))])
    with limited(app) as client:
        sign_in(client, "limei")
        form = hidden(client, path) | {"names": names}
        # A list in the address counts too, and hides none in the form.
        reading = client.get(path, query_string={"names": names})
        assert (reading.status_code, "生人7" in reading.get_data(as_text=True)) == (200, True)
        knock = partial(client.post, f"{path}?names=", data=form)
        assert tries_until_refused(lambda _n: knock(), 12) == 5
        assert says_when(knock(), 3600)
        # Whoever is in the team is found without a search, but where others are put into it: there
        # a namesake outside is looked for too.
        known = form | {"names": "王建国"}
        assert (client.post(path, data=known).status_code == 429) == door.endswith("/add")
        # Who sees the whole street anyway counts through nothing.
        sign_in(client, "zhoujing")
        assert tries_until_refused(lambda _n: client.get(path, query_string=form), 8) == 8


def test_the_question_about_a_newcomer_counts_as_a_search(app: Flask) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        event_id = make.event(team=cast.team, leader=cast.li_mei).id
        account = f"account:{cast.li_mei.id}"
    with limited(app) as client:
        sign_in(client, "limei")
        path = f"/e/{event_id}/newcomer"
        form = hidden(client, path) | {"name": "孙晓", "consent": "1"}
        with client.application.app_context():
            count_finds(599, account=account, event_id=event_id)
        assert client.post(path, data=form).status_code != 429
        assert client.post(path, data=form | hidden(client, path)).status_code == 429


def test_the_api_says_when_as_a_problem(app: Flask, code: str) -> None:
    with limited(app) as client:
        knock = partial(client.get, "/api/v1/certificates/verify/x")
        assert tries_until_refused(lambda _n: knock(), 70) == 60
        answer = knock(headers={"Accept-Language": "en"})
        assert answer.status_code == 429
        assert answer.mimetype == "application/problem+json"
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        assert answer.get_json()["code"] == "too_many"
        assert "1 min" in answer.get_json()["detail"]


def test_a_named_address_is_believed_of_a_trusted_proxy_only(app: Flask, code: str) -> None:
    def knock(client: FlaskClient, n: int, shape: str) -> TestResponse:
        return client.get("/c?code=0000-0000-0", headers={"X-Forwarded-For": shape.format(n)})

    with limited(app) as client:
        assert tries_until_refused(lambda n: knock(client, n, "203.0.113.{}"), 40) == 30
    with limited(app, trusted_proxies=1) as client:
        # The proxy adds the last one; what stands before it is the caller's own invention.
        invented = "203.0.113.{}, 198.51.100.7"
        assert tries_until_refused(lambda n: knock(client, n, invented), 40) == 30
        assert tries_until_refused(lambda n: knock(client, n, "203.0.113.{}"), 40) == 40


def test_who_failed_too_often_is_told_until_when_and_nobody_else_waits(
    app: Flask, code: str, client: FlaskClient
) -> None:
    knock = knocking(client, "/sign-in", SIGN_IN)
    for _ in range(4):
        assert "账号或密码不对" in knock().get_data(as_text=True)
    assert re.search(r"请等到 \d\d:\d\d 再试", knock().get_data(as_text=True))
    assert knock(password=make.PASSWORD).status_code == 422
    assert knock(login="zhao", password=make.PASSWORD).status_code == 303


def test_a_tally_counts_until_its_window_ends_and_sweeps_what_ended(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("volunteer_service.rate_limits.time.time", lambda: now[0])
    tally = Tally()
    assert [tally.incr("a", 60), tally.incr("a", 60), tally.incr("b", 3600, amount=5)] == [1, 2, 5]
    assert (tally.get("a"), tally.get_expiry("a"), tally.get("never")) == (2, 1060.0, 0)
    now[0] = 1060.0
    assert (tally.get("a"), tally.get("b")) == (0, 5)
    now[0] = 1061.0
    assert tally.incr("c", 60) == 1
    assert tally.reset() == 2, "b and c: a was swept"
    tally.incr("d", 60)
    tally.clear("d")
    assert (tally.get("b"), tally.get("d"), tally.check()) == (0, 0, True)


def test_a_tally_loses_no_count_between_threads():
    tally = Tally()

    def count() -> None:
        for _ in range(2000):
            tally.incr("a", 60)

    threads = [Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tally.get("a") == 8000
