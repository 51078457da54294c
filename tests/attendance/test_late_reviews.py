"""A late scan that does not count by itself waits for an answer, and counts once it is accepted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.attendance.test_late_duplicates import kept, times
from tests.attendance.test_scanner import card_of, shown
from tests.make_attendance import came, minute, scan
from volunteer_service.attendance import closing, refusals
from volunteer_service.attendance.anomalies import deciding
from volunteer_service.attendance.anomalies.anomaly_models import Anomaly
from volunteer_service.attendance.anomalies.refusals import (
    AnomalyDecided,
    DecideRecordFirst,
    NoShiftThen,
)
from volunteer_service.attendance.models import Correction, Scan, ServiceRecord
from volunteer_service.attendance.records import record_decisions
from volunteer_service.db import db, settle_refusal
from volunteer_service.errors import NotFound
from volunteer_service.people.authorization.conflicts import OwnCase
from volunteer_service.people.models import Message

DAY = 24 * 60


@pytest.fixture
def card(cast):
    return card_of(cast, cast.wang)


def close(cast, event) -> None:
    closing.close(event.id, by=make.acting(cast.li_mei), at=minute(130))


def waiting() -> list[Anomaly]:
    db.session.expire_all()
    query = select(Anomaly).where(Anomaly.state == "open").order_by(Anomaly.id)
    return list(db.session.scalars(query))


def accept(cast, row, **how):
    by = how.pop("by", None) or make.acting(cast.li_mei)
    given = {"accept": True, "reason": "问过本人", "by": by, "at": minute(3 * DAY)} | how
    return deciding.decide_anomaly(row.id, **given)


def record() -> ServiceRecord:
    db.session.expire_all()
    return db.session.scalars(select(ServiceRecord)).one()


@pytest.mark.parametrize(("at", "arrives"), [(2, DAY + 3), (70, 60)])
def test_of_the_future_or_older_than_a_day_it_waits(cast, event, card, at, arrives) -> None:
    done = kept(cast, event, (at, card), arrives=arrives)
    assert isinstance(done[0].refusal, refusals.TapTimeRefused)
    assert "已记下" in done[0].refusal.message
    (row,) = waiting()
    assert (row.kind, row.volunteer_id, row.event_id) == ("scan_time", cast.wang.id, event.id)
    assert (row.scan.scanned_at, row.scan.outcome) == (minute(at), "refused")
    assert times() == []


def test_sent_twice_it_waits_once(cast, event, card) -> None:
    for _sending in range(2):
        kept(cast, event, (70, card), arrives=60)
    assert len(waiting()) == 1


def test_accepted_it_counts_at_the_time_that_the_leader_found(cast, event, card) -> None:
    kept(cast, event, (70, card), arrives=60)
    accept(cast, waiting()[0], counted_at=minute(4), at=minute(90))
    assert times() == [(minute(4), None)]
    assert waiting() == []
    told = db.session.scalars(select(Message).where(Message.kind == "anomaly_decided")).one()
    assert told.volunteer_id == cast.wang.id


@pytest.mark.parametrize("found", [None, 80])
def test_no_time_to_come_is_accepted(cast, event, card, found) -> None:
    kept(cast, event, (70, card), arrives=60)
    with pytest.raises(refusals.TimeAhead), db.session.begin_nested():
        accept(cast, waiting()[0], counted_at=found and minute(found), at=minute(65))
    assert (times(), len(waiting())) == ([], 1)


def test_rejected_nothing_is_entered(cast, event, card) -> None:
    kept(cast, event, (70, card), arrives=60)
    row = waiting()[0]
    accept(cast, row, accept=False, at=minute(90))
    assert (times(), row.state, row.answer) == ([], "rejected", "问过本人")
    with pytest.raises(AnomalyDecided):
        accept(cast, row)


def test_outside_every_shift_it_is_not_accepted(cast, event, card) -> None:
    kept(cast, event, (70, card), arrives=60)
    with pytest.raises(NoShiftThen):
        accept(cast, waiting()[0], counted_at=minute(900))


def test_nobody_accepts_the_own_scan_and_strangers_find_none(cast, event, card) -> None:
    kept(cast, event, (70, card), arrives=60)
    row = waiting()[0]
    cast.wang_account.volunteer_id = None
    db.session.flush()
    cast.li_mei.volunteer_id = cast.wang.id
    with pytest.raises(OwnCase):
        accept(cast, row)
    with pytest.raises(NotFound):
        accept(cast, row, by=make.acting(cast.zhao_account))
    with pytest.raises(NotFound):
        deciding.anomaly(row.id, by=make.acting(cast.zhao_account))


def test_after_closing_an_exit_proposes_a_correction(cast, event, card) -> None:
    came(event, cast.wang, 0, 100)
    close(cast, event)
    by = make.acting(cast.li_mei)
    record_decisions.confirm([record().id], by=by, at=minute(135))
    before = record().minutes
    done = kept(cast, event, (118, card), arrives=140)
    assert isinstance(done[0].refusal, refusals.LateAfterClosing)
    (row,) = waiting()
    assert (row.kind, record().minutes, times()[0][1]) == ("scan_closed", before, minute(100))
    accept(cast, row, at=minute(200))
    asked = db.session.scalars(select(Correction)).one()
    assert (asked.starts_at, asked.ends_at, asked.state) == (minute(0), minute(118), "done")
    assert record().minutes > before


def test_a_record_that_waits_is_decided_first(cast, event, card) -> None:
    came(event, cast.wang, 0, 100)
    close(cast, event)
    kept(cast, event, (118, card), arrives=140)
    with pytest.raises(DecideRecordFirst):
        accept(cast, waiting()[0], at=minute(200))


def test_after_closing_a_missing_exit_is_set(cast, event, card) -> None:
    scan(event, cast.wang, 0)
    closing.close(event.id, by=make.acting(cast.li_mei), at=minute(151))
    assert record().waits_for == "end"
    kept(cast, event, (118, card, "out"), arrives=160)
    accept(cast, waiting()[0], at=minute(200))
    assert (record().waits_for, times()) == ("leader", [(minute(0), minute(118))])


def test_of_who_has_no_record_one_is_made_that_waits(cast, event, card) -> None:
    closing.close(event.id, by=make.acting(cast.li_mei), at=minute(151))
    kept(cast, event, (3, card), arrives=160)
    assert db.session.scalars(select(ServiceRecord)).all() == []
    accept(cast, waiting()[0], at=minute(200))
    made = record()
    assert (made.state, made.starts_at, made.ends_at) == ("waiting", minute(3), minute(120))
    assert [each["code"] for each in made.reasons if each["code"] == "late_scan"] == ["late_scan"]


def test_who_scanned_and_accepted_is_no_second_person_to_the_record(cast, event, card) -> None:
    closing.close(event.id, by=make.acting(cast.li_mei), at=minute(151))
    kept(cast, event, (3, card), arrives=160)
    accept(cast, waiting()[0], at=minute(200))
    made = record()
    assert (made.waits_for, made.entered_by_id) == ("second", cast.li_mei.id)
    with pytest.raises(refusals.RecordNotWaiting):
        record_decisions.confirm([made.id], by=make.acting(cast.li_mei), at=minute(210))


def test_whose_scan_it_was_or_another_leader_s_the_leader_confirms_as_ever(cast, event) -> None:
    closing.close(event.id, by=make.acting(cast.li_mei), at=minute(151))
    sent = {"tapped_at": minute(3), "sent_at": minute(160)}
    with pytest.raises(refusals.LateAfterClosing):
        scan(event, cast.wang, 160, kind="in", **sent)
    settle_refusal()
    accept(cast, waiting()[0], at=minute(200))
    assert record().waits_for == "leader"


def test_what_the_record_says_already_is_a_duplicate(cast, event, card) -> None:
    came(event, cast.wang, 0, 118)
    close(cast, event)
    kept(cast, event, (50, card, "in"), arrives=140)
    assert waiting() == []
    query = select(Scan.outcome).order_by(Scan.id.desc()).limit(1)
    assert db.session.scalar(query) == "duplicate"


def test_a_live_scan_after_closing_proposes_nothing(cast, event, card) -> None:
    came(event, cast.wang, 0, 100)
    close(cast, event)
    shown(cast, event, card, 140)
    assert waiting() == []


def test_a_volunteer_s_own_late_tap_waits_too(cast, event) -> None:
    sent = {"tapped_at": minute(0) - timedelta(hours=25), "sent_at": minute(0)}
    with pytest.raises(refusals.TapTimeRefused):
        scan(event, cast.wang, 0, kind="in", **sent)
    settle_refusal()
    assert [row.kind for row in waiting()] == ["scan_time"]
