"""The pages of an import: upload, preview, apply, result, undo; seen by coordinators only."""

import os
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import make
from tests.signing import hidden, sign_in, token_for
from tests.workbooks import log, town
from volunteer_service import clock
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Account, Volunteer
from volunteer_service.teams.models import Team
from volunteer_service.workbooks import background, storage
from volunteer_service.workbooks.models import Import


@pytest.fixture
def coordinator(app, client: FlaskClient) -> FlaskClient:
    """周静, signed in; the sub-district is 市西街道."""
    with app.app_context(), transaction():
        make.cast()
    sign_in(client, "zhoujing")
    return client


def upload(client: FlaskClient, paths: list[Path], sub_district: str = "市西街道"):
    files = [(BytesIO(path.read_bytes()), path.name) for path in paths]
    form = hidden(client, "/imports") | {"sub_district": sub_district, "files": files}
    return client.post("/imports", data=form, content_type="multipart/form-data")


def press(client: FlaskClient, page: str, button: str):
    return client.post(f"{page}/{button}", data=hidden(client, page))


def shown(client: FlaskClient, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_from_upload_to_undo(coordinator: FlaskClient, tmp_path: Path) -> None:
    answer = upload(coordinator, town.files_of(tmp_path / "street"))
    assert answer.status_code == 303
    page = answer.location
    background.wait()

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
    background.wait()
    result = shown(coordinator, page)
    assert "导入完成" in result
    assert "确定撤销" in result

    assert press(coordinator, page, "undo").location == page
    assert "已整体撤销" in shown(coordinator, page)


def test_a_bad_file_is_named_beside_the_form(coordinator: FlaskClient, tmp_path: Path) -> None:
    bad = tmp_path / "名单.xlsx"
    bad.write_bytes(b"no zip")

    answer = upload(coordinator, [bad])

    assert answer.status_code == 422
    assert "“名单.xlsx”不是可以读取的" in answer.get_data(as_text=True)
    assert upload(coordinator, []).status_code == 422


def test_another_street_is_not_theirs(coordinator: FlaskClient, tmp_path: Path) -> None:
    answer = upload(coordinator, town.files_of(tmp_path / "street"), sub_district="")

    assert answer.status_code == 422
    assert "您不能向“临江镇”导入资料" in answer.get_data(as_text=True)


def test_progress_shows_while_it_runs_and_a_dead_one_may_begin_again(
    app, coordinator: FlaskClient, tmp_path: Path
) -> None:
    page = upload(coordinator, town.files_of(tmp_path / "street")).location
    background.wait()
    import_id = int(page.rpartition("/")[2])
    with app.app_context():
        with transaction():
            db.session.get(Import, import_id).state = "applying"
        storage.tell(import_id, storage.Progress("writing", 30, 60))

        running = shown(coordinator, page)

        assert "30 / 60" in running
        assert 'name="refresh-live"' in running
        assert "放弃" not in running
        moved = storage.folder_of(import_id) / "progress.json"
        old = clock.now().timestamp() - storage.STALLED_AFTER - 1
        os.utime(moved, (old, old))
    assert "导入中断了" in shown(coordinator, page)
    assert press(coordinator, page, "apply").status_code == 303
    background.wait()
    assert "导入完成" in shown(coordinator, page)


def test_a_preview_can_be_dropped(coordinator: FlaskClient, tmp_path: Path) -> None:
    page = upload(coordinator, town.files_of(tmp_path / "street")).location
    background.wait()

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
    background.wait()
    press(coordinator, page, "apply")
    background.wait()
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
    background.wait()

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
