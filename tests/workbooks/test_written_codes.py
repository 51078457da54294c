"""Meanings of codes are entered in the preview, kept as a profile, used for the next
file, renamed.
"""

from pathlib import Path

import pytest
from openpyxl import Workbook as Book

from tests import make
from tests.workbooks import town
from tests.workbooks.judged import ADULT, SISTER
from volunteer_service.errors import Invalid, NotFound
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.workbooks import applying, receiving
from volunteer_service.workbooks.asked_sheets import (
    import_sheets,
    sheet_answers,
    sheet_memory,
    written_codes,
)
from volunteer_service.workbooks.judging.hand_in import judge
from volunteer_service.workbooks.models import Import, SheetMeaning
from volunteer_service.workbooks.reading.known_columns import SERVICE_LOG, VOLUNTEERS
from volunteer_service.workbooks.refusals import ProfileNameTaken, ProfileNotReadable

HEADS = ("人员", "身份证号", "手机号", "性别", "状态", "注册日期")
COLUMNS = {"name": 0, "id_number": 1, "phone": 2, "sex": 3, "status": 4, "registered_on": 5}
CODES = {"sex": {"1": "男", "2": "女"}, "status": {"1": "take", "9": "leave"}}
LINES = "性别：1=男\n性别: 2 = 女\n\n状态：1=在册\n状态：9=注销"


def roster(path: Path) -> Path:
    book = Book()
    page = book.worksheets[0]
    for row in (
        HEADS,
        ("李梅", ADULT, "13900000001", 2, 1, "2025-01-01"),
        ("李兰", SISTER, "13900000002", 2, 9, "2025-01-01"),
    ):
        page.append(row)
    book.save(path)
    return path


@pytest.fixture
def cast(session: None) -> make.Cast:
    return make.cast()


@pytest.fixture
def by(cast: make.Cast) -> Actor:
    return make.acting(cast.coordinator)


@pytest.fixture
def row(cast: make.Cast, by: Actor, tmp_path: Path) -> Import:
    return town.previewed([roster(tmp_path / "a.xlsx")], by, area_id=cast.town.id)


def said(row: Import, by: Actor, **more: object) -> None:
    how = {"columns": COLUMNS, "codes": CODES} | more
    sheet_answers.answer(row.id, 0, "volunteers", **how, by=by, at=town.NOON)  # type: ignore[arg-type]
    receiving.previewed(row.id, judge(row, at=town.NOON, tell=applying.silent))


def profile(by: Actor) -> SheetMeaning:
    return next(one for one in sheet_memory.meanings(by).items if one.about == "profile")


def test_lines_say_codes_by_our_word_or_by_the_sheet_s_own() -> None:
    assert written_codes.codes_in(LINES, VOLUNTEERS, HEADS, COLUMNS) == CODES
    again = written_codes.lines_of(VOLUNTEERS, CODES)
    assert again.splitlines()[2:] == ["平台状态：1=导入", "平台状态：9=不导入"]
    assert written_codes.codes_in(again, VOLUNTEERS, HEADS, COLUMNS) == CODES


@pytest.mark.parametrize("line", ["性别", "性别：1", "没有的项目：1=男", "状态：1=也许", "：1=男"])
def test_a_line_that_says_nothing_is_told(line: str) -> None:
    with pytest.raises(Invalid):
        written_codes.codes_in(line, VOLUNTEERS, HEADS, COLUMNS)
    with pytest.raises(Invalid):
        written_codes.codes_in("性别：1=男", SERVICE_LOG, HEADS, {})


def test_codes_are_read_at_once_and_in_the_next_file(
    row: Import, by: Actor, cast: make.Cast, tmp_path: Path
) -> None:
    said(row, by, save_as="旧平台 花名册")

    assert row.counts["dirt"] == {"refused:left_out_by_status": 1}
    assert row.counts["volunteers_accepted"] == 1
    for one in sheet_memory.meanings(by).items:
        if one.about != "profile":
            sheet_memory.forget(one.id, by=by, at=town.NOON)
    again = town.previewed([roster(tmp_path / "b.xlsx")], by, area_id=cast.town.id)
    (sheet,) = import_sheets.sheets(again.files)
    assert (sheet.reading.because, sheet.reading.said) == ("profile", "旧平台 花名册")
    assert again.counts["dirt"] == {"refused:left_out_by_status": 1}


def test_a_profile_is_renamed_by_who_may_and_to_a_free_name(
    row: Import, by: Actor, cast: make.Cast
) -> None:
    said(row, by, save_as="旧平台")
    one = profile(by)
    other = make.acting(make.account("he", "何静", role="coordinator", area=cast.elsewhere))

    sheet_memory.rename_profile(one.id, "区平台", by=by, at=town.NOON)

    assert (one.words, one.meaning["name"]) == ("区平台", "区平台")
    said(row, by, save_as="旧平台")
    with pytest.raises(ProfileNameTaken):
        sheet_memory.rename_profile(one.id, "旧平台", by=by, at=town.NOON)
    with pytest.raises(NotFound):
        sheet_memory.rename_profile(one.id, "我的", by=other, at=town.NOON)
    with pytest.raises(NotFound):
        sheet_memory.meaning(one.id, by=other)
    sheet = next(each for each in sheet_memory.meanings(by).items if each.about == "sheet")
    with pytest.raises(NotFound):
        sheet_memory.rename_profile(sheet.id, "别的", by=by, at=town.NOON)


def test_codes_of_a_field_that_the_list_has_not_are_refused(row: Import, by: Actor) -> None:
    with pytest.raises(ProfileNotReadable):
        said(row, by, codes={"weather": {"1": "晴"}})
    with pytest.raises(ProfileNotReadable):
        said(row, by, codes={"status": {"1": "perhaps"}})


def test_a_street_that_is_not_there_yet_keeps_no_profile(session: None, tmp_path: Path) -> None:
    row = town.previewed([roster(tmp_path / "a.xlsx")], sub_district="新街道")

    with pytest.raises(Invalid):
        said(row, town.SYSTEM, save_as="旧平台")
