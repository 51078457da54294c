"""A roster printed for a gate without network: numbered sheets, each line entered once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import minute, scan
from volunteer_service.attendance import closing, refusals
from volunteer_service.attendance.anomalies.anomaly_models import Anomaly
from volunteer_service.attendance.models import Scan, ServiceRecord
from volunteer_service.attendance.roster_sheets import entering, printing
from volunteer_service.attendance.roster_sheets.entering import Written
from volunteer_service.attendance.roster_sheets.refusals import (
    ExitBeforeEntry,
    LineEntered,
    LineOfAnother,
    NothingToPrint,
    SheetUnknown,
)
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotFound
from volunteer_service.events.models import Attendance
from volunteer_service.identifiers import check_characters


def leader(cast):
    return make.acting(cast.li_mei)


def printed(cast, event):
    """The one sheet of the event's one shift."""
    (sheet,) = printing.print_sheets(event.id, by=leader(cast), at=minute(-60))
    return sheet


def enter(cast, sheet, *written, at=None, by=None):
    given = {"by": by or leader(cast), "at": at or minute(200)}
    return entering.enter_roster_sheet(sheet.event_id, sheet.id, written, **given)


def times() -> list[tuple]:
    db.session.expire_all()
    query = select(Attendance).order_by(Attendance.id)
    return [(row.checked_in_at, row.checked_out_at) for row in db.session.scalars(query)]


def test_sheets_hold_everybody_by_name_and_blank_lines(cast, event) -> None:
    for n in range(printing.LINES):
        make.sign_up(event, make.volunteer(f"志愿者{n:02}", team=cast.team))
    sheets = printing.print_sheets(event.id, by=leader(cast), at=minute(-60))
    assert [(sheet.page, len(sheet.lines)) for sheet in sheets] == [(1, 16), (2, 16)]
    lines = [line.sign_up_id for sheet in sheets for line in sheet.lines]
    assert len([id_ for id_ in lines if id_]) == printing.LINES + 1
    assert lines[-printing.BLANK :] == [None] * printing.BLANK
    assert len({sheet.number for sheet in sheets}) == 2


def test_a_sheet_is_found_by_what_is_typed_and_a_mistyped_one_is_not(cast, event) -> None:
    sheet = printed(cast, event)
    typed = f" {sheet.number[:3]}-{sheet.number[3:].lower()}"
    assert entering.sheet_numbered(event.id, typed, by=leader(cast)).id == sheet.id
    wrong = check_characters.sheet_number(sheet.id)[:-2] + "00"
    elsewhere = make.event(team=cast.team, leader=cast.li_mei, title="别处")
    for event_id, number in ((event.id, wrong), (event.id, ""), (elsewhere.id, sheet.number)):
        with pytest.raises(SheetUnknown):
            entering.sheet_numbered(event_id, number, by=leader(cast))
    with pytest.raises(NotFound):
        entering.sheet_numbered(event.id, sheet.number, by=make.acting(cast.wang_account))


def test_a_line_counts_at_the_times_that_stand_on_it(cast, event) -> None:
    sheet = printed(cast, event)
    done = enter(cast, sheet, Written(1, minute(2), minute(115)))
    assert (done.new, done.refused, times()) == (1, {}, [(minute(2), minute(115))])
    query = select(Scan.source, Scan.outcome, Scan.received_at).order_by(Scan.id)
    assert [tuple(row) for row in db.session.execute(query)] == [
        ("roster", "accepted", minute(200))
    ] * 2
    assert db.session.scalars(select(Attendance.grade)).one() == "leader"


def test_a_second_entry_changes_nothing_and_says_whose_the_first_was(cast, event) -> None:
    sheet = printed(cast, event)
    enter(cast, sheet, Written(1, minute(2), minute(115)))
    again = enter(cast, sheet, Written(1, minute(2), minute(115)), at=minute(210))
    assert (again.new, again.refused) == (0, {})
    other = enter(cast, sheet, Written(1, minute(9)), at=minute(220))
    assert isinstance(other.refused[1], LineEntered)
    assert other.refused[1].numbers["name"] == cast.li_mei.name
    assert times() == [(minute(2), minute(115))]
    assert len(db.session.scalars(select(Scan.id)).all()) == 2


def test_the_exit_may_be_entered_later_than_the_entry(cast, event) -> None:
    sheet = printed(cast, event)
    assert enter(cast, sheet, Written(1, minute(2)), at=minute(30)).new == 1
    assert enter(cast, sheet, Written(1, None, minute(115))).new == 1
    assert times() == [(minute(2), minute(115))]


def test_a_sheet_of_an_earlier_printing_doubles_nobody(cast, event) -> None:
    first, second = printed(cast, event), printed(cast, event)
    enter(cast, first, Written(1, minute(2), minute(115)))
    done = enter(cast, second, Written(1, minute(2), minute(115)))
    assert done.new == 0
    assert isinstance(done.refused[1], refusals.AlreadyCheckedIn | refusals.AlreadyCheckedOut)
    assert times() == [(minute(2), minute(115))]


def test_who_scanned_already_is_told_at_the_line_and_others_count(cast, event) -> None:
    other = make.volunteer("赵秀英", team=cast.team)
    make.sign_up(event, other)
    sheet = printed(cast, event)
    ids = [line.sign_up.volunteer_id for line in sheet.lines if line.sign_up]
    mine = ids.index(cast.wang.id) + 1
    scan(event, cast.wang, 1)
    done = enter(cast, sheet, *(Written(n, minute(2)) for n in (1, 2)))
    assert (done.new, list(done.refused)) == (1, [mine])
    assert isinstance(done.refused[mine], refusals.AlreadyCheckedIn)


def test_a_blank_line_takes_who_came_without_a_sign_up(cast, event) -> None:
    sheet = printed(cast, event)
    guest = make.volunteer("赵秀英", team=cast.team)
    guest.number = check_characters.volunteer_number(77)
    db.session.flush()
    done = enter(cast, sheet, Written(2, minute(2), minute(115), guest.number))
    assert (done.new, done.refused) == (1, {})
    assert times() == [(minute(2), minute(115))]
    assert sheet.lines[1].sign_up.volunteer_id == guest.id
    unknown = enter(cast, sheet, Written(3, minute(2), None, "123"))
    assert isinstance(unknown.refused[3], refusals.NumberUnknown)


def test_a_number_beside_another_s_line_is_refused(cast, event) -> None:
    sheet = printed(cast, event)
    guest = make.volunteer("赵秀英", team=cast.team)
    guest.number = check_characters.volunteer_number(77)
    cast.wang.number = check_characters.volunteer_number(78)
    db.session.flush()
    for line in (1, 2):
        enter(cast, sheet, Written(line, minute(2), None, "" if line == 1 else guest.number))
    other = enter(
        cast,
        sheet,
        Written(1, None, minute(115), guest.number),
        Written(2, None, minute(115), cast.wang.number),
    )
    assert {n: type(each) for n, each in other.refused.items()} == dict.fromkeys(
        (1, 2), LineOfAnother
    )
    assert times() == [(minute(2), None)] * 2
    assert enter(cast, sheet, Written(2, None, minute(115), guest.number)).new == 1


def test_a_blank_line_that_waits_takes_no_second_person(cast, event) -> None:
    sheet = printed(cast, event)
    guest = make.volunteer("赵秀英", team=cast.team)
    guest.number = check_characters.volunteer_number(77)
    cast.wang.number = check_characters.volunteer_number(78)
    db.session.flush()
    late = minute(2) + timedelta(hours=25)
    enter(cast, sheet, Written(2, minute(2), None, guest.number), at=late)
    done = enter(cast, sheet, Written(2, None, minute(115), cast.wang.number), at=late)
    assert isinstance(done.refused[2], LineEntered)
    assert len(db.session.scalars(select(Anomaly)).all()) == 1


def test_a_time_to_come_is_not_entered_and_the_right_one_is(cast, event) -> None:
    sheet = printed(cast, event)
    done = enter(cast, sheet, Written(1, minute(2), minute(115)), at=minute(100))
    assert isinstance(done.refused[1], refusals.TimeAhead)
    assert (times(), db.session.scalars(select(Anomaly)).all()) == ([], [])
    assert enter(cast, sheet, Written(1, minute(2), minute(99)), at=minute(100)).new == 1


def test_an_exit_before_the_entry_is_corrected_on_the_paper_first(cast, event) -> None:
    sheet = printed(cast, event)
    done = enter(cast, sheet, Written(1, minute(60), minute(2)))
    assert isinstance(done.refused[1], ExitBeforeEntry)
    assert times() == []
    assert enter(cast, sheet, Written(1, minute(2), minute(60))).new == 1


def test_after_closing_a_line_only_proposes_once(cast, event) -> None:
    sheet = printed(cast, event)
    closing.close(event.id, by=leader(cast), at=minute(130))
    for _sending in range(2):
        enter(cast, sheet, Written(1, minute(2), minute(115)))
    kinds = db.session.scalars(select(Anomaly.kind)).all()
    assert list(kinds) == ["scan_closed", "scan_closed"], "the entry and the exit, each once"
    assert db.session.scalars(select(ServiceRecord)).all() == []


def test_one_older_than_a_day_waits_on_the_anomaly_desk(cast, event) -> None:
    sheet = printed(cast, event)
    done = enter(cast, sheet, Written(1, minute(2)), at=minute(2) + timedelta(hours=25))
    assert isinstance(done.refused[1], refusals.TapTimeRefused)
    assert db.session.scalars(select(Anomaly.kind)).all() == ["scan_time"]
    assert times() == []


@pytest.mark.parametrize("line", [0, printing.LINES + 1])
def test_a_line_that_is_not_on_the_sheet_is_refused(cast, event, line) -> None:
    sheet = printed(cast, event)
    with pytest.raises(Invalid):
        enter(cast, sheet, Written(line, minute(2)))


def test_a_closed_event_needs_no_paper(cast, event) -> None:
    closing.close(event.id, by=leader(cast), at=minute(130))
    with pytest.raises(refusals.EventNotRunning):
        printed(cast, event)
    other = make.event(team=cast.team, leader=cast.li_mei, title="别处")
    other.shifts[0].closed_at = minute(0)
    db.session.flush()
    with pytest.raises(NothingToPrint):
        printed(cast, other)


def test_a_time_is_of_the_shift_s_day_or_the_night_after(cast, event) -> None:
    sheet = printed(cast, event)
    shift = event.shifts[0]
    # 20:00 in Shanghai, whatever the zone of this machine.
    shift.starts_at, shift.ends_at = (make.MORNING.replace(hour=n) for n in (12, 18))
    late = entering.time_on(sheet, 1, 30)
    assert entering.time_on(sheet, 22, 5).hour == 22
    assert late.date() == entering.time_on(sheet, 22, 5).date() + timedelta(days=1)
