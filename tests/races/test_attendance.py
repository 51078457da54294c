"""At the poster and after it: one entry, one exit, one record a presence, one decision a record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import func, select

from tests import make, make_attendance
from tests.make import MORNING, acting
from tests.make_attendance import scanning
from tests.racing import at_once, codes, overlapped, sound, verb
from tests.signing import hidden, sign_in
from volunteer_service import clock
from volunteer_service.attendance import closing
from volunteer_service.attendance.backfills import backfill
from volunteer_service.attendance.check_ins import check_in
from volunteer_service.attendance.check_ins import event_codes as poster
from volunteer_service.attendance.models import Dispute, RecordChange, Scan, ServiceRecord
from volunteer_service.attendance.records import disputes, record_decisions
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Attendance
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.scoring.points import balances
from volunteer_service.scoring.points.models import Transfer

NOON = MORNING + timedelta(hours=3)


@dataclass(frozen=True)
class Morning:
    """An event with 王建国 signed up (or there), and who acts on it."""

    event_id: int
    token: str
    wang: Actor
    wang_id: int
    leader: Actor
    coordinator: Actor


def morning(app: Flask, *, came: bool = False, present: bool = False, **when: Any) -> Morning:
    with app.app_context():
        with transaction():
            cast = make.cast()
            event = make.event(team=cast.team, leader=cast.li_mei, **when)
            make.sign_up(event, cast.wang)
            if came or present:
                make_attendance.came(event, cast.wang, 0, None if present else 120)
            found = Morning(
                event.id,
                poster.token(event),
                scanning(cast.wang),
                cast.wang.id,
                acting(cast.li_mei),
                acting(cast.coordinator),
            )
        db.session.remove()
    return found


def scan(day: Morning, kind: str | None = None, minute: int = 0) -> Callable[[], Any]:
    at = MORNING + timedelta(minutes=minute)
    return lambda: check_in.scan(day.token, scan_id=uuid4().hex, kind=kind, by=day.wang, at=at).kind


def tick(day: Morning, kind: str) -> Callable[[], Any]:
    return lambda: (
        check_in.tick(
            day.event_id,
            volunteer_id=day.wang_id,
            kind=kind,
            scan_id=uuid4().hex,
            by=day.leader,
            at=MORNING,
        ).kind
    )


def close(day: Morning, by: Actor | None = None) -> Callable[[], Any]:
    return lambda: closing.close(day.event_id, by=by or day.leader, at=NOON).records


def rows(app: Flask, query: Any) -> Any:
    with app.app_context(), transaction(write=False):
        return db.session.execute(query).all()


def test_phone_poster_and_leader_at_once_make_one_entry(app: Flask) -> None:
    day = morning(app, starts_at=clock.now() - timedelta(minutes=5))
    phone = app.test_client()
    sign_in(phone, "wang")
    form = {"kind": "in"} | hidden(phone, "/events")

    def tap() -> str:
        answer = phone.post(f"/c/{day.token}", data=form | {"scan_id": uuid4().hex})
        return "in" if answer.status_code == 303 else f"told {answer.status_code}"

    def leader() -> str:
        at = clock.now()
        return check_in.tick(
            day.event_id,
            volunteer_id=day.wang_id,
            kind="in",
            scan_id=uuid4().hex,
            by=day.leader,
            at=at,
        ).kind

    said = at_once([tap, verb(app, leader), verb(app, leader)])
    assert said.count("in") == 1
    assert set(said) <= {"in", "told 422", "told 409", "already_checked_in"}
    assert len(rows(app, select(Attendance.id))) == 1
    outcomes = [row.outcome for row in rows(app, select(Scan.outcome))]
    assert sorted(outcomes) == ["accepted", "refused", "refused"]


def test_a_second_entry_before_the_first_is_committed(app: Flask) -> None:
    day = morning(app)
    assert overlapped(app, scan(day, "in"), scan(day, "in")) == ("in", "already_checked_in")
    assert len(rows(app, select(Attendance.id))) == 1


def test_in_and_out_at_once_leave_one_presence(app: Flask) -> None:
    day = morning(app)
    works = [scan(day, "in"), scan(day, "out", 1), scan(day, "in"), scan(day, "out", 1)]
    said = at_once([verb(app, work) for work in works])
    ((entered, left),) = rows(app, select(Attendance.checked_in_at, Attendance.checked_out_at))
    assert entered == MORNING
    # Out either came before anybody was in, or it is the one exit.
    assert said.count("in") == 1
    assert said.count("out") == (left is not None)
    assert set(codes(said)) <= {
        "in", "out", "not_checked_in", "already_checked_in", "already_checked_out"
    }  # fmt: skip


def test_one_exit_whoever_says_it(app: Flask) -> None:
    day = morning(app, present=True)
    said = at_once([verb(app, work) for work in [scan(day, "out", 90), tick(day, "out")] * 2])
    assert sorted(said) == ["already_checked_out"] * 3 + ["out"]
    ((grade,),) = rows(app, select(Attendance.grade))
    assert grade in ("scanned", "leader")


def test_an_event_is_closed_once(app: Flask) -> None:
    day = morning(app, came=True)
    doors = [verb(app, close(day)), verb(app, close(day, day.coordinator))] * 2
    said = at_once(doors)
    assert codes(said) == ["event_not_running"] * 3
    assert [each for each in said if isinstance(each, int)] == [1]
    assert len(rows(app, select(ServiceRecord.id))) == 1


def test_closing_while_another_closes(app: Flask) -> None:
    day = morning(app, came=True)
    assert overlapped(app, close(day), close(day)) == (1, "event_not_running")
    assert len(rows(app, select(ServiceRecord.id))) == 1


def test_a_check_out_while_the_event_is_being_closed_is_told(app: Flask) -> None:
    day = morning(app, present=True)
    assert overlapped(app, close(day), scan(day, "out", 110)) == (1, "event_over")
    ((left, waits_for),) = rows(
        app,
        select(Attendance.checked_out_at, ServiceRecord.waits_for).join(
            ServiceRecord, ServiceRecord.event_id == Attendance.event_id
        ),
    )
    assert (left, waits_for) == (None, "end")


def test_closing_waits_for_a_check_out_under_way(app: Flask) -> None:
    day = morning(app, present=True)
    assert overlapped(app, scan(day, "out", 120), close(day)) == ("out", 1)
    assert rows(app, select(ServiceRecord.waits_for, ServiceRecord.minutes)) == [("leader", 120)]


def test_a_check_in_while_the_event_is_being_closed_is_told(app: Flask) -> None:
    day = morning(app)
    assert overlapped(app, close(day), scan(day, "in", 110)) == (0, "event_over")
    assert rows(app, select(Attendance.id)) == []


# Records


def confirmable(app: Flask, n: int = 3) -> tuple[Morning, list[int]]:
    day = morning(app)
    with app.app_context():
        with transaction():
            cast_team = db.session.scalars(select(make.Team).order_by(make.Team.id)).first()
            wang = db.session.get_one(make.Volunteer, day.wang_id)
            ids = [
                make_attendance.record(
                    wang,
                    team=cast_team,
                    starts_at=MORNING - timedelta(days=each),
                    state="waiting",
                    waits_for="leader",
                ).id
                for each in range(n)
            ]
        db.session.remove()
    return day, ids


def confirm(day: Morning, ids: list[int]) -> Callable[[], Any]:
    return lambda: len(record_decisions.confirm(ids, by=day.leader, at=NOON))


def balance(app: Flask, day: Morning) -> int:
    with app.app_context(), transaction(write=False):
        return balances.standing(day.wang_id, NOON.date()).available


def test_the_same_records_are_confirmed_once(app: Flask) -> None:
    day, ids = confirmable(app)
    page, api = app.test_client(), app.test_client()
    for door in (page, api):
        sign_in(door, "limei")
    form = [("record", str(id_)) for id_ in ids]

    def at_the_page(client: Any) -> Callable[[], str]:
        token = hidden(client, "/records/waiting")["csrf_token"]
        data = {"record": [value for _name, value in form], "csrf_token": token}

        def tap() -> str:
            answer = client.post("/records/confirm", data=data)
            return "done" if answer.status_code == 303 else "record_not_waiting"

        return tap

    backwards = verb(app, confirm(day, ids[::-1]))
    said = at_once([at_the_page(page), at_the_page(api), verb(app, confirm(day, ids)), backwards])
    assert sum(each in ("done", 3) for each in said) == 1
    assert said.count("record_not_waiting") == 3
    assert balance(app, day) == 600
    assert len(rows(app, select(Transfer.id))) == 3
    sound(app)


def test_confirming_what_another_is_confirming(app: Flask) -> None:
    day, ids = confirmable(app)
    said = overlapped(app, confirm(day, ids), confirm(day, ids[1:]))
    assert said == (3, "record_not_waiting")
    assert balance(app, day) == 600
    sound(app)


def disputed(app: Flask) -> tuple[Morning, int, int]:
    day, (record_id,) = confirmable(app, 1)
    with app.app_context():
        with transaction():
            dispute_id = disputes.dispute(record_id, words="少了", by=day.wang, at=NOON).id
        db.session.remove()
    return day, record_id, dispute_id


def uphold(day: Morning, dispute_id: int, minutes: int = 60) -> Callable[[], Any]:
    return lambda: (
        disputes.decide_dispute(
            dispute_id, upheld=True, answer="核对", minutes=minutes, by=day.coordinator, at=NOON
        ).state
    )


def test_confirming_while_a_dispute_is_upheld(app: Flask) -> None:
    day, record_id, dispute_id = disputed(app)
    said = overlapped(app, uphold(day, dispute_id), confirm(day, [record_id]))
    assert said == ("upheld", "record_not_waiting")
    assert balance(app, day) == 100
    sound(app)


def test_upholding_a_dispute_while_the_record_is_confirmed(app: Flask) -> None:
    day, record_id, dispute_id = disputed(app)
    said = overlapped(app, confirm(day, [record_id]), uphold(day, dispute_id))
    assert said == (1, "upheld")
    assert balance(app, day) == 100
    kinds = [row.kind for row in rows(app, select(Transfer.kind).order_by(Transfer.id))]
    assert kinds == ["earn", "reverse", "earn"]
    sound(app)


def test_a_dispute_is_decided_once(app: Flask) -> None:
    day, _record, dispute_id = disputed(app)
    said = at_once([verb(app, uphold(day, dispute_id, minutes)) for minutes in (30, 60, 90)])
    assert sorted(said) == ["dispute_decided"] * 2 + ["upheld"]
    ((state, minutes),) = rows(
        app, select(Dispute.state, ServiceRecord.minutes).join(Dispute.record)
    )
    assert (state, balance(app, day)) == ("upheld", minutes * 100 // 60)
    assert len(rows(app, select(RecordChange.id))) == 1
    sound(app)


def test_one_record_is_disputed_once(app: Flask) -> None:
    day, (record_id,) = confirmable(app, 1)

    def object_to() -> str:
        return disputes.dispute(record_id, words="少了", by=day.wang, at=NOON).state

    assert overlapped(app, object_to, object_to) == ("open", "dispute_open")


def test_of_two_overlapping_records_upheld_at_once_one_counts(app: Flask) -> None:
    day = morning(app)
    with app.app_context():
        with transaction():
            team = db.session.scalars(select(make.Team).order_by(make.Team.id)).first()
            wang = db.session.get_one(make.Volunteer, day.wang_id)
            refused = [
                make_attendance.record(wang, team=team, minutes=120, state="refused").id
                for _ in range(2)
            ]
            ids = [
                disputes.dispute(id_, words="少算了", by=day.wang, at=NOON).id for id_ in refused
            ]
        db.session.remove()
    said = overlapped(app, uphold(day, ids[0], 120), uphold(day, ids[1], 120))
    assert said == ("upheld", "record_overlaps")
    assert rows(app, select(func.sum(ServiceRecord.minutes)).filter_by(state="confirmed")) == [
        (120,)
    ]
    sound(app)


def test_a_backfill_over_another_under_way_is_refused(app: Flask) -> None:
    day = morning(app)
    with app.app_context(), transaction(write=False):
        team_id = db.session.scalars(select(make.Team.id).order_by(make.Team.id)).first()
    plan = backfill.Backfill(
        team_id=team_id or 0,
        volunteer_id=day.wang_id,
        event_name="护学",
        place="东门",
        content="护送",
        starts_at=MORNING,
        ends_at=MORNING + timedelta(hours=2),
        minutes=120,
        leader_name="李梅",
        reason="纸质签到",
    )

    def enter() -> str:
        return backfill.backfill(plan, by=day.leader, at=NOON).state

    assert overlapped(app, enter, enter) == ("waiting", "record_overlaps")


def test_the_end_of_two_records_of_a_day_set_at_once_minds_the_daily_cap(app: Flask) -> None:
    """Two shifts of five hours, both without a check-out: ten hours are above eight."""
    with app.app_context():
        with transaction():
            cast = make.cast()
            records = []
            for hours in (0, 5):
                start = MORNING + timedelta(hours=hours)
                event = make.event(team=cast.team, leader=cast.li_mei, starts_at=start, minutes=300)
                make.sign_up(event, cast.wang)
                make_attendance.came(event, cast.wang, 0, None)
                closing.close(event.id, by=acting(cast.li_mei), at=event.ends_at)
                records.append((event.ends_at, event.id))
            by = acting(cast.li_mei)
            ids = {
                event_id: db.session.scalars(
                    select(ServiceRecord.id).where(ServiceRecord.event_id == event_id)
                ).one()
                for _end, event_id in records
            }
        db.session.remove()

    def set_end(number: int) -> Callable[[], Any]:
        ends_at, event_id = records[number]
        return lambda: (
            record_decisions.set_end(
                ids[event_id], ends_at=ends_at, scan_id=f"end-{number}-0000", by=by, at=ends_at
            ).waits_for
        )

    assert overlapped(app, set_end(0), set_end(1)) == ("leader", "coordinator")
