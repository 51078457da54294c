"""Which codes an event accepts; and the digits that its leader says."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import scanning
from volunteer_service.attendance.check_ins import (
    accepted_codes,
    check_in,
    door_screen,
    event_codes,
    spoken_codes,
)
from volunteer_service.attendance.check_ins.refusals import (
    LeaderChecksIn,
    PosterNotAccepted,
    SpokenTwice,
    SpokenUnknown,
)
from volunteer_service.attendance.check_ins.spoken_codes import read_digits, spoken_digits
from volunteer_service.attendance.models import Scan
from volunteer_service.db import db, transaction
from volunteer_service.errors import Invalid
from volunteer_service.events import planning
from volunteer_service.events.refusals import NotAVolunteer
from volunteer_service.people.cards import volunteer_cards

NOW = make.MORNING


def after(seconds: float):
    return NOW + timedelta(seconds=seconds)


def codes(event, at=NOW) -> dict[str, str]:
    screen = event_codes.read(event_codes.screen_token(event, at), at)
    return {
        "poster": event_codes.token(event),
        "screen": event_codes.grant(screen, at),
        "spoken": spoken_digits(event.code, at),
    }


@pytest.mark.parametrize(
    ("accepted", "source", "refusal"),
    [
        ("all", "poster", None),
        ("all", "screen", None),
        ("all", "spoken", None),
        ("live", "poster", PosterNotAccepted),
        ("live", "screen", None),
        ("live", "spoken", None),
        ("leader", "poster", LeaderChecksIn),
        ("leader", "screen", LeaderChecksIn),
        ("leader", "spoken", LeaderChecksIn),
    ],
)
def test_an_event_takes_the_codes_that_it_says(cast, event, accepted, source, refusal) -> None:
    event.accepted_codes = accepted
    db.session.flush()
    code, by = codes(event)[source], scanning(cast.wang)
    if refusal is None:
        done = check_in.scan(code, scan_id="first-scan", by=by, at=after(30))
        assert (done.kind, db.session.scalar(select(Scan.source))) == ("in", source)
        return
    with pytest.raises(refusal):
        check_in.scan(code, scan_id="first-scan", by=by, at=after(30))


def test_a_code_not_accepted_is_told_before_the_tap_and_kept_with_its_scan(app) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei)
        event.accepted_codes = "live"
        poster, by = event_codes.token(event), scanning(cast.wang)
    with app.app_context(), transaction(write=False):
        look = check_in.look(poster, volunteer_id=by.volunteer_id, at=NOW)
        assert (look.kind, type(look.refusal)) == (None, PosterNotAccepted)
    for _ in range(2):
        with app.app_context(), pytest.raises(PosterNotAccepted), transaction():
            check_in.scan(poster, scan_id="poster-scan", by=by, at=NOW)
    with app.app_context(), transaction(write=False):
        row = db.session.scalars(select(Scan)).one()
        assert (row.outcome, row.reason) == ("refused", "poster_not_accepted")


@pytest.mark.parametrize("accepted", ["live", "leader"])
def test_whom_the_leader_scans_or_ticks_is_always_taken(cast, event, accepted) -> None:
    event.accepted_codes = accepted
    by = make.acting(cast.li_mei)
    card = volunteer_cards.make_cards([cast.wang], print_key="a-printed-form", by=by, at=NOW)[0]
    done = check_in.scan_card(event.id, card=card.url, scan_id="card-scan", by=by, at=NOW)
    ticked = check_in.tick(
        event.id, volunteer_id=cast.wang.id, kind="out", scan_id="a-tick-out", by=by, at=after(7200)
    )
    assert (done.kind, ticked.kind) == ("in", "out")


def test_a_leader_only_event_has_neither_screen_nor_digits(cast, event) -> None:
    event.accepted_codes = "leader"
    by = make.acting(cast.li_mei)
    for show in (door_screen.show, door_screen.say):
        with pytest.raises(LeaderChecksIn) as told:
            show(event.id, by=by, at=NOW)
        assert "请先修改活动" in str(told.value)


def test_every_kind_of_event_says_what_it_refuses(cast, event) -> None:
    assert set(accepted_codes.REFUSED_SOURCES) == set(planning.ACCEPTED_CODES)
    plan = planning.EventPlan(
        title="护学",
        content="护学",
        place="校门口",
        starts_at=NOW,
        ends_at=after(7200),
        accepted_codes="poster",
    )
    with pytest.raises(Invalid):
        planning.create(plan, team_id=cast.team.id, by=make.acting(cast.li_mei), at=NOW)


@pytest.mark.parametrize(
    ("seconds", "is_right"), [(0, True), (59, True), (119, True), (120, False)]
)
def test_digits_hold_this_minute_and_the_next(cast, event, seconds, is_right) -> None:
    digits = door_screen.say(event.id, by=make.acting(cast.li_mei), at=NOW).digits
    assert spoken_codes.is_spoken(digits)
    assert spoken_codes.are_of(event.code, digits, after(seconds)) is is_right


def test_digits_are_of_one_event(cast, event) -> None:
    other = make.event(team=cast.team, leader=cast.li_mei)
    said = spoken_digits(other.code, NOW)
    assert read_digits(said, volunteer_id=cast.wang.id, at=NOW).event_code == other.code


def test_who_lives_elsewhere_hears_nothing_unless_signed_up(cast, event) -> None:
    there = make.volunteer("周远", area_id=make.area("城东街道").id)
    nowhere = make.volunteer("吴处", area_id=None)
    said = spoken_digits(event.code, NOW)
    for stranger in (there, nowhere):
        with pytest.raises(SpokenUnknown):
            read_digits(said, volunteer_id=stranger.id, at=NOW)
        make.sign_up(event, stranger)
        assert read_digits(said, volunteer_id=stranger.id, at=NOW).event_code == event.code


@pytest.mark.parametrize("change", ["draft", "cancelled", "closed"])
def test_only_a_running_event_says_digits(cast, event, change) -> None:
    said = spoken_digits(event.code, NOW)
    event.state = change
    db.session.flush()
    with pytest.raises(SpokenUnknown):
        read_digits(said, volunteer_id=cast.wang.id, at=NOW)


def test_digits_of_an_event_of_next_week_are_not_looked_at(cast) -> None:
    event = make.event(team=cast.team, leader=cast.li_mei, starts_at=NOW + timedelta(days=7))
    said = spoken_digits(event.code, NOW)
    with pytest.raises(SpokenUnknown):
        read_digits(said, volunteer_id=cast.wang.id, at=NOW)


def test_two_events_with_the_same_digits_are_asked_again(cast, event, monkeypatch) -> None:
    make.event(team=cast.team, leader=cast.li_mei)
    monkeypatch.setattr(spoken_codes, "are_of", lambda *_: True)
    with pytest.raises(SpokenTwice):
        read_digits("123456", volunteer_id=cast.zhao.id, at=NOW)


def test_an_account_without_a_volunteer_hears_nothing(cast, event) -> None:
    said = spoken_digits(event.code, NOW)
    with pytest.raises(NotAVolunteer):
        check_in.scan(said, scan_id="no-person", by=make.acting(cast.coordinator), at=NOW)
