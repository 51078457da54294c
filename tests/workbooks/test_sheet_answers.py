"""Answers about a sheet or column are kept for the street and used for the next file."""

from pathlib import Path

import pytest
from openpyxl import Workbook as Book
from sqlalchemy import select

from tests import make
from tests.workbooks import town
from volunteer_service.db import db
from volunteer_service.errors import Invalid, NotFound
from volunteer_service.journal import Entry
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.workbooks import applying, receiving
from volunteer_service.workbooks.asked_sheets import import_sheets, sheet_answers, sheet_memory
from volunteer_service.workbooks.judging.hand_in import judge
from volunteer_service.workbooks.models import Import, SheetMeaning
from volunteer_service.workbooks.refusals import (
    ImportNotReady,
    SheetColumnsMissing,
    SheetNotThere,
)

LOG = (
    "活动名称",
    "活动日期",
    "开始时间",
    "结束时间",
    "服务时长",
    "服务队",
    "参与者",
    "手机号",
    "天气",
)
KEEPERS = ("社区", "网格", "楼栋", "楼栋长", "联系电话")


def street(path: Path, log: tuple[str, ...] = LOG, name: str = "6月台账") -> Path:
    """One community, team and person; a log with a header of its own, and a look-alike."""
    lists: dict[str, list[tuple[object, ...]]] = {
        "楼栋": [("社区", "网格", "楼栋"), ("和风社区", "一网格", "1号楼")],
        "队伍": [("队名", "所属社区", "记录单位"), ("和风护学队", "和风社区", "和风居委会")],
        "花名册": [
            ("姓名", "身份证号", "手机号", "注册日期"),
            ("许一", "980121198005010226", "17000000001", "2026-01-05"),
        ],
        name: [
            log,
            *(
                (
                    "护学",
                    f"2026-03-0{day}",
                    "7:00",
                    "8:30",
                    1.5,
                    "和风护学队",
                    "许一",
                    "17000000001",
                    "晴",
                )
                for day in (5, 6)
            ),
        ],
        "楼栋长": [KEEPERS, ("和风社区", "一网格", "2号楼", "许一", "17000000001")],
        "旧表": [("甲", "乙"), (1, 2)],
    }
    book = Book()
    book.remove(book.worksheets[0])
    for title, rows in lists.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book["旧表"].sheet_state = "hidden"
    book.save(path)
    return path


def judged_again(row: Import) -> dict[str, import_sheets.Sheet]:
    receiving.previewed(row.id, judge(row, at=town.NOON, tell=applying.silent))
    return by_name(row)


def by_name(row: Import) -> dict[str, import_sheets.Sheet]:
    return {sheet.name: sheet for sheet in import_sheets.sheets(row.files)}


def places(row: Import) -> dict[str, int]:
    return {sheet.name: sheet.number for sheet in import_sheets.sheets(row.files)}


@pytest.fixture
def cast(session) -> make.Cast:
    return make.cast()


@pytest.fixture
def by(cast: make.Cast) -> Actor:
    return make.acting(cast.coordinator)


@pytest.fixture
def row(cast: make.Cast, by: Actor, tmp_path: Path) -> Import:
    return town.previewed([street(tmp_path / "a.xlsx")], by, area_id=cast.town.id)


def test_every_sheet_is_named_with_its_rows_and_nothing_open_comes_in(row: Import) -> None:
    found = by_name(row)

    assert {
        name: (sheet.reading.state, sheet.taken, sheet.refused, sheet.waiting)
        for name, sheet in found.items()
    } == {
        "楼栋": ("taken", 1, 0, 0),
        "队伍": ("taken", 1, 0, 0),
        "花名册": ("taken", 1, 0, 0),
        "6月台账": ("unknown", 0, 0, 2),
        "楼栋长": ("asked", 0, 0, 1),
        "旧表": ("hidden", 0, 0, 2),
    }
    assert found["6月台账"].told()["missing"] == ["姓名"]
    assert (row.counts["by_kind"].get("areas"), row.records) == ([1, 1, 0], 0)


def test_a_column_said_by_hand_is_read_and_kept(row: Import, by: Actor) -> None:
    place = places(row)["6月台账"]
    columns = dict(by_name(row)["6月台账"].reading.columns)
    with pytest.raises(SheetColumnsMissing, match="志愿服务记录导入，还缺这些列：姓名"):
        sheet_answers.answer(row.id, place, "service_log", by=by, at=town.NOON)

    sheet_answers.answer(
        row.id, place, "service_log", columns=columns | {"name": 6}, by=by, at=town.NOON
    )

    assert row.state == "reading"
    sheet = judged_again(row)["6月台账"]
    assert (sheet.reading.because, sheet.taken, sheet.refused) == ("hand", 2, 0)
    assert sheet.reading.unused == ["天气"]
    kept = db.session.scalars(select(SheetMeaning).order_by(SheetMeaning.id)).all()
    assert [(one.about, one.kind, one.words) for one in kept] == [
        ("column", "service_log", "参与者"),
        ("sheet", "service_log", "6月台账"),
    ]
    verbs = set(db.session.scalars(select(Entry.verb)))
    assert {"imports.answer", "imports.remember"} <= verbs


def test_the_next_file_is_read_as_it_was_said_and_says_so(
    row: Import, by: Actor, tmp_path: Path
) -> None:
    columns = by_name(row)["6月台账"].reading.columns | {"name": 6}
    sheet_answers.answer(
        row.id, places(row)["6月台账"], "service_log", columns=columns, by=by, at=town.NOON
    )
    judged_again(row)
    sheet_answers.answer(row.id, places(row)["楼栋长"], "none", by=by, at=town.NOON)

    again = town.previewed([street(tmp_path / "b.xlsx", name="7月台账")], by, area_id=row.area_id)
    # Another header with the same strange word: what the column holds is known.
    other = (*LOG[:-1], "心情")
    third = town.previewed([street(tmp_path / "c.xlsx", other, "册")], by, area_id=row.area_id)

    log, keepers = by_name(again)["7月台账"], by_name(again)["楼栋长"]
    assert (log.reading.state, log.reading.because, log.reading.said) == (
        *("taken", "memory", "2026-11-22"),
    )
    assert log.taken == 2
    assert (keepers.reading.state, keepers.waiting) == ("left_out", 1)
    assert (by_name(third)["册"].reading.state, by_name(third)["册"].taken) == ("taken", 2)


def test_what_was_said_is_forgotten_and_asked_again(row: Import, by: Actor, tmp_path: Path) -> None:
    sheet_answers.answer(row.id, places(row)["楼栋长"], "areas", by=by, at=town.NOON)
    assert judged_again(row)["楼栋长"].taken == 1
    (said,) = sheet_memory.meanings(by).items

    sheet_memory.forget(said.id, by=by, at=town.NOON)

    assert list(sheet_memory.meanings(by).items) == []
    again = town.previewed([street(tmp_path / "b.xlsx")], by, area_id=row.area_id)
    assert by_name(again)["楼栋长"].reading.state == "asked"


def test_only_who_may_import_in_the_street_says_and_forgets(
    row: Import, by: Actor, cast: make.Cast
) -> None:
    other = make.account("he", "何静", role="coordinator", area=cast.elsewhere)
    stranger = make.acting(other)
    with pytest.raises(NotFound):
        sheet_answers.answer(row.id, places(row)["楼栋长"], "areas", by=stranger, at=town.NOON)
    sheet_answers.answer(row.id, places(row)["楼栋长"], "areas", by=by, at=town.NOON)
    (said,) = sheet_memory.meanings(by).items

    with pytest.raises(NotFound):
        sheet_memory.forget(said.id, by=stranger, at=town.NOON)
    assert list(sheet_memory.meanings(stranger).items) == []
    assert sheet_memory.of_street(cast.elsewhere.id).sheets == {}


def test_what_cannot_be_is_refused(row: Import, by: Actor) -> None:
    place = places(row)["楼栋长"]
    for number in (-1, 99, 10**400):
        with pytest.raises(SheetNotThere):
            sheet_answers.answer(row.id, number, "areas", by=by, at=town.NOON)
    with pytest.raises(SheetNotThere):
        sheet_answers.answer(row.id, places(row)["旧表"], "none", by=by, at=town.NOON)
    wrong: list[dict[str, object]] = [
        {"columns": {"community": 5}},
        {"columns": {"community": -1}},
        {"columns": {"points": 1}},
        {"row_number": 3},
    ]
    for each in wrong:
        with pytest.raises(Invalid):
            sheet_answers.answer(row.id, place, "areas", **each, by=by, at=town.NOON)
    with pytest.raises(Invalid):
        sheet_answers.answer(row.id, place, "people", by=by, at=town.NOON)
    sheet_answers.answer(row.id, place, "none", by=by, at=town.NOON)
    with pytest.raises(ImportNotReady):
        sheet_answers.answer(row.id, place, "none", by=by, at=town.NOON)


def test_an_answer_for_a_street_that_comes_with_the_import_is_kept_when_it_comes(
    session, tmp_path: Path
) -> None:
    row = town.previewed([street(tmp_path / "a.xlsx")], sub_district="和风街道")
    sheet_answers.answer(row.id, places(row)["楼栋长"], "areas", by=town.SYSTEM, at=town.NOON)
    judged_again(row)
    assert db.session.scalars(select(SheetMeaning)).all() == []

    applying.apply(row.id, by=town.SYSTEM, at=town.NOON)

    (said,) = db.session.scalars(select(SheetMeaning)).all()
    assert (said.area_id, said.kind, said.words) == (row.area_id, "areas", "楼栋长")


def test_the_question_shows_each_column_with_an_example_and_no_long_number(
    row: Import, by: Actor
) -> None:
    asked = sheet_answers.question(row.id, places(row)["6月台账"], by=by)

    assert asked.kind is not None
    assert (asked.kind.name, asked.row_number) == ("service_log", 1)
    assert asked.columns[6:8] == [("参与者", "许一"), ("手机号", "170****01")]
    assert "17000000001" not in str(asked.rows)
    assert "name" not in asked.known
