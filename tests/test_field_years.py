"""A year that nobody means is told as a year, not as a date that is written wrongly."""

from datetime import date

import pytest
from flask import Flask
from marshmallow import ValidationError, fields

from volunteer_service.errors import Invalid
from volunteer_service.fields import Day, Instant, LocalInstant
from volunteer_service.people.registrations.registration_fields import need_possible

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize("year", ["1890", "2201", "0026"])
@pytest.mark.parametrize(
    ("field", "rest"),
    [(Day(), "-02-02"), (Instant(), "-02-02T08:00:00+08:00"), (LocalInstant(), "-02-02T08:00")],
)
def test_a_year_out_of_the_calendar(app: Flask, field: fields.Field, rest: str, year: str) -> None:
    with app.app_context():
        field.deserialize(f"2026{rest}")
        with pytest.raises(ValidationError) as refused:
            field.deserialize(f"{year}{rest}")
    assert str(refused.value.messages[0]).startswith("年份不对。请核对")


@pytest.mark.parametrize("born_on", [date(1899, 12, 31), date(2026, 11, 29)])
def test_a_birth_date_that_cannot_be(born_on: date) -> None:
    need_possible(TODAY, TODAY)
    need_possible(date(1900, 1, 1), TODAY)
    with pytest.raises(Invalid) as refused:
        need_possible(born_on, TODAY)
    assert "不能晚于今天，也不能早于 1900 年" in str(refused.value.numbers["why"])
