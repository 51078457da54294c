"""Codes: only what we signed is read."""

import dataclasses

import pytest

from tests import make
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.attendance.refusals import CodeInvalid
from volunteer_service.events import planning
from volunteer_service.paper.qr import qr_matrix


@pytest.fixture
def event(session):
    cast = make.cast()
    plan = planning.EventPlan(
        title="护学",
        content="护学",
        place="东门",
        starts_at=make.MORNING,
        ends_at=make.MORNING.replace(hour=3),
    )
    return planning.create(plan, team_id=cast.team.id, by=make.acting(cast.li_mei), at=make.MORNING)


def with_settings(app, monkeypatch, **fields):
    changed = dataclasses.replace(app.extensions["settings"], **fields)
    monkeypatch.setitem(app.extensions, "settings", changed)


def test_the_poster_offers_both_ways(event) -> None:
    code = event_codes.read(event_codes.token(event), make.MORNING)
    assert (code.event_code, code.kinds) == (event.code, ("in", "out"))


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", "https://vol.example.cn"])
def test_the_whole_address_stays_a_small_code(app, event, monkeypatch, base) -> None:
    with_settings(app, monkeypatch, base_url=base)
    url = event_codes.poster_url(event)
    assert url.startswith(f"{base}/c/")
    assert len(url) <= event_codes.LONGEST_URL
    assert len(qr_matrix(url, "M")) <= 33  # version 4


def test_purpose_event_and_version_are_under_the_mac(event) -> None:
    entrance = event_codes.token(event, event_codes.ENTRANCE)
    assert event_codes.read(entrance, make.MORNING).kinds == ("in",)
    other = event.code[:-1] + ("7" if event.code[-1] != "7" else "8")
    for forged in (
        entrance.replace("1i", "1o", 1),
        entrance.replace("1i", "1p", 1),
        entrance.replace("1i", "2i", 1),
        entrance.replace(event.code, other),
        entrance[:-1] + ("A" if entrance[-1] != "A" else "B"),
        entrance[:-1],
        "",
        "1p",
        "签到",
        "1x" + entrance[2:],
    ):
        with pytest.raises(CodeInvalid):
            event_codes.read(forged, make.MORNING)


def test_a_rotated_key_still_reads_old_posters_and_a_dropped_one_does_not(
    app, event, monkeypatch
) -> None:
    old_key = app.extensions["settings"].secret_key
    old = event_codes.token(event)
    new_key = "another-secret-key-another-secret-0123456789"
    with_settings(app, monkeypatch, secret_key=new_key, secret_key_previous=old_key)
    assert event_codes.token(event) != old
    assert event_codes.read(old, make.MORNING).event_code == event.code
    with_settings(app, monkeypatch, secret_key=new_key, secret_key_previous=None)
    with pytest.raises(CodeInvalid):
        event_codes.read(old, make.MORNING)
