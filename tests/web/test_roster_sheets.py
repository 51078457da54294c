"""The roster on paper: printed from a page, entered from the sheet's number, each line once."""

from datetime import timedelta

import pypdfium2
import pytest
from sqlalchemy import select

from tests import make
from tests.signing import hidden, sign_in, token_for
from volunteer_service import clock, settings
from volunteer_service.attendance.roster_sheets.roster_sheet_models import RosterSheet
from volunteer_service.db import db, transaction
from volunteer_service.events.models import Attendance
from volunteer_service.people.models import Account

BEGAN = make.MORNING


@pytest.fixture
def town(app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: BEGAN + timedelta(hours=3))
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=BEGAN)
        make.sign_up(event, cast.wang)
        return {"event": event.id, "path": f"/e/{event.id}/sheets", "name": cast.wang.name}


def printed(app, client, town) -> RosterSheet:
    sign_in(client, "limei")
    assert (
        client.post(f"{town['path']}/print", data=hidden(client, town["path"])).status_code == 303
    )
    with app.app_context():
        sheet = db.session.scalars(select(RosterSheet)).one()
        return type("Printed", (), {"id": sheet.id, "number": sheet.number})


def local(minutes: int) -> str:
    with_zone = BEGAN + timedelta(minutes=minutes)
    return f"{with_zone.astimezone(settings.current().zone):%H:%M}"


def entered(app) -> list[tuple]:
    with app.app_context():
        rows = db.session.scalars(select(Attendance).order_by(Attendance.id))
        return [(row.checked_in_at, row.checked_out_at) for row in rows]


def test_the_paper_has_number_names_and_blank_lines(app, client, town) -> None:
    sheet = printed(app, client, town)
    answer = client.get(f"{town['path']}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    words = pypdfium2.PdfDocument(answer.data)[0].get_textpage().get_text_range()
    assert sheet.number in words
    assert town["name"] in words
    assert "16" in words.split(), "the last line of the sheet"


def test_a_number_leads_to_its_sheet_and_a_wrong_one_says_what_to_look_at(
    app, client, town
) -> None:
    sheet = printed(app, client, town)
    found = client.get(town["path"], query_string={"number": sheet.number})
    assert found.location == f"{town['path']}/{sheet.id}"
    wrong = client.get(town["path"], query_string={"number": "123"})
    assert wrong.status_code == 422
    assert "请核对纸上右上角的编号" in wrong.get_data(as_text=True)


def test_what_was_written_counts_once_and_says_so(app, client, town) -> None:
    sheet = printed(app, client, town)
    page = f"{town['path']}/{sheet.id}"
    with app.app_context():
        form = hidden(client, page) | {"came-1": local(2), "left-1": local(115)}
        other = form | {"came-1": local(9)}
    assert client.post(page, data=form).status_code == 303
    times = [(BEGAN + timedelta(minutes=2), BEGAN + timedelta(minutes=115))]
    assert entered(app) == times
    assert client.post(page, data=form).status_code == 303
    again = client.post(page, data=other)
    assert again.status_code == 422
    assert "这一行已由李梅在" in again.get_data(as_text=True)
    assert entered(app) == times


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "还没有写时间"),
        ({"came-1": "8 o'clock"}, "时间写成 08:30 这样"),
        ({"number-2": "123"}, "请写这个人的签到时间"),
        ({"number-2": "123", "came-2": "08:30"}, "编号"),
    ],
)
def test_what_cannot_be_read_is_shown_again_with_its_cure(app, client, town, said, told) -> None:
    page = f"{town['path']}/{printed(app, client, town).id}"
    answer = client.post(page, data=hidden(client, page) | said)
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert told in shown
    for value in said.values():
        assert value.replace("'", "&#39;") in shown
    assert entered(app) == []


def test_the_api_prints_and_enters(app, client, town) -> None:
    with app.app_context(), transaction():
        account = db.session.scalars(select(Account).where(Account.login == "limei")).one()
        headers = token_for(account, "read", "write")
    path = f"/api/v1/events/{town['event']}/roster-sheets"
    (sheet,) = client.post(path, headers=headers | {"Idempotency-Key": "printing"}).get_json()
    assert client.get(path, headers=headers).get_json() == [sheet]
    lines = [{"line": 1, "came_at": BEGAN.isoformat()}, {"line": 2, "came_at": BEGAN.isoformat()}]
    entry = headers | {"Idempotency-Key": "entering"}
    done = client.post(f"{path}/{sheet['id']}/lines", headers=entry, json={"lines": lines})
    assert done.status_code == 200
    told = done.get_json()
    assert (told["new"], [each["code"] for each in told["refused"]]) == (1, ["number_unknown"])
    assert entered(app) == [(BEGAN, None)]
