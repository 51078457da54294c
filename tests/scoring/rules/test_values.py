"""Inputs and results of the rules are immutable values without further state."""

from dataclasses import FrozenInstanceError, fields
from datetime import UTC, date, datetime
from typing import Any

import pytest

from volunteer_service.scoring.rules import recognised_minutes
from volunteer_service.scoring.rules.half_years import HalfYear
from volunteer_service.scoring.rules.reasons import Reason
from volunteer_service.scoring.rules.stars import Facts, Rating

H1 = HalfYear(2026, 1)
NOON = datetime(2026, 3, 7, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        H1,
        Reason("next_star"),
        Facts(1, H1, 0, date(2025, 1, 1)),
        Rating(0, ()),
        recognised_minutes.Recognised(0, "nothing"),
        recognised_minutes._Presence(NOON, NOON, ((NOON, NOON),)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_never_changes(value: Any) -> None:
    name = fields(value)[0].name
    before = getattr(value, name)
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, None)
    assert getattr(value, name) == before
    # A round rates a million people: each value holds its fields alone.
    assert not hasattr(value, "__dict__")
    assert hash(value) is not None


def test_facts_begin_without_complaints_and_evaluations() -> None:
    plain = Facts(1, H1, 0, date(2025, 1, 1))
    assert (plain.upheld_complaints, plain.evaluation_count, plain.evaluation_sum) == (0, 0, 0)
