"""Points and gifts of the cast."""

from datetime import UTC, date, datetime
from typing import Any

from tests import make
from volunteer_service.areas.models import Area
from volunteer_service.people.authorization.actor import Actor
from volunteer_service.people.models import Volunteer
from volunteer_service.scoring.points import earnings
from volunteer_service.scoring.rewards import gifts
from volunteer_service.scoring.rewards.models import Gift

#: A Friday afternoon in Shanghai: the desk is open.
FRIDAY = datetime(2026, 5, 22, 7, 0, tzinfo=UTC)
TODAY = date(2026, 5, 22)
THIS_YEAR = date(2026, 12, 31)
NEXT_YEAR = date(2027, 12, 31)
#: For acts through HTTP, whose clock is the real one.
FOR_EVER = date(2099, 12, 31)


def earned(
    volunteer: Volunteer,
    amount: int = 1_000,
    *,
    source_id: int | None = None,
    expires_on: date = NEXT_YEAR,
) -> None:
    """Points from a record."""
    source_id = source_id or make.next_number()
    earnings.grant(volunteer.id, amount, expires_on, "record", source_id, at=FRIDAY)


def gift(
    cast: make.Cast,
    name: str = "保温杯",
    *,
    stock: int = 10,
    area: Area | None = None,
    **fields: Any,
) -> Gift:
    """A gift of the town's desk, received this afternoon."""
    desk: Actor = make.acting(cast.desk)
    shape = {"price_centi": 300, "minimum_stars": 0} | fields
    row = gifts.add_gift((area or cast.town).id, name, **shape, by=desk, at=FRIDAY)
    if stock:
        gifts.receive(row.id, stock, by=desk, at=FRIDAY)
    return row
