"""The auditor's trace: star to records to scans, points to record or order, order to day sheet."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests import make, make_doors, make_points
from tests.make_doors import Things
from tests.signing import hidden, sign_in
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.rewards.models import DaySheet, Redemption


@pytest.fixture
def town(app: Flask) -> Things:
    """One of everything."""
    with app.app_context(), transaction():
        return make_doors.things()[1]


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def click(client: FlaskClient, page: str, pattern: str) -> str:
    found = re.search(rf'href="({pattern})"', page)
    assert found, pattern
    return read(client, found[1].replace("&amp;", "&"))


def test_a_star_leads_to_its_records_and_their_scans(client: FlaskClient, town: Things) -> None:
    sign_in(client, "wumin")
    listed = click(client, read(client, f"/ratings/people/{town.result_id}"), r"/records\?[^\"]+")
    assert "服务记录" in listed
    whole = read(client, f"/records?volunteer_id={town.volunteer_id}")
    assert "怎么算出来的" in click(client, whole, r"/records/\d+")


def test_points_lead_to_their_record_and_their_order(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    with app.app_context(), transaction():
        person = db.session.get_one(Volunteer, town.volunteer_id)
        make_points.earned(person, source_id=town.record_id)
    sign_in(client, "wumin")
    entries = read(client, "/points/entries")
    assert "怎么算出来的" in click(client, entries, f"/records/{town.record_id}")
    statement = read(client, f"/people/{town.volunteer_id}/points")
    assert "怎么算出来的" in click(client, statement, f"/records/{town.record_id}")
    order = read(client, f"/orders/{town.redemption_id}")
    assert "取货二维码" not in order
    assert "取消订单" not in order
    assert f'href="/people/{town.volunteer_id}/points"' in order
    assert read(client, f"/desk/days/{town.sheet_id}")


def test_an_order_handed_over_leads_to_the_sheet_of_its_day(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    with app.app_context(), transaction():
        order = db.session.get_one(Redemption, town.redemption_id)
        sheet = db.session.get_one(DaySheet, town.sheet_id)
        order.state, order.ended_at = "handed_over", sheet.closed_at
    sign_in(client, "wumin")
    assert "账本封印" in click(
        client, read(client, f"/orders/{town.redemption_id}"), r"/desk/days/\d+"
    )


def test_an_auditor_changes_no_order(client: FlaskClient, town: Things) -> None:
    sign_in(client, "wumin")
    sent = hidden(client, "/points")
    assert client.post(f"/orders/{town.redemption_id}/cancel", data=sent).status_code == 404


def test_another_street_s_auditor_finds_nothing(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    with app.app_context(), transaction():
        street = make.area("东关街道")
        make.account("farauditor", "远审核", role="auditor", area=street)
    sign_in(client, "farauditor")
    assert client.get(f"/orders/{town.redemption_id}").status_code == 404
    assert client.get(f"/desk/days/{town.sheet_id}").status_code == 404
    assert "/records/" not in read(client, f"/records?volunteer_id={town.volunteer_id}").replace(
        "/records/waiting", ""
    )


def test_lists_are_taken_along_and_run_nothing(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Volunteer, town.volunteer_id).name = "=1+1"
    sign_in(client, "wumin")
    for path in ("/points/entries.xlsx", "/records.xlsx"):
        answer = client.get(path, buffered=True)
        assert answer.status_code == 200
        rows = list(load_workbook(BytesIO(answer.data)).active.iter_rows())
        named = [cell for row in rows[1:] for cell in row if "1+1" in str(cell.value)]
        assert named
        assert {(cell.value, cell.data_type) for cell in named} == {("'=1+1", "s")}


def test_days_filter_the_entries(app: Flask, client: FlaskClient, town: Things) -> None:
    sign_in(client, "wumin")
    assert "没有符合条件的积分流水" in read(client, "/points/entries?to_on=2001-01-01")
    assert "没有符合条件的积分流水" not in read(client, "/points/entries?from_on=nonsense")
    assert "没有符合条件的服务记录" in read(client, "/records?to_on=2001-01-01")
