"""The anomaly desk as its readers see it: found on the first page, listed, opened, decided."""

import pytest
from sqlalchemy import select

from tests import make
from tests.make_attendance import record
from tests.signing import hidden, sign_in
from volunteer_service import clock, policies
from volunteer_service.attendance.anomalies import finding
from volunteer_service.attendance.anomalies.anomaly_models import Anomaly
from volunteer_service.db import db, transaction


@pytest.fixture
def town(app):
    """A week with more hours than the policy thinks plausible."""
    with app.app_context(), transaction():
        cast, now = make.cast(), clock.now()
        numbers = {"plausible_week_minutes": 60}
        policies.add_version(numbers, reason="t", account_id=None, at=now)
        record(cast.wang, team=cast.team, starts_at=now.replace(hour=0, minute=0), minutes=120)
        finding.find(at=now)
        return db.session.scalars(select(Anomaly.id)).one()


def page(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def decide(client, id_, **fields):
    path = f"/anomalies/{id_}"
    form = hidden(client, path) | {"accept": "true", "reason": "连着两场活动"}
    return client.post(path, data=form | fields)


def test_the_first_page_counts_it_and_the_list_leads_to_it(client, town) -> None:
    sign_in(client, "zhoujing")
    address = "/lists/anomalies?state=open"
    assert address in page(client, "/").replace("&amp;", "&")
    assert address in page(client, "/records/waiting").replace("&amp;", "&")
    shown = page(client, address)
    assert "一周的时长太多" in shown
    assert f'href="/anomalies/{town}"' in shown


def test_facts_answer_and_who_gave_it(client, town) -> None:
    sign_in(client, "zhoujing")
    shown = page(client, f"/anomalies/{town}")
    assert "规则认为一周最多" in shown
    assert "王建国" in shown
    answer = decide(client, town)
    assert (answer.status_code, answer.location) == (303, "/lists/anomalies?state=open")
    after = page(client, f"/anomalies/{town}")
    assert "已接受" in after
    assert "原因：连着两场活动" in after
    assert "提交决定" not in after
    assert "/lists/anomalies" not in page(client, "/")


def test_without_a_reason_what_was_chosen_stays(client, town) -> None:
    sign_in(client, "zhoujing")
    answer = decide(client, town, reason="", accept="false")
    assert answer.status_code == 422
    assert 'value="false" checked' in answer.get_data(as_text=True)


def test_a_leader_reads_and_decides_no_week(client, town) -> None:
    sign_in(client, "limei")
    assert "提交决定" not in page(client, f"/anomalies/{town}")
    form = hidden(client, "/records/waiting") | {"accept": "true", "reason": "连着两场活动"}
    assert client.post(f"/anomalies/{town}", data=form).status_code == 403
    assert "待处理" in page(client, f"/anomalies/{town}")


def test_another_team_s_anomaly_is_none(client, town) -> None:
    sign_in(client, "wang")
    assert client.get(f"/anomalies/{town}").status_code in (403, 404)
