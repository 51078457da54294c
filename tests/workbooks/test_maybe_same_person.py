"""A roster's new person who may be here without an identity number waits until staff said so."""

from pathlib import Path

from sqlalchemy import func, select

from tests.workbooks import town
from tests.workbooks.town import NOON, SYSTEM
from volunteer_service.areas.models import Area
from volunteer_service.db import db
from volunteer_service.people.models import Volunteer
from volunteer_service.workbooks import applying
from volunteer_service.workbooks.models import Import, RefusedRow


def _refused(row: Import) -> list[RefusedRow]:
    query = select(RefusedRow).where(
        RefusedRow.import_id == row.id, RefusedRow.reason == "maybe_same_person"
    )
    return list(db.session.scalars(query))


def test_the_row_waits_and_the_rest_is_brought_in(session: None, tmp_path: Path) -> None:
    files = town.files_of(tmp_path / "street")
    town.applied(files)
    person = db.session.scalars(select(Volunteer).order_by(Volunteer.id)).first()
    assert person is not None
    assert person.area_id is not None
    identity, key = person.identity, person.identity_key
    # Registered by hand, before the roster: the same person without an identity number.
    person.identity = person.identity_key = None
    # Of the phone too it would be theirs: a change that is offered (test_changes.py).
    person.phone = person.phone_key = None
    db.session.flush()
    before = db.session.scalar(select(func.count(Volunteer.id)))

    handed = town.previewed(files)
    (row,) = _refused(handed)
    assert person.number in row.cure
    applying.apply(handed.id, by=SYSTEM, at=NOON)
    assert db.session.scalar(select(func.count(Volunteer.id))) == before

    # Staff say that it is the same person: the number is put on the page, the row fits.
    person.identity, person.identity_key = identity, key
    db.session.flush()
    assert _refused(town.previewed(files)) == []


def test_another_community_or_identity_number_asks_nothing(session: None, tmp_path: Path) -> None:
    files = town.files_of(tmp_path / "street")
    town.applied(files)
    person = db.session.scalars(select(Volunteer).order_by(Volunteer.id)).first()
    assert person is not None
    person.identity_key = None
    street = db.session.scalars(select(Area).where(Area.parent_id.is_(None))).first()
    assert street is not None
    elsewhere = Area(name="别处社区", parent_id=street.id, kind="community", path="")
    db.session.add(elsewhere)
    db.session.flush()
    elsewhere.path = f"{street.path}{elsewhere.id}/"
    person.area_id = elsewhere.id
    db.session.flush()
    assert _refused(town.previewed(files)) == []
