"""The statements of the product's check-in, for the peers to run the same.

The claims record the product's own statements in the same run (:func:`spoken`) and end if they
differ from these (:func:`must_agree`), so that this list cannot become outdated unnoticed.
"""

import fcntl
import os
import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import event

from volunteer_service.crypto import token_hash
from volunteer_service.db import db
from volunteer_service.db.engine import _PRAGMAS

STANDING = """
SELECT events.id, events.title, events.place, events.state, events.accepted_codes, volunteers.state,
  EXISTS (SELECT scans.id FROM scans WHERE scans.scan_id = :scan),
  EXISTS (SELECT sessions.id FROM sessions JOIN accounts ON accounts.id = sessions.account_id
    WHERE sessions.key_hash = :session AND accounts.volunteer_id = volunteers.id
      AND sessions.ended_at IS NULL AND sessions.epoch = accounts.epoch
      AND accounts.disabled_at IS NULL),
  (SELECT policies.hash FROM policies JOIN policy_terms ON policy_terms.version = policies.version
    WHERE policy_terms.area_id IS NULL AND policy_terms.state = 'active' AND policy_terms.has_begun
    ORDER BY policies.version DESC LIMIT 1),
  shifts.id AS shift_id, shifts.starts_at AS starts_at, shifts.ends_at AS ends_at,
  shifts.closed_at, shifts.open_until, shifts.breaks,
  sign_ups.id AS sign_up_id, sign_ups.state, posts.serves,
  attendances.id, attendances.grade, attendances.checked_in_at, attendances.checked_out_at
FROM events JOIN shifts ON shifts.event_id = events.id AND shifts.removed_at IS NULL
  JOIN posts ON posts.id = shifts.post_id
  JOIN volunteers ON volunteers.id = :volunteer
  LEFT OUTER JOIN sign_ups ON sign_ups.shift_id = shifts.id AND sign_ups.volunteer_id = :volunteer
  LEFT OUTER JOIN attendances ON attendances.sign_up_id = sign_ups.id
WHERE events.code = :code AND events.state != 'draft'
ORDER BY shifts.starts_at, shifts.id, attendances.checked_in_at, attendances.id"""

SCAN = """
INSERT INTO scans (scan_id, event_id, volunteer_id, kind, source, scanned_at, received_at,
  account_id, outcome, numbers)
VALUES (:scan, :event, :volunteer, 'in', 'poster', :now, :now, :account, 'accepted', '{}')
ON CONFLICT (scan_id) DO NOTHING RETURNING id"""

# PostgreSQL must be told the types of a bare SELECT; SQLite would not know them.
ENTER = """
INSERT INTO attendances
  (event_id, shift_id, sign_up_id, volunteer_id, checked_in_at, checked_out_at, grade)
SELECT events.id, {shift}, {sign_up}, {volunteer}, {now}, {nothing}, 'scanned'
FROM events JOIN shifts ON shifts.event_id = events.id
  JOIN sign_ups ON sign_ups.shift_id = shifts.id
WHERE events.id = :event AND events.state = 'published' AND shifts.closed_at IS NULL
  AND shifts.starts_at = :starts_at AND shifts.ends_at = :ends_at
  AND sign_ups.id = :sign_up AND sign_ups.state = 'confirmed'
ON CONFLICT DO NOTHING RETURNING id"""
_TYPES = {"shift": "bigint", "sign_up": "bigint", "volunteer": "bigint"}
_TYPES |= {"now": "timestamptz", "nothing": "timestamptz"}

_NAME = re.compile(r"(?<!:):([a-z_]+)")

#: The forms of the same statement, and the one form to compare.
_WORDING = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        # SQLite has no booleans, so SQLAlchemy compares.
        (r"has_begun = 1", "has_begun"),
        (r"::\w+( WITH TIME ZONE)?| AS \w+", ""),
        (r"'[^']*'|%\(\w+\)s|:\w+|\{\w+\}|\b\d+\b", "?"),
        (r"\s+OFFSET \?", ""),
        (r"\b\w+\.(?=\w)", ""),
    )
)


#: The key of a volunteer's session is this and the id.
KEY = "bench-session-"


def session_of(id_: int) -> str:
    """Return the hash of the volunteer's session, as the database keeps it."""
    return token_hash(f"{KEY}{id_}")


class Postgres:
    """One connection of a bare program to PostgreSQL."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url)

    def check_in(self, values: Mapping[str, Any]) -> None:
        """The whole check-in in one transaction."""
        with self._connection.transaction():
            _check_in(lambda sql, more: self._connection.execute(_POSTGRES[sql], more), values)


class Sqlite:
    """One connection of a bare program to SQLite, with the product's pragmas and turnstile."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._turnstile = os.open(f"{path}.turnstile", os.O_RDWR | os.O_CREAT, 0o600)
        for pragma in _PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")

    def check_in(self, values: Mapping[str, Any]) -> None:
        """The whole check-in in one transaction."""
        now = values["now"].replace(tzinfo=None).isoformat(" ")
        fcntl.flock(self._turnstile, fcntl.LOCK_EX)
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            _check_in(
                lambda sql, more: self._connection.execute(_SQLITE[sql], more),
                {**values, "now": now},
            )
            self._connection.execute("COMMIT")
        finally:
            fcntl.flock(self._turnstile, fcntl.LOCK_UN)


def connect(where: str) -> Postgres | Sqlite:
    """Return a bare program's connection."""
    return Postgres(where) if where.startswith("postgresql") else Sqlite(where)


def pgbench_script(first: int, clients: int) -> str:
    """Return the same transaction for pgbench; client c's n-th check-in is of a volunteer of its
    own.
    """
    scan = "'s' || :volunteer"
    session = f"encode(sha256(('{KEY}' || :volunteer)::bytea), 'hex')"
    known = {"scan": scan, "session": session, "code": "'BENCH001'", "now": "now()"}
    values = (
        known
        | {"account": ":volunteer"}
        | {name: f":p_{name}" for name in ("event", "shift", "sign_up", "starts_at", "ends_at")}
        | {"nothing": "NULL"}
    )
    standing = STANDING.replace("events.id,", "events.id AS event,", 1)
    standing = standing.replace("AS shift_id", "AS shift").replace("AS sign_up_id", "AS sign_up")
    return "\n".join(
        (
            f"\\set volunteer {first} + :n * {clients} + :client_id",
            "\\set n :n + 1",
            "BEGIN;",
            f"{_filled(standing, values)} \\gset p_",
            f"{_filled(SCAN, values)};",
            f"{_filled(_typed(ENTER), values)};",
            "COMMIT;",
        )
    )


def spoken(app: Flask, path: str, cookie: str, form: str) -> list[str]:
    """Return every statement that the product itself runs for one check-in, BEGIN and
    COMMIT aside.
    """
    heard: list[str] = []

    def hear(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            heard.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", hear)
        answer = app.test_client(use_cookies=False).post(
            path,
            headers={"Cookie": cookie},
            data=form,
            content_type="application/x-www-form-urlencoded",
        )
        event.remove(db.engine, "before_cursor_execute", hear)
        db.session.remove()
        db.engine.dispose()
    if answer.status_code not in (200, 303):
        raise SystemExit(f"the check-in was refused: {answer.status} {answer.text[:2000]}")
    return heard


def must_agree(heard: Sequence[str]) -> None:
    """End the claim if the product runs other statements than its peers."""
    said, expected = [_shape(sql) for sql in heard], [_shape(sql) for sql in ALL]
    if said != expected:
        lines = ["The product and its peers say different SQL.", "Product:", *said]
        raise SystemExit("\n".join([*lines, "Peers:", *expected]))


def _shape(sql: str) -> str:
    """Return a statement without the names of its values, its aliases and its casts."""
    for pattern, plain in _WORDING:
        sql = pattern.sub(plain, sql)
    return " ".join(sql.split())


def _check_in(execute: Callable[[str, Mapping[str, Any]], Any], values: Mapping[str, Any]) -> None:
    found = execute(STANDING, values).fetchone()
    names = ("event", "shift", "starts_at", "ends_at", "sign_up")
    read = dict(zip(names, (found[n] for n in (0, 9, 10, 11, 15)), strict=True))
    values = {**values, **read, "nothing": None}
    if execute(SCAN, values).fetchone() is None or execute(ENTER, values).fetchone() is None:
        raise LookupError("not checked in")


def _typed(sql: str) -> str:
    return sql.format(**{name: f":{name}::{type_}" for name, type_ in _TYPES.items()})


def _filled(sql: str, values: Mapping[str, str]) -> str:
    return _NAME.sub(lambda name: values.get(name[1], f":{name[1]}"), sql).replace("\n", " ")


#: The statements of a bare check-in, in order.
ALL = (STANDING, SCAN, ENTER)
_POSTGRES = {sql: _NAME.sub(r"%(\1)s", _typed(sql) if sql is ENTER else sql) for sql in ALL}
_SQLITE = {
    sql: sql.format(**{name: f":{name}" for name in _TYPES}) if sql is ENTER else sql for sql in ALL
}
