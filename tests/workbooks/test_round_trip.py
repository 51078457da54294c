"""A street of 200 with 40 faulty rows: what was refused comes back, is mended, and completes it."""

from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from tests.workbooks import town
from tests.workbooks.street_cells import id_number
from volunteer_service.workbooks import refused_rows
from volunteer_service.workbooks.models import Import

PEOPLE, FAULTY = 200, 40
HEADS = ("序号", "联系方式", "姓 名", "证件号码 *", "入队日期", "所属队伍", "所属社区", "备注")
LOG = ("活动名称", "参加人", "联系电话", "服务日期", "开始", "结束", "时长", "服务队")

Row = list[Any]


def person(n: int) -> Row:
    card = id_number(date(1960, 1, 1) + timedelta(days=n), "女", n)
    on = datetime(2024, 3, 1) + timedelta(days=n)  # noqa: DTZ001  a cell of Excel has no zone
    return [n, 13900000000 + n, f"许{chr(0x5B50 + n)}", card, on, "护学队", "和风社区", "+好"]


def service(n: int) -> Row:
    who = person(n)
    on = datetime(2026, 4, 1) + timedelta(days=n)  # noqa: DTZ001
    return ["清洁", who[2], who[1], on, time(8, 0), time(10, 0), timedelta(hours=2), "护学队"]


#: Column and wrong value, one after the other.
BAD: tuple[tuple[int, Any], ...] = (
    *((1, "139"), (2, None), (3, "110101190001010000"), (4, "2024-02-30"), (5, "护雪队")),
    *((6, "没有的社区"), (3, 1.1e17), (4, None)),
)


def written(path: Path) -> dict[tuple[str, int], Row]:
    """Write the street; gives the right row of each place."""
    book = openpyxl.Workbook()
    areas = book.worksheets[0]
    areas.append(["街道", "社区", "网格", "楼栋"])
    areas.append(["和风街道", "和风社区", "一网格", "1号楼"])
    book.create_sheet("队伍").append(["队名", "所属社区", "记录单位"])
    book["队伍"].append(["护学队", "和风社区", "和风居委会"])
    right: dict[tuple[str, int], Row] = {}
    roster, log = book.create_sheet("名册"), book.create_sheet("台账")
    roster.append(["和风街道志愿者名册"])
    roster.append(HEADS)
    log.append(LOG)
    for n in range(PEOPLE):
        wrong, (column, value) = person(n), BAD[n % len(BAD)]
        if n < FAULTY:
            wrong[column] = value
        roster.append(wrong)
        right["名册", n + 3] = person(n)
    for n in range(FAULTY, PEOPLE):
        wrong = service(n)
        if n % 40 == 0:
            wrong[6] = timedelta(hours=3)
        log.append(wrong)
        right["台账", n - FAULTY + 2] = service(n)
    book.save(path)
    return right


def returned(row: Import) -> openpyxl.Workbook:
    out = BytesIO()
    refused_rows.refused_workbook(row.id, out, by=town.SYSTEM)
    out.seek(0)
    return openpyxl.load_workbook(out)


def lines(page: Worksheet, heads: tuple[str, ...]) -> list[tuple[Cell, ...]]:
    """The rows below the header, which must be the street's own."""
    rows: list[Any] = list(page.iter_rows())
    at = next(n for n, row in enumerate(rows) if row[0].value == heads[0])
    assert tuple(cell.value for cell in rows[at])[: len(heads)] == heads
    return rows[at + 1 :]


def test_mended_and_handed_in_again_it_completes(session: None, tmp_path: Path) -> None:
    right = written(tmp_path / "street.xlsx")
    first = town.applied([tmp_path / "street.xlsx"])
    assert first.counts["by_kind"]["volunteers"] == [160, 160, 40]
    assert first.counts["by_kind"]["service_log"] == [156, 156, 4]

    book = returned(first)
    assert book.sheetnames == ["名册", "台账"]
    for name, heads in (("名册", HEADS), ("台账", LOG)):
        for line in lines(book[name], heads):
            cells = [cell.value for cell in line]
            wanted = right[name, cells[-1]]
            wrong = [n for n, value in enumerate(wanted) if not _is_same(value, cells[n])]
            assert len(wrong) == 1
            assert line[wrong[0]].fill.start_color.rgb == "00FFF2CC"
            assert cells[-4]
            line[wrong[0]].value = wanted[wrong[0]]
    book.save(tmp_path / "mended.xlsx")

    second = town.applied([tmp_path / "mended.xlsx"])

    assert second.counts["by_kind"]["volunteers"] == [40, 40, 0]
    assert second.counts["by_kind"]["service_log"] == [4, 4, 0]
    there = town.counted()
    assert (there["volunteers"], there["memberships"], there["service_records"]) == (200, 200, 160)
    again = town.applied([tmp_path / "mended.xlsx"])
    assert again.counts["new"]["volunteers"] == again.counts["new"]["service_log"] == 0
    assert "changes" not in again.counts
    assert {name: n for name, n in town.counted().items() if name != "messages"} == {
        name: n for name, n in there.items() if name != "messages"
    }
    town.healthy()


def _is_same(wanted: Any, found: Any) -> bool:
    """The same value with the same type; a text that a spreadsheet would run is led by «'»."""
    return type(wanted) is type(found) and found in (wanted, f"'{wanted}")
