"""Photos of events: who adds, sees and takes them down, and what is kept of them."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from tests import make
from tests.paper import hostile_scans as made
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotFound
from volunteer_service.events import event_photos, photo_refusals
from volunteer_service.events.models import Event
from volunteer_service.events.photo_models import EventPhoto
from volunteer_service.paper import uploaded_pages
from volunteer_service.people.models import Message

NOW = make.MORNING + timedelta(hours=1)


@pytest.fixture
def cast(session) -> make.Cast:
    return make.cast()


@pytest.fixture
def event(cast) -> Event:
    return make.event(team=cast.team, leader=cast.li_mei)


@pytest.fixture(scope="module")
def pages():
    return uploaded_pages.pages(made.photo(turned=True))


def add(cast, event, pages, **words):
    said = {"consent": "asked", "by": make.acting(cast.li_mei), "at": NOW, **words}
    return event_photos.add_photos(event.id, pages, **said)


def test_a_photo_is_painted_anew_with_a_thumbnail_and_no_metadata(cast, event, pages) -> None:
    (row,) = add(cast, event, pages, caption="护学")
    by = make.acting(cast.zhao_account)
    whole, small = (
        Image.open(BytesIO(event_photos.picture(row.id, is_small=each, by=by)))
        for each in (False, True)
    )
    assert whole.size == (row.width, row.height)
    assert max(small.size) == event_photos.THUMB_SIDE
    assert [dict(each.getexif()) for each in (whole, small)] == [{}, {}]
    assert b"SECRET" not in row.jpeg + row.thumb
    assert [each.caption for each in event_photos.listed(event.id, by=by)] == ["护学"]


def test_whom_it_shows_takes_it_down_and_it_does_not_come_back(cast, event, pages) -> None:
    (row,) = add(cast, event, pages)
    event_photos.take_photo_down(row.id, shows_me=True, by=make.acting(cast.zhao_account), at=NOW)
    assert (row.jpeg, row.thumb) == (None, None)
    kinds = select(Message.kind).where(Message.volunteer_id == cast.li_mei.volunteer_id)
    assert db.session.scalars(kinds).all() == ["photo_taken_down"]
    for gone in (
        lambda by: event_photos.picture(row.id, is_small=True, by=by),
        lambda by: event_photos.take_photo_down(row.id, shows_me=True, by=by, at=NOW),
    ):
        with pytest.raises(NotFound):
            gone(make.acting(cast.li_mei))
    with pytest.raises(photo_refusals.PhotoRefused):
        add(cast, event, pages)


def test_a_leader_takes_down_and_may_add_it_again(cast, event, pages) -> None:
    (row,) = add(cast, event, pages)
    with pytest.raises(NotFound):
        event_photos.take_photo_down(
            row.id, shows_me=False, by=make.acting(cast.zhao_account), at=NOW
        )
    event_photos.take_photo_down(row.id, shows_me=False, by=make.acting(cast.li_mei), at=NOW)
    assert event_photos.of_event(event) == []
    assert add(cast, event, pages, consent="nobody") == [row]
    assert len(db.session.scalars(select(EventPhoto)).all()) == 1


def test_consent_must_be_said_and_the_event_have_begun(cast, event, pages) -> None:
    with pytest.raises(Invalid):
        add(cast, event, pages, consent="yes")
    with pytest.raises(photo_refusals.NoPhotosYet):
        add(cast, event, pages, at=make.MORNING - timedelta(hours=1))
    event.state = "cancelled"
    with pytest.raises(photo_refusals.NoPhotosYet):
        add(cast, event, pages)
    with pytest.raises(NotFound):
        add(cast, event, pages, by=make.acting(cast.zhao_account))


def test_an_event_keeps_a_bounded_number(cast, event, pages, monkeypatch) -> None:
    monkeypatch.setattr(event_photos, "MOST", 1)
    add(cast, event, pages)
    add(cast, event, pages)
    with pytest.raises(photo_refusals.TooManyPhotos):
        add(cast, event, uploaded_pages.pages(made.photo((640, 480))))
