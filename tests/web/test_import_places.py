"""Places with similar names are asked in the preview, by the page and by the API."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import select

from tests import make
from tests.signing import hidden, sign_in, token_for
from tests.web.import_pages import press, shown, upload
from volunteer_service.areas.models import Area
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Account
from volunteer_service.workbooks import background_steps


@pytest.fixture
def coordinator(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context(), transaction():
        make.cast()
    sign_in(client, "zhoujing")
    return client


@pytest.fixture
def page(coordinator: FlaskClient, tmp_path: Path) -> str:
    """A preview with two places that are written in two ways."""
    book = Workbook()
    for row in (
        ("社区", "网格", "楼栋"),
        *(("和风社区", "一网格", "1号楼"), ("和风社区", "一网格", "1栋")),
        *(("和风社区", "一网格", "2号楼"), ("和风社区", "一网格", "二幢")),
    ):
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    found = str(upload(coordinator, [tmp_path / "a.xlsx"]).location)
    background_steps.wait()
    return found


def buildings(app: Flask) -> list[str]:
    with app.app_context(), transaction(write=False):
        query = select(Area.name).where(Area.import_id.is_not(None), Area.kind == "building")
        return sorted(db.session.scalars(query))


def test_a_place_is_decided_by_a_button_or_all_at_once(
    app: Flask, coordinator: FlaskClient, page: str
) -> None:
    text = shown(coordinator, page)
    assert "有 2 处名字相近" in text
    assert "说明之前，用别的写法的行不会导入" in text
    key = text.split('name="key" value="')[1][:16]
    where = f"{page}/places"

    one = hidden(coordinator, page) | {"are": "apart", "key": key}
    assert coordinator.post(where, data=one).location == page
    background_steps.wait()
    text = shown(coordinator, page)
    assert "有 1 处名字相近" in text
    assert "各是各的" in text
    wrong = hidden(coordinator, page) | {"are": "one", "key": "x"}
    assert coordinator.post(where, data=wrong).status_code == 422
    all_of_them = hidden(coordinator, page) | {"are": "one"}
    assert coordinator.post(where, data=all_of_them).location == page
    background_steps.wait()
    assert "同一个，记作“2号楼”" in shown(coordinator, page)

    press(coordinator, page, "apply")
    background_steps.wait()
    assert buildings(app) == ["1号楼", "1栋", "2号楼"]
    listed = shown(coordinator, "/imports/meanings")
    assert "1号楼、1栋" in listed
    assert "不是同一个地方" in listed


def test_the_api_lists_the_places_and_takes_the_answer(
    app: Flask, coordinator: FlaskClient, page: str
) -> None:
    with app.app_context(), transaction(write=False):
        mine = token_for(db.session.scalars(select(Account).filter_by(login="zhoujing")).one())
    here = f"/api/v1{page}"
    places = coordinator.get(here, headers=mine).json["places"]
    assert [(one["name"], one["others"], one["are"]) for one in places] == [
        *(("1号楼", ["1栋"], None), ("2号楼", ["二幢"], None))
    ]

    body = {"are": "one", "keys": [places[0]["key"]]}
    answer = coordinator.post(f"{here}/places", json=body, headers=mine | {"Idempotency-Key": "1"})
    assert answer.status_code == 202, answer.json
    background_steps.wait()
    after = coordinator.get(here, headers=mine).json
    assert [one["are"] for one in after["places"]] == [None, "one"]
    assert after["counts"]["by_kind"]["areas"] == [3, 2, 1]
    said = coordinator.get("/api/v1/imports/meanings", headers=mine).json["items"]
    assert [(one["about"], one["words"]) for one in said] == [("places", "1号楼、1栋")]
