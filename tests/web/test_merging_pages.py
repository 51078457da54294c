"""The pages of merging: find the other entry, look at both, merge, decide, undo."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests import make
from tests.make_merging import served
from tests.signing import hidden, sign_in
from volunteer_service.db import db, transaction
from volunteer_service.people.changes.change_models import Merging
from volunteer_service.people.models import Volunteer

PHONE = "17000009999"


@pytest.fixture
def two(app: Flask) -> tuple[int, int]:
    """张伟 twice; the second time with 3 hours and a name of one wrong letter."""
    with app.app_context(), transaction():
        cast = make.cast()
        kept = make.volunteer("张伟", team=cast.team, phone=PHONE)
        other = make.volunteer("张炜", team=cast.other_team, phone=PHONE)
        served(other, cast, minutes=180)
        return kept.id, other.id


def stored(app: Flask, merging_id: int) -> Merging:
    with app.app_context(), transaction(write=False):
        row = db.session.get_one(Merging, merging_id)
        db.session.expunge(row)
        return row


def test_from_finding_to_undoing(app: Flask, two: tuple[int, int], client: FlaskClient) -> None:
    kept, other = two
    sign_in(client, "zhoujing")
    page = f"/people/{kept}/merge"
    assert "与另一份登记合并" in client.get(f"/people/{kept}").get_data(as_text=True)
    found = client.get(f"{page}?q={PHONE[-4:]}").get_data(as_text=True)
    assert f"{page}?merged_id={other}" in found
    both = client.get(f"{page}?merged_id={other}").get_data(as_text=True)
    for words in (
        "张炜",
        "3 小时",
        "姓名不同",
        "要并入的时长超过 2 小时",
        "提出合并，等第二个人确认",
    ):
        assert words in both, words
    assert PHONE not in both
    form = {"merged_id": other, "take_name": "1", **hidden(client, f"{page}?merged_id={other}")}
    refused = client.post(page, data=form)
    assert (refused.status_code, "为什么合并" in refused.get_data(as_text=True)) == (422, True)
    asked = client.post(page, data=form | {"merge_reason": "搬家后又登记了一次"})
    where = asked.headers["Location"]
    assert asked.status_code == 303
    own = client.get(where).get_data(as_text=True)
    assert "合并由另一个人确认" in own
    client.post("/sign-out", data=hidden(client, where))

    sign_in(client, "qianwei")
    assert "1 个登记合并等第二个人确认" in client.get("/people").get_data(as_text=True)
    assert where in client.get("/mergings").get_data(as_text=True)
    assert "是同一个人，合并" in client.get(where).get_data(as_text=True)
    client.post(f"{where}/approve", data=hidden(client, where))
    row = stored(app, int(where.rsplit("/", 1)[1]))
    assert (row.state, row.taken) == ("done", ["name"])
    done = client.get(f"/people/{kept}").get_data(as_text=True)
    assert "张炜" in done
    assert "这份登记已并入另一份" in client.get(f"/people/{other}").get_data(as_text=True)
    assert "须由另一个人审批" in client.get(where).get_data(as_text=True)
    alone = {"undo_reason": "是兄弟二人", **hidden(client, where)}
    refused = client.post(f"{where}/undo", data=alone)
    assert "须由另一个人审批" in refused.get_data(as_text=True)
    assert stored(app, row.id).state == "done"
    blank = client.post(f"{where}/undo/ask", data={"reason": " ", **hidden(client, where)})
    assert (blank.status_code, stored(app, row.id).undo_asked_at) == (422, None)

    def ask() -> TestResponse:
        why = {"reason": "是兄弟二人", **hidden(client, where)}
        return client.post(f"{where}/undo/ask", data=why)

    for _ in range(2):
        assert ask().location == where
        client.post(f"{where}/undo/withdraw", data=hidden(client, where))
    ask()
    assert "收回" in client.get(where).get_data(as_text=True)
    assert client.post(f"{where}/undo/approve", data=hidden(client, where)).status_code == 403
    client.post("/sign-out", data=hidden(client, where))

    sign_in(client, "zhoujing")
    assert "是兄弟二人" in client.get("/mergings").get_data(as_text=True)
    assert "1 个登记合并等第二个人确认" in client.get("/people").get_data(as_text=True)
    assert "同意撤销" in client.get(where).get_data(as_text=True)
    answer = {"answer": "是一个人", **hidden(client, where)}
    assert client.post(f"{where}/undo/refuse", data=answer).location == where
    assert "是一个人" in client.get(where).get_data(as_text=True)
    ask()
    client.post("/sign-out", data=hidden(client, where))

    sign_in(client, "qianwei")
    client.post(f"{where}/undo/approve", data=hidden(client, where))
    assert stored(app, row.id).state == "undone"
    with app.app_context(), transaction(write=False):
        names = select(Volunteer.name).where(Volunteer.id.in_(two)).order_by(Volunteer.id)
        assert list(db.session.scalars(names)) == ["张伟", "张炜"]


def test_the_second_person_refuses_with_words(
    app: Flask, two: tuple[int, int], client: FlaskClient
) -> None:
    kept, other = two
    sign_in(client, "zhoujing")
    page = f"/people/{kept}/merge"
    form = {
        "merged_id": other,
        "merge_reason": "重复",
        **hidden(client, f"{page}?merged_id={other}"),
    }
    where = client.post(page, data=form).headers["Location"]
    client.post("/sign-out", data=hidden(client, where))
    sign_in(client, "qianwei")
    assert client.post(f"{where}/refuse", data=hidden(client, where)).status_code == 422
    client.post(f"{where}/refuse", data={"answer": "是父子", **hidden(client, where)})
    assert "是父子" in client.get(where).get_data(as_text=True)
    assert stored(app, int(where.rsplit("/", 1)[1])).state == "refused"


def test_what_is_in_the_way_is_said_before(
    app: Flask, two: tuple[int, int], client: FlaskClient
) -> None:
    kept, other = two
    with app.app_context(), transaction():
        db.session.get_one(Volunteer, kept).state = "left"
    sign_in(client, "zhoujing")
    said = client.get(f"/people/{kept}/merge?merged_id={other}").get_data(as_text=True)
    assert "现在不能合并" in said
    assert "已退出。请保留另一份在册的登记" in said
    assert 'name="merge_reason"' not in said


def test_to_a_stranger_it_does_not_exist(
    app: Flask, two: tuple[int, int], client: FlaskClient
) -> None:
    kept, other = two
    sign_in(client, "limei")
    for path in (f"/people/{kept}/merge", f"/people/{kept}/merge?merged_id={other}", "/mergings"):
        assert client.get(path).status_code in (403, 404), path
