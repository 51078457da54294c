"""The refused rows as a workbook that can be mended and handed in again."""

import re
from pathlib import Path

import openpyxl

from tests.workbooks.street import Street
from tests.workbooks.street_cells import TODAY
from volunteer_service import workbooks
from volunteer_service.scoring.rules.policy import STANDING
from volunteer_service.workbooks import refused_rows
from volunteer_service.workbooks.judging.hand_in import HandIn
from volunteer_service.workbooks.judging.known import NothingYet
from volunteer_service.workbooks.judging.taken_or_refused import WORDS, RefusedRow
from volunteer_service.workbooks.reading.sheets import Workbook

HEADER = ("姓名", "身份证号", "手机号", "注册日期", "备注")


def returned(path: Path, rows: list[RefusedRow]) -> None:
    with path.open("wb") as out:
        refused_rows.write(
            out, [refused_rows.Sheet("花名册", "市西街道花名册", HEADER, rows, {"id_number": 1})]
        )


def row(*cells: object, code: str = "id_check_digit") -> RefusedRow:
    return RefusedRow(
        "volunteers", "c.xlsx", "花名册", 9, cells, code, "id_number", "请按证件核对。"
    )


def test_a_row_comes_back_with_its_reason_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "back.xlsx"
    returned(path, [row("王𬱖", "990133196212033306", 17000000000, None, "好")])

    title, header, line = openpyxl.load_workbook(path).active.iter_rows()

    assert title[0].value == "市西街道花名册"
    assert [cell.value for cell in header] == [*HEADER, "退回原因", "建议", "原因代码", "原行号"]
    assert [cell.value for cell in line] == [
        *("王𬱖", "990133196212033306", 17000000000, None, "好"),
        *("身份证号校验不通过", "请按证件核对。", "id_check_digit", 9),
    ]
    assert line[1].number_format == "@"
    assert line[1].fill.start_color.rgb == "00FFF2CC"
    assert line[0].fill.fill_type is None


def test_formulas_come_back_as_text_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "back.xlsx"
    typed = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "\t=1"]
    returned(path, [row(*typed)])

    page = openpyxl.load_workbook(path).active
    assert page is not None
    cells = next(page.iter_rows(min_row=3))[:5]

    assert [cell.data_type for cell in cells] == ["s"] * 5
    assert [cell.value for cell in cells] == [f"'{words}" for words in typed]


def test_the_workbook_that_comes_back_can_be_handed_in_again(tmp_path: Path) -> None:
    paths = Street(tmp_path, 5).write()
    first = HandIn(paths, NothingYet(), str, TODAY, STANDING)
    rows = [outcome for outcome in first if isinstance(outcome, RefusedRow)]
    book = next(book for book in map(Workbook, paths) if "上" in dict(book.sheets))
    header = dict(book.sheets)["下"]
    log = [one for one in rows if one.kind == "service_log"]
    back = tmp_path / "back.xlsx"
    with back.open("wb") as out:
        refused_rows.write(out, [refused_rows.Sheet("下", header.title, header.header, log)])
    others = [path for path in paths if path != book.path]

    again = HandIn([*others, back], NothingYet(), str, TODAY, STANDING)
    outcomes = [outcome for outcome in again if outcome.kind == "service_log"]

    # Alone, the first of the two overlapping rows has nothing to overlap with.
    codes = {one.reason_code for one in log}
    left = {one.reason_code for one in outcomes if isinstance(one, RefusedRow)}
    assert codes - left == {"duplicate_row"}
    assert len(outcomes) == len(log)


def test_every_reason_has_words() -> None:
    source = Path(workbooks.__file__).parent
    raised = {
        code
        for path in source.rglob("*.py")
        for code in re.findall(r'Reason\(\s*"(\w+)"', path.read_text())
    }
    assert raised
    assert raised <= set(WORDS)
