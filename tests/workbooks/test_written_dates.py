"""Forms of days and times as people write them, said in the preview and kept for the next file."""

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook as Book

from tests import make
from tests.workbooks import town
from tests.workbooks.judged import ADULT, SISTER
from volunteer_service.errors import Invalid
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.workbooks import applying, receiving
from volunteer_service.workbooks.asked_sheets import import_sheets, sheet_answers, sheet_memory
from volunteer_service.workbooks.judging.hand_in import judge
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.reading import written_dates

COLUMNS = {"name": 0, "id_number": 1, "phone": 2, "registered_on": 3}


def roster(path: Path, *days: str) -> Path:
    book = Book()
    page = book.worksheets[0]
    page.append(("姓名", "身份证号", "手机号", "注册日期"))
    for number, (card, day) in enumerate(zip((ADULT, SISTER), days, strict=False)):
        page.append((f"李{'梅兰'[number]}", card, f"1390000000{number}", day))
    book.save(path)
    return path


@pytest.fixture
def by(session: None) -> Actor:
    return make.acting(make.cast().coordinator)


def handed_in(path: Path, by: Actor) -> Import:
    return town.previewed([path], by)


@pytest.mark.parametrize(
    ("words", "form"),
    [
        ("月/日/年", "MM/DD/YYYY"),
        ("日-月-年 时:分", "DD-MM-YYYY HH:mm"),
        ("年年年年月月日日", "YYYYMMDD"),
        ("年月日 时分秒", "YYYYMMDD HHmmss"),
        ("m/d/yyyy h:mm", "MM/DD/YYYY HH:mm"),
        ("yyyy/m/d", "YYYY/MM/DD"),
        ("dd.mm.yyyy hh:mm:ss", "DD.MM.YYYY HH:mm:ss"),
        ("YYYY-MM-DDTHH:mm", "YYYY-MM-DDTHH:mm"),
        ("ＤＤ／ＭＭ／ＹＹＹＹ", "DD/MM/YYYY"),
        ("月/日/yy", None),
        ("d/m/yy", None),
        ("月/日", None),
        ("乱写", None),
        ("", None),
    ],
)
def test_a_form_is_read_in_chinese_and_as_excel_writes_it(words: str, form: str | None) -> None:
    assert written_dates.form_of(words) == form


def test_a_form_is_shown_in_chinese_unless_it_has_these_signs_itself() -> None:
    assert written_dates.in_chinese("MM/DD/YYYY HH:mm:ss") == "月/日/年 时:分:秒"
    assert written_dates.in_chinese("DD日MM月YYYY") == "DD日MM月YYYY"
    for form in ("MM/DD/YYYY", "DD-MM-YYYY HH:mm", "YYYYMMDD HHmmss"):
        assert written_dates.form_of(written_dates.in_chinese(form)) == form


def test_a_form_that_is_said_reads_the_days_and_is_kept(by: Actor, tmp_path: Path) -> None:
    row = handed_in(roster(tmp_path / "a.xlsx", "03/25/2025", "04/02/2025"), by)
    (sheet,) = import_sheets.sheets(row.files)
    assert (sheet.taken, sheet.refused) == (0, 2)

    said = {"columns": COLUMNS, "dates": ["月/日/年"], "save_as": "旧平台"}
    sheet_answers.answer(row.id, 0, "volunteers", **said, by=by, at=town.NOON)
    receiving.previewed(row.id, judge(row, at=town.NOON, tell=applying.silent))

    (sheet,) = import_sheets.sheets(row.files)
    assert (sheet.taken, sheet.refused, sheet.reading.dates) == (2, 0, ("MM/DD/YYYY",))
    assert sheet_answers.question(row.id, 0, by=by).dates == ("MM/DD/YYYY",)
    profile = sheet_memory.profile_called(row.area_id or 0, "旧平台", by=by)
    assert profile["dates"] == ["MM/DD/YYYY"]
    later = handed_in(roster(tmp_path / "b.xlsx", "05/30/2025"), by)
    (sheet,) = import_sheets.sheets(later.files)
    assert (sheet.reading.because, sheet.taken) == ("memory", 1)


@pytest.mark.parametrize(
    ("dates", "why"),
    [(["月/日"], "年份要四位"), (["年.月.日"], "03/25/2025")],
)
def test_a_form_that_is_none_or_fits_no_cell_is_refused_with_the_cure(
    by: Actor, tmp_path: Path, dates: list[str], why: str
) -> None:
    row = handed_in(roster(tmp_path / "a.xlsx", "03/25/2025"), by)
    with pytest.raises(Invalid) as refused:
        sheet_answers.answer(row.id, 0, "volunteers", dates=dates, by=by, at=town.NOON)
    assert (refused.value.field, row.state) == ("dates", "previewed")
    assert why in str(refused.value)


def test_the_expiry_of_points_is_read_in_the_form_too() -> None:
    assert {"expires_on", "issued_on"} <= written_dates.FIELDS
    assert written_dates.read("31/12/2026", ("DD/MM/YYYY",)) == datetime(2026, 12, 31)  # noqa: DTZ001
