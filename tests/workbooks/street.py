"""Another street's five workbooks, made from a seed, with dirt whose counts are known.

Nothing is laid out as in ``examples/programme``: columns are shuffled, headers are other words in
another row, the log lies on two sheets of which one is hours in minutes, lists are merged, totals
and notes stand at the foot, names of files say nothing.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from tests.workbooks import street_log, street_roster
from tests.workbooks.street_cells import NOTATIONS, only


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
        street_roster.write(self)
        street_log.write(self)
        self._gifts()
        return sorted(self.folder.glob("*.xlsx"))

    def dated(self, on: date) -> Any:
        """The day in one of seven notations."""
        return self.dice.choice(NOTATIONS)(on)

    def _areas(self) -> None:
        book = Workbook()
        page = only(book)
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
        page = only(book)
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

    def _gifts(self) -> None:
        book = Workbook()
        page = only(book)
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
