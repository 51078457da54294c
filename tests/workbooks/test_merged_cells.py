"""The value of a merged cell holds for every cell that it covers."""

import time
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook as Book
from openpyxl.styles import Font

from tests.workbooks import hostile
from tests.workbooks.street_cells import only
from volunteer_service.workbooks.reading import grid, known_columns, merged_cells
from volunteer_service.workbooks.reading.archive import Limits
from volunteer_service.workbooks.reading.package import Package
from volunteer_service.workbooks.reading.sheets import Workbook
from volunteer_service.workbooks.refusals import NotAWorkbook, WorkbookTooBig

GIFTS = ("礼品名称", "所需积分", "库存数量", "最低星级")
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    "%s</sheetData>%s</worksheet>"
)


def list_of(path: Path, rows: list[tuple[object, ...]], *merged: str) -> Path:
    book = Book()
    page = only(book)
    for row in rows:
        page.append(row)
    for area in merged:
        page.merge_cells(area)
    book.save(path)
    return path


def gifts(path: Path, limits: Limits | None = None) -> list[tuple[object, ...]]:
    return [line.cells for line in Workbook(path, limits).lines(known_columns.GIFTS)]


@pytest.mark.parametrize(
    ("merged", "expected"),
    [
        (("D2:D4",), [("锅", 5, 1, 5), ("碗", 6, 2, 5), ("盆", 7, 3, 5)]),
        (("B2:B3", "D3:D4"), [("锅", 5, 1, 5), ("碗", 5, 2, 6), ("盆", 7, 3, 6)]),
        (("B2:C3",), [("锅", 5, 5, 5), ("碗", 5, 5, 6), ("盆", 7, 3, 7)]),
        (("B3:D3",), [("锅", 5, 1, 5), ("碗", 6, 6, 6), ("盆", 7, 3, 7)]),
        (("A2:A2",), [("锅", 5, 1, 5), ("碗", 6, 2, 6), ("盆", 7, 3, 7)]),
    ],
)
def test_a_value_holds_in_each_direction(
    tmp_path: Path, merged: tuple[str, ...], expected: list[tuple[object, ...]]
) -> None:
    rows = [GIFTS, ("锅", 5, 1, 5), ("碗", 6, 2, 6), ("盆", 7, 3, 7)]

    assert gifts(list_of(tmp_path / "a.xlsx", rows, *merged)) == expected


def test_a_tree_of_areas_is_merged_in_every_direction(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [
        ("街道", "社区", "网格", "楼栋"),
        ("和风街道", "和风社区", "一网格", "1号楼"),
        (None, None, None, "2号楼"),
        (None, None, "二网格", "3号楼"),
        (None, "晴川社区", "三网格", "4号楼"),
        (None, None, "四网格", None),
    ]
    path = list_of(
        *(tmp_path / "a.xlsx", rows),
        *("A2:A6", "B2:B4", "C2:C3", "B5:B6", "C6:D6"),
    )

    assert [line.cells for line in Workbook(path).lines(known_columns.AREAS)] == [
        ("和风街道", "和风社区", "一网格", "1号楼"),
        ("和风街道", "和风社区", "一网格", "2号楼"),
        ("和风街道", "和风社区", "二网格", "3号楼"),
        ("和风街道", "晴川社区", "三网格", "4号楼"),
        ("和风街道", "晴川社区", "四网格", "四网格"),
    ]


def test_what_nobody_typed_into_is_no_row(tmp_path: Path) -> None:
    """A merged star beside rows that only have their number, a caption, a total over columns."""
    rows: list[tuple[object, ...]] = [
        ("序号", *GIFTS),
        (1, "锅", 5, 1, 5),
        (2, None, None, None, None),
        (3, None, None, None, None),
        ("第二批（秋季）", None, None, None, None),
        (4, "碗", 5, 1, 5),
        ("合计", None, None, 2, None),
    ]
    path = list_of(tmp_path / "a.xlsx", rows, "E2:E4", "A5:E5", "A7:C7")

    assert [row[1] for row in gifts(path)] == ["锅", "碗"]


@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_however_the_part_is_written(tmp_path: Path, coding: str, prefix: str) -> None:
    rows = (
        "".join(
            f"<row>{''.join(map(hostile.text, row))}</row>"
            for row in (GIFTS, ("锅", "5", "1", "5"))
        )
        + f"<row>{hostile.text('碗')}<c/><c><v>3</v></c></row>"
    )
    xml = SHEET % (rows, '<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>')
    xml = xml.replace("mergeCell", f"{prefix}mergeCell")
    xml = xml.replace("<worksheet ", '<worksheet xmlns:x="x" ')
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.packed({hostile.SHEET: xml.encode(coding)}))

    assert gifts(path)[1][1] == "5"


def merged(areas: str, rows: str = "") -> bytes:
    heads = "".join(map(hostile.text, GIFTS))
    body = f'<row r="1">{heads}</row><row r="2">{hostile.text("锅")}<c><v>5</v></c></row>{rows}'
    xml = SHEET % (body, f"<mergeCells>{areas}</mergeCells>")
    return hostile.packed({hostile.SHEET: xml.encode()})


def test_the_whole_sheet_as_one_cell_is_harmless(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(merged('<mergeCell ref="A2:XFD1048576"/><mergeCell ref="XFC1:XFD9"/>'))

    assert [len(row) for row in gifts(path)] == [64]
    assert gifts(path)[0][:2] == ("锅", 5)


@pytest.mark.parametrize("area", ["", "A1:A0", "B2:A1", "A:A", "A1:A1048577", "A1:", "x"])
def test_what_is_no_area_is_refused(tmp_path: Path, area: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(merged(f'<mergeCell ref="{area}"/>'))

    with pytest.raises(NotAWorkbook):
        gifts(path)


def test_more_areas_than_a_list_has_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(merged('<mergeCell ref="A3:A4"/>' * 3))

    with pytest.raises(WorkbookTooBig, match="合并的单元格超过 2 处"):
        gifts(path, Limits(merged=2))


def test_areas_over_each_other_take_no_time_and_eight_bytes_each() -> None:
    many = 50_000
    areas = '<mergeCell ref="A1:XFD1048576"/>' * many
    source = BytesIO(f"<worksheet><mergeCells>{areas}</mergeCells></worksheet>".encode())
    tracemalloc.start()
    began = time.process_time()
    found = merged_cells.read(source, many, 64)
    for number in range(1, 1000):
        assert len(found.fill(number, {1: "x"})) == 64
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert time.process_time() - began < 20
    # The areas, once more while they are sorted, and one piece of the file.
    assert peak < many * (8 + 48) + 2**20


def test_hidden_and_struck_rows_are_marked(tmp_path: Path) -> None:
    book = Book()
    page = only(book)
    for row in (GIFTS, ("锅", 5, 1, 5), ("碗", 6, 2, 6), ("盆", 7, 3, 7)):
        page.append(row)
    page.row_dimensions[2].hidden = True
    for cell in page[3][:3]:
        cell.font = Font(strike=True)
    page["A4"].font = Font(strike=True)
    path = tmp_path / "a.xlsx"
    book.save(path)

    with ZipFile(path) as opened:
        package = Package(opened, Limits())
        rows = list(grid.rows(package.open(package.sheets[0]), package, Limits()))
    assert [(row.is_hidden, row.is_struck) for row in rows] == [
        *((False, False), (True, False), (False, True), (False, False)),
    ]


def test_titles_and_headers_are_merged_too(make_list: Callable[..., Path]) -> None:
    path = make_list(
        [
            ("和风街道礼品目录", None, None, None),
            GIFTS,
            ("锅", 5, 1, 5),
        ],
        "A1:D1",
    )

    book = Workbook(path)
    assert book.headers["Sheet"].title == "和风街道礼品目录"
    assert len(list(book.lines(known_columns.GIFTS))) == 1


@pytest.fixture
def make_list(tmp_path: Path) -> Callable[..., Path]:
    return lambda rows, *areas: list_of(tmp_path / "list.xlsx", rows, *areas)
