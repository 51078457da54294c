"""Exports of other platforms: the invented examples are read row by row, what is wrong is named."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook as Book

from tests import make
from tests.workbooks import town
from volunteer_service.errors import NotFound
from volunteer_service.workbooks.asked_sheets import import_sheets, sheet_memory
from volunteer_service.workbooks.judging.hand_in import judge
from volunteer_service.workbooks.judging.taken_or_refused import GiftRow, ServiceRow, VolunteerRow
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.reading import profiles, written_dates
from volunteer_service.workbooks.reading.sheet_readings import Memory, Reading
from volunteer_service.workbooks.reading.sheets import Workbook
from volunteer_service.workbooks.refusals import ProfileNotReadable

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "profiles"
ID = "980121198005010226"
SEVEN = datetime(2026, 3, 5, 7)  # noqa: DTZ001  a wall clock
LOG = ("项目标题", "签到时刻", "签退时刻", "累计时长(分钟)", "所在组织", "用户昵称", "绑定手机")
PEOPLE = (
    "真实姓名",
    "证件号",
    "登录手机",
    "性别代码",
    "加入平台日期",
    "主组织",
    "技能标签",
    "会员状态",
)


def example(name: str) -> dict[str, Any]:
    with (EXAMPLES / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def handed_in(path: Path, area_id: int, **sheets: list[tuple[object, ...]]) -> Import:
    book = Book()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book.save(path)
    return town.previewed([path], area_id=area_id)


def test_the_exports_of_three_platforms_are_read(session, tmp_path: Path) -> None:
    cast = make.cast()
    for name in ("linlitong-log", "aixinyun-people", "huimin-gifts"):
        kept = sheet_memory.keep_profile(cast.town.id, example(name), by=town.SYSTEM, at=town.NOON)
        assert kept.about == "profile"
    team = cast.team.name
    served = ("护学", "05/03/2026 07:00", "05/03/2026 08:30", 90, team, "许一", "17000000001")
    row = handed_in(
        tmp_path / "a.xlsx",
        cast.town.id,
        people=[
            PEOPLE,
            ("许一", ID, "17000000001", 0, "01-05-2026", team, "急救", "正常"),
            ("许二", ID, "17000000002", 0, "01-05-2026", team, "", "已注销"),
        ],
        log=[
            (*LOG, "签到类型", "审核状态"),
            (*served, 1, "已通过"),
            (*served, 1, "待审核"),
            (*served, 1, "冻结"),
        ],
        shelf=[("SPU名称", "兑换值", "可售库存", "会员等级"), ("香皂", 2, 200, "金卡")],
    )

    told = {one.name: one for one in import_sheets.sheets(row.files)}
    assert {name: (one.reading.because, one.reading.said) for name, one in told.items()} == {
        "people": ("profile", "爱心云 会员导出"),
        "log": ("profile", "邻里通 签到明细"),
        "shelf": ("profile", "惠民兑 商品列表"),
    }
    judged = judge(row, at=town.NOON, tell=lambda step, done, total: None)
    taken = [one.row for one in judged.taken]
    (person,) = [one for one in taken if isinstance(one, VolunteerRow)]
    (record,) = [one for one in taken if isinstance(one, ServiceRow)]
    (gift,) = [one for one in taken if isinstance(one, GiftRow)]
    assert (person.registered_on, person.sex) == (date(2026, 1, 5), "f")
    assert (record.start, record.end.hour, record.minutes, record.grade) == (
        *(SEVEN, 8, 90, "scanned"),
    )
    assert gift.minimum_star == 5
    assert sorted(one.reason_code for one in judged.refused) == [
        *("left_out_by_status", "left_out_by_status", "unknown_status"),
    ]


def test_without_the_profile_the_sheet_is_not_understood(session, tmp_path: Path) -> None:
    cast = make.cast()
    row = handed_in(tmp_path / "a.xlsx", cast.town.id, log=[LOG, (1,) * 7])

    (sheet,) = import_sheets.sheets(row.files)
    assert sheet.reading.state == "unknown"


def test_a_profile_fits_only_where_all_its_headers_are(tmp_path: Path) -> None:
    one = profiles.read(example("huimin-gifts"))
    book = Book()
    book.worksheets[0].append(("SPU名称", "兑换值", "可售库存"))
    book.save(tmp_path / "a.xlsx")

    ((_, reading),) = Workbook(tmp_path / "a.xlsx", memory=Memory(profiles=(one,))).sheets

    assert isinstance(reading, Reading)
    assert reading.because == "words"


def test_a_profile_is_handed_on_as_it_was_kept(session) -> None:
    cast = make.cast()
    coordinator = make.acting(cast.coordinator)
    given = example("linlitong-log")
    sheet_memory.keep_profile(cast.town.id, given, by=coordinator, at=town.NOON)

    kept = sheet_memory.profile_called(cast.town.id, given["name"], by=coordinator)

    assert kept == given
    stranger = make.acting(make.account("he", "何静", role="coordinator", area=cast.elsewhere))
    with pytest.raises(NotFound):
        sheet_memory.profile_called(cast.town.id, given["name"], by=stranger)
    with pytest.raises(NotFound):
        sheet_memory.keep_profile(cast.town.id, given, by=stranger, at=town.NOON)
    with pytest.raises(NotFound):
        sheet_memory.profile_called(cast.town.id, "没有", by=coordinator)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"format": 2}, "format"),
        ({"kind": "people"}, "kind"),
        ({"name": ""}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"columns": {"name": "品名"}}, "缺少必需的列"),
        ({"columns": []}, "columns"),
        ({"columns": {"name": 3}}, "columns"),
        ({"codes": {"sex": {"1": "男"}}}, "没有的项目"),
        ({"codes": "x"}, "codes"),
        ({"dates": ["MM/DD"]}, "dates"),
        ({"dates": ["YYYY-MM-DD (a+)+"]}, "dates"),
    ],
)
def test_what_is_wrong_in_a_profile_is_named(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(ProfileNotReadable, match=why):
        profiles.read(example("huimin-gifts") | wrong)


def test_a_status_is_taken_or_left() -> None:
    with pytest.raises(ProfileNotReadable, match=r"codes\.status"):
        profiles.read(example("linlitong-log") | {"codes": {"status": {"已通过": "ok"}}})


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("05/03/2026 07:00", SEVEN),
        ("31/02/2026 07:00", "31/02/2026 07:00"),
        ("2026-03-05", "2026-03-05"),
        (45000, 45000),
    ],
)
def test_a_date_is_read_as_it_is_written(raw: object, found: object) -> None:
    assert written_dates.read(raw, ["DD/MM/YYYY HH:mm"]) == found
