"""Workbooks sent piece by piece from the page, as its script does."""

import base64
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.signing import hidden, sign_in
from tests.workbooks import town
from volunteer_service.db import db, transaction
from volunteer_service.workbooks import background_steps
from volunteer_service.workbooks.models import Import

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = 3000


@pytest.fixture
def coordinator(app: Flask, client: FlaskClient) -> FlaskClient:
    """周静, signed in; the sub-district is 市西街道."""
    with app.app_context(), transaction():
        make.cast()
    sign_in(client, "zhoujing")
    return client


def begun(client: FlaskClient, name: str, length: int):
    said = base64.b64encode(name.encode()).decode()
    token = hidden(client, "/imports")["csrf_token"]
    fields = {"Upload-Length": str(length), "Upload-Metadata": f"filename {said}"}
    return client.post("/imports/uploads", headers=TUS | fields | {"X-CSRFToken": token})


def piece(client: FlaskClient, place: str, offset: int, data: bytes):
    token = hidden(client, "/imports")["csrf_token"]
    fields = {
        "Upload-Offset": str(offset),
        "Content-Type": "application/offset+octet-stream",
        "X-CSRFToken": token,
    }
    return client.patch(place, data=data, headers=TUS | fields)


def sent(client: FlaskClient, path: Path) -> str:
    whole = path.read_bytes()
    place = begun(client, path.name, len(whole)).location
    for start in range(0, len(whole), PIECE):
        answer = piece(client, place, start, whole[start : start + PIECE])
        assert answer.status_code == 204
    return place


def hand_in(client: FlaskClient, keys: list[str], sub_district: str = "市西街道"):
    form = hidden(client, "/imports") | {"sub_district": sub_district, "uploads": keys}
    return client.post("/imports", data=form, content_type="multipart/form-data")


def test_the_page_offers_it_and_the_plain_form(coordinator: FlaskClient) -> None:
    page = coordinator.get("/imports").get_data(as_text=True)

    assert 'data-url="/imports/uploads"' in page
    assert 'type="file"' in page
    assert "uploads.js" in page


def test_it_goes_on_where_the_line_was_cut(coordinator: FlaskClient, tmp_path: Path) -> None:
    path = town.files_of(tmp_path / "street")[0]
    whole = path.read_bytes()
    answer = begun(coordinator, path.name, len(whole))
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "0")
    place = answer.location
    assert piece(coordinator, place, 0, whole[:1000]).headers["Upload-Offset"] == "1000"

    # The answer was lost, and the same piece comes again.
    again = piece(coordinator, place, 0, whole[:1000])
    assert (again.status_code, again.headers["Tus-Resumable"]) == (409, "1.0.0")
    assert "1000" in again.get_data(as_text=True)
    asked = coordinator.head(place)
    assert (asked.headers["Upload-Offset"], asked.headers["Cache-Control"]) == ("1000", "no-store")
    assert piece(coordinator, place, 1000, whole[1000:]).status_code == 204
    assert coordinator.head(place).headers["Upload-Length"] == str(len(whole))


def test_what_was_sent_is_handed_in_with_the_form(
    app: Flask, coordinator: FlaskClient, tmp_path: Path
) -> None:
    paths = town.files_of(tmp_path / "street")
    places = [sent(coordinator, path) for path in paths]
    keys = [place.rsplit("/", 1)[1] for place in places]

    answer = hand_in(coordinator, keys)
    assert answer.status_code == 303
    background_steps.wait()
    assert "退回的行不会导入" in coordinator.get(answer.location).get_data(as_text=True)

    # Handed in, they are gone; the same files again are the same import.
    assert coordinator.head(places[0]).status_code == 404
    more = hand_in(coordinator, [sent(coordinator, path).rsplit("/", 1)[1] for path in paths])
    assert more.location == answer.location
    background_steps.wait()
    page = coordinator.get(answer.location).get_data(as_text=True)
    assert "同样的文件已经交过" in page
    assert "退回的行不会导入" in page
    with app.app_context(), transaction(write=False):
        assert db.session.query(Import).count() == 1


def test_a_form_that_is_refused_keeps_what_was_sent(
    coordinator: FlaskClient, tmp_path: Path
) -> None:
    path = town.files_of(tmp_path / "street")[0]
    key = sent(coordinator, path).rsplit("/", 1)[1]

    answer = hand_in(coordinator, [key], "别的街道")
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert f'name="uploads" value="{key}"' in page
    assert f"已经传好：{path.name}" in page
    assert hand_in(coordinator, [key]).status_code == 303


def test_refusals_are_sentences_and_not_pages(coordinator: FlaskClient) -> None:
    answer = begun(coordinator, "名单.pdf", 10)

    assert answer.status_code == 422
    assert answer.mimetype == "text/plain"
    assert "名单.pdf" in answer.get_data(as_text=True)
    assert begun(coordinator, "名单.xlsx", 10**9).status_code == 413


def test_who_is_signed_out_is_sent_to_sign_in_and_goes_on_afterwards(
    coordinator: FlaskClient,
) -> None:
    place = begun(coordinator, "名单.xlsx", 10).location
    assert piece(coordinator, place, 0, b"12345").status_code == 204
    coordinator.post("/sign-out", data=hidden(coordinator, "/imports"))

    answer = coordinator.head(place)
    assert answer.status_code in (302, 303)
    assert "Tus-Resumable" not in answer.headers

    sign_in(coordinator, "zhoujing")
    assert coordinator.head(place).headers["Upload-Offset"] == "5"


def test_it_is_dropped_on_wish(coordinator: FlaskClient) -> None:
    place = begun(coordinator, "名单.xlsx", 10).location
    token = hidden(coordinator, "/imports")["csrf_token"]

    assert coordinator.delete(place, headers={"X-CSRFToken": token}).status_code == 204
    assert coordinator.head(place).status_code == 404
