"""The code of the screen at the door: 20 seconds, one step of grace, one scan a grant."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import scanning
from volunteer_service.attendance.check_ins import check_in, door_screen, event_codes
from volunteer_service.attendance.models import Scan
from volunteer_service.attendance.refusals import (
    CodeInvalid,
    CodeLapsed,
    EventNotRunning,
    ScanIdReused,
)
from volunteer_service.db import db, transaction
from volunteer_service.errors import NotFound
from volunteer_service.paper.qr import qr_matrix

#: A step begins here.
NOW = make.MORNING


def after(seconds: float):
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("seconds", [-20, -0.1, 0, 19.9, 39.9])
def test_a_code_is_read_while_shown_and_one_step_around(event, seconds) -> None:
    code = event_codes.read(event_codes.screen_token(event, NOW), after(seconds))
    assert (code.event_code, code.kinds, code.source) == (event.code, ("in", "out"), "screen")


@pytest.mark.parametrize("seconds", [40, 41, 3600, 86_400, 7 * 86_400])
def test_a_photo_sent_to_a_friend_is_dead_after_40_seconds(event, seconds) -> None:
    with pytest.raises(CodeLapsed):
        event_codes.read(event_codes.screen_token(event, NOW), after(seconds))


def test_the_number_of_a_step_comes_again_but_not_its_code(event) -> None:
    again = after(event_codes.STEP_SECONDS * 32**3)
    old, new = event_codes.screen_token(event, NOW), event_codes.screen_token(event, again)
    assert old[:-16] == new[:-16]
    with pytest.raises(CodeInvalid):
        event_codes.read(old, again)


def test_no_other_step_event_or_purpose_can_be_written_in(event) -> None:
    shown = event_codes.screen_token(event, NOW)
    later = event_codes.screen_token(event, after(60))
    poster = event_codes.token(event)
    for forged in (
        shown[:-16] + later[-16:],
        later[:-16] + shown[-16:],
        shown.replace("1s", "1p", 1),
        shown.replace("1s", "1g", 1),
        poster.replace("1p", "1s", 1),
        poster.replace("1p", "1g", 1),
        shown[:-17] + shown[-16:],
        "1s" + shown[-16:],
        "1g" + shown[-16:],
    ):
        with pytest.raises(CodeInvalid):
            event_codes.read(forged, NOW)


def test_its_address_stays_a_small_code(event) -> None:
    event.code = "7ZQ4M2KX8"
    shown = event_codes.screen_token(event, NOW)
    assert len(f"https://vol.example.cn/c/{shown}") <= event_codes.LONGEST_URL
    assert len(qr_matrix(f"https://vol.example.cn/c/{shown}", "M")) <= 33


def test_the_seconds_left_are_those_of_the_server(event) -> None:
    assert [event_codes.seconds_left(after(s)) for s in (0, 0.5, 1, 19, 20)] == [20, 20, 19, 1, 20]


def granted(event, at) -> str:
    return event_codes.grant(event_codes.read(event_codes.screen_token(event, at), at), at)


def test_a_grant_waits_five_minutes_for_a_sign_in(cast, event) -> None:
    kept = granted(event, NOW)
    done = check_in.scan(kept, scan_id="the-form-s", by=scanning(cast.wang), at=after(299))
    assert (done.kind, done.scan_id == "the-form-s") == ("in", False)
    assert db.session.scalar(select(Scan.source)) == "screen"


def test_after_five_minutes_it_has_lapsed_and_is_kept_as_refused(app) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei)
        kept, by = granted(event, NOW), scanning(cast.wang)
    with app.app_context():
        with pytest.raises(CodeLapsed), transaction():
            check_in.scan(kept, scan_id="the-form-s", by=by, at=after(300))
        with transaction(write=False):
            row = db.session.scalars(select(Scan)).one()
            assert (row.outcome, row.reason, row.source) == ("refused", "code_lapsed", "screen")
            look = check_in.look(kept, volunteer_id=by.volunteer_id, at=after(300))
            assert (look.kind, type(look.refusal)) == (None, CodeLapsed)


def test_a_grant_is_good_for_one_scan_of_one_person(cast, event) -> None:
    kept = granted(event, NOW)
    first = check_in.scan(kept, scan_id="a", by=scanning(cast.wang), at=after(10))
    again = check_in.scan(kept, scan_id="b", kind="out", by=scanning(cast.wang), at=after(200))
    assert (again.scan_id, again.kind, again.replayed) == (first.scan_id, "in", True)
    with pytest.raises(ScanIdReused):
        check_in.scan(kept, scan_id="c", by=scanning(cast.zhao), at=after(20))


def test_a_tap_without_network_counts_by_its_own_time(cast, event) -> None:
    kept = granted(event, NOW)
    done = check_in.scan(
        kept,
        scan_id="waited",
        kind="in",
        tapped_at=after(100),
        sent_at=after(900),
        by=scanning(cast.wang),
        at=after(900),
    )
    assert done.at == after(100)


def test_the_screen_counts_who_is_there_and_masks_who_came(cast, event) -> None:
    by = make.acting(cast.li_mei)
    empty = door_screen.show(event.id, by=by, at=NOW)
    assert (empty.present, empty.last, empty.seconds) == (0, [], 20)
    check_in.scan(granted(event, NOW), scan_id="in", by=scanning(cast.wang), at=after(5))
    shown = door_screen.show(event.id, by=by, at=after(6))
    assert (shown.present, shown.last) == (1, [("王*国", after(5))])
    assert event_codes.read(shown.url.rpartition("/")[2], after(6)).event_code == event.code
    check_in.scan(granted(event, after(7000)), scan_id="x", by=scanning(cast.wang), at=after(7001))
    assert door_screen.show(event.id, by=by, at=after(7002)).present == 0


def test_the_screen_is_its_leader_s_and_of_a_published_event(cast, event) -> None:
    with pytest.raises(NotFound):
        door_screen.show(event.id, by=make.acting(cast.wang_account), at=NOW)
    event.state = "closed"
    with pytest.raises(EventNotRunning):
        door_screen.show(event.id, by=make.acting(cast.li_mei), at=NOW)
