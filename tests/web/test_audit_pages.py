"""An auditor checks certificates by number, and the ledger entry by entry."""

from flask import Flask
from flask.testing import FlaskClient

from tests import make, make_points
from tests.signing import sign_in
from volunteer_service.db import transaction


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_first_page_leads_to_certificates_and_ledger(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        make.cast()
    sign_in(client, "wumin")
    page = read(client, "/")
    assert '<form class="form stack" action="/v" method="get">' in page
    assert 'name="token"' in page
    assert 'href="/points/entries"' in page
    assert 'href="/points"' in page


def test_entries_are_found_by_person_and_kind(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        make_points.earned(cast.wang, 1200)
        make_points.earned(cast.zhao, 700)
        outside = make.volunteer("外来人", area_id=make.area("外街道").id)
        make_points.earned(outside, 900)
        wang, number, name = cast.wang.id, cast.wang.number, cast.zhao.name
    sign_in(client, "wumin")
    page = read(client, "/points/entries")
    assert page.index("+7") < page.index("+12")
    assert f'href="/people/{wang}/points"' in page
    assert "外来人" not in page
    only = read(client, f"/points/entries?q={number}")
    assert "+12" in only
    assert name not in only
    assert "+12" not in read(client, f"/points/entries?q={name}")
    assert "+12" in read(client, "/points/entries?kind=earn")
    assert "+12" not in read(client, "/points/entries?kind=redeem")
    assert "+12" in read(client, "/points/entries?kind=nonsense")
