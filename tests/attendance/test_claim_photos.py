"""Photos of a claim: painted anew, seen by who may see the record, erased with the claim."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select

from tests import make
from tests.attendance.test_claims import LATER, claimed
from tests.paper.hostile_scans import photo
from volunteer_service.attendance import closing, refusals
from volunteer_service.attendance.claim_photo_models import ClaimPhoto
from volunteer_service.attendance.records import (
    claim_photos,
    claim_refusals,
    claims,
    record_decisions,
)
from volunteer_service.db import db
from volunteer_service.errors import NotAllowed, NotFound
from volunteer_service.paper import uploaded_pages
from volunteer_service.paper.uploaded_pages import Page
from volunteer_service.people.personal_data.audit_looks import PurposeMissing

PAGES = [Page(b"\xff\xd8 %d" % n, 800, 600) for n in range(4)]


@pytest.fixture
def missed(cast, event):
    closing.close(event.id, by=make.acting(cast.li_mei), at=event.ends_at)
    return event.shifts[0]


def seen(row: ClaimPhoto, account) -> bytes:
    return claim_photos.claim_photo(row.id, by=make.acting(account), at=LATER)


def test_a_photo_goes_with_a_claim_without_what_the_file_said_of_the_place(cast, missed) -> None:
    made = uploaded_pages.pages(photo())
    record = claimed(cast, missed, photos=made)
    (row,) = claim_photos.claim_photos_of(record.id, by=make.acting(cast.wang_account))
    shown = seen(row, cast.wang_account)
    assert shown == made[0].jpeg
    with Image.open(BytesIO(shown)) as picture:
        assert dict(picture.getexif()) == {}
    assert seen(row, cast.li_mei) == shown
    for stranger, refused in ((cast.zhao_account, NotFound), (cast.desk, NotAllowed)):
        with pytest.raises(refused):
            seen(row, stranger)
        with pytest.raises(refused):
            claim_photos.claim_photos_of(record.id, by=make.acting(stranger))


def test_more_are_added_while_it_waits_and_three_at_most(cast, missed) -> None:
    record, mine = claimed(cast, missed), make.acting(cast.wang_account)
    for _twice in range(2):
        found = claim_photos.add_claim_photos(record.id, PAGES[:2], by=mine, at=LATER)
        assert len(found) == 2
    with pytest.raises(claim_refusals.TooManyClaimPhotos):
        claim_photos.add_claim_photos(record.id, PAGES, by=mine, at=LATER)
    with pytest.raises(NotFound):
        claim_photos.add_claim_photos(record.id, PAGES, by=make.acting(cast.li_mei), at=LATER)
    record_decisions.confirm([record.id], by=make.acting(cast.li_mei), at=LATER)
    with pytest.raises(refusals.RecordNotWaiting):
        claim_photos.add_claim_photos(record.id, PAGES[:1], by=mine, at=LATER)


def test_a_claim_with_too_many_is_not_made(cast, missed) -> None:
    with pytest.raises(claim_refusals.TooManyClaimPhotos), db.session.begin_nested():
        claimed(cast, missed, photos=PAGES)
    assert claims.claimable(cast.wang.id, at=LATER)
    assert db.session.scalar(select(func.count(ClaimPhoto.id))) == 0


def test_a_claim_taken_back_loses_its_photos(cast, missed) -> None:
    record = claimed(cast, missed, photos=PAGES[:1])
    claims.take_back_claim(record.id, by=make.acting(cast.wang_account), at=LATER)
    assert db.session.scalar(select(func.count(ClaimPhoto.id))) == 0


def test_an_auditor_says_why(cast, missed) -> None:
    record = claimed(cast, missed, photos=PAGES[:1])
    (row,) = claim_photos.of_claim(record.id)
    auditor = make.acting(cast.auditor)
    with pytest.raises(PurposeMissing):
        claim_photos.claim_photo(row.id, by=auditor, at=LATER)
    with_purpose = replace(auditor, purpose="抽查补报")
    assert claim_photos.claim_photo(row.id, by=with_purpose, at=LATER) == PAGES[0].jpeg
