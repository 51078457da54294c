"""What of one's own row in a round counts as decided by hand, so that others publish it."""

from datetime import date

import pytest
from sqlalchemy import select

from tests import make
from tests.make import Cast, acting
from tests.make_ratings import JULY, round_at
from tests.scoring.ratings.test_own_rows import also_volunteers, told, town
from volunteer_service import journal
from volunteer_service.attendance.models import Evaluation, RecordChange, ServiceRecord
from volunteer_service.db import db
from volunteer_service.people.changes import person_changes, person_values
from volunteer_service.people.changes.person_edits import PersonEdit
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.ratings import refusals, round_steps
from volunteer_service.workbooks.models import Import

__all__ = ["town"]

#: An import is one's own by each of these, whoever brings it in as the second person.
ACTS_OF_IMPORTS = {
    "imported": "imports.apply",
    "handed_in": "imports.receive",
    "asked": "imports.ask",
}
HANDS = (
    *("backfill", "changed", "imported", "handed_in", "asked", "dependent", "own"),
    *("evaluated", "registered"),
)


def touched(cast: Cast, hand: str) -> Volunteer:
    """The coordinator's record of the half-year, with somebody's hand in it."""
    me = also_volunteers(cast, cast.coordinator)
    query = select(ServiceRecord).where(ServiceRecord.volunteer_id == me.id)
    row = db.session.scalars(query).one()
    if hand == "backfill":
        row.source_type = "backfill"
    if hand == "changed":
        db.session.add(
            RecordChange(
                record_id=row.id,
                at=JULY,
                account_id=cast.second.id,
                before={},
                after={},
                reason="x",
            )
        )
    if hand in ACTS_OF_IMPORTS:
        row.import_id, verb = 7, ACTS_OF_IMPORTS[hand]
        journal.record(verb, Import(id=7), account_id=cast.coordinator.id, door="page", at=JULY)
    if hand in ("dependent", "evaluated"):
        other = cast.li_mei if hand == "dependent" else cast.desk
        journal.record(
            "people.set_password", other, account_id=cast.coordinator.id, door="page", at=JULY
        )
    if hand == "evaluated":
        db.session.add(Evaluation(record_id=row.id, score=5, at=JULY, account_id=cast.desk.id))
    if hand == "registered":
        registered_anew(cast, me)
    if hand == "own":
        row.confirmed_by_id = cast.coordinator.id
    db.session.flush()
    return me


def registered_anew(cast: Cast, person: Volunteer) -> None:
    """Two others change since when somebody serves, on which the upper stars depend."""
    seen = person_values.mark(person, "registered")
    edit = PersonEdit("registered", "核对", seen, registered_on=date(2015, 5, 1))
    change = person_changes.change_person(person.id, edit, by=acting(cast.admin), at=JULY)
    other = make.account("admin2", "管理员二", role="admin", area=cast.town)
    person_changes.decide_change(change.id, approve=True, by=acting(other), at=JULY)


@pytest.mark.parametrize("hand", HANDS)
def test_a_touched_own_row_leaves_publishing_to_others(town: Cast, hand: str) -> None:
    me = touched(town, hand)
    row = round_at("draft", town)
    with pytest.raises(refusals.OwnRowTouched) as refused:
        round_steps.publish_notice(row.id, by=acting(town.coordinator), at=JULY)
    assert "钱伟" in str(refused.value.numbers["who"])
    assert row.state == "draft"
    assert [kind for kind, _facts in told(me) if kind.startswith("star")] == []
    round_steps.publish_notice(row.id, by=acting(town.second), at=JULY)
    assert row.noticed_by_id == town.second.id
