"""A merged into B, then B into C: every access finds C, and the merging is undone in reverse
order.
"""

from datetime import date, timedelta

import pytest

from tests import make, make_points
from tests.make_attendance import scanning
from tests.make_merging import DAY, merge, picture, served, undo
from tests.make_points import FRIDAY
from volunteer_service import jobs
from volunteer_service.attendance.check_ins import check_in
from volunteer_service.certificates import service_record_papers, signing, verifying
from volunteer_service.db import db
from volunteer_service.identifiers import check_characters
from volunteer_service.merging import refusals
from volunteer_service.people.authentication import sign_in
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.people.merged_entries import EntryMerged
from volunteer_service.people.models import Consent, Guardian, Volunteer
from volunteer_service.people.personal_data import personal_data_export
from volunteer_service.people.search import people_lists
from volunteer_service.scoring.points import balances, reversals
from volunteer_service.scoring.points.refusals import PassedPointsGone

HOUR = timedelta(hours=1)
PERIOD = ((make.MORNING - 9 * DAY).date(), FRIDAY.date())


@pytest.fixture
def last(cast, kept, other) -> Volunteer:
    """The third entry, which both others end in: other -> kept -> last."""
    row = make.volunteer("张伟", team=cast.team, phone="17000009999")
    for n, each in enumerate((other, kept, row)):
        each.number = check_characters.volunteer_number(each.id)
        served(each, cast, day=n, minutes=30)
    db.session.flush()
    return row


@pytest.fixture
def chain(cast, kept, other, last) -> tuple[Merging, Merging]:
    first = merge(cast, kept, other)
    return first, merge(cast, last, kept, at=FRIDAY + HOUR)


def points(row: Volunteer) -> int:
    return balances.standing(row.id, FRIDAY.date()).available


def test_every_door_finds_the_last_entry(cast, kept, other, last) -> None:
    by = make.acting(cast.coordinator)
    papers = [
        service_record_papers.certify_service(row.id, *PERIOD, by=by, at=FRIDAY)
        for row in (other, kept)
    ]
    for row in (other, kept):
        make.account(row.number.lower(), "张伟", volunteer=row)
    merge(cast, kept, other)
    merge(cast, last, kept, at=FRIDAY + HOUR)
    for text in ("张伟", other.number, kept.number, last.number, other.number[-4:]):
        found = people_lists.volunteers(by=by, q=text).items
        assert [row.id for row in found] == [last.id], text
    for row in (other, kept):
        assert check_in.numbered(row.number) == last.id
        with pytest.raises(EntryMerged) as told:
            sign_in.sign_in(row.number, make.PASSWORD, at=FRIDAY + DAY)
        assert told.value.numbers == {"number": last.number}
    for paper, row in zip(papers, (other, kept), strict=True):
        told_ = verifying.verify(signing.token_of(paper.number, paper.signature))
        assert (told_.state, told_.printed_no, told_.number_now) == (
            *("valid", row.number, last.number),
        )
        assert paper.volunteer_id == last.id
    held = personal_data_export.export_of(last.id, by=scanning(last), at=FRIDAY + DAY)
    assert {row["id"] for row in held["volunteers"]} == {other.id, kept.id, last.id}
    assert len(held["service_records"]) == 3
    assert jobs.doctor() == []


def test_it_is_undone_the_last_one_first(cast, kept, other, last) -> None:
    before = picture()
    first = merge(cast, kept, other)
    between = picture()
    second = merge(cast, last, kept, at=FRIDAY + HOUR)
    assert (points(last), points(kept), points(other)) == (150, 0, 0)
    with pytest.raises(refusals.LaterMergingFirst) as told:
        undo(cast, first)
    assert told.value.numbers == {"kept": kept.number, "number": last.number}
    assert (other.merged_into_id, kept.merged_into_id) == (last.id, last.id)
    undo(cast, second)
    assert picture() == between
    assert (points(last), points(kept), jobs.doctor()) == (50, 100, [])
    undo(cast, first)
    assert picture() == before
    assert [points(row) for row in (other, kept, last)] == [50, 50, 50]
    assert jobs.doctor() == []


def test_undone_and_done_again_another_way_round(cast, kept, other, last, chain) -> None:
    first, second = chain
    undo(cast, second)
    undo(cast, first)
    merge(cast, other, last, at=FRIDAY + 2 * DAY)
    merge(cast, kept, other, at=FRIDAY + 2 * DAY)
    assert (points(kept), jobs.doctor()) == (150, [])
    assert {other.merged_into_id, last.merged_into_id} == {kept.id}


def test_what_was_taken_back_from_the_first_is_not_given_to_the_second(
    cast, kept, other, last, chain
) -> None:
    """The points of the first entry are gone since: the second one cannot get them back."""
    make_points.earned(last, 500)
    by = make.acting(cast.coordinator)
    earned = balances.statement(other.id).items[-1].transfer.id
    reversals.reverse(earned, "记录有误", by=by, at=FRIDAY + 2 * HOUR)
    assert points(last) == 600
    with pytest.raises(PassedPointsGone), db.session.begin_nested():
        undo(cast, chain[1])
    assert (points(last), points(kept), jobs.doctor()) == (600, 0, [])


def test_what_each_of_three_says_stays_with_who_said_it(cast, kept, other, last) -> None:
    """Consents and guardians where two of three have one: nothing is doubled, nothing is lost."""
    for row in (other, kept):
        db.session.add(Guardian(volunteer_id=row.id, name=f"家长{row.id}", consented_at=FRIDAY))
        db.session.add(
            Consent(volunteer_id=row.id, purpose="publish", how="paper", given_at=FRIDAY)
        )
    db.session.flush()
    kept.born_on = other.born_on = last.born_on = date(2010, 1, 1)
    before = picture()
    first, second = merge(cast, kept, other), merge(cast, last, kept, at=FRIDAY + HOUR)
    assert people_lists.guardian_of(last.id).name == f"家长{kept.id}"
    assert jobs.doctor() == []
    undo(cast, second)
    undo(cast, first)
    assert picture() == before
