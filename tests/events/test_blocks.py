"""The block of sign-ups after too many no-shows is told, shown, and lifted by somebody else with a
reason.
"""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make, signing
from volunteer_service.attendance import closing, reopening
from volunteer_service.db import db, transaction
from volunteer_service.events import refusals, sign_ups
from volunteer_service.journal import Entry
from volunteer_service.people.authorization.conflicts import OwnCase
from volunteer_service.people.models import Message, Volunteer
from volunteer_service.visible_text import NothingSaid

NOW = make.MORNING


def _told() -> list[tuple[int | None, str]]:
    rows = db.session.scalars(db.select(Message).order_by(Message.id))
    return [(row.volunteer_id, row.kind) for row in rows]


def _journalled() -> list[tuple[int | None, object]]:
    rows = db.session.scalars(db.select(Entry).where(Entry.verb == "events.lift_block"))
    return [(row.account_id, row.facts.get("reason")) for row in rows]


def test_who_is_blocked_is_told(session: None) -> None:
    cast = make.cast()
    for days in range(5):
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=NOW + timedelta(days=days))
        place = make.sign_up(event, cast.wang)
        sign_ups.mark_no_shows(event, [place], by=make.acting(cast.li_mei), at=event.ends_at)
    assert _told() == [(cast.wang.id, "sign_up_blocked")]


def test_lifting_is_told_and_kept_with_its_reason(session: None) -> None:
    cast = make.cast()
    cast.wang.no_show_blocked_at = NOW
    sign_ups.lift_block(cast.wang.id, "病了", by=make.acting(cast.coordinator), at=NOW)
    assert cast.wang.no_show_blocked_at is None
    assert _told() == [(cast.wang.id, "sign_up_block_lifted")]
    assert _journalled() == [(cast.coordinator.id, "病了")]
    with pytest.raises(refusals.NotBlocked):
        sign_ups.lift_block(cast.wang.id, "再来", by=make.acting(cast.coordinator), at=NOW)
    assert len(_told()) == len(_journalled()) == 1


@pytest.mark.parametrize("reason", ["", "  ", "\u200b\u200b"])
def test_without_a_reason_it_stays(session: None, reason: str) -> None:
    cast = make.cast()
    cast.wang.no_show_blocked_at = NOW
    with pytest.raises(NothingSaid):
        sign_ups.lift_block(cast.wang.id, reason, by=make.acting(cast.coordinator), at=NOW)
    assert cast.wang.no_show_blocked_at == NOW
    assert _told() == []


def test_nobody_lifts_their_own(session: None) -> None:
    cast = make.cast()
    cast.coordinator.volunteer_id = cast.wang.id
    cast.wang_account.volunteer_id = None
    cast.wang.no_show_blocked_at = NOW
    db.session.flush()
    with pytest.raises(OwnCase):
        sign_ups.lift_block(cast.wang.id, "病了", by=make.acting(cast.coordinator), at=NOW)
    assert cast.wang.no_show_blocked_at == NOW


def test_nor_by_reopening_what_they_did_not_come_to(session: None) -> None:
    """Who leads an event holds their own lost place again, and with it the block would end."""
    cast = make.cast()
    me = cast.li_mei.volunteer
    assert me is not None
    for days in range(5):
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=NOW + timedelta(days=days))
        make.sign_up(event, me)
        at = event.ends_at + timedelta(minutes=5)
        closing.close(event.id, by=make.acting(cast.coordinator), at=at)
    blocked = me.no_show_blocked_at
    assert blocked is not None
    with pytest.raises(OwnCase), db.session.begin_nested():
        reopening.reopen(event.id, reason="有人还在", by=make.acting(cast.li_mei), at=at)
    db.session.expire_all()
    assert (me.no_show_blocked_at, event.state) == (blocked, "closed")
    reopening.reopen(event.id, reason="有人还在", by=make.acting(cast.coordinator), at=at)
    assert me.no_show_blocked_at is None


def _blocked(app: Flask) -> tuple[int, str]:
    with app.app_context(), transaction():
        cast = make.cast()
        cast.wang.no_show_blocked_at = NOW
        return cast.wang.id, signing.token_for(cast.coordinator)["Authorization"]


def _block_of(app: Flask, volunteer_id: int) -> object:
    with app.app_context(), transaction(write=False):
        return db.session.get_one(Volunteer, volunteer_id).no_show_blocked_at


def test_the_page_shows_and_lifts_it(app: Flask, client: FlaskClient) -> None:
    wang, _token = _blocked(app)
    signing.sign_in(client, "zhoujing")
    path = f"/people/{wang}"
    assert "报名已暂停" in client.get(path).get_data(as_text=True)
    form = signing.hidden(client, path)
    without = client.post(f"{path}/lift-block", data=form | {"lift_reason": " "})
    assert without.status_code == 422
    assert _block_of(app, wang) == NOW
    done = client.post(f"{path}/lift-block", data=form | {"lift_reason": "家人生病"})
    assert (done.status_code, done.location) == (303, path)
    assert _block_of(app, wang) is None
    assert "报名已暂停" not in client.get(path).get_data(as_text=True)


def test_so_does_the_api(app: Flask, client: FlaskClient) -> None:
    wang, token = _blocked(app)
    path, headers = f"/api/v1/volunteers/{wang}", {"Authorization": token}
    assert client.get(path, headers=headers).get_json()["sign_up_blocked_at"] is not None
    without = client.post(f"{path}/lift-block", json={"reason": "　"}, headers=headers)
    assert without.status_code == 422
    assert _block_of(app, wang) == NOW
    done = client.post(f"{path}/lift-block", json={"reason": "家人生病"}, headers=headers)
    assert (done.status_code, done.get_json()["sign_up_blocked_at"]) == (200, None)
