"""The sheets in the preview: every one is named, asked ones wait for an answer by select."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from openpyxl.comments import Comment
from sqlalchemy import select

from tests import make
from tests.signing import hidden, sign_in, token_for
from tests.web.test_imports import shown, upload
from tests.workbooks.test_asked_rows import gifts, looking
from tests.workbooks.test_odd_files import LOG, SERVED, add, with_street
from tests.workbooks.test_sheet_answers import street
from tests.workbooks.test_written_codes import COLUMNS, LINES, roster
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Account
from volunteer_service.workbooks import background_steps


@pytest.fixture
def coordinator(app: Flask, client: FlaskClient) -> FlaskClient:
    """周静, signed in; the sub-district is 市西街道."""
    with app.app_context(), transaction():
        make.cast()
    sign_in(client, "zhoujing")
    return client


def handed_in(client: FlaskClient, path: Path) -> str:
    page = upload(client, [street(path)]).location
    background_steps.wait()
    return str(page)


def said(client: FlaskClient, page: str, **values: object) -> None:
    answer = client.post(page, data=hidden(client, page) | values)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    background_steps.wait()


def test_the_preview_names_every_sheet_and_asks(coordinator: FlaskClient, tmp_path: Path) -> None:
    page = handed_in(coordinator, tmp_path / "a.xlsx")

    text = shown(coordinator, page)
    for words in ("楼栋长", "像网格楼栋，请确认", "6月台账", "最像服务记录，缺少：姓名", "旧表"):
        assert words in text
    assert "有 2 张表要您说明" in text
    said(coordinator, f"{page}/sheets/4", kind="none")
    text = shown(coordinator, page)
    assert "有 1 张表要您说明" in text
    assert "按您的说明" in text


def test_a_column_is_said_by_select_and_used_next_time(
    coordinator: FlaskClient, tmp_path: Path
) -> None:
    page = handed_in(coordinator, tmp_path / "a.xlsx")
    here = f"{page}/sheets/3"
    form = shown(coordinator, here)
    assert "G 列 参与者（如：许一）" in form
    assert "17000000001" not in form
    chosen = {
        *(("column_event", 0), ("column_on", 1), ("column_start", 2), ("column_end", 3)),
        *(("column_minutes", 4), ("column_team", 5), ("column_phone", 7)),
    }
    values = {"kind": "service_log", "row_number": 1, "with_columns": 1, **dict(chosen)}
    refused = coordinator.post(here, data=hidden(coordinator, here) | values)
    assert refused.status_code == 422
    assert "还缺这些列：姓名" in refused.get_data(as_text=True)

    said(coordinator, here, **values, column_name=6)

    assert "按您的说明" in shown(coordinator, page)
    again = handed_in(coordinator, tmp_path / "b.xlsx")
    assert "的说明" in shown(coordinator, again)
    listed = shown(coordinator, "/imports/meanings")
    assert "参与者" in listed
    number = listed.partition("/imports/meanings/")[2].partition("/forget")[0]
    answer = coordinator.post(
        f"/imports/meanings/{number}/forget", data=hidden(coordinator, "/imports/meanings")
    )
    assert answer.status_code == 303
    assert "已忘记" in shown(coordinator, "/imports/meanings")


def test_another_kind_and_another_row_are_tried_first(
    coordinator: FlaskClient, tmp_path: Path
) -> None:
    page = handed_in(coordinator, tmp_path / "a.xlsx")

    tried = shown(coordinator, f"{page}/sheets/3?kind=volunteers&row_number=2")

    assert "身份证号" in tried
    assert "A 列 护学" in tried
    assert coordinator.get(f"{page}/sheets/99").status_code == 422
    assert coordinator.get(f"{page}/sheets/5").status_code == 422


def test_the_api_names_answers_lists_and_forgets(
    app: Flask, coordinator: FlaskClient, tmp_path: Path
) -> None:
    page = handed_in(coordinator, tmp_path / "a.xlsx")
    with app.app_context(), transaction(write=False):
        mine = token_for(db.session.scalars(select(Account).filter_by(login="zhoujing")).one())
    here = f"/api/v1{page}"
    sheets = coordinator.get(here, headers=mine).json["sheets"]
    assert [(one["name"], one["state"], one["waiting"]) for one in sheets[3:]] == [
        *(("6月台账", "unknown", 2), ("楼栋长", "asked", 1), ("旧表", "hidden", 2)),
    ]
    assert (sheets[3]["missing"], sheets[3]["unused"]) == (["姓名"], ["参与者", "天气"])

    answer = coordinator.post(
        f"{here}/sheets/4", json={"kind": "areas"}, headers=mine | {"Idempotency-Key": "1"}
    )
    assert answer.status_code == 202, answer.json
    background_steps.wait()
    sheet = coordinator.get(here, headers=mine).json["sheets"][4]
    assert (sheet["state"], sheet["because"], sheet["taken"]) == ("taken", "hand", 1)
    (one,) = coordinator.get("/api/v1/imports/meanings", headers=mine).json["items"]
    assert (one["about"], one["kind"], one["words"]) == ("sheet", "areas", "楼栋长")
    gone = coordinator.delete(f"/api/v1/imports/meanings/{one['id']}", headers=mine)
    assert gone.status_code == 204
    assert coordinator.get("/api/v1/imports/meanings", headers=mine).json["items"] == []


def test_codes_are_said_kept_as_a_profile_seen_and_renamed(
    coordinator: FlaskClient, tmp_path: Path
) -> None:
    page = str(upload(coordinator, [roster(tmp_path / "a.xlsx")]).location)
    background_steps.wait()
    here = f"{page}/sheets/0"
    values = {"kind": "volunteers", "row_number": 1, "with_columns": 1, "save_as": "旧平台"}
    values |= {f"column_{name}": place for name, place in COLUMNS.items()}
    wrong = coordinator.post(here, data=hidden(coordinator, here) | values | {"codes": "性别：男"})
    assert wrong.status_code == 422
    assert "一行写一个" in wrong.get_data(as_text=True)

    wrong = coordinator.post(here, data=hidden(coordinator, here) | values | {"dates": "月/日"})
    assert wrong.status_code == 422
    assert "年份要四位" in wrong.get_data(as_text=True)
    said(coordinator, here, **values, codes=LINES, dates="年-月-日")
    assert ">年-月-日</textarea>" in shown(coordinator, here)

    assert "平台上的状态说明不导入这一行" in shown(coordinator, page)
    assert "平台状态：9=不导入" in shown(coordinator, here)
    listed = shown(coordinator, "/imports/meanings")
    number = re.search(r"旧平台.*?/imports/meanings/(\d+)\"", listed, re.DOTALL)
    assert number is not None
    there = f"/imports/meanings/{number[1]}"
    assert "9 = 不导入" in shown(coordinator, there)
    assert "日期写作：年-月-日" in shown(coordinator, there)
    named = coordinator.post(
        f"{there}/rename", data=hidden(coordinator, there) | {"name": "区平台"}
    )
    assert named.status_code == 303
    assert "区平台" in shown(coordinator, "/imports/meanings")


def test_rows_struck_through_are_asked_by_two_buttons(
    coordinator: FlaskClient, tmp_path: Path
) -> None:
    page = str(upload(coordinator, [gifts(tmp_path / "a.xlsx", looking)]).location)
    background_steps.wait()
    text = shown(coordinator, page)
    assert "有 1 行画了删除线，请说明要不要导入" in text
    assert "有 1 行在表中是隐藏的，也在内" in text

    answer = coordinator.post(f"{page}/rows", data=hidden(coordinator, page) | {"struck": "in"})
    assert answer.status_code == 303
    background_steps.wait()
    assert "有 1 行画了删除线，也在内" in shown(coordinator, page)
    assert "画了删除线的行" in shown(coordinator, "/imports/meanings")


def test_the_api_says_which_rows_come_in_and_renames_a_profile(
    app: Flask, coordinator: FlaskClient, tmp_path: Path
) -> None:
    page = str(upload(coordinator, [gifts(tmp_path / "a.xlsx", looking)]).location)
    background_steps.wait()
    with app.app_context(), transaction(write=False):
        mine = token_for(db.session.scalars(select(Account).filter_by(login="zhoujing")).one())
    here = f"/api/v1{page}"
    before = coordinator.get(here, headers=mine).json
    assert before["rows"] == {
        "hidden": "in",
        "struck": "asked",
        "hidden_said": None,
        "struck_said": None,
    }
    assert before["streets"] == []
    once = mine | {"Idempotency-Key": "1"}
    answer = coordinator.post(f"{here}/rows", json={"struck": "out"}, headers=once)
    assert answer.status_code == 202, answer.json
    background_steps.wait()
    assert coordinator.get(here, headers=mine).json["rows"]["struck"] == "out"

    columns = {"name": 0, "points": 1, "stock": 2}
    body = {"kind": "gifts", "columns": columns, "codes": {}, "save_as": "旧目录"}
    odd = coordinator.post(
        f"{here}/sheets/0", json=body | {"dates": ["D/M"]}, headers=mine | {"Idempotency-Key": "0"}
    )
    assert (odd.status_code, "年份要四位" in odd.get_data(as_text=True)) == (422, True)
    answer = coordinator.post(
        f"{here}/sheets/0", json=body, headers=mine | {"Idempotency-Key": "2"}
    )
    assert answer.status_code == 202, answer.json
    background_steps.wait()
    found = coordinator.get("/api/v1/imports/meanings", headers=mine).json["items"]
    (number,) = [one["id"] for one in found if one["about"] == "profile"]
    renamed = coordinator.post(
        f"/api/v1/imports/meanings/{number}/rename",
        json={"name": "新目录"},
        headers=mine | {"Idempotency-Key": "3"},
    )
    assert (renamed.status_code, renamed.json["words"]) == (200, "新目录")


def test_only_a_service_log_is_said_to_have_no_new_records(
    coordinator: FlaskClient, tmp_path: Path
) -> None:
    def fill(book: Workbook) -> None:
        with_street(book)
        book["花名册"]["C3"].comment = Comment("已换号码", "小李")

    made = Workbook()
    fill(made)
    made.save(tmp_path / "people.xlsx")
    page = upload(coordinator, [tmp_path / "people.xlsx"]).location
    background_steps.wait()
    text = shown(coordinator, page)
    assert "没有新的服务记录" not in text
    assert "批注不导入，要紧的请写进单元格：C3" in text

    add(made, "台账", LOG, (*SERVED[:6], "没有登记", "17000000099"))
    made.save(tmp_path / "log.xlsx")
    page = upload(coordinator, [tmp_path / "log.xlsx"]).location
    background_steps.wait()
    assert "没有新的服务记录" in shown(coordinator, page)
