"""Two leaders at one gate, one without network: the earliest entry and the latest exit count."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.attendance.test_scanner import card_of, shown
from tests.make_attendance import minute, scan
from volunteer_service import journal
from volunteer_service.attendance import closing, refusals
from volunteer_service.attendance.check_ins import check_in, rosters, scanner
from volunteer_service.attendance.check_ins.scanner import Kept
from volunteer_service.attendance.models import Scan, ServiceRecord
from volunteer_service.db import db
from volunteer_service.errors import Invalid
from volunteer_service.events.models import Attendance


@pytest.fixture
def card(cast):
    return card_of(cast, cast.wang)


def kept(cast, event, *scans, arrives: int, wrong_by: int = 0):
    """A batch from the leader's phone: ``(minute, text, kind)`` each, by a clock that is off."""
    off = timedelta(minutes=wrong_by)
    batch = [
        Kept(f"kept-{n}-{at}-{arrives}", text, minute(at) + off, *more)
        for n, (at, text, *more) in enumerate(scans)
    ]
    given = {"sent_at": minute(arrives) + off, "at": minute(arrives)}
    return scanner.scan_kept(event.id, batch, by=make.acting(cast.li_mei), **given)


def times() -> list[tuple]:
    db.session.expire_all()
    query = select(Attendance).order_by(Attendance.checked_in_at)
    return [(row.checked_in_at, row.checked_out_at) for row in db.session.scalars(query)]


def outcomes() -> list[tuple]:
    query = select(Scan.kind, Scan.outcome, Scan.scanned_at).order_by(Scan.id)
    return [tuple(row) for row in db.session.execute(query)]


def test_a_batch_counts_each_scan_by_its_own_time(cast, event, card) -> None:
    other = card_of(cast, make.volunteer("李秀英", team=cast.team))
    done = kept(cast, event, (1, card), (2, other), (3, "volunteer-0"), (115, card), arrives=150)
    assert [each.state for each in done] == ["in", "in", "refused", "out"]
    assert times() == [(minute(1), minute(115)), (minute(2), None)]


@pytest.mark.parametrize("wrong_by", [7, -7])
def test_a_clock_that_is_wrong_is_corrected_and_told(cast, event, card, wrong_by) -> None:
    kept(cast, event, (5, card), arrives=60, wrong_by=wrong_by)
    row = db.session.scalars(select(Scan)).one()
    assert (row.scanned_at, row.skew_seconds) == (minute(5), wrong_by * 60)
    assert times() == [(minute(5), None)]


def test_a_minute_is_no_wrong_clock(cast, event, card) -> None:
    kept(cast, event, (5, card), arrives=60, wrong_by=1)
    assert db.session.scalars(select(Scan.skew_seconds)).one() is None


@pytest.mark.parametrize("off", [timedelta(seconds=40), timedelta(seconds=-40), timedelta(hours=3)])
def test_batches_of_one_phone_keep_the_order_of_their_taps(cast, event, card, off) -> None:
    """The second batch was under way for longer: its tap stays the later one all the same."""
    other = card_of(cast, make.volunteer("李秀英", team=cast.team))
    tapped = [minute(5), minute(5) + timedelta(milliseconds=100)]
    under_way = [timedelta(milliseconds=50), timedelta(milliseconds=400)]
    by, sent = make.acting(cast.li_mei), minute(60)
    for n, text in enumerate((card, other)):
        batch = [Kept(f"in-order-{n}", text, tapped[n] + off)]
        times = {"sent_at": sent + off, "at": sent + under_way[n]}
        assert scanner.scan_kept(event.id, batch, by=by, **times)[0].state == "in"
    seen = db.session.scalars(select(Scan.scanned_at).order_by(Scan.id)).all()
    assert seen[1] - seen[0] == tapped[1] - tapped[0]


def test_a_clock_a_little_ahead_makes_no_tap_of_the_future(cast, event, card) -> None:
    off, by = timedelta(seconds=50), make.acting(cast.li_mei)
    batch = [Kept("a-little-ahead", card, minute(10) - timedelta(seconds=20) + off)]
    done = scanner.scan_kept(event.id, batch, by=by, sent_at=minute(10) + off, at=minute(10))
    assert (done[0].state, times()) == ("in", [(minute(10), None)])


def test_a_batch_sent_twice_counts_once(cast, event, card) -> None:
    for _sending in range(2):
        assert [each.state for each in kept(cast, event, (5, card), arrives=60)] == ["in"]
    assert outcomes() == [("in", "accepted", minute(5))]


def test_a_batch_has_bounds(cast, event, card) -> None:
    for scans in ([], [(5, card)] * (scanner.MOST_KEPT + 1)):
        with pytest.raises(Invalid):
            kept(cast, event, *scans, arrives=60)
    assert outcomes() == []


def test_the_earlier_entry_counts_and_the_journal_says_so(cast, event, card) -> None:
    shown(cast, event, card, 10)
    assert [each.state for each in kept(cast, event, (2, card), arrives=60)] == ["in"]
    assert times() == [(minute(2), None)]
    said = journal.Entry.verb == "attendance.earlier_entry"
    facts = db.session.scalars(select(journal.Entry.facts).where(said)).one()
    assert facts["was"] == minute(10).isoformat()


def test_an_entry_inside_the_presence_is_a_duplicate(cast, event, card) -> None:
    shown(cast, event, card, 2)
    done = kept(cast, event, (10, card), (11, card, "in"), arrives=60)
    assert [each.state for each in done] == ["again", "again"]
    assert times() == [(minute(2), None)]
    assert [kind for _in, kind, _at in outcomes()] == ["accepted", "duplicate", "duplicate"]


def test_a_card_shown_once_more_at_once_is_a_duplicate(cast, event, card) -> None:
    kept(cast, event, (5, card), (5.2, card), arrives=60)
    assert [row[:2] for row in outcomes()] == [("in", "accepted"), ("in", "duplicate")]
    assert times() == [(minute(5), None)]


def test_the_later_exit_counts(cast, event, card) -> None:
    shown(cast, event, card, 2)
    shown(cast, event, card, 112)
    assert [each.state for each in kept(cast, event, (118, card), arrives=140)] == ["out"]
    assert times() == [(minute(2), minute(118))]


def test_an_exit_before_the_last_one_is_a_duplicate(cast, event, card) -> None:
    shown(cast, event, card, 2)
    shown(cast, event, card, 118)
    done = kept(cast, event, (112, card, "out"), arrives=140)
    assert isinstance(done[0].refusal, refusals.AlreadyCheckedOut)
    assert times() == [(minute(2), minute(118))]
    assert outcomes()[-1] == ("out", "duplicate", minute(112))


def test_before_the_doors_open_no_entry_is_earlier(cast, event, card) -> None:
    shown(cast, event, card, 10)
    assert kept(cast, event, (-40, card), arrives=60)[0].state != "in"
    assert times() == [(minute(10), None)]


def test_between_two_stays_the_ends_move_towards_each_other_only(cast, event, card) -> None:
    scan(event, cast.wang, 0)
    scan(event, cast.wang, 50, kind="out")
    scan(event, cast.wang, 80, kind="in")
    kept(cast, event, (55, card, "out"), (75, card, "in"), arrives=90)
    assert times() == [(minute(0), minute(55)), (minute(75), None)]


def test_the_same_answer_comes_again(cast, event, card) -> None:
    shown(cast, event, card, 10)
    for _sending in range(2):
        done = kept(cast, event, (2, card), (12, card), arrives=60)
        assert [each.state for each in done] == ["in", "again"]
    assert len(outcomes()) == 3


def test_a_closed_shift_stands(cast, event, card) -> None:
    shown(cast, event, card, 10)
    shown(cast, event, card, 112)
    closing.close(event.id, by=make.acting(cast.li_mei), at=minute(130))
    kept(cast, event, (2, card, "in"), arrives=140)
    assert times() == [(minute(10), minute(112))]


def test_the_record_shows_which_scans_lost(cast, event, card) -> None:
    shown(cast, event, card, 10)
    shown(cast, event, card, 112)
    kept(cast, event, (2, card), (60, card, "in"), arrives=125)
    closing.close(event.id, by=make.acting(cast.li_mei), at=minute(130))
    record = db.session.scalars(select(ServiceRecord)).one()
    told = rosters.explain(record.id, by=make.acting(cast.li_mei))
    assert [each.scanned_at for each in told.scans if told.lost(each)] == [minute(10), minute(60)]


def test_a_tick_by_hand_moves_an_entry_too(cast, event) -> None:
    scan(event, cast.wang, 10)
    given = {"volunteer_id": cast.wang.id, "kind": "in", "scan_id": "a-kept-tick"}
    sent = {"tapped_at": minute(2), "sent_at": minute(60), "at": minute(60)}
    check_in.tick(event.id, **given, **sent, by=make.acting(cast.li_mei))
    assert times() == [(minute(2), None)]
    assert db.session.scalar(select(Attendance.grade)) == "leader"
