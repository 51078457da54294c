"""Migrations equal the models, and go up, down and up again with rows in the tables."""

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, inspect, select, text, update

from tests import make, make_changes, make_days, make_ratings
from volunteer_service import policies
from volunteer_service.areas.models import Area
from volunteer_service.attendance import complaints
from volunteer_service.attendance.models import Complaint
from volunteer_service.db import db, schema, transaction
from volunteer_service.events import rescheduling
from volunteer_service.events.models import Attendance, Event, EventChange, Shift, SignUp
from volunteer_service.people.authentication import account_people
from volunteer_service.people.authentication.watcher_requests import WatcherRequest
from volunteer_service.people.authorization import namesakes
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Account, Message, SearchKey, SignInTry, Volunteer
from volunteer_service.people.search import person_search
from volunteer_service.scoring.ratings import frozen_facts
from volunteer_service.scoring.ratings.models import Round
from volunteer_service.teams.models import Team

VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    """An app context without a transaction."""
    with app.app_context():
        yield


def test_migrations_equal_models(inside: None) -> None:
    assert schema.differences(db.engine) == []


def test_a_table_that_no_migration_made_is_a_difference(inside: None) -> None:
    with transaction():
        db.session.execute(db.text("CREATE TABLE stranger (id INTEGER PRIMARY KEY)"))
    assert any("stranger" in difference for difference in schema.differences(db.engine))


def test_down_to_the_tables_and_up_again_keeps_what_is_in_them(inside: None) -> None:
    with transaction():
        make.cast()
    schema.downgrade(db.engine, "0001")
    schema.upgrade(db.engine)
    assert schema.current(db.engine) == schema.head()
    with transaction(write=False):
        people = set(db.session.scalars(select(Volunteer.name)))
        assert people == {"王建国", "赵芳", "李梅"}
        assert len(db.session.scalars(select(Area)).all()) == 3


def test_down_to_nothing_and_up_again(inside: None) -> None:
    with transaction():
        make.cast()
    schema.downgrade(db.engine, "base")
    assert schema.current(db.engine) is None
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    schema.upgrade(db.engine)
    assert schema.differences(db.engine) == []


def test_what_was_there_before_formats_is_of_the_first(
    inside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = {"facts_format": 1, "rules_version": 1}
    monkeypatch.setattr(frozen_facts, "newest", lambda: first)
    with transaction():
        cast = make.cast()
        make_ratings.record(cast.wang, cast.team)
        frozen = make_ratings.round_at("frozen", cast).id
        opened = make_ratings.round_at("open", cast, half_year="2026H2").id
    schema.downgrade(db.engine, "0003")
    schema.upgrade(db.engine)
    with transaction(write=False):
        found = {row.id: (row.facts_format, row.rules_version) for row in db.session.query(Round)}
        assert found == {frozen: (1, 1), opened: (None, None)}


def test_frozen_facts_that_name_their_records_do_not_go_down(inside: None) -> None:
    with transaction():
        cast = make.cast()
        make_ratings.record(cast.wang, cast.team)
        make_ratings.round_at("frozen", cast)
    with pytest.raises(ValueError, match="facts_format holds a format that no older"):
        schema.downgrade(db.engine, "0105")
    assert schema.current(db.engine) == schema.head()


def test_what_an_older_program_cannot_read_does_not_go_down(inside: None) -> None:
    with transaction():
        policies.add_version({}, reason="x", account_id=None, at=make.MORNING)
    with pytest.raises(ValueError, match="policy version 2 is in a format that no older"):
        schema.downgrade(db.engine, "0003")
    assert schema.current(db.engine) == schema.head()
    assert schema.differences(db.engine) == []


def test_an_unknown_revision_is_told_from_an_old_one() -> None:
    assert schema.knows("0001")
    assert not schema.knows("9999")


def test_locks_become_counts_and_who_had_a_phone_first_keeps_it(inside: None) -> None:
    with transaction():
        cast = make.cast()
        make.volunteer("赵母", phone=cast.zhao.phone)
        wang, zhao = cast.wang_account.id, cast.zhao_account.id
    schema.downgrade(db.engine, "0006")
    until = "2026-05-16 01:15:00+00:00"
    with transaction():
        db.session.execute(
            db.text("UPDATE accounts SET locked_until = :until WHERE id = :id"),
            {"until": until, "id": wang},
        )
        db.session.execute(
            db.text("UPDATE accounts SET failed_sign_ins = 3 WHERE id = :id"), {"id": zhao}
        )
    schema.upgrade(db.engine)
    assert schema.differences(db.engine) == []
    with transaction(write=False):
        counts = {row.key: row.failures for row in db.session.scalars(select(SignInTry))}
        assert counts == {f"account:{wang}": 5, f"account:{zhao}": 3}
        confirmed = select(Volunteer.name).where(Volunteer.phone_confirmed_at.is_not(None))
        assert set(db.session.scalars(confirmed)) == {"王建国", "赵芳", "李梅"}
    schema.downgrade(db.engine, "0006")
    with transaction(write=False):
        kept = db.session.execute(
            db.text("SELECT failed_sign_ins FROM accounts WHERE id = :id"), {"id": zhao}
        )
        assert kept.scalar_one() == 3


def test_old_complaints_learn_who_wrote_them_and_open_ones_are_told(inside: None) -> None:
    with transaction():
        cast = make.cast()
        nobody = make.volunteer("陈桂英", team=cast.team)
        by = make.acting(cast.coordinator)
        rows = [
            complaints.complain(
                of, happened_on=date(2026, 5, 1), words="迟到", by=by, at=make.MORNING
            ).id
            for of in (cast.wang.id, nobody.id, cast.zhao.id)
        ]
        db.session.get_one(Complaint, rows[2]).state = "upheld"
        people = {cast.wang.id, nobody.id}
        writer = cast.coordinator.id
    schema.downgrade(db.engine, "0008")
    with transaction():
        db.session.execute(db.text("DELETE FROM messages"))
        columns = {
            column["name"] for column in inspect(db.session.connection()).get_columns("complaints")
        }
        assert "reply" not in columns
    schema.upgrade(db.engine)
    with transaction(write=False):
        wang, chen, zhao = (db.session.get_one(Complaint, id_) for id_ in rows)
        assert [each.written_by_id for each in (wang, chen, zhao)] == [writer] * 3
        assert wang.told_at is not None
        assert wang.reply_until is not None
        assert (chen.told_at, chen.reply_until, zhao.told_at) == (None, None, None)
        said = db.session.scalars(select(Message)).all()
        assert {row.volunteer_id for row in said} == people
        assert {row.kind for row in said} == {"complaint_raised"}
        assert said[0].facts["until"] == wang.reply_until.isoformat()
    schema.downgrade(db.engine, "0008")
    schema.upgrade(db.engine)
    with transaction(write=False):
        assert db.session.scalar(select(func.count(Message.id))) == 2


def test_people_of_before_are_found_and_stand_by_pinyin(inside: None) -> None:
    with transaction():
        cast = make.cast()
        tail = (cast.zhao.phone or "")[-4:]
    schema.downgrade(db.engine, "0012")
    schema.upgrade(db.engine)
    with transaction(write=False):
        found = select(Volunteer.name).where(*person_search.by_text(f"zhaof {tail}"))
        assert list(db.session.scalars(found)) == ["赵芳"]
        by_pinyin = select(Volunteer.name).order_by(Volunteer.name_order)
        assert list(db.session.scalars(by_pinyin)) == ["李梅", "王建国", "赵芳"]


def test_names_of_before_in_several_words_are_found_by_each(inside: None) -> None:
    names = ("买买提·吐尔逊", "Aygül Tursun", "吕乐 X", "阿依古丽", "解力·O'Neil")
    with transaction():
        ids = {name: make.volunteer(name).id for name in names}
        written = set(db.session.execute(select(SearchKey.volunteer_id, SearchKey.key)))
        first = SearchKey.key.in_(["买买提", "maimaiti", "aygul", "吕乐", "lvle", "xieli", "解力"])
        db.session.execute(delete(SearchKey).where(first))
    schema.downgrade(db.engine, "0071")
    schema.upgrade(db.engine)
    with transaction(write=False):
        kept = set(db.session.execute(select(SearchKey.volunteer_id, SearchKey.key)))
        assert written <= kept
        for typed, name in {"maimaiti": "买买提·吐尔逊", "aygul": "Aygül Tursun"}.items():
            found = select(Volunteer.id).where(*person_search.by_text(typed, is_whole=True))
            assert list(db.session.scalars(found)) == [ids[name]]


def test_places_and_teams_of_before_stand_by_pinyin_and_number(inside: None) -> None:
    names = ["吾悦社区", "第10网格", "第二网格", "安康社区", "解放路社区", "重庆路社区"]
    with transaction():
        cast = make.cast()
        for name in names:
            db.session.add(Area(kind="building", name=name, parent_id=cast.town.id, path=name))
        written = list(db.session.scalars(select(Area.name_order).order_by(Area.id)))
    schema.downgrade(db.engine, "0075")
    schema.upgrade(db.engine)
    with transaction(write=False):
        assert list(db.session.scalars(select(Area.name_order).order_by(Area.id))) == written
        ordered = select(Area.name).where(Area.name.in_(names)).order_by(Area.name_order)
        by_name = ["安康社区", "重庆路社区", "第二网格", "第10网格", "解放路社区", "吾悦社区"]
        assert list(db.session.scalars(ordered)) == by_name
        teams = db.session.scalars(select(Team.name_order)).all()
        assert teams
        assert all(teams)


def test_messages_of_people_stay_theirs_and_those_of_accounts_go_to_who_is_behind(
    inside: None,
) -> None:
    with transaction():
        cast = make.cast()
        wang, coordinator, second = cast.wang.id, cast.coordinator.id, cast.second.id
        messages.tell(wang, "reinstated", at=make.MORNING)
    schema.downgrade(db.engine, "0014")
    schema.upgrade(db.engine)
    with transaction():
        row = db.session.scalars(select(Message)).one()
        assert (row.volunteer_id, row.account_id, row.kind) == (wang, None, "reinstated")
        for account_id in (coordinator, second):
            messages.tell_account(account_id, "phone_confirmed", at=make.MORNING)
        person = make.volunteer("周静").id
        db.session.get_one(Account, coordinator).volunteer_id = person
    schema.downgrade(db.engine, "0014")
    with transaction(write=False):
        kept = db.session.execute(db.text("SELECT volunteer_id, kind FROM messages ORDER BY id"))
        assert [tuple(row) for row in kept] == [(wang, "reinstated"), (person, "phone_confirmed")]
    schema.upgrade(db.engine)
    assert schema.differences(db.engine) == []


def test_requests_of_the_new_acts_go_with_their_rule(inside: None) -> None:
    with transaction():
        cast = make.cast()
        for act in ("disable", "enable", "grant"):
            row = WatcherRequest(
                account_id=cast.auditor.id,
                act=act,
                reason="核查",
                asked_at=make.MORNING,
                asked_by_id=cast.admin.id,
            )
            db.session.add(row)
    schema.downgrade(db.engine, "0030")
    schema.upgrade(db.engine)
    assert schema.differences(db.engine) == []
    with transaction(write=False):
        assert list(db.session.scalars(select(WatcherRequest.act))) == ["disable"]


def test_accounts_of_before_stay_as_they_are_and_wait_to_be_settled(inside: None) -> None:
    with transaction():
        cast = make.cast()
        wang = (cast.wang_account.id, cast.wang.id)
        account_people.say_nobody(cast.second.id, by=make.acting(cast.admin), at=make.MORNING)
    schema.downgrade(db.engine, "0020")
    schema.upgrade(db.engine)
    assert schema.differences(db.engine) == []
    with transaction(write=False):
        assert db.session.get_one(Account, wang[0]).volunteer_id == wang[1]
        waiting = select(Account.login).where(namesakes.is_unsettled()).order_by(Account.login)
        logins = list(db.session.scalars(waiting))
    assert {"admin", "zhoujing"} < set(logins)
    assert "wang" not in logins


def test_pairs_of_a_place_become_one_and_half_closed_events_are_closed(inside: None) -> None:
    with transaction():
        day = make_days.day("A D")
        for act in ("in 09:00", "out 09:40", "in 10:00", "out 11:00", "close 11:05"):
            assert day.act(act) is None
        event_id, shift_id = day.event.id, day.shifts["A"].id
        assert db.session.scalar(select(func.count(Attendance.id))) == 2
    schema.downgrade(db.engine, "0034")
    schema.upgrade(db.engine)
    assert schema.differences(db.engine) == []
    with transaction(write=False):
        kept = db.session.scalars(select(Attendance)).one()
        first, last = make_days.instant("09:00"), make_days.instant("11:00")
        assert (kept.checked_in_at, kept.checked_out_at) == (first, last)
        # What the older program took for closed stays closed.
        assert db.session.get_one(Event, event_id).state == "closed"
        assert db.session.get_one(Shift, shift_id).closed_at is not None


#: What a migration may import of the package: the vault opens what is sealed, in a numbered format.
FROZEN = {"volunteer_service", "volunteer_service.crypto"}


def test_no_migration_imports_code_that_changes() -> None:
    """A way up does for ever what it did when it was written."""
    found = {
        (path.name, name)
        for path in sorted(VERSIONS.glob("*.py"))
        for name in _imported(path)
        if name.partition(".")[0] == "volunteer_service" and name not in FROZEN
    }
    assert len(list(VERSIONS.glob("*.py"))) > 20
    assert found == set()


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            # «from volunteer_service import crypto» names the module crypto.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_migrations_are_read_without_a_database() -> None:
    """A server reads them all to know the newest: in functions only is there an ``op``."""
    early = [
        (path.name, part.lineno)
        for path in sorted(VERSIONS.glob("*.py"))
        for statement in ast.parse(path.read_text()).body
        if not isinstance(statement, ast.FunctionDef)
        for part in ast.walk(statement)
        if isinstance(part, ast.Name) and part.id == "op"
    ]
    assert early == []


def test_a_removed_shift_goes_down_with_its_sign_ups_and_the_others_stay(inside: None) -> None:
    with transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei, published_at=make.MORNING)
        kept = make.sign_up(event, cast.zhao).id
        shift = make_changes.second_shift(cast, event)
        make.sign_up(event, cast.wang, shift=shift)
        rescheduling.remove_shift(
            shift.id, reason="雨", by=make.acting(cast.li_mei), at=make_changes.BEFORE
        )
        # As the program of then kept it.
        db.session.execute(update(EventChange).values(format=1))
    schema.downgrade(db.engine, "0035")
    schema.upgrade(db.engine)
    with transaction(write=False):
        assert list(db.session.scalars(select(SignUp.id))) == [kept]
        assert db.session.scalar(select(func.count()).select_from(Shift)) == 1


def test_a_change_kept_with_breaks_goes_down_without_them(inside: None) -> None:
    with transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei, published_at=make.MORNING)
        make_changes.edited(cast, event, capacity=9)
    schema.downgrade(db.engine, "0038")
    with db.engine.connect() as connection:
        kept = connection.execute(text("SELECT format, before, after FROM event_changes")).one()
    assert kept.format == 1
    assert "capacity" in str(kept.after)
    assert "breaks" not in f"{kept.before} {kept.after}"
    schema.upgrade(db.engine)
    assert schema.differences(db.engine) == []
