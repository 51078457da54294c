"""Every route answers every role, on one's own and others' things, as the reviewed table says."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from zlib import crc32

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, select, text

from tests import databases, held_open, make_world, rights_matrix, rights_table
from tests.make_world import ROLES
from tests.rights_matrix import Call, Keys, Matrix
from tests.signing import audit, hidden, sign_in, token_for
from volunteer_service import clock
from volunteer_service.api.shared.auth import SCOPES
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Account, Token

#: Thursday, 10:00 in Shanghai: what a rule says of days and hours is the same at every run.
NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def held(app_of_run: Flask, databases_of_run: databases.Databases) -> Iterator[Connection]:
    with app_of_run.app_context():
        db.engine.dispose()
    databases_of_run.refresh()
    with pytest.MonkeyPatch.context() as patch, held_open.held_open(app_of_run) as connection:
        patch.setattr(clock, "now", lambda: NOW)
        # Ten thousand lines of an access log, kept for each test that fails, say nothing.
        patch.setattr(logging.getLogger("volunteer_service.access"), "disabled", True)
        yield connection


@pytest.fixture(scope="module")
def matrix(app_of_run: Flask, held: Connection) -> Matrix:
    with app_of_run.app_context():
        with transaction():
            found = make_world.world()
        db.session.remove()
    return Matrix(app_of_run, found)


@pytest.fixture(scope="module")
def calls(app_of_run: Flask, held: Connection, matrix: Matrix) -> list[Call]:
    """Every call, with the fields that the forms were seen to read."""
    with held_open.heard_fields() as fields, held_open.taken_back(held):
        keys, client = (
            enter(app_of_run, matrix, "coordinator"),
            app_of_run.test_client(use_cookies=False),
        )
        for call in matrix.calls({}):
            if call.method == "POST" and not call.rule.rule.startswith("/api/"):
                with held_open.taken_back(held):
                    matrix.send(client, call, "o", keys)
    return list(matrix.calls(fields))


def enter(app: Flask, matrix: Matrix, role: str) -> Keys:
    """Cookie and token of who has this role; the cookie stays, whatever a page answers."""
    browser = app.test_client()
    bearer: dict[str, str] = {}
    if role != "visitor":
        with app.app_context(), transaction():
            bearer = token_with(matrix.world.act_as(role), *SCOPES)
        # Without a reason an auditor opens nobody's pages.
        (audit if role == "auditor" else sign_in)(browser, matrix.world.logins[role])
    form = hidden(browser, "/events" if bearer else "/sign-in")
    return Keys(cookie_of(app, browser), form, bearer)


def cookie_of(app: Flask, browser: FlaskClient) -> str:
    name = app.config["SESSION_COOKIE_NAME"]
    found = browser.get_cookie(name)
    assert found
    return f"{name}={found.value}"


@pytest.fixture
def client(app_of_run: Flask) -> FlaskClient:
    """Whoever sends exactly the cookie that is said."""
    return app_of_run.test_client(use_cookies=False)


def token_with(account: Account, *scopes: str) -> dict[str, str]:
    """Headers with a token of these scopes, whatever role the account had when it was made."""
    headers = token_for(account, "read")
    newest = select(Token).where(Token.account_id == account.id).order_by(Token.id.desc())
    db.session.scalars(newest.limit(1)).one().scopes = list(scopes)
    return headers | {"If-Match": '"1"', "Idempotency-Key": "one of the matrix"}


@pytest.fixture
def in_full(request: pytest.FixtureRequest) -> bool:
    """Whether every role asks every route.

    What a role may is decided in Python from its grants; a database has a part in it by the
    statements that find the thing and its place, which are the same for all roles of a route. So
    PostgreSQL is shown each route by the role whose answers differ most from thing to thing, with
    all letters, and SQLite the whole table. Where each route is asked in several ways (a right
    that ended, a scope, a role that is refused), the ways share the routes out on PostgreSQL.
    """
    return request.config.getoption("--database") == "sqlite"


def shared_out(calls: list[Call], role: str) -> list[Call]:
    """The calls of which this role's answers tell most."""
    table = rights_table.read_table()
    return [call for call in calls if most_telling(table[str(call)]) == role]


def most_telling(answers: Mapping[str, str]) -> str:
    """The role that is answered in the most ways, of them the first that gets the furthest."""
    return max(
        ROLES,
        key=lambda role: (len(set(answers[role])), *(letter in answers[role] for letter in "+~x.")),
    )


def in_turn(calls: list[Call], way: str, ways: Iterable[str], *, in_full: bool) -> list[Call]:
    """Every call, or those whose turn this way is, whatever routes are added."""
    known = list(ways)
    turn = known.index(way)
    return [c for c in calls if in_full or crc32(str(c).encode()) % len(known) == turn]


@pytest.mark.parametrize("role", ROLES)
def test_who_may(
    app_of_run: Flask,
    held: Connection,
    matrix: Matrix,
    calls: list[Call],
    client: FlaskClient,
    role: str,
    in_full: bool,
    request: pytest.FixtureRequest,
) -> None:
    words, leaks, faults = {}, [], []
    asked_now = calls if in_full else shared_out(calls, role)
    with held_open.taken_back(held):
        keys = enter(app_of_run, matrix, role)
        for call in asked_now:
            word = ""
            for letter in call.whose:
                with held_open.taken_back(held):
                    said = matrix.send(client, call, letter, keys)
                word += rights_matrix.letter_of(said.answer)
                leaks += [
                    f"{call} of {letter} tells {kind} of {place}"
                    for kind, place in said.read(matrix.world)
                    if not rights_matrix.may_read(role, call, kind, place)
                ]
                faults += [f"{call} of {letter} {fault}" for fault in said.faults()]
            words[str(call)] = word
    if in_full:
        if request.config.getoption("--write-rights"):
            rights_table.write_column(role, words)
        assert not differing(role, words)
    else:
        table = rights_table.read_table()
        assert words == {name: table[name][role] for name in words}
    assert not leaks, "\n".join(leaks)
    assert not faults, "\n".join(faults)


def differing(role: str, words: dict[str, str]) -> dict[str, str]:
    """Where the answers are not the table's: a new route has no line yet."""
    table = rights_table.read_table()
    return {
        name: f"{table.get(name, {}).get(role, 'no line')} -> {words.get(name, 'gone')}"
        for name in table.keys() | words.keys()
        if table.get(name, {}).get(role, "-") != words.get(name, "-")
    }


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_opens_what_its_scope_says(
    app_of_run: Flask,
    held: Connection,
    matrix: Matrix,
    calls: list[Call],
    client: FlaskClient,
    scope: str,
    in_full: bool,
    request: pytest.FixtureRequest,
) -> None:
    words = {}
    with held_open.taken_back(held):
        with app_of_run.app_context(), transaction():
            bearer = token_with(matrix.world.act_as("coordinator"), scope)
        for call in in_turn(asked(calls), scope, SCOPES, in_full=in_full):
            if call.rule.rule.startswith("/api/"):
                with held_open.taken_back(held):
                    answer = matrix.send(client, call, "o", Keys("", {}, bearer)).answer
                body = answer.get_json(silent=True) or {}
                missing = answer.status_code == 403 and body.get("code") == "scope_missing"
                words[str(call)] = "-" if missing else "+"
    if request.config.getoption("--write-rights"):
        rights_table.write_column(f"scope:{scope}", words)
    if in_full:
        assert not differing(f"scope:{scope}", words)
    else:
        table = rights_table.read_table()
        assert words == {name: table[name][f"scope:{scope}"] for name in words}


def asked(calls: list[Call]) -> list[Call]:
    """Each route and method once."""
    return [call for call in calls if not call.field]


#: Whoever does this is sent to sign in again.
ENDS = {"/me/sign-out-everywhere", "/sign-out"}
#: What is no longer valid: the statement that ends it, of the account ``:a``.
ENDED = {
    "disabled": "UPDATE accounts SET disabled_at = :now WHERE id = :a",
    "revoked": "UPDATE tokens SET revoked_at = :now WHERE account_id = :a",
    "expired": "UPDATE tokens SET expires_at = :now WHERE account_id = :a",
    "new password": "UPDATE accounts SET epoch = epoch + 1 WHERE id = :a",
    "signed out": "UPDATE sessions SET ended_at = :now WHERE account_id = :a",
}
#: Its address is a proof of the account itself, which what ends all sessions ends too.
OWN_PROOF = "/calendar/<secret>.ics"
ENDS_PROOFS = ("disabled", "new password")


@pytest.mark.parametrize("way", ENDED)
def test_what_is_no_longer_valid_is_a_visitor_s(
    app_of_run: Flask,
    held: Connection,
    matrix: Matrix,
    calls: list[Call],
    client: FlaskClient,
    way: str,
    in_full: bool,
) -> None:
    table = rights_table.read_table()
    let_in = []
    with held_open.taken_back(held):
        keys = enter(app_of_run, matrix, "coordinator")
        by_token = way != "signed out"
        by_cookie = way in ("disabled", "new password", "signed out")
        account = matrix.world.things("o").account_id
        held.execute(text(ENDED[way]), {"a": account, "now": NOW.strftime("%Y-%m-%d %H:%M:%S.%f")})
        for call in in_turn(asked(calls), way, ENDED, in_full=in_full):
            api = call.rule.rule.startswith("/api/")
            if not (by_token if api else by_cookie):
                continue
            with held_open.taken_back(held):
                answer = matrix.send(client, call, "o", keys).answer
            is_over = call.rule.rule == OWN_PROOF and way in ENDS_PROOFS
            expected = "." if is_over else table[str(call)]["visitor"][0]
            if rights_matrix.letter_of(answer) != expected:
                let_in.append(str(call))
    assert not let_in


#: Who is refused most.
REFUSED = ("visitor", "volunteer", "desk", "leader")


@pytest.mark.parametrize("role", REFUSED)
def test_who_is_refused_changes_nothing(
    app_of_run: Flask,
    held: Connection,
    matrix: Matrix,
    calls: list[Call],
    client: FlaskClient,
    role: str,
    in_full: bool,
) -> None:
    changed = []
    with held_open.taken_back(held):
        keys = enter(app_of_run, matrix, role)
        before = held_open.contents(held)
        for call in in_turn(asked(calls), role, REFUSED, in_full=in_full):
            if call.method == "GET":
                continue
            with held_open.taken_back(held), held_open.heard_writes(held) as written:
                answer = matrix.send(client, call, call.whose[len(call.whose) // 2], keys).answer
                is_refused = rights_matrix.letter_of(answer) in ".x?" and call.rule.rule not in ENDS
                if is_refused and written and held_open.contents(held) != before:
                    changed.append(str(call))
    assert not changed


#: Who took a list along is kept in the journal, and nothing else is written.
_TAKEN_ALONG = (
    *("/lists/<list_name>.xlsx", "/lists/<list_name>.csv"),
    *("/people.xlsx", "/records.xlsx", "/points/entries.xlsx"),
)


def test_reading_changes_nothing(
    app_of_run: Flask, held: Connection, matrix: Matrix, calls: list[Call], client: FlaskClient
) -> None:
    differing_heads, writing = [], []
    with held_open.taken_back(held):
        keys = enter(app_of_run, matrix, "coordinator")
        with held_open.heard_writes(held) as written:
            for call in asked(calls):
                if call.method == "GET":
                    before = len(written)
                    got = matrix.send(client, call, "o", keys).answer
                    head = matrix.send(client, replace(call, method="HEAD"), "o", keys).answer
                    if head.status_code != got.status_code or head.data:
                        differing_heads.append(str(call))
                    if call.rule.rule in _TAKEN_ALONG:
                        kept = written[before:]
                        assert all(said.startswith("INSERT INTO journal ") for said in kept)
                        del written[before:]
                    if written[before:]:
                        writing.append(str(call))
    assert not writing
    assert not differing_heads


def test_other_methods_are_refused(
    app_of_run: Flask, matrix: Matrix, calls: list[Call], client: FlaskClient
) -> None:
    addresses = app_of_run.url_map.bind("localhost")
    for path in {matrix.address(call, "o") for call in asked(calls)}:
        known = set(addresses.allowed_methods(path))
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - known:
            over = {"X-HTTP-Method-Override": min(known - {"HEAD", "OPTIONS"})}
            answer = client.open(path, method=method, headers=over, buffered=True)
            assert answer.status_code == 405, (method, path)
        answer = client.options(path)
        assert set(answer.headers["Allow"].split(", ")) == known, path
        assert not answer.data


def test_the_api_takes_no_cookie(
    app_of_run: Flask, held: Connection, matrix: Matrix, calls: list[Call], client: FlaskClient
) -> None:
    table = rights_table.read_table()
    with held_open.taken_back(held):
        keys = replace(enter(app_of_run, matrix, "coordinator"), bearer={})
        for call in asked(calls):
            if call.rule.rule.startswith("/api/"):
                with held_open.taken_back(held):
                    answer = matrix.send(client, call, "o", keys).answer
                assert rights_matrix.letter_of(answer) == table[str(call)]["visitor"][0], call
                assert answer.status_code < 400 or answer.mimetype == "application/problem+json"


#: Mail programs press it themselves (RFC 8058): the signed address is all the proof, and this one
#: is of nobody.
_SIGNED_ALONE = ("/mail/leave/<token>",)


@pytest.mark.parametrize("sent", [{}, {"csrf_token": "guessed"}])
def test_every_form_needs_its_token(
    app_of_run: Flask,
    held: Connection,
    matrix: Matrix,
    calls: list[Call],
    client: FlaskClient,
    sent: dict[str, str],
) -> None:
    with held_open.taken_back(held):
        keys = replace(enter(app_of_run, matrix, "coordinator"), form=sent)
        for call in asked(calls):
            if call.method != "GET" and not call.rule.rule.startswith("/api/"):
                with held_open.taken_back(held):
                    answer = matrix.send(client, call, "o", keys).answer
                wanted = 404 if call.rule.rule in _SIGNED_ALONE else 400
                assert answer.status_code == wanted, call
