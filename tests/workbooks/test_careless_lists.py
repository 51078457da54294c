"""Lists as a busy office makes them: unread data are reported with the right cure."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook as Book

from tests.workbooks.judged import GIFTS, LI_MEI, LOG, ROSTER, SERVED, SISTER, Outcome, changed
from volunteer_service.workbooks.judging.taken_or_refused import RefusedRow, Taken
from volunteer_service.workbooks.reading.sheets import Workbook

Judges = Callable[..., list[Outcome]]
PERSON = (*LI_MEI, "2025-01-01")
OTHER = changed(PERSON, ROSTER, 姓名="李兰", 身份证号=SISTER)


def reasons(outcomes: list[Outcome]) -> list[str]:
    return [one.reason_code if isinstance(one, RefusedRow) else "taken" for one in outcomes]


@pytest.mark.parametrize(
    "typed", ["李梅、李兰", "李梅,李兰", "李梅\n李兰", "李梅 / 李兰", "李梅；李兰"]
)
def test_several_people_in_one_cell_are_never_one(judge: Judges, typed: str) -> None:
    assert reasons(judge(LOG, changed(SERVED, LOG, 志愿者姓名=typed))) == ["several_people"]
    assert reasons(judge(ROSTER, changed(OTHER, ROSTER, 姓名=typed))) == ["several_people"]


@pytest.mark.parametrize("name", ["阿卜杜拉·买买提", "欧阳 兰", "Anna Li"])
def test_a_name_of_several_words_is_one_person(judge: Judges, name: str) -> None:
    assert reasons(judge(ROSTER, changed(OTHER, ROSTER, 姓名=name))) == ["taken"]


@pytest.mark.parametrize("below", [(GIFTS, ("锅", 5, 3, None)), (LOG, SERVED)])
def test_a_second_table_below_is_no_row_of_the_first(
    judge: Judges, below: tuple[tuple[Any, ...], ...]
) -> None:
    found = judge(ROSTER, OTHER, (), *below)

    assert reasons(found) == ["taken", "another_table", "another_table"]


@pytest.mark.parametrize(
    "foot",
    [
        *("单位盖章：", "（盖章）", "第 1 页 共 1 页", "以上共2人", "共 2 人", "审批人：王静"),
        *("填表日期：2026年1月5日", "（以下空白）", "负责人签字：", "合  计", "总计：2人"),
    ],
)
def test_what_stands_at_the_foot_is_no_row(judge: Judges, foot: str) -> None:
    assert reasons(judge(ROSTER, OTHER, (foot,))) == ["taken"]


@pytest.mark.parametrize("name", ["花名册（作废）", "花名册模板", "样表", "花名册备份", "去年"])
def test_a_sheet_whose_name_says_that_it_does_not_count_is_asked(tmp_path: Path, name: str) -> None:
    book = Book()
    for title in ("花名册", name):
        page = book.create_sheet(title)
        for row in (ROSTER, PERSON):
            page.append(row)
    book.save(tmp_path / "a.xlsx")

    found = {title: reading.state for title, reading in Workbook(tmp_path / "a.xlsx").sheets}
    assert found == {"Sheet": "empty", "花名册": "taken", name: "asked"}


def test_the_only_sheet_is_a_list_whatever_its_name(tmp_path: Path) -> None:
    book = Book()
    page = book.worksheets[0]
    page.title = "花名册样表"
    for row in (ROSTER, PERSON):
        page.append(row)
    book.save(tmp_path / "a.xlsx")

    assert [reading.state for _, reading in Workbook(tmp_path / "a.xlsx").sheets] == ["taken"]


def test_a_person_is_taken(judge: Judges) -> None:
    assert isinstance(judge(ROSTER, OTHER)[0], Taken)
