"""The code on a volunteer's phone: valid for half a minute, ended with the sessions, shown without
network.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from volunteer_service import settings
from volunteer_service.attendance.check_ins import check_in, scanner
from volunteer_service.attendance.models import Scan
from volunteer_service.attendance.refusals import CardUnknown
from volunteer_service.db import db
from volunteer_service.errors import NotFound
from volunteer_service.paper.qr import qr_matrix
from volunteer_service.people.cards import personal_codes, shown_codes, volunteer_cards
from volunteer_service.people.cards.personal_codes import PersonalCodeLapsed

NOW = make.MORNING


def after(seconds: float):
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def wang(cast):
    return make.acting(cast.wang_account)


def shown(by, at=NOW) -> str:
    return personal_codes.key_of(by, at=at).text


@pytest.mark.parametrize("seconds", [-30, -1, 0, 29, 30, 59])
def test_it_is_read_in_its_half_minute_and_one_around(cast, wang, seconds) -> None:
    read = shown_codes.read_shown(shown(wang), after(seconds))
    assert read == shown_codes.Shown(cast.wang.id, "personal")


@pytest.mark.parametrize("seconds", [-31, -3600, 60, 61, 86_400, 100 * 86_400])
def test_a_photo_of_it_is_dead_a_minute_later(wang, seconds) -> None:
    with pytest.raises(PersonalCodeLapsed):
        shown_codes.read_shown(shown(wang), after(seconds))


def test_the_digits_of_a_step_come_again_but_not_its_code(wang) -> None:
    a_turn = after(personal_codes.STEP_SECONDS * 32**4)
    assert shown(wang)[:-16] == shown(wang, a_turn)[:-16]
    assert shown_codes.read_shown(shown(wang), a_turn) is None


def test_no_other_person_or_step_can_be_written_in(cast, wang) -> None:
    zhao = make.acting(cast.zhao_account)
    mine, other, later = shown(wang), shown(zhao), shown(wang, after(300))
    for forged in (mine[:-16] + other[-16:], other[:-16] + mine[-16:], mine[:-16] + later[-16:]):
        assert shown_codes.is_shown(forged)
        assert shown_codes.read_shown(forged, NOW) is None


@pytest.mark.parametrize("change", ["epoch", "disabled_at"])
def test_signing_out_everywhere_ends_it(cast, wang, change) -> None:
    text = shown(wang)
    account = cast.wang_account
    setattr(account, change, account.epoch + 1 if change == "epoch" else NOW)
    db.session.flush()
    assert shown_codes.read_shown(text, NOW) is None


def test_whoever_says_this_was_not_me_has_none(cast, wang) -> None:
    text = shown(wang)
    cast.wang.state = "disowned"
    db.session.flush()
    assert shown_codes.read_shown(text, NOW) is None


def test_one_of_before_a_rotation_of_the_key_is_read(app, wang) -> None:
    text, old = shown(wang), settings.current()
    app.extensions["settings"] = replace(
        old, secret_key="another key of thirty-two letters", secret_key_previous=old.secret_key
    )
    try:
        assert shown_codes.read_shown(text, NOW) is not None
        assert shown(wang) != text
    finally:
        app.extensions["settings"] = old


def test_an_account_of_staff_alone_has_none(cast) -> None:
    with pytest.raises(NotFound):
        personal_codes.key_of(make.acting(cast.coordinator), at=NOW)


def test_its_address_stays_a_small_code(wang) -> None:
    payload = shown(wang).rpartition("/")[2]
    assert len(payload) == 29
    assert len(qr_matrix(f"HTTPS://VOL.EXAMPLE.CN/K/{payload}", "M")) <= 29


def test_a_leader_scans_it_as_a_card(cast, event, wang) -> None:
    by = make.acting(cast.li_mei)
    done = scanner.scan_at_gate(event.id, shown(wang), scan_id="of-a-phone", by=by, at=after(20))
    assert (done.state, done.name) == ("in", "王*国")
    assert db.session.scalar(select(Scan.source)) == "personal"


def test_one_scanned_without_network_is_read_as_of_the_tap(cast, event, wang) -> None:
    by = make.acting(cast.li_mei)
    done = check_in.scan_card(
        event.id,
        card=shown(wang, after(100)),
        scan_id="of-a-phone",
        tapped_at=after(110),
        sent_at=after(3000),
        by=by,
        at=after(3000),
    )
    assert (done.kind, done.at) == ("in", after(110))


def test_a_lapsed_one_tells_the_leader_what_to_do_and_names_nobody(cast, event, wang) -> None:
    by = make.acting(cast.li_mei)
    done = scanner.scan_at_gate(event.id, shown(wang), scan_id="an-old-one", by=by, at=after(90))
    assert (done.state, done.name, type(done.refusal)) == ("refused", "", PersonalCodeLapsed)


def test_a_card_and_a_code_are_told_apart(cast, event, wang) -> None:
    by = make.acting(cast.li_mei)
    card = volunteer_cards.make_cards([cast.wang], print_key="a-printed-form", by=by, at=NOW)[0]
    assert shown_codes.read_shown(card.url, NOW) == shown_codes.Shown(cast.wang.id, "card")
    for text in ("", "1", "王建国", "0" * 26, "1" + "0" * 28, "1" * 400):
        assert shown_codes.read_shown(text, NOW) is None
    with pytest.raises(CardUnknown):
        check_in.scan_card(event.id, card="1" + "0" * 28, scan_id="nobody-s", by=by, at=NOW)
