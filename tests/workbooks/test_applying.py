"""Bringing workbooks in: to the row, once, whole or not at all."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from tests import make
from tests.workbooks import town
from volunteer_service import policies
from volunteer_service.areas.models import Area
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db, transaction
from volunteer_service.figures import counting
from volunteer_service.figures.periods import Period
from volunteer_service.identifiers import check_characters
from volunteer_service.people.models import Consent, Guardian, Volunteer
from volunteer_service.scoring.points import earnings
from volunteer_service.scoring.points.models import PointsAccount, Transfer
from volunteer_service.scoring.rewards.models import Gift
from volunteer_service.teams.models import Membership, Team
from volunteer_service.workbooks import applying, stored_files, whole_import, writing
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.refusals import (
    FilesGone,
    ImportNotReady,
)
from volunteer_service.workbooks.taking_back import undoing

EXAMPLES = Path(__file__).parents[2] / "examples" / "programme"


EXPECTED = json.loads(Path(__file__).with_name("expected.json").read_text())


def test_the_example_comes_in_to_the_row_and_only_once(session) -> None:
    told: list[tuple[str, int, int]] = []

    def tell(*progress: object) -> None:
        told.append(progress)  # type: ignore[arg-type]

    found = whole_import.import_now([EXAMPLES], by=town.SYSTEM, at=town.NOON, progress=tell)

    assert found == EXPECTED
    assert told[-1] == ("writing", 17952 - 98, 17952)
    assert town.sums() == (EXPECTED["service_minutes"], EXPECTED["service_accepted"])
    posted = select(func.sum(PointsAccount.posted)).where(PointsAccount.volunteer_id.is_not(None))
    assert db.session.scalar(posted) == EXPECTED["points_centi_without_backfill"]
    kinds = {
        row.kind: row.n
        for row in db.session.execute(
            select(Area.kind, func.count().label("n")).group_by(Area.kind)
        )
    }
    assert kinds == {"subdistrict": 1, "community": 12, "grid": 81, "building": 724}
    assert _figures() == {
        "people": EXPECTED["volunteers_accepted"],
        "participations": EXPECTED["service_accepted"],
        "people_served_with": EXPECTED["people_with_hours"],
        "minutes": EXPECTED["service_minutes"],
        "teams": EXPECTED["teams"],
        "points_earned": EXPECTED["points_centi_without_backfill"],
    }
    town.healthy()
    before = town.counted()

    again = whole_import.import_now([EXAMPLES], by=town.SYSTEM, at=town.NOON)

    assert again == EXPECTED
    assert town.counted() == before
    town.healthy()


def _figures() -> dict[str, int]:
    """What the figures say of all that came in, in the three years up to the import."""
    codes = ("people", "participations", "people_served_with", "minutes", "teams", "points_earned")
    today = town.NOON.date()
    period = Period(today - timedelta(days=1095), today)
    place = counting.place_of(town.SYSTEM)
    found = counting.count(place, period, today=town.NOON, codes=codes)
    return {each.figure.code: each.value for each in found}


def test_points_are_counted_by_the_policy_that_holds(session, tmp_path: Path) -> None:
    double = 2 * policies.active().default_coefficient_centi
    changes = {"default_coefficient_centi": double}
    policies.add_version(changes, reason="双倍积分试行", account_id=None, at=town.NOON)

    row = town.applied(town.files_of(tmp_path / "street"))

    posted = select(func.sum(PointsAccount.posted)).where(PointsAccount.volunteer_id.is_not(None))
    assert row.counts["points_centi_without_backfill"] == db.session.scalar(posted)
    assert row.counts["points_centi_without_backfill"] == 24 * 2 * 300


def test_another_street_is_written_down_whole(session, tmp_path: Path) -> None:
    paths = town.files_of(tmp_path / "street")

    row = town.applied(paths)

    assert (row.state, row.sub_district, row.applied_at) == ("applied", "临江镇", town.NOON)
    root = db.session.get(Area, row.area_id)
    assert (root.name, root.kind, root.path) == ("临江镇", "subdistrict", f"/{root.id}/")
    assert town.sums() == (24 * 3 * 90, 72)
    record = db.session.scalars(
        select(ServiceRecord).where(ServiceRecord.grade == "scanned").limit(1)
    ).one()
    assert record.starts_at.hour == 1  # 09:00 in Shanghai
    assert (record.state, record.minutes, record.policy_version) == ("confirmed", 90, 1)
    assert record.recording_unit == record.team.recording_unit
    earned = db.session.get(Transfer, earnings.earned("record", record.id))
    assert (earned.amount, earned.expires_on) == (150, date(2027, 12, 31))
    assert earned.reason == record.event_name
    gift = db.session.scalars(select(Gift).where(Gift.name == "毛巾")).one()
    assert (gift.price_centi, gift.stock, gift.minimum_stars) == (450, 200, 3)
    town.healthy()


def test_people_are_sealed_numbered_and_have_consented(session, tmp_path: Path) -> None:
    town.applied(town.files_of(tmp_path / "street"))

    people = db.session.scalars(select(Volunteer)).all()
    assert len(people) == 25
    for person in people:
        assert person.number == check_characters.volunteer_number(person.id)
        assert len(person.identity) == 18
        assert person.phone_key
        assert db.session.get(Area, person.area_id).kind == "building"
    raw = db.session.connection().exec_driver_sql("SELECT identity FROM volunteers").scalars()
    assert not any(person.identity.encode() in bytes(sealed) for sealed in raw for person in people)
    consents = db.session.scalars(select(Consent)).all()
    assert {(consent.purpose, consent.how) for consent in consents} == {("register", "import")}
    guardian = db.session.scalars(select(Guardian)).one()
    assert (guardian.name, guardian.phone) == ("赵母", "13900000000")
    by_guardian = {consent.volunteer_id for consent in consents if consent.by_guardian}
    assert by_guardian == {guardian.volunteer_id}
    members = select(func.count()).select_from(Membership)
    assert db.session.scalar(members) == 25


def test_the_list_of_one_street_adds_to_what_is_there(session, tmp_path: Path) -> None:
    by_kind = {}
    for path in town.files_of(tmp_path / "street"):
        row = town.previewed([path], sub_district="临江镇")
        by_kind[row.files[0]["sheets"][0]["kind"]] = path
    for kind in ("areas", "teams", "volunteers", "service_log"):
        town.applied([by_kind[kind]], by=town.SYSTEM) if kind == "areas" else applying.apply(
            town.previewed([by_kind[kind]], sub_district="临江镇").id, by=town.SYSTEM, at=town.NOON
        )

    assert town.sums() == (24 * 3 * 90, 72)
    assert db.session.scalar(select(func.count()).where(Area.parent_id.is_(None))) == 1
    assert db.session.scalar(select(func.count()).select_from(Team)) == 9


def test_somebody_who_registered_by_hand_gets_the_records(session, tmp_path: Path) -> None:
    paths = town.files_of(tmp_path / "street")
    first = town.applied(paths)
    some = db.session.scalars(select(Volunteer).order_by(Volunteer.id)).first()
    name, phone, area_id = some.name, some.phone, some.area_id
    undoing.undo(first.id, by=town.SYSTEM, at=town.NOON)
    without_roster = [path for path in paths if path.name != "c.xlsx"]
    by_hand = make.volunteer(name, phone=phone)

    town.applied(without_roster)

    found = db.session.scalars(select(ServiceRecord)).all()
    assert {record.volunteer_id for record in found} == {by_hand.id}
    assert (len(found), area_id is None) == (3, False)
    town.healthy()


def test_it_is_applied_once(session, tmp_path: Path) -> None:
    row = town.applied(town.files_of(tmp_path / "street"))

    with pytest.raises((ImportNotReady, FilesGone)):
        applying.apply(row.id, by=town.SYSTEM, at=town.NOON)


def test_an_interrupted_apply_leaves_nothing_and_may_begin_again(
    app, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = town.files_of(tmp_path / "street")
    with app.app_context():
        with transaction():
            import_id = town.previewed(paths).id
        real = writing.Gifts.bring

        def cut(*_args: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(writing.Gifts, "bring", cut)
        with pytest.raises(KeyboardInterrupt), transaction():
            applying.apply(import_id, by=town.SYSTEM, at=town.NOON)
        with transaction():
            assert town.counted() == {}
            assert db.session.get(Import, import_id).state == "previewed"
        monkeypatch.setattr(writing.Gifts, "bring", real)
        with transaction():
            applying.apply(import_id, by=town.SYSTEM, at=town.NOON)
            assert town.sums() == (24 * 3 * 90, 72)
            town.healthy()
        assert not stored_files.folder_of(import_id).exists()


def test_sqlite_keeps_few_pages_until_everybody_is_told(session, tmp_path: Path) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps its pages elsewhere")
    pages: list[int] = []

    def note(connection, _cursor, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO messages"):
            driver = connection.connection.cursor()
            pages.append(driver.execute("PRAGMA cache_size").fetchone()[0])

    before = db.session.connection().exec_driver_sql("PRAGMA cache_size").scalar()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        town.applied(town.files_of(tmp_path / "street"))
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    assert set(pages) == {-8000}
    assert db.session.connection().exec_driver_sql("PRAGMA cache_size").scalar() == before
