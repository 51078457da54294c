"""Every table that refers to a volunteer has a rule for merging."""

from datetime import date, timedelta

from sqlalchemy import func, select

from tests import make, make_points
from tests.make_attendance import scan
from tests.make_merging import merge, picture, served, undo
from tests.make_points import FRIDAY
from volunteer_service.attendance import complaints
from volunteer_service.attendance.models import Scan
from volunteer_service.attendance.records import disputes
from volunteer_service.db import Base, db
from volunteer_service.merging import tables
from volunteer_service.people.authorization import household_declarations, households
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Consent, Guardian, HouseholdTie
from volunteer_service.scoring.points import adjustments, doctor


def test_every_column_that_points_at_a_volunteer_is_decided() -> None:
    found = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "volunteers"
    }
    assert found - tables.HOW.keys() == set(), "say in merging/tables.py how it merges"
    assert tables.HOW.keys() - found == set(), "columns that are no more"


def test_what_moves_has_one_column_and_its_guards() -> None:
    for table, how in tables.moving():
        assert {"id", "volunteer_id", *how.stood} <= set(table.columns.keys()), table.name


def test_what_moves_is_the_kept_entry_s_and_what_stays_is_not(cast, kept, other) -> None:
    """One row of everything: moved or left as the table says, and all as before after an undo."""
    by = make.acting(cast.coordinator)
    event = make.event(team=cast.team, leader=cast.li_mei)
    make.sign_up(event, other)
    scan(event, other)
    row = served(other, cast, day=1)
    disputes.dispute(
        row.id, words="少了", by=make.acting(make.account("o", "张伟", volunteer=other)), at=FRIDAY
    )
    complaints.complain(other.id, happened_on=date(2026, 5, 1), words="迟到", by=by, at=FRIDAY)
    adjustments.adjust(other.id, 90_000, "补", by=by, at=FRIDAY)
    messages.tell(other.id, "phone_confirmed", at=FRIDAY)
    db.session.add(Guardian(volunteer_id=other.id, name="张母", consented_at=FRIDAY))
    db.session.add(Consent(volunteer_id=other.id, purpose="publish", how="paper", given_at=FRIDAY))
    household_declarations.declare_household(
        other.id, housemate=cast.zhao.number, housemate_name="赵芳", by=by, at=FRIDAY
    )
    make_points.earned(other, 300)
    before = picture()
    done = merge(cast, kept, other)
    left = {
        name: _rows(name, other.id)
        for name, how in tables.HOW.items()
        if not isinstance(how, tables.Stays)
    }
    # The consent to be registered stays with each entry, and the account that was closed.
    assert {name: count for name, count in left.items() if count} == {
        "accounts.volunteer_id": 1,
        "consents.volunteer_id": 1,
    }
    moved = ("disputes", "complaints", "adjustments", "guardians", "attendances", "sign_ups")
    assert [_rows(f"{name}.volunteer_id", kept.id) for name in moved] == [1] * 6
    assert db.session.scalars(select(Scan.volunteer_id)).one() == other.id
    assert households.of_each([[kept.id]], since=FRIDAY)[0] == {kept.id, cast.zhao.id}
    assert doctor.doctor() == []
    undo(cast, done)
    after = picture()
    after["accounts"] = before["accounts"] = []  # Its epoch stays raised: old sessions stay ended.
    assert after == before
    assert doctor.doctor() == []


def test_a_consent_that_the_kept_entry_withdrew_is_not_given_by_the_other(
    cast, kept, other
) -> None:
    for row, ended in ((kept, FRIDAY), (other, None)):
        given = {"purpose": "publish", "how": "paper", "given_at": make.MORNING}
        db.session.add(Consent(volunteer_id=row.id, withdrawn_at=ended, **given))
    db.session.flush()
    merge(cast, kept, other)
    standing = select(func.count(Consent.id)).where(
        Consent.volunteer_id == kept.id,
        Consent.purpose == "publish",
        Consent.withdrawn_at.is_(None),
    )
    assert db.session.scalar(standing) == 0


def test_a_tie_that_both_have_is_kept_once_and_alive(cast, kept, other) -> None:
    by = make.acting(cast.coordinator)
    for row in (kept, other):
        household_declarations.declare_household(
            row.id, housemate=cast.wang.number, housemate_name="王建国", by=by, at=make.MORNING
        )
    mine = db.session.scalars(select(HouseholdTie).order_by(HouseholdTie.id)).first()
    assert mine is not None
    mine.ended_at = make.MORNING
    db.session.flush()
    before = picture()
    done = merge(cast, kept, other)
    later = FRIDAY + timedelta(days=90)
    assert cast.wang.id in households.of_each([[kept.id]], since=later)[0]
    undo(cast, done)
    assert picture() == before


def test_a_tie_that_waits_for_somebody_still_waits(cast, kept, other) -> None:
    by = make.acting(cast.coordinator)
    for row in (kept, other):
        household_declarations.declare_household(
            row.id, housemate=cast.wang.number, housemate_name="王建国", by=by, at=make.MORNING
        )
    mine, theirs = db.session.scalars(select(HouseholdTie).order_by(HouseholdTie.id)).all()
    mine.ended_at, theirs.is_pending = make.MORNING, True
    db.session.flush()
    before = picture()
    done = merge(cast, kept, other)
    later = FRIDAY + timedelta(days=90)
    assert (mine.ended_at, mine.is_pending, mine.is_firm) == (None, True, False)
    assert cast.wang.id not in households.of_each([[kept.id]], since=later)[0]
    undo(cast, done)
    assert picture() == before


def _rows(name: str, volunteer_id: int) -> int:
    table, _, column = name.partition(".")
    found = Base.metadata.tables[table]
    query = select(func.count()).select_from(found).where(found.c[column] == volunteer_id)
    return db.session.scalar(query) or 0
