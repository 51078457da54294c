"""Another street's five workbooks, made from a seed, with dirt whose counts are known.

Nothing is laid out as in ``examples/programme``: columns are shuffled, headers are other words in
another row, the log lies on two sheets of which one is hours in minutes, lists are merged, totals
and notes stand at the foot, names of files say nothing.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

TODAY = date(2026, 11, 22)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_NOTATIONS: tuple[Callable[[date], Any], ...] = (
    lambda on: f"{on.year}/{on.month}/{on.day}",
    lambda on: f"{on.year}-{on.month:02}-{on.day:02}",
    lambda on: f"{on.year}.{on.month}.{on.day}",
    lambda on: f"{on.year}年{on.month}月{on.day}日",
    lambda on: f"{on:%Y%m%d}",
    lambda on: (on - date(1899, 12, 30)).days,
    lambda on: datetime(on.year, on.month, on.day),  # noqa: DTZ001  as a date cell is
)


def id_number(born_on: date, sex: str, serial: int) -> str:
    """An invented number that holds; region 98 does not exist."""
    odd = serial * 2 + (sex == "男")
    body = f"9801{serial % 90 + 10}{born_on:%Y%m%d}{odd % 1000:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


@dataclass
class Street:
    """Writes the files and keeps count of what a reader must find."""

    folder: Path
    seed: int
    people: int = 120
    refused: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    minutes: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.communities = [f"{name}社区" for name in ("临江", "北苑", "梧桐里")]
        self.teams = [f"{place}{what}服务队" for place in self.communities for what in _WORK]
        self.roster: list[dict[str, Any]] = []

    def write(self) -> list[Path]:
        """All five workbooks, the log first: order and names of files must not matter."""
        self._areas()
        self._teams()
        self._roster()
        self._log()
        self._gifts()
        return sorted(self.folder.glob("*.xlsx"))

    def dated(self, on: date) -> Any:
        """The day in one of seven notations."""
        return self.dice.choice(_NOTATIONS)(on)

    def _areas(self) -> None:
        book = Workbook()
        page = _only(book)
        page.append(["临江镇小区一览"])
        page.append(["所在楼栋", "社区名称", "备注", "网格名称"])
        row = 3
        for community in self.communities:
            first = row
            for grid in ("一网格", "二网格"):
                for building in range(1, 4):
                    merged = community if row == first else None
                    page.append([f"{building}幢", merged, None, grid if building == 1 else None])
                    row += 1
            page.merge_cells(start_row=first, end_row=row - 1, start_column=2, end_column=2)
        self.taken["areas"] = row - 3
        book.save(self.folder / "e.xlsx")

    def _teams(self) -> None:
        book = Workbook()
        page = _only(book)
        page.append(["所属品牌", "记录主体", "组建时间", "序号", "团队名称", "所属社区"])
        for number, team in enumerate(self.teams, 1):
            community = next(place for place in self.communities if team.startswith(place))
            page.append(
                [None, "镇志愿服务站", self.dated(date(2022, 3, number)), number, team, community]
            )
        page.append([None, "镇志愿服务站", "2022年13月1日", 99, "新队", self.communities[0]])
        page.append([None, "镇志愿服务站", "2022.1.1", 99, "另一队", "没有的社区"])
        page.append([None, None, None, None, f"总计：{len(self.teams)}", None])
        self.taken["teams"] = len(self.teams)
        self.refused.update({"teams_refused:impossible_date": 1, "teams_refused:unknown_area": 1})
        book.save(self.folder / "d.xlsx")

    def _person(self, serial: int, born_on: date | None = None) -> dict[str, Any]:
        sex = self.dice.choice("男女")
        born_on = born_on or date(1950, 1, 1) + timedelta(days=self.dice.randrange(18_000))
        return {
            "证件号码 *": id_number(born_on, sex, serial),
            "姓 名": f"{self.dice.choice('赵钱孙李周吴郑王')}{chr(0x5B50 + serial)}",
            "联系方式": f"139{serial // 2:08}",
            "性别": sex,
            "所属队伍": self.dice.choice(self.teams),
            "楼号": f"{self.dice.randrange(1, 4)}幢",
            "所属社区": self.dice.choice(self.communities),
            "网格": "二网格",
            "入队日期": self.dated(date(2024, 1, 1) + timedelta(days=serial)),
            "家长姓名": None,
            "家长电话": None,
            "备注": None,
        }

    def _roster(self) -> None:
        self.roster = [self._person(serial) for serial in range(self.people)]
        rows = [dict(person) for person in self.roster]
        for row in self.dice.sample(rows, 20):
            self._tidy_away(row)
        rows += self._bad_people()
        self.taken["volunteers"] = self.people + 1
        columns = list(rows[0])
        self.dice.shuffle(columns)
        book = Workbook()
        page = _only(book)
        for above in (["填表说明：请勿改动表头"], [], ["临江镇志愿者名册"], [], columns):
            page.append(above)
        for number, row in enumerate(rows):
            page.append([row[column] for column in columns])
            if number % 40 == 39:
                page.append(columns)
                page.append([])
        page.append(["累计", None, len(rows)])
        page.append(["审核：王主任"])
        notes = book.create_sheet("说明")
        notes.append(["本表由各社区填写"])
        hidden = book.create_sheet("去年")
        hidden.append(columns)
        hidden.append([rows[0][column] for column in columns])
        hidden.sheet_state = "hidden"
        book.save(self.folder / "c.xlsx")

    def _tidy_away(self, row: dict[str, Any]) -> None:
        """Dirt that must not cost anybody their row."""
        wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
        phone, name = row["联系方式"], row["姓 名"]
        row["证件号码 *"] = self.dice.choice(
            (
                row["证件号码 *"].translate(wide),
                f"\u00a0{row['证件号码 *'].lower()}\t",
                f"'{row['证件号码 *']}",
            )
        )
        row["联系方式"] = self.dice.choice((f"+86 {phone}", f"{phone[:3]}-{phone[3:]}", int(phone)))
        row["姓 名"] = f"{name[0]}\u3000{name[1:]}\u200b "
        row["备注"] = "=1+1"

    def _bad_people(self) -> list[dict[str, Any]]:
        serial = iter(range(self.people, self.people + 50))
        child = date(TODAY.year - 12, 5, 5)
        with_parent = self._person(next(serial), child) | {
            "家长姓名": "赵母",
            "家长电话": "13900000000",
        }
        twin, other = dict(self.roster[3]), dict(self.roster[4]) | {"姓 名": "别人"}
        bad: list[tuple[str, dict[str, Any]]] = [
            ("missing_name", {"姓 名": "\u3000"}),
            ("id_lost_digits", {"证件号码 *": 980110196001011234}),
            ("id_lost_digits", {"证件号码 *": "9.80110E+17"}),
            ("sex_contradicts_id", {}),
            ("impossible_date", {"入队日期": "2025.2.29"}),
            ("unknown_team", {"所属队伍": self.teams[0].replace("服务", "服務")}),
            ("unknown_area", {"楼号": "99幢"}),
            ("bad_phone", {"联系方式": "1390000"}),
            ("id_check_digit", {}),
        ]
        rows = []
        for code, change in bad:
            row = self._person(next(serial)) | change
            if code == "sex_contradicts_id":
                row["性别"] = "女" if row["性别"] == "男" else "男"
            if code == "id_check_digit":
                row["证件号码 *"] = (
                    f"{row['证件号码 *'][:-1]}{'1' if row['证件号码 *'][-1] != '1' else '2'}"
                )
            rows.append(row)
        rows += [twin, other, self._person(next(serial), child), with_parent]
        self.refused.update(f"refused:{code}" for code, _ in bad)
        self.refused.update(
            {
                "refused:duplicate_row": 1,
                "refused:same_id_other_person": 1,
                "refused:minor_without_guardian": 1,
            }
        )
        return rows

    def _served(self, serial: int, day: int) -> dict[str, Any]:
        person = self.roster[serial]
        self.minutes += 90
        return {
            "志愿者电话": person["联系方式"],
            "参加人": person["姓 名"],
            "服务活动": f"清洁第{day}次",
            "日期": self.dated(date(2026, 2, 1) + timedelta(days=day)),
            "开始": "9：00",
            "结束": "上午10:30",
            "时长(分钟)": 90,
            "组织单位": person["所属队伍"],
            "登记方式": ("扫码", "队长点名", "补登", "微信接龙")[day % 4],
            "活动内容": "清洁",
        }

    def _log(self) -> None:
        good = [self._served(serial, day) for serial in range(self.people) for day in range(3)]
        self.taken["service_log"] = len(good)
        bad = self._bad_services()
        columns = list(good[0])
        self.dice.shuffle(columns)
        book = Workbook()
        book.remove(_only(book))
        half = len(good) // 2
        for title, rows, hours in (("上", good[:half], False), ("下", good[half:] + bad, True)):
            page = book.create_sheet(title)
            heads = [head.replace("分钟", "小时") if hours else head for head in columns]
            page.append(["服务台账"])
            page.append(heads)
            for row in rows:
                spent = row["时长(分钟)"]
                shown = _in_hours(spent, self.dice) if hours else spent
                page.append([shown if c == "时长(分钟)" else row[c] for c in columns])
        book.save(self.folder / "a.xlsx")

    def _bad_services(self) -> list[dict[str, Any]]:
        kept = self.minutes
        changes: list[tuple[str, dict[str, Any]]] = [
            ("duplicate_row", {}),
            ("overlaps_another_record", {"服务活动": "别的活动", "开始": "10:29", "结束": "12:00"}),
            ("unknown_volunteer", {"参加人": "无此人"}),
            ("hours_not_positive", {"时长(分钟)": -30, "开始": "14:00", "结束": "15:00"}),
            ("hours_exceed_event", {"时长(分钟)": 61, "开始": "14:00", "结束": "15:00"}),
            ("date_in_the_future", {"日期": "2031年1月1日"}),
            ("impossible_date", {"日期": "2026/6/31"}),
            ("impossible_time", {"开始": "25:00"}),
            ("unreadable_hours", {"时长(分钟)": "半天"}),
            ("not_volunteer_service", {"活动内容": "职工会议", "开始": "20:00", "结束": "22:00"}),
            ("unknown_team", {"组织单位": "没有的队"}),
            ("missing_value", {"服务活动": None}),
        ]
        rows = [self._served(2, 1) | change for _, change in changes]
        self.minutes = kept
        self.refused.update(f"log_refused:{code}" for code, _ in changes)
        return rows

    def _gifts(self) -> None:
        book = Workbook()
        page = _only(book)
        page.append(["现有库存", "星级要求", "品名", "兑换积分"])
        for row in (
            ["200件", "三星", "毛巾", "4.5分"],
            [30, None, "香皂", 2],
            [5, None, "香皂", 2],
        ):
            page.append(row)
        page.append(["很多", None, "雨伞", 8])
        self.taken["gifts"] = 2
        self.refused.update({"gifts_refused:duplicate_row": 1, "gifts_refused:bad_number": 1})
        book.save(self.folder / "b.xlsx")


_WORK = ("清洁", "助老", "巡逻")


def _only(book: Workbook) -> Worksheet:
    page = book.active
    assert isinstance(page, Worksheet)
    return page


def _in_hours(minutes: Any, dice: random.Random) -> Any:
    if minutes != 90:
        return minutes if isinstance(minutes, str) else f"{minutes}分钟"
    return dice.choice((1.5, "1.5小时", "１．５", "1小时30分", "90分钟", " 1.50 h"))
