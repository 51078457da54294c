"""The first steps of a new street over the API, with the samples that they name."""

from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import make
from tests.signing import token_for
from volunteer_service.db import transaction
from volunteer_service.workbooks.new_streets import first_steps

API = "/api/v1/first-steps"


@pytest.fixture
def headers(app: Flask) -> dict[str, str]:
    with app.app_context(), transaction():
        return token_for(make.cast().coordinator)


def test_it_says_what_is_done_and_what_comes_next(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    (street,) = client.get(API, headers=headers).json

    assert street["area"] == "市西街道"
    assert [each["step"] for each in street["steps"]] == list(first_steps.NAMES)
    done = {each["step"]: each["is_done"] for each in street["steps"]}
    needed = {each["step"]: each["needed"] for each in street["steps"]}
    assert done["areas"]
    assert street["next"] == next(
        name for name in first_steps.NAMES if needed[name] and not done[name]
    )


def test_each_step_names_samples_that_are_there(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    (street,) = client.get(API, headers=headers).json

    for kind in (name for each in street["steps"] for name in each["samples"]):
        answer = client.get(f"{API}/samples/{kind}", headers=headers)
        assert answer.status_code == 200
        first, notes = openpyxl.load_workbook(BytesIO(answer.data)).worksheets
        assert (first.max_row, notes.max_row > 2) == (2, True)


def test_another_sample_is_not_there(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.get(f"{API}/samples/tea", headers=headers).status_code == 404
