"""A large import and its undo on the pages: two pairs of hands."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import make
from tests.signing import hidden, sign_in
from tests.web.import_pages import press, shown, upload
from tests.workbooks import log, town
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Volunteer
from volunteer_service.teams.models import Team
from volunteer_service.workbooks import background_steps, stored_files
from volunteer_service.workbooks.models import Import


@pytest.fixture
def coordinator(app, client: FlaskClient) -> FlaskClient:
    """周静, signed in; the sub-district is 市西街道."""
    with app.app_context(), transaction():
        make.cast()
    sign_in(client, "zhoujing")
    return client


@pytest.fixture
def large(app, coordinator: FlaskClient, tmp_path: Path) -> str:
    """The page of a log of 101 records that 周静 handed in."""
    with app.app_context(), transaction():
        team = db.session.scalars(select(Team).where(Team.name.startswith("庆丰"))).one()
        wang = db.session.scalars(select(Volunteer).where(Volunteer.name == "王建国")).one()
        path = log.written(tmp_path / "log.xlsx", log.lines(wang, team, 101))
    page = upload(coordinator, [path]).location
    background_steps.wait()
    return page


@pytest.fixture
def second(app) -> FlaskClient:
    client = app.test_client()
    sign_in(client, "qianwei")
    return client


def records(app) -> int:
    with app.app_context(), transaction(write=False):
        return town.sums()[1]


def test_a_large_log_goes_by_two_pairs_of_hands(
    app, coordinator: FlaskClient, second: FlaskClient, large: str
) -> None:
    text = shown(coordinator, large)
    assert "须由另一个人审批" in text
    assert "可以办理的人：钱伟" in text
    assert f"{large}/apply" not in text
    told = coordinator.post(f"{large}/apply", data=hidden(coordinator, large))
    assert told.status_code == 409
    assert "请由上传的人 周静 提交审批" in shown(second, large)

    assert press(coordinator, large, "ask").location == large
    assert "已提交，等另一个人审批" in shown(coordinator, large)
    assert f"{large}/withdraw" in shown(coordinator, large)
    assert f"{large}/approve" not in shown(coordinator, large)
    assert "待另一人审批" in shown(second, "/")
    assert "待另一人审批" in shown(second, "/imports")
    assert press(coordinator, large, "approve").status_code == 403
    assert press(second, large, "withdraw").status_code == 403
    assert records(app) == 0

    assert press(second, large, "approve").location == large
    background_steps.wait()
    assert "周静 提交，钱伟 审批" in shown(coordinator, large)
    assert records(app) == 101


def test_a_large_log_is_refused_with_a_reason(
    app, coordinator: FlaskClient, second: FlaskClient, large: str
) -> None:
    press(coordinator, large, "ask")
    blank = second.post(f"{large}/refuse", data=hidden(second, large) | {"answer": "  "})
    assert blank.status_code == 422
    answer = hidden(second, large) | {"answer": "四月没有这么多活动"}
    assert second.post(f"{large}/refuse", data=answer).location == large

    text = shown(coordinator, large)
    assert "没有通过，什么都没有导入" in text
    assert "四月没有这么多活动" in text
    assert "未通过" in shown(coordinator, "/imports")
    assert "未通过" in shown(coordinator, "/")
    assert records(app) == 0
    with app.app_context():
        assert not stored_files.folder_of(int(large.rpartition("/")[2])).exists()


def test_what_two_brought_in_goes_by_two_pairs_of_hands(
    app, coordinator: FlaskClient, second: FlaskClient, large: str
) -> None:
    press(coordinator, large, "ask")
    press(second, large, "approve")
    background_steps.wait()
    undo = f"{large}/undo"
    foretold = shown(second, undo)
    assert "这次导入是由两个人办理的。可以办理的人：周静" in foretold
    assert "确定撤销" not in foretold
    assert "要两个人办" in foretold
    assert press(second, large, "undo").status_code == 409
    blank = second.post(f"{undo}/ask", data=hidden(second, undo) | {"reason": "  "})
    assert (blank.status_code, records(app)) == (422, 101)

    why = hidden(second, undo) | {"reason": "四月的文件交了两次"}
    assert second.post(f"{undo}/ask", data=why).location == undo
    for page in ("/", "/imports"):
        assert "待另一人审批撤销" in shown(coordinator, page)
    assert "四月的文件交了两次" in shown(coordinator, large)
    assert f"{undo}/withdraw" in shown(second, undo)
    assert press(second, large, "undo").status_code == 403

    answer = hidden(coordinator, undo) | {"answer": "只交了一次"}
    assert coordinator.post(f"{undo}/refuse", data=answer).location == large
    assert "只交了一次" in shown(second, large)
    assert second.post(f"{undo}/ask", data=why | hidden(second, undo)).location == undo
    assert press(second, undo, "withdraw").location == large
    assert second.post(f"{undo}/ask", data=why | hidden(second, undo)).location == undo
    assert "您同意才会撤销" in shown(coordinator, undo)
    assert "另一个人同意以后才会撤销" in shown(second, undo)
    assert press(coordinator, large, "undo").location == large
    assert records(app) == 0


def test_what_was_asked_for_is_taken_back(
    app, coordinator: FlaskClient, second: FlaskClient, large: str
) -> None:
    press(coordinator, large, "ask")
    assert press(coordinator, large, "withdraw").location == large
    assert "请另一个人审批" in shown(coordinator, large)
    late = second.post(f"{large}/approve", data=hidden(second, "/imports"))
    assert late.status_code == 409
    assert records(app) == 0


def test_what_has_changed_since_it_was_shown_is_shown_again(
    app, coordinator: FlaskClient, second: FlaskClient, large: str, tmp_path: Path
) -> None:
    press(coordinator, large, "ask")
    with app.app_context(), transaction():
        wang = db.session.scalars(select(Volunteer).where(Volunteer.name == "王建国")).one()
        team = db.session.scalars(select(Team).where(Team.name.startswith("庆丰"))).one()
        path = log.written(tmp_path / "log.xlsx", log.lines(wang, team, 2))
    small = upload(second, [path]).location
    background_steps.wait()
    press(second, small, "apply")
    background_steps.wait()
    assert records(app) == 2

    press(second, large, "approve")
    background_steps.wait()

    text = shown(second, large)
    assert "预览之后资料有变动" in text
    assert records(app) == 2
    with app.app_context(), transaction(write=False):
        row = db.session.get_one(Import, int(large.rpartition("/")[2]))
        assert (row.state, row.records) == ("previewed", 99)
        assert (row.asked_by_id, row.decided_by_id) == (None, None)
    assert press(coordinator, large, "apply").status_code == 303
    background_steps.wait()
    assert records(app) == 101
