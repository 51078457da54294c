"""The leader's scanner: which cards act, and which only lead to a question."""

from base64 import b64decode
from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select

from tests import make
from volunteer_service.attendance.check_ins import check_in, names_taken_along, scanner
from volunteer_service.attendance.models import Scan
from volunteer_service.attendance.refusals import CardUnknown, OwnTick, ScanIdReused, ShiftNeeded
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.events.models import Attendance, Post, Shift
from volunteer_service.identifiers import check_characters
from volunteer_service.people.cards import volunteer_cards
from volunteer_service.teams import member_cards


@pytest.fixture
def card(cast):
    return card_of(cast, cast.wang)


def card_of(cast, person) -> str:
    made = member_cards.print_cards(
        cast.team.id,
        {person.id},
        print_key=f"a-print-for-{person.id}",
        by=make.acting(cast.li_mei),
        at=make.MORNING,
    )
    return made[0].url


def shown(cast, event, text, minute=0, scan_id=None, **how):
    at = make.MORNING + timedelta(minutes=minute)
    name = scan_id or f"scan-{minute}-{text[-6:]}"
    by = how.pop("by", None) or make.acting(cast.li_mei)
    return scanner.scan_at_gate(event.id, text, scan_id=name, by=by, at=at, **how)


def test_a_card_checks_in_and_out_and_is_graded_as_a_scan(cast, event, card) -> None:
    entered, left = shown(cast, event, card), shown(cast, event, card, 119)
    assert (entered.state, entered.name, left.state) == ("in", "王*国", "out")
    presence = db.session.scalars(select(Attendance)).one()
    assert (presence.grade, presence.checked_out_at) == ("scanned", left.at)
    assert set(db.session.scalars(select(Scan.source))) == {"card"}
    assert set(db.session.scalars(select(Scan.account_id))) == {cast.li_mei.id}


def test_a_typed_number_is_a_leader_s_tick(cast, event) -> None:
    cast.wang.number = check_characters.volunteer_number(77)
    assert shown(cast, event, cast.wang.number).state == "in"
    assert db.session.scalar(select(Attendance.grade)) == "leader"


def test_the_same_card_once_more_changes_nothing(cast, event, card) -> None:
    shown(cast, event, card)
    again = shown(cast, event, card, scan_id="another-scan")
    assert (again.state, again.name) == ("again", "王*国")
    assert db.session.scalars(select(Attendance)).one().checked_out_at is None


def test_an_exit_that_earns_nothing_yet_only_asks(cast, event, card) -> None:
    shown(cast, event, card)
    asked = shown(cast, event, card, 30)
    assert (asked.state, asked.minutes_short > 0) == ("early", True)
    assert db.session.scalars(select(Attendance)).one().checked_out_at is None
    sure = shown(cast, event, card, 31, is_sure=True, kind="out")
    assert sure.state == "out"


def test_the_same_scan_id_gets_the_same_answer(cast, event, card) -> None:
    first = shown(cast, event, card, scan_id="once-only")
    again = shown(cast, event, card, 3, scan_id="once-only")
    assert (first.state, again.state, again.at) == ("in", "in", first.at)
    other = card_of(cast, make.volunteer("路过", team=cast.team))
    other = shown(cast, event, other, 4, scan_id="once-only")
    assert isinstance(other.refusal, ScanIdReused)


def test_an_ended_card_is_refused_and_nobody_is_named(cast, event, card) -> None:
    by = make.acting(cast.li_mei)
    at = make.MORNING
    member_cards.print_cards(cast.team.id, {cast.wang.id}, print_key="a-second-print", by=by, at=at)
    done = shown(cast, event, card)
    assert (done.state, done.name, type(done.refusal)) == ("refused", "", CardUnknown)


def test_nobody_scans_the_own_card(cast, event) -> None:
    leader = make.volunteer("李梅", team=cast.team)
    cast.li_mei.volunteer_id = leader.id
    db.session.flush()
    done = shown(cast, event, card_of(cast, leader))
    assert isinstance(done.refusal, OwnTick)


def test_who_may_choose_a_shift_is_sent_to_the_list(cast, event) -> None:
    post = Post(event_id=event.id, name="引导岗")
    db.session.add(post)
    db.session.flush()
    times = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    db.session.add(Shift(event_id=event.id, post_id=post.id, capacity=3, **times))
    db.session.flush()
    passer = make.volunteer("路过", team=cast.team)
    done = shown(cast, event, card_of(cast, passer))
    assert (done.state, type(done.refusal)) == ("choose", ShiftNeeded)
    assert db.session.scalars(select(Attendance)).all() == []


def test_a_stranger_scans_at_no_event_of_others(cast, event, card) -> None:
    for act in (
        lambda: shown(cast, event, card, by=make.acting(cast.wang_account)),
        lambda: check_in.scan_card(
            event.id,
            card=card,
            scan_id="a-strangers",
            by=make.acting(cast.wang_account),
            at=make.MORNING,
        ),
    ):
        with pytest.raises(NotFound):
            act()


def test_the_names_taken_along_open_with_their_card_alone(cast, event, card) -> None:
    taken = names_taken_along.sealed_names(event.id, by=make.acting(cast.li_mei))
    id_ = card.rsplit("/", 1)[1]
    assert list(taken) == [sha256(id_.encode()).hexdigest()]
    packed = b64decode(taken[sha256(id_.encode()).hexdigest()])
    # As the phone derives it, from the card alone.
    derive = HKDF(SHA256(), 32, salt=b"", info=b"volunteer_service/card-name")
    opened = AESGCM(derive.derive(id_.encode())).decrypt(packed[:12], packed[12:], None)
    assert opened.decode().strip() == "王*国"
    assert b"\xe7\x8e\x8b" not in packed
    with pytest.raises(InvalidTag):
        AESGCM(sha256(id_.encode()).digest()).decrypt(packed[:12], packed[12:], None)


def test_of_an_ended_card_or_who_is_not_expected_no_name_goes_along(cast, event, card) -> None:
    by = make.acting(cast.li_mei)
    card_of(cast, cast.li_mei)
    assert len(names_taken_along.sealed_names(event.id, by=by)) == 1
    volunteer_cards.end_card(cast.wang.id, by=make.acting(cast.coordinator), at=make.MORNING)
    assert names_taken_along.sealed_names(event.id, by=by) == {}
