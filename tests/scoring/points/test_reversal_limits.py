"""Reversing by hand counts in the sums of adjusting by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make import acting
from tests.make_points import FRIDAY, earned
from volunteer_service import policies
from volunteer_service.db import db
from volunteer_service.scoring.points import adjustments, bulk_reversals, doctor, reversals
from volunteer_service.scoring.points.models import Transfer
from volunteer_service.scoring.points.refusals import ReversalNeedsSecond


@pytest.fixture
def cast(session):
    yield make.cast()
    assert doctor.doctor() == []


def _earnings(person, times):
    for _ in range(times):
        earned(person)
    member = select(Transfer.id).where(Transfer.kind == "earn").order_by(Transfer.id.desc())
    return db.session.scalars(member.limit(times)).all()


def _amount(transfer_id):
    return db.session.get_one(Transfer, transfer_id).amount


def _reversed():
    return len(db.session.scalars(select(Transfer.id).where(Transfer.kind == "reverse")).all())


def test_of_one_member_the_sum_ends_it_and_a_second_person_goes_on(cast):
    most = policies.active().adjust_member_centi
    ids = _earnings(cast.wang, 8)
    each = _amount(ids[0])
    fit = most // each
    assert fit < len(ids)
    for id_ in ids[:fit]:
        reversals.reverse(id_, "错", by=acting(cast.coordinator), at=FRIDAY)
    # Another coordinator meets the member's sum too.
    for by in (cast.coordinator, cast.second):
        with pytest.raises(ReversalNeedsSecond):
            reversals.reverse(ids[fit], "错", by=acting(by), at=FRIDAY)
    assert _reversed() == fit
    asked = adjustments.adjust(cast.wang.id, -each, "错", by=acting(cast.coordinator), at=FRIDAY)
    assert asked.state == "waiting"
    later = FRIDAY + timedelta(days=policies.active().adjust_days)
    reversals.reverse(ids[fit], "错", by=acting(cast.coordinator), at=later)
    assert _reversed() == fit + 1


def test_what_was_reversed_counts_when_one_adjusts(cast):
    most = policies.active().adjust_member_centi
    ids = _earnings(cast.wang, 8)
    each = _amount(ids[0])
    reversals.reverse(ids[0], "错", by=acting(cast.coordinator), at=FRIDAY)
    row = adjustments.adjust(
        cast.wang.id, most - each + 1, "补", by=acting(cast.coordinator), at=FRIDAY
    )
    assert row.state == "waiting"


def test_what_an_undone_import_takes_back_is_not_by_hand(cast):
    ids = _earnings(cast.wang, 8)
    sources = [db.session.get_one(Transfer, id_).source_id for id_ in ids]
    by = acting(cast.coordinator)
    assert bulk_reversals.reverse_many("record", sources, reason="撤销", by=by, at=FRIDAY) == 8
    assert _reversed() == 8
