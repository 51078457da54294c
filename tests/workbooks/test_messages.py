"""Everybody whose hours, points or entry an import changed is told, and told when it is undone."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests import make
from tests.workbooks import log, town
from tests.workbooks.street_cells import id_number
from tests.workbooks.town import NOON, SYSTEM
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db
from volunteer_service.people.changes import contact_numbers
from volunteer_service.people.models import Message, Volunteer
from volunteer_service.workbooks import agreed_changes, applying
from volunteer_service.workbooks.taking_back import undoing
from volunteer_service.workbooks.writing import messages


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


def brought(cast: make.Cast, path: Path) -> int:
    row = town.previewed([path], area_id=cast.town.id)
    return applying.apply(row.id, by=SYSTEM, at=NOON).id


def said() -> list[tuple[int, str, dict[str, Any]]]:
    rows = db.session.scalars(select(Message).order_by(Message.id))
    return [(row.volunteer_id, row.kind, row.facts) for row in rows]


def test_who_got_records_is_told_how_much(cast: make.Cast, tmp_path: Path) -> None:
    rows = log.lines(cast.wang, cast.team, 3) + log.lines(
        cast.zhao, cast.other_team, 2, method="纸质补录"
    )
    number = brought(cast, log.written(tmp_path / "log.xlsx", rows))
    wang = {"records": 3, "minutes": 360, "points": 600}
    zhao = {"records": 2, "minutes": 240, "points": 0}
    told = [(cast.wang.id, "import_changed_you", wang), (cast.zhao.id, "import_changed_you", zhao)]
    assert said() == told

    undoing.undo(number, by=SYSTEM, at=NOON)

    assert said()[2:] == [
        (cast.wang.id, "import_taken_back", {"records": 3, "minutes": 360}),
        (cast.zhao.id, "import_taken_back", {"records": 2, "minutes": 240}),
        (cast.wang.id, "points_reversed", {"points": -600}),
    ]


def test_the_same_log_again_tells_nobody(cast: make.Cast, tmp_path: Path) -> None:
    path = log.of_wang(tmp_path / "log.xlsx", cast, 1)
    brought(cast, path)
    brought(cast, path)
    assert len(said()) == 1


def test_who_is_entered_or_joins_a_team_is_told(cast: make.Cast, tmp_path: Path) -> None:
    known, new = id_number(date(1980, 5, 1), "女", 11), id_number(date(1981, 5, 1), "女", 12)
    cast.zhao.identity, cast.zhao.identity_key = known, contact_numbers.identity_key(known)
    db.session.flush()
    phone = "13900000002"
    # Who stays in the one team joins the other; the other alone would be a move, which is asked.
    zhao = ("赵芳", known, cast.zhao.phone)
    rows = [(*zhao, cast.other_team.name), (*zhao, cast.team.name), ("孙梅", new, phone, "")]
    brought(cast, log.roster(tmp_path / "roster.xlsx", rows))
    sun = db.session.scalars(select(Volunteer.id).where(Volunteer.name == "孙梅")).one()
    assert said() == [(who, "import_entered_you", {}) for who in sorted((cast.zhao.id, sun))]


def test_who_is_moved_to_another_team_is_told_of_the_move_once_it_is_agreed_to(
    cast: make.Cast, tmp_path: Path
) -> None:
    known = id_number(date(1980, 5, 1), "女", 11)
    cast.zhao.identity, cast.zhao.identity_key = known, contact_numbers.identity_key(known)
    db.session.flush()
    rows = [("赵芳", known, cast.zhao.phone, cast.team.name)]
    path = log.roster(tmp_path / "roster.xlsx", rows)
    brought(cast, path)
    assert said() == []

    row = town.previewed([path], area_id=cast.town.id)
    agreed_changes.agree(row.id, None, by=SYSTEM, at=NOON)
    applying.apply(row.id, by=SYSTEM, at=NOON)
    assert [told[:2] for told in said()] == [(cast.zhao.id, "team_moved")]


def test_a_page_of_people_after_the_other(
    session: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "_AT_A_TIME", 7)
    town.applied(town.files_of(tmp_path / "street"))
    sums: Counter[int] = Counter()
    for who, minutes in db.session.execute(
        select(ServiceRecord.volunteer_id, ServiceRecord.minutes)
    ):
        sums[who] += minutes
    told = {who: facts["minutes"] for who, kind, facts in said() if kind == "import_changed_you"}
    assert told == sums
    everybody = set(db.session.scalars(select(Volunteer.id)))
    assert {who for who, _, _ in said()} == everybody > sums.keys()
