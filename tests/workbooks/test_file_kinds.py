"""Lists as .xls, .csv and .txt, beside .xlsx: told by their content, whatever their name."""

import csv
import io
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlwt
from openpyxl import Workbook as Book

from tests.workbooks import hostile, town
from tests.workbooks.judged import ADULT
from volunteer_service.scoring.rules.policy import STANDING
from volunteer_service.workbooks.judging.hand_in import HandIn
from volunteer_service.workbooks.judging.known import NothingYet
from volunteer_service.workbooks.judging.taken_or_refused import RefusedRow
from volunteer_service.workbooks.reading import books, cells, known_columns
from volunteer_service.workbooks.reading.archive import Limits
from volunteer_service.workbooks.reading.line import Line
from volunteer_service.workbooks.reading.sheets import Workbook
from volunteer_service.workbooks.reading.text_file import TextFile
from volunteer_service.workbooks.refusals import (
    CellTooLong,
    NoKnownSheet,
    NotAWorkbook,
    TooManyColumns,
    WebPageAsWorkbook,
    WorkbookLocked,
    WorkbookNotPlain,
    WorkbookTooBig,
)

HEADS = ("姓名", "身份证号", "手机号", "注册日期", "备注")
PERSON = ("许一", ADULT, "17000000001", "2026-01-05", "住一楼,\n左边")
GIFTS = ("礼品名称", "所需积分", "库存数量", "最低星级")
Rows = Iterable[tuple[Any, ...]]


def text_of(rows: Rows, between: str = ",", **how: Any) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=between, **how).writerows(rows)
    return out.getvalue()


def xls_of(*rows: tuple[Any, ...], **more: Any) -> bytes:
    book = xlwt.Workbook()
    page = book.add_sheet("名单")
    merged = more.get("merged", ())
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            inside = [one for one in merged if one[0] == number and one[2] == column]
            if inside:
                page.write_merge(*inside[0], value)
            elif value is not None:
                page.write(number, column, value, style_of(value, number in more.get("struck", ())))
    for number in more.get("hidden", ()):
        page.row(number).hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def style_of(value: Any, is_struck: bool) -> Any:
    style = xlwt.XFStyle()
    style.font.struck_out = is_struck
    if isinstance(value, datetime):
        style.num_format_str = "yyyy-mm-dd"
    elif isinstance(value, time):
        style.num_format_str = "h:mm"
    return style


@pytest.fixture
def lines(tmp_path: Path) -> Callable[..., list[Line]]:
    def read(content: bytes, name: str, limits: Limits | None = None) -> list[Line]:
        (tmp_path / name).write_bytes(content)
        # Here it is what the file says; whether such a list is asked is another test's.
        found = [replace(one, state="taken") for _, one in Workbook(tmp_path / name, limits).sheets]
        book = Workbook(tmp_path / name, limits, readings=found)
        (header,) = book.headers.values()
        return list(book.lines(header.kind))

    return read


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("between", [",", "\t", ";"])
@pytest.mark.parametrize("name", ["名单.csv", "名单.txt", "名单.xls", "名单.xlsx"])
def test_text_in_every_coding(
    lines: Callable[..., list[Line]], coding: str, between: str, name: str
) -> None:
    content = text_of([("花名册",), HEADS, PERSON], between).encode(coding)

    (line,) = lines(content, name)

    assert line.cells == PERSON
    assert (line.row_number, line.sheet) == (3, "名单")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line(lines: Callable[..., list[Line]], end: str) -> None:
    content = end.join(map(",".join, [HEADS, (*PERSON[:4], "好"), (*PERSON[:4], "也好")]))

    assert [line.text("remark") for line in lines(content.encode(), "a.csv")] == ["好", "也好"]


def test_excel_s_own_first_line_and_cells_forced_to_text(lines: Callable[..., list[Line]]) -> None:
    content = 'sep=;\r\n姓名;身份证号;手机号;注册日期\r\n许一;="007";\t17000000001;"2026/1/5"\r\n'

    (line,) = lines(content.encode("gb18030"), "a.csv")

    assert line.text("id_number") == "007"
    assert line.text("phone") == "17000000001"


def test_leading_zeros_stay_and_lost_digits_are_told(lines: Callable[..., list[Line]]) -> None:
    rows = [HEADS, ("许一", "9.80121E+17", "1.7E+10", "2026-01-05", "007")]

    (line,) = lines(text_of(rows).encode(), "a.csv")

    assert line.raw("id_number") == cells.Unreadable("9.80121E+17", "digits")
    assert line.raw("phone") == cells.Unreadable("1.7E+10", "digits")
    assert line.text("remark") == "007"


def test_a_number_of_a_csv_that_lost_its_digits_says_the_cure(tmp_path: Path) -> None:
    rows = [HEADS, ("许一", "9.80121E+17", "17000000001", "2026-01-05", "")]
    rows.append(("许二", ADULT, "1.7E+10", "2026-01-05", ""))
    (tmp_path / "a.csv").write_text(text_of(rows), encoding="utf-8")
    today = town.NOON.date()

    refused = list(HandIn([tmp_path / "a.csv"], NothingYet(), str, today, STANDING))

    assert all(isinstance(one, RefusedRow) for one in refused)
    assert [(one.reason_code, one.field) for one in refused] == [  # type: ignore[union-attr]
        *(("id_lost_digits", "id_number"), ("unreadable_cell", "phone")),
    ]
    assert all("文本" in str(one.cure) for one in refused)  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["名单.xls", "名单.et", "名单.csv", "名单.xlsx"])
def test_a_roster_of_2003(lines: Callable[..., list[Line]], name: str) -> None:
    day = datetime(2026, 1, 5)  # noqa: DTZ001  as a date cell is
    content = xls_of(("花名册",), HEADS, (*PERSON[:2], 17000000001, day, "好"))

    (line,) = lines(content, name)

    assert line.cells == (*PERSON[:2], 17000000001, day, "好")
    assert (line.sheet, line.row_number) == ("名单", 3)


def test_merged_hidden_and_struck_cells_of_2003(lines: Callable[..., list[Line]]) -> None:
    rows = [GIFTS, ("锅", 5, 1, 5), ("碗", 6, 2, None), ("盆", 7, 3, None), ("桶", 7.5, 3, 1)]
    content = xls_of(*rows, merged=[(1, 3, 3, 3)], hidden=[2], struck=[4])

    found = lines(content, "a.xls")

    assert [line.cells for line in found] == [
        *(("锅", 5, 1, 5), ("碗", 6, 2, 5), ("盆", 7, 3, 5), ("桶", 7.5, 3, 1)),
    ]
    assert [line.is_hidden for line in found] == [False, True, False, False]
    assert [line.is_struck for line in found] == [False, False, False, True]


def test_a_log_of_2003_has_its_times(lines: Callable[..., list[Line]]) -> None:
    heads = ("活动名称", "活动日期", "开始时间", "结束时间", "服务时长", "服务队", "姓名", "手机号")
    day = datetime(2026, 3, 5)  # noqa: DTZ001
    row = ("护学", day, time(7, 30), time(9), 1.5, "护学队", "许一", "17000000001")

    (line,) = lines(xls_of(heads, row), "a.xls")

    assert line.cells == row


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", NotAWorkbook),
        (bytes(range(256)) * 40, NotAWorkbook),
        (hostile.OLD_OFFICE, NotAWorkbook),
        (hostile.OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"), WorkbookLocked),
        (xls_of(HEADS, PERSON) + "_VBA_PROJECT_CUR".encode("utf-16-le"), WorkbookNotPlain),
        (xls_of(HEADS, PERSON)[:2000], NotAWorkbook),
        (xls_of(HEADS, PERSON)[:4608], NotAWorkbook),
        (b"\x09\x08\x10\x00" + bytes(100), NotAWorkbook),
        ("<html><table><tr><td>姓名".encode(), WebPageAsWorkbook),
        ("\ufeff<?xml version='1.0'?><Workbook/>".encode(), WebPageAsWorkbook),
        ("姓名\x00".encode(), NotAWorkbook),
        ("姓名".encode()[:-1] + b"\xff\xff", NotAWorkbook),
        (b'"' + b"a" * 3_000_000, NotAWorkbook),
        (b"sep=,\n" + b'"\n",' * 700_000, NotAWorkbook),
        (b"\n , ,\n", NoKnownSheet),
        (b"," * 2_000_000, NotAWorkbook),
        (b"%PDF-1.7\n" + bytes(50), NotAWorkbook),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), NotAWorkbook),
    ],
)
@pytest.mark.parametrize("name", ["a.xls", "a.csv", "a.xlsx"])
def test_what_is_no_list_is_refused_by_what_it_is(
    lines: Callable[..., list[Line]], content: bytes, refusal: type[Exception], name: str
) -> None:
    with pytest.raises(refusal):
        lines(content, name)


@pytest.mark.parametrize("content", [text_of([HEADS]).encode(), xls_of(HEADS)])
def test_each_limit_holds(lines: Callable[..., list[Line]], content: bytes) -> None:
    for limits, refusal in (
        (Limits(file_bytes=10, xls_bytes=10), WorkbookTooBig),
        (Limits(columns=3), TooManyColumns),
        (Limits(cell_length=3), CellTooLong),
    ):
        with pytest.raises(refusal):
            lines(content, "a.xls", limits)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (("姓名,电话\n" + "(" * 60_000 + ",x\n").encode(), CellTooLong),
        (("姓名," * 200_000 + "\n").encode(), TooManyColumns),
    ],
    ids=["long", "wide"],
)
def test_what_no_header_can_be_is_not_looked_up(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
    refusal: type[Exception],
) -> None:
    """60,000 brackets, and 200,000 columns: each sign tries a few cells of a bounded length."""
    asked: list[str] = []
    is_known = known_columns.is_known

    def counted(header: str) -> bool:
        asked.append(header)
        return is_known(header)

    monkeypatch.setattr(known_columns, "is_known", counted)
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    limits = Limits()
    TextFile(path, limits)
    assert max(map(len, asked)) <= limits.cell_length
    assert len(asked) <= 6 * 2 * (limits.columns + 1)
    with pytest.raises(refusal):
        list(Workbook(path).sheets)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("服务时长 (小时)", "服务时长"),
        ("姓名（必填）(如【张三】)", "姓名)"),
        ("姓名((((", "姓名(((("),
        ("(甲)姓名(", "姓名("),
        ("姓名)", "姓名)"),
    ],
)
def test_what_stands_in_brackets_is_left_out(typed: str, word: str) -> None:
    assert known_columns.bare(typed) == word


def test_a_byte_turned_over_anywhere_is_a_refusal_or_a_list(tmp_path: Path) -> None:
    content = xls_of(HEADS, *[PERSON] * 20)
    for at in range(0, len(content), 97):
        changed = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
        (tmp_path / "a.xls").write_bytes(changed)
        try:
            book = Workbook(tmp_path / "a.xls")
            for kind in known_columns.KINDS:
                for line in book.lines(kind):
                    assert len(line.cells) <= Limits().columns
        except (NotAWorkbook, NoKnownSheet, TooManyColumns, CellTooLong, WorkbookLocked):
            continue


def test_ten_times_the_records_take_no_more_memory(tmp_path: Path) -> None:
    def peak(people: int) -> int:
        path = tmp_path / f"{people}.csv"
        path.write_text(text_of([HEADS, *[PERSON] * people]), encoding="gb18030")
        tracemalloc.start()
        assert sum(1 for _ in Workbook(path).lines(known_columns.VOLUNTEERS)) == people
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(20_000) - peak(2_000) < 64 * 1024


def test_a_list_of_2003_is_brought_in(session, tmp_path: Path) -> None:
    (tmp_path / "礼品.xls").write_bytes(xls_of(("和风街道礼品",), GIFTS, ("锅", 5, 1, 5)))
    (tmp_path / "礼品.csv").write_text(text_of([GIFTS, ("碗", 6, 2, "")]), encoding="gb18030")

    row = town.applied([tmp_path / "礼品.xls", tmp_path / "礼品.csv"])

    assert row.counts["by_kind"]["gifts"] == [2, 2, 0]
    assert [file["name"] for file in row.files] == ["礼品.xls", "礼品.csv"]


def test_what_a_list_may_be_called_is_said_once() -> None:
    assert set(books.SUFFIXES) == {"xlsx", "xlsm", "xls", "et", "csv", "tsv", "txt"}


@pytest.mark.parametrize("kind", ["xlsx", "xls", "csv", "utf-16", "mac"])
def test_how_many_rows_a_file_has_is_known_before_they_are_read(tmp_path: Path, kind: str) -> None:
    """For a bar: header and empty rows count, and no cell is read."""
    rows = [HEADS, *[PERSON[:4]] * 900]
    path = tmp_path / f"a.{kind if kind in ('xlsx', 'xls') else 'csv'}"
    if kind == "xlsx":
        book = Book(write_only=True)
        page = book.create_sheet("名单")
        for row in rows:
            page.append(row)
        book.save(path)
    elif kind == "xls":
        path.write_bytes(xls_of(*rows))
    else:
        end = "\r" if kind == "mac" else "\n"
        text = text_of(rows, lineterminator=end)
        path.write_text(text, encoding="utf-16" if kind == "utf-16" else "utf-8", newline="")

    assert Workbook(path).most_rows() == 901
