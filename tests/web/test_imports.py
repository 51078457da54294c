"""The pages of an import: upload, preview, apply, result, undo; seen by coordinators only."""

import os
import re
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import make
from tests.signing import hidden, sign_in, token_for
from tests.web.import_pages import press, shown, upload
from tests.workbooks import log, town
from tests.workbooks.street_cells import id_number
from volunteer_service import clock
from volunteer_service.areas.models import Area
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db, transaction
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.changes import contact_numbers
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.teams import membership
from volunteer_service.teams.models import Membership, Team
from volunteer_service.workbooks import background_steps, stored_files
from volunteer_service.workbooks.models import Import, ImportChange


@pytest.fixture
def coordinator(app, client: FlaskClient) -> FlaskClient:
    """周静, signed in; the sub-district is 市西街道."""
    with app.app_context(), transaction():
        make.cast()
    sign_in(client, "zhoujing")
    return client


def test_from_upload_to_undo(coordinator: FlaskClient, tmp_path: Path) -> None:
    answer = upload(coordinator, town.files_of(tmp_path / "street"))
    assert answer.status_code == 303
    page = answer.location
    background_steps.wait()

    preview = shown(coordinator, page)
    assert "待导入" in shown(coordinator, "/imports")
    assert "退回的行不会导入" in preview
    assert "身份证号校验不通过" in preview
    assert 'name="refresh-live"' not in preview
    only = shown(coordinator, f"{page}?kind=gifts")
    assert "积分或数量不正确" in only
    assert "身份证号校验不通过" not in only
    refused = coordinator.get(f"{page}/refused.xlsx")
    book = openpyxl.load_workbook(BytesIO(refused.data))
    assert len(book.sheetnames) == 4
    assert "attachment" in refused.headers["Content-Disposition"]

    assert press(coordinator, page, "apply").location == page
    background_steps.wait()
    result = shown(coordinator, page)
    assert "导入完成" in result
    assert f'href="{page}/undo"' in result
    foretold = shown(coordinator, f"{page}/undo")
    assert "确定撤销" in foretold
    assert "影响最大的人" in foretold
    assert re.search(rf'<a href="{page}">导入 #\d+</a>', foretold)

    assert press(coordinator, page, "undo").location == page
    assert "已整体撤销" in shown(coordinator, page)


def test_a_bad_file_is_named_beside_the_form(coordinator: FlaskClient, tmp_path: Path) -> None:
    bad = tmp_path / "名单.xlsx"
    bad.write_bytes(b"\x00no list")

    answer = upload(coordinator, [bad])

    assert answer.status_code == 422
    assert "“名单.xlsx”不是可以读取的" in answer.get_data(as_text=True)
    assert upload(coordinator, []).status_code == 422


def test_a_street_that_is_not_there_is_named(coordinator: FlaskClient, tmp_path: Path) -> None:
    answer = upload(coordinator, town.files_of(tmp_path / "street"), sub_district="")

    assert answer.status_code == 422
    assert "还没有“临江镇”。" in answer.get_data(as_text=True)


def test_progress_shows_while_it_runs_and_a_dead_one_may_begin_again(
    app, coordinator: FlaskClient, tmp_path: Path
) -> None:
    page = upload(coordinator, town.files_of(tmp_path / "street")).location
    background_steps.wait()
    import_id = int(page.rpartition("/")[2])
    with app.app_context():
        with transaction():
            db.session.get(Import, import_id).state = "applying"
        stored_files.tell(import_id, stored_files.Progress("writing", 30, 60))

        running = shown(coordinator, page)

        assert "30 / 60" in running
        assert 'name="refresh-live"' in running
        assert "放弃" not in running
        moved = stored_files.folder_of(import_id) / "progress.json"
        old = clock.now().timestamp() - stored_files.STALLED_AFTER - 1
        os.utime(moved, (old, old))
    assert "导入中断了" in shown(coordinator, page)
    assert press(coordinator, page, "apply").status_code == 303
    background_steps.wait()
    assert "导入完成" in shown(coordinator, page)


def test_reading_has_a_bar_once_the_rows_are_counted(
    app, coordinator: FlaskClient, tmp_path: Path
) -> None:
    page = upload(coordinator, town.files_of(tmp_path / "street")).location
    background_steps.wait()
    import_id = int(page.rpartition("/")[2])
    with app.app_context():
        with transaction():
            db.session.get(Import, import_id).state = "reading"
        stored_files.tell(import_id, stored_files.Progress("reading", 0, 0))
        assert "<progress" not in shown(coordinator, page)
        stored_files.tell(import_id, stored_files.Progress("reading", 250, 1000))

        running = shown(coordinator, page)

    assert '<progress value="250" max="1000"' in running
    assert "250 / 1000" in running


def test_a_preview_can_be_dropped(coordinator: FlaskClient, tmp_path: Path) -> None:
    page = upload(coordinator, town.files_of(tmp_path / "street")).location
    background_steps.wait()

    assert press(coordinator, page, "discard").location == "/imports"
    assert "已放弃" in shown(coordinator, page)


@pytest.mark.parametrize("login", ["limei", "wang", "sunli", "wumin"])
def test_others_do_not_learn_that_it_exists(app, client: FlaskClient, login: str) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        db.session.add(
            Import(
                state="applied",
                sub_district="市西街道",
                area_id=cast.town.id,
                files=[],
                created_at=town.NOON,
            )
        )
    sign_in(client, login)
    token = hidden(client, "/me")

    assert client.get("/imports").status_code == 404
    assert client.get("/imports/1").status_code == 404
    assert client.get("/imports/1/refused.xlsx").status_code == 404
    assert client.post("/imports/1/undo", data=token).status_code == 404


def test_a_grade_that_a_file_states_is_never_taken_for_a_scan_here(
    app, coordinator: FlaskClient, tmp_path: Path
) -> None:
    with app.app_context(), transaction():
        team = db.session.scalars(select(Team).where(Team.name.startswith("庆丰"))).one()
        wang = db.session.scalars(select(Volunteer).where(Volunteer.name == "王建国")).one()
        path = log.written(tmp_path / "log.xlsx", log.lines(wang, team, 1))
    page = upload(coordinator, [path]).location
    background_steps.wait()
    press(coordinator, page, "apply")
    background_steps.wait()
    import_id = int(page.rpartition("/")[2])
    with app.app_context(), transaction():
        record = db.session.scalars(select(ServiceRecord)).one()
        assert record.grade == "scanned"
        wang_id, here = record.volunteer_id, f"/records/{record.id}"
        staff = token_for(db.session.scalars(select(Account).filter_by(login="zhoujing")).one())

    told = f"扫码（由导入的台账载明，导入编号 {import_id}）"
    assert told in shown(coordinator, here)
    assert "来自导入的台账" in shown(coordinator, f"/people/{wang_id}")
    over_api = coordinator.get(f"/api/v1{here}", headers=staff).json["record"]
    assert (over_api["grade"], over_api["source_type"]) == ("scanned", "import")
    assert over_api["import_id"] == import_id
    own = app.test_client()
    sign_in(own, "wang")
    assert told in shown(own, here)
    assert "来自导入的台账" in shown(own, "/my/records")


def test_before_it_is_applied_page_and_api_say_who_gets_most(
    app, coordinator: FlaskClient, tmp_path: Path
) -> None:
    with app.app_context(), transaction():
        team = db.session.scalars(select(Team).where(Team.name.startswith("庆丰"))).one()
        wang = db.session.scalars(select(Volunteer).where(Volunteer.name == "王建国")).one()
        zhao = db.session.scalars(select(Volunteer).where(Volunteer.name == "赵芳")).one()
        rows = log.lines(wang, team, 20, hours=12) + log.lines(zhao, team, 3)
        path = log.written(tmp_path / "log.xlsx", rows)
        staff = token_for(db.session.scalars(select(Account).filter_by(login="zhoujing")).one())
    page = upload(coordinator, [path]).location
    background_steps.wait()

    text = shown(coordinator, page)
    assert text.index("王建国") < text.index("赵芳")
    for told in ("23", "2 人", "246 小时", "240 小时", "有 20 天，一个人当天超过每日上限"):
        assert told in text
    seen = coordinator.get(f"/api/v1{page}", headers=staff).json
    assert seen["figures"] == {
        "records": 23,
        "people": 2,
        "minutes": 14_760,
        "points": 24_600,
        "long_days": 20,
        "longest_day": 720,
    }
    assert [who["name"] for who in seen["largest"]] == ["王建国", "赵芳"]
    assert seen["rows_about_importer"] == 0


def test_before_it_is_undone_the_page_says_what_stays(
    app, coordinator: FlaskClient, tmp_path: Path
) -> None:
    page = upload(coordinator, town.files_of(tmp_path / "street")).location
    background_steps.wait()
    press(coordinator, page, "apply")
    background_steps.wait()
    assert "后来改过的会留下" not in shown(coordinator, page)
    with app.app_context(), transaction():
        places = select(Membership).where(Membership.import_id.is_not(None))
        place = db.session.scalars(places).first()
        member = Actor(None, place.volunteer_id, "", "page")
        membership.leave(place.team_id, by=member, at=clock.now())
    told = shown(coordinator, page)
    assert "后来改过的会留下" in told
    assert "<li>入队 1</li>" in told
    foretold = shown(coordinator, f"{page}/undo")
    assert "后来改过的会留下" in foretold
    assert "<li>入队 1</li>" in foretold


def test_the_page_that_undoes_it_says_what_stands_in_the_way(
    app, coordinator: FlaskClient, tmp_path: Path
) -> None:
    page = upload(coordinator, town.files_of(tmp_path / "street")).location
    background_steps.wait()
    press(coordinator, page, "apply")
    background_steps.wait()
    assert "现在不能整体撤销" not in shown(coordinator, f"{page}/undo")
    with app.app_context(), transaction():
        brought = db.session.scalars(select(Team).where(Team.import_id.is_not(None))).first()
        make.volunteer("后来的人", team=brought)

    foretold = shown(coordinator, f"{page}/undo")

    assert "现在不能整体撤销" in foretold
    assert "确定撤销" not in foretold
    assert "点下面的按钮" not in foretold


def test_what_a_list_says_otherwise_is_ticked_and_made(
    app: Flask, coordinator: FlaskClient, tmp_path: Path
) -> None:
    known = id_number(date(1980, 5, 1), "女", 11)
    with app.app_context(), transaction():
        zhao = db.session.scalars(select(Volunteer).where(Volunteer.name == "赵芳")).one()
        zhao.identity, zhao.identity_key = known, contact_numbers.identity_key(known)
        home = db.session.scalars(select(Area.id).where(Area.parent_id.is_(None))).first()
        zhao.area_id, number = home, zhao.id
    path = log.roster(tmp_path / "roster.xlsx", [("赵芳", known, "13911112222", "")])
    page = upload(coordinator, [path]).location
    background_steps.wait()

    preview = shown(coordinator, page)
    assert "与名单不同的资料" in preview
    assert "139****2222" in preview
    assert "已选 0 处" in preview
    with app.app_context(), transaction():
        ids = list(db.session.scalars(select(ImportChange.id)))
    form = hidden(coordinator, page) | {"shown": ids, "agreed": ids}
    answer = coordinator.post(f"{page}/changes", data=form)
    assert answer.location == f"{page}#changes"
    assert "已选 1 处" in shown(coordinator, page)
    press(coordinator, page, "apply")
    background_steps.wait()
    assert "已改" in shown(coordinator, page)
    with app.app_context(), transaction():
        assert db.session.get_one(Volunteer, number).phone == "13911112222"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("和风社区", "", "1号楼")], "没有一行可以导入：1 行都退回了"),
        ([], "表里只有表头"),
    ],
)
def test_where_no_row_may_come_in_there_is_no_button_and_the_page_says_what_to_do(
    coordinator: FlaskClient, tmp_path: Path, rows: list[tuple[str, ...]], told: str
) -> None:
    book = openpyxl.Workbook()
    for row in (("社区", "网格", "楼栋"), *rows):
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    page = str(upload(coordinator, [tmp_path / "a.xlsx"]).location)
    background_steps.wait()

    preview = shown(coordinator, page)

    assert told in preview
    assert f"{page}/apply" not in preview
    assert f"{page}/ask" not in preview
    assert ("下载退回的行" in preview) is bool(rows)
    again = press(coordinator, page, "apply")
    assert (again.status_code, told in again.get_data(as_text=True)) == (409, True)
