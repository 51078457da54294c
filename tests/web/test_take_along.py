"""An auditor downloads every page for the days asked for; looks are recorded."""

import re
from html import unescape
from io import BytesIO

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from tests import make, make_points
from tests.make_doors import Things
from tests.rights_matrix import CHOSEN
from tests.signing import audit, sign_in
from volunteer_service.attendance.backfills import backfill_sheets
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.db import db, transaction
from volunteer_service.people.models import Look, Volunteer

#: Say why she reads or what she looks for: no pages about anything.
NO_MATTER = {"/audit/purpose", "/find", "/lists/<list_name>/export"}
#: The programme's numbers are public in the API and in ``docs/rules.md``: nobody's data.
NO_MATTER |= {"/policies", "/policies/<int:version>", "/policies/new"}
#: A table of contents has no rows of its own: each page it leads to is taken along.
CONTENTS = {"/lists": re.compile(r'href="(/lists/[a-z_-]+)"')}
NO_PAGES = ("/api/", "/static")
TAKEN = re.compile(r'href="([^"]+\.(?:xlsx|pdf)(?:\?[^"]*)?)"')


def addresses(app: Flask, town: Things) -> dict[str, str]:
    """Every page by its rule, with the town's own things in it."""
    found = {}
    for rule in app.url_map.iter_rules():
        values = town.values() | CHOSEN.get(rule.rule, {})
        is_page = "GET" in (rule.methods or set()) and not rule.rule.startswith(
            ("/api/", "/static")
        )
        if is_page and rule.arguments <= values.keys():
            with app.test_request_context():
                chosen = {name: values[name] for name in rule.arguments}
                found[rule.rule] = url_for(rule.endpoint, **chosen)
    return found


def test_every_page_that_only_she_and_staff_read_is_taken_along(app: Flask, town: Things) -> None:
    auditor, volunteer = app.test_client(), app.test_client()
    audit(auditor, "wumin")
    sign_in(volunteer, "zhao")
    read = set()
    for rule, path in sorted(addresses(app, town).items()):
        with auditor.get(path) as shown:
            page = shown.data if shown.mimetype == "text/html" else b""
        if shown.status_code != 200 or not page or rule in NO_MATTER:
            continue
        with volunteer.get(path) as other:
            if other.status_code == 200:
                continue
        if rule in CONTENTS:
            inner = CONTENTS[rule].findall(page.decode())
            assert inner, path
            for each in inner:
                with auditor.get(each) as entry:
                    assert TAKEN.search(entry.get_data(as_text=True)), each
            read.add(rule)
            continue
        links = [unescape(each) for each in TAKEN.findall(page.decode())]
        assert links, path
        for link in links:
            with auditor.get(link) as answer:
                assert answer.status_code == 200, (path, link)
                assert len(answer.data) > 500
        read.add(rule)
    assert read >= {
        "/desk/days",
        "/figures",
        "/figures/report",
        "/lists",
        "/lists/<list_name>",
        "/orders/<int:order_id>",
        "/people",
        "/people/<int:volunteer_id>",
        "/people/<int:volunteer_id>/points",
        "/people/changes/<int:change_id>",
        "/people/changes/all",
        "/points",
        "/points/entries",
        "/ratings",
        "/ratings/<int:round_id>",
        "/ratings/people/<int:result_id>",
        "/records",
        "/records/<int:record_id>",
        "/records/sheets/<key>",
        "/records/waiting",
    }, read


def rows(client: FlaskClient, path: str) -> list[tuple[object, ...]]:
    """The lines of a workbook without its header."""
    with client.get(path) as answer:
        assert answer.status_code == 200, path
        book = load_workbook(BytesIO(answer.data))
    return list(book.worksheets[0].iter_rows(values_only=True))[1:]


@pytest.fixture
def points(app: Flask) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        make_points.earned(cast.wang, 1200)
        make_points.earned(cast.zhao, 700)
        outside = make.volunteer("外来人", area_id=make.area("外街道").id)
        make_points.earned(outside, 900)


def test_the_totals_by_last_day_are_what_the_page_says(client: FlaskClient, points: None) -> None:
    sign_in(client, "wumin")
    ((day, amount, people),) = rows(client, "/points.xlsx")
    assert (amount, people) == (19, 2)
    assert len(rows(client, f"/points.xlsx?from_on={day}&to_on={day}")) == 1
    assert rows(client, "/points.xlsx?to_on=2000-01-01") == []
    assert "这些日子没有到期的积分" in client.get("/points?to_on=2000-01-01").get_data(as_text=True)
    assert client.get("/points?from_on=0001-01-01&to_on=9999-12-31").status_code == 200


def test_the_rounds_of_the_days_asked_for(client: FlaskClient, town: Things) -> None:
    sign_in(client, "wumin")
    every = rows(client, "/ratings.xlsx")
    assert every
    half_year = str(every[0][0])
    inside = f"{half_year[:4]}-{'02' if half_year.endswith('1') else '08'}-15"
    assert rows(client, f"/ratings.xlsx?from_on={inside}&to_on={inside}") == [
        row for row in every if row[0] == half_year
    ]
    assert rows(client, "/ratings.xlsx?to_on=1999-12-31") == []
    page = client.get("/ratings?to_on=0001-01-01").get_data(as_text=True)
    assert "这些日子没有评定过" in page


def test_a_sheet_taken_along_is_told_to_all_on_it(app: Flask, town: Things) -> None:
    client = app.test_client()
    sign_in(client, "wumin")
    path = f"/records/sheets/{town.values()['key']}.xlsx"
    # Without a reason nothing is taken along.
    assert "/audit/purpose" in client.get(path).location
    audit(client, "wumin")
    lines = rows(client, path)
    with app.app_context(), transaction(write=False):
        on_it = {row.volunteer_id for row in backfill_sheets.records_of(town.values()["key"])}
        looks = select(Look.volunteer_id).where(Look.field == "workbook")
        assert set(db.session.scalars(looks)) == on_it
        numbers = select(Volunteer.number).where(Volunteer.id.in_(on_it))
        assert {line[1] for line in lines} == set(db.session.scalars(numbers))
        assert len(lines) == len(
            db.session.scalars(
                select(ServiceRecord).where(
                    ServiceRecord.source_key.startswith(town.values()["key"])
                )
            ).all()
        )
