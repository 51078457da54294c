"""Prepared statements send, read and fail as SQLAlchemy itself does."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, event, func, insert, literal, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from tests import make
from volunteer_service.attendance.models import Scan
from volunteer_service.db import INSERTS, db
from volunteer_service.db.prepared_statements import Prepared
from volunteer_service.events.models import Event
from volunteer_service.people.models import Account
from volunteer_service.policies import PolicyVersion

NOON = datetime(2026, 5, 16, 12, 0, tzinfo=timezone(timedelta(hours=8)))


def event_() -> Event:
    cast = make.cast()
    return make.event(team=cast.team, leader=cast.li_mei)


def scan_of(event_id: int, scan_id: str = "one") -> dict[str, object]:
    return {
        "scan_id": scan_id,
        "event_id": event_id,
        "volunteer_id": None,
        "kind": "in",
        "source": "poster",
        "scanned_at": NOON,
        "received_at": NOON,
        "account_id": None,
        "outcome": "refused",
        "reason": "event_over",
        "numbers": {"opens": "5/16 08:30"},
    }


KEEP = Prepared(
    {
        name: insert(Scan).on_conflict_do_nothing(index_elements=["scan_id"]).returning(Scan.id)
        for name, insert in INSERTS.items()
    }
)


def test_what_it_writes_is_what_the_session_reads(session):
    id_ = event_().id
    assert KEEP.happens(scan_of(id_))
    kept = db.session.scalars(select(Scan)).one()
    assert (kept.scanned_at, kept.numbers) == (NOON, {"opens": "5/16 08:30"})
    assert not KEEP.happens(scan_of(id_)), "the same id inserts nothing"


def test_what_it_reads_is_what_sqlalchemy_reads(session):
    id_ = event_().id
    columns = (Event.title, Event.starts_at, literal(True), PolicyVersion.numbers)
    asked = select(*columns).join(PolicyVersion, PolicyVersion.version == literal(1))
    asked = asked.where(Event.id == bindparam("which"))
    expected = db.session.execute(asked, {"which": id_}).all()
    read = Prepared(asked).rows({"which": id_})
    assert read == [tuple(row) for row in expected]
    assert read[0][1].tzinfo is UTC
    assert read[0][2] is True
    assert "star_minutes" in str(read[0][3])
    assert Prepared(asked).rows({"which": id_ + 1}) == []


def test_what_the_session_has_not_written_yet_is_seen(session):
    account = Account(login="new", name="新", password_hash="-", created_at=NOON)
    db.session.add(account)
    found = Prepared(select(Account.id).where(Account.login == bindparam("login")))
    assert found.rows({"login": "new"}) == [(account.id,)]


def test_each_set_of_values_has_its_own_wording(session):
    id_ = event_().id
    edit = Prepared(
        update(Event).where(Event.id == bindparam("which")).returning(Event.title, Event.place)
    )
    [(_, place)] = edit.rows({"which": id_, "title": "新名字"})
    assert edit.rows({"which": id_, "title": "又一个", "place": "东门"}) == [("又一个", "东门")]
    assert place != "东门"


def test_a_broken_constraint_is_sqlalchemy_s_error_without_the_values(session):
    keep = Prepared(insert(Scan).returning(Scan.id))
    row = scan_of(event_().id, "a-secret-id")
    keep.rows(row)
    with pytest.raises(IntegrityError) as told:
        keep.rows(row)
    assert "a-secret-id" not in str(told.value.params)
    assert told.value.statement is not None
    assert "INSERT INTO scans" in told.value.statement


def test_a_naive_instant_is_refused_as_everywhere(session):
    with pytest.raises(ValueError, match="time zone"):
        KEEP.rows(scan_of(event_().id) | {"scanned_at": NOON.replace(tzinfo=None)})


def test_a_statement_that_would_make_values_itself_is_refused(session):
    row = scan_of(1)
    row.pop("numbers")
    with pytest.raises(ValueError, match="give every column"):
        KEEP.rows(row)


def test_a_listener_hears_it(session):
    heard: list[str] = []

    def hear(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        heard.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        Prepared(select(literal(1))).rows({})
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    assert len(heard) == 1
    assert heard[0].startswith("SELECT")


def test_a_lost_connection_is_not_used_again(session):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite's connection is a file")
    me = db.session.connection()
    with pytest.raises(OperationalError):
        Prepared(select(func.pg_terminate_backend(func.pg_backend_pid()))).rows({})
    assert me.invalidated
    db.session.rollback()


def test_nonsense_is_sqlalchemy_s_error_too(session):
    with pytest.raises(DatabaseError):
        Prepared(select(func.no_such_function())).rows({})
