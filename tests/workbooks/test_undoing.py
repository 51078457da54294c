"""Undoing a whole import, and its obstacles."""

from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from tests import make
from tests.workbooks import town
from volunteer_service.areas.models import Area
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.people.messages import messages
from volunteer_service.people.models import Message, Volunteer
from volunteer_service.scoring.points import balances
from volunteer_service.scoring.points.models import PointsAccount, Transfer
from volunteer_service.scoring.ratings.models import Round, RoundResult
from volunteer_service.scoring.rewards import gifts, orders
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.teams.models import Team
from volunteer_service.workbooks.asked_sheets import sheet_memory
from volunteer_service.workbooks.models import RefusedRow, SheetMeaning, StepAside
from volunteer_service.workbooks.reading.sheet_readings import Reading
from volunteer_service.workbooks.refusals import (
    ImportBuiltUpon,
    ImportNotReady,
    ImportRated,
    ImportRatedForGood,
)
from volunteer_service.workbooks.taking_back import undoing
from volunteer_service.workbooks.taking_back.undoing import BUILT_UPON

#: What stays as evidence: the ledger's and the shelf's entries, and what they name.
EVIDENCE = {"areas", "gifts", "lot_moves", "lots", "points_accounts", "stock_moves", "transfers"}


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return town.files_of(tmp_path / "street")


def undo(import_id: int) -> None:
    undoing.undo(import_id, by=town.SYSTEM, at=town.NOON)


def test_it_takes_everything_back_but_the_evidence(session, paths: list[Path]) -> None:
    row = town.applied(paths)

    undo(row.id)

    assert row.state == "undone"
    left = town.counted()
    assert left.keys() == EVIDENCE
    # The root stays for the names of the two gifts, whose stock moves are evidence.
    assert (left["areas"], left["gifts"], left["stock_moves"]) == (1, 2, 4)
    assert db.session.scalars(select(Gift.state).distinct()).all() == ["withdrawn"]
    owners = select(func.count(PointsAccount.volunteer_id))
    assert db.session.scalar(owners) == 0
    standing = select(func.sum(PointsAccount.posted)).where(PointsAccount.system_name.is_(None))
    assert db.session.scalar(standing) == 0
    assert db.session.scalars(select(RefusedRow)).all() == []
    town.healthy()
    with pytest.raises(ImportNotReady):
        undo(row.id)


def test_what_its_people_were_told_goes_with_them(session, paths: list[Path]) -> None:
    row = town.applied(paths)
    person = db.session.scalars(select(Volunteer.id).limit(1)).one()
    facts = {"records": 1, "minutes": 60, "points": 100}
    messages.tell(person, "import_changed_you", at=town.NOON, **facts)
    stays = make.volunteer("王建国")
    messages.tell(stays.id, "import_changed_you", at=town.NOON, **facts)

    undo(row.id)

    assert db.session.scalars(select(Message.volunteer_id)).all() == [stays.id]


def test_imported_again_it_stands_as_before(session, paths: list[Path]) -> None:
    first = town.applied(paths)
    before = town.counted()
    earned = _posted()
    ids = set(db.session.scalars(select(ServiceRecord.id)))
    undo(first.id)

    second = town.applied(paths)

    after = town.counted()
    assert {name: n for name, n in after.items() if name not in EVIDENCE - {"areas", "gifts"}} == {
        name: n for name, n in before.items() if name not in EVIDENCE - {"areas", "gifts"}
    }
    assert _posted() == earned
    # A reused id would meet the earnings of the old record.
    assert ids.isdisjoint(db.session.scalars(select(ServiceRecord.id)))
    gift = db.session.scalars(select(Gift).where(Gift.name == "毛巾")).one()
    assert (gift.state, gift.stock) == ("offered", 200)
    town.healthy()
    undo(second.id)
    town.healthy()
    assert town.counted().keys() == EVIDENCE


def test_the_second_of_two_imports_goes_alone(session, paths: list[Path]) -> None:
    first = town.applied(paths)
    second = town.applied(paths)
    before = town.counted()

    undo(second.id)

    assert town.counted() == before
    assert undoing.blockers(first.id) == {}


def _posted() -> int:
    query = select(func.sum(PointsAccount.posted)).where(PointsAccount.volunteer_id.is_not(None))
    return db.session.scalar(query) or 0


def _account() -> None:
    make.account("wang", "王", volunteer=db.session.scalars(select(Volunteer)).first())


def _sign_up() -> None:
    team = db.session.scalars(select(Team)).first()
    event = make.event(team=team, leader=make.account("lead", "李", role="leader", team=team))
    make.sign_up(event, db.session.scalars(select(Volunteer)).first())


def _order() -> None:
    gift = db.session.scalars(select(Gift).where(Gift.name == "香皂")).one()
    volunteer_id, _ = db.session.execute(
        select(PointsAccount.volunteer_id, PointsAccount.posted)
        .where(PointsAccount.volunteer_id.is_not(None))
        .order_by(PointsAccount.posted.desc())
    ).first()
    person = db.session.get(Volunteer, volunteer_id)
    by = make.acting(make.account("buyer", "买家", volunteer=person))
    orders.order(gift.id, 1, volunteer_id, stars=0, by=by, at=town.NOON)


def _correction() -> None:
    db.session.execute(update(ServiceRecord).values(version=2))


def _stock() -> None:
    gift = db.session.scalars(select(Gift)).first()
    gifts.receive(gift.id, 5, by=town.SYSTEM, at=town.NOON)


def _neighbour() -> None:
    make.volunteer("赵芳", team=db.session.scalars(select(Team)).first())


@pytest.mark.parametrize(
    ("build", "names"),
    [
        (_account, {"accounts"}),
        (_sign_up, {"accounts", "events", "sign_ups", "grants"}),
        (_order, {"accounts", "redemptions"}),
        (_correction, {"record_changes"}),
        (_stock, {"stock_moves"}),
        (_neighbour, {"volunteers", "memberships"}),
    ],
)
def test_it_refuses_with_a_list_when_something_stands_on_it(
    session, paths: list[Path], build, names: set[str]
) -> None:
    row = town.applied(paths)
    build()
    found = undoing.blockers(row.id)
    before = town.counted()

    with pytest.raises(ImportBuiltUpon) as refusal:
        undo(row.id)

    assert found.keys() - {"accounts"} == names - {"accounts"}
    for name in found:
        assert f"{BUILT_UPON[name]} {found[name]}" in str(refusal.value)
    assert town.counted() == before


@pytest.mark.parametrize(
    ("state", "refusal", "way_out"),
    [
        ("frozen", ImportRated, "退回重新冻结"),
        ("draft", ImportRated, "退回重新冻结"),
        ("notice", ImportRatedForGood, "补充评定"),
        ("final", ImportRatedForGood, "补充评定"),
    ],
)
def test_a_rating_in_the_way_is_named_with_the_way_out(
    session, paths: list[Path], state: str, refusal: type[ImportBuiltUpon], way_out: str
) -> None:
    row = town.applied(paths)
    half_year = str(HalfYear.of(db.session.scalars(select(ServiceRecord.served_on)).first()))
    rated = Round(
        area_id=row.area_id,
        half_year=half_year,
        state=state,
        policy_version=1,
        opened_at=town.NOON,
        noticed_at=town.NOON if state in ("notice", "final") else None,
    )
    db.session.add(rated)
    db.session.flush()
    person = db.session.scalars(select(ServiceRecord.volunteer_id)).first()
    db.session.add(RoundResult(round_id=rated.id, volunteer_id=person, facts={}))

    with pytest.raises(refusal) as refused:
        undo(row.id)

    assert f"{row.sub_district} {half_year}" in str(refused.value)
    assert way_out in str(refused.value)


def test_records_of_people_who_were_here_are_taken_back_from_them(
    session, paths: list[Path]
) -> None:
    first = town.applied([path for path in paths if path.name != "a.xlsx"])
    second = town.applied(paths)
    volunteer_id = db.session.scalars(select(Transfer.id)).first() and db.session.scalar(
        select(ServiceRecord.volunteer_id).limit(1)
    )

    undo(second.id)

    assert town.sums() == (0, 0)
    standing = balances.standing(volunteer_id, town.NOON.date())
    assert (standing.available, standing.earned, standing.debt) == (0, 0, 0)
    assert db.session.scalar(select(func.count()).select_from(Area)) > 1
    town.healthy()
    undo(first.id)


def test_every_table_that_can_stand_on_an_import_has_words(session, paths: list[Path]) -> None:
    from volunteer_service.workbooks.taking_back.undoing import _ALONG, _references

    assert {table.name for table, _key in _references()} - {*_ALONG} <= BUILT_UPON.keys()


def test_what_was_said_of_the_sheets_of_its_street_is_not_in_the_way(
    session, paths: list[Path]
) -> None:
    row = town.applied(paths)
    reading = Reading("left_out", header=("楼栋", "楼栋长"))
    sheet_memory.keep_sheet(row.area_id, "楼栋长", reading, by=town.SYSTEM, at=town.NOON)
    below = db.session.scalars(select(Area.id).where(Area.parent_id == row.area_id)).first()
    sheet_memory.keep_sheet(below, "楼栋长", reading, by=town.SYSTEM, at=town.NOON)
    db.session.add(StepAside(area_id=below, step="gifts", account_id=None, at=town.NOON))
    db.session.flush()
    assert undoing.blockers(row.id) == {}

    undo(row.id)

    assert db.session.scalars(select(SheetMeaning.area_id)).all() == [row.area_id]
    assert db.session.scalar(select(func.count()).select_from(StepAside)) == 0
