"""A birth date corrected so that somebody is a minor: what they were allowed is judged again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make import MORNING, acting
from tests.make_attendance import scan
from volunteer_service.db import db
from volunteer_service.events.models import SignUp
from volunteer_service.people.changes import person_change_lists, person_changes, person_values
from volunteer_service.people.changes.person_change_refusals import ChangedMeanwhile
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.people.models import Consent, Message, Volunteer
from volunteer_service.people.registrations import consents

BEFORE = MORNING - timedelta(days=2)
GUARDIAN = {"guardian_name": "王大", "guardian_phone": "13900000000"}
CHILDS_CARD = "98010120151231002X"


@pytest.fixture
def cast(session) -> make.Cast:
    found = make.cast()
    found.wang.born_on = date(1990, 3, 7)
    return found


def corrected(cast, born_on: date, *, at=BEFORE, **to: object) -> None:
    edit = PersonEdit(
        "born_on", "证件上写的", person_values.mark(cast.wang, "born_on"), born_on=born_on, **to
    )
    person_changes.change_person(cast.wang.id, edit, by=acting(cast.coordinator), at=at)


def event(cast, *, dangerous: bool, **fields):
    row = make.event(team=cast.team, leader=cast.li_mei, capacity=1, **fields)
    row.posts[0].dangerous = dangerous
    db.session.flush()
    return row


def told(kind: str, *, account=None, person: Volunteer | None = None) -> list[dict[str, object]]:
    query = select(Message.facts).where(Message.kind == kind)
    if person is not None:
        query = query.where(Message.volunteer_id == person.id)
    if account is not None:
        query = query.where(Message.account_id == account.id)
    return list(db.session.scalars(query))


def test_a_place_on_a_dangerous_post_ends_and_the_next_one_gets_it(cast) -> None:
    forbidden, allowed = event(cast, dangerous=True), event(cast, dangerous=False)
    mine = make.sign_up(forbidden, cast.wang)
    next_ = make.sign_up(forbidden, cast.zhao, state="waiting")
    harmless = make.sign_up(allowed, cast.wang)
    corrected(cast, date(2010, 4, 1), **GUARDIAN)
    assert [row.state for row in (mine, next_, harmless)] == ["cancelled", "confirmed", "confirmed"]
    facts = {"event": forbidden.id, "title": forbidden.title, "day": "2026-05-16"}
    assert told("sign_up_withdrawn", person=cast.wang) == [facts]
    leader = db.session.get_one(Volunteer, cast.li_mei.volunteer_id)
    assert told("minor_at_post", person=leader) == [facts | {"outcome": "ended"}]
    assert told("made_minor", account=cast.coordinator) == [
        {"person": cast.wang.id, "number": cast.wang.number, "places": 1, "consents": 0}
    ]


def test_who_is_18_by_the_day_of_the_shift_keeps_the_place(cast) -> None:
    row = make.sign_up(event(cast, dangerous=True), cast.wang)
    corrected(cast, date(2008, 5, 16), **GUARDIAN)
    assert row.state == "confirmed"


def test_who_is_checked_in_stays_until_the_leader_acts(cast) -> None:
    there = event(cast, dangerous=True)
    row = make.sign_up(there, cast.wang)
    scan(there, cast.wang)
    corrected(cast, date(2010, 4, 1), at=MORNING + timedelta(minutes=5), **GUARDIAN)
    assert row.state == "confirmed"
    leader = db.session.get_one(Volunteer, cast.li_mei.volunteer_id)
    assert [each["outcome"] for each in told("minor_at_post", person=leader)] == ["inside"]


def test_the_guardian_s_consent_takes_the_place_of_their_own(cast) -> None:
    by = acting(cast.wang_account)
    consents.give_consent(cast.wang.id, "publish", by=by, at=BEFORE)
    corrected(cast, date(2010, 4, 1), **GUARDIAN)
    standing = select(Consent).where(
        Consent.volunteer_id == cast.wang.id, Consent.withdrawn_at.is_(None)
    )
    assert [(row.purpose, row.by_guardian) for row in db.session.scalars(standing)] == [
        ("register", True)
    ]
    assert cast.wang.state == "active"
    assert told("made_minor", account=cast.coordinator)[0]["consents"] == 1
    kept = person_change_lists.changes_of(cast.wang.id, by=acting(cast.coordinator), at=BEFORE)
    assert {row.field for row in kept} == {"born_on", "consent"}


def test_an_identity_number_that_says_so_is_judged_alike_and_both_are_told(cast) -> None:
    row = make.sign_up(event(cast, dangerous=True), cast.wang)
    seen = person_values.mark(cast.wang, "identity")
    edit = PersonEdit("identity", "证件", seen, identity=CHILDS_CARD, **GUARDIAN)
    asked = person_changes.change_person(cast.wang.id, edit, by=acting(cast.coordinator), at=BEFORE)
    assert (asked.state, row.state) == ("waiting", "confirmed")
    person_changes.decide_change(asked.id, approve=True, by=acting(cast.second), at=BEFORE)
    assert row.state == "cancelled"
    for account in (cast.coordinator, cast.second):
        assert len(told("made_minor", account=account)) == 1


def test_a_correction_among_adults_or_among_minors_judges_nothing(cast) -> None:
    row = make.sign_up(event(cast, dangerous=True), cast.wang)
    corrected(cast, date(1991, 1, 1))
    assert (row.state, told("made_minor")) == ("confirmed", [])
    corrected(cast, date(2010, 4, 1), **GUARDIAN)
    corrected(cast, date(2011, 4, 1))
    assert len(told("made_minor")) == 1
    assert db.session.scalars(select(SignUp.state)).all() == ["cancelled"]


def test_an_asked_identity_number_says_which_birth_date_came_meanwhile(cast) -> None:
    mark = person_values.mark(cast.wang, "identity")
    asked = PersonEdit("identity", "补登", mark, identity="110101195610011234")
    by = acting(cast.coordinator)
    row = person_changes.change_person(cast.wang.id, asked, by=by, at=BEFORE)
    corrected(cast, date(1956, 10, 2))
    with pytest.raises(ChangedMeanwhile) as refused:
        person_changes.decide_change(row.id, approve=True, by=acting(cast.second), at=MORNING)
    assert "身份证号没有登记，出生日期1956-10-02，性别" in str(refused.value)
