"""At a leader's gate: found by the one field, or entered on the spot and checked in with a tap."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests import make
from tests.make import MORNING, acting
from volunteer_service.attendance import refusals
from volunteer_service.attendance.check_ins import check_in, gate
from volunteer_service.db import db, transaction
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.events.models import Attendance, SignUp
from volunteer_service.identifiers.check_characters import volunteer_number
from volunteer_service.people.models import Consent, Guardian, Look, Volunteer
from volunteer_service.people.registrations import registration_checks
from volunteer_service.people.registrations.registration import AlreadyRegistered
from volunteer_service.people.registrations.registration_fields import (
    ConsentMissing,
    GuardianNeeded,
    RegisterIn,
)
from volunteer_service.people.registrations.same_person import MaybeSamePerson

ASKED = RegisterIn(name="孙奶奶", phone=None, consent=True)


def ids(cast, event, typed: str) -> list[int]:
    found = gate.found(typed, event.id, by=acting(cast.li_mei), at=MORNING)
    return [guest.person.id for guest in found.guests]


def take_in(cast, event, asked: RegisterIn = ASKED, *, account=None, at=MORNING) -> Volunteer:
    return gate.take_in(event.id, asked, by=acting(account or cast.li_mei), at=at)


def test_who_signed_up_is_found_by_any_part_others_by_a_whole_name(cast, event) -> None:
    far = make.volunteer("周远", area_id=make.area("东街").id, number=volunteer_number(815))
    assert ids(cast, event, "王") == [cast.wang.id]
    assert ids(cast, event, "赵") == []
    for typed in ("赵芳", "zhaofang", "zf", cast.zhao.phone[-4:], f"赵芳 {cast.zhao.number[-4:]}"):
        assert ids(cast, event, typed) == [cast.zhao.id], typed
    assert ids(cast, event, "周远") == []
    for typed in (far.number, f"HTTPS://STREET.EXAMPLE/V/{far.number}"):
        assert ids(cast, event, typed) == [far.id]
    make.sign_up(event, far)
    assert ids(cast, event, "周") == [far.id]
    assert ids(cast, event, "") == []


@pytest.mark.parametrize(
    "typed", ["买买提", "maimaiti", "Maimaiti", "吐尔逊", "tuerxun", "買買提", "买买提·吐尔逊"]
)
def test_a_name_in_several_words_is_found_by_each_of_them(cast, event, typed) -> None:
    guest = make.volunteer("买买提·吐尔逊", phone="13911115001", area_id=cast.elsewhere.id)
    make.volunteer("阿依 古", phone="13911115002", area_id=cast.elsewhere.id)
    assert ids(cast, event, typed) == [guest.id]


@pytest.mark.parametrize("typed", ["买", "买买", "maimait", "mai", "吐", "古"])
def test_a_part_of_a_word_lists_nobody_of_the_street(cast, event, typed) -> None:
    make.volunteer("买买提·吐尔逊", phone="13911115001", area_id=cast.elsewhere.id)
    make.volunteer("阿依古 X", phone="13911115002", area_id=cast.elsewhere.id)
    assert ids(cast, event, typed) == []


def test_of_who_is_known_by_the_card_alone_no_more_is_told_than_the_card_says(cast, event) -> None:
    """Numbers can be counted through, so they must not show a leader where people of other streets
    live.
    """
    far = make.volunteer("周远", area_id=make.area("东街").id, number=volunteer_number(815))
    by = acting(cast.li_mei)
    (guest,) = gate.found(far.number, event.id, by=by, at=MORNING).guests
    assert (guest.person.id, guest.home, guest.phone, guest.kind) == (far.id, "", None, "in")
    (near,) = gate.found("赵芳", event.id, by=by, at=MORNING).guests
    assert (near.home, near.phone) == (cast.elsewhere.name, cast.zhao.phone)
    make.sign_up(event, far)
    (guest,) = gate.found(far.number, event.id, by=by, at=MORNING).guests
    assert (guest.home, guest.phone) == ("东街", far.phone)
    gone = make.volunteer("殷若兰", area_id=far.area_id, number=volunteer_number(816))
    gone.state = "disowned"
    db.session.flush()
    assert ids(cast, event, gone.number) == []


def test_each_is_told_the_tick_that_fits(cast, event) -> None:
    def kind() -> str | None:
        found = gate.found("赵芳", event.id, by=acting(cast.li_mei), at=MORNING)
        return found.guests[0].kind

    assert kind() == "in"
    check_in.tick(
        event.id,
        volunteer_id=cast.zhao.id,
        kind="in",
        scan_id=uuid4().hex,
        by=acting(cast.li_mei),
        at=MORNING,
    )
    assert kind() == "out"


def test_who_cannot_come_in_is_shown_with_the_reason(cast, event) -> None:
    make.sign_up(event, cast.zhao)
    cast.zhao.state = "left"
    db.session.flush()
    (guest,) = gate.found("赵芳", event.id, by=acting(cast.li_mei), at=MORNING).guests
    assert guest.kind is None
    assert guest.refusal is not None
    before = MORNING - timedelta(days=1)
    (guest,) = gate.found("王建国", event.id, by=acting(cast.li_mei), at=before).guests
    assert (guest.kind, guest.refusal and guest.refusal.code()) == (None, "event_not_open")


def test_all_of_many_namesakes_are_counted(cast, event) -> None:
    people = [make.volunteer("张伟", area_id=cast.elsewhere.id) for _ in range(25)]
    found = gate.found("张伟", event.id, by=acting(cast.li_mei), at=MORNING)
    assert (len(found.guests), found.count) == (gate.MOST_GUESTS, len(people))
    one = people[17]
    assert ids(cast, event, f"张伟 {one.number[-4:]}") == [one.id]


def test_a_newcomer_without_a_phone_is_entered_and_checked_in_with_one_more_tap(
    cast, event
) -> None:
    person = take_in(cast, event)
    assert (person.name, person.phone, person.area_id) == ("孙奶奶", None, cast.community.id)
    consent = db.session.scalars(select(Consent).where(Consent.volunteer_id == person.id)).one()
    assert consent.how == "paper"
    assert ids(cast, event, person.number) == [person.id]
    check_in.tick(
        event.id,
        volunteer_id=person.id,
        kind="in",
        scan_id=uuid4().hex,
        by=acting(cast.li_mei),
        at=MORNING,
    )
    row = db.session.scalars(select(SignUp).where(SignUp.volunteer_id == person.id)).one()
    assert (row.state, row.source) == ("confirmed", "walk_in")
    came = select(Attendance).where(Attendance.volunteer_id == person.id)
    assert db.session.scalars(came).one().checked_out_at is None
    (check,) = registration_checks.waiting(by=acting(cast.coordinator)).items
    assert (check.kind, check.volunteer_id) == ("newcomer", person.id)
    assert check.asked_by_id == cast.li_mei.id


def test_a_phone_that_a_leader_writes_down_is_not_confirmed(cast, event) -> None:
    asked = RegisterIn(name="孙奶奶", phone="13900000055", consent=True)
    assert take_in(cast, event, asked).phone_confirmed_at is None
    with pytest.raises(AlreadyRegistered) as refused:
        take_in(cast, event, asked)
    assert "志愿者名单" in str(refused.value)


def test_what_is_needed_of_everybody_is_needed_here(cast, event) -> None:
    with pytest.raises(ConsentMissing):
        take_in(cast, event, RegisterIn(name="孙奶奶", phone=None, consent=False))
    child = {"name": "小明", "phone": None, "consent": True, "born_on": date(2012, 1, 1)}
    with pytest.raises(GuardianNeeded):
        take_in(cast, event, RegisterIn(**child))
    guardian = {"guardian_name": "明妈", "guardian_phone": "13900000056"}
    person = take_in(cast, event, RegisterIn(**child, **guardian))
    kept = db.session.scalars(select(Guardian).where(Guardian.volunteer_id == person.id)).one()
    assert kept.consented_at == MORNING


def test_a_namesake_is_asked_about(cast, event) -> None:
    first = take_in(cast, event)
    with pytest.raises(MaybeSamePerson) as refused:
        take_in(cast, event)
    assert first.number in str(refused.value)
    other = take_in(cast, event, RegisterIn("孙奶奶", None, consent=True, confirm_other=True))
    assert other.id != first.id


def test_who_enters_whom_when_and_where(cast, event) -> None:
    before = db.session.scalar(select(func.count(Volunteer.id)))
    for account, refusal in (
        (cast.zhao_account, NotFound),
        (cast.desk, NotAllowed),
        (cast.auditor, NotAllowed),
    ):
        with pytest.raises(refusal):
            take_in(cast, event, account=account)
        with pytest.raises(refusal):
            gate.found("王", event.id, by=acting(account), at=MORNING)
    for days in (-1, 1):
        with pytest.raises(refusals.NotOnTheDay):
            take_in(cast, event, at=MORNING + timedelta(days=days))
    far = make.area("东街")
    with pytest.raises(refusals.OfThisStreetOnly):
        take_in(cast, event, RegisterIn("孙奶奶", None, consent=True, area_id=far.id))
    event.state = "closed"
    db.session.flush()
    with pytest.raises(refusals.EventNotRunning):
        take_in(cast, event)
    assert db.session.scalar(select(func.count(Volunteer.id))) == before


# Looks, and counting through


def test_who_neither_signed_up_nor_is_in_the_team_is_told_of_the_look(app) -> None:
    """They are told once a day for each event; expected people are on the leader's list anyway."""
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei)
        make.sign_up(event, cast.wang)
        cast.zhao.number = volunteer_number(816)
        far = make.volunteer("周远", area_id=make.area("东街").id, number=volunteer_number(815))
        db.session.flush()
        by, event_id, why = acting(cast.li_mei), event.id, f"{gate.LOOKED}：{event.title}"
        ids, numbers = (far.id, cast.zhao.id), (far.number, cast.zhao.number)

    def look(typed: str, at=MORNING) -> list[tuple[int, str, str, int]]:
        with transaction(write=False):
            gate.found(typed, event_id, by=by, at=at)
        kept = db.session.scalars(select(Look).order_by(Look.id))
        return [(each.volunteer_id, each.field, each.why, each.account_id) for each in kept]

    with app.app_context():
        assert look("王建国") == []
        for typed in (numbers[0], numbers[0], numbers[1]):
            kept = look(typed)
        assert kept == [(id_, "gate", why, by.account_id) for id_ in ids]
        assert len(look(numbers[0], MORNING + timedelta(days=1))) == 3


def test_who_is_named_in_the_question_about_a_newcomer_is_told_of_the_look(app) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei)
        known = make.volunteer("孙奶奶", area_id=cast.team.area_id)
        by, event_id, known_id = acting(cast.li_mei), event.id, known.id
    newcomer = RegisterIn("孙奶奶", None, consent=True)
    with app.app_context():
        for _again in range(2):
            with pytest.raises(MaybeSamePerson), transaction():
                gate.take_in(event_id, newcomer, by=by, at=MORNING)
        kept = db.session.execute(select(Look.volunteer_id, Look.field, Look.account_id)).all()
        assert kept == [(known_id, "gate", by.account_id)]
