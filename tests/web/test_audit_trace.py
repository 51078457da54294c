"""The auditor's trace: star to records to scans, points to record or order, order to day sheet."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests import make, make_attendance, make_doors, make_points
from tests.make_doors import Things
from tests.signing import audit, hidden, sign_in, token_for
from volunteer_service.attendance.models import ServiceRecord
from volunteer_service.attendance.records import corrections, record_points
from volunteer_service.db import db, transaction
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Look, Volunteer
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
    audit(client, "wumin")
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
    audit(client, "wumin")
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
    audit(client, "wumin")
    assert "账本封印" in click(
        client, read(client, f"/orders/{town.redemption_id}"), r"/desk/days/\d+"
    )


def test_an_auditor_changes_no_order(client: FlaskClient, town: Things) -> None:
    audit(client, "wumin")
    sent = hidden(client, "/points")
    assert client.post(f"/orders/{town.redemption_id}/cancel", data=sent).status_code == 404


def test_another_street_s_auditor_finds_nothing(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    with app.app_context(), transaction():
        street = make.area("东关街道")
        make.account("farauditor", "远审核", role="auditor", area=street)
    audit(client, "farauditor")
    assert client.get(f"/orders/{town.redemption_id}").status_code == 404
    assert client.get(f"/desk/days/{town.sheet_id}").status_code == 404
    assert "/records/" not in read(client, f"/records?volunteer_id={town.volunteer_id}").replace(
        "/records/waiting", ""
    ).replace("/lists/records/", "")


def test_lists_are_taken_along_and_run_nothing(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Volunteer, town.volunteer_id).name = "=1+1"
    audit(client, "wumin")
    for path in ("/points/entries.xlsx", "/records.xlsx", "/people.xlsx"):
        answer = client.get(path, buffered=True)
        assert answer.status_code == 200
        rows = list(load_workbook(BytesIO(answer.data)).active.iter_rows())
        named = [cell for row in rows[1:] for cell in row if "1+1" in str(cell.value)]
        assert named
        assert {(cell.value, cell.data_type) for cell in named} == {("'=1+1", "s")}


def test_days_filter_the_entries(app: Flask, client: FlaskClient, town: Things) -> None:
    audit(client, "wumin")
    assert "没有符合条件的积分流水" in read(client, "/points/entries?to_on=2001-01-01")
    assert "没有符合条件的积分流水" not in read(client, "/points/entries?from_on=nonsense")
    assert "没有符合条件的服务记录" in read(client, "/records?to_on=2001-01-01")
    assert "没有符合条件的日结单" in read(client, "/desk/days?to_on=2001-01-01")
    assert "没有符合条件的日结单" not in read(client, "/desk/days")
    name = f"/people/{town.volunteer_id}"
    assert name not in read(client, "/people?to_on=2001-01-01")
    assert name in read(client, "/people?from_on=2001-01-01")


def test_a_day_sheet_leads_to_its_orders_and_they_back(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    with app.app_context(), transaction():
        order = db.session.get_one(Redemption, town.redemption_id)
        sheet = db.session.get_one(DaySheet, town.sheet_id)
        order.state, order.ended_at = "handed_over", sheet.closed_at
    audit(client, "wumin")
    sheet_page = click(client, read(client, "/desk/days"), f"/desk/days/{town.sheet_id}")
    order_page = click(client, sheet_page, f"/orders/{town.redemption_id}")
    assert "账本封印" in click(client, order_page, f"/desk/days/{town.sheet_id}")
    statement = click(client, order_page, f"/people/{town.volunteer_id}/points")
    assert f'href="/people/{town.volunteer_id}"' in statement


def test_the_days_are_taken_along(client: FlaskClient, town: Things) -> None:
    sign_in(client, "wumin")
    for path in ("/desk/days.xlsx", f"/desk/days/{town.sheet_id}.xlsx"):
        answer = client.get(path, buffered=True)
        header, *rows = load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True)
        assert header[0] == "日期"
        assert len(rows[0]) == len(header)
    nothing = client.get("/desk/days.xlsx?to_on=2001-01-01", buffered=True)
    assert len(list(load_workbook(BytesIO(nothing.data)).active.iter_rows())) == 1


def test_a_corrected_record_s_points_lead_to_it_and_so_do_those_taken_back(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    with app.app_context(), transaction():
        cast_wang = db.session.get_one(Volunteer, town.volunteer_id)
        team = db.session.get_one(ServiceRecord, town.record_id).team
        record = make_attendance.record(
            cast_wang, team=team, starts_at=datetime(2026, 10, 8, 1, tzinfo=UTC)
        )
        at = datetime(2026, 10, 20, tzinfo=UTC)
        record_points.grant([record], by=Actor.system(), at=at)
        corrections.put_right(record, minutes=60, reason="多算了", by=Actor.system(), at=at)
        record_id = record.id
    audit(client, "wumin")
    entries = read(client, "/points/entries")
    assert entries.count(f'href="/records/{record_id}"') == 3
    book = client.get("/points/entries.xlsx", buffered=True)
    rows = list(load_workbook(BytesIO(book.data)).active.iter_rows(values_only=True))
    assert [f"服务记录 {record_id}" in row for row in rows].count(True) == 3


def test_people_are_read_masked_and_nothing_is_changed(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    with app.app_context():
        phone = db.session.get_one(Volunteer, town.volunteer_id).phone
    audit(client, "wumin")
    person = click(client, read(client, "/people"), f"/people/{town.volunteer_id}")
    assert phone
    assert phone not in person
    assert "核查事由：半年抽查" in person
    main = person.split("<main")[1].split("</main>")[0]
    assert 'method="post"' not in main
    sent = hidden(client, "/people") | {"field": "phone", "why": "核查"}
    for act in ("reveal", "code", "disown", "settle", "lift-block", "reinstate", "complaints"):
        path = f"/people/{town.volunteer_id}/{act}"
        assert client.post(path, data=sent).status_code == 404, act
    assert phone not in str(client.get("/people.xlsx", buffered=True).data)


def test_what_she_opens_is_told_with_her_reason(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    opened = {
        "person": f"/people/{town.volunteer_id}",
        "record": f"/records/{town.record_id}",
        "points": f"/people/{town.volunteer_id}/points",
        "order": f"/orders/{town.redemption_id}",
    }
    sign_in(client, "wumin")
    for path in opened.values():
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer.location.startswith("/audit/purpose?next=")
    form = hidden(client, "/audit/purpose") | {"why": "。", "next": opened["record"]}
    assert client.post("/audit/purpose", data=form).status_code == 422
    with app.app_context():
        assert db.session.query(Look).count() == 0
    told = client.post("/audit/purpose", data=form | {"why": "半年抽查"})
    assert told.location == opened["record"]
    for path in [*opened.values()] * 2:
        assert read(client, path)
    with app.app_context():
        looks = db.session.scalars(db.select(Look)).all()
        assert sorted((look.field, look.why) for look in looks) == sorted(
            (field, "半年抽查") for field in opened
        )
        assert {look.volunteer_id for look in looks} == {town.volunteer_id}
    own = app.test_client()
    sign_in(own, "wang")
    page = read(own, "/me")
    for word in ("个人页面", "积分账户", "半年抽查"):
        assert word in page
    assert "半年抽查" in own.get("/me/export.json").get_data(as_text=True)


def test_her_program_leaves_looks_too(app: Flask, client: FlaskClient, town: Things) -> None:
    with app.app_context(), transaction():
        headers = token_for(make_doors.account_of("a"), "read")
    for path in (
        f"/volunteers/{town.volunteer_id}",
        f"/records/{town.record_id}",
        f"/points/{town.volunteer_id}",
        f"/redemptions/{town.redemption_id}",
    ):
        assert client.get(f"/api/v1{path}", headers=headers).status_code == 200, path
    with app.app_context():
        fields = db.session.scalars(db.select(Look.field).order_by(Look.id)).all()
        assert fields == ["person", "record", "points", "order"]


def test_coordinator_and_person_leave_no_such_look(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    sign_in(client, "zhoujing")
    assert read(client, f"/people/{town.volunteer_id}")
    assert client.get("/audit/purpose").status_code == 404
    with app.app_context():
        assert db.session.query(Look).count() == 0


def test_her_look_at_a_star_is_told(app: Flask, client: FlaskClient, town: Things) -> None:
    star = f"/ratings/people/{town.result_id}"
    sign_in(client, "wumin")
    assert client.get(star).location.startswith("/audit/purpose?next=")
    audit(client, "wumin")
    assert read(client, star)
    with app.app_context(), transaction():
        headers = token_for(make_doors.account_of("a"), "read")
    assert client.get(f"/api/v1/results/{town.result_id}", headers=headers).status_code == 200
    with app.app_context():
        looks = db.session.execute(db.select(Look.field, Look.why).order_by(Look.id)).all()
    assert tuple(looks[0]) == ("star", "半年抽查")
    assert {field for field, _why in looks} == {"star"}
    own = app.test_client()
    sign_in(own, "wang")
    assert "星级和评定依据" in read(own, "/me")


WORKBOOKS = ("/people.xlsx", "/records.xlsx", "/points/entries.xlsx", "/people/changes.xlsx")


@pytest.mark.parametrize("path", [*WORKBOOKS, "/ratings/{}/people.xlsx"])
def test_a_workbook_taken_along_is_told_to_everybody_in_it(
    app: Flask, client: FlaskClient, town: Things, path: str
) -> None:
    path = path.format(town.round_id)
    sign_in(client, "wumin")
    assert client.get(path).location.startswith("/audit/purpose?next=")
    with app.app_context():
        assert db.session.query(Look).count() == 0
    audit(client, "wumin")
    for _twice in range(2):
        book = client.get(path, buffered=True)
        assert book.status_code == 200
    rows = load_workbook(BytesIO(book.data)).active.iter_rows(min_row=2, values_only=True)
    written = {cell for row in rows for cell in row}
    with app.app_context():
        named = [n for n in db.session.scalars(db.select(Volunteer.number)) if n in written]
        told = db.session.execute(
            db.select(Volunteer.number, Look.field, Look.why).join(
                Look, Look.volunteer_id == Volunteer.id
            )
        )
        assert named
        assert sorted(map(tuple, told)) == [
            (number, "workbook", "半年抽查") for number in sorted(named)
        ]


def test_a_coordinator_s_workbook_is_no_auditor_s_look(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    sign_in(client, "zhoujing")
    for path in WORKBOOKS:
        assert client.get(path, buffered=True).status_code == 200, path
    with app.app_context():
        assert db.session.query(Look).count() == 0


def test_what_waits_is_filtered_by_days_and_taken_along(
    app: Flask, client: FlaskClient, town: Things
) -> None:
    with app.app_context(), transaction():
        record = db.session.get_one(ServiceRecord, town.record_id)
        record.state, record.waits_for = "waiting", "leader"
        day, record_id = record.served_on.isoformat(), record.id
    audit(client, "wumin")
    link = f'href="/records/{record_id}"'
    assert link in read(client, f"/records/waiting?from_on={day}&to_on={day}")
    before = read(client, "/records/waiting?for=leader&to_on=2001-01-01")
    assert link not in before
    assert 'value="2001-01-01"' in before
    assert re.search(r'href="/records/waiting\?[^"]*to_on=2001-01-01[^"]*for=end', before)
    page = read(client, f"/records/waiting?for=leader&from_on={day}")
    taken = re.search(r'href="(/lists/waiting\.xlsx\?[^"]+)"', page)
    assert taken
    for path, lines in (
        (taken[1].replace("&amp;", "&"), 1),
        ("/records.xlsx?state=waiting&waits_for=end", 0),
    ):
        book = load_workbook(BytesIO(client.get(path, buffered=True).data))
        assert len(list(book.active.iter_rows(min_row=2))) == lines, path
