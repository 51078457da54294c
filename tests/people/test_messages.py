"""Messages: declared kinds, one's own only, unread until marked."""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from tests import make
from tests.make import MORNING, acting
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.messages import messages
from volunteer_service.people.messages.message_facts import As
from volunteer_service.people.messages.message_kinds import KINDS
from volunteer_service.people.models import Message
from volunteer_service.people.personal_data.personal_data_export import export_of

SECOND = timedelta(seconds=1)


def test_a_person_reads_their_own_newest_first(session: None) -> None:
    cast = make.cast()
    messages.tell(cast.wang.id, "points_adjusted", at=MORNING, points=1250)
    messages.tell(cast.wang.id, "certificate_issued", at=MORNING + SECOND, number="2026")
    messages.tell(cast.zhao.id, "points_reversed", at=MORNING, points=-100)
    found = messages.messages_of(acting(cast.wang_account)).items
    assert [(each.kind, each.facts) for each in found] == [
        ("certificate_issued", {"number": "2026"}),
        ("points_adjusted", {"points": 1250}),
    ]
    assert messages.unread(acting(cast.wang_account)) == 2


def test_reading_marks_one_s_own_up_to_what_was_shown(session: None) -> None:
    cast = make.cast()
    for number in range(3):
        messages.tell(cast.wang.id, "points_adjusted", at=MORNING, points=number + 1)
    messages.tell(cast.zhao.id, "points_adjusted", at=MORNING, points=9)
    by = acting(cast.wang_account)
    third, second, first = messages.messages_of(by).items
    messages.mark_read(second.id, by=by, at=MORNING + SECOND)
    assert [each.read_at for each in (first, second, third)] == [MORNING + SECOND] * 2 + [None]
    messages.mark_read(2**63 - 1, by=by, at=MORNING + 2 * SECOND)
    assert first.read_at == MORNING + SECOND
    assert messages.unread(by) == 0
    assert messages.unread(acting(cast.zhao_account)) == 1


def test_staff_read_what_their_account_was_told_and_nobody_s(session: None) -> None:
    cast = make.cast()
    messages.tell(cast.wang.id, "points_adjusted", at=MORNING, points=1)
    messages.tell_account(
        cast.coordinator.id, "role_granted", at=MORNING, role="desk", place="庆丰社区"
    )
    row = db.session.scalars(select(Message).where(Message.kind == "role_granted")).one()
    assert (row.volunteer_id, row.account_id) == (None, cast.coordinator.id)
    mine, admin = acting(cast.coordinator), acting(cast.admin)
    assert [each.id for each in messages.messages_of(mine).items] == [row.id]
    assert messages.messages_of(admin).items == []
    messages.mark_read(2**63 - 1, by=admin, at=MORNING)
    assert (messages.unread(mine), messages.unread(acting(cast.wang_account))) == (1, 1)
    messages.mark_read(row.id, by=mine, at=MORNING)
    assert (messages.unread(mine), messages.unread(acting(cast.wang_account))) == (0, 1)


def test_an_account_s_person_is_told_as_the_person(session: None) -> None:
    cast = make.cast()
    messages.tell_account(cast.wang_account.id, "points_adjusted", at=MORNING, points=1)
    row = db.session.scalars(select(Message)).one()
    assert (row.volunteer_id, row.account_id) == (cast.wang.id, None)


def test_what_an_account_was_told_stays_in_sight_once_its_person_is_known(session: None) -> None:
    cast = make.cast()
    facts = {"role": "desk", "place": "庆丰社区"}
    messages.tell_account(cast.coordinator.id, "role_granted", at=MORNING, **facts)
    cast.coordinator.volunteer_id = make.volunteer("周静").id
    db.session.flush()
    messages.tell_account(cast.coordinator.id, "role_revoked", at=MORNING, **facts)
    by = acting(cast.coordinator)
    found = [each.kind for each in messages.messages_of(by).items]
    assert found == ["role_revoked", "role_granted"]
    assert messages.unread(by) == 2


def test_the_export_holds_what_the_account_was_told_before(session: None) -> None:
    cast = make.cast()
    messages.tell_account(cast.second.id, "phone_confirmed", at=MORNING)
    messages.tell_account(cast.coordinator.id, "phone_confirmed", at=MORNING)
    person = make.volunteer("周静")
    cast.coordinator.volunteer_id = person.id
    db.session.flush()
    messages.tell(person.id, "reinstated", at=MORNING)
    held = export_of(person.id, by=acting(cast.coordinator), at=MORNING)
    assert [row["kind"] for row in held["messages"]] == ["reinstated", "phone_confirmed"]


def test_the_service_itself_has_no_messages(session: None) -> None:
    with pytest.raises(NotFound):
        messages.messages_of(Actor.system())


@pytest.mark.parametrize("readers", [{}, {"volunteer_id": 1, "account_id": 1}])
def test_a_message_has_one_reader(session: None, readers: dict[str, int]) -> None:
    make.cast()
    values = {"kind": "points_adjusted", "facts": {}, "at": MORNING} | readers
    with pytest.raises(IntegrityError, match="one_reader"):
        db.session.execute(insert(Message).values(values))


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("points_adjusted", {}),
        ("points_adjusted", {"points": 1, "reason": "补记"}),
        ("gift_handed_over", {"order": 1, "proxy": "maybe"}),
        ("dispute_decided", {"record": 1, "day": "2026-05-16", "outcome": "open"}),
    ],
)
def test_facts_are_those_that_the_kind_declares(
    session: None, kind: str, facts: dict[str, object]
) -> None:
    cast = make.cast()
    with pytest.raises(ValueError, match=kind):
        messages.tell(cast.wang.id, kind, at=MORNING, **facts)
    assert db.session.scalar(select(func.count(Message.id))) == 0


def test_an_unknown_kind_is_no_message(session: None) -> None:
    with pytest.raises(KeyError):
        messages.tell(1, "hello", at=MORNING)


def test_many_are_told_at_once(session: None) -> None:
    cast = make.cast()
    many = [(cast.wang.id, {"points": n + 1}) for n in range(messages.CHUNK + 1)]
    messages.tell_each("points_adjusted", iter(many), at=MORNING)
    assert messages.unread(acting(cast.wang_account)) == messages.CHUNK + 1


def test_every_kind_that_is_about_one_thing_names_it() -> None:
    of_one = {"record", "order", "certificate", "complaint"}
    keys = {
        name: [said for said in kind.facts.values() if said is As.KEY]
        for name, kind in KINDS.items()
    }
    assert [
        name for name, kind in KINDS.items() if kind.about in of_one and len(keys[name]) != 1
    ] == []
