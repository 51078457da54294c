"""A list takes nobody back who left or disowned the registration."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests import make
from tests.make import acting
from tests.workbooks import log, town
from tests.workbooks.town import NOON, SYSTEM
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.journal import Entry
from volunteer_service.people.authentication import one_time_codes, passwords
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Consent, Volunteer
from volunteer_service.people.registrations import consents, reinstating
from volunteer_service.people.registrations.registration import disown
from volunteer_service.people.registrations.registration_state import RegistrationEnded
from volunteer_service.scoring.points.models import Transfer
from volunteer_service.teams.models import Membership
from volunteer_service.workbooks import applying
from volunteer_service.workbooks.models import Import, RefusedRow


def _reasons(row: Import) -> list[str]:
    query = select(RefusedRow.reason).where(RefusedRow.import_id == row.id)
    return list(db.session.scalars(query.order_by(RefusedRow.id)))


def _held(volunteer_id: int) -> tuple[int, ...]:
    counts = [
        select(func.count()).where(model.volunteer_id == volunteer_id)
        for model in (ServiceRecord, Membership, Consent)
    ]
    return tuple(db.session.scalar(query) or 0 for query in counts)


@pytest.mark.parametrize("way", ["disowned", "left"])
def test_a_roster_takes_nobody_back(session: None, tmp_path: Path, way: str) -> None:
    files = town.files_of(tmp_path / "street")
    town.applied(files)
    person = db.session.scalars(select(Volunteer).order_by(Volunteer.id)).first()
    assert person is not None
    if way == "disowned":
        disown(person.id, by=SYSTEM, at=NOON)
    else:
        consents.withdraw_consent(person.id, "register", by=SYSTEM, at=NOON)
    for membership in db.session.scalars(select(Membership)).all():
        if membership.volunteer_id == person.id:
            db.session.delete(membership)
    db.session.flush()
    before = _held(person.id)

    again = town.previewed(files)
    assert "has_left" in _reasons(again)
    applying.apply(again.id, by=SYSTEM, at=NOON)

    assert person.state == way
    assert _held(person.id) == before


def test_a_log_brings_no_hour_of_who_left(session: None, tmp_path: Path) -> None:
    cast = make.cast()
    disown(cast.wang.id, by=acting(cast.coordinator), at=NOON)
    path = tmp_path / "log.xlsx"
    log.written(path, log.lines(cast.wang, cast.team, 2))

    handed = town.previewed([path], acting(cast.coordinator), area_id=cast.town.id)

    assert _reasons(handed) == ["has_left", "has_left"]
    assert handed.records == 0
    assert db.session.scalar(select(func.count()).select_from(Transfer)) == 0


def test_the_way_back_is_face_to_face_with_a_reason_and_told(session: None) -> None:
    cast = make.cast()
    by = acting(cast.coordinator)
    disown(cast.wang.id, by=by, at=NOON)
    with pytest.raises(RegistrationEnded):
        consents.give_consent(cast.wang.id, "register", by=by, at=NOON)

    reinstating.reinstate(cast.wang.id, reason="本人到社区签了同意书", by=by, at=NOON)

    assert cast.wang.state == "active"
    assert not passwords.fits(cast.wang_account.password_hash, make.PASSWORD)
    assert cast.wang_account.disabled_at is None
    assert one_time_codes.issue_code_to(cast.wang.id, by=by, at=NOON)[0] == cast.wang_account
    kinds = [each.kind for each in messages.messages_of(acting(cast.wang_account)).items]
    assert "reinstated" in kinds
    entry = db.session.scalars(select(Entry).where(Entry.verb == "people.reinstate")).one()
    assert entry.facts["reason"] == "本人到社区签了同意书"
    assert entry.facts["was"] == "disowned"


def test_who_left_alone_keeps_the_password(session: None) -> None:
    cast = make.cast()
    by = acting(cast.coordinator)
    consents.withdraw_consent(cast.wang.id, "register", by=by, at=NOON)
    reinstating.reinstate(cast.wang.id, reason="又来参加了", by=by, at=NOON + timedelta(days=1))
    assert cast.wang.state == "active"
    assert passwords.fits(cast.wang_account.password_hash, make.PASSWORD)
