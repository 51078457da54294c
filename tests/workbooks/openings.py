"""Lists of opening balances in a test: headers, a row of each, and a hand-in agreed by two."""

from pathlib import Path
from typing import Any

from openpyxl import Workbook as Book

from tests import make
from tests.make import Cast, acting
from tests.workbooks import town
from volunteer_service.people.models import Volunteer
from volunteer_service.workbooks import applying, approval
from volunteer_service.workbooks.models import Import

WHERE = "志愿通小程序"
_WHO = ("姓名", "手机号", "身份证号", "原系统")
POINTS = (*_WHO, "积分余额", "到期日期")
HOURS = (*_WHO, "年度", "服务时长（小时）")
STARS = (*_WHO, "评定半年", "星级")
PAPERS = (*_WHO, "证书编号", "发证日期", "证书名称")
#: Two more values of each list, for whom :func:`of` names.
ROWS = {
    POINTS: (30, "2027-12-31"),
    HOURS: (2024, 12.5),
    STARS: ("2025年上半年", "三星"),
    PAPERS: ("ZYT-2024-0071", "2024-03-05", "优秀志愿者"),
}

Row = tuple[Any, ...]


def of(person: Volunteer, *values: Any) -> Row:
    """A row about somebody."""
    return (person.name, person.phone, None, WHERE, *values)


def written(folder: Path, lists: dict[tuple[str, ...], list[Row]], name: str = "期初.xlsx") -> Path:
    """A workbook with a sheet for each list."""
    book = Book()
    for number, (heads, rows) in enumerate(lists.items()):
        page = book.create_sheet(f"表{number}")
        for row in (heads, *rows):
            page.append(row)
    book.remove(book.worksheets[0])
    book.save(folder / name)
    return folder / name


def whole(person: Volunteer) -> dict[tuple[str, ...], list[Row]]:
    """One row of each list about somebody."""
    return {heads: [of(person, *values)] for heads, values in ROWS.items()}


def previewed(cast: Cast, path: Path) -> Import:
    """The file handed in by the coordinator."""
    return town.previewed([path], acting(cast.coordinator), area_id=cast.town.id)


def applied(cast: Cast, path: Path) -> Import:
    """The file handed in and asked for by the coordinator, approved by the second person."""
    row = previewed(cast, path)
    approval.ask(row.id, by=acting(cast.coordinator), at=town.NOON)
    return applying.apply(row.id, by=acting(cast.second), at=town.NOON)


def taken(cast: Cast, folder: Path, person: Volunteer) -> Import:
    """One row of each list about somebody, taken over."""
    return applied(cast, written(folder, whole(person)))


def neighbour(cast: Cast) -> Volunteer:
    """Somebody who lives in another sub-district and is in a team of this one."""
    other = make.area("邻街道")
    return make.volunteer("邻居", team=cast.team, area_id=other.id)
