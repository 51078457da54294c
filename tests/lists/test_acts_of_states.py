"""The state of many people is set at once: previewed, done under one number, undone."""

from datetime import timedelta

from tests import make
from tests.lists.test_acts import begun, run, undone
from tests.make import MORNING, acting
from volunteer_service import settings
from volunteer_service.db import db
from volunteer_service.journal import Entry
from volunteer_service.lists.acts import batches, declared
from volunteer_service.people.models import Volunteer

TODAY = settings.local_day


def states(*people: Volunteer) -> list[tuple[str, str | None]]:
    for row in people:
        db.session.refresh(row)
    return [(row.state, row.departed_as) for row in people]


def test_people_who_moved_away_are_marked_together_and_the_batch_is_undone(session: None) -> None:
    cast = make.cast()
    by, people = acting(cast.coordinator), [cast.wang, cast.zhao]
    values = {"day": TODAY(MORNING), "reason": "旧楼拆迁"}
    row = begun(by, "people", "mark_moved", [each.id for each in people], values)
    assert batches.counted(row) == {"fit": 2}
    assert states(*people) == [("active", None)] * 2
    run(row, by)
    assert {departed for _state, departed in states(*people)} == {"moved"}
    assert db.session.query(Entry).filter_by(verb="people.mark_departed").count() == 2
    undone(row, by)
    assert batches.counted(row) == {"undone": 2}
    assert states(*people) == [("active", None)] * 2


def test_the_preview_says_who_cannot_be_marked_and_why(session: None) -> None:
    cast = make.cast()
    by = acting(cast.coordinator)
    values = {"day": TODAY(MORNING), "reason": "家属来说"}
    run(begun(by, "people", "mark_deceased", [cast.wang.id], values), by)
    row = begun(by, "people", "mark_moved", [cast.wang.id, cast.zhao.id], values)
    assert batches.counted(row) == {"fit": 1, "unfit": 1}
    tomorrow = {"day": TODAY(MORNING) + timedelta(days=1), "reason": "家属来说"}
    late = begun(by, "people", "mark_moved", [cast.zhao.id], tomorrow)
    assert batches.counted(late) == {"unfit": 1}


def test_a_wrong_mark_is_taken_back_from_many(session: None) -> None:
    cast = make.cast()
    by = acting(cast.coordinator)
    values = {"day": TODAY(MORNING), "reason": "听说的"}
    run(begun(by, "people", "mark_deceased", [cast.wang.id], values), by)
    row = begun(by, "people", "register_again", [cast.wang.id, cast.zhao.id], {"reason": "弄错了"})
    assert batches.counted(row) == {"fit": 1, "unfit": 1}
    run(row, by)
    assert states(cast.wang) == [("active", None)]


def test_a_leader_is_not_offered_it(session: None) -> None:
    cast = make.cast()
    offered = {act.name for act in declared.offered("people", by=acting(cast.li_mei))}
    assert not offered & {"mark_moved", "mark_deceased", "register_again"}
