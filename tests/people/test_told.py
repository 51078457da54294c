"""Every adjustment, correction and hand-over is told to its person."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests import make
from tests.make import acting
from tests.make_attendance import came, record
from tests.make_points import FRIDAY, earned, gift
from volunteer_service import settings
from volunteer_service.attendance import closing
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import disputes, record_decisions
from volunteer_service.db import db
from volunteer_service.people.models import Message
from volunteer_service.scoring.points import adjustments, bulk_reversals, reversals
from volunteer_service.scoring.points.models import Transfer
from volunteer_service.scoring.rewards import orders

AFTER = make.MORNING + timedelta(minutes=125)


@pytest.fixture
def cast(session):
    return make.cast()


def told(person):
    query = select(Message).where(Message.volunteer_id == person.id).order_by(Message.id)
    return [(row.kind, row.facts) for row in db.session.scalars(query)]


def test_adjustments_and_reversals(cast):
    first, second = acting(cast.coordinator), acting(cast.second)
    adjustments.adjust(cast.wang.id, 250, "补发", by=first, at=FRIDAY)
    for approve in (False, True):
        row = adjustments.adjust(cast.wang.id, 90_000, "补发", by=first, at=FRIDAY)
        # Asking alone changes nothing, so nothing is told.
        assert len(told(cast.wang)) == 1 + approve
        adjustments.decide_adjustment(row.id, approve=approve, by=second, at=FRIDAY)
    transfer = db.session.scalars(select(Transfer).where(Transfer.amount == 250)).one()
    reversals.reverse(transfer.id, "错", by=first, at=FRIDAY)
    assert told(cast.wang) == [
        ("points_adjusted", {"points": 250}),
        ("adjustment_refused", {"points": 90_000}),
        ("points_adjusted", {"points": 90_000}),
        ("points_reversed", {"points": -250}),
    ]


def test_an_import_s_undo_is_told_once_a_member(cast):
    earned(cast.wang, 300, source_id=501)
    earned(cast.wang, 200, source_id=502)
    earned(cast.zhao, 100, source_id=503)
    bulk_reversals.reverse_many(
        "record", [501, 502, 503], reason="撤销", by=acting(cast.coordinator), at=FRIDAY
    )
    assert told(cast.wang) == [("points_reversed", {"points": -500})]
    assert told(cast.zhao) == [("points_reversed", {"points": -100})]


def test_hand_overs(cast):
    earned(cast.wang)
    cup, desk = gift(cast), acting(cast.desk)
    row, _code = orders.order_at_counter(cup.id, 1, cast.wang.id, stars=0, by=desk, at=FRIDAY)
    orders.hand_over(row.id, proxy_name="赵芳", by=desk, at=FRIDAY)
    orders.return_same_day(row.id, "错", by=acting(cast.second), at=FRIDAY)
    own = acting(cast.wang_account)
    mine, _code = orders.order(cup.id, 1, cast.wang.id, stars=0, by=own, at=FRIDAY)
    orders.hand_over(mine.id, by=desk, at=FRIDAY)
    until = settings.local_day(row.last_moment).isoformat()
    assert told(cast.wang) == [
        ("order_made_at_desk", {"order": row.id, "points": 300}),
        ("order_ready", {"order": row.id, "until": until}),
        ("gift_handed_over", {"order": row.id, "proxy": True}),
        ("hand_over_undone", {"order": row.id}),
        ("order_ready", {"order": mine.id, "until": until}),
        ("gift_handed_over", {"order": mine.id, "proxy": False}),
    ]


def test_corrected_records(cast):
    event = make.event(team=cast.team, leader=cast.li_mei)
    came(event, cast.wang, 0, None)
    leader = acting(cast.li_mei)
    closing.close(event.id, by=leader, at=AFTER)
    row = db.session.scalars(select(ServiceRecord)).one()
    # A minute before the end, which the rule rounds down to 114.
    end = {"ends_at": event.ends_at - timedelta(minutes=1), "scan_id": uuid4().hex}
    record_decisions.set_end(row.id, **end, by=leader, at=AFTER)
    record_decisions.refuse(row.id, reason="未到", by=leader, at=AFTER)
    about = {"record": row.id, "day": "2026-05-16"}
    assert told(cast.wang) == [
        ("check_out_missing", {"title": event.title, "day": "2026-05-16"}),
        ("record_corrected", about | {"was": 0, "minutes": 114}),
        # The reason stands in the record; the message says no words of others.
        ("record_refused", about),
    ]


@pytest.mark.parametrize("upheld", [True, False])
def test_a_dispute_s_decision(cast, upheld):
    row = record(cast.wang, team=cast.team)
    asked = disputes.dispute(row.id, words="少了", by=acting(cast.wang_account), at=AFTER)
    disputes.decide_dispute(
        asked.id, upheld=upheld, answer="核对", minutes=60, by=acting(cast.coordinator), at=AFTER
    )
    about = {"record": row.id, "day": "2026-05-16"}
    outcome = ("dispute_decided", about | {"outcome": "upheld" if upheld else "dismissed"})
    corrected = ("record_corrected", about | {"was": 120, "minutes": 60})
    assert told(cast.wang) == ([corrected] if upheld else []) + [outcome]
