"""A service log for people who are here already, as a coordinator would type it."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

from tests.make import Cast
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Team

FIRST = date(2026, 4, 1)
_HEADS = (
    "姓名",
    "手机号",
    "活动名称",
    "日期",
    "开始时间",
    "结束时间",
    "服务时长",
    "服务队",
    "记录方式",
)

Line = tuple[str, str, str, str, str, str, str, str, str]


def lines(
    who: Volunteer,
    team: Team,
    days: int,
    *,
    first: date = FIRST,
    hours: int = 2,
    method: str = "扫码签到",
    event: str = "小区清洁",
) -> list[Line]:
    """One service a day of ``hours`` from 08:00 on."""
    return [
        (
            who.name,
            who.phone or "",
            event,
            str(first + timedelta(days=n)),
            "08:00",
            f"{8 + hours:02d}:00",
            f"{hours}小时",
            team.name,
            method,
        )
        for n in range(days)
    ]


def written(path: Path, rows: Iterable[Line]) -> Path:
    """A workbook with these lines."""
    book = Workbook()
    page = book.worksheets[0]
    page.append(["市西街道志愿服务台账"])
    page.append(_HEADS)
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def of_wang(path: Path, cast: Cast, days: int, **how: object) -> Path:
    """王建国's log."""
    return written(path, lines(cast.wang, cast.team, days, **how))


def roster(path: Path, people: Iterable[tuple[str, str | None, str | None, str]]) -> Path:
    """A roster: name, identity number, phone, team."""
    book = Workbook()
    page = book.worksheets[0]
    page.append(["市西街道志愿者花名册"])
    page.append(("姓名", "身份证号", "手机号", "服务队", "注册日期"))
    for row in people:
        page.append((*row, "2024-01-01"))
    book.save(path)
    return path


def gifts(path: Path, rows: Iterable[tuple[str, int, int]]) -> Path:
    """A catalogue: name, price in points, stock."""
    book = Workbook()
    page = book.worksheets[0]
    page.append(["市西街道兑换礼品目录"])
    page.append(("礼品名称", "所需积分", "库存数量"))
    for row in rows:
        page.append(row)
    book.save(path)
    return path
