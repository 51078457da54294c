"""Health, readiness and figures, as a load balancer and a Prometheus see them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from volunteer_service import clock, job_runs
from volunteer_service.db import db, schema, transaction
from volunteer_service.monitoring import metrics

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}


def beat(app: Flask, *, seconds_ago: int = 0) -> None:
    with app.app_context(), transaction():
        job_runs.beat(at=clock.now() - timedelta(seconds=seconds_ago))


def test_the_process_answers(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_ready_when_database_migrations_and_jobs_are_well(app: Flask, client: FlaskClient) -> None:
    beat(app)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ok",
        "parts": {"database": "ok", "migrations": "ok", "jobs": "ok"},
    }


@pytest.mark.parametrize("seconds_ago", [None, 61])
def test_not_ready_without_a_fresh_heartbeat(
    app: Flask, client: FlaskClient, seconds_ago: int | None
) -> None:
    if seconds_ago is not None:
        beat(app, seconds_ago=seconds_ago)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["parts"]["jobs"] == "no_heartbeat"


def test_not_ready_behind_the_newest_migration(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        schema.downgrade(db.engine, "0001")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["parts"] == {"database": "ok", "migrations": "behind", "jobs": "unknown"}


def test_not_ready_on_an_empty_database(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        schema.downgrade(db.engine, "base")
    assert client.get("/readyz").json["parts"]["migrations"] == "behind"
    assert client.get("/healthz").status_code == 200


def test_figures_count_requests_by_view_and_status(client: FlaskClient) -> None:
    client.get("/healthz")
    client.get("/no/such/page/13800001111")
    text = client.get("/metrics").text
    assert 'requests_total{endpoint="ops.healthz",method="GET",status="200"}' in text
    assert 'requests_total{endpoint="none",method="GET",status="404"}' in text
    assert "13800001111" not in text


def test_figures_count_acts_of_views_that_exist(app: Flask) -> None:
    assert sorted(set(metrics.ACTS) - set(app.view_functions)) == []


def test_figures_count_an_act_when_it_was_done(client: FlaskClient) -> None:
    def scans() -> float:
        lines = client.get("/metrics").text.splitlines()
        found = [
            line for line in lines if line.startswith('volunteer_service_acts_total{act="scan"')
        ]
        return float(found[0].rsplit(" ", 1)[1]) if found else 0

    before = scans()
    metrics.observe("attendance.scan", "POST", 303, 0.01)
    metrics.observe("attendance.scan", "POST", 422, 0.01)
    assert scans() == before + 1


def test_figures_count_refusals_by_code(client: FlaskClient) -> None:
    client.get("/metrics", environ_overrides=ELSEWHERE)
    assert 'volunteer_service_refusals_total{code="not_found"}' in client.get("/metrics").text


def test_figures_tell_the_age_of_jobs_and_heartbeat(app: Flask, client: FlaskClient) -> None:
    beat(app, seconds_ago=30)
    with app.app_context(), transaction():
        ended = clock.now() - timedelta(hours=1)
        run = job_runs.begin("seal", at=ended)
        job_runs.end(run.id, "done", {}, at=ended)
    lines = dict(
        line.rsplit(" ", 1) for line in client.get("/metrics").text.splitlines() if line[0] != "#"
    )
    assert 3600 <= float(lines['volunteer_service_job_age_seconds{job="seal"}']) < 3660
    assert 30 <= float(lines["volunteer_service_heartbeat_age_seconds"]) < 90


def test_figures_are_for_this_machine_only(client: FlaskClient) -> None:
    assert client.get("/metrics", environ_overrides=ELSEWHERE).status_code == 404
    # A proxy on this machine forwards for somebody else.
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404


def test_a_token_lets_another_machine_read_the_figures(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_token = replace(app.extensions["settings"], metrics_token="a-token-for-prometheus")
    monkeypatch.setitem(app.extensions, "settings", with_token)

    def get(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return client.get("/metrics", headers=headers, environ_overrides=ELSEWHERE).status_code

    assert get("a-token-for-prometheus") == 200
    assert get("another") == 404
    assert get("") == 404
