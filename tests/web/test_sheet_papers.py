"""Photos of a paper sheet on its pages: kept through a refusal, shown to who approves, private."""

import re
from io import BytesIO

import pytest
from sqlalchemy import func, select

from tests import make
from tests.paper import hostile_scans as made
from tests.signing import audit, hidden, sign_in
from tests.web.test_backfill_sheets import NEW, PLAN
from tests.web.test_events_pages import page, rows
from volunteer_service.attendance.models import ServiceRecord, SheetPaper
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Look


@pytest.fixture
def town(app) -> dict[str, int]:
    with app.app_context(), transaction():
        cast = make.cast()
        made_up = [make.volunteer(f"队员{n:02d}", team=cast.team).id for n in range(3)]
        return {"team": cast.team.id, "first": made_up[0]}


def upload(client, path, action, *files, field="paper", **values):
    parts = [(BytesIO(data), name) for name, data in files]
    form = {name: str(value) for name, value in values.items()} | hidden(client, path)
    return client.post(action, data=form | {field: parts}, content_type="multipart/form-data")


def count(app, model) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def test_a_photo_comes_with_the_sheet_and_stands_beside_it(app, client, town) -> None:
    sign_in(client, "limei")
    form = page(client, NEW)
    assert 'capture="environment"' in form
    assert 'enctype="multipart/form-data"' in form
    sent = {"team_id": town["team"], "names": "队员00\n队员01", **PLAN}
    done = upload(client, NEW, NEW, ("a.jpg", made.photo()), ("b.pdf", made.pdf()), **sent)
    assert done.status_code == 303
    assert count(app, SheetPaper) == 3
    sign_in(client, "zhoujing")
    shown = page(client, done.location)
    found = re.findall(r'<img src="([^"]+)"', shown)
    assert len(found) == 3
    answer = client.get(found[0])
    assert answer.data.startswith(b"\xff\xd8\xff")
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"SECRET" not in answer.data
    assert "整张通过" in shown
    assert client.post(f"{done.location}/approve", data=hidden(client, done.location))
    assert "补上照片或扫描件" not in page(client, done.location)
    with app.app_context():
        looks = db.session.scalars(select(Look)).all()
        assert {(look.field, look.why) for look in looks} == {("paper", "查看纸质签到表")}
        assert len(looks) == 2


def test_a_refused_form_keeps_the_photo(app, client, town) -> None:
    sign_in(client, "limei")
    sent = {"team_id": town["team"], "names": "没有此人", **PLAN}
    again = upload(client, NEW, NEW, ("a.jpg", made.photo()), field="photo", **sent)
    assert again.status_code == 422
    text = again.get_data(as_text=True)
    assert "已收到 1 页" in text
    key = re.search(r'name="paper_key" value="([0-9a-f]{32})"', text)[1]
    lines = dict(re.findall(r'name="(typed-\d)" value="([^"]+)"', text))
    done = upload(
        client, NEW, NEW, **sent, **lines, **{"who-0": "out"}, member=town["first"], paper_key=key
    )
    assert done.status_code == 303
    assert done.location.endswith(key)
    assert count(app, SheetPaper) == 1


def test_the_photo_is_taken_first_and_nothing_is_entered(app, client, town) -> None:
    sign_in(client, "limei")
    sent = {"team_id": town["team"], "names": "队员00", "look": "1"}
    shown = upload(client, NEW, NEW, ("a.jpg", made.photo()), **sent)
    text = shown.get_data(as_text=True)
    assert shown.status_code == 200
    assert 'class="beside"' in text
    assert "队员00" in text
    assert 'role="alert"' not in text
    assert count(app, ServiceRecord) == 0
    key = re.search(r'name="paper_key" value="([^"]+)"', text)
    del sent["look"]
    done = upload(client, NEW, NEW, paper_key=key[1], **sent | PLAN)
    assert done.status_code == 303
    assert count(app, ServiceRecord) == count(app, SheetPaper) == 1
    sent["look"] = "1"
    broken = upload(client, NEW, NEW, ("a.jpg", b"no picture"), **sent)
    assert broken.status_code == 422
    assert 'id="e-paper"' in broken.get_data(as_text=True)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (made.HEIC, "苹果手机的 HEIC 照片"),
        (made.SVG, "不是 JPG、PNG 图片或 PDF"),
        (made.photo()[:9000], "不完整或已损坏"),
        (made.huge_png(), "像素太多"),
        (made.locked_pdf(), "加了密码"),
        (b"", "不完整或已损坏"),
    ],
    ids=["heic", "svg", "cut", "pixels", "locked", "empty"],
)
def test_a_bad_file_is_refused_with_its_cure_and_nothing_is_entered(
    app, client, town, data, words
) -> None:
    sign_in(client, "limei")
    sent = {"team_id": town["team"], "names": "队员00", **PLAN}
    again = upload(client, NEW, NEW, ("photo.jpg", data), **sent)
    assert again.status_code == 422
    text = again.get_data(as_text=True)
    assert words in text
    assert "公园没有信号" in text
    assert count(app, ServiceRecord) == count(app, SheetPaper) == 0


def test_pages_are_added_and_taken_out_later(app, client, town) -> None:
    sign_in(client, "limei")
    sent = {"team_id": town["team"], "names": "队员00", **PLAN}
    at = upload(client, NEW, NEW, **sent).location
    assert "没有留照片" in page(client, at)
    refused = upload(client, at, f"{at}/papers", ("x.jpg", made.SVG))
    assert refused.status_code == 422
    assert "不是 JPG" in refused.get_data(as_text=True)
    assert upload(client, at, f"{at}/papers", ("x.png", made.photo(kind="PNG"))).status_code == 303
    (row,) = rows(app, select(SheetPaper))
    taken = client.post(f"{at}/papers/{row.id}/take-out", data=hidden(client, at))
    assert taken.status_code == 303
    assert count(app, SheetPaper) == 0


def test_no_stranger_and_no_one_on_it_sees_it_and_an_auditor_says_why(app, client, town) -> None:
    sign_in(client, "limei")
    sent = {"team_id": town["team"], "member": town["first"], **PLAN}
    at = upload(client, NEW, NEW, ("a.jpg", made.photo()), **sent).location
    (row,) = rows(app, select(SheetPaper))
    path = f"{at}/papers/{row.id}.jpg"
    with app.app_context(), transaction():
        account = make.account("member00", "队员00")
        account.volunteer_id = town["first"]
        far = make.area("东关街道")
        make.account("farauditor", "远审核", role="auditor", area=far)
    for login in ("member00", "wang", "sunli"):
        sign_in(client, login)
        assert client.get(path).status_code == 404, login
    audit(client, "farauditor")
    assert client.get(path).status_code == 404
    assert client.get(at).status_code == 404
    fresh = app.test_client()
    assert fresh.get(path).status_code == 302
    sign_in(client, "wumin")
    assert client.get(path).location.startswith("/audit/purpose")
    assert client.get(at).location.startswith("/audit/purpose")
    audit(client, "wumin")
    assert client.get(path).status_code == 200
    assert "半年抽查" in [look.why for look in rows(app, select(Look))]


def test_who_is_not_signed_in_has_nothing_decoded(app, client, town) -> None:
    answer = client.post(
        NEW, data={"paper": (BytesIO(made.photo()), "a.jpg")}, content_type="multipart/form-data"
    )
    assert answer.status_code in (302, 303, 400)
    assert count(app, SheetPaper) == 0
