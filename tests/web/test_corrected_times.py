"""Correcting the times of a record on its page and over the API."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import record
from tests.signing import sign_in, token_for
from tests.web.test_events_pages import page, rows, send
from volunteer_service.attendance.models import Correction, ServiceRecord
from volunteer_service.db import transaction


@pytest.fixture
def town(app) -> dict[str, int]:
    with app.app_context(), transaction():
        cast = make.cast()
        row = record(cast.wang, team=cast.team, minutes=120)
        return {"record": row.id, "token": token_for(cast.coordinator)}


def test_the_page_says_old_and_new_times(app, client, town) -> None:
    sign_in(client, "zhoujing")
    at = f"/records/{town['record']}"
    shown = page(client, at)
    assert "更正服务时间" in shown
    assert 'type="datetime-local" value="2026-05-16T09:00"' in shown
    times = {"starts_at": "2026-05-16T09:30", "ends_at": "2026-05-16T10:00"}
    assert send(client, at, f"{at}/time-corrections", **times, reason="来晚了").status_code == 303
    (row,) = rows(app, select(ServiceRecord))
    assert row.minutes == 30
    text = page(client, at)
    assert "服务时间" in text
    assert "9:30" in text
    assert "服务时间由工作人员更正" in text


def test_wrong_times_come_back_as_typed(app, client, town) -> None:
    sign_in(client, "zhoujing")
    at = f"/records/{town['record']}"
    times = {"starts_at": "2026-05-16T09:30", "ends_at": "2026-05-16T09:10"}
    again = send(client, at, f"{at}/time-corrections", **times, reason="来晚了")
    text = again.get_data(as_text=True)
    assert again.status_code == 422
    assert "结束时间要晚于开始时间" in text
    assert 'value="2026-05-16T09:10"' in text
    assert rows(app, select(Correction)) == []


def test_over_the_api(app, client, town) -> None:
    body = {
        "starts_at": make.MORNING.isoformat(),
        "ends_at": (make.MORNING + timedelta(minutes=100)).isoformat(),
        "reason": "走得早",
    }
    path = f"/api/v1/records/{town['record']}/time-corrections"
    headers = town["token"] | {"Idempotency-Key": "one"}
    for _twice in range(2):
        answer = client.post(path, json=body, headers=headers)
        assert answer.status_code == 201
    said = answer.get_json()
    assert (said["state"], said["minutes"], said["was"]) == ("done", 100, 120)
    assert said["starts_was"].startswith("2026-05-16")
    assert len(rows(app, select(Correction))) == 1
