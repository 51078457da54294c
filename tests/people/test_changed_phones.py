"""A phone that changes: whom it opens, what ends, whom it ties; and who tries to use that."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make import MORNING, PASSWORD, Cast, acting
from tests.people.test_person_changes import change, found, told
from volunteer_service.attendance import complaints
from volunteer_service.db import db, settle_refusal
from volunteer_service.errors import NotFound, SignInNeeded
from volunteer_service.people.authentication import (
    accounts,
    known_devices,
    one_time_codes,
    self_registration,
    sessions,
    sign_in,
)
from volunteer_service.people.authentication.sign_in import SignInRefused, Whence
from volunteer_service.people.authorization import conflicts
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.authorization.conflicts import SecondPersonNeeded
from volunteer_service.people.changes import own_changes, person_values, phone_passing
from volunteer_service.people.changes.change_models import PersonChange
from volunteer_service.people.changes.person_change_refusals import (
    ChangedMeanwhile,
    NothingToChange,
    PhoneHeldElsewhere,
)
from volunteer_service.people.models import Account, Guardian, Volunteer
from volunteer_service.people.registrations import registration, registration_fields

NEW = "13912345678"
HOME = Whence("192.0.2.1", "the browser at home")
DAY = timedelta(days=1)


@pytest.fixture
def cast(session: None) -> Cast:
    return make.cast()


def own(account: Account, phone: str, *, present: str = PASSWORD, at=MORNING) -> PersonChange:
    person = db.session.get_one(Volunteer, account.volunteer_id)
    seen = person_values.mark(person, "phone")
    return own_changes.change_own_phone(
        account.id, phone, present, seen=seen, by=acting(account), at=at
    )


def opens(login: str, password: str = PASSWORD, **where: object) -> int | None:
    try:
        return sign_in.sign_in(login, password, at=MORNING, **where).id
    except SignInRefused:
        settle_refusal()
        return None


def coordinates(cast: Cast, person: Volunteer) -> Actor:
    """周静 is this person too."""
    before = select(Account).where(Account.volunteer_id == person.id)
    for account in db.session.scalars(before):
        account.volunteer_id = None
    db.session.flush()
    cast.coordinator.volunteer_id = person.id
    db.session.flush()
    return acting(cast.coordinator)


# Changed by the person


def test_one_changes_ones_own_with_the_present_password(cast: Cast) -> None:
    old = cast.wang.phone
    with pytest.raises(accounts.PasswordWrong):
        own(cast.wang_account, NEW, present="not this one")
    assert cast.wang.phone == old
    row = own(cast.wang_account, "139 1234 5678")
    assert (cast.wang.phone, cast.wang.phone_confirmed_at) == (NEW, None)
    assert person_values.was_and_now(row) == ({"phone": old}, {"phone": NEW})
    assert (found("5678"), found(old)) == (["王建国"], [])
    assert told(cast.wang) == ["person_changed"]
    with pytest.raises(NothingToChange):
        own(cast.wang_account, NEW)


def test_nobody_changes_it_through_another_s_account(cast: Cast) -> None:
    seen = person_values.mark(cast.wang, "phone")
    for account in (cast.zhao_account, cast.coordinator):
        with pytest.raises(NotFound):
            own_changes.change_own_phone(
                cast.wang_account.id, NEW, PASSWORD, seen=seen, by=acting(account), at=MORNING
            )


def test_a_stale_page_is_told_what_is_now(cast: Cast) -> None:
    seen = person_values.mark(cast.wang, "phone")
    change(cast, "phone", phone=NEW)
    with pytest.raises(ChangedMeanwhile, match=r"139\*\*\*\*5678"):
        own_changes.change_own_phone(
            cast.wang_account.id,
            "13900000009",
            PASSWORD,
            seen=seen,
            by=acting(cast.wang_account),
            at=MORNING,
        )


# What ends


@pytest.mark.parametrize("by_staff", [True, False])
def test_sessions_devices_tokens_and_codes_of_the_old_phone_are_dead(
    cast: Cast, by_staff: bool
) -> None:
    key = sessions.begin(cast.wang_account, device="x", browser=HOME.browser, at=MORNING)
    by = acting(cast.second)
    _account, code = one_time_codes.issue_code_to(cast.wang.id, by=by, at=MORNING)
    old = cast.wang.phone
    change(cast, "phone", phone=NEW) if by_staff else own(cast.wang_account, NEW)
    with pytest.raises(SignInNeeded):
        sessions.resume(key, door="page", at=MORNING)
    assert known_devices.known_on(HOME.browser) == set()
    with pytest.raises(one_time_codes.CodeRefused):
        one_time_codes.use_code("wang", code, "my own words", whence=HOME, by=None, at=MORNING)
    assert opens(old) is None
    assert opens(old, whence=HOME) is None
    assert opens(old, name="王建国") is None
    assert opens(NEW, name="王建国") == cast.wang_account.id


def test_staff_who_saw_the_phone_confirm_it(cast: Cast) -> None:
    change(cast, "phone", phone=NEW)
    assert cast.wang.phone_confirmed_at is None
    assert opens(NEW) is None
    change(cast, "phone", phone="13912345679", in_hand=True)
    assert (cast.wang.phone_confirmed_at, cast.wang.phone_confirmed_by) == (
        MORNING,
        cast.coordinator.id,
    )
    assert opens("13912345679") == cast.wang_account.id


# A phone that passes on


def test_a_phone_that_was_given_up_opens_its_new_owner_alone(cast: Cast) -> None:
    phone = cast.wang.phone
    own(cast.wang_account, NEW)
    change(cast, "phone", person=cast.zhao, phone=phone, in_hand=True)
    assert opens(phone) == cast.zhao_account.id
    assert opens(phone, name="王建国") is None
    assert opens(phone, name="赵芳") == cast.zhao_account.id


def test_a_phone_that_passed_on_unsaid_is_taken_from_the_old_entry(cast: Cast) -> None:
    phone = cast.wang.phone
    known_devices.remember_device(cast.wang_account, HOME.browser, at=MORNING)
    change(cast, "phone", person=cast.zhao, phone=phone, in_hand=True)
    assert opens(phone) is None
    by = acting(cast.second)
    phone_passing.pass_phone_on(cast.zhao.id, reason="号码换了人", by=by, at=MORNING)
    assert (cast.wang.phone, cast.wang.phone_key) == (None, None)
    for whence in (Whence(), HOME):
        assert opens(phone, whence=whence) == cast.zhao_account.id
        assert opens(phone, name="王建国", whence=whence) is None
    assert opens("wang") == cast.wang_account.id
    assert "phone_passed_on" in told(cast.wang)
    row = db.session.scalars(select(PersonChange).order_by(PersonChange.id.desc())).first()
    assert row is not None
    assert (row.volunteer_id, person_values.was_and_now(row)) == (
        cast.wang.id,
        ({"phone": phone}, None),
    )
    with pytest.raises(NothingToChange):
        phone_passing.pass_phone_on(cast.zhao.id, reason="再来一次", by=by, at=MORNING)


def test_staff_of_one_place_take_no_phone_from_another_s_people(cast: Cast) -> None:
    change(cast, "phone", person=cast.zhao, phone=cast.wang.phone)
    there = make.account("there", "渤海管理员", role="coordinator", area=cast.elsewhere)
    with pytest.raises(PhoneHeldElsewhere):
        phone_passing.pass_phone_on(cast.zhao.id, reason="换人", by=acting(there), at=MORNING)
    for account in (cast.wang_account, cast.desk, cast.li_mei):
        with pytest.raises(Exception, match="没有"):
            phone_passing.pass_phone_on(cast.zhao.id, reason="换", by=acting(account), at=MORNING)
    assert cast.wang.phone_key == cast.zhao.phone_key


def test_nobody_takes_their_own_or_a_relative_s_phone_from_others(cast: Cast) -> None:
    change(cast, "phone", person=cast.zhao, phone=cast.wang.phone)
    with pytest.raises(conflicts.OwnCase):
        phone_passing.pass_phone_on(
            cast.zhao.id, reason="换人", by=coordinates(cast, cast.zhao), at=MORNING
        )
    with pytest.raises(conflicts.OwnCase):
        phone_passing.pass_phone_on(
            cast.zhao.id, reason="换人", by=coordinates(cast, cast.wang), at=MORNING
        )


# Taking over


def test_taking_a_victim_s_phone_opens_and_locks_nothing(cast: Cast) -> None:
    victim = cast.wang.phone
    namesake = make.volunteer("王建国", team=cast.other_team)
    thief = make.account("thief", "王建国", volunteer=namesake)
    own(thief, victim)
    # The thief's password opens the thief's account at most, the victim's own the victim's.
    assert opens(victim) == cast.wang_account.id
    assert opens(victim, name="王建国") == cast.wang_account.id
    assert opens(victim, "wrong, though long") is None
    assert told(cast.wang) == ["phone_given_again"]


def test_whoever_changes_a_phone_does_not_claim_the_account(cast: Cast) -> None:
    asked = registration_fields.RegisterIn(
        "周纸", "13900000001", True, identity="980101199003071235", area_id=cast.community.id
    )
    person = registration.register(asked, by=acting(cast.second), at=MORNING)
    change(cast, "phone", person=person, phone=NEW, in_hand=True)
    claim = ("周纸", NEW, "980101199003071235", "a password of mine")
    stranger = Actor(None, None, "", "page")
    with pytest.raises(self_registration.ClaimRefused):
        self_registration.claim(*claim, by=stranger, at=MORNING + 29 * DAY)
    assert self_registration.claim(*claim, by=stranger, at=MORNING + 31 * DAY).volunteer == person


def test_who_set_a_phone_is_no_second_person_to_its_account(cast: Cast) -> None:
    clerk = make.volunteer("柜员", team=cast.other_team)
    account = make.account("guiyuan", "柜员", role="desk", area=cast.community, volunteer=clerk)
    change(cast, "phone", person=clerk, phone=NEW, who="admin")
    for at, is_second in ((MORNING + 29 * DAY, False), (MORNING + 31 * DAY, True)):
        why_not = conflicts.why_not(acting(account), cast.admin.id, at=at)
        assert (why_not is None) is is_second


# Ties


def decides(cast: Cast, by: Actor, *, at=MORNING + DAY) -> bool:
    """Whether 周静 may write a complaint about 王建国 down."""
    try:
        complaints.complain(cast.wang.id, happened_on=MORNING.date(), words="迟到", by=by, at=at)
    except SecondPersonNeeded:
        return False
    return True


def test_who_gives_a_shared_phone_up_is_tied_for_30_days_more(cast: Cast) -> None:
    mine = make.volunteer("周静", phone=cast.wang.phone, team=cast.other_team)
    by = coordinates(cast, mine)
    assert not decides(cast, by)
    own(cast.coordinator, NEW)
    by = acting(cast.coordinator)
    assert not decides(cast, by)
    assert not decides(cast, by, at=MORNING + 29 * DAY)
    assert decides(cast, by, at=MORNING + 31 * DAY)


def test_nor_does_the_other_side_s_change_help(cast: Cast) -> None:
    mine = make.volunteer("周静", phone=cast.wang.phone, team=cast.other_team)
    by = coordinates(cast, mine)
    own(cast.wang_account, NEW)
    assert not decides(cast, by)


def test_a_guardian_who_is_replaced_ties_for_30_days_more(cast: Cast) -> None:
    mine = make.volunteer("周静", team=cast.other_team)
    db.session.add(Guardian(volunteer_id=cast.wang.id, name="周静", phone=mine.phone))
    cast.wang.born_on = MORNING.date() - timedelta(days=3000)
    db.session.flush()
    by = coordinates(cast, mine)
    to = {"guardian_name": "王大", "guardian_phone": "13900000008"}
    change(cast, "guardian", who="second", **to)
    assert not decides(cast, by)
    assert decides(cast, by, at=MORNING + 31 * DAY)


def test_an_accused_who_takes_every_coordinator_s_phone_keeps_nobody_from_deciding(
    cast: Cast,
) -> None:
    mine = make.volunteer("周静", team=cast.other_team)
    second = make.volunteer("钱伟", team=cast.other_team)
    cast.second.volunteer_id = second.id
    by = coordinates(cast, mine)
    own(cast.wang_account, mine.phone or "")
    assert decides(cast, by)
    own(cast.wang_account, second.phone or "")
    own(cast.wang_account, NEW)
    assert decides(cast, by)
    assert decides(cast, acting(cast.second))


def test_but_who_says_to_share_a_phone_decides_on_nobody_of_it(cast: Cast) -> None:
    mine = make.volunteer("周静", team=cast.other_team)
    coordinates(cast, mine)
    own(cast.coordinator, cast.wang.phone or "")
    assert not decides(cast, acting(cast.coordinator))
