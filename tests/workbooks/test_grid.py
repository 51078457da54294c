"""Our own reader against openpyxl's, cell by cell; and what only ours must do."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.worksheet.worksheet import Worksheet

from tests.workbooks import hostile
from tests.workbooks.street import Street
from volunteer_service.workbooks.reading import grid
from volunteer_service.workbooks.reading.archive import Limits
from volunteer_service.workbooks.reading.cells import Unreadable
from volunteer_service.workbooks.reading.package import Package

Rows = list[tuple[int, tuple[Any, ...]]]


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    with ZipFile(path) as archive:
        yield Package(archive, Limits())


def ours(path: Path) -> dict[str, Rows]:
    with opened(path) as package:
        return {
            sheet.title: [
                (row.number, tuple(map(shown, row.own)))
                for row in grid.rows(package.open(sheet), package, Limits())
            ]
            for sheet in package.sheets
        }


def shown(raw: Any) -> Any:
    """What openpyxl gives in place of a cell that cannot be read: its formula or its error."""
    return raw.words if isinstance(raw, Unreadable) else raw


def theirs(path: Path) -> dict[str, Rows]:
    """As openpyxl reads it, without blank ends and blank rows."""
    found: dict[str, Rows] = {}
    for page in openpyxl.load_workbook(path):
        found[page.title] = []
        for number, row in enumerate(page.iter_rows(values_only=True), 1):
            filled = [column for column, value in enumerate(row, 1) if value is not None]
            if filled:
                found[page.title].append((number, row[: filled[-1]]))
    return found


def test_another_street_reads_as_with_openpyxl(tmp_path: Path) -> None:
    for path in Street(tmp_path, 9, people=40).write():
        assert ours(path) == theirs(path)


@pytest.mark.parametrize("epoch", [None, MAC_EPOCH])
def test_every_kind_of_cell_reads_as_with_openpyxl(tmp_path: Path, epoch: datetime | None) -> None:
    book = openpyxl.Workbook()
    if epoch is not None:
        book.epoch = epoch
    page = book.active
    assert isinstance(page, Worksheet)
    rich = CellRichText("红", TextBlock(InlineFont(b=True), "字 "), "体")
    page["B3"], page["E3"], page["A5"] = 1, 2.5, rich
    page.append(["文", " 前后 ", "换\n行", True, False, 0, -1.5, 1e300, "=1+1", "#N/A", "1e5"])
    page.append([date(2026, 3, 5), datetime(2026, 3, 5, 8, 30), time(8, 30), timedelta(hours=26)])  # noqa: DTZ001
    page.append([None, None, "后"])
    book.create_sheet("二").sheet_state = "hidden"
    path = tmp_path / "kinds.xlsx"
    book.save(path)

    mine = ours(path)

    assert mine == theirs(path)
    assert [type(value) for _, row in mine["Sheet"] for value in row] == [
        type(value) for _, row in theirs(path)["Sheet"] for value in row
    ]
    with opened(path) as package:
        assert [(sheet.title, sheet.is_visible) for sheet in package.sheets] == [
            *(("Sheet", True), ("二", False)),
        ]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c t="str"><f>A1&amp;B1</f><v>李梅</v></c>', "李梅"),
        ("<c><f>1+1</f><v>2</v></c>", 2),
        ("<c><f>1+1</f></c>", "=1+1"),
        ('<c t="d"><v>2026-03-05T08:30:00</v></c>', datetime(2026, 3, 5, 8, 30)),  # noqa: DTZ001
        ('<c t="inlineStr"><is><t>李</t><rPh sb="0" eb="1"><t>lǐ</t></rPh></is></c>', "李"),
        ('<c t="inlineStr"><is><r><t>李</t></r><r><t>梅</t></r></is></c>', "李梅"),
        ('<c t="inlineStr"><is><t>姓_x000D_名_xD800_</t></is></c>', "姓\r名_xD800_"),
        ("<c><v>not a number</v></c>", "not a number"),
        ('<x:c xmlns:x="other"><x:v>7</x:v></x:c>', 7),
    ],
)
def test_what_a_cell_says(tmp_path: Path, cell: str, value: object) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.with_sheet(f'<row r="9">{cell}</row>'))

    _header, (number, row) = ours(path)["Sheet"]

    assert (number, row) == (9, (value,))


@pytest.mark.parametrize("look", [14, 31, 57])
def test_days_as_excel_in_chinese_numbers_them(tmp_path: Path, look: int) -> None:
    styles = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<cellXfs><xf numFmtId="0"/><xf numFmtId="{look}"/></cellXfs></styleSheet>'
    )
    sheet = hostile.sheet('<row><c s="1"><v>46086</v></c></row>')
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.packed({"xl/styles.xml": styles.encode(), hostile.SHEET: sheet}))

    assert ours(path)["Sheet"][1] == (2, (datetime(2026, 3, 5),))  # noqa: DTZ001


def test_ten_times_the_rows_take_no_more_memory(tmp_path: Path) -> None:
    """Beyond 8 bytes for each different text."""

    def peak(rows: int) -> int:
        texts = "".join(f"<si><t>第{n}个人的名字</t></si>" for n in range(rows))
        cells = "".join(f'<row><c t="s"><v>{n}</v></c></row>' for n in range(rows))
        path = tmp_path / f"{rows}.xlsx"
        path.write_bytes(
            hostile.packed(
                {
                    "xl/sharedStrings.xml": f"<sst>{texts}</sst>".encode(),
                    hostile.SHEET: hostile.sheet(cells),
                }
            )
        )
        tracemalloc.start()
        with opened(path) as package:
            read = sum(1 for _ in grid.rows(package.open(package.sheets[0]), package, Limits()))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert read == rows + 1
        return found

    # While the array of places moves to where it has room, there are two of it.
    assert peak(50_000) - peak(5_000) < 45_000 * 24
