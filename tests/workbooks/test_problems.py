"""A step that failed says why and what to do, with a code, in the language of who reads it."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook as Book

from tests import make
from tests.signing import hidden, sign_in
from tests.web.test_imports import shown, upload
from tests.workbooks import hostile, town
from volunteer_service.db import transaction
from volunteer_service.errors import Phrase
from volunteer_service.workbooks import background_steps, problems, receiving
from volunteer_service.workbooks.models import Import
from volunteer_service.workbooks.refusals import ImportCrashed, WorkbookTooBig


@pytest.fixture
def coordinator(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context(), transaction():
        make.cast()
    sign_in(client, "zhoujing")
    return client


def test_a_failed_step_keeps_its_code_and_its_facts(session, tmp_path: Path) -> None:
    row = town.previewed(town.files_of(tmp_path / "street"))
    row.state = "reading"
    what = Phrase("工作表“%(sheet)s”超过 %(most)s 行", sheet="册", most=9)

    receiving.stop(row.id, WorkbookTooBig(file="a.xlsx", what=what))

    assert (row.state, problems.problem_code(row)) == ("failed", "workbook_too_big")
    assert row.problem == "“a.xlsx”太大：工作表“册”超过 9 行。请拆成几个工作簿分别导入。"
    assert problems.worded(row, str) == row.problem
    told = problems.worded(
        row, lambda words: words.replace("太大", "too big").replace("行", "rows")
    )
    assert told == "“a.xlsx”too big：工作表“册”超过 9 rows。请拆成几个工作簿分别导入。"


def test_what_failed_before_codes_were_kept_is_told_as_it_was() -> None:
    old = Import(problem="没有读完。", trouble=None)

    assert (problems.worded(old, str), problems.problem_code(old)) == ("没有读完。", None)
    assert problems.worded(Import(problem=None), str) is None


def test_a_crash_has_a_code_too(session, tmp_path: Path) -> None:
    row = town.previewed(town.files_of(tmp_path / "street"))
    row.state = "reading"

    receiving.stop(row.id, ImportCrashed())

    assert problems.problem_code(row) == "import_crashed"


def test_the_page_names_the_code_at_the_door_and_later(
    coordinator: FlaskClient, tmp_path: Path
) -> None:
    at_the_door, later = tmp_path / "碎.xlsx", tmp_path / "长格.xlsx"
    at_the_door.write_bytes(hostile.refused()["many parts"][1])
    # Behind the first 64 kB of the sheet: what is parsed to find a header is refused at the door.
    book = Book()
    rows = [("礼品名称", "所需积分", "库存数量"), *[("香皂", 2, 200)] * 2000, ("长" * 2001, 2, 200)]
    for row in rows:
        book.worksheets[0].append(row)
    book.save(later)

    refused = upload(coordinator, [at_the_door]).get_data(as_text=True)
    assert "附件太多" in refused
    assert "只粘贴数值" in refused
    assert "workbook_too_many_parts" in refused

    page = upload(coordinator, [later]).location
    background_steps.wait()
    assert "cell_too_long" in shown(coordinator, page)
    language = hidden(coordinator, "/imports") | {"lang": "en"}
    assert coordinator.post("/preferences", data=language).status_code in (302, 303)
    english = shown(coordinator, page)
    assert "cell_too_long" in english
    assert "单元格" not in english
