"""Certificate numbers: year, kind (1 or 2 for a half-year's star, 3 for service), serial, check."""

import re

from sqlalchemy import update

from volunteer_service.certificates.models import Serial
from volunteer_service.db import db, insert_new
from volunteer_service.identifiers.check_characters import check_character, checks
from volunteer_service.scoring.rules.half_years import HalfYear

_SERIAL_DIGITS = 7
#: Characters of a number: year, kind, serial and check.
LENGTH = 5 + _SERIAL_DIGITS + 1
_NUMBER = re.compile(r"[0-9]{12}[0-9X]")


def honour_series(half_year: HalfYear) -> str:
    """``20261``: the stars of the first half of 2026."""
    return f"{half_year.year}{half_year.half}"


def service_series(year: int) -> str:
    """``20263``: the service record certificates issued in 2026."""
    return f"{year}3"


def take(series: str, count: int) -> list[str]:
    """Return the next ``count`` numbers of a series, without gaps; the last character is
    a check.
    """
    db.session.execute(insert_new(Serial).values(series=series, last=0).on_conflict_do_nothing())
    last = db.session.scalars(
        update(Serial)
        .where(Serial.series == series)
        .values(last=Serial.last + count)
        .returning(Serial.last)
        .execution_options(synchronize_session=False)
    ).one()
    return [_number(series, serial) for serial in range(last - count + 1, last + 1)]


def is_number(text: str) -> bool:
    """Tell whether this can be a certificate number: 13 characters that check."""
    return _NUMBER.fullmatch(text) is not None and checks(text)


def _number(series: str, serial: int) -> str:
    digits = f"{series}{serial:0{_SERIAL_DIGITS}}"
    return digits + check_character(digits)
