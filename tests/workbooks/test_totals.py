"""The preview shows hours and points, their people, and rows to check, before an import
is applied.
"""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests import make
from tests.make_attendance import record
from tests.workbooks import log, town
from tests.workbooks.street_cells import id_number
from tests.workbooks.town import NOON
from volunteer_service import clock
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.people.changes import contact_numbers
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points.models import PointsAccount
from volunteer_service.workbooks import applying, import_overviews
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.taking_back import undoing


@pytest.fixture
def cast(session: None) -> make.Cast:
    """周静 coordinates, and serves too."""
    cast = make.cast()
    zhou = make.volunteer("周静", team=cast.team)
    card = id_number(clock.now().date().replace(year=1980, day=1), "女", 11)
    zhou.identity, zhou.identity_key = card, contact_numbers.identity_key(card)
    cast.coordinator.volunteer_id = zhou.id
    db.session.flush()
    return cast


def handed_in(cast: make.Cast, path: Path) -> Import:
    return town.previewed([path], make.acting(cast.coordinator), area_id=cast.town.id)


def about_importer(cast: make.Cast, path: Path) -> int:
    row = handed_in(cast, path)
    by = make.acting(cast.coordinator)
    return import_overviews.detail(row.id, by=by, at=NOON).rows_about_importer


def test_it_tells_what_applying_then_brings(session: None, tmp_path: Path) -> None:
    row = town.previewed(town.files_of(tmp_path / "street"))
    told, largest, records = dict(row.figures), row.largest, row.records
    applying.apply(row.id, by=town.SYSTEM, at=NOON)

    minutes, found = town.sums()
    assert (told["minutes"], records) == (minutes, found)
    assert told["points"] == db.session.scalar(select(func.sum(PointsAccount.posted)))
    people = select(func.count(ServiceRecord.volunteer_id.distinct()))
    assert told["people"] == db.session.scalar(people) > 10
    query = select(Volunteer.name, ServiceRecord.minutes).join(ServiceRecord.volunteer)
    given: Counter[str] = Counter()
    for name, each in db.session.execute(query):
        given[name] += each
    assert len(largest) == 10
    assert [who["minutes"] for who in largest] == [n for _, n in given.most_common(10)]
    assert all(given[who["name"]] == who["minutes"] for who in largest)


def test_handed_in_again_there_is_nothing_new(cast: make.Cast, tmp_path: Path) -> None:
    path = log.of_wang(tmp_path / "log.xlsx", cast, 3)
    row = handed_in(cast, path)
    assert (row.records, row.figures["minutes"], row.figures["points"]) == (3, 360, 600)
    applying.apply(row.id, by=town.SYSTEM, at=NOON)

    again = handed_in(cast, path)

    assert (again.records, again.figures["people"], again.largest) == (0, 0, [])


def test_a_friend_s_twenty_days_of_twelve_hours_stand_out(cast: make.Cast, tmp_path: Path) -> None:
    ordinary = log.lines(cast.zhao, cast.other_team, 3)
    friend = log.lines(cast.wang, cast.team, 20, hours=12)

    row = handed_in(cast, log.written(tmp_path / "log.xlsx", ordinary + friend))

    first, second = row.largest
    assert (first["name"], first["number"]) == ("王建国", cast.wang.number)
    assert (first["minutes"], first["points"], first["long_days"]) == (240 * 60, 24_000, 20)
    assert (second["name"], second["long_days"]) == ("赵芳", 0)
    assert (row.figures["long_days"], row.figures["longest_day"]) == (20, 720)


def test_a_day_is_long_with_what_the_person_had_before(cast: make.Cast, tmp_path: Path) -> None:
    record(cast.wang, team=cast.team, minutes=420)
    day = make.MORNING.date()
    rows = log.lines(cast.wang, cast.team, 2, first=day, hours=1)
    evening = [(*row[:4], "20:00", "21:30", "1.5小时", *row[7:]) for row in rows]

    row = handed_in(cast, log.written(tmp_path / "log.xlsx", evening))

    assert (row.records, row.figures["long_days"]) == (2, 1)
    assert row.figures["longest_day"] == 510


def test_records_about_the_importer_are_counted(cast: make.Cast, tmp_path: Path) -> None:
    zhou = db.session.get_one(Volunteer, cast.coordinator.volunteer_id)
    mine = log.lines(zhou, cast.team, 2)
    path = log.written(tmp_path / "log.xlsx", mine + log.lines(cast.wang, cast.team, 2))

    assert about_importer(cast, path) == 2
    applying.apply(handed_in(cast, path).id, by=town.SYSTEM, at=NOON)
    assert about_importer(cast, path) == 0


@pytest.mark.parametrize(
    ("card", "team", "rows"),
    [("own", "", 0), ("own", "庆丰社区", 0), ("own", "渤海社区", 1), ("another", "", 1)],
)
def test_a_roster_concerns_the_importer_where_it_changes_something(
    cast: make.Cast, tmp_path: Path, card: str, team: str, rows: int
) -> None:
    zhou = db.session.get_one(Volunteer, cast.coordinator.volunteer_id)
    number = (
        zhou.identity
        if card == "own"
        else id_number(clock.now().date().replace(year=1981, day=1), "女", 12)
    )
    teams = {"庆丰社区": cast.team.name, "渤海社区": cast.other_team.name, "": ""}
    path = log.roster(tmp_path / "roster.xlsx", [(zhou.name, number, zhou.phone, teams[team])])

    assert about_importer(cast, path) == rows


def test_a_row_that_changes_several_things_is_one_row(cast: make.Cast, tmp_path: Path) -> None:
    zhou = db.session.get_one(Volunteer, cast.coordinator.volunteer_id)
    mine = (zhou.identity, "13900000077", cast.other_team.name)
    path = log.roster(tmp_path / "roster.xlsx", [(zhou.name, *mine)])

    assert about_importer(cast, path) == 1
    row = handed_in(cast, path)
    assert row.counts["changes"] == {"phone": 1, "team": 1}


def test_the_names_go_with_the_files(cast: make.Cast, tmp_path: Path) -> None:
    row = handed_in(cast, log.of_wang(tmp_path / "log.xlsx", cast, 1))
    assert row.largest
    undoing.discard(row.id, by=make.acting(cast.coordinator), at=NOON)
    db.session.expire_all()
    assert row.largest == []
