"""Workbooks that are not what they seem."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook as Book

from volunteer_service.errors import Refused
from volunteer_service.workbooks.reading import known_columns
from volunteer_service.workbooks.reading.archive import Limits
from volunteer_service.workbooks.reading.cells import Unreadable
from volunteer_service.workbooks.reading.sheets import Workbook
from volunteer_service.workbooks.refusals import (
    CellTooLong,
    NoKnownSheet,
    NotAWorkbook,
    TooManyColumns,
    WorkbookNotPlain,
    WorkbookSwollen,
    WorkbookTooBig,
)

GIFTS = [["礼品名称", "所需积分", "库存数量"], ["香皂", 2, 200]]


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """Write rows to a workbook; ``members`` replaces or adds zip members."""

    def write(rows: list[list[object]], **members: bytes) -> Path:
        book = Book()
        page = book.active
        assert page is not None
        for row in rows:
            page.append(row)
        kept = BytesIO()
        book.save(kept)
        path = tmp_path / "list.xlsx"
        with zipfile.ZipFile(kept) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                if name not in members:
                    new.writestr(name, old.read(name))
            for name, content in members.items():
                new.writestr(name, content)
        return path

    return write


def gift_rows(path: Path, limits: Limits | None = None) -> list[tuple[object, ...]]:
    return [line.cells for line in Workbook(path, limits).lines(known_columns.GIFTS)]


def test_a_plain_list_is_read(make: Callable[..., Path]) -> None:
    assert gift_rows(make(GIFTS)) == [("香皂", 2, 200)]


def test_titles_totals_notes_and_blank_rows_are_passed_over(make: Callable[..., Path]) -> None:
    rows = [["目录"], [], *GIFTS, [None, " "], ["合计", None, 200], ["注：以实物为准"], GIFTS[0]]

    assert gift_rows(make(rows)) == [("香皂", 2, 200)]


def test_a_gift_may_be_called_like_a_total(make: Callable[..., Path]) -> None:
    assert gift_rows(make([GIFTS[0], ["合计算器", 5, 1]])) == [("合计算器", 5, 1)]


@pytest.mark.parametrize(
    ("member", "what"),
    [
        *(
            ("xl/vbaProject.bin", "宏"),
            ("xl/externalLinks/externalLink1.xml", "指向其他文件的链接"),
        ),
        *(("xl/embeddings/oleObject1.bin", "嵌入的对象"), ("xl/connections.xml", "外部数据连接")),
    ],
)
def test_more_than_cells_is_refused(make: Callable[..., Path], member: str, what: str) -> None:
    with pytest.raises(WorkbookNotPlain, match=what):
        Workbook(make(GIFTS, **{member: b"x"}))


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)]
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "old.xlsx"
    path.write_bytes(content)

    with pytest.raises(NotAWorkbook, match=r"old\.xlsx"):
        Workbook(path)


def test_a_zip_without_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "zip.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")

    with pytest.raises(NotAWorkbook):
        Workbook(path)


def test_a_zip_bomb_is_refused_unopened(make: Callable[..., Path]) -> None:
    path = make(GIFTS, **{"xl/worksheets/sheet1.xml": bytes(60 * 1024 * 1024)})
    assert path.stat().st_size < 200_000

    with pytest.raises(WorkbookSwollen, match="150 倍"):
        Workbook(path)


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        *(
            (Limits(file_bytes=100), "MB"),
            (Limits(unzipped_bytes=100), "里面的内容"),
            (Limits(rows=2), "2 行"),
        ),
        *(
            (Limits(columns=2), "2 列"),
            (Limits(cell_length=3), "3 字"),
            (Limits(members=2), "2 个"),
        ),
        (Limits(sheets=0), "0 个"),
    ],
)
def test_each_limit_is_named(make: Callable[..., Path], limits: Limits, what: str) -> None:
    with pytest.raises((WorkbookTooBig, TooManyColumns, CellTooLong), match=what):
        gift_rows(make(GIFTS * 2 + GIFTS[1:] * 2), limits)


def test_entities_are_refused(make: Callable[..., Path]) -> None:
    xml = (
        b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData>'
        b"</worksheet>"
    )
    with pytest.raises(NotAWorkbook):
        Workbook(make(GIFTS, **{"xl/worksheets/sheet1.xml": xml}))


@pytest.mark.parametrize("row", [b'r="99999999999"', b'r="x"'])
def test_rows_that_cannot_be_are_refused(make: Callable[..., Path], row: bytes) -> None:
    xml = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData><row " + row + b"><c><v>1</v></c></row></sheetData></worksheet>"
    )
    with pytest.raises(NotAWorkbook):
        Workbook(make(GIFTS, **{"xl/worksheets/sheet1.xml": xml}))


def test_a_formula_gives_its_saved_result_or_says_nothing(make: Callable[..., Path]) -> None:
    xml = """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
    <row r="1"><c r="A1" t="inlineStr"><is><t>礼品名称</t></is></c>
    <c r="B1" t="inlineStr"><is><t>所需积分</t></is></c>
    <c r="C1" t="inlineStr"><is><t>库存数量</t></is></c></row>
    <row r="2"><c r="A2"><f>HYPERLINK("http://example.invalid")</f></c>
    <c r="B2"><f>1+1</f><v>2</v></c><c r="C2"><v>7</v></c></row>
    <row r="3"><c r="A3" t="str"><f>IF(B3=1,"a","")</f><v></v></c>
    <c r="B3"><f>1+1</f><v/></c><c r="C3" t="e"><v>#N/A</v></c></row>
    <row r="4"><c r="B4"><v>1</v></c></row></sheetData></worksheet>"""

    rows = gift_rows(make(GIFTS, **{"xl/worksheets/sheet1.xml": xml.encode()}))

    assert rows == [
        (Unreadable('=HYPERLINK("http://example.invalid")', "formula"), 2, 7),
        (None, 1),
    ]


def test_an_unknown_list_says_what_it_comes_nearest_to_and_what_it_lacks(
    make: Callable[..., Path],
) -> None:
    book = Workbook(make([["序号", "姓名", "性别", "手机号", "备注", "特长"], [1, "李梅"]]))

    (_name, reading), *others = book.sheets
    assert others == []
    assert (reading.state, reading.kind) == ("unknown", "volunteers")
    assert reading.missing == ("身份证号", "注册日期")
    assert reading.unused == ["序号"]
    assert book.rows_not_taken() == {"Sheet": 1}


def test_a_file_with_nothing_in_it_says_so(make: Callable[..., Path]) -> None:
    with pytest.raises(NoKnownSheet, match="没有内容"):
        Workbook(make([[None, " "]]))


def test_every_problem_is_a_refusal_with_a_stable_code() -> None:
    assert {
        problem.code() for problem in (NotAWorkbook, WorkbookTooBig, WorkbookNotPlain, NoKnownSheet)
    } == {"not_a_workbook", "workbook_too_big", "workbook_not_plain", "no_known_sheet"}
    assert issubclass(NotAWorkbook, Refused)


@pytest.mark.parametrize(
    ("header", "bare"),
    [
        ("服务时长（小时）", "服务时长"),
        (" 姓 名*：", "姓名"),
        ("1.手机\n号码", "手机号码"),
        (None, ""),
    ],
)
def test_headers_are_bared(header: object, bare: str) -> None:
    assert known_columns.bare(header) == bare


def test_no_header_word_means_two_fields_of_one_kind() -> None:
    for kind in known_columns.KINDS:
        words = [word for field in kind.fields for word in field.words]
        assert len(words) == len(set(words)), kind.name
        assert words == [known_columns.bare(word) for word in words]
