"""No location is read, and no table could keep one."""

from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.signing import token_for
from volunteer_service import clock
from volunteer_service.attendance.check_ins import event_codes
from volunteer_service.db import Base, transaction

COORDINATES = {"latitude", "longitude", "lat", "lng", "lon", "coordinates", "position"}


def test_no_table_keeps_where_somebody_was() -> None:
    columns = {column.name for table in Base.metadata.sorted_tables for column in table.columns}
    assert columns.isdisjoint(COORDINATES)


def test_a_check_in_that_brings_a_place_is_refused(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        cast = make.cast()
        event = make.event(team=cast.team, leader=cast.li_mei, starts_at=clock.now())
        make.sign_up(event, cast.wang)
        headers = token_for(cast.wang_account) | {"Idempotency-Key": "here"}
        scan = {"code": event_codes.token(event), "scan_id": "here-and-now", "kind": "in"}
    here = {"latitude": 31.2, "longitude": 121.4}
    answer = client.post("/api/v1/check-ins", json=scan | here, headers=headers)
    assert answer.status_code == 422
    answer = client.post(
        "/api/v1/check-ins", json=scan, headers=headers | {"Idempotency-Key": "without"}
    )
    assert answer.status_code == 201
