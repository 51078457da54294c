"""One row judged on its own; a log handed in by somebody."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook as Book

from tests import make
from tests.workbooks import log, town
from tests.workbooks.approving import Handed
from tests.workbooks.judged import (
    AREAS,
    LI_MEI,
    ROSTER,
    TEAMS,
    Outcome,
)
from tests.workbooks.street_cells import TODAY
from volunteer_service.db import db
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.scoring.rules.policy import STANDING
from volunteer_service.workbooks.judging.hand_in import HandIn
from volunteer_service.workbooks.judging.known import NothingYet


@pytest.fixture
def judge(tmp_path: Path) -> Callable[..., list[Outcome]]:
    """Judge some rows of one kind, on the ground of one area, one team and 李梅."""

    def run(header: tuple[str, ...], *rows: tuple[Any, ...]) -> list[Outcome]:
        ground: dict[tuple[str, ...], list[tuple[Any, ...]]] = {
            AREAS: [("庆丰社区", "一网格", "1号楼")],
            TEAMS: [("护学队", "庆丰社区", "居委会", None)],
            ROSTER: [(*LI_MEI, "2025-01-01")],
        }
        kept = {**ground, header: ground.get(header, []) + list(rows)}
        book = Book()
        for number, (heads, lines) in enumerate(kept.items()):
            page = book.create_sheet(f"表{number}")
            for line in (heads, *lines):
                page.append(line)
        book.save(tmp_path / "all.xlsx")
        outcomes = list(HandIn([tmp_path / "all.xlsx"], NothingYet(), str, TODAY, STANDING))
        name = f"表{list(kept).index(header)}"
        return [one for one in outcomes if one.sheet == name][len(ground.get(header, [])) :]

    return run


@pytest.fixture
def cast(session: None) -> make.Cast:
    """周静 and 钱伟 coordinate, and both serve too."""
    cast = make.cast()
    for account in (cast.coordinator, cast.second):
        account.volunteer_id = make.volunteer(account.name, team=cast.team).id
    db.session.flush()
    return cast


@pytest.fixture
def handed(cast: make.Cast, tmp_path: Path) -> Handed:
    """The number of a log with so many days of somebody, handed in by 周静."""

    def hand_in(days: int, who: Volunteer | None = None, by: Account | None = None, **how) -> int:
        path = tmp_path / "log.xlsx"
        log.written(path, log.lines(who or cast.wang, cast.team, days, **how))
        actor = make.acting(by or cast.coordinator)
        return town.previewed([path], actor, area_id=cast.town.id).id

    return hand_in
