"""The log of another street."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from tests.workbooks.street_cells import only

if TYPE_CHECKING:
    from tests.workbooks.street import Street


def _served(street: Street, serial: int, day: int) -> dict[str, Any]:
    person = street.roster[serial]
    street.minutes += 90
    return {
        "志愿者电话": person["联系方式"],
        "参加人": person["姓 名"],
        "服务活动": f"清洁第{day}次",
        "日期": street.dated(date(2026, 2, 1) + timedelta(days=day)),
        "开始": "9：00",
        "结束": "上午10:30",
        "时长(分钟)": 90,
        "组织单位": person["所属队伍"],
        "登记方式": ("扫码", "队长点名", "补登", "微信接龙")[day % 4],
        "活动内容": "清洁",
    }


def write(street: Street) -> None:
    """The log: three services of everybody on two sheets, and one bad row a reason."""
    good = [_served(street, serial, day) for serial in range(street.people) for day in range(3)]
    street.taken["service_log"] = len(good)
    bad = _bad_services(street)
    columns = list(good[0])
    street.dice.shuffle(columns)
    book = Workbook()
    book.remove(only(book))
    half = len(good) // 2
    for title, rows, hours in (("上", good[:half], False), ("下", good[half:] + bad, True)):
        page = book.create_sheet(title)
        heads = [head.replace("分钟", "小时") if hours else head for head in columns]
        page.append(["服务台账"])
        page.append(heads)
        for row in rows:
            spent = row["时长(分钟)"]
            shown = _in_hours(spent, street.dice) if hours else spent
            page.append([shown if c == "时长(分钟)" else row[c] for c in columns])
    book.save(street.folder / "a.xlsx")


def _bad_services(street: Street) -> list[dict[str, Any]]:
    kept = street.minutes
    changes: list[tuple[str, dict[str, Any]]] = [
        ("duplicate_row", {}),
        ("overlaps_another_record", {"服务活动": "别的活动", "开始": "10:29", "结束": "12:00"}),
        ("unknown_volunteer", {"参加人": "无此人"}),
        ("hours_not_positive", {"时长(分钟)": -30, "开始": "14:00", "结束": "15:00"}),
        ("hours_exceed_event", {"时长(分钟)": 61, "开始": "14:00", "结束": "15:00"}),
        ("date_in_the_future", {"日期": "2031年1月1日"}),
        ("impossible_date", {"日期": "2026/6/31"}),
        ("impossible_time", {"开始": "25:00"}),
        ("unreadable_hours", {"时长(分钟)": "一上午"}),
        ("not_volunteer_service", {"活动内容": "职工会议", "开始": "20:00", "结束": "22:00"}),
        ("unknown_team", {"组织单位": "没有的队"}),
        ("missing_value", {"服务活动": None}),
    ]
    rows = [_served(street, 2, 1) | change for _, change in changes]
    street.minutes = kept
    street.refused.update(f"log_refused:{code}" for code, _ in changes)
    return rows


def _in_hours(minutes: Any, dice: random.Random) -> Any:
    if minutes != 90:
        return minutes if isinstance(minutes, str) else f"{minutes}分钟"
    return dice.choice((1.5, "1.5小时", "１．５", "1小时30分", "90分钟", " 1.50 h"))
